"""While the partner does not take orders, they wait: nobody asks in vain, nothing is refunded,
staff know the cause, and it all goes on by itself.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from partner_api import PartnerClient, RequestsTransport
from partner_api.sandbox.server import Running
from storefront.cases.models import Case
from storefront.fulfillment import queries, waits
from storefront.fulfillment.actions import watching
from storefront.fulfillment.states import Status
from storefront.partner import budget, circuits
from storefront.partner.guard import GuardedTransport
from storefront.partner.models import Budget, Circuit
from tests.fulfillment.bench import Bench, Wish
from tests.fulfillment.till import Till

PLACE, READ = circuits.Capability.PLACE, circuits.Capability.READ


def client_of(bench: Bench, partner: Running, *, secret: str = "") -> PartnerClient:
    """A client as the shop builds it, on the bench's clock."""
    inner = RequestsTransport(connect_timeout=0.5, read_timeout=0.5, deadline=1.0, tries=1)
    return PartnerClient(
        base_url=partner.url,
        token=partner.sandbox.token,
        secret=secret or partner.sandbox.secret,
        transport=GuardedTransport(inner, clock=bench.clock, line=None),
    )


@pytest.fixture
def guarded(bench: Bench, partner: Running, till: Till) -> Iterator[Bench]:
    """The bench with the transport the shop has."""
    bench.client = client_of(bench, partner)
    yield bench
    bench.client.close()


def is_open(bench: Bench, capability: str = PLACE) -> bool:
    return circuits.wait(capability, now=bench.clock()) is not None


def watch(bench: Bench) -> None:
    watching.watch(client=bench.client, now=bench.clock())


def told() -> str:
    """What the open case about the partner says."""
    rows = Case.objects.filter(kind=watching.CASE, closed_at=None)
    return " ".join(rows.values_list("summary", flat=True))


@pytest.mark.fault("F15")
def test_f15_wrong_credentials_close_buying_for_all_name_the_cause_and_refund_nothing(
    guarded: Bench, partner: Running
) -> None:
    guarded.client = client_of(guarded, partner, secret="not-the-secret-of-this-partner")
    first, second = guarded.paid(), guarded.paid()
    guarded.tick()

    assert guarded.posts() == 1, "the second order was not offered in vain"
    assert (guarded.status(first), guarded.status(second)) == ("waiting", "waiting")
    assert not queries.is_buying_open(currency="USD", now=guarded.clock())
    watch(guarded)
    assert "refuses our credentials" in told()
    guarded.work(waits.HOLD_AT_MOST * 2)
    assert guarded.till.effects == {}, "nobody got anything back, however long it lasts"

    guarded.client = client_of(guarded, partner)
    guarded.clock.move(circuits.scaled(circuits.REST))
    watch(guarded)
    guarded.work(waits.HOLD * 3)
    assert (guarded.status(first), guarded.status(second)) == ("completed", "completed")
    assert queries.is_buying_open(currency="USD", now=guarded.clock())
    watch(guarded)
    assert told() == ""


@pytest.mark.fault("F31")
def test_f31_a_skewed_clock_closes_buying_and_is_named(guarded: Bench) -> None:
    guarded.partner.control.time({"offset": 600})
    order = guarded.paid()
    guarded.tick()
    watch(guarded)

    assert "clock skew" in told()
    assert (guarded.status(order), guarded.till.effects) == ("waiting", {})
    guarded.clock.move(circuits.scaled(circuits.REST))
    watch(guarded)
    assert is_open(guarded), "a balance that can be read proves nothing about signatures"

    guarded.partner.control.time({"offset": 0})
    guarded.clock.move(circuits.scaled(circuits.REST))
    watch(guarded)
    guarded.work(waits.HOLD * 3)
    assert guarded.status(order) == "completed"


@pytest.mark.fault("F15")
def test_failures_in_a_row_open_the_circuit_and_a_good_probe_closes_it(guarded: Bench) -> None:
    guarded.fault("503", next=None)
    orders = [guarded.paid() for _ in range(circuits.THRESHOLD + 3)]
    guarded.tick()

    assert guarded.posts() == circuits.THRESHOLD
    assert is_open(guarded)
    assert not is_open(guarded, READ), "what is known can still be read"
    guarded.partner.control.fault({"endpoint": "balance", "fault": "503", "next": 1})
    guarded.clock.move(circuits.scaled(circuits.REST))
    watch(guarded)
    assert is_open(guarded), "the probe failed"

    guarded.clock.move(circuits.scaled(circuits.REST))
    watch(guarded)
    assert not is_open(guarded)
    guarded.tick()
    assert guarded.posts() == circuits.THRESHOLD + 1, "one more failure is enough"
    assert is_open(guarded)

    guarded.faults_end()
    for _ in range(3):
        guarded.clock.move(circuits.scaled(circuits.REST))
        watch(guarded)
        guarded.work(waits.NOT_PLACED)
    assert {guarded.status(order) for order in orders} == {"completed"}


