"""From the partner's delivery data to the goods of one unit each."""

from partner_api import Delivery
from partner_api import Order as Answer
from partner_api.secret import Secret
from storefront.catalog.models import Product
from storefront.esim import parts
from storefront.esim.queries import topped_up_by
from storefront.fulfillment.models import Purchase
from storefront.orders.goods import Goods

# How what is not a code is called on the order page, in this order.
_LABELS = (
    ("lpa", parts.LPA),
    ("smdp_address", parts.SMDP),
    ("activation_code", parts.ACTIVATION),
    ("iccid", parts.ICCID),
)
# A top-up is done when the partner says so; there is no code to wait for.
_RECHARGED = "recharged"
_RECHARGES = frozenset({Product.Type.RECHARGE, Product.Type.RECHARGE_FIXED})


def unpack(purchase: Purchase, answer: Answer) -> list[Goods]:
    """One Goods per unit that really holds something, in the partner's order.

    A completed recharge is delivered even where nothing is shown for it; so is data that was added
    to an eSIM, whatever is said of it: that eSIM is no code to be given once more.
    """
    if topped_up_by(purchase.line):
        return [Goods()] if answer.status == "completed" else []
    deliveries = [unit for item in answer.items for unit in item.deliveries]
    goods = [found for unit in deliveries if (found := _goods(unit))]
    missing = purchase.quantity - len(goods)
    if missing > 0 and answer.status == "completed":
        kind = Product.objects.filter(skus=purchase.line.sku_id).values_list("type", flat=True)
        goods += [Goods()] * (missing if kind.get() in _RECHARGES else 0)
    return goods


def _goods(unit: Delivery) -> Goods | None:
    """The goods of a unit; none when it has neither a code nor an eSIM nor a recharge."""
    named = tuple(
        (label, value) for name, label in _LABELS if (value := getattr(unit, name)) is not None
    )
    code = unit.pin or unit.lpa or unit.activation_code or unit.iccid
    if unit.status == _RECHARGED:
        code = None
    elif code is None and not unit.extra:
        return None
    texts = [("Message", unit.message)] if unit.message else []
    return Goods(
        code=code,
        serial=unit.serial,
        expiry=Secret(unit.expiry) if unit.expiry else None,
        extra=(
            *((label, value) for label, value in named if value is not code),
            *((label, Secret(text)) for label, text in texts),
            *unit.extra,
        ),
    )
