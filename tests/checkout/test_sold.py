"""From the cart to the goods, without a stack: the sandbox checks what it is told and sells."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.timezone import now

from storefront.catalog.models import Sku
from storefront.fulfillment.actions import buying, settling
from storefront.fulfillment.models import Purchase
from storefront.orders.models import Delivery
from tests.catalog.conftest import Partner, partner
from tests.catalog.goods import custom_sku, product, sku
from tests.shopping import Customer, fields_of, payment_behind

__all__ = ["partner"]
pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"code": "phone", "type": "tel", "required": True, "regex": r"^\+971\d{9}$"}
ZONE = {"code": "zone", "options": ["north", "south"]}


def told(shop: Partner) -> list[dict[str, Any]]:
    """The partner's orders with what it was told, by SKU."""
    return sorted(shop.sandbox.control.ledger()["orders"], key=lambda row: -row["total_amount"])


def test_a_recharge_with_its_phone_and_a_card_of_a_chosen_amount_are_sold_and_delivered(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storefront.partner.hasty_client", lambda: partner.client)
    partner.now = now() - timedelta(hours=1)
    card = product(
        "Careem", custom_sku("Careem"), type="voucher_open_range", denomination_type="custom"
    )
    recharge = product(
        "Du", sku("Du", "10", "9.00", max_per_order=1), type="recharge_fixed",
        attributes={"country": "AE"}, fields=[PHONE, ZONE],
    )  # fmt: skip
    partner.sells(card, recharge)
    partner.sync()
    alice = Customer()
    alice.post("/cart/add/", {"sku": card.skus[0].id, "quantity": "1", "amount": "100.50"})
    alice.add(Sku.objects.get(pk=recharge.skus[0].id), 2)
    review = alice.check_out(**{"field-2-phone": "050 123 4567", "field-2-zone": "south"})
    payment = payment_behind(alice.post("/checkout/", fields_of(review.content.decode())))
    alice.decide(payment)

    for purchase in Purchase.objects.order_by("line__position", "chunk"):
        buying.advance(purchase_id=purchase.pk, client=partner.client, clock=now)
    settling.settle(order_id=payment.order_id, now=now())

    payment.order.refresh_from_db()
    assert (payment.order.status, payment.order.payments.get().status) == ("completed", "captured")
    voucher, *recharges = told(partner)
    assert voucher["total_amount"] == Decimal("26.79"), "which 100.50 dirhams cost"
    assert [row["items"][0]["customer_data"] for row in recharges] == [
        {"phone": "+971501234567", "zone": "south", "quantity": 1}
    ] * 2, "two in one order are more than this partner takes"
    assert Delivery.objects.filter(line__order=payment.order).count() == 3
