"""The shop's Russian: complete, well-formed, compiled, and really on the pages."""

import re
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import override

from devtools import messages
from storefront.catalog.models import Sku
from storefront.mail.actions import written
from storefront.orders.states import Status
from tests.house.tree import ROOT
from tests.shopping import (
    Customer,
    Elements,
    bring,
    let_in,
    order_in,
    pay_page,
    payment_behind,
    reveal_page,
    stock,
)

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
# Not the capitals of codes, currencies and order numbers.
LATIN_WORD = re.compile(r"[A-Za-z]*[a-z]{2,}")
READ_ALOUD = {
    "placeholder",
    "title",
    "alt",
    "aria-label",
    "data-offline",
    "data-failed",
    "data-done",
}
# Written alike in both languages, or not words of the shop.
NAMES = {"Kiosk", "English", "Apple", "cookie", "alice", "example", "com"}


def kept() -> Iterator[Message]:
    return (message for message in messages.kept() if message.id)


def english(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def test_every_string_has_its_russian_and_no_other_is_kept() -> None:
    catalog = messages.updated(messages.kept())
    assert messages.untranslated(catalog) == [], "run `make messages` and translate these"
    assert messages.as_po(catalog) == messages.PO.read_bytes(), "run `make messages`"


def test_django_reads_what_people_read() -> None:
    catalog = messages.updated(messages.kept())
    assert messages.as_mo(catalog) == messages.MO.read_bytes(), "run `make messages`"


def test_nothing_in_it_is_a_guess_or_a_leftover() -> None:
    assert [message.id for message in kept() if message.fuzzy] == []
    assert not messages.kept().obsolete


def test_what_is_filled_in_is_filled_in_in_russian_too() -> None:
    for message in kept():
        asked = {name for text in english(message) for name in PLACEHOLDER.findall(text)}
        for form in messages.forms(message):
            assert set(PLACEHOLDER.findall(form)) == asked, message.id
            assert "%" not in PLACEHOLDER.sub("", form).replace("%%", ""), message.id


def test_what_is_counted_has_three_forms() -> None:
    for message in kept():
        assert len(messages.forms(message)) == (3 if message.pluralizable else 1), message.id


def test_the_shop_stays_calm_in_both_languages() -> None:
    said = [text for message in kept() for text in [*english(message), *messages.forms(message)]]
    assert [text for text in said if "!" in text] == []


@pytest.fixture
def small_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop of one template, in which every way to say something occurs."""
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    page.write_text(
        """{% load i18n %}<p>it's "free" ((
          {{ name|default:_("Somebody") }} {% translate "May" context "month" %}
            {% blocktranslate trimmed count n=cards|length with owner=name %}
              {{ owner }} has
              {{ n }} card
            {% plural %}
              {{ owner }} has {{ n }} cards
            {% endblocktranslate %}
        {% translate "Buy" %}"""
    )
    return page


CARDS = ("%(owner)s has %(n)s card", "%(owner)s has %(n)s cards")


def test_templates_are_read_with_contexts_and_plurals(small_shop: Path) -> None:
    found = {(message.id, message.context) for message in messages.updated(Catalog("ru"))}
    assert found == {("", None), ("Somebody", None), ("May", "month"), (CARDS, None), ("Buy", None)}


def test_an_update_keeps_translations_and_guesses_none(small_shop: Path) -> None:
    known = messages.updated(Catalog("ru"))
    known["Buy"].string = "Купить"
    known["Somebody"].string = "Кто-то"
    small_shop.write_text(small_shop.read_text().replace("Somebody", "Someone"))
    catalog = messages.updated(known)
    assert catalog["Buy"].string == "Купить"
    assert catalog.get("Somebody") is None
    assert "Someone" in messages.untranslated(catalog)


def test_what_is_compiled_counts_as_russians_do(small_shop: Path) -> None:
    catalog = messages.updated(Catalog("ru"))
    catalog[CARDS].string = ("%(n)s карта", "%(n)s карты", "%(n)s карт")
    compiled = GNUTranslations(BytesIO(messages.as_mo(catalog)))
    said = [compiled.ngettext(*CARDS, n) % {"n": n} for n in (1, 2, 5, 11, 21, 22)]
    assert said == ["1 карта", "2 карты", "5 карт", "11 карт", "21 карта", "22 карты"]


@pytest.fixture
def alice(db: None) -> Iterator[Customer]:
    """Somebody who reads Russian, in a shop with one card on its shelf."""
    with override("ru"):
        stock(product={"name_ru": "Подарочная карта Apple"}, name_ru="Карта Apple")
        yield Customer()


def english_in(html: str) -> set[str]:
    """The words in Latin letters that somebody would see or hear there."""
    elements = Elements(html)
    said = [
        value for _, given in elements.tags for name, value in given.items() if name in READ_ALOUD
    ]
    return {word for text in [elements.text, *said] for word in LATIN_WORD.findall(text)} - NAMES


def assert_russian(answer: Any, status: int = 200) -> None:
    assert answer.status_code == status
    assert english_in(answer.content.decode()) == set()


@pytest.mark.parametrize(
    "path", ["/", "/products/", "/products/?q=нет", "/products/apple/", "/cart/"]
)
def test_the_shelves_speak_russian(alice: Customer, path: str) -> None:
    assert_russian(alice.get(f"/ru{path}"))


def test_buying_speaks_russian_also_where_something_is_missing(alice: Customer) -> None:
    card = Sku.objects.get()
    alice.post("/ru/cart/add/", {"sku": card.pk, "quantity": 2})
    assert_russian(alice.get("/ru/cart/"))
    assert_russian(alice.get("/ru/checkout/"))
    assert_russian(alice.post("/ru/checkout/", {"email": "alice"}), status=400)
    assert_russian(alice.post("/ru/cart/add/", {"sku": card.pk, "quantity": "many"}), status=400)
    payment = payment_behind(alice.check_out())
    assert_russian(alice.get(f"/ru{pay_page(payment)}"))


@pytest.mark.parametrize("status", list(Status))
def test_every_state_of_an_order_is_told_in_russian(alice: Customer, status: Status) -> None:
    order = order_in(status)
    let_in(alice, order)
    assert_russian(alice.get(f"/ru/orders/{order.number}/"))


def test_codes_are_handed_over_in_russian(alice: Customer) -> None:
    order = order_in(Status.COMPLETED)
    delivery = bring(order, "1234")
    let_in(alice, order)
    assert_russian(alice.get(f"/ru/orders/{order.number}/"))
    assert_russian(alice.post(f"/ru{reveal_page(order, delivery)}"))
    assert_russian(alice.get(f"/ru/orders/{order.number}/"))


ERRORS = sorted(path.name for path in (ROOT / "templates").glob("[45]*.html"))
MAILS = sorted(path.parent.name for path in (ROOT / "templates" / "emails").glob("*/subject.txt"))


@pytest.mark.parametrize("template", ERRORS)
def test_failures_are_written_in_russian(template: str) -> None:
    with override("ru"):
        assert english_in(render_to_string(template)) == set()


@pytest.mark.parametrize("kind", MAILS)
@pytest.mark.parametrize("came", [0, 1, 2])
def test_mails_are_written_in_russian(kind: str, came: int) -> None:
    line = {"product_name": "Карта Apple", "sku_name": "10 $", "quantity": 2, "came": came}
    order = {"number": "1", "lines": [line], "total": "20 $"}
    context = {"order": order, "url": "", "code": "1", "store": {"name": "Kiosk"}}
    with override("ru"):
        for text in written(kind, context):
            assert english_in(text) == set()


def test_who_read_russian_is_led_back_to_russian_pages() -> None:
    with override("ru"):
        links = Elements(render_to_string("500.html")).having("href", "/ru/")
    assert len(links) == 2


def test_the_demo_mailbox_speaks_russian(alice: Customer, settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    assert_russian(alice.get("/ru/demo/mail/"))
    send_mail("Заказ готов", "Он готов.", "kiosk@example.com", ["alice@example.com"])
    assert_russian(alice.get("/ru/demo/mail/"))


def test_amounts_and_dates_are_written_as_russians_do(alice: Customer) -> None:
    order = order_in(Status.COMPLETED)
    let_in(alice, order)
    page = Elements(alice.get(f"/ru/orders/{order.number}/").content.decode()).text
    assert "9,90 $" in page.replace("\xa0", " ")
    assert re.search(r"\d [а-я]+ \d{4} г\. \d+:\d\d UTC", page)
