"""What holds of every page the shop can show, in both languages: nothing inline for the policy to
block, links that lead somewhere, ids that are one, and hooks that are where they were promised.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.views import defaults
from pytest_django import Settings

from storefront.orders.states import Status
from tests.shopping import (
    Customer,
    Elements,
    bring,
    hooked,
    let_in,
    order_in,
    pay_page,
    reprice,
    reveal_page,
    stock,
)

pytestmark = pytest.mark.django_db

NASTY = "\"><script src=//evil.example></script><b onclick=x style='x'>"


def home(prefix: str) -> Any:
    stock()
    return Client().get(f"{prefix}/")


def empty_home(prefix: str) -> Any:
    return Client().get(f"{prefix}/")


def shelf(prefix: str) -> Any:
    for number in range(30):
        stock(f"Card {number}")
    return Client().get(f"{prefix}/products/?q=card&sort=price&type=voucher")


def nothing_found(prefix: str) -> Any:
    return Client().get(f"{prefix}/products/", {"q": NASTY, "country": NASTY})


def product(prefix: str) -> Any:
    stock(NASTY, product={"slug": "nasty", "brand": NASTY}, name_en=NASTY)
    return Client().get(f"{prefix}/products/nasty/")


def sold_out(prefix: str) -> Any:
    stock(stock=0)
    return Client().get(f"{prefix}/products/apple/")


def refused_choice(prefix: str) -> Any:
    return Client().post(f"{prefix}/cart/add/", {"sku": stock().pk, "quantity": "-1"})


def empty_cart(prefix: str) -> Any:
    return Client().get(f"{prefix}/cart/")


def cart(prefix: str) -> Any:
    alice = Customer()
    alice.add(stock(NASTY, product={"slug": "nasty"}), 2)
    return alice.get(f"{prefix}/cart/")


def cart_with_news(prefix: str) -> Any:
    alice = Customer()
    for sku in (apple := stock(), stock("Steam")):
        alice.add(sku)
    reprice(apple, "12.00")
    return alice.get(f"{prefix}/cart/")


def checkout(prefix: str) -> Any:
    alice = Customer()
    alice.add(stock())
    return alice.get(f"{prefix}/checkout/")


def checkout_with_errors(prefix: str) -> Any:
    alice = Customer()
    alice.add(stock())
    return alice.post(f"{prefix}/checkout/", {"email": NASTY})


def payment(prefix: str) -> Any:
    alice = Customer()
    return alice.get(prefix + pay_page(alice.order().payments.get()))


def decided_payment(prefix: str) -> Any:
    alice = Customer()
    return alice.get(prefix + pay_page(alice.paid_order().payments.get()))


def order(status: Status) -> Callable[[str], Any]:
    def page(prefix: str) -> Any:
        alice, placed = Customer(), order_in(status)
        let_in(alice, placed)
        if status in {Status.COMPLETED, Status.PARTIALLY_COMPLETED}:
            bring(placed, "PIN-1", "PIN-2")
        return alice.get(f"{prefix}/orders/{placed.number}/")

    page.__name__ = f"order_{status}"
    return page


def revealed(prefix: str) -> Any:
    alice, placed = Customer(), order_in(Status.COMPLETED)
    let_in(alice, placed)
    return alice.post(prefix + reveal_page(placed, bring(placed, NASTY)))


def mailbox(prefix: str) -> Any:
    return Client().get(f"{prefix}/demo/mail/")


def not_found(prefix: str) -> Any:
    return Client().get(f"{prefix}/nothing/{NASTY}/")


def forged(prefix: str) -> Any:
    return Client(enforce_csrf_checks=True).post(f"{prefix}/checkout/")


def forbidden(prefix: str) -> Any:
    return defaults.permission_denied(RequestFactory().get("/"), PermissionError())


def bad_request(prefix: str) -> Any:
    return Client(headers={"host": "evil.example"}).get(f"{prefix}/")


def broken(prefix: str) -> Any:
    return defaults.server_error(RequestFactory().get("/"))


SHOWN = [
    home, empty_home, shelf, nothing_found, product, sold_out, refused_choice, empty_cart, cart,
    cart_with_news, checkout, checkout_with_errors, payment, decided_payment, revealed, mailbox,
    not_found, forged, forbidden, bad_request, broken, *map(order, Status),
]  # fmt: skip
# Made without the middleware, to see what their templates do alone.
ALONE = {forbidden, broken}
# Whole addresses, one of them in the other language; tests/catalog/test_engines.py reads them.
TOLD_TO_ENGINES = {"canonical", "alternate"}
POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'",
    "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    "manifest-src 'self'",
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """A page as it came."""

    html: str
    language: str
    headers: Any

    @property
    def page(self) -> Elements:
        return Elements(self.html)


def nothing_inline(seen: Seen) -> None:
    """What the policy would block is not there to begin with."""
    for tag, attributes in seen.page.tags:
        assert tag not in {"style", "iframe", "object", "embed", "base"}
        # A data block is not a script: browsers never run it, so the policy lets it be.
        is_data = attributes.get("type") == "application/ld+json"
        is_ours = attributes.get("src", "").startswith("/static/")
        assert tag != "script" or is_data or is_ours, attributes
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith(("on", "hx-on", "hx-vals"))]
        assert "javascript:" not in "".join(attributes.values())


def the_strict_policy(seen: Seen) -> None:
    directives = {part.strip() for part in seen.headers["Content-Security-Policy"].split(";")}
    assert directives == POLICY


def links_that_stay(seen: Seen) -> None:
    """On this site, and in this language."""
    leading = [(tag, a) for tag, a in seen.page.tags if a.get("rel") not in TOLD_TO_ENGINES]
    for tag, attributes in leading:
        for name in ("href", "src", "hx-get", "hx-post"):
            if name in attributes:
                assert re.match(r"/(?!/)|#\w", attributes[name]), (tag, name, attributes[name])
    for element in (attributes for _, attributes in leading if "href" in attributes):
        if not element["href"].startswith(("/static/", "/language/", "#")):
            assert element["href"].startswith("/ru/") == (seen.language == "ru"), element


def tokens_in_forms(seen: Seen) -> None:
    """In each that changes something, and in no address."""
    for form in re.findall(r"<form\b.*?</form>", seen.html, re.DOTALL):
        elements = Elements(form)
        changes = elements.tags[0][1].get("method", "").lower() == "post"
        assert bool(elements.having("name", "csrfmiddlewaretoken")) == changes


def one_of_each(seen: Seen) -> None:
    """One headline, one main part, one title, and every id once; what points at an id finds it."""
    tags = [tag for tag, _ in seen.page.tags]
    assert (tags.count("h1"), tags.count("main"), tags.count("title")) == (1, 1, 1)
    ids = [element["id"] for element in seen.page.having("id")]
    assert len(ids) == len(set(ids))
    for element in seen.page.having("aria-describedby"):
        assert set(element["aria-describedby"].split()) <= set(ids)
    for element in seen.page.having("for"):
        assert element["for"] in ids


def the_language_of_its_address(seen: Seen) -> None:
    assert dict(seen.page.tags)["html"]["lang"] == seen.language


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("show", SHOWN, ids=lambda show: show.__name__)
def test_a_page_is_sound(
    show: Callable[[str], Any], language: str, settings: Settings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    answer = show("/ru" if language == "ru" else "")
    html = answer.content.decode()
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert html.lstrip().lower().startswith("<!doctype html>")
    seen = Seen(html, language, answer.headers)
    for holds in (nothing_inline, tokens_in_forms, one_of_each):
        holds(seen)
    if show not in ALONE:
        for holds in (the_strict_policy, the_language_of_its_address, links_that_stay):
            holds(seen)


def test_a_demonstration_says_so_on_every_page(settings: Settings) -> None:
    assert "demo-banner" in home("").content.decode()
    settings.DEMO = False
    assert "demo-banner" not in Client().get("/").content.decode()


def test_the_promised_hooks_of_buying_are_there() -> None:
    apple = stock()
    alice = Customer()
    for path, hooks in (
        ("/", ["product-card", "search-input", "language-en", "language-ru"]),
        ("/products/apple/", ["sku-option", "quantity", "add-to-cart"]),
    ):
        page = alice.get(path).content.decode()
        assert all(hooked(page, hook) for hook in hooks)
    assert hooked(page, "sku-option")[0]["value"] == str(apple.pk)
    alice.add(apple)
    page = alice.get("/cart/").content.decode()
    assert all(hooked(page, hook) for hook in ("cart-line", "cart-total", "go-to-checkout"))
    page = alice.get("/checkout/").content.decode()
    assert all(hooked(page, hook) for hook in ("checkout-email", "place-order"))
    assert len(hooked(page, "checkout-consent")) == 2
    assert not [box for box in hooked(page, "checkout-consent") if "checked" in box]
