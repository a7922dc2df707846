"""Addresses, queries, headers and forms that no browser sends: an answer, never an error of ours.

The client raises what a view raises, so whatever comes back was meant.
"""

import re
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from storefront.accounts.models import User
from storefront.catalog.models import Sku
from storefront.orders.models import Delivery, Order
from tests.checkout.test_recipients import NICK, PHONE, SERVER, recharge
from tests.fuzz.nasty import address, fuzzed, fuzzed_by_few, headers, texts, written
from tests.shopping import CONSENTS, Customer, bring, fields_of, stock

pytestmark = pytest.mark.django_db

UUID = b"00000000-0000-4000-8000-000000000000"
PATHS = [
    "/", "/products/", "/esim-plans/", "/products/{}/", "/products/apple/", "/products/{}/price/",
    "/cart/", "/checkout/", "/checkout/{}/", "/pay/{}/", "/pay/{}/return/", "/orders/find/",
    "/orders/{}/", "/orders/{}/open/{}/", "/orders/{}/receipt/", "/orders/{}/codes/", "/account/",
    "/account/code/", "/account/sign-in/", "/esims/", "/esims/{}/", "/esims/{}/card/",
    "/esims/of/{}/", "/language/{}/", "/language/ru/", "/{}", "/{}/", "/static/{}",
    "/sitemap-products-{}.xml", "/admin/login/", "/demo/mail/",
]  # fmt: skip
STAFFS = [
    "/finance/", "/finance/margin/", "/finance/margin/entries/", "/finance/reconciliation/",
    "/finance/partner-ledger/", "/admin/", "/admin/system/", "/admin/orders/order/",
    "/admin/webhooks/partnerevent/", "/admin/catalog/sku/",
]  # fmt: skip
QUERY = [
    "q", "type", "country", "category", "sort", "after", "before", "min", "max", "price_min",
    "price_max", "sku", "amount", "quantity", "next", "sent", "to", "in_stock", "data", "days",
    "by", "format", "kind", "order", "scope", "product", "day", "p", "page",
]  # fmt: skip
HEADERS = [
    "accept-language", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded",
    "cookie", "referer", "origin", "user-agent", "accept", "accept-encoding", "if-none-match",
    "if-modified-since", "range", "hx-request", "hx-current-url", "hx-target", "hx-boosted",
    "hx-history-restore-request", "hx-trigger", "content-type", "content-length", "x-csrftoken",
    "x-request-id", "authorization",
]  # fmt: skip
PEERS = ["127.0.0.1", "", "::1", "fe80::1%eth0"]
FORMS = {
    "/cart/add/": ["sku", "quantity", "amount"],
    "/cart/prices/": ["csrfmiddlewaretoken"],
    f"/cart/{UUID.decode()}/": ["quantity"],
    "/products/apple/price/": ["sku", "amount", "quantity"],
    "/orders/find/": ["number", "email", "order"],
    "/orders/K7QF-3M9D-XA4T/link/": ["email"],
    "/account/sign-in/": ["email"],
    "/account/code/": ["code"],
    "/account/sign-in/passkey/": ["answer"],
    "/account/sign-in/passkey/question/": ["answer"],
    "/admin/login/": ["username", "password", "next"],
}


@pytest.fixture
def goods() -> Sku:
    """A recharge that asks for whom it is."""
    return recharge(PHONE, SERVER, NICK)


@pytest.fixture
def bought() -> tuple[Customer, Order]:
    """Alice, and her order whose code came."""
    alice = Customer(REMOTE_ADDR=address())
    order = alice.paid_order(stock())
    bring(order, "ABCD-EFGH")
    return alice, order


pairs = st.lists(st.tuples(st.sampled_from(QUERY), texts), max_size=4)


@fuzzed
@given(
    path=st.sampled_from(PATHS),
    parts=st.tuples(texts, texts),
    query=pairs,
    sent=st.dictionaries(st.sampled_from(HEADERS), headers, max_size=3),
)
@example("/", (b"", b""), [], {"referer": "http://["})
@example("/", (b"", b""), [], {"cookie": "language=\xff; session=\x01; csrf=%00"})
@example("/", (b"", b""), [], {"accept-language": "a" * 501 + ",ru;q=²"})
@example("/products/", (b"", b""), [("after", b"\xff"), ("max", b"1e400"), ("min", b"NaN")], {})
def test_any_address_with_any_query_and_headers_is_answered(
    path: str, parts: tuple[bytes, bytes], query: list[tuple[str, bytes]], sent: dict[str, str]
) -> None:
    filled = path.format(*(quote_from_bytes(part, safe="/") for part in parts))
    answer = Client(REMOTE_ADDR=address()).get(f"{filled}?{written(query)}", headers=sent)
    assert answer.status_code < 500, filled


