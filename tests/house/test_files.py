"""The files themselves: readable in one go, saying what they are for, bound to no machine."""

import ast
import re
from pathlib import Path
from statistics import median

import pytest

from tests.house.tree import ROOT, name, parsed, sources, tracked

OURS = ("storefront", "partner_api", "devtools", "tests", "bench")
LONGEST_FILE, LONGEST_FUNCTION, MEDIAN_FILE = 400, 40, 85
# Lists, read by the entry and not in one go: a test for each trap, endpoint and bad answer.
LISTS = {
    "tests/partner_api/test_client.py",
    "tests/partner_api/test_traps.py",
    "tests/partner_api/test_transport.py",
}
TEXT = {".py", ".md", ".toml", ".txt", ".yml", ".yaml", ".html", ".css", ".js", ".po", ""}
FORBIDDEN = re.compile(r"/work/|\bpypi\.org/simple|index-url\s*=?\s*http|find-links +[/h]")


def lines(file: object) -> int:
    return len(str(file).splitlines())


@pytest.mark.parametrize("package", OURS)
def test_no_file_is_too_long_to_read_in_one_go(package: str) -> None:
    long = {name(f) for f in sources(package) if lines(f.read_text()) > LONGEST_FILE}
    assert long == {file for file in LISTS if file.startswith(f"{package}/")}


def test_the_usual_file_is_small() -> None:
    sizes = [n for f in sources("storefront") if (n := lines(f.read_text()))]
    assert median(sizes) <= MEDIAN_FILE


@pytest.mark.parametrize("package", ["storefront", "partner_api", "devtools"])
def test_no_function_is_too_long_to_understand(package: str) -> None:
    long = {}
    for file in sources(package):
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                # Its docstring explains and does not count.
                first = node.body[1] if ast.get_docstring(node) and node.body[1:] else node.body[0]
                if (n := node.end_lineno - first.lineno + 1) > LONGEST_FUNCTION:
                    long[f"{name(file)}:{node.name}"] = n
    assert long == {}


@pytest.mark.parametrize("package", OURS)
def test_every_module_says_what_it_is_for(package: str) -> None:
    silent = [
        name(file)
        for file in sources(package)
        if parsed(file).body and not ast.get_docstring(parsed(file))
    ]
    assert silent == []


def test_no_file_names_a_package_index_or_a_path_of_one_machine() -> None:
    found = {}
    for file in tracked():
        if file == Path(__file__) or file.suffix not in TEXT:
            continue
        if match := FORBIDDEN.search(file.read_text(encoding="utf-8")):
            found[name(file)] = match.group()
    assert found == {}


def locked(lock: str) -> str:
    return (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")


def pins(lock: str) -> set[str]:
    return set(re.findall(r"^(\S+==\S+)", locked(lock), re.MULTILINE))


@pytest.mark.parametrize("lock", ["production", "development"])
def test_every_locked_package_carries_hashes(lock: str) -> None:
    packages = re.findall(r"^\S+==\S+.*?(?=^\S+==|\Z)", locked(lock), re.MULTILINE | re.DOTALL)
    assert len(packages) > 40
    assert [p.splitlines()[0] for p in packages if "--hash=sha256:" not in p] == []
    assert "--index" not in locked(lock)


def test_what_production_installs_is_pinned_the_same_in_development() -> None:
    assert pins("production") <= pins("development")
