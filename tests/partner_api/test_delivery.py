"""Nothing that was delivered is lost, in whatever shape it comes."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from partner_api import Delivery, Secret
from partner_api.reading.delivery import read_deliveries
from partner_api.reading.row import NotReadable, is_empty, shown

KEYS = st.sampled_from(
    ["pin", "PIN", "serialNumber", "serial_number", "expiration", "expiration_date", "iccid",
     "qr_code", "lpa", "activation_code", "smdp_address", "status", "message", "url", "code"]
)  # fmt: skip
VALUES = st.none() | st.text(max_size=8) | st.integers() | st.booleans() | st.lists(st.integers())


def texts_of(delivery: Delivery) -> set[str]:
    found = {secret.reveal() for _, secret in delivery.extra}
    for name in delivery.__struct_fields__:
        value = getattr(delivery, name)
        if isinstance(value, Secret | str):
            found.add(value.reveal() if isinstance(value, Secret) else value)
    return found


@given(unit=st.dictionaries(KEYS, VALUES))
def test_every_value_of_every_key_is_somewhere_in_what_is_read(unit: dict[str, Any]) -> None:
    try:
        deliveries = read_deliveries([unit], "here")
    except NotReadable:
        assert any(isinstance(value, str) and "\x00" in value for value in unit.values())
        return
    sent = {shown(value, "here") for value in unit.values() if not is_empty(value)}
    kept = texts_of(deliveries[0]) if deliveries else set()
    assert sent <= kept


def test_two_different_values_for_one_name_are_both_kept() -> None:
    (delivery,) = read_deliveries([{"serialNumber": "A", "serial_number": "B"}], "here")
    assert delivery.serial == Secret("A")
    assert delivery.extra == (("serial_number", Secret("B")),)


def test_a_value_said_twice_is_kept_once() -> None:
    (delivery,) = read_deliveries([{"serialNumber": "A", "serial_number": "A"}], "here")
    assert delivery == Delivery(serial=Secret("A"))


def test_units_are_counted_one_by_one_and_empty_ones_are_none() -> None:
    units = [{"pin": "A"}, {"pin": "B"}, {}, None]
    assert [unit.pin for unit in read_deliveries(units, "here")] == [Secret("A"), Secret("B")]


def test_a_single_unit_or_a_bare_code_counts_too() -> None:
    assert read_deliveries({"pin": "A"}, "here") == (Delivery(pin=Secret("A")),)
    assert read_deliveries("A", "here") == (Delivery(extra=(("delivery", Secret("A")),)),)
    assert read_deliveries(["A", 7], "here") == (
        Delivery(extra=(("delivery", Secret("A")),)),
        Delivery(extra=(("delivery", Secret("7")),)),
    )


def test_codes_keep_their_blanks_and_zeros() -> None:
    (delivery,) = read_deliveries([{"pin": " 0012 ", "serialNumber": 12}], "here")
    assert delivery.pin == Secret(" 0012 ")
    assert delivery.serial == Secret("12")


def test_a_delivery_shows_nothing_of_its_codes() -> None:
    (delivery,) = read_deliveries(
        [{"pin": "PIN-1", "serial": "SER-1", "iccid": "ICC-1", "lpa": "LPA:1$A$B", "x": "EXT-1"}],
        "here",
    )
    assert not any(code in repr(delivery) for code in ("PIN-1", "SER-1", "ICC-1", "$A", "EXT-1"))
