"""What templates promise, read from their text: no inline code, the agreed hooks, small files."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Mail readers know no style sheets; mails have no content security policy.
PAGES = [path for path in TEMPLATES if "emails" not in path.parts]
# What tests and scripts from outside may look for, wherever it is written.
HOOKS = [
    "product-card",
    "search-input",
    "sku-option",
    "custom-amount",
    "quantity",
    "add-to-cart",
    "cart-line",
    "cart-total",
    "go-to-checkout",
    "place-order",
    "pay-now",
    "pay-decline",
    "order-number",
    "order-status",
    "delivery",
    "reveal",
    "code",
    "serial",
    "expiry",
    "form-error",
]
LARGEST_TEMPLATE, MOST_COMPONENTS = 120, 12


def name(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_has_no_inline_style_or_script(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    scripts = re.findall(r"<script[^>]*>", text)
    assert all("src=" in tag or 'type="application/ld+json"' in tag for tag in scripts)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_asks_in_the_background_stands_on_something_that_works_without(page: Path) -> None:
    """A link or a form with its own address, an input of a form, or a part that renews itself."""
    text = re.sub(r"{%.*?%}", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)

    for tag in re.findall(r"<[a-z]+\b[^<>]*\bhx-(?:get|post)=[^<>]*>", text):
        assert re.search(r"\b(href|action|name|data-live)\b", tag), tag


@pytest.mark.parametrize("hook", HOOKS)
def test_every_agreed_hook_is_on_some_page(hook: str) -> None:
    assert any(f'data-testid="{hook}"' in page.read_text(encoding="utf-8") for page in PAGES)


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_template_stays_small(template: Path) -> None:
    assert len(template.read_text(encoding="utf-8").splitlines()) <= LARGEST_TEMPLATE


def test_components_stay_few() -> None:
    assert len(list((ROOT / "templates" / "_components").iterdir())) <= MOST_COMPONENTS


def test_nothing_is_loaded_from_elsewhere() -> None:
    files = [*PAGES, *(ROOT / "static").rglob("*.css"), *(ROOT / "static").rglob("*.js")]
    texts = {path: path.read_text(encoding="utf-8") for path in files}

    assert not [path for path, text in texts.items() if re.search(r"https?://|@import", text)]
