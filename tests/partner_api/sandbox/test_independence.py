"""The sandbox stands alone: the standard library, and of the client nothing but `signing`."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import partner_api.sandbox

HERE = Path(partner_api.sandbox.__file__).parent
FILES = sorted(HERE.rglob("*.py"))
#: The adapter is a piece of requests; nothing else may need it.
OUTSIDE = {"adapter.py": {"requests", "urllib3"}}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HERE)))
def test_a_module_needs_nothing_else(path: Path) -> None:
    allowed = OUTSIDE.get(path.name, set())
    for name in imported(path):
        root = name.split(".")[0]
        if root == "partner_api":
            assert name.startswith(("partner_api.sandbox", "partner_api.signing"))
        else:
            assert root in sys.stdlib_module_names | allowed, name
