"""`{% once %}`: drawn once for each language and value, and every time where no pages are kept."""

from typing import Any

import pytest
from django.template import Context, Template
from django.utils.translation import override

TEXT = "{% load once %}{% once who %}{{ who }} {{ number }}{% endonce %}"


@pytest.fixture(autouse=True)
def kept(settings: Any) -> None:
    settings.PAGE_CACHE_BYTES = 2**20


def test_a_part_is_drawn_once_for_each_value_and_language() -> None:
    template = Template(TEXT)

    def drawn(who: str, number: int) -> str:
        return template.render(Context({"who": who, "number": number}))

    assert drawn("alice", 1) == "alice 1"
    assert drawn("alice", 2) == "alice 1"
    assert drawn("<b>", 3) == "&lt;b&gt; 3"
    with override("ru"):
        assert drawn("alice", 4) == "alice 4"
    assert drawn("alice", 5) == "alice 1"


def test_what_is_remembered_is_bounded() -> None:
    template = Template(TEXT)
    for number in range(120):
        template.render(Context({"who": number, "number": number}))
    (part,) = (node for node in template.nodelist if hasattr(node, "_drawn"))
    assert 0 < len(part._drawn) <= 50


def test_whoever_edits_templates_sees_every_change(settings: Any) -> None:
    settings.PAGE_CACHE_BYTES = 0
    template = Template(TEXT)
    drawn = [template.render(Context({"who": "a", "number": number})) for number in (1, 2)]
    assert drawn == ["a 1", "a 2"]
