"""References are fixed in shape, and none is the start of another."""

import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.core.refs import external_id, order_number

LEG = UUID("019bc0dd-8434-7246-a0fa-a8a29b88eeee")


def test_order_numbers_can_be_read_aloud() -> None:
    for _ in range(200):
        assert re.fullmatch(r"[346789ACDEFGHJKMNPQRTWXY]{4}(-[346789ACDEFGHJKMNPQRTWXY]{4}){2}",
                            order_number())  # fmt: skip


def test_order_numbers_do_not_follow_each_other() -> None:
    assert len({order_number()[:4] for _ in range(100)}) > 90


def test_an_external_id_is_a_pure_function_of_leg_and_attempt() -> None:
    assert external_id(LEG, 1, environment="d") == "GD-AGN4BXMEGRZE-01-X"
    assert external_id(LEG, 2, environment="d") == "GD-AGN4BXMEGRZE-02-X"


@given(st.uuids(), st.integers(1, 99), st.uuids(), st.integers(1, 99))
def test_no_external_id_is_the_start_of_another(
    leg: UUID, attempt: int, other: UUID, again: int
) -> None:
    one, two = (
        external_id(leg, attempt, environment="P"),
        external_id(other, again, environment="P"),
    )
    assert one == two or not (one.startswith(two) or two.startswith(one))
    assert re.fullmatch(r"G[A-Z]-[A-Z2-7]{12}-[0-9]{2}-X", one)


@pytest.mark.parametrize("attempt", [0, 100, -1])
def test_an_attempt_out_of_range_is_refused(attempt: int) -> None:
    with pytest.raises(ValueError, match="attempt"):
        external_id(LEG, attempt, environment="P")


@pytest.mark.parametrize("environment", ["", "PP", "1", "-"])
def test_an_environment_is_one_letter(environment: str) -> None:
    with pytest.raises(ValueError, match="environment"):
        external_id(LEG, 1, environment=environment)
