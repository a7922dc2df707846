"""A code on the page: grouped for the eye, and exactly itself for everything else."""

import re

from hypothesis import given
from hypothesis import strategies as st

from storefront.core.templatetags.codes import grouped

# The alphabet codes are made of; markup has its own test.
CODES = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="<>&\"'"))


def text(markup: str) -> str:
    return re.sub(r"</?span>", "", markup)


@given(CODES)
def test_the_text_of_a_grouped_code_is_exactly_the_code(code: str) -> None:
    assert text(grouped(code)) == code


def test_a_bare_code_is_cut_into_fours() -> None:
    assert grouped("1234567890") == "<span>1234</span><span>5678</span><span>90</span>"


def test_a_code_with_its_own_groups_is_left_as_it_is() -> None:
    assert grouped("XXYZ-1234-ABCD") == "XXYZ-1234-ABCD"


def test_markup_in_a_code_stays_text() -> None:
    assert "<b" not in grouped("<b>code") + grouped("<b>-code")


def test_an_lpa_string_is_left_whole() -> None:
    assert grouped("LPA:1$smdp.example$K7QF") == "LPA:1$smdp.example$K7QF"
