"""docs/sandbox.md names everything the sandbox can be asked for, and nothing it can't."""

import argparse
import re
from pathlib import Path

import pytest

from partner_api.sandbox import plans, spoil, trouble
from partner_api.sandbox.__main__ import _parser
from partner_api.sandbox.app import Sandbox
from partner_api.sandbox.forgeries import FORGERIES
from partner_api.sandbox.outbox import MODES
from partner_api.sandbox.world import DUPLICATES

PAGE = (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text("utf-8")


def section(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}.*?(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[0]


def first_cells(title: str, table: int = 0) -> set[str]:
    """Return the words in backticks in a table's first column."""
    tables = re.findall(r"(?:^\|.*\n)+", section(title), re.MULTILINE)
    rows = tables[table].splitlines()[2:]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


@pytest.mark.parametrize(
    ("title", "table", "known"),
    [
        ("Faults of the wire", 0, trouble.FAULTS),
        ("Faults of the data", 0, spoil.FAULTS),
        ("Plans", 0, plans.KEYS),
        ("Webhooks and forgeries", 0, MODES),
        ("Webhooks and forgeries", 1, FORGERIES),
    ],
)
def test_tables_are_complete(title: str, table: int, known: object) -> None:
    assert first_cells(title, table) == set(known)  # type: ignore[call-overload]  # names


def test_every_option_is_described() -> None:
    parser: argparse.ArgumentParser = _parser()
    options = {name for action in parser._actions for name in action.option_strings}
    described = {name.split()[0] for name in first_cells("Running it")}
    assert described == options - {"-h", "--help"}


def test_every_endpoint_and_answer_to_duplicates_is_named(sandbox: Sandbox) -> None:
    text = section("Looking and steering")
    for name in [*sandbox.router.names, *DUPLICATES]:
        assert f"`{name}`" in text


def test_every_control_exists(sandbox: Sandbox) -> None:
    methods = set(re.findall(r"`(\w+)\([^`]*\)`", section("Looking and steering")))
    public = {name for name in dir(sandbox.control) if not name.startswith("_")}
    assert methods == public - {"answer"}


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
def test_the_examples_run(code: str) -> None:
    exec(compile(code, "docs/sandbox.md", "exec"), {})  # noqa: S102  our own page
