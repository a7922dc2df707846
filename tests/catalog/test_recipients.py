"""What a recharge asks of its buyer: read from the partner, or written by staff."""

import json
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from storefront.cases.models import Case
from storefront.catalog.actions import set_fields
from storefront.catalog.models import Product
from storefront.catalog.queries import NotBuyable, Reason, buyable_sku, fields_of
from storefront.catalog.recipients import Kind, UnusableFields, written
from tests.catalog.conftest import NOON, Partner
from tests.catalog.goods import product, sku
from tests.catalog.shelves import settle, stock_product, stock_sku
from tests.catalog.test_admin import staff

pytestmark = pytest.mark.django_db
PHONE = {"code": "phone", "label": "Whose number?", "type": "tel", "regex": "^[0-9]{9}$"}


def synced(partner: Partner, fields: Any, **columns: Any) -> Product:
    """A recharge in the Emirates that the partner describes like this."""
    kind = columns.pop("type", "recharge_fixed")
    name = f"Du {kind} {columns}"
    recharge = product(
        name, sku(name, "10", "9.00"), fields=fields, attributes={"country": "AE"}, type=kind,
        **columns,
    )  # fmt: skip
    partner.sells(recharge)
    partner.sync()
    return Product.objects.get(pk=recharge.id)


@pytest.fixture
def du(db: None) -> Product:
    """A recharge of which the partner does not say what to ask."""
    du = stock_product("Du", now=NOON, type="recharge", country="AE")
    stock_sku(du, now=NOON)
    settle(now=NOON)
    return du


def kinds(found: Product, language: str = "en") -> list[tuple[str, Kind]]:
    return [(field.code, field.kind) for field in fields_of(found, language=language)]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        (["phone"], Kind.PHONE),
        ([{"key": "msisdn", "type": "string"}], Kind.PHONE),
        ([{"name": "x", "type": "tel"}], Kind.PHONE),
        ([{"code": "account", "type": "text"}], Kind.ACCOUNT),
        ([{"code": "x", "type": "account_id"}], Kind.ACCOUNT),
        ([{"code": "region", "options": ["EU", "US"]}], Kind.SELECT),
        ([{"code": "phone", "options": {"1": "Mine"}}], Kind.SELECT),
        ([{"code": "nickname"}], Kind.TEXT),
        ([{"code": "x", "type": "hologram"}], Kind.TEXT),
        ({"phone": {"label": "Number", "type": "string"}}, Kind.PHONE),
    ],
)
def test_the_partners_fields_are_asked_for_as_what_they_are(
    partner: Partner, fields: Any, kind: Kind
) -> None:
    found = synced(partner, fields)
    assert [asked for _, asked in kinds(found)] == [kind]
    assert buyable_sku(found.skus.get().pk, 1, partner.now).product == found
    assert found.is_available


def test_a_field_says_all_that_a_form_needs(partner: Partner) -> None:
    found = synced(
        partner,
        [
            PHONE | {"min": 9, "max": "9"},
            {"code": "pin", "type": "integer", "min": 1, "max": 99.5, "required": False},
            {"code": "zone", "label": "Zone", "type": "select", "options": {"a": "North"}},
        ],
    )
    phone, pin, zone = fields_of(found, language="en")
    assert (phone.label, phone.pattern, phone.country) == ("Whose number?", "^[0-9]{9}$", "AE")
    assert (phone.shortest, phone.longest, phone.least, phone.required) == (9, 9, None, True)
    assert (pin.least, pin.most, pin.longest, pin.required) == (
        Decimal(1),
        Decimal("99.5"),
        None,
        False,
    )
    assert zone.options == (("a", "North"),)


def test_a_bare_code_gets_a_label_people_understand(partner: Partner) -> None:
    found = synced(partner, ["phone", "account", "nickname"])
    assert [field.label for field in fields_of(found, language="en")] == [
        "Phone number", "Account number", "nickname",
    ]  # fmt: skip


@pytest.mark.parametrize("fields", [None, 7, [{"type": "x"}], [{"code": "a", "type": "select"}]])
def test_a_product_whose_fields_cannot_be_told_is_not_sold_and_staff_know(
    partner: Partner, fields: Any
) -> None:
    found = synced(partner, fields)
    assert not found.is_available
    with pytest.raises(NotBuyable) as refused:
        buyable_sku(found.skus.get().pk, 1, partner.now)
    assert refused.value.reason == Reason.HELD
    with pytest.raises(NotBuyable):
        fields_of(found)
    assert "1 products" in Case.objects.get(kind="catalog-fields", closed_at=None).summary


