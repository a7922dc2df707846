"""The signatures: golden vectors first, then what must hold for any input."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_api import signing

SECRET = "a-secret-of-our-own-for-golden-vectors"
TIMESTAMP = "1768478058"

# Made with OpenSSL, not with this library:
#   printf %s MESSAGE | openssl dgst -sha256 -hmac SECRET
GOLDEN = [
    pytest.param(
        signing.order_message(TIMESTAMP, "019bc0dd-8562-7173-afd9-a5cc534fafb7", "ORD-12345"),
        b"1768478058019bc0dd-8562-7173-afd9-a5cc534fafb7ORD-12345",
        "2856a440f3af66fab199a5074b07a9b7ed2e7e797e10f907c580ef9a3a6a3439",
        id="order",
    ),
    pytest.param(
        signing.topup_message(TIMESTAMP, "8944422711108338982", "topup-12345"),
        b"17684780588944422711108338982topup-12345",
        "f0680bafef53c279265a09a3bb153cd0fa4ce4341f623881df312d4163367436",
        id="top-up",
    ),
    pytest.param(
        signing.webhook_message(
            TIMESTAMP, "order.status_changed", "550e8400-e29b-41d4-a716-446655440000"
        ),
        b"1768478058order.status_changed550e8400-e29b-41d4-a716-446655440000",
        "6508214922a30c8408c27a117044a8deb74b182a054ae8d91103fdfa0a608d90",
        id="webhook",
    ),
]


@pytest.mark.parametrize(("message", "expected_message", "signature"), GOLDEN)
def test_the_three_messages_of_the_reference_are_signed_as_it_says(
    message: bytes, expected_message: bytes, signature: str
) -> None:
    assert message == expected_message
    assert signing.sign(message, SECRET) == signature


@given(message=st.binary(), secret=st.text(min_size=1).filter(lambda text: text.isprintable()))
def test_any_signature_is_64_lowercase_hex_digits_and_verifies(message: bytes, secret: str) -> None:
    signature = signing.sign(message, secret)
    assert signing.is_signature(signature)
    assert signing.verify(message, signature, [secret])
    assert signature == hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


@given(message=st.binary(min_size=1), bit=st.integers(min_value=0))
def test_a_message_changed_in_one_bit_no_longer_verifies(message: bytes, bit: int) -> None:
    signature = signing.sign(message, SECRET)
    index, mask = divmod(bit % (len(message) * 8), 8)
    forged = bytearray(message)
    forged[index] ^= 1 << mask
    assert not signing.verify(bytes(forged), signature, [SECRET])


@given(signature=st.text(st.characters()), message=st.binary())
def test_no_text_as_signature_can_crash_the_comparison(signature: str, message: bytes) -> None:
    assert not signing.verify(message, signature, [SECRET])


def test_while_secrets_rotate_each_active_one_verifies_and_a_third_does_not() -> None:
    message = signing.webhook_message(TIMESTAMP, "order.status_changed", "key")
    active = ["new-secret", "old-secret"]
    assert signing.verify(message, signing.sign(message, "new-secret"), active)
    assert signing.verify(message, signing.sign(message, "old-secret"), active)
    assert not signing.verify(message, signing.sign(message, "third-secret"), active)


def test_without_any_secret_nothing_verifies_and_nothing_is_signed() -> None:
    assert not signing.verify(b"message", hmac.new(b"", b"message", "sha256").hexdigest(), [""])
    assert not signing.verify(b"message", "0" * 64, [])
    with pytest.raises(ValueError, match="empty"):
        signing.sign(b"message", "")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "A" * 64,
        "a" * 63,
        "a" * 65,
        "g" * 64,
        "a" * 64 + "\n",
        " " + "a" * 63,
        "é" * 64,
        "１" * 64,
    ],
)
def test_a_signature_header_of_another_shape_is_refused(header: str) -> None:
    assert not signing.is_signature(header)


@pytest.mark.parametrize(
    "header",
    [
        "", "１７６８４７８０５８", " 1768478058", "1768478058 ", "1768478058\n",
        "+768478058", "-768478058", "17_6847805", "1e9", "1768478058.0",
        "176847805", "17684780580", "1" * 20, "0x69000000",
    ],
)  # fmt: skip
def test_a_timestamp_header_of_another_shape_is_refused(header: str) -> None:
    assert signing.read_timestamp(header) is None


def test_a_timestamp_of_ten_digits_is_read() -> None:
    assert signing.read_timestamp(TIMESTAMP) == 1768478058


def test_the_window_is_five_minutes_both_ways_ends_included() -> None:
    now = 1768478058.0
    assert signing.is_fresh(1768478058 - 300, now)
    assert signing.is_fresh(1768478058 + 300, now)
    assert not signing.is_fresh(1768478058 - 301, now)
    assert not signing.is_fresh(1768478058 + 301, now)


def test_messages_without_separators_are_ambiguous_so_grammar_must_come_first() -> None:
    """The trap itself, written down: these equalities are why every part is validated before."""
    assert signing.topup_message(TIMESTAMP, "8" * 19, "1-abc") == signing.topup_message(
        TIMESTAMP, "8" * 19 + "1", "-abc"
    )
    assert signing.webhook_message(TIMESTAMP, "order.status_changed", "550e") == (
        signing.webhook_message(TIMESTAMP, "order.status_change", "d550e")
    )
    assert signing.order_message(TIMESTAMP, "sku", "id") == (
        signing.webhook_message(TIMESTAMP, "sku", "id")
    )
