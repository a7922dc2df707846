"""What the house tests look at: the tracked files and their syntax trees."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def tracked(*patterns: str) -> list[Path]:
    """The files git knows, or will know with the next commit; those just deleted are left out."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    files = [ROOT / line for line in listed.stdout.splitlines()]
    return sorted(file for file in files if file.is_file())


def sources(*packages: str) -> list[Path]:
    """The Python files of these packages; what Django wrote as migrations is left out."""
    files = tracked(*(f"{package}/*.py" for package in packages))
    return [file for file in files if "migrations" not in file.parts]


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()
