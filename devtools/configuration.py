"""Writes docs/configuration.md: every variable, from `.env.example`, which explains them, and from
the settings, which read them. `python -m devtools.configuration`.
"""

import ast
import re
from textwrap import fill
from typing import NamedTuple

from devtools.services import ROOT

PAGE = ROOT / "docs" / "configuration.md"
HEAD = """# Configuration

Everything is told by environment variables; the shop reads no file by itself. In a shop for real
money (`DEBUG` and `DEMO` off) whatever must be given and is missing, weak or only good for a
demonstration stops the start, all of it named at once. This page is made by `make configuration`
from [.env.example](../.env.example) and `storefront/settings.py`.
"""
KINDS = {
    "bool": "0 or 1",
    "int": "A whole number",
    "float": "A number",
    "list": "A list, with commas",
}
# The settings' own readers of what a real shop can't do without.
NEEDED = {"_secret", "_secrets", "_key_ring", "_address"}


class Variable(NamedTuple):
    """What is said of one: its section, its name, what stands in the example, and why."""

    section: str
    name: str
    example: str
    about: str


def variables() -> list[Variable]:
    """In the order of `.env.example`, without those that only compose reads."""
    found, section, about = list[Variable](), "", list[str]()
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
        if title := re.match(r"# --- (.*?) -*$", line):
            section, about = title[1], []
        elif line.startswith("#"):
            about.append(line[1:])
        elif line:
            name, _, example = line.partition("=")
            found.append(Variable(section, name, example, "\n".join(about)))
            about = []
        else:
            about = []
    return found


def readers() -> dict[str, str]:
    """How the settings read each: what it may be, and what it is when nothing is said."""
    text = (ROOT / "storefront" / "settings.py").read_text(encoding="utf-8")
    served = set(re.findall(r'\("([A-Z_]+)", _?[A-Z_]+, \{', text)) | {"EMAIL_URL"}
    said = {}
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=func, args=[ast.Constant(value=str(name)), *default]):
                reader = ast.unparse(func).removeprefix("env.")
            case _:
                continue
        if reader in NEEDED or name in served:
            said[name] = "Must be given."
        elif re.fullmatch(r"env\.[a-z]+", ast.unparse(func)):
            said[name] = _default(reader, default)
    return said


def _default(reader: str, default: list[ast.expr]) -> str:
    kind = f"{KINDS[reader]}. " if reader in KINDS else ""
    match default:
        case [ast.Constant(value=value)] if value not in ("", None):
            shown = f"{value:g}" if isinstance(value, float) else str(value)
            shown = str(int(value)) if isinstance(value, bool) else shown
            return f"{kind}Default: `{shown}`."
        case [ast.IfExp(orelse=ast.Constant()) as choice]:
            return f"{kind}Default: {ast.unparse(choice.body)} in a real shop.".replace("'", "`")
    return f"{kind}May be left out."


def page() -> str:
    """The whole page."""
    parts, section, said = [HEAD], "", readers()
    for variable in variables():
        if variable.section != section:
            section = variable.section
            parts.append(f"## {section}\n")
        rule, example = said[variable.name], variable.example
        if example and f"`{example}`" not in rule:
            rule += f" Example: `{example}`."
        parts.append(f"### `{variable.name}`\n\n{_prose(variable.about)}{rule}\n")
    return "\n".join(parts)


def _prose(about: str) -> str:
    """Sentences as one paragraph; what stands further in is typed as it is."""
    parts = []
    for block in re.split(r"((?:^  +.*\n?)+)", about, flags=re.MULTILINE):
        if block.startswith("  "):
            parts.append("\n".join(f"    {line.strip()}" for line in block.splitlines()))
        elif block.strip():
            words = " ".join(block.split())
            parts.append(fill(words, 120, break_long_words=False, break_on_hyphens=False))
    return "".join(f"{part}\n\n" for part in parts)


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(variables())} variables")


if __name__ == "__main__":
    main()
