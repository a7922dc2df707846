"""Currencies of the countries on sale: a constant rate, a sign, names, and usual denominations.

The rates are plausible and never change: the sandbox's prices must be the same every day.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from .model import Text

# Cards in dollars, euros and pounds come in these amounts ...
_WESTERN = (5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 100, 150, 200, 250)
# ... all others in these, times the currency's scale.
_SCALED = (5, 10, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 300, 400)


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency: `rate` is USD for one unit; `ru_in` follows the words "balance is kept"."""

    code: str
    scale: str
    rate: Decimal
    sign: str
    en: str
    ru_in: str

    def ladder(self) -> tuple[Decimal, ...]:
        """Return the amounts a gift card usually comes in, ascending."""
        base = _WESTERN if self.code in {"USD", "EUR", "GBP"} else _SCALED
        return tuple(step * Decimal(self.scale) for step in base)


# code | scale of the denominations | USD for one unit | sign | English | Russian, "in ..."
_TABLE = """
USD|1|1|$|US dollars|в долларах США
EUR|1|1.15|€|euros|в евро
GBP|1|1.31|£|pounds sterling|в фунтах стерлингов
CHF|1|1.22||Swiss francs|в швейцарских франках
CAD|1|0.71|CA$|Canadian dollars|в канадских долларах
AUD|2|0.65|A$|Australian dollars|в австралийских долларах
NZD|2|0.58|NZ$|New Zealand dollars|в новозеландских долларах
JPY|100|0.0066|¥|yen|в иенах
KRW|1000|0.0007|₩|won|в вонах
CNY|10|0.14||yuan|в юанях
HKD|10|0.128|HK$|Hong Kong dollars|в гонконгских долларах
TWD|20|0.031|NT$|Taiwan dollars|в тайваньских долларах
SGD|1|0.77|S$|Singapore dollars|в сингапурских долларах
MYR|2|0.24|RM|ringgit|в ринггитах
THB|20|0.031|฿|baht|в батах
VND|10000|0.000038|₫|dong|в донгах
IDR|5000|0.00006|Rp|rupiah|в индонезийских рупиях
PHP|20|0.017|₱|Philippine pesos|в филиппинских песо
INR|50|0.0113|₹|Indian rupees|в индийских рупиях
PKR|100|0.0035||Pakistani rupees|в пакистанских рупиях
BDT|50|0.0082|৳|taka|в таках
LKR|100|0.0033||Sri Lankan rupees|в шри-ланкийских рупиях
NPR|50|0.0071||Nepalese rupees|в непальских рупиях
KZT|500|0.0019|₸|tenge|в тенге
UZS|10000|0.000083||Uzbek som|в узбекских сумах
KGS|50|0.0114||Kyrgyz som|в киргизских сомах
GEL|2|0.37|₾|lari|в лари
AMD|500|0.0026|֏|dram|в драмах
AZN|1|0.588|₼|manat|в манатах
UAH|20|0.024|₴|hryvnias|в гривнах
MDL|20|0.059||Moldovan lei|в молдавских леях
TRY|20|0.0236|₺|Turkish lira|в турецких лирах
ILS|5|0.3|₪|shekels|в шекелях
AED|5|0.272||UAE dirhams|в дирхамах ОАЭ
SAR|5|0.2667||Saudi riyals|в саудовских риялах
QAR|5|0.2747||Qatari riyals|в катарских риалах
KWD|0.5|3.25||Kuwaiti dinars|в кувейтских динарах
BHD|0.5|2.65||Bahraini dinars|в бахрейнских динарах
OMR|0.5|2.6||Omani rials|в оманских риалах
JOD|1|1.41||Jordanian dinars|в иорданских динарах
EGP|20|0.021||Egyptian pounds|в египетских фунтах
MAD|10|0.108||Moroccan dirhams|в марокканских дирхамах
TND|2|0.34||Tunisian dinars|в тунисских динарах
NGN|1000|0.00069|₦|naira|в найрах
KES|100|0.0077||Kenyan shillings|в кенийских шиллингах
GHS|10|0.091|₵|cedis|в ганских седи
TZS|2000|0.00041||Tanzanian shillings|в танзанийских шиллингах
UGX|2000|0.00028||Ugandan shillings|в угандийских шиллингах
ZAR|10|0.058|R|rand|в рандах
PLN|5|0.27||zlotys|в злотых
CZK|20|0.047||Czech crowns|в чешских кронах
HUF|500|0.003||forints|в форинтах
RON|5|0.226||Romanian lei|в румынских леях
RSD|100|0.0098||Serbian dinars|в сербских динарах
BAM|2|0.588||convertible marks|в конвертируемых марках
MKD|50|0.0187||Macedonian denars|в македонских денарах
ALL|100|0.0119||Albanian lek|в албанских леках
DKK|10|0.154||Danish crowns|в датских кронах
SEK|10|0.106||Swedish crowns|в шведских кронах
NOK|10|0.099||Norwegian crowns|в норвежских кронах
MXN|20|0.054|MX$|Mexican pesos|в мексиканских песо
BRL|5|0.187|R$|reais|в бразильских реалах
ARS|1000|0.00069||Argentine pesos|в аргентинских песо
CLP|1000|0.00107||Chilean pesos|в чилийских песо
COP|5000|0.00026||Colombian pesos|в колумбийских песо
PEN|5|0.297||soles|в солях
CRC|500|0.002||colones|в колонах
DOP|50|0.0157||Dominican pesos|в доминиканских песо
GTQ|10|0.13||quetzals|в кетсалях
"""


def _read(line: str) -> Currency:
    code, scale, rate, sign, en, ru_in = line.split("|")
    return Currency(code, scale, Decimal(rate), sign, en, ru_in)


CURRENCIES = {item.code: item for item in map(_read, _TABLE.strip().splitlines())}


def plain(amount: Decimal) -> str:
    """Return the amount without an exponent and without trailing zeros: 100, 4.99, 2.5."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@cache
def face(amount: Decimal, code: str) -> Text:
    """Return an amount as people write it: $25 and 25 $, AED 1,000 and 1 000 AED."""
    sign = CURRENCIES[code].sign
    digits = format(Decimal(plain(amount)), ",f")
    english = f"{sign}{digits}" if sign else f"{code} {digits}"
    spaced = digits.replace(",", "\u00a0").replace(".", ",")
    return Text(english, f"{spaced}\u00a0{sign or code}")
