"""The float: what the partner says, what we compute beside it, who is told once of a crossing."""

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from partner_api import PartnerClient, RequestsTransport
from storefront.cases.models import Case
from storefront.core.appendonly import NeverChanges
from storefront.finance.actions import read_balance, save_alerts
from storefront.finance.actions.alerting import judge
from storefront.finance.models import AlertsChange, BalanceReading, Crossing
from storefront.finance.queries import balance as queries
from storefront.mail.models import Message
from tests.fulfillment.bench import Bench, Wish

HUNDRED = Decimal(100)


def read(bench: Bench) -> BalanceReading:
    return read_balance(client=bench.client, now=bench.clock())


def partner_has(bench: Bench, **figures: Any) -> None:
    bench.partner.control.balance(figures)


def tune(bench: Bench, **changes: Any) -> None:
    values: dict[str, Any] = {
        "threshold": HUNDRED, "tells_of_overdraft": True, "locale": "en",
        "recipients": ["fiona@shop.example"],
    }  # fmt: skip
    save_alerts(**(values | changes), by="fiona@shop.example", now=bench.clock())


def mails() -> list[str]:
    return list(Message.objects.order_by("created_at", "pk").values_list("kind", flat=True))


def open_cases() -> set[str]:
    rows = Case.objects.filter(closed_at=None, kind__startswith="float")
    return set(rows.values_list("kind", flat=True))


def test_a_reading_holds_what_the_partner_says_to_the_cent(bench: Bench) -> None:
    partner_has(bench, balance="-12.34", reserved="5.5", overdraft_limit="50")
    reading = read(bench)
    assert (reading.balance, reading.reserved) == (Decimal("-12.34"), Decimal("5.5"))
    assert (reading.overdraft_limit, reading.available) == (Decimal(50), Decimal("32.16"))
    assert reading.is_overdrafted
    assert reading.currency == "USD"


def test_what_paid_orders_will_take_is_beside_it_before_and_after_the_purchase(
    bench: Bench,
) -> None:
    bench.paid(Wish(quantity=2))
    before = read(bench)
    assert (before.claimed, before.under_way) == (Decimal("19.40"), 0)
    assert queries.spendable(before) == before.available - Decimal("19.40")

    bench.tick()
    bench.tick()
    after = read(bench)
    assert (after.claimed, after.under_way) == (0, 0)
    assert after.balance == before.balance - Decimal("19.40")


def test_our_purchases_explain_the_balance_while_under_way_and_when_they_came(
    bench: Bench,
) -> None:
    read(bench)
    bench.plan(status="processing", after=30)
    purchase = bench.purchase()
    bench.step(purchase)
    under_way = read(bench)
    assert under_way.under_way == Decimal("9.70")
    assert under_way.expected == under_way.free
    bench.change(purchase, status="completed")
    bench.clock.move(timedelta(hours=1))
    bench.work()
    done = read(bench)
    assert done.under_way == 0
    assert done.expected == done.free


def test_a_top_up_and_a_charge_that_is_not_ours_are_seen_as_moved_by_something_else(
    bench: Bench,
) -> None:
    first = read(bench)
    assert first.expected is None
    partner_has(bench, topup="250")
    topped_up = read(bench)
    assert topped_up.free - topped_up.expected == 250
    partner_has(bench, balance=str(topped_up.balance - Decimal("0.01")), silent=True)
    charged = read(bench)
    assert charged.free - charged.expected == Decimal("-0.01")


def test_without_the_partner_the_reason_is_written_and_the_last_figures_stay(
    bench: Bench,
) -> None:
    known = read(bench)
    gone = PartnerClient(
        base_url="http://127.0.0.1:9", token="t" * 20, secret="s" * 20,
        transport=RequestsTransport(connect_timeout=0.2, read_timeout=0.2, deadline=0.4, tries=1),
    )  # fmt: skip
    tune(bench)
    silent = read_balance(client=gone, now=bench.clock())
    gone.close()
    assert silent.error
    assert queries.last_reading() == silent
    assert queries.last_answer() == known
    assert not Crossing.objects.exists(), "no answer is no crossing"


def test_a_threshold_is_told_once_a_crossing_and_once_more_when_it_is_over(
    bench: Bench,
) -> None:
    partner_has(bench, balance="100", overdraft_limit="0")
    read(bench)
    tune(bench)
    assert mails() == []
    partner_has(bench, balance="99.99")
    read(bench)
    read(bench)
    assert mails() == ["float_low"]
    assert open_cases() == {"float-low"}
    assert "$99.99" in Case.objects.get(kind="float-low").summary

    partner_has(bench, balance="100")
    read(bench)
    read(bench)
    assert mails() == ["float_low", "float_low_over"]
    assert open_cases() == set()

    partner_has(bench, balance="50")
    read(bench)
    assert mails()[2:] == ["float_low"], "the next crossing is told again"


