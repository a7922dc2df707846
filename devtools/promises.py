"""What docs/promises.md states and what the tests show: `python -m devtools.promises [F01 ...]`.

The page names the faults; which tests show each of them is read from the tests when somebody asks,
so that no list of names grows old. A test bears a fault's id as `@pytest.mark.fault("F01")`, on
itself or on a case of its own, or in its name: `test_f01_...`.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "promises.md"
CITING = (PAGE, ROOT / "SECURITY.md")
_ROW = re.compile(r"^\| (F\d{2,3}) \| (.+?) \| (.+?) \|$", re.MULTILINE)
_NAMED = re.compile(r"test_f(\d{2,3})_")
_OPEN = re.compile(r"^Not shown yet: (.*)$", re.MULTILINE)
_CITED = re.compile(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`")


def stated() -> dict[str, tuple[str, str]]:
    """By id: what goes wrong, and what then holds."""
    return {found[1]: (found[2], found[3]) for found in _ROW.finditer(PAGE.read_text())}


def admitted() -> set[str]:
    """The ids of which the page says that nothing shows them yet."""
    found = _OPEN.search(PAGE.read_text())
    return set(re.findall(r"F\d{2,3}", found[1])) if found else set()


def cited() -> list[tuple[str, str]]:
    """The tests our pages name by themselves: file, and the test's name or nothing."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in CITING)
    return [(found[1], found[2] or "") for found in _CITED.finditer(text)]


def shown() -> dict[str, list[str]]:
    """By id: the tests that bear it, as pytest takes them."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for fault, test in _borne(ast.parse(file.read_text(encoding="utf-8"))):
            where = f"{file.relative_to(ROOT).as_posix()}::{test}"
            if where not in found.setdefault(fault, []):
                found[fault].append(where)
    return found


def _borne(module: ast.Module) -> Iterator[tuple[str, str]]:
    of_all = [fault for node in module.body for fault in _of_module(node)]
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            yield from ((fault, node.name) for fault in of_all)
            if named := _NAMED.match(node.name):
                yield f"F{named[1]}", node.name
            for mark in node.decorator_list:
                for fault in _marks(mark):
                    yield fault, node.name


def _of_module(node: ast.stmt) -> Iterator[str]:
    """The ids in `pytestmark`, which all tests of the module bear."""
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
        yield from _marks(node.value)


def _marks(decorator: ast.expr) -> Iterator[str]:
    """The ids in `pytest.mark.fault(...)`, also where it is a case's own mark."""
    for node in ast.walk(decorator):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.fault":
            yield from (str(word.value) for word in node.args if isinstance(word, ast.Constant))


def main(wanted: list[str]) -> int:
    """Print each fault with its tests; 1 when one is neither shown nor admitted."""
    tests, open_ones = shown(), admitted()
    unproven = []
    for fault, (trouble, outcome) in stated().items():
        if wanted and fault not in wanted:
            continue
        print(f"{fault}  {trouble}: {outcome}")
        print(*(f"     {test}" for test in tests.get(fault, ["nothing shows it yet"])), sep="\n")
        if fault not in tests and fault not in open_ones:
            unproven.append(fault)
    if unproven:
        print("neither shown nor said to be open:", *unproven)
    return 1 if unproven else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
