"""docs/promises.md keeps its word: each fault it names is shown by a test that bears its id, or is
said to be open; each id a test bears is explained; what the page cites exists.
"""

from devtools import promises
from tests.house.tree import ROOT


def test_each_fault_is_shown_or_said_to_be_open() -> None:
    assert sorted(set(promises.stated()) - set(promises.shown()) - promises.admitted()) == []


def test_each_id_a_test_bears_is_explained() -> None:
    assert sorted(set(promises.shown()) - set(promises.stated())) == []
    assert sorted(promises.admitted() - set(promises.stated())) == []


def test_each_test_that_promises_or_security_cite_exists() -> None:
    gone = [
        f"{file}::{name}"
        for file, name in promises.cited()
        if not (ROOT / file).exists() or (name and f"def {name}(" not in (ROOT / file).read_text())
    ]
    assert gone == []


def test_it_tells_the_tests_of_a_fault() -> None:
    file = "tests/fulfillment/test_refusals.py"
    name = "test_f10_a_known_id_is_fetched_not_bought_again"
    assert f"{file}::{name}" in promises.shown()["F10"]
