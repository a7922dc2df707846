"""The order as its page shows it: everything decided here, so that the template only shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from storefront.catalog.cards import Card, card
from storefront.catalog.models import Product
from storefront.core.money import Money
from storefront.orders.forms import REASONS
from storefront.orders.goods import Goods
from storefront.orders.models import Delivery, Order, OrderLine
from storefront.orders.recipients import recipients
from storefront.orders.refunds import RefundView, refunds_of
from storefront.orders.states import FOR_GOOD, UNDER_WAY, Status
from storefront.orders.words import CONFIRMING, SENT, TAKEN_EARLY, WORDS, late_hint

_PROBLEMS = frozenset({Status.FAILED, Status.REFUNDED, Status.PARTIALLY_COMPLETED})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    """One ticket. Plain text is in it only in the answer to a reveal."""

    id: UUID
    position: int
    label: str
    viewed_at: datetime | None
    is_frozen: bool = False
    # Frozen for good: the money went back, so the code never comes.
    is_taken_back: bool = False
    # It went straight to whom it is for: there is no code, at most something to know about it.
    is_without_code: bool = False
    # It has a page of its own, to install and to watch it.
    is_esim: bool = False
    # In the answer to its reveal; then also where there was no code to show.
    is_open: bool = False
    reported_at: datetime | None = None
    # When our staff last looked at it.
    staff_looked_at: datetime | None = None
    code: str | None = None
    serial: str | None = None
    expiry: str | None = None
    extra: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line with its tickets."""

    product: Card
    product_name: str
    sku_name: str
    quantity: int
    total: Money
    # Whom it is for: label and masked answer.
    recipients: list[tuple[str, str]]
    status_label: str
    deliveries: list[DeliveryView]
    # How many did not come: yet, or for good.
    missing: int
    how_to: SafeString


@dataclass(frozen=True, slots=True)
class Step:
    """One stop on the way; `state` is done, current, todo or problem."""

    label: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """The whole page."""

    number: str
    status: str
    status_label: str
    status_sentence: Promise
    status_hint: Promise | str
    payment_sentence: Promise
    is_settled: bool
    is_payable: bool
    created_at: datetime
    total: Money
    email_masked: str
    progress: list[Step]
    lines: list[LineView]
    is_paid: bool
    is_bulk: bool
    refunds: list[RefundView]
    # What can be wrong with a code, as value and words.
    reasons: list[tuple[str, Promise]]


def order_view(
    order: Order, *, now: datetime, revealed: Mapping[UUID, Goods] | None = None
) -> OrderView:
    """The page of this order; `revealed` holds the goods this one answer shows in plain text."""
    waited = now - order.paid_at if order.paid_at else None
    happened = (_last(order, "problem"), _last(order, "staff-look"))
    lines = [_line(line, revealed or {}, *happened) for line in order.lines.all()]
    is_under_way = order.status in UNDER_WAY
    # Codes are shown once their money was taken, which for the first of many is before the end.
    is_taken = is_under_way and any(line.deliveries for line in lines)
    # All is here; that the order is done is written down in a moment.
    is_here = is_under_way and not any(line.missing for line in lines)
    words = WORDS[Status.COMPLETED if is_here else order.status]
    if words is WORDS[Status.COMPLETED] and _went_straight(lines):
        words = SENT
    if order.confirming_since and not order.paid_at:
        words = CONFIRMING
    return OrderView(
        number=order.number,
        status=order.status,
        status_label=str(Status(order.status).label),
        status_sentence=words.sentence,
        status_hint=(not is_here and late_hint(order.status, waited=waited)) or words.hint,
        payment_sentence=TAKEN_EARLY if is_taken and not is_here else words.money,
        is_settled=order.is_settled,
        is_payable=order.is_payable,
        created_at=order.created_at,
        total=order.total,
        email_masked=_masked(order.email),
        progress=_progress(order),
        lines=lines,
        is_paid=order.paid_at is not None,
        is_bulk=sum(len(line.deliveries) for line in lines) > 1 and not order.frozen_at,
        refunds=refunds_of(order),
        reasons=list(REASONS.items()),
    )


def _went_straight(lines: list[LineView]) -> bool:
    """Whether all that came went to whom it is for, with nothing to open."""
    came = [item for line in lines for item in line.deliveries]
    return bool(came) and all(item.is_without_code for item in came)


def _last(order: Order, kind: str) -> dict[str, datetime]:
    """When something of this kind last happened to each delivery."""
    said = [event for event in order.events.all() if event.kind == kind]
    return {event.data["delivery"]: event.at for event in said}


def _line(
    line: OrderLine,
    revealed: Mapping[UUID, Goods],
    reported: Mapping[str, datetime],
    looked: Mapping[str, datetime],
) -> LineView:
    released = [item for item in line.deliveries.all() if item.released_at]
    came = len(released)
    label = _("%(came)s of %(all)s here") % {"came": came, "all": line.quantity}
    return LineView(
        product=card(line.sku.product),
        product_name=line.product_name,
        sku_name=line.sku_name,
        quantity=line.quantity,
        total=line.total,
        recipients=recipients(line),
        # Of what did not come each unit says why, below.
        status_label=_("Ready") if came == line.quantity else label if came else "",
        deliveries=[
            _delivery(
                item,
                number,
                line,
                goods=revealed.get(item.pk),
                reported_at=reported.get(str(item.pk)),
                looked_at=looked.get(str(item.pk)),
            )
            for number, item in enumerate(released, start=1)
        ],
        missing=line.quantity - came,
        # Cleaned when it came from the partner.
        how_to=mark_safe(line.sku.product.description_html),  # noqa: S308
    )


def _delivery(
    delivery: Delivery,
    position: int,
    line: OrderLine,
    *,
    goods: Goods | None,
    reported_at: datetime | None,
    looked_at: datetime | None,
) -> DeliveryView:
    looks = list(delivery.reveals.all())
    is_frozen = line.order.frozen_at is not None and not looks
    is_esim = line.sku.product.type == Product.Type.ESIM
    plain: dict[str, object] = {}
    if goods:
        for name in ("code", "serial", "expiry"):
            secret = getattr(goods, name)
            plain[name] = secret.reveal() if secret else None
        plain["extra"] = [(label, value.reveal()) for label, value in goods.extra]
    return DeliveryView(
        id=delivery.pk,
        position=position,
        label=line.sku_name,
        viewed_at=looks[-1].at if looks else None,
        is_frozen=is_frozen,
        is_taken_back=line.order.frozen_because in FOR_GOOD,
        is_without_code=delivery.code_index is None,
        is_esim=is_esim and not is_frozen and delivery.code_index is not None,
        is_open=goods is not None,
        reported_at=reported_at,
        staff_looked_at=looked_at,
        **plain,  # type: ignore[arg-type]  # the names are DeliveryView's
    )


def _progress(order: Order) -> list[Step]:
    """Ordered, paid, delivered: where this order is on that way."""
    if order.paid_at is None:
        state = "problem" if order.is_settled else "current"
        return [Step(_("Ordered"), "done"), Step(_("Paid"), state), Step(_("Ready"), "todo")]
    if order.status in UNDER_WAY:
        state = "problem" if order.status == Status.IN_REVIEW else "current"
    elif order.status in _PROBLEMS:
        state = "problem"
    else:
        state = "done"
    return [Step(_("Ordered"), "done"), Step(_("Paid"), "done"), Step(_("Ready"), state)]


def _masked(email: str) -> str:
    name, _at, host = email.partition("@")
    return f"{name[:1]}•••@{host}"
