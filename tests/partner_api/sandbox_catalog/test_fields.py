"""What recharges ask for comes in several shapes, all of which a shop can read."""

import json
import re

import pytest

from partner_api.sandbox.catalog import Catalog, Product, localise
from partner_api.sandbox.catalog.countries import COUNTRIES
from partner_api.sandbox.catalog.recharges import PHONE_SHAPES, phone_fields

CODES = ("code", "name", "key")
KEYS = {*CODES, "label", "title", "type", "required", "options", "regex", "pattern", "min", "max"}


def _asking(catalog: Catalog) -> list[Product]:
    return [product for product in catalog.products if product.fields]


def _objects(catalog: Catalog) -> list[dict[str, object]]:
    return [entry for p in _asking(catalog) for entry in p.fields if isinstance(entry, dict)]


def test_every_recharge_asks_where_it_should_go(catalog: Catalog) -> None:
    for product in catalog.products:
        if product.type in {"recharge", "recharge_fixed"}:
            assert product.fields


def test_gift_cards_and_esims_ask_for_nothing(catalog: Catalog) -> None:
    for product in catalog.products:
        if product.type in {"voucher", "voucher_open_range", "esim"}:
            assert product.fields == []


def test_one_list_is_either_strings_or_objects(catalog: Catalog) -> None:
    for product in _asking(catalog):
        assert {type(entry) for entry in product.fields} in ({str}, {dict})


def test_fields_come_as_strings_and_under_three_names_for_the_code(demo: Catalog) -> None:
    assert any(isinstance(product.fields[0], str) for product in _asking(demo))
    for key in CODES:
        assert any(key in entry for entry in _objects(demo)), key


@pytest.mark.parametrize(
    "key", ["label", "title", "options", "regex", "pattern", "min", "max", "required"]
)
def test_each_documented_key_is_used_somewhere(demo: Catalog, key: str) -> None:
    assert any(key in entry for entry in _objects(demo))


def test_an_object_has_exactly_one_code_and_one_label(catalog: Catalog) -> None:
    for entry in _objects(catalog):
        assert sum(key in entry for key in CODES) == 1
        assert sum(key in entry for key in ("label", "title")) == 1
        assert set(entry) <= KEYS


def test_some_fields_may_be_left_empty(demo: Catalog) -> None:
    assert {entry["required"] for entry in _objects(demo)} == {True, False}


def test_a_choice_has_at_least_two_options(demo: Catalog) -> None:
    choices = [entry for entry in _objects(demo) if entry["type"] == "select"]
    assert choices
    for entry in choices:
        options = entry["options"]
        assert isinstance(options, list)
        assert len(set(options)) == len(options) >= 2


def test_every_pattern_compiles(catalog: Catalog) -> None:
    for entry in _objects(catalog):
        pattern = entry.get("regex") or entry.get("pattern")
        if pattern is not None:
            re.compile(str(pattern))


def test_no_product_asks_for_the_api_s_own_fields(catalog: Catalog) -> None:
    for product in _asking(catalog):
        codes = {
            entry
            if isinstance(entry, str)
            else next(str(entry[key]) for key in CODES if key in entry)
            for entry in product.fields
            if isinstance(entry, str | dict)
        }
        assert codes
        assert not codes & {"amount", "quantity"}


def test_phone_patterns_take_a_local_number_with_or_without_plus() -> None:
    turkey = COUNTRIES["TR"]
    (field,) = phone_fields(turkey, 1)
    assert isinstance(field, dict)
    pattern = str(field["regex"])
    assert re.search(pattern, "+905321234567")
    assert re.search(pattern, "905321234567")
    assert not re.search(pattern, "+995321234567")
    assert not re.search(pattern, "90532")


def test_the_phone_shapes_differ_from_each_other() -> None:
    shapes = [repr(phone_fields(COUNTRIES["KE"], shape)) for shape in range(PHONE_SHAPES)]
    assert len(set(shapes)) == PHONE_SHAPES


def test_localised_fields_are_ready_for_json(catalog: Catalog) -> None:
    for product in _asking(catalog):
        sent = json.loads(json.dumps(localise(product.fields, "ru")))
        assert len(sent) == len(product.fields)


def test_attributes_are_ready_for_json_as_they_are(catalog: Catalog) -> None:
    for product in catalog.products:
        for attributes in (product.attributes, *(sku.attributes for sku in product.skus)):
            assert json.loads(json.dumps(attributes)) == attributes
