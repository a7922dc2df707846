"""Who may see an order: the session that bought it, and whoever holds an unexpired link to it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils.timezone import now

from storefront.accounts.models import User
from storefront.orders import actions as orders
from storefront.orders.models import AccessLink, Order
from storefront.orders.states import Status
from tests.shopping import Customer, bring, let_in, order_in, stock

pytestmark = pytest.mark.django_db

SESSION = settings.SESSION_COOKIE_NAME


@pytest.fixture
def alice() -> Customer:
    return Customer()


def page_of(order: Order) -> str:
    return f"/orders/{order.number}/"


def link_to(order: Order) -> str:
    """The path of a new link, as a mail has it."""
    return orders.link_for_mail(order=order, now=now()).reveal().removeprefix(settings.SITE_URL)


def test_who_bought_sees_the_order_and_nobody_else(alice: Customer) -> None:
    order = alice.order()
    assert alice.get(page_of(order)).status_code == 200
    for stranger in (Customer(), Customer()):
        stranger.add(order.lines.get().sku)
        assert stranger.get(page_of(order)).status_code == 404


def test_f104_a_foreign_order_and_none_at_all_are_the_same_bytes(alice: Customer) -> None:
    order = alice.order()
    delivery = bring(order, "PIN-1")
    mallory = Customer()
    mallory.order()
    for foreign, nothing in (
        (page_of(order), "/orders/AAAA-AAAA-AAAA/"),
        (f"/checkout/{order.number}/", "/checkout/AAAA-AAAA-AAAA/"),
        (link_to(order)[:-2] + "/", "/orders/AAAA-AAAA-AAAA/open/" + "a" * 42 + "/"),
        (
            f"{page_of(order)}deliveries/{delivery.pk}/reveal/",
            f"/orders/AAAA-AAAA-AAAA/deliveries/{delivery.pk}/reveal/",
        ),
    ):
        for ask in (mallory.get, mallory.post, mallory.head):
            theirs, absent = ask(foreign), ask(nothing)
            assert theirs.status_code == absent.status_code in {404, 405}
            assert theirs.content == absent.content
            changing = {"X-Request-Id"}
            assert {k: v for k, v in theirs.headers.items() if k not in changing} == {
                k: v for k, v in absent.headers.items() if k not in changing
            }


def test_an_account_sees_its_own_orders_from_any_browser(alice: Customer) -> None:
    order = order_in(Status.COMPLETED)
    owner = User.objects.create_user("alice@example.com")
    Order.objects.filter(pk=order.pk).update(user=owner)
    alice.force_login(owner)
    assert alice.get(page_of(order)).status_code == 200
    mallory = Customer()
    mallory.force_login(User.objects.create_user("mallory@example.com"))
    assert mallory.get(page_of(order)).status_code == 404


def test_staff_have_their_own_pages_and_not_the_customers(alice: Customer) -> None:
    order = order_in(Status.COMPLETED)
    alice.force_login(User.objects.create_superuser("owner@example.com"))
    assert alice.get(page_of(order)).status_code == 404


def test_a_link_leads_to_a_clean_address_and_lets_the_session_in(alice: Customer) -> None:
    order = order_in(Status.COMPLETED)
    assert alice.get(page_of(order)).status_code == 404
    answer = alice.get(link_to(order))
    assert (answer.status_code, answer["Location"]) == (302, page_of(order))
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert alice.get(page_of(order)).status_code == 200


@pytest.mark.fault("F105")
def test_a_link_is_good_again_until_it_expires(alice: Customer) -> None:
    path = link_to(order_in(Status.COMPLETED))
    for _ in range(2):
        assert Customer().get(path).status_code == 302
    (link,) = AccessLink.objects.all()
    assert link.expires_at - link.created_at == timedelta(days=90)
    AccessLink.objects.update(
        created_at=now() - timedelta(days=91), expires_at=now() - timedelta(days=1)
    )
    assert alice.get(path).status_code == 404


def test_f105_a_guessed_cut_or_changed_link_opens_nothing(alice: Customer) -> None:
    order, other = order_in(Status.COMPLETED), order_in(Status.COMPLETED)
    path = link_to(order)
    stem, token = path.rstrip("/").rsplit("/", 1)
    wrong = [
        token[:-1], token[1:], token + "A", token.swapcase(), token[::-1], "A" * 43, "%00",
        "x" * 5000, "..", "%2e%2e", "я", "'", AccessLink.objects.get().token_hash.hex(),
    ]  # fmt: skip
    for guess in wrong:
        assert alice.get(f"{stem}/{guess}/").status_code == 404, guess
    assert alice.get(path.replace(order.number, other.number)).status_code == 404
    assert alice.get(path.replace(order.number, order.number.lower())).status_code == 404
    assert alice.get(page_of(order)).status_code == 404
    assert SESSION not in alice.cookies


def test_a_link_in_the_orders_language_keeps_it(alice: Customer) -> None:
    order = order_in(Status.COMPLETED)
    order.locale = "ru"
    path = link_to(order)
    assert path.startswith("/ru/orders/")
    assert alice.get(path)["Location"] == f"/ru{page_of(order)}"


@pytest.mark.fault("F105")
def test_only_the_hash_of_a_token_is_in_the_database() -> None:
    path = link_to(order_in(Status.COMPLETED))
    token = path.rstrip("/").rsplit("/", 1)[1]
    assert len(token) == 43
    (link,) = AccessLink.objects.values()
    assert len(link["token_hash"]) == 32
    assert token.encode() not in bytes(link["token_hash"])
    assert token not in str(link)


def test_f107_a_session_that_is_let_in_gets_a_new_key(alice: Customer) -> None:
    """Whoever planted the old key in a victim's browser sees nothing with it."""
    alice.add(stock())
    planted = alice.cookies[SESSION].value
    order = order_in(Status.COMPLETED)
    alice.get(link_to(order))
    assert alice.cookies[SESSION].value != planted
    mallory = Customer()
    mallory.cookies[SESSION] = planted
    assert mallory.get(page_of(order)).status_code == 404


