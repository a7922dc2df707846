"""The drawn card: always the same, always readable, never a way in for somebody else's markup."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.core.art import DOTS, PATTERNS, TONES, product_art

KINDS = ["voucher", "voucher_open_range", "recharge", "recharge_fixed", "esim", "other", "new"]
LONG = "A gift card whose name somebody wrote without a thought for small cards " * 6
NAMES = [
    "Apple",
    "PlayStation Store",
    "Яндекс Плюс",
    "Достопримечательности",
    "Donaudampfschifffahrtsgesellschaft",
    "任天堂",
    "H&M <b>bold</b>",
    LONG,
]
# Nothing is drawn nearer than this to the card's edge.
MARGIN = 18


def draw(name: str = "Apple", brand: str = "", country: str = "US", label: str = "$25") -> str:
    return product_art(name, brand, country, label, "voucher")


def words(svg: str) -> list[ET.Element]:
    # Our own drawing, a moment old.
    return list(ET.fromstring(svg).iter("text"))  # noqa: S314


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_the_same_words_draw_the_same_card() -> None:
    first = draw()
    product_art.cache_clear()

    assert draw() == first


def test_a_card_is_the_same_in_both_languages() -> None:
    assert product_art("Apple card", "Apple", "US", "", "voucher") == product_art(
        "Карта Apple", "Apple", "US", "", "voucher"
    )
    japan, japan_ru = (product_art(n, "", "JP", "", "esim") for n in ("eSIM | Japan", "Япония"))
    assert japan.partition("<text")[0] == japan_ru.partition("<text")[0]


def test_another_country_draws_another_card() -> None:
    cards = (product_art("Card", "Apple", code, "", "voucher") for code in ("US", "DE", "JP", "AE"))
    assert len({card.partition("<text")[0] for card in cards}) > 1


def test_case_and_spaces_do_not_change_the_colours() -> None:
    assert draw("Apple  gift card", brand="Apple") == draw("apple Gift Card", brand="Apple")


@pytest.mark.parametrize("tones", TONES, ids=lambda tones: tones[0])
def test_words_read_on_either_tone(tones: tuple[str, str, str]) -> None:
    ground, figure, ink = tones

    assert contrast(ink, ground) >= 4.5
    assert contrast(ink, figure) >= 4.5


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_a_card_is_well_formed_and_light(kind: str, name: str) -> None:
    svg = product_art(name, "", "US", "$1,000 – $5,000", kind)

    assert ET.fromstring(svg).get("viewBox") == "0 0 320 200"  # noqa: S314
    assert len(svg.encode()) < 1500


def test_each_kind_has_patterns_of_its_own() -> None:
    assert PATTERNS["voucher"] != PATTERNS["esim"] != PATTERNS["recharge"] != DOTS


def test_the_brand_is_what_stands_large() -> None:
    sizes = {str(text.text): int(text.get("font-size", 0)) for text in words(draw(brand="Steam"))}

    assert max(sizes, key=lambda line: sizes[line]) == "Steam"


def test_without_a_brand_the_name_is_set() -> None:
    assert "Apple" in [text.text for text in words(draw("Apple", brand=""))]


def test_country_and_denomination_may_be_missing() -> None:
    assert [text.text for text in words(draw(country="", label=""))] == ["Apple"]


def test_a_word_too_long_for_the_card_ends_in_dots() -> None:
    lines = [str(text.text) for text in words(draw("W" * 60, country="", label=""))]

    assert lines == [lines[0]]
    assert lines[0].endswith("…")


def test_a_long_name_keeps_to_three_lines_and_says_that_it_goes_on() -> None:
    lines = [str(text.text) for text in words(draw(LONG, country="", label=""))]

    assert len(lines) == 3
    assert lines[-1].endswith("…")


def test_markup_in_a_name_stays_text() -> None:
    svg = draw('<script>alert("x")</script>', brand='"><script>', country="<b>", label="</svg>")

    assert "<script" not in svg
    assert svg.count("</svg>") == 1


@given(st.text(max_size=80), st.text(max_size=30), st.text(max_size=5), st.text(max_size=30))
def test_whatever_is_written_the_words_stay_on_the_card(
    name: str, brand: str, country: str, label: str
) -> None:
    for text in words(draw(name, brand, country, label)):
        assert int(text.get("font-size", 0)) > 8
        assert MARGIN < int(text.get("x", 0)) < 320 - MARGIN
        assert MARGIN < int(text.get("y", 0)) < 200 - MARGIN
