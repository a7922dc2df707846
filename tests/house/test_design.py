"""docs/design.md is true to the styles: what it names exists, and what it measures is so."""

import re

from tests.house.tree import ROOT

PAGE = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
STYLES = {
    file.name: re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    for file in (ROOT / "static" / "css").rglob("*.css")
}
TOKENS = dict(re.findall(r"(--[a-z0-9-]+):\s*([^;]+);", STYLES["tokens.css"]))
# Set where they are used, for themselves and what is inside.
ALL = "\n".join(STYLES.values())
DEFINED = set(re.findall(r"(--[a-z0-9-]+):", ALL))


def test_every_token_the_page_names_exists_and_every_token_is_named() -> None:
    named = set(re.findall(r"`(--[a-z0-9-]+)`", PAGE))
    # "`--text-s` 13 px, `-m` 16" names a row of them.
    named |= {f"--text{end}" for end in re.findall(r"`(-(?:[a-z]|[0-9]?xl))`", PAGE)}
    assert sorted(named - DEFINED) == []
    assert sorted(set(TOKENS) - named) == []


def test_sizes_and_distances_are_those_of_the_page() -> None:
    for name, pixels in re.findall(r"`(--s\d)` (\d+)", PAGE):
        assert TOKENS[name] == f"{pixels}px"
    assert TOKENS["--text-s"] == f"{13 / 16}rem"
    assert re.search(r"`--quick`, (\d+) ms", PAGE)
    assert TOKENS["--quick"].startswith(re.findall(r"`--quick`, (\d+) ms", PAGE)[0] + "ms")
    assert TOKENS["--tap"] == re.findall(r"`--tap` \((\d+) px\)", PAGE)[0] + "px"


def test_no_style_uses_a_token_that_is_not_there() -> None:
    used = set(re.findall(r"var\((--[a-z0-9-]+)", ALL))
    assert sorted(used - DEFINED) == []
    assert sorted(set(TOKENS) - used - {"--accent-hue"}) == []


def test_every_part_the_page_names_is_styled() -> None:
    table = PAGE.partition("## Parts")[2].partition("##")[0]
    parts = {
        word
        for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
        for word in re.findall(r"`([a-z-]+)`", row)
    }
    assert len(parts) > 15
    assert sorted(part for part in parts if not re.search(rf"[.&]{part}\b", ALL)) == []