def test_the_old_key_lives_one_minute_longer_without_the_order(alice: Customer) -> None:
    alice.add(stock())
    planted = alice.cookies[SESSION].value
    alice.get(link_to(order_in(Status.COMPLETED)))
    old, new = (
        Session.objects.get(pk=key).expire_date - now()
        for key in (planted, alice.cookies[SESSION].value)
    )
    assert timedelta(seconds=50) < old <= timedelta(seconds=60)
    assert new > timedelta(days=13)


def test_a_double_click_on_a_link_loses_neither_the_cart_nor_other_orders(alice: Customer) -> None:
    """The second request left with the cookie of the first, and its answer comes last."""
    earlier = alice.order()
    alice.add(stock("Steam"))
    cookie = alice.cookies[SESSION].value
    order = order_in(Status.COMPLETED)
    path = link_to(order)
    alice.get(path)
    alice.cookies[SESSION] = cookie
    alice.get(path)
    assert len(alice.get("/cart/").context["cart"].lines) == 1
    for known in (earlier, order):
        assert alice.get(page_of(known)).status_code == 200


def test_a_link_to_an_order_already_seen_changes_no_key(alice: Customer) -> None:
    order = order_in(Status.COMPLETED)
    let_in(alice, order)
    key = alice.cookies[SESSION].value
    let_in(alice, order)
    assert alice.cookies[SESSION].value == key


def test_a_session_remembers_its_fifty_latest_orders(alice: Customer) -> None:
    known = [order_in(Status.EXPIRED) for _ in range(51)]
    for order in known:
        let_in(alice, order)
    assert alice.get(page_of(known[0])).status_code == 404
    assert all(alice.get(page_of(order)).status_code == 200 for order in (known[1], known[-1]))


@pytest.mark.parametrize("garbage", ["", "x", "a" * 32, "../../etc/passwd", "'; --", "%00"])
def test_a_session_key_nobody_gave_is_no_session(garbage: str) -> None:
    order = order_in(Status.COMPLETED)
    mallory = Customer()
    mallory.cookies[SESSION] = garbage
    assert mallory.get(page_of(order)).status_code == 404
    let_in(mallory, order)
    assert mallory.cookies[SESSION].value != garbage, "a key is never taken over from a visitor"