def test_an_overdraft_is_told_of_itself(bench: Bench) -> None:
    tune(bench, threshold=None)
    partner_has(bench, balance="-0.01", overdraft_limit="500")
    read(bench)
    assert mails() == ["float_overdraft"]
    partner_has(bench, balance="0")
    read(bench)
    assert mails() == ["float_overdraft", "float_overdraft_over"]


def test_a_case_that_a_person_closed_is_not_told_again_before_the_next_crossing(
    bench: Bench,
) -> None:
    tune(bench)
    partner_has(bench, balance="1", overdraft_limit="0")
    read(bench)
    Case.objects.update(closed_at=bench.clock(), closed_by="fiona")
    read(bench)
    assert (mails(), open_cases()) == (["float_low"], set())


def test_every_address_gets_its_mail_in_the_language_chosen_without_a_code(bench: Bench) -> None:
    tune(bench, recipients=["fiona@shop.example", "olga@shop.example"], locale="ru")
    partner_has(bench, balance="1", overdraft_limit="0")
    read(bench)
    sent = list(Message.objects.order_by("to"))
    assert [mail.to for mail in sent] == ["fiona@shop.example", "olga@shop.example"]
    assert sent[0].locale == "ru"
    assert sent[0].context["available"] == "1,00\xa0$"
    assert sent[0].context["url"].endswith("/ru/finance/")


def test_tuning_is_written_down_and_judged_at_once(bench: Bench) -> None:
    partner_has(bench, balance="100", overdraft_limit="0")
    read(bench)
    tune(bench, threshold=Decimal(500))
    assert open_cases() == {"float-low"}
    tune(bench, threshold=Decimal("500.00"))
    tune(bench, threshold=None)
    assert open_cases() == set()
    changes = list(AlertsChange.objects.order_by("pk"))
    assert [change.by for change in changes] == ["fiona@shop.example"] * 2
    assert [change.after["threshold"] for change in changes] == ["500.0000", None]


def test_two_readings_at_once_tell_once_and_a_late_one_tells_nothing(bench: Bench) -> None:
    tune(bench)
    partner_has(bench, balance="1", overdraft_limit="0")
    times = [bench.clock(), bench.clock()]

    def ask(at: Any) -> None:
        try:
            read_balance(client=bench.client, now=at)
        finally:
            connection.close()

    both = [threading.Thread(target=ask, args=(at,)) for at in times]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert BalanceReading.objects.count() == 2
    assert mails() == ["float_low"]

    old = BalanceReading.objects.earliest("at")
    partner_has(bench, balance="1000")
    read(bench)
    with transaction.atomic():
        judge(reading=old, now=bench.clock())
    assert mails() == ["float_low", "float_low_over"]


def test_burn_and_runway_are_by_the_books(bench: Bench) -> None:
    assert queries.runway(read(bench), queries.burn("USD", now=bench.clock())) is None
    bench.paid(Wish(quantity=3))
    bench.tick()
    partner_has(bench, balance="291", overdraft_limit="0", reserved="0")
    burnt = queries.burn("USD", now=bench.clock())
    assert (burnt.hour, burnt.day, burnt.week) == (Decimal("29.10"),) * 3
    # $29.10 a day for $291.
    assert queries.runway(read(bench), burnt) == 240
    bench.clock.move(timedelta(hours=30))
    later = queries.burn("USD", now=bench.clock())
    assert [later.hour, later.day, later.week] == [0, 0, Decimal("29.10")]
    assert queries.runway(read(bench), later) == 1680, "by the week, then"


def test_orders_that_wait_for_a_top_up_are_counted_with_their_cost(bench: Bench) -> None:
    partner_has(bench, balance="5", overdraft_limit="0", reserved="0")
    order = bench.paid(Wish(quantity=4))
    bench.tick()
    waiting = queries.waiting("USD")
    assert waiting.orders == 1
    assert waiting.cost == Decimal("38.80")
    assert waiting.since == min(leg.created_at for leg in bench.legs(order))
    partner_has(bench, topup="100")
    bench.work(timedelta(hours=1))
    assert queries.waiting("USD") == queries.Waiting(0, Decimal(0), None)


def test_readings_never_change(bench: Bench) -> None:
    reading = read(bench)
    reading.balance = Decimal(1_000_000)
    with pytest.raises(NeverChanges):
        reading.save()
    with pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute("UPDATE finance_balancereading SET balance = 1000000")
