"""Every address of the shop, walked by a stranger with ids that are real and with ids that are not.

The walk reads the table of contents itself, so a route that is added is walked too; a parameter it
does not know fails it, and whoever adds one says here whether it names something private.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Permission
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern, RegexPattern, RoutePattern
from django.utils.regex_helper import normalize
from django.utils.timezone import now
from django.utils.translation import override

from storefront.accounts.models import User
from storefront.esim.models import Esim
from storefront.orders import actions as orders
from storefront.orders.models import Order, Reveal
from storefront.orders.states import Status
from storefront.payments.models import Payment
from tests.shopping import Customer, bring, fields_of, let_in, order_in, reveal_page

pytestmark = pytest.mark.django_db

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
# Names something of one customer: a stranger must not learn whether it exists.
PRIVATE = {"number", "token", "payment_id", "delivery_id", "esim_id"}
# The same for everybody, or staff's.
PUBLIC = {
    "slug": "apple", "code": "ru", "sku_id": str(uuid4()), "object_id": "1", "app_label": "orders",
    "content_type_id": "1", "url": "nothing", "user_id": "1", "id": "1", "pk": "1",
    "start": str(uuid4()),
    "line_id": str(uuid4()),  # of a cart, which is looked for in the reader's own session alone
}  # fmt: skip


@dataclass(frozen=True)
class Route:
    """One address: its name and its path with `{parameter}` in it."""

    name: str
    path: str

    @property
    def parameters(self) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", self.path))

    @property
    def is_staffs(self) -> bool:
        return self.path.startswith(("/admin/", "/finance/", "/ru/finance/"))


def routes(
    patterns: list[Any] | None = None, before: str = "/", space: str = ""
) -> Iterator[Route]:
    """Everything the shop answers at, in the active language."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = before + written(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern.url_patterns, path, inside)
        elif isinstance(pattern, URLPattern):
            yield Route(space + (pattern.name or ""), path)


def written(pattern: Any) -> str:
    """A pattern with `{name}` where it takes a parameter."""
    if isinstance(pattern, LocalePrefixPattern):
        return pattern.language_prefix
    if isinstance(pattern, RoutePattern):
        return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern))
    assert isinstance(pattern, RegexPattern)
    (text, _), *_rest = normalize(str(pattern))
    return re.sub(r"%\((\w+)\)s", r"{\1}", text)


@pytest.fixture
def alices() -> dict[str, str]:
    """What exists, and is Alice's."""
    order = order_in(Status.COMPLETED)
    payment = Payment.objects.create(
        order=order, provider="demo", amount=order.total_amount, currency="USD", created_at=now()
    )
    link = orders.link_for_mail(order=order, now=now()).reveal().rstrip("/")
    delivery = bring(order, "ALICE-PIN")
    esim = Esim.objects.create(delivery=delivery, sealed=delivery.sealed, created_at=now())
    return {
        "number": order.number,
        "payment_id": str(payment.pk),
        "delivery_id": str(delivery.pk),
        "esim_id": str(esim.pk),
        "token": link.rsplit("/", 1)[1][::-1],  # not hers: hers would let anybody in
    }


@pytest.fixture
def nobodys() -> dict[str, str]:
    """What does not exist, in the same shape."""
    return {
        "number": "AAAA-AAAA-AAAA",
        "payment_id": str(uuid4()),
        "delivery_id": str(uuid4()),
        "esim_id": str(uuid4()),
        "token": "a" * 43,
    }


@pytest.fixture
def mallory(alices: dict[str, str]) -> Customer:
    """A customer like any other."""
    return another_customer()


def test_the_walk_knows_every_parameter_and_reaches_every_corner() -> None:
    walked = list(routes())
    unknown = {name for route in walked for name in route.parameters} - PRIVATE - set(PUBLIC)
    assert unknown == set(), "say above whether this names something private"
    names = {route.name for route in walked}
    assert {
        "catalog:home", "catalog:list", "catalog:product", "cart:detail", "cart:add",
        "checkout:checkout", "checkout:pay", "checkout:pay_again", "orders:detail", "orders:open",
        "orders:reveal", "webhooks:partner", "admin:index", "admin:orders_order_changelist",
        "finance:dashboard", "finance:alerts", "finance:margin", "finance:entries", "language",
        "mailbox",
    } <= names  # fmt: skip


def another_customer() -> Customer:
    """A guest with a session and an order of her own."""
    mallory = Customer()
    mallory.paid_order(email="mallory@example.com")
    return mallory


def signed_in() -> Customer:
    """Somebody with an account and an order in it."""
    bob = another_customer()
    bob.force_login(User.objects.create_user("bob@example.com"))
    return bob


def colleague(email: str, *apps: str) -> Customer:
    """Staff who may read these apps in the admin, and change nothing."""
    user = User.objects.create_user(email, is_staff=True)
    readable = Permission.objects.filter(codename__startswith="view_")
    user.user_permissions.set(readable.filter(content_type__app_label__in=apps))
    client = Customer()
    client.force_login(user)
    return client


