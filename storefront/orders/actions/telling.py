"""Mails about orders: links and numbers, never a code. Each is queued once, with its event."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef

from storefront.core.money import shown
from storefront.mail.actions import queue
from storefront.mail.models import Message
from storefront.orders.actions.access import link_for_mail
from storefront.orders.models import LinkRequest, Order, OrderEvent, OrderLine
from storefront.orders.recipients import recipients
from storefront.orders.states import UNDER_WAY, Status
from storefront.orders.waits import late_after

# What the customer is told when an order gets there, whoever moved it.
KINDS: dict[str, str] = {
    Status.PAID: "order_received",
    Status.COMPLETED: "order_ready",
    Status.PARTIALLY_COMPLETED: "order_partly_ready",
    Status.FAILED: "order_failed",
    Status.REFUNDED: "order_refunded",
    Status.PARTIALLY_REFUNDED: "order_partly_refunded",
}
_DELAYED = "order_delayed"


def tell_of_move(*, order: Order, now: datetime) -> None:
    """The mail of the state the order just reached, if it has one."""
    if kind := KINDS.get(order.status):
        tell(order=order, kind=kind, reference=order.number, now=now)


def tell(*, order: Order, kind: str, reference: str, now: datetime) -> None:
    """Queue the mail of this kind, once per reference. In the transaction of what it tells of."""
    lines = order.lines.select_related("sku__product").prefetch_related("deliveries")
    queue(
        kind=kind,
        reference=reference,
        to=order.email,
        locale=order.locale,
        secrets={"url": link_for_mail(order=order, now=now)},
        context={
            "order": {
                "number": order.number,
                "total": shown(order.total, order.locale),
                "lines": [_line(line, order.locale) for line in lines],
            }
        },
        now=now,
    )


@transaction.atomic
def send_link(*, order: Order, now: datetime, by: str = "", reason: str = "") -> None:
    """A new link to the order, by mail to whoever ordered; `by` whom of the staff, and why."""
    if by:
        data = {"reason": reason}
        OrderEvent.objects.create(order=order, at=now, by=by, kind="link-sent", data=data)
    tell(order=order, kind="order_link", reference=f"{order.number} {uuid4()}", now=now)


@transaction.atomic
def answer_link_request(*, request_id: int, now: datetime) -> None:
    """Send the link if there is such an order of that address; forget the request either way."""
    request = LinkRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None:
        return
    named = Order.objects.filter(number=request.number, email__iexact=request.email)
    if order := named.first():
        send_link(order=order, now=now)
    request.delete()


def answer_link_requests(*, now: datetime) -> int:
    """Answer what the queue lost; returns how many."""
    waiting = LinkRequest.objects.order_by("pk").values_list("pk", flat=True)
    ids = list(waiting[:200])
    for request_id in ids:
        answer_link_request(request_id=request_id, now=now)
    return len(ids)


def tell_of_delays(*, now: datetime) -> int:
    """Write to whoever has waited for long and was not told yet; returns to how many."""
    told = Message.objects.filter(kind=_DELAYED, reference=OuterRef("number"))
    late = Order.objects.filter(
        ~Exists(told), status__in=UNDER_WAY, paid_at__lte=now - late_after()
    )
    found = list(late.order_by("paid_at")[:200])
    for order in found:
        tell(order=order, kind=_DELAYED, reference=order.number, now=now)
    return len(found)


def _line(line: OrderLine, language: str) -> dict[str, object]:
    """Names and numbers: what was bought, for whom, and how much of it came."""
    came = sum(1 for delivery in line.deliveries.all() if delivery.released_at)
    return {
        "product_name": line.product_name,
        "sku_name": line.sku_name,
        "quantity": line.quantity,
        "came": came,
        "recipient": ", ".join(text for _, text in recipients(line, language=language)),
    }
