"""An eSIM exists once, says what the partner says, and is topped up by an order signed with its
ICCID.
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from partner_api import signing
from partner_api.secret import Secret
from storefront.core.sealed import blind_index, seal
from storefront.esim import actions as esims
from storefront.esim import queries
from storefront.esim.models import Esim, TopUp
from storefront.esim.parts import Parts
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import Status
from storefront.orders.goods import Goods
from storefront.orders.models import Delivery, Order
from tests.fulfillment.bench import Bench, Wish
from tests.partner_api.sandbox.goods import ESIM

PLAN = Wish(sku_id=ESIM, cost=Decimal(15), price=Decimal(18), kind="esim")


def bought(bench: Bench) -> Esim:
    order = bench.paid(PLAN)
    bench.work()
    return Esim.objects.get(delivery__line__order=order)


def number_of(esim: Esim) -> str:
    number = esim.parts.number
    assert number is not None
    return number.reveal()


def topped_up(bench: Bench, esim: Esim) -> Purchase:
    """A paid top-up; nothing is sent yet."""
    order = bench.order(PLAN)
    esims.attach(line=order.lines.get(), esim=esim)
    bench.pay(order)
    return bench.legs(order)[0]


@pytest.mark.parametrize("shape", ["both", "qr_code", "lpa", "parts", "iccid"])
def test_what_the_delivery_lacks_comes_from_the_status(bench: Bench, shape: str) -> None:
    bench.plan(esim=shape)
    esim = bought(bench)
    assert esims.ask(esim_id=esim.pk, client=bench.client, now=bench.clock())
    esim.refresh_from_db()
    parts = esim.parts
    told = bench.partner.world.esims[number_of(esim)]
    assert parts.scannable is not None
    assert parts.scannable.reveal() == told.lpa
    assert (esim.state, esim.data_remaining) == ("released", esim.data_total)


def test_it_is_one_however_often_its_order_is_told_of(bench: Bench) -> None:
    esim = bought(bench)
    (purchase,) = bench.legs(esim.delivery.line.order)
    for _ in range(3):
        bench.hint(purchase)
        bench.step(purchase)
    assert list(Esim.objects.all()) == [esim]
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("pin", ["89444227111083389820", "ABCD-1234", "8944422711108338982"])
def test_a_gift_card_is_no_esim_even_with_twenty_digits(pin: str) -> None:
    assert Parts.of(Goods(code=Secret(pin)), is_esim=False) is None


def test_an_esim_somebody_has_is_never_given_to_a_second_customer(bench: Bench) -> None:
    first = bought(bench)
    bench.plan(
        item={
            "delivery_data": [{"iccid": number_of(first), "qr_code": "LPA:1$other.example$NEW-1"}]
        }
    )
    order = bench.paid(PLAN)
    bench.work()
    assert bench.cases(bench.legs(order)[0]) == {"repeated-code"}
    assert Esim.objects.count() == 1
    assert bench.codes(order) == []


def test_nothing_of_it_is_in_plain_sight(bench: Bench) -> None:
    esim = bought(bench)
    number, lpa = number_of(esim), esim.parts.lpa
    assert lpa is not None
    row = str(Esim.objects.filter(pk=esim.pk).values().get())
    assert number not in row
    assert lpa.reveal() not in row
    assert number not in f"{esim} {esim!r} {esim.parts!r}"
    assert bytes(esim.iccid_index or b"") == blind_index(esim.parts.number)  # type: ignore[arg-type]


def test_it_is_nobodys_until_its_money_is_ours(bench: Bench) -> None:
    esim = bought(bench)
    orders = Order.objects.all()
    assert list(queries.visible(orders)) == [esim]
    Delivery.objects.update(released_at=None)
    assert list(queries.visible(orders)) == []
    Delivery.objects.update(released_at=bench.clock())


@pytest.mark.fault("F37")
def test_f37_a_top_up_ends_as_recharged_without_a_code(bench: Bench) -> None:
    esim = bought(bench)
    posts = bench.partner.sandbox.seen.count("POST", "/orders")
    purchase = topped_up(bench, esim)
    bench.work()
    purchase = bench.again(purchase)
    assert (purchase.status, purchase.delivered) == (Status.COMPLETED, 1)
    assert bench.codes(purchase.line.order) == [""]
    assert bench.status(purchase.line.order) == "completed"
    assert bench.partner.sandbox.seen.count("POST", "/orders") == posts
    assert len(bench.partner.world.esims[number_of(esim)].packages) == 2
    assert list(Esim.objects.all()) == [esim]


def test_a_lost_answer_adds_the_data_once(bench: Bench) -> None:
    esim = bought(bench)
    bench.fault("drop_after", "top_up_esim")
    purchase = topped_up(bench, esim)
    bench.work(timedelta(hours=1))
    assert bench.again(purchase).status == Status.COMPLETED
    assert len(bench.partner.world.esims[number_of(esim)].packages) == 2
    assert len(bench.sold(purchase)) == 1


def test_two_top_ups_are_two_orders(bench: Bench) -> None:
    esim = bought(bench)
    ids = {topped_up(bench, esim).external_id for _ in range(2)}
    bench.work()
    assert len(ids) == 2
    assert TopUp.objects.filter(esim=esim).count() == 2
    assert len(bench.partner.world.esims[number_of(esim)].packages) == 3


def test_a_refused_top_up_costs_nothing(bench: Bench) -> None:
    esim = bought(bench)
    bench.partner.control.esim(number_of(esim), {"can_renew": False})
    purchase = topped_up(bench, esim)
    bench.work(timedelta(hours=1))
    assert bench.again(purchase).status == Status.FAILED
    assert bench.status(purchase.line.order) == "failed"
    assert len(bench.partner.world.esims[number_of(esim)].packages) == 1
    assert not bench.payment(purchase.line.order).captured_amount


def test_data_added_to_another_esim_goes_to_a_person(bench: Bench) -> None:
    esim, other = bought(bench), bought(bench)
    unit = {"iccid": number_of(other), "status": "recharged"}
    bench.plan(item={"delivery_data": [unit]})
    purchase = topped_up(bench, esim)
    bench.tick()
    assert bench.cases(purchase) == {"wrong-echo"}
    assert number_of(other) not in bench.told(purchase, "wrong-echo")


def test_nineteen_and_twenty_digits_do_not_sign_alike_once_ids_follow_their_grammar() -> None:
    """Without separators the two messages below are equal; our ids begin with a letter."""
    nineteen, twenty, at = "8944422711108338982", "89444227111083389821", "1768478058"
    loose = signing.topup_message(at, nineteen, "1-abcdefg")
    assert loose == signing.topup_message(at, twenty, "-abcdefg")
    ids = ["D-AAAA-1111", "P-AAAA-1111"]
    signed = {
        signing.sign(message(at, subject, external_id), "secret")
        for external_id in ids
        for message, subject in (
            (signing.topup_message, nineteen),
            (signing.topup_message, twenty),
            (signing.order_message, ESIM),
        )
    }
    assert len(signed) == 6


@pytest.mark.parametrize("number", ["8944422711108338982", "89444227111083389821"])
def test_a_number_of_either_length_is_signed_as_it_is_called(
    bench: Bench,
    number: str,
) -> None:
    """The sandbox checks the signature over the number in the path, digit for digit."""
    esim = bought(bench)
    world = bench.partner.world
    kept = world.esims.pop(number_of(esim))
    kept.iccid = number
    world.esims[number] = kept
    order = bench.client.top_up_esim(iccid=number, external_id=f"D-TEST-{number}")
    assert order.status == "completed"
    assert len(kept.packages) == 2


@pytest.mark.parametrize(
    "number", ["", "89444227111083389", "../../orders", "8944422711108338982/x", "\uff18" * 19]
)
def test_a_malformed_number_calls_nothing(bench: Bench, number: str) -> None:
    esim = bought(bench)
    parts = replace(esim.parts, iccid=Secret(number))
    esim.sealed = seal(parts.sealed_form(), context=esim.seal_context)
    esim.save(update_fields=["sealed"])
    purchase = topped_up(bench, esim)
    before = len(bench.partner.sandbox.seen.notes())

    assert not esims.ask(esim_id=esim.pk, client=bench.client, now=bench.clock())
    bench.tick()

    assert bench.again(purchase).status == Status.IN_REVIEW
    assert len(bench.partner.sandbox.seen.notes()) == before
