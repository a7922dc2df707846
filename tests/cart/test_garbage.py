"""Bodies and addresses no browser sends: answered with words, never with an error of ours."""

import pytest

from tests.shopping import Customer, stock

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
BODIES = {
    "nothing": (FORM, b""),
    "JSON": ("application/json", b'{"sku": "x", "quantity": 1}'),
    "broken JSON": ("application/json", b"[" * 100_000),
    "no form at all": ("application/octet-stream", b"\x00\xff" * 1000),
    "text in no known alphabet": (FORM, b"sku=%ff%fe&quantity=%c3%28"),
    "half of a surrogate pair": (FORM, b"sku=%ed%a0%80&quantity=1"),
    "half a multipart": (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="sku"\r\n\r\n'),
    "a multipart without boundary": ("multipart/form-data", b"--x--"),
    "too many fields": (FORM, "&".join(f"a{n}=1" for n in range(1500)).encode()),
    "too large": (FORM, b"sku=" + b"a" * 3_000_000),
    "another alphabet asked for": (f"{FORM}; charset=utf-7", b"sku=+AGE-&quantity=1"),
    "an alphabet that does not exist": (f"{FORM}; charset=klingon", b"sku=1&quantity=1"),
}


@pytest.mark.parametrize("what", BODIES)
@pytest.mark.parametrize("path", ["/cart/add/", "/checkout/", "/ru/cart/add/"])
def test_a_body_that_is_no_form_changes_nothing(what: str, path: str) -> None:
    kind, body = BODIES[what]
    alice = Customer()
    alice.add(stock())
    before = alice.session["cart"]
    answer = alice.generic("POST", path, body, content_type=kind)
    assert answer.status_code in {302, 400, 413}
    assert alice.session["cart"] == before


ADDRESSES = [
    "/products/%ff/", "/products/" + "a" * 5000 + "/", "/orders/%00/",
    "/orders/" + "A" * 5000 + "/", "/pay/00000000-0000-0000-0000-00000000000g/",
    "/cart/{}/", "/%2e%2e/%2e%2e/etc/passwd",
    "/ru/ru/", "/RU/", "//evil.example/", "/;/", "/products/?q=%00&after=%ff&sort=%00&category=%00",
    "/products/?" + "&".join(f"q{n}=1" for n in range(1500)), "/static/../storefront/settings.py",
    "/static/%2e%2e/manage.py", "/checkout/%2F/", "/language/ru%00/", "/health/live/",
]  # fmt: skip


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_address_that_is_none_breaks_nothing(path: str) -> None:
    answer = Customer().get(path)
    assert answer.status_code in {200, 301, 400, 404}
    assert "evil.example" not in answer.get("Location", "")
