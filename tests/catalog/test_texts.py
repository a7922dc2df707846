"""Texts of others can do nothing on our pages: neither run, load, send, hide nor turn around."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_api.sandbox.spoil import HOSTILE_TEXT
from storefront.catalog.models import Product
from storefront.catalog.slugs import slug_base
from storefront.catalog.sync import texts
from tests.catalog.conftest import Partner
from tests.catalog.goods import APPLE, FIVE, product, sku

HARMFUL = ["<script", "<img", "<form", "<input", "<iframe", "<a", "href", "hx-", "style=", "on"]


@pytest.mark.fault("F98")
def test_f98_a_hostile_description_is_disarmed_and_its_words_stay(partner: Partner) -> None:
    partner.trouble("hostile_text", "products")
    partner.sync()
    apple = Product.objects.get(pk=APPLE.id)
    assert apple.description_en == (
        "<p>About Apple.</p>gift<b>bold</b>right to left zerowidth<p></p>"
    )
    assert not any(word in apple.description_ru for word in HARMFUL)
    assert HOSTILE_TEXT in apple.description_raw["en"]
    assert apple.name_en == "Apple <script>alert(1)</script>"  # a text, escaped on every page


@pytest.mark.fault("F98")
def test_f98_an_endless_description_is_cut(partner: Partner) -> None:
    partner.trouble("hostile_text", "products", size=2_000_000)
    partner.sync()
    apple = Product.objects.get(pk=APPLE.id)
    assert len(apple.description_en.encode()) <= texts.LARGEST_HTML
    assert apple.description_en.endswith("</p>")
    assert len(apple.description_raw["en"]) == texts.LONGEST_RAW


@pytest.mark.fault("F99")
def test_f99_a_hostile_picture_is_kept_as_a_word_and_never_asked_for(partner: Partner) -> None:
    partner.trouble("hostile_image", "products")
    asked: list[str] = []
    partner.adapter.before = lambda request: asked.append(str(request.url))
    partner.sync()
    assert Product.objects.get(pk=APPLE.id).image == "http://169.254.169.254/latest/meta-data/"
    assert asked
    assert all(url.startswith("http://partner.test/catalog/") for url in asked)


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("<p onclick='x()' class=a style='position:fixed'>a</p>", "<p>a</p>"),
        ("<h1>Big</h1><h3>Small</h3>", "Big<h3>Small</h3>"),
        ("<svg><script>x</script></svg>a", "a"),
        ("<style>*{display:none}</style>a", "a"),
        ("<!-- x --><noscript><p title='</noscript><img src=x onerror=x()>'>", "'&gt;"),
        ("<textarea><p>a</textarea>b", "b"),
        ("<ul><li>one<li>two", "<ul><li>one</li><li>two</li></ul>"),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("a\u202egpj.exe\u202c", "agpj.exe"),
    ],
)
def test_what_is_left_of_html(hostile: str, harmless: str) -> None:
    assert texts.html(hostile) == harmless


@given(st.text(alphabet="<>/\"'=apbimgscrtl on&;#x!-\u0000\u202e", max_size=300))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = texts.html(text)
    assert texts.html(once) == once
    assert "<img" not in once
    assert "<script" not in once


@given(st.text(max_size=200), st.integers(1, 50))
def test_a_name_is_one_short_line_that_can_be_stored(text: str, longest: int) -> None:
    name = texts.plain(text, longest)
    assert len(name) <= longest
    assert name == name.strip()
    assert not set(name) & set("\x00\n\r\t\u202e\u200b\ufeff")
    name.encode()


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("Apple gift card | USA", "apple-gift-card-usa"),
        ("Подарочная карта", ""),
        ("Café & Crème", "cafe-creme"),
        ("card 0123456789", ""),  # would look like an address made unique
        ("x" * 200, "x" * 80),
        ("../admin", "admin"),
    ],
)
def test_the_readable_part_of_an_address(name: str, base: str) -> None:
    assert slug_base(name) == base


FIELDS: list[tuple[str, list[object], str]] = [
    ("none", [], "none"),
    ("names", ["phone"], "asked"),
    ("objects", [{"code": "phone", "label": "Phone", "required": False}], "asked"),
    ("nonsense", [{"???": 1}, 7, None], "unreadable"),
]


@pytest.mark.parametrize(("title", "fields", "recipient"), FIELDS)
def test_what_a_recipient_must_give_is_kept_by_language(
    partner: Partner, title: str, fields: list[object], recipient: str
) -> None:
    phone = product("Phone", sku("Phone", "5", "4"), fields=fields)
    partner.sells(*FIVE, phone)
    partner.sync()
    row = Product.objects.get(pk=phone.id)
    assert row.recipient == recipient
    assert row.is_available is (recipient != "unreadable")
    assert set(row.fields) == {"en", "ru"}
    if recipient == "asked":
        assert row.fields["en"][0]["code"] == "phone"


@pytest.mark.parametrize(
    ("attributes", "face"),
    [
        ({"denomination": "2.50", "denomination_currency": "usd"}, (Decimal("2.5"), "USD")),
        ({"denomination": "2,5", "denomination_currency": "EUR"}, (Decimal("2.5"), "EUR")),
        ({"denomination": "five", "denomination_currency": "USD"}, (None, "USD")),
        ({"denomination": "-5", "denomination_currency": "USD"}, (None, "USD")),
        ({"denomination": "NaN", "denomination_currency": "USD"}, (None, "USD")),
        ({"denomination": "5", "denomination_currency": "gold"}, (None, "")),
        ({"denomination": {"a": 1}, "denomination_currency": None}, (None, "")),
        ({}, (None, "")),
    ],
)
def test_a_face_value_is_money_or_nothing(
    partner: Partner, attributes: dict[str, Any], face: tuple[Decimal | None, str]
) -> None:
    odd = product("Odd", sku("Odd", "5", "4", attributes=attributes))
    partner.sells(odd)
    partner.sync()
    row = Product.objects.get(pk=odd.id).skus.get()
    assert (row.face_value, row.face_currency) == face
    assert row.price == Decimal("4.40")
