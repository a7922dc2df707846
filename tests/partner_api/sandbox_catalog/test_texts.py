"""Both languages are always there, and neither is the other one's leftover."""

import re
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from partner_api.sandbox.catalog import Catalog, Product, Text, localise
from partner_api.sandbox.catalog.currencies import face
from partner_api.sandbox.catalog.oddities import _BY_ID
from partner_api.sandbox.catalog.subscriptions import months
from partner_api.sandbox.catalog.texts import Steps, listed, page

CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


class _Outline(HTMLParser):
    """Follows the tags of a page and fails where they do not nest."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.blocks = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002  the parser passes both
        self.open.append(tag)
        self.blocks += tag in {"p", "ol", "ul"}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _texts(value: object) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _plain(product: Product) -> bool:
    return product.id not in _BY_ID


def test_every_text_has_both_languages(catalog: Catalog) -> None:
    for product in catalog.products:
        for text in (product.name, product.description, *(sku.name for sku in product.skus)):
            assert text.en.strip()
            assert text.ru.strip()


def test_russian_descriptions_are_russian_and_english_ones_are_not(catalog: Catalog) -> None:
    for product in catalog.products:
        assert CYRILLIC.search(product.description.ru)
        assert not CYRILLIC.search(product.description.en)
        assert not CYRILLIC.search(product.name.en)


def test_every_russian_product_name_has_a_russian_word(catalog: Catalog) -> None:
    for product in catalog.products:
        assert CYRILLIC.search(product.name.ru), product.name


def test_categories_and_labels_of_fields_have_both_languages(demo: Catalog) -> None:
    labels = [t for p in demo.products for t in _texts(p.fields)]
    names = [t for c in demo.categories for t in (c.name, *_texts(c.attributes))]
    assert labels
    for text in (*labels, *names):
        assert text.en
        assert text.ru
    assert sum(bool(CYRILLIC.search(text.ru)) for text in labels + names) > 60


def test_nothing_is_left_to_fill_in(catalog: Catalog) -> None:
    for product in catalog.products:
        for text in (product.name, product.description, *(sku.name for sku in product.skus)):
            assert not re.search(r"[{}]|None|Text\(", text.en + text.ru)


def test_nobody_shouts(catalog: Catalog) -> None:
    for product in catalog.products:
        shown = product.description.en + product.description.ru
        assert "!" not in shown.replace("O!", "")


def test_descriptions_are_two_to_five_blocks_of_well_formed_html(catalog: Catalog) -> None:
    for product in filter(_plain, catalog.products):
        for locale in ("en", "ru"):
            outline = _Outline()
            outline.feed(product.description.pick(locale))
            assert not outline.open
            assert 2 <= outline.blocks <= 6


def test_both_languages_have_the_same_parts_in_the_same_order(catalog: Catalog) -> None:
    tags = re.compile("<[^>]+>")
    for product in filter(_plain, catalog.products):
        description = product.description
        assert tags.findall(description.en) == tags.findall(description.ru)


def test_hardly_two_descriptions_are_alike(demo: Catalog) -> None:
    different = {product.description.ru for product in demo.products}
    assert len(different) / len(demo.products) > 0.95


def test_a_name_with_an_ampersand_is_escaped_in_html_only(demo: Catalog) -> None:
    card = next(p for p in demo.products if p.attributes.get("brand") == "H&M")
    assert "H&M" in card.name.ru
    assert "H&amp;M" in card.description.en
    assert "H&M" not in card.description.en


def test_markup_in_a_text_is_shown_and_not_obeyed() -> None:
    text = page(Text("<b>5 & 6</b>", "<b>5 и 6</b>"), Steps((Text("<i>", "<i>"),)))
    assert text.en == "<p>&lt;b&gt;5 &amp; 6&lt;/b&gt;</p><ol><li>&lt;i&gt;</li></ol>"


@pytest.mark.parametrize(
    ("number", "english", "russian"),
    [
        (1, "1 month", "1 месяц"),
        (3, "3 months", "3 месяца"),
        (6, "6 months", "6 месяцев"),
        (12, "12 months", "12 месяцев"),
        (21, "21 months", "21 месяц"),
        (24, "24 months", "24 месяца"),
        (36, "36 months", "36 месяцев"),
    ],
)
def test_months_take_the_plural_of_their_language(number: int, english: str, russian: str) -> None:
    assert months(number) == Text(english, russian)


@pytest.mark.parametrize(
    ("amount", "code", "english", "russian"),
    [
        ("25", "USD", "$25", "25\u00a0$"),
        ("10.0", "KWD", "KWD 10", "10\u00a0KWD"),
        ("2.5", "KWD", "KWD 2.5", "2,5\u00a0KWD"),
        ("1000", "AED", "AED 1,000", "1\u00a0000\u00a0AED"),
    ],
)
def test_an_amount_is_written_as_its_readers_write_it(
    amount: str, code: str, english: str, russian: str
) -> None:
    assert face(Decimal(amount), code) == Text(english, russian)


def test_a_list_of_networks_ends_in_a_word() -> None:
    both = Text("and", "и")
    assert listed(["A1"], both) == Text("A1", "A1")
    assert listed(["A1", "Yettel", "mts"], both) == Text("A1, Yettel and mts", "A1, Yettel и mts")


def test_localising_leaves_one_language_at_any_depth() -> None:
    value = [{"label": Text("Phone", "Телефон"), "options": (Text("Yes", "Да"), 1)}, "phone"]
    assert localise(value, "ru") == [{"label": "Телефон", "options": ["Да", 1]}, "phone"]
    assert localise(value, "en") == [{"label": "Phone", "options": ["Yes", 1]}, "phone"]
    assert isinstance(value[0], dict), "the original keeps both languages"
    assert value[0]["label"] == Text("Phone", "Телефон")
