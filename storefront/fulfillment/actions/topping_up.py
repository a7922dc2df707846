"""What a purchase asks the partner for: something new, or data for an eSIM the customer has.

Both are orders of one kind to the partner, found by the same external ids; only the address and the
signature differ, which for a top-up covers the ICCID.
"""

from partner_api import Order as Answer
from partner_api import PartnerClient
from storefront.core.sealed import CannotOpen
from storefront.esim.queries import topped_up_by
from storefront.fulfillment.models import Purchase


def place(purchase: Purchase, client: PartnerClient) -> Answer:
    """Send it once. ValueError where nothing was sent because it could never be accepted."""
    esim = topped_up_by(purchase.line)
    if esim is None:
        return client.create_order(
            external_id=purchase.external_id,
            sku_id=str(purchase.sku_id),
            quantity=purchase.quantity,
            fields=purchase.fields or None,
            # Without the column's zeros: what was chosen is `100.5`, not `100.5000`.
            amount=None if purchase.amount is None else purchase.amount.normalize(),
        )
    try:
        number = esim.parts.number
    except CannotOpen as error:
        raise ValueError("no key opens the eSIM") from error
    if number is None or purchase.quantity != 1:
        raise ValueError("not one package for one eSIM")
    return client.top_up_esim(
        iccid=number.reveal(), external_id=purchase.external_id, sku_id=str(purchase.sku_id)
    )


def is_for_another_esim(purchase: Purchase, answer: Answer) -> bool:
    """Whether the partner says it added the data to another eSIM than ours."""
    esim = topped_up_by(purchase.line)
    if esim is None:
        return False
    told = [unit.iccid for item in answer.items for unit in item.deliveries if unit.iccid]
    return any(number != esim.parts.number for number in told)
