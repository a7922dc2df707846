"""The strict reader of JSON: exact where it accepts, clear where it refuses."""

import json
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_api.strict_json import MAX_DEPTH, NotStrictJson, parse

NUMBERS = st.decimals(-(10**12), 10**12, allow_nan=False, places=6) | st.integers(-(10**18), 10**18)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(value=VALUES)
def test_what_was_written_is_read_back_exactly(value: object) -> None:
    raw = msgspec.json.Encoder(decimal_format="number").encode(value)
    assert parse(raw) == value


def test_numbers_are_exact() -> None:
    assert parse(b"[29.09, 500, -0.10, 1e2]") == [
        Decimal("29.09"), 500, Decimal("-0.10"), Decimal("1E+2"),
    ]  # fmt: skip
    assert str(parse(b"0.1000000000000000055511151231257827")) == (
        "0.1000000000000000055511151231257827"
    )


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"NaN", "NaN is not a number"),
        (b"-Infinity", "Infinity is not a number"),
        (b"1e400", "too large or too small"),
        (b"1e-400", "too large or too small"),
        (b"0e999999999", "too large or too small"),
        (b"9" * 41, "too long"),
        (b"0." + b"1" * 41, "too long"),
        (b'{"a": 1, "a": 1}', "given twice"),
        (b'{"a": 1, "\\u0061": 1}', "given twice"),
        (b'"\xff"', "not UTF-8"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b"{'a': 1}", "not JSON"),
        (b"{} {}", "not JSON"),
        (b"", "not JSON"),
        (b'"\x01"', "not JSON"),
        (b"0x10", "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b'[{"a":' * 50_000, "nested too deeply"),
    ],
)
@pytest.mark.fault("F33")
def test_what_is_refused_says_why_and_quotes_nothing(raw: bytes, reason: str) -> None:
    with pytest.raises(NotStrictJson, match=reason) as caught:
        parse(raw)
    assert caught.value.__context__ is None or isinstance(caught.value.__context__, NotStrictJson)


def test_depth_is_counted_without_what_stands_in_texts() -> None:
    deepest = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert parse(deepest) is not None
    with pytest.raises(NotStrictJson, match="deeply"):
        parse(b"[" + deepest + b"]")
    text = json.dumps('"[{\\' * 500)
    assert parse(f'{{"a": {text}, "b": [{text}]}}'.encode()) is not None
    assert parse(b"[" + b",".join([b"[[]]"] * 500) + b"]") is not None


def test_size_is_capped_when_asked() -> None:
    assert parse(b"[1,2]", max_bytes=5) == [1, 2]
    with pytest.raises(NotStrictJson, match="too large"):
        parse(b"[1, 2]", max_bytes=5)
