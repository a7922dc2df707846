"""Adding data to an eSIM through the pages: one click is one order, and nothing is paid in vain."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils.timezone import now

from storefront.catalog.models import Sku
from storefront.esim import actions as esims
from storefront.esim.models import Esim, TopUp
from storefront.orders import actions as orders
from storefront.orders.goods import Goods
from storefront.orders.models import Order, OrderLine
from storefront.payments.models import Payment
from tests.catalog.conftest import Partner, partner
from tests.factories import OrderLineFactory
from tests.shopping import CONSENTS, Answer, Customer, Elements, fields_of, let_in

__all__ = ["partner"]


@pytest.fixture
def shop(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> Partner:
    """What the sandbox sells is on the shelf since just now, eSIMs that can be topped up too."""
    partner.sells_the_demo()
    monkeypatch.setattr("storefront.partner.hasty_client", lambda: partner.client)
    partner.now = now() - timedelta(hours=1)
    partner.sync()
    return partner


@pytest.fixture
def esim(shop: Partner) -> Esim:
    """One the partner really sold, of a plan with several packages."""
    rows = Sku.objects.filter(product__type="esim", product__hold_reason="", price__gt=0)
    for sku in rows.order_by("price")[:40]:
        if Sku.objects.filter(product_id=sku.product_id).count() < 2:
            continue
        bought = shop.client.create_order(
            external_id=f"D-{uuid4().hex}", sku_id=str(sku.pk), quantity=1
        )
        (unit,) = bought.items[0].deliveries
        assert unit.iccid
        if shop.client.esim_status(unit.iccid.reveal()).can_renew:
            break
    line: OrderLine = OrderLineFactory.create(sku=sku, order__paid=True)
    assert unit.iccid
    source, goods = uuid4(), [Goods(code=unit.lpa, extra=(("ICCID", unit.iccid),))]
    orders.deliver(line=line, source=source, goods=goods, now=now())
    esims.adopt(source=source, goods=goods, now=now())
    orders.release(order=line.order, now=now())
    esim = Esim.objects.get()
    assert esims.ask(esim_id=esim.pk, client=shop.client, now=now() - timedelta(minutes=3))
    return Esim.objects.get()


@pytest.fixture
def alice(esim: Esim) -> Customer:
    alice = Customer()
    let_in(alice, esim.delivery.line.order)
    return alice


def page_of(esim: Esim) -> str:
    return f"/esims/{esim.pk}/top-up/"


def form_on(alice: Customer, esim: Esim) -> dict[str, str]:
    """The page as it comes, with its first package and both boxes ticked."""
    html = alice.get(page_of(esim)).content.decode()
    ticked = [
        found["value"]
        for _, found in Elements(html).tags
        if found.get("data-testid") == "sku-option" and "checked" in found
    ]
    return {**fields_of(html), "sku": ticked[0], **CONSENTS}


def number_of(esim: Esim) -> str:
    number = esim.parts.number
    assert number
    return number.reveal()


def says(answer: Answer) -> str:
    return Elements(answer.content.decode()).text


def test_the_original_plan_is_chosen_and_its_order_tops_up_this_esim(
    alice: Customer, esim: Esim
) -> None:
    form = form_on(alice, esim)
    assert form["sku"] == str(esim.delivery.line.sku_id)
    answer = alice.post(page_of(esim), form)
    assert "/pay/" in answer["Location"]
    top_up = TopUp.objects.get()
    order = top_up.line.order
    assert (top_up.esim_id, order.email, order.lines.count()) == (esim.pk, "alice@example.com", 1)
    assert order.consents.count() == 2
    assert number_of(esim) not in str(form)


def test_a_double_click_is_one_order_and_two_pages_are_two(alice: Customer, esim: Esim) -> None:
    before = Order.objects.count()
    first, second = form_on(alice, esim), form_on(alice, esim)
    ways = {alice.post(page_of(esim), first)["Location"] for _ in range(3)}
    assert (len(ways), Order.objects.count()) == (1, before + 1)
    alice.post(page_of(esim), second)
    assert Order.objects.count() == before + 2


def test_what_can_not_be_topped_up_any_more_is_not_paid_for(
    shop: Partner, alice: Customer, esim: Esim
) -> None:
    form = form_on(alice, esim)
    shop.sandbox.control.esim(number_of(esim), {"can_renew": False})
    answer = alice.post(page_of(esim), form, follow=True)
    assert "No data can be added" in says(answer)
    assert not TopUp.objects.exists()
    assert not Payment.objects.exists()
    assert alice.get(page_of(esim)).status_code == 302


def test_a_partner_that_does_not_answer_is_believed_for_five_minutes(
    shop: Partner, alice: Customer, esim: Esim
) -> None:
    form = form_on(alice, esim)
    shop.trouble("drop_before", "esim_status")
    Esim.objects.update(checked_at=now() - timedelta(minutes=6))
    assert "No data can be added" in says(alice.post(page_of(esim), form, follow=True))
    assert not TopUp.objects.exists()
    Esim.objects.update(checked_at=now() - timedelta(minutes=4))
    assert "/pay/" in alice.post(page_of(esim), form)["Location"]


def test_a_package_of_something_else_is_refused(alice: Customer, esim: Esim) -> None:
    card = Sku.objects.filter(product__type="voucher").first()
    assert card
    for sku in (str(card.pk), str(uuid4()), "x", ""):
        answer = alice.post(page_of(esim), {**form_on(alice, esim), "sku": sku})
        assert answer.status_code == 400
    assert not TopUp.objects.exists()


def test_consents_are_asked_for(alice: Customer, esim: Esim) -> None:
    form = {**form_on(alice, esim)}
    del form["consent_start"]
    assert alice.post(page_of(esim), form).status_code == 400
    assert not TopUp.objects.exists()


def test_a_price_that_changed_is_looked_at_again(alice: Customer, esim: Esim) -> None:
    form = form_on(alice, esim)
    sku = Sku.objects.get(pk=form["sku"])
    Sku.objects.filter(pk=sku.pk).update(price=(sku.price or 0) + 1)
    assert alice.post(page_of(esim), form)["Location"] == page_of(esim)
    assert not TopUp.objects.exists()


def test_somebody_elses_esim_can_not_be_topped_up(esim: Esim, alice: Customer) -> None:
    mallory = Customer()
    form = form_on(alice, esim)
    assert mallory.get(page_of(esim)).status_code == 404
    assert mallory.post(page_of(esim), form).status_code == 404
    alice.post(page_of(esim), form)
    assert mallory.post(page_of(esim), form).status_code == 404


def test_the_page_of_the_esim_leads_there_only_when_it_may(alice: Customer, esim: Esim) -> None:
    assert "esim-topup" in alice.get(f"/esims/{esim.pk}/").content.decode()
    for unknown in (None, False):
        Esim.objects.update(can_renew=unknown)
        assert "esim-topup" not in alice.get(f"/esims/{esim.pk}/").content.decode()
        assert alice.get(page_of(esim)).status_code == 302
