"""A secret shows itself only to whoever asks."""

import copy
import json
import logging
import pickle

import msgspec
import pytest

from partner_api.secret import MASK, Secret

CODE = "9b329e7e9764a41c"


def test_it_is_masked_in_every_way_of_printing() -> None:
    code = Secret(CODE)
    shown = [repr(code), str(code), f"{code}", f"{code!r:>9}", f"{code!s}"]
    assert all(MASK in text and CODE not in text for text in shown)
    assert f"{code:>5}" == "  •••"
    assert CODE not in repr({"pin": [code]})


def test_it_is_masked_in_json_or_refused() -> None:
    assert json.loads(json.dumps({"pin": Secret(CODE)}, default=str)) == {"pin": MASK}
    with pytest.raises(TypeError):
        json.dumps(Secret(CODE))
    with pytest.raises(TypeError):
        msgspec.json.encode(Secret(CODE))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_is_never_pickled(protocol: int) -> None:
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(Secret(CODE), protocol=protocol)


def test_it_is_masked_in_a_log_line(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("till").warning("delivered %s", Secret(CODE))
    assert CODE not in caplog.text
    assert MASK in caplog.text


def test_it_reveals_its_text_on_request() -> None:
    assert Secret(CODE).reveal() == CODE


def test_equal_texts_are_equal_secrets_and_share_a_hash() -> None:
    assert Secret("é") == Secret("é")
    assert hash(Secret(CODE)) == hash(Secret(CODE))
    assert Secret(CODE) != Secret(CODE + "0")
    assert len({Secret(CODE), Secret(CODE), Secret("other")}) == 2


def test_it_never_equals_plain_text() -> None:
    assert Secret(CODE) != CODE
    assert Secret(MASK) != MASK


def test_it_does_not_change_and_copies_are_itself() -> None:
    code = Secret(CODE)
    with pytest.raises(AttributeError):
        code._text = "other"
    with pytest.raises(AttributeError):
        del code._text
    assert copy.copy(code) is code
    assert copy.deepcopy([code])[0] is code
    assert not hasattr(code, "__dict__")


def test_it_holds_only_text() -> None:
    with pytest.raises(TypeError):
        Secret(b"bytes")  # type: ignore[arg-type]  # the refusal is the point
