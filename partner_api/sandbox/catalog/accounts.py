"""Payments to accounts and meters: any amount within bounds, to the number the buyer gives."""

from dataclasses import dataclass
from decimal import Decimal

from .categories import SHELVES
from .countries import COUNTRIES
from .model import Product, Text
from .parts import stable_id
from .texts import Steps, page, with_place
from .vouchers import custom_sku


@dataclass(frozen=True, slots=True)
class _Account:
    brand: str
    country: str
    title: Text
    bounds: tuple[str, str]
    markup: tuple[str, str]
    fields: list[object]
    lines: tuple[Text, ...]


_ACCOUNTS = (
    _Account(
        "Salik",
        "AE",
        Text("Salik road toll account", "Пополнение Salik (платные дороги Дубая)"),
        ("50", "1000"),
        ("1", "0"),
        [
            {
                "name": "account_number",
                "title": Text("Salik account number", "Номер счёта Salik"),
                "type": "integer",
                "required": True,
                "min": 10000000,
                "max": 99999999,
            }
        ],
        (
            Text(
                "Adds money to the account that pays Dubai's road gates.",
                "Деньги на счёт, с которого списывается проезд через дорожные арки Дубая.",
            ),
            Text(
                "The account number has eight digits; it is in the Salik app and in every SMS.",
                "Номер счёта — восемь цифр, он есть в приложении Salik и в каждой SMS.",
            ),
            Text("The balance changes within fifteen minutes.", "Баланс обновляется за 15 минут."),
        ),
    ),
    _Account(
        "Steam",
        "KZ",
        Text("Steam Wallet top-up by login", "Пополнение Steam по логину"),
        ("500", "100000"),
        ("4", "0.2"),
        [
            {
                "code": "account",
                "label": Text("Steam login, not the nickname", "Логин Steam, не никнейм"),
                "type": "text",
                "required": True,
                "regex": "^[A-Za-z0-9_]{3,32}$",
            }
        ],
        (
            Text(
                "Money goes straight to a Steam Wallet kept in tenge: no code to enter.",
                "Деньги поступают прямо на кошелёк Steam в тенге, код вводить не нужно.",
            ),
            Text(
                "The login is the name you sign in with; the profile's nickname will not do.",
                "Логин — то, с чем вы входите в Steam. Имя профиля не подойдёт.",
            ),
            Text(
                "Accounts with another region are refused and the payment is returned.",
                "Аккаунты другого региона система не примет, деньги вернутся.",
            ),
        ),
    ),
    _Account(
        "Eskom",
        "ZA",
        Text("Prepaid electricity", "Предоплата электричества"),
        ("50", "3000"),
        ("-1.5", "0"),
        [
            {
                "key": "meter_number",
                "label": Text("Meter number", "Номер счётчика"),
                "type": "string",
                "required": True,
                "pattern": r"^\d{11}$",
            }
        ],
        (
            Text(
                "Electricity for a prepaid meter in South Africa.",
                "Электричество для счётчика с предоплатой в ЮАР.",
            ),
            Text(
                "The meter number has eleven digits and is printed on the meter's card.",
                "Номер счётчика — 11 цифр, он напечатан на карточке счётчика.",
            ),
            Text(
                "You get a token of twenty digits: type it on the meter's keypad.",
                "Вы получите код из 20 цифр: введите его на клавиатуре счётчика.",
            ),
        ),
    ),
    _Account(
        "KPLC",
        "KE",
        Text("Kenya Power tokens", "Электричество Kenya Power"),
        ("100", "20000"),
        ("2", "0"),
        ["meter_number", "phone"],
        (
            Text("Units for a prepaid Kenya Power meter.", "Пополнение счётчика Kenya Power."),
            Text(
                "Give the meter number and a phone for the SMS with the token.",
                "Укажите номер счётчика и телефон, на который придёт SMS с кодом.",
            ),
        ),
    ),
)


def _product(account: _Account) -> Product:
    path = ("recharge", f"account-{account.brand}", account.country)
    country = COUNTRIES[account.country]
    low, high = (Decimal(bound) for bound in account.bounds)
    percent, fixed = (Decimal(part) for part in account.markup)
    first, *rest = account.lines
    lines = Steps(tuple(rest), ordered=False) if len(rest) > 1 else rest[0]
    return Product(
        id=stable_id("product", *path),
        type="recharge",
        denomination_type="custom",
        name=with_place(account.title, country),
        description=page(first, lines),
        image="",
        category_id=SHELVES["accounts"],
        attributes={
            "country": account.country,
            "brand": account.brand,
            "digital_acceptance": "online",
        },
        fields=account.fields,
        skus=(custom_sku(path, account.title, country, (low, high), (percent, fixed)),),
    )


def accounts() -> list[Product]:
    """Return the demo payments to accounts and meters."""
    return [_product(account) for account in _ACCOUNTS]
