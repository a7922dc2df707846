"""Descriptions: a little HTML, and the paragraphs that goods of one kind share.

Both languages are written here side by side; neither is a translation made on the fly. Every
text is escaped on its way into HTML, so brands may be called "Marks & Spencer".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from .brands import Brand
from .countries import Country
from .model import Text
from .parts import roll

ANYWHERE = Text("Global", "Весь мир")

_HOW = (
    Text("How to redeem", "Как активировать"),
    Text("How to use it", "Как воспользоваться"),
    Text("Redeeming the code", "Как ввести код"),
)
_WHERE = {
    "account": (
        Text(
            "It works only with accounts set to {en_in}; the balance is kept in {money}.",
            "Подходит только для аккаунтов с регионом «{ru}», баланс хранится {money_ru}.",
        ),
        Text(
            "For accounts registered in {en_in}. The value is in {money}.",
            "Для аккаунтов, зарегистрированных {ru_in}. Номинал указан {money_ru}.",
        ),
    ),
    "online": (
        Text(
            "Accepted for orders in {en_in}; the value is in {money}.",
            "Принимается для заказов {ru_in}, номинал указан {money_ru}.",
        ),
        Text(
            "Made for {en}: prices and the balance are in {money}.",
            "Действует {ru_in}: цены и баланс — {money_ru}.",
        ),
    ),
    "stores": (
        Text(
            "Accepted in stores and online in {en_in}; the value is in {money}.",
            "Действует в магазинах и на сайте {ru_in}, номинал указан {money_ru}.",
        ),
        Text(
            "Valid in {en_in} only, at the till and on the website. The balance is in {money}.",
            "Действует только {ru_in} — и на кассе, и на сайте. Баланс — {money_ru}.",
        ),
    ),
}
_LAST = {
    "account": (
        Text(
            "What is left after a purchase stays on the account.",
            "Остаток после покупки сохраняется на балансе.",
        ),
        Text(
            "The code works once. Keep it until it is redeemed.",
            "Код одноразовый: храните его, пока не активируете.",
        ),
        Text(
            "Check the country of the account before you buy: a code for another one is refused.",
            "До покупки проверьте страну аккаунта: код другой страны не примут.",
        ),
    ),
    "online": (
        Text(
            "The value may be spent in several orders.",
            "Сумму можно потратить за несколько заказов.",
        ),
        Text("The card can't be exchanged for cash.", "Обменять карту на деньги нельзя."),
        Text(
            "If the basket costs more, pay the rest another way.",
            "Если корзина дороже карты, остаток можно доплатить другим способом.",
        ),
    ),
    "stores": (
        Text(
            "The card may be spent in parts; the till prints what is left.",
            "Карту можно тратить по частям: остаток печатают в чеке.",
        ),
        Text("No change is given in cash.", "Сдача наличными не выдаётся."),
        Text(
            "Goods paid with the card are returned to a new card.",
            "Деньги за возвращённый товар зачисляют на новую карту.",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Steps:
    """A list in a description: numbered when the order matters, headed when it must be."""

    lines: tuple[Text, ...]
    heading: Text | None = None
    ordered: bool = True

    def html(self, locale: str) -> str:
        """Return the heading and the list as HTML."""
        tag = "ol" if self.ordered else "ul"
        items = "".join(f"<li>{escape(line.pick(locale), quote=False)}</li>" for line in self.lines)
        title = self.heading.pick(locale) if self.heading else ""
        return (f"<p><strong>{title}</strong></p>" if title else "") + f"<{tag}>{items}</{tag}>"


def page(*blocks: Text | Steps) -> Text:
    """Join paragraphs and lists into one HTML description in both languages."""
    return Text(_html(blocks, "en"), _html(blocks, "ru"))


def _html(blocks: tuple[Text | Steps, ...], locale: str) -> str:
    return "".join(
        block.html(locale)
        if isinstance(block, Steps)
        else f"<p>{escape(block.pick(locale), quote=False)}</p>"
        for block in blocks
    )


def fill(text: Text, country: Country, **words: str | Text) -> Text:
    """Put a country and other words into a text, each in the language of the text."""
    values = {
        "en": country.en,
        "en_in": country.en_in,
        "ru": country.ru,
        "ru_in": country.ru_in,
        "money": country.currency.en,
        "money_ru": country.currency.ru_in,
    }
    english, russian = (
        {key: word.pick(locale) if isinstance(word, Text) else word for key, word in words.items()}
        for locale in ("en", "ru")
    )
    return Text(text.en.format(**values, **english), text.ru.format(**values, **russian))


def listed(names: Sequence[str], last: Text) -> Text:
    """Return "A, B and C"; `last` is the word before the last name."""
    if len(names) == 1:
        return Text(names[0], names[0])
    *others, end = names
    start = ", ".join(others)
    return Text(f"{start} {last.en} {end}", f"{start} {last.ru} {end}")


def joined(first: Text, second: Text) -> Text:
    """Return two sentences as one paragraph."""
    return Text(f"{first.en} {second.en}", f"{first.ru} {second.ru}")


def card_page(brand: Brand, country: Country, amount: Text | None = None) -> Text:
    """Describe a gift card: what it is, how to redeem it, where it works, what to know.

    `amount` is the sentence about a freely chosen amount. The order of the parts and the choice
    of sentences follow from the brand and the country.
    """
    number = roll(f"{brand.name}/{country.code}", 60)
    wheres, lasts = _WHERE[brand.scope], _LAST[brand.scope]
    where = fill(wheres[number % 2], country)
    last = lasts[number % 3]
    steps = Steps(brand.steps, _HOW[number % 3])
    about = joined(brand.about, amount) if amount else brand.about
    if number % 4 == 0:
        return page(about, steps, joined(where, last))
    if number % 4 == 1:
        return page(joined(about, where), steps, last)
    if number % 4 == 2:
        return page(about, Steps((where, last), ordered=False), steps)
    return page(about, where, steps, last)


def counted(number: int, english: tuple[str, str], russian: tuple[str, str, str]) -> Text:
    """Return a number with its noun; Russian wants the words for 1, for 2 to 4 and for the rest."""
    one, few, many = russian
    word = {1: one, 2: few, 3: few, 4: few}.get(number % 10, many)
    if 11 <= number % 100 <= 14:
        word = many
    return Text(f"{number} {english[number != 1]}", f"{number} {word}")


def with_place(title: Text, place: Text | Country) -> Text:
    """Return "Apple gift card | Germany" in both languages."""
    return Text(f"{title.en} | {place.en}", f"{title.ru} | {place.ru}")
