"""The documents: no link leads nowhere, and every command a reader is told to type exists."""

import re
from pathlib import Path

import pytest

from devtools import configuration
from tests.house.tree import ROOT, name, tracked

PAGES = tracked("*.md")
PARTS = ["Context", "Decision", "Consequences"]
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_every_make_target_the_documents_name_exists() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"(?:`|^    )make ([a-z-]+)", text, re.MULTILINE))
    assert "run" in named
    assert named <= TARGETS


def test_help_lists_every_target() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony is not None
    assert set(phony.group(1).split()) == TARGETS


def test_every_decision_is_in_the_list_and_has_its_three_parts() -> None:
    listed = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    for decision in tracked("docs/adr/0*.md"):
        text = decision.read_text(encoding="utf-8")
        assert decision.name in listed
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == PARTS


def test_the_reference_of_variables_is_what_the_settings_read() -> None:
    """`make configuration` writes it anew."""
    written = configuration.PAGE.read_text(encoding="utf-8")
    assert written == configuration.page()
    assert set(configuration.readers()) == {one.name for one in configuration.variables()}
    assert "### `PARTNER_API_SECRET`" in written
