"""An owner's colour and logo: on every page, in every browser's cache, and readable."""

import re
import runpy
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from storefront.core import logs
from storefront.core.theme import (
    CHROMA,
    HUE,
    LARGEST_LOGO,
    LEAST_CONTRAST,
    Theme,
    UnusableTheme,
    contrast,
    read_theme,
)
from tests.house.tree import ROOT
from tests.shopping import Elements

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><path d="M0 0h90v30H0z"/></svg>'
GREEN = 150.0


@pytest.fixture
def logo(tmp_path: Path) -> str:
    """A picture of the owner's."""
    file = tmp_path / "logo.svg"
    file.write_text(SVG)
    return str(file)


def sheets(client: Client) -> list[str]:
    """The style sheets of the first page, in their order."""
    page = Elements(client.get("/").content.decode())
    return [link["href"] for link in page.having("rel", "stylesheet")]


@pytest.mark.django_db
def test_a_shop_that_says_nothing_looks_as_drawn_and_loads_nothing_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(logs, "configure_logging", lambda **_: None)
    assert runpy.run_path("storefront/settings.py")["THEME"] == Theme()
    stranger = Client()
    assert not [sheet for sheet in sheets(stranger) if "theme" in sheet]
    assert stranger.get("/theme.css").status_code == 404
    assert stranger.get("/logo").status_code == 404


@pytest.mark.django_db
def test_colour_and_logo_are_on_the_pages_and_may_be_kept(settings: Settings, logo: str) -> None:
    settings.THEME = read_theme(GREEN, 0.12, logo)
    stranger = Client()
    linked = sheets(stranger)
    (ours,) = [sheet for sheet in linked if sheet.startswith("/theme.css?v=")]
    assert linked.index(ours) == 1, "after the tokens it changes"
    rules = stranger.get(ours)
    assert "--accent-hue: 150;" in rules.content.decode()
    assert rules["Content-Type"].startswith("text/css")
    picture = Elements(stranger.get("/").content.decode()).having("alt", "Kiosk")[0]
    shown = stranger.get(picture["src"])
    assert (shown["Content-Type"], shown.content.decode()) == ("image/svg+xml", SVG)
    for answer in (rules, shown):
        assert "immutable" in answer["Cache-Control"]
        assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "sandbox" in shown["Content-Security-Policy"], "a hostile picture is no page of ours"
    other = read_theme(GREEN, 0.13, logo)
    assert other.rules_version not in ours, "a change has an address of its own"


def test_what_is_drawn_and_what_is_counted_are_the_same_colour() -> None:
    tokens = (ROOT / "static" / "css" / "tokens.css").read_text()
    assert f"--accent-hue: {HUE:g};" in tokens
    assert f"--accent-chroma: {CHROMA:g};" in tokens
    assert re.search(r"--accent: light-dark\(\s*oklch\(0\.49 ", tokens)
    assert "--sunken: light-dark(oklch(0.945 0.012 85)" in tokens


def test_black_on_white_counts_as_it_should() -> None:
    """A grey of this lightness is #606060, whose contrast on the darkest ground is 5.3."""
    assert contrast(0, 0) == pytest.approx(5.3, abs=0.1)


@pytest.mark.parametrize("hue", range(0, 361, 15))
def test_a_colour_is_readable_or_refused(hue: int) -> None:
    strongest = [chroma / 100 for chroma in range(31) if contrast(hue, chroma / 100) >= 4.5][-1]
    assert strongest >= 0.14, "no hue is closed"
    assert read_theme(hue, strongest, "").rules
    if strongest < 0.3:
        assert contrast(hue, strongest + 0.01) < LEAST_CONTRAST
        with pytest.raises(UnusableTheme, match="ACCENT_CHROMA"):
            read_theme(hue, strongest + 0.01, "")


def test_a_logo_is_a_small_picture(tmp_path: Path) -> None:
    big, none = tmp_path / "big.png", tmp_path / "none.webp"
    big.write_bytes(b"x" * (LARGEST_LOGO + 1))
    none.touch()
    for file in (big, none, tmp_path, tmp_path / "logo.html"):
        with pytest.raises(UnusableTheme, match="STORE_LOGO"):
            read_theme(HUE, CHROMA, str(file))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_browser_shows_both(
    live_server: LiveServer, page: Page, settings: Settings, logo: str
) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(live_server.url)
    drawn = "getComputedStyle(document.documentElement).getPropertyValue('--accent-hue').trim()"
    assert page.evaluate(drawn) == "264"
    settings.THEME = read_theme(GREEN, 0.12, logo)
    page.goto(live_server.url)
    assert page.evaluate(drawn) == "150"
    box = page.locator(".brand img").bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (96, 32)
    assert not complaints
