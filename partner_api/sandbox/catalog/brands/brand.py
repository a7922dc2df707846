"""What the tables of brands are made of.

A brand knows where it is sold and in which amounts, how far below face value it costs, and how a
person redeems its code. It knows nothing of products and SKUs: `vouchers` turns it into those.
"""

from dataclasses import dataclass
from decimal import Decimal

from partner_api.sandbox.catalog.model import Text
from partner_api.sandbox.catalog.parts import roll

Market = tuple[str, tuple[Decimal, ...]]

_ABOUT = (
    Text("A gift card for {name}: {what}.", "Подарочная карта {name}: {what}."),
    Text("A balance to spend at {name}: {what}.", "Карта с балансом для {name}: {what}."),
    Text("For people who choose {name}: {what}.", "Для тех, кто выбирает {name}: {what}."),
)
_STEPS = {
    "account": (
        Text(
            "Sign in to your {name} account and open the gift card page.",
            "Войдите в аккаунт {name} и откройте раздел подарочных карт.",
        ),
        Text(
            "Enter the code; the balance appears at once.",
            "Введите код — баланс появится сразу.",
        ),
    ),
    "online": (
        Text(
            "Fill your basket on the {name} website or in the app.",
            "Соберите корзину на сайте или в приложении {name}.",
        ),
        Text(
            "At checkout choose “gift card” and enter the code.",
            "При оплате выберите «Подарочная карта» и введите код.",
        ),
    ),
    "stores": (
        Text(
            "Online: enter the code at checkout as a gift card.",
            "На сайте введите код при оплате в поле для подарочной карты.",
        ),
        Text(
            "In the shop: show the code at the till, on the screen or on paper.",
            "В магазине {name} покажите код на кассе — на экране или на бумаге.",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand of gift cards.

    `scope` says where the code is accepted: account (a balance bound to a country), online (at
    checkout), stores (also at the till). `discount` is the per cent the partner's price lies
    below face value, negative where it lies above. `world` brands exist in nearly every country.
    """

    name: str
    title: Text
    shelf: str
    scope: str
    discount: Decimal
    about: Text
    steps: tuple[Text, ...]
    markets: tuple[Market, ...]
    world: bool


def markets(line: str) -> tuple[Market, ...]:
    """Read "US 5 10 25; DE" into countries and amounts; no amounts means the currency's usual."""
    rows = [row.split() for row in line.split(";") if row.strip()]
    return tuple((code, tuple(map(Decimal, amounts))) for code, *amounts in rows)


def brand(
    name: str,
    line: str,
    discount: str,
    about: Text,
    *steps: Text,
    shelf: str,
    scope: str = "account",
    title: Text | None = None,
    world: bool = True,
) -> Brand:
    """Describe a brand whose texts are written for it."""
    title = title or Text(f"{name} gift card", f"Подарочная карта {name}")
    return Brand(name, title, shelf, scope, Decimal(discount), about, steps, markets(line), world)


def card(
    name: str,
    line: str,
    discount: str,
    what: Text,
    *,
    shelf: str,
    scope: str = "stores",
    world: bool = False,
) -> Brand:
    """Describe a brand whose card works as most cards do; `what` names what it buys."""
    words = _ABOUT[roll(name, len(_ABOUT))]
    about = Text(words.en.format(name=name, what=what.en), words.ru.format(name=name, what=what.ru))
    steps = (Text(s.en.format(name=name), s.ru.format(name=name)) for s in _STEPS[scope])
    return brand(name, line, discount, about, *steps, shelf=shelf, scope=scope, world=world)