def test_a_good_answer_between_failures_keeps_it_closed(guarded: Bench) -> None:
    for _ in range(circuits.THRESHOLD * 2):
        guarded.fault("503")
        guarded.paid()
        guarded.paid()
        guarded.tick()
    assert not is_open(guarded)


@pytest.mark.parametrize(
    ("asked", "seconds"), [(30, 30), ("date:45", 45), ("soon", 30), (10**9, 15 * 60)]
)
@pytest.mark.fault("F16")
def test_f16_all_workers_rest_as_long_as_the_partner_asks(
    guarded: Bench, asked: object, seconds: int
) -> None:
    guarded.fault("429", retry_after=asked)
    first, second = guarded.paid(), guarded.paid()
    guarded.tick()

    assert guarded.posts() == 1
    wait = circuits.wait(PLACE, now=guarded.clock())
    assert wait is not None
    # The partner names a date by the real clock, the bench has its own.
    assert str(asked).startswith("date") or abs(wait - circuits.scaled(seconds)) < timedelta(
        seconds=1
    )
    assert not is_open(guarded, READ)
    guarded.work(waits.NOT_PLACED * 2)
    assert (guarded.status(first), guarded.status(second)) == ("completed", "completed")


@pytest.mark.fault("F17")
def test_f17_who_waits_for_funds_is_served_in_turn_and_nobody_overtakes(guarded: Bench) -> None:
    guarded.partner.control.balance({"balance": "12", "allow_overdraft": False})
    dear, cheap = guarded.paid(Wish(quantity=2)), guarded.paid()
    guarded.tick()

    assert (guarded.status(dear), guarded.status(cheap)) == ("waiting", "waiting")
    assert guarded.posts() == 1, "the later order is affordable, and is not even offered"
    assert not queries.is_buying_open(currency="USD", now=guarded.clock())
    assert queries.is_buying_open(currency="EUR", now=guarded.clock())
    assert queries.claims(currency="USD") == Decimal("29.10")

    guarded.partner.control.balance({"topup": "1000"})
    (leg,) = guarded.legs(dear)
    guarded.clock.move(waits.OFFER_AGAIN)
    guarded.step(leg)
    (called,) = guarded.legs(cheap)
    assert called.due_at is not None
    assert called.due_at <= guarded.clock.now, "the next is called at once"
    guarded.work()
    assert (guarded.status(dear), guarded.status(cheap)) == ("completed", "completed")
    assert queries.is_buying_open(currency="USD", now=guarded.clock())
    assert queries.claims(currency="USD") == 0


@pytest.mark.fault("F17")
def test_f17_who_was_never_offered_gets_the_money_back_in_time_too(guarded: Bench) -> None:
    guarded.partner.control.balance({"balance": "0", "allow_overdraft": False})
    orders = [guarded.paid(), guarded.paid()]

    guarded.work(waits.HOLD_AT_MOST + waits.HOLD * 4)

    assert {guarded.status(order) for order in orders} == {"failed"}
    assert [leg.posts for leg in guarded.legs(orders[1])] == [0]
    assert {effect.kind for effect in guarded.till.effects.values()} == {"void"}


@pytest.mark.fault("F15")
def test_what_waits_for_an_answer_is_never_refunded_because_buying_is_closed(
    guarded: Bench,
) -> None:
    """A breaker turns no doubt into a refund."""
    guarded.fault("drop_after")
    guarded.fault("lag", endpoint="orders", seconds=10**9)
    purchase = guarded.purchase()
    guarded.step(purchase)
    rest = {"open_until": guarded.clock() + timedelta(days=9), "reason": "unreachable"}
    Circuit.objects.update_or_create(pk=PLACE, defaults=rest)
    guarded.work(waits.REPOST * 2)
    assert guarded.again(purchase).status == Status.IN_DOUBT
    assert guarded.till.effects == {}


def test_our_own_limit_makes_callers_wait_in_one_line(
    transactional_db: None, settings: pytest.FixtureRequest
) -> None:
    settings.PARTNER_RATE = budget.PLACES * 20  # type: ignore[attr-defined]  # pytest-django's own
    waited = sum(budget.take() for _ in range(budget.PLACES * 26))
    assert 0.1 < waited < 2, "a second's worth goes at once, the rest at its rate"
    assert Budget.objects.count() == 1
