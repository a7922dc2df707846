"""The next page is made while this one is used: in order, with its errors, never left running."""

import threading
from collections.abc import Iterator

import pytest

from storefront.catalog.sync.ahead import ahead


def numbers(until: int, made: list[int]) -> Iterator[int]:
    for number in range(until):
        made.append(number)
        yield number


def test_all_of_them_come_in_order() -> None:
    with ahead(numbers(20, [])) as things:
        assert list(things) == list(range(20))


def test_an_error_comes_after_what_was_made_before_it() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError

    taken: list[int] = []

    def take() -> None:
        with ahead(failing()) as things:
            taken.extend(things)

    with pytest.raises(ZeroDivisionError):
        take()
    assert taken == [1]


def test_who_leaves_early_leaves_no_thread_and_little_work_behind() -> None:
    made: list[int] = []
    with ahead(numbers(1000, made)) as things:
        assert next(things) == 0
    assert len(made) <= 4
    assert not [thread for thread in threading.enumerate() if thread.name == "ahead"]