@fuzzed
@given(
    chain=headers,
    peer=st.sampled_from(["127.0.0.1", "", "::1", "fe80::1%eth0"]),
    hops=st.integers(0, 3),
)
@example("[", "127.0.0.1", 1)
@example("1.2.3.4:99999:1", "", 1)
def test_any_chain_of_proxies_leaves_an_address_or_none(chain: str, peer: str, hops: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "TRUSTED_PROXIES", hops)
        answer = Client(REMOTE_ADDR=peer).post(
            "/orders/find/", {"number": "K7QF-3M9D-XA4T"}, headers={"x-forwarded-for": chain}
        )
    assert answer.status_code < 500


# A path, and what is typed into its fields.
forms = st.sampled_from(sorted(FORMS)).flatmap(
    lambda path: st.tuples(
        st.just(path), st.lists(st.tuples(st.sampled_from(FORMS[path]), texts), max_size=5)
    )
)


@fuzzed
@given(form=forms)
@example(("/admin/login/", [("username", b"9" * 300), ("password", b"x")]))
def test_any_form_is_answered(goods: Sku, form: tuple[str, list[tuple[str, bytes]]]) -> None:
    path, body = form[0], written(form[1])
    answer = posted(Client(REMOTE_ADDR=address()), path, body)
    assert answer.status_code < 500, (path, body)


@fuzzed_by_few
@given(
    typed=st.dictionaries(
        st.sampled_from(
            ["email", "consent_start", "consent_withdrawal", "phone", "server", "nick"]
        ),
        texts,
    ),
    country=texts,
)
def test_any_recipient_is_answered(goods: Sku, typed: dict[str, bytes], country: bytes) -> None:
    """The names of a recipient's fields are taken from the page: they carry the goods' key."""
    alice = Customer(REMOTE_ADDR=address())
    alice.add(goods)
    page = alice.get("/checkout/").content.decode()
    asked = dict.fromkeys(names_of(page), b"")
    for name in asked:
        field = name.rpartition("-")[2].rpartition("_")[2]
        asked[name] = country if field == "country" else typed.get(field, b"5")
    asked |= {name: value.encode() for name, value in (fields_of(page) | CONSENTS).items()}
    asked["email"] = typed.get("email", b"alice@example.com")
    answer = posted(alice, "/checkout/", written(list(asked.items())))
    assert answer.status_code < 500


@fuzzed
@given(query=pairs, path=st.sampled_from(STAFFS))
@example([("after", b"\xff")], "/finance/margin/")
def test_staffs_pages_answer_any_query(query: list[tuple[str, bytes]], path: str) -> None:
    olga, _ = User.objects.get_or_create(
        email="olga@example.com", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client(REMOTE_ADDR="127.0.0.1")
    client.force_login(olga, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"{path}?{written(query)}")
    assert answer.status_code < 500, query


@fuzzed_by_few
@given(number=texts, kind=texts, reason=texts)
def test_a_customers_own_order_answers_any_form(
    bought: tuple[Customer, Order], number: bytes, kind: bytes, reason: bytes
) -> None:
    alice, order = bought
    delivery = Delivery.objects.get()
    part = quote_from_bytes(number, safe="")
    for path in (
        f"deliveries/{delivery.pk}/problem/",
        "codes/",
        "link/",
        f"deliveries/{part}/reveal/",
    ):
        body = written([("format", kind), ("kind", kind), ("reason", reason), ("text", reason)])
        assert posted(alice, f"/orders/{order.number}/{path}", body).status_code < 500


def names_of(page: str) -> list[str]:
    """What the page's form sends."""
    return re.findall(r'<(?:input|select|textarea)[^>]*? name="([^"]+)"', page)


def posted(client: Client, path: str, body: str) -> Any:
    """Send it as browsers send forms."""
    return client.generic("POST", path, body.encode(), "application/x-www-form-urlencoded")
