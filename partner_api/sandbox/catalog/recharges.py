"""Mobile top-ups and payments to accounts: goods that need a number from the buyer.

The shape of `fields` varies on purpose: the partner's reference does not say what it looks like,
so a shop has to read all of these.
"""

from collections.abc import Sequence
from decimal import Decimal

from .categories import SHELVES
from .countries import COUNTRIES, Country
from .currencies import face, plain
from .model import Product, Sku, Text
from .parts import cost, fixed_sku, roll, stable_id
from .texts import Steps, fill, joined, page, with_place
from .vouchers import custom_sku

PHONE_SHAPES = 4

# country, network, amounts, discount in per cent
_FIXED = (
    ("TR", "Turkcell", "100 200 300 500", "3.0"),
    ("IN", "Jio", "149 199 299 666 799", "2.5"),
    ("IN", "Airtel", "199 299 479 839", "2.5"),
    ("PK", "Jazz", "100 200 500 1000", "4.0"),
    ("BD", "Grameenphone", "50 100 200 500", "3.8"),
    ("NG", "MTN", "500 1000 2000 5000", "4.5"),
    ("KE", "Safaricom", "100 250 500 1000", "4.0"),
    ("ZA", "Vodacom", "29 50 100 275", "4.2"),
    ("MA", "Maroc Telecom", "20 50 100 200", "5.5"),
    ("PH", "Globe", "50 100 300 500", "3.5"),
    ("ID", "Telkomsel", "25000 50000 100000 200000", "3.0"),
    ("VN", "Viettel", "20000 50000 100000 200000", "3.5"),
    ("MX", "Telcel", "50 100 200 300 500", "5.0"),
    ("CO", "Claro", "10000 20000 50000", "5.0"),
    ("PL", "Play", "25 50 100", "3.2"),
    ("DE", "Vodafone", "15 25 50", "3.0"),
)
# country, network, smallest and largest amount, markup in per cent, fixed markup in USD
_CUSTOM = (
    ("AE", "Etisalat", "5", "500", "-2", "0"),
    ("SA", "stc", "10", "500", "-2.5", "0"),
    ("GE", "Magti", "1", "200", "-1", "0"),
    ("AM", "Team", "500", "50000", "1.5", "0"),
    ("KG", "O!", "50", "10000", "2", "0.05"),
    ("UA", "Kyivstar", "50", "3000", "-3", "0"),
    ("UZ", "Beeline", "5000", "1000000", "1", "0.1"),
    ("KZ", "Beeline", "200", "50000", "1", "0.05"),
    ("RO", "Orange", "10", "400", "-1.5", "0"),
    ("ES", "Movistar", "5", "100", "-2", "0"),
    ("RS", "mts", "200", "10000", "0", "0.1"),
    ("EG", "Vodafone", "10", "1000", "3", "0"),
)
_ABOUT = (
    Text(
        "Adds money to a prepaid {network} number in {en_in}.",
        "Пополнение баланса номера {network} {ru_in}.",
    ),
    Text(
        "Credit for calls, messages and data on a {network} number in {en_in}.",
        "Деньги на звонки, сообщения и интернет для номера {network} {ru_in}.",
    ),
)
_NUMBER = Text(
    "Give the number with the country code, beginning with +{dial}.",
    "Укажите номер с кодом страны: он начинается с +{dial}.",
)
_ARRIVAL = Text(
    "The money usually arrives within a few minutes; {network} confirms it by SMS.",
    "Деньги обычно приходят за несколько минут, {network} подтверждает зачисление по SMS.",
)
_CARE = (
    Text(
        "Check the number twice: a top-up of another number can't be taken back.",
        "Проверьте номер: платёж, ушедший на чужой номер, вернуть нельзя.",
    ),
    Text(
        "Contracts with a monthly bill can't be topped up this way.",
        "Номера с ежемесячным счётом так пополнить нельзя.",
    ),
)


