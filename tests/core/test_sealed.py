"""A sealed value opens in its own row, under a key of the ring, and nowhere else."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from partner_api.secret import Secret
from storefront.core.sealed import CannotOpen, blind_index, blind_indexes, open_sealed, seal

CODE = Secret("ABCD-EFGH-JKLM")
OLD_KEY, NEW_KEY = os.urandom(32), os.urandom(32)


@given(st.text())
def test_what_was_sealed_opens_again(text: str) -> None:
    assert open_sealed(seal(Secret(text), context="row 1"), context="row 1").reveal() == text


def test_the_plain_text_is_not_in_the_sealed_value() -> None:
    assert CODE.reveal().encode() not in seal(CODE, context="row 1")


def test_the_same_code_is_sealed_differently_each_time() -> None:
    assert seal(CODE, context="row 1") != seal(CODE, context="row 1")


def test_a_value_copied_into_another_row_stays_shut() -> None:
    sealed = seal(CODE, context="row 1")

    with pytest.raises(CannotOpen):
        open_sealed(sealed, context="row 2")


@pytest.mark.parametrize("position", [0, 3, 8, -1])
def test_a_damaged_value_stays_shut(position: int) -> None:
    sealed = bytearray(seal(CODE, context="row 1"))
    sealed[position] ^= 1

    with pytest.raises(CannotOpen):
        open_sealed(bytes(sealed), context="row 1")


def test_an_old_key_of_the_ring_still_opens(settings: Settings) -> None:
    settings.PIN_KEYS = (OLD_KEY,)
    sealed = seal(CODE, context="row 1")

    settings.PIN_KEYS = (NEW_KEY, OLD_KEY)

    assert open_sealed(sealed, context="row 1") == CODE
    assert seal(CODE, context="row 1")[1:5] != sealed[1:5]


def test_a_lost_key_opens_nothing(settings: Settings) -> None:
    settings.PIN_KEYS = (OLD_KEY,)
    sealed = seal(CODE, context="row 1")

    settings.PIN_KEYS = (NEW_KEY,)

    with pytest.raises(CannotOpen):
        open_sealed(sealed, context="row 1")


def test_equal_codes_are_recognised_under_every_key_of_the_ring(settings: Settings) -> None:
    settings.PIN_KEYS = (OLD_KEY,)
    under_old = blind_index(CODE)

    settings.PIN_KEYS = (NEW_KEY, OLD_KEY)

    assert under_old in set(blind_indexes(CODE))
    assert blind_index(CODE) != under_old
    assert blind_index(CODE) != blind_index(Secret("another"))


def test_the_failure_does_not_tell_the_secret() -> None:
    with pytest.raises(CannotOpen) as failure:
        open_sealed(seal(CODE, context="row 1"), context="row 2")

    assert CODE.reveal() not in repr(failure.value)