ROLES: dict[str, Callable[[], Customer]] = {
    "stranger": Customer,
    "another customer": another_customer,
    "signed-in customer": signed_in,
    "support": lambda: colleague("support@shop.example", "orders", "cases", "mail"),
    "finance": lambda: colleague("finance@shop.example", "ledger", "payments"),
}


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("role", ROLES)
def test_f104_no_address_tells_others_what_exists_nor_breaks(
    alices: dict[str, str], nobodys: dict[str, str], role: str, language: str
) -> None:
    mallory = ROLES[role]()
    with override(language):
        walked = [route for route in routes() if not route.is_staffs]
    for route in walked:
        for method in METHODS:
            real = getattr(mallory, method)(route.path.format(**PUBLIC, **alices))
            none = getattr(mallory, method)(route.path.format(**PUBLIC, **nobodys))
            assert real.status_code < 500, (method, route.path)
            if route.parameters & PRIVATE:
                assert b"ALICE-PIN" not in real.content
                assert real.status_code == none.status_code, (method, route.path)
                assert real.status_code in {404, 405} or method == "options", (method, route.path)
                assert real.content == none.content, (method, route.path)


def test_staffs_pages_show_a_stranger_the_way_in_and_nothing_else(
    mallory: Customer, alices: dict[str, str]
) -> None:
    ways_in = {"account_login", "admin:login", "admin:jsi18n"}
    for route in routes():
        if not route.is_staffs:
            continue
        path = route.path.format(**PUBLIC)
        for method in ("get", "post"):
            answer = getattr(mallory, method)(path)
            assert answer.status_code in {200, 302, 403, 404, 405}, (method, path)
            if answer.status_code == 200:
                assert route.name in ways_in, (method, path)
            elif answer.status_code == 302:
                assert answer["Location"].startswith(("/admin/login/", "/admin/")), (method, path)


@pytest.mark.parametrize("role", ["support", "finance"])
def test_f110_staff_read_what_is_theirs_and_never_a_code(alices: dict[str, str], role: str) -> None:
    """All pages of the admin: each opens for one of the two at most, and none holds a code."""
    olga = ROLES[role]()
    order = Order.objects.get(number=alices["number"])
    opened = set()
    for route in routes():
        if not route.is_staffs:
            continue
        path = route.path.format(**{**PUBLIC, "object_id": str(order.pk)})
        answer = olga.get(path)
        assert answer.status_code < 500, path
        assert b"ALICE-PIN" not in answer.content, path
        if answer.status_code == 200:
            opened.add(route.name)
    assert ("admin:orders_order_changelist" in opened) == (role == "support")
    assert ("admin:orders_order_change" in opened) == (role == "support")
    assert ("admin:ledger_entry_changelist" in opened) == (role == "finance")
    assert "admin:accounts_user_changelist" not in opened


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}])
def test_f107_a_form_without_its_token_is_refused_everywhere(
    alices: dict[str, str], headers: dict[str, str]
) -> None:
    """But where partner and bank post: signatures are checked, if this shop hears them at all."""
    victim = Customer(enforce_csrf_checks=True)
    others = {}
    for route in routes():
        answer = victim.post(route.path.format(**PUBLIC, **alices), headers=headers)
        if answer.status_code != 403:
            others[route.name] = answer.status_code
    assert others == {"webhooks:partner": 415, "webhooks:stripe": 404}


def test_f107_only_a_token_sent_from_our_own_pages_counts(alices: dict[str, str]) -> None:
    alice = Customer(enforce_csrf_checks=True)
    order = Order.objects.get(number=alices["number"])
    let_in(alice, order)
    page = alice.get(f"/orders/{order.number}/").content.decode()
    token = fields_of(page)["csrfmiddlewaretoken"]
    path = reveal_page(order, UUID(alices["delivery_id"]))

    elsewhere = ["https://evil.example", "null", "http://testserver.evil.example", "http://x"]
    for origin in elsewhere:
        for sent in ({"csrfmiddlewaretoken": token}, {}):
            headers = {"origin": origin, "x-csrftoken": token, "hx-request": "true"}
            assert alice.post(path, sent, headers=headers).status_code == 403
    assert alice.post(path, {"csrfmiddlewaretoken": token[::-1]}).status_code == 403
    bob = Customer(enforce_csrf_checks=True)
    let_in(bob, order)
    assert bob.post(path, {"csrfmiddlewaretoken": token}).status_code == 403, "no cookie of his"
    assert not Reveal.objects.exists()

    assert alice.post(path, {"csrfmiddlewaretoken": token}).status_code == 200
    htmx = {"hx-request": "true", "x-csrftoken": token, "origin": "http://testserver"}
    assert alice.post(path, headers=htmx).status_code == 200
    assert Reveal.objects.count() == 2