def test_a_recharge_that_asks_for_nothing_is_not_sold(partner: Partner) -> None:
    assert not synced(partner, []).is_available
    assert not synced(partner, ["amount"], denomination_type="custom").is_available
    assert synced(partner, [], type="voucher").is_available


def test_staffs_word_goes_before_the_partners_and_survives_syncs(partner: Partner) -> None:
    found = synced(partner, None)
    set_fields(product=found.pk, text=json.dumps([PHONE]), by="olga", now=NOON)
    partner.sync()
    found.refresh_from_db()
    assert kinds(found) == [("phone", Kind.PHONE)]
    assert kinds(found, "ru") == [("phone", Kind.PHONE)]
    assert found.is_available
    assert not Case.objects.filter(kind="catalog-fields", closed_at=None).exists()
    set_fields(product=found.pk, text=None, by="olga", now=NOON)
    found.refresh_from_db()
    assert (found.own_fields, found.is_available) == (None, False)


def test_staff_may_say_that_nothing_is_asked(partner: Partner) -> None:
    voucher = synced(partner, None, type="voucher")
    set_fields(product=voucher.pk, text="[]", by="olga", now=NOON)
    voucher.refresh_from_db()
    assert (fields_of(voucher), voucher.is_available) == ((), True)
    recharge = synced(partner, None)
    set_fields(product=recharge.pk, text="[]", by="olga", now=NOON)
    recharge.refresh_from_db()
    assert not recharge.is_available


def test_labels_may_differ_by_language(du: Product) -> None:
    fields = {"en": [{"code": "a", "label": "Who"}], "ru": [{"code": "a", "label": "Кому"}]}
    set_fields(product=du.pk, text=json.dumps(fields), by="olga", now=NOON)
    du.refresh_from_db()
    assert [fields_of(du, language=of)[0].label for of in ("en", "ru")] == ["Who", "Кому"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[", "not JSON: Expecting value, in line 1, column 2"),
        ("7", "neither a list nor an object"),
        ('[{"label": "x"}]', "fields[0]"),
        ('[{"code": "a", "lable": "x"}]', "Field 1 has keys that mean nothing here: lable"),
        ('["a", "a"]', "the same code twice"),
        ('["quantity"]', '"quantity" is sent by the shop itself'),
        ('["amount"]', '"amount" is sent by the shop itself'),
        ('[{"code": "a", "type": "select"}]', '"a" is a choice without options'),
        ('[{"code": "a", "pattern": "("}]', "a pattern that can't be used"),
        ('[{"code": "a", "pattern": "(a+)+$"}]', "a pattern that can't be used"),
        ('[{"code": "a", "min": NaN}]', "NaN is not a number"),
        ('["a\\\\u0000"]', "character zero"),
        ('{"en": ["a"]}', 'under both "en" and "ru"'),
        ('{"en": ["a"], "ru": ["b"]}', "the same codes"),
        (json.dumps([f"a{n}" for n in range(13)]), "At most 12 fields"),
        ("[" * 10_000, "not JSON"),
        (" " * 30_000, "At most"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(du: Product, text: str, words: str) -> None:
    with pytest.raises(UnusableFields) as refused:
        written(text)
    assert words in str(refused.value)
    with pytest.raises(UnusableFields):
        set_fields(product=du.pk, text=text, by="olga", now=NOON)
    du.refresh_from_db()
    assert du.own_fields is None


def test_staff_write_the_fields_in_the_admin(client: Client, du: Product) -> None:
    staff(client)
    page = reverse("admin:catalog_product_recipient_fields", args=[du.pk])
    assert "It is not known what to ask" in client.get(page).content.decode()
    wrong = client.post(page, {"text": '[{"code": "a", "type": "select"}]'})
    assert wrong.status_code == 400
    assert "is a choice without options" in wrong.content.decode()
    assert client.post(page, {"text": json.dumps([PHONE])}).status_code == 302
    assert "Whose number?" in client.get(page).content.decode()
    du.refresh_from_db()
    assert du.is_available
    client.post(page, {"partners": "1"})
    du.refresh_from_db()
    assert du.own_fields is None


def test_a_reader_does_not_decide_what_is_asked(client: Client, du: Product) -> None:
    staff(client, "view_product")
    page = reverse("admin:catalog_product_recipient_fields", args=[du.pk])
    assert client.post(page, {"text": "[]"}).status_code == 403
    du.refresh_from_db()
    assert du.own_fields is None


def test_the_products_page_says_what_checkout_will_ask(client: Client, partner: Partner) -> None:
    found = synced(partner, ["phone"])
    with time_machine.travel(partner.now, tick=False):
        page = client.get(found.get_absolute_url()).content.decode()
    assert "At checkout we will ask for: Phone number." in page
