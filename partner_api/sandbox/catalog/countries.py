"""Countries on sale: names in both languages, currency, dialling code and real mobile networks."""

from dataclasses import dataclass

from .currencies import CURRENCIES, Currency

_WITH_ARTICLE = frozenset({"US", "GB", "AE", "NL", "PH", "DO"})


@dataclass(frozen=True, slots=True)
class Country:
    """A country: `ru_in` answers "where" in Russian; `networks` starts with the widest one."""

    code: str
    en: str
    ru: str
    ru_in: str
    currency: Currency
    dial: str
    networks: tuple[str, ...]

    @property
    def en_in(self) -> str:
        """Return the English name as it stands after "in"."""
        return f"the {self.en}" if self.code in _WITH_ARTICLE else self.en


# code | English | Russian | Russian "in ..." | currency | dialling code | networks
_TABLE = """
US|United States|США|в США|USD|1|T-Mobile, AT&T, Verizon
CA|Canada|Канада|в Канаде|CAD|1|Rogers, Bell, Telus
MX|Mexico|Мексика|в Мексике|MXN|52|Telcel, AT&T, Movistar
GT|Guatemala|Гватемала|в Гватемале|GTQ|502|Tigo, Claro
CR|Costa Rica|Коста-Рика|в Коста-Рике|CRC|506|Kölbi, Claro, Liberty
DO|Dominican Republic|Доминиканская Республика|в Доминиканской Республике|DOP|1|Claro, Altice
BR|Brazil|Бразилия|в Бразилии|BRL|55|Vivo, Claro, TIM
AR|Argentina|Аргентина|в Аргентине|ARS|54|Claro, Movistar, Personal
CL|Chile|Чили|в Чили|CLP|56|Entel, Movistar, WOM
CO|Colombia|Колумбия|в Колумбии|COP|57|Claro, Movistar, Tigo
PE|Peru|Перу|в Перу|PEN|51|Claro, Entel, Movistar
EC|Ecuador|Эквадор|в Эквадоре|USD|593|Claro, Movistar
GB|United Kingdom|Великобритания|в Великобритании|GBP|44|EE, O2, Vodafone, Three
IE|Ireland|Ирландия|в Ирландии|EUR|353|Vodafone, Three, eir
DE|Germany|Германия|в Германии|EUR|49|Telekom, Vodafone, O2
FR|France|Франция|во Франции|EUR|33|Orange, SFR, Bouygues Telecom
ES|Spain|Испания|в Испании|EUR|34|Movistar, Orange, Vodafone
PT|Portugal|Португалия|в Португалии|EUR|351|MEO, NOS, Vodafone
IT|Italy|Италия|в Италии|EUR|39|TIM, Vodafone, WindTre
NL|Netherlands|Нидерланды|в Нидерландах|EUR|31|KPN, Odido, Vodafone
BE|Belgium|Бельгия|в Бельгии|EUR|32|Proximus, Orange, Base
AT|Austria|Австрия|в Австрии|EUR|43|A1, Magenta, Drei
CH|Switzerland|Швейцария|в Швейцарии|CHF|41|Swisscom, Sunrise, Salt
DK|Denmark|Дания|в Дании|DKK|45|TDC, Telenor, 3
SE|Sweden|Швеция|в Швеции|SEK|46|Telia, Tele2, Telenor
NO|Norway|Норвегия|в Норвегии|NOK|47|Telenor, Telia, ice
FI|Finland|Финляндия|в Финляндии|EUR|358|Elisa, DNA, Telia
EE|Estonia|Эстония|в Эстонии|EUR|372|Telia, Elisa, Tele2
LV|Latvia|Латвия|в Латвии|EUR|371|LMT, Tele2, Bite
LT|Lithuania|Литва|в Литве|EUR|370|Telia, Tele2, Bite
PL|Poland|Польша|в Польше|PLN|48|Orange, Play, Plus, T-Mobile
CZ|Czechia|Чехия|в Чехии|CZK|420|T-Mobile, O2, Vodafone
SK|Slovakia|Словакия|в Словакии|EUR|421|Orange, Slovak Telekom, O2
HU|Hungary|Венгрия|в Венгрии|HUF|36|Magyar Telekom, Yettel, One
RO|Romania|Румыния|в Румынии|RON|40|Orange, Digi, Vodafone
BG|Bulgaria|Болгария|в Болгарии|EUR|359|A1, Yettel, Vivacom
HR|Croatia|Хорватия|в Хорватии|EUR|385|Hrvatski Telekom, A1, Telemach
SI|Slovenia|Словения|в Словении|EUR|386|Telekom Slovenije, A1, Telemach
RS|Serbia|Сербия|в Сербии|RSD|381|mts, Yettel, A1
BA|Bosnia and Herzegovina|Босния и Герцеговина|в Боснии и Герцеговине|BAM|387|BH Telecom, m:tel
ME|Montenegro|Черногория|в Черногории|EUR|382|Crnogorski Telekom, One, m:tel
MK|North Macedonia|Северная Македония|в Северной Македонии|MKD|389|Makedonski Telekom, A1
AL|Albania|Албания|в Албании|ALL|355|Vodafone, One
GR|Greece|Греция|в Греции|EUR|30|Cosmote, Vodafone, Nova
CY|Cyprus|Кипр|на Кипре|EUR|357|Cyta, Epic
UA|Ukraine|Украина|в Украине|UAH|380|Kyivstar, Vodafone, lifecell
MD|Moldova|Молдавия|в Молдавии|MDL|373|Orange, Moldcell
GE|Georgia|Грузия|в Грузии|GEL|995|Magti, Silknet, Cellfie
AM|Armenia|Армения|в Армении|AMD|374|Team, Viva, Ucom
AZ|Azerbaijan|Азербайджан|в Азербайджане|AZN|994|Azercell, Bakcell, Nar
KZ|Kazakhstan|Казахстан|в Казахстане|KZT|7|Kcell, Beeline, Tele2
UZ|Uzbekistan|Узбекистан|в Узбекистане|UZS|998|Beeline, Ucell, Uzmobile
KG|Kyrgyzstan|Киргизия|в Киргизии|KGS|996|MEGA, O!, Beeline
TR|Turkey|Турция|в Турции|TRY|90|Turkcell, Vodafone, Türk Telekom
IL|Israel|Израиль|в Израиле|ILS|972|Pelephone, Cellcom, Partner
AE|United Arab Emirates|ОАЭ|в ОАЭ|AED|971|Etisalat, du
SA|Saudi Arabia|Саудовская Аравия|в Саудовской Аравии|SAR|966|stc, Mobily, Zain
QA|Qatar|Катар|в Катаре|QAR|974|Ooredoo, Vodafone
KW|Kuwait|Кувейт|в Кувейте|KWD|965|Zain, Ooredoo, stc
BH|Bahrain|Бахрейн|в Бахрейне|BHD|973|Batelco, Zain, stc
OM|Oman|Оман|в Омане|OMR|968|Omantel, Ooredoo
JO|Jordan|Иордания|в Иордании|JOD|962|Zain, Orange, Umniah
EG|Egypt|Египет|в Египте|EGP|20|Vodafone, Orange, Etisalat
MA|Morocco|Марокко|в Марокко|MAD|212|Maroc Telecom, Orange, inwi
TN|Tunisia|Тунис|в Тунисе|TND|216|Ooredoo, Orange, Tunisie Telecom
NG|Nigeria|Нигерия|в Нигерии|NGN|234|MTN, Airtel, Glo, 9mobile
GH|Ghana|Гана|в Гане|GHS|233|MTN, Telecel
KE|Kenya|Кения|в Кении|KES|254|Safaricom, Airtel
TZ|Tanzania|Танзания|в Танзании|TZS|255|Vodacom, Airtel
UG|Uganda|Уганда|в Уганде|UGX|256|MTN, Airtel
ZA|South Africa|ЮАР|в ЮАР|ZAR|27|Vodacom, MTN, Telkom
IN|India|Индия|в Индии|INR|91|Jio, Airtel, Vi
PK|Pakistan|Пакистан|в Пакистане|PKR|92|Jazz, Zong, Telenor
BD|Bangladesh|Бангладеш|в Бангладеш|BDT|880|Grameenphone, Robi, Banglalink
LK|Sri Lanka|Шри-Ланка|на Шри-Ланке|LKR|94|Dialog, SLT-Mobitel
NP|Nepal|Непал|в Непале|NPR|977|Ncell, Nepal Telecom
TH|Thailand|Таиланд|в Таиланде|THB|66|AIS, TrueMove H, dtac
VN|Vietnam|Вьетнам|во Вьетнаме|VND|84|Viettel, VinaPhone, MobiFone
ID|Indonesia|Индонезия|в Индонезии|IDR|62|Telkomsel, Indosat, XL
MY|Malaysia|Малайзия|в Малайзии|MYR|60|Maxis, CelcomDigi, U Mobile
SG|Singapore|Сингапур|в Сингапуре|SGD|65|Singtel, StarHub, M1
PH|Philippines|Филиппины|на Филиппинах|PHP|63|Globe, Smart, DITO
CN|China|Китай|в Китае|CNY|86|China Unicom, China Mobile
HK|Hong Kong|Гонконг|в Гонконге|HKD|852|CSL, SmarTone, 3
TW|Taiwan|Тайвань|на Тайване|TWD|886|Chunghwa Telecom, Taiwan Mobile
JP|Japan|Япония|в Японии|JPY|81|NTT Docomo, SoftBank, KDDI
KR|South Korea|Южная Корея|в Южной Корее|KRW|82|SK Telecom, KT, LG U+
AU|Australia|Австралия|в Австралии|AUD|61|Telstra, Optus, Vodafone
NZ|New Zealand|Новая Зеландия|в Новой Зеландии|NZD|64|Spark, One NZ, 2degrees
"""


def _read(line: str) -> Country:
    code, en, ru, ru_in, currency, dial, networks = line.split("|")
    return Country(code, en, ru, ru_in, CURRENCIES[currency], dial, tuple(networks.split(", ")))


COUNTRIES = {item.code: item for item in map(_read, _TABLE.strip().splitlines())}