def phone_fields(country: Country, shape: int) -> list[object]:
    """Return the fields for a phone number in one of `PHONE_SHAPES` shapes."""
    pattern = rf"^\+?{country.dial}\d{{7,11}}$"
    label = Text("Phone number with country code", "Номер телефона с кодом страны")
    if shape == 0:
        return ["phone"]
    if shape == 1:
        return [
            {"code": "phone", "label": label, "type": "phone", "required": True, "regex": pattern}
        ]
    if shape == 2:
        return [
            {"name": "phone", "title": label, "type": "tel", "required": True, "pattern": pattern}
        ]
    receipt = Text("E-mail for the receipt", "Почта для квитанции")
    return [
        {"key": "msisdn", "label": label, "type": "string", "required": True},
        {"key": "receipt_email", "label": receipt, "type": "email", "required": False},
    ]


def mobile_page(country: Country, network: str) -> Text:
    """Describe a top-up: what it does, how to give the number, what to check."""
    number = roll(f"{network}/{country.code}", 12)
    about = fill(_ABOUT[number % 2], country, network=network)
    arrival = fill(_ARRIVAL, country, network=network)
    enter = fill(_NUMBER, country, dial=country.dial)
    if number % 3 == 0:
        return page(about, Steps((enter, arrival, _CARE[0]), ordered=False))
    return page(about, joined(enter, arrival), _CARE[number % 2])


def mobile_fixed(
    country: Country, network: str, amounts: Sequence[Decimal], discount: Decimal
) -> Product:
    """Make a top-up of a mobile number by printed amounts."""
    path = ("recharge_fixed", network, country.code)
    title = Text(f"{network} top-up", f"Пополнение {network}")
    return _mobile(
        path,
        title,
        country,
        tuple(_amount_sku(path, network, country, amount, discount) for amount in amounts),
    )


def _amount_sku(
    path: tuple[str, ...], network: str, country: Country, amount: Decimal, discount: Decimal
) -> Sku:
    currency, value = country.currency, plain(amount)
    shown = face(amount, currency.code)
    return fixed_sku(
        (*path, value),
        Text(f"{network} {shown.en}", f"{network}, {shown.ru}"),
        cost(amount, currency.rate, discount, "/".join((*path, value))),
        {"denomination": value, "denomination_currency": currency.code},
    )


def mobile_custom(
    country: Country,
    network: str,
    bounds: tuple[Decimal, Decimal],
    markup: tuple[Decimal, Decimal],
) -> Product:
    """Make a top-up of a mobile number by any amount; `markup` is (per cent, fixed USD)."""
    path = ("recharge", network, country.code)
    title = Text(f"{network} top-up, any amount", f"Пополнение {network} на любую сумму")
    return _mobile(path, title, country, (custom_sku(path, title, country, bounds, markup),))


def _mobile(path: tuple[str, ...], title: Text, country: Country, skus: tuple[Sku, ...]) -> Product:
    kind, network, code = path
    return Product(
        id=stable_id("product", *path),
        type=kind,
        denomination_type="custom" if kind == "recharge" else "fixed",
        name=with_place(title, country),
        description=mobile_page(country, network),
        image="",
        category_id=SHELVES["mobile"],
        attributes={"country": code, "brand": network, "digital_acceptance": "online"},
        fields=phone_fields(country, roll("/".join(path), PHONE_SHAPES)),
        skus=skus,
    )


def fixed_recharges() -> list[Product]:
    """Return the demo mobile top-ups with printed amounts."""
    return [
        mobile_fixed(
            COUNTRIES[code], network, [Decimal(a) for a in amounts.split()], Decimal(discount)
        )
        for code, network, amounts, discount in _FIXED
    ]


def free_recharges() -> list[Product]:
    """Return the demo mobile top-ups with a free amount."""
    return [
        mobile_custom(
            COUNTRIES[code],
            network,
            (Decimal(low), Decimal(high)),
            (Decimal(percent), Decimal(fixed)),
        )
        for code, network, low, high, percent, fixed in _CUSTOM
    ]
