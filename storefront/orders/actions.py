"""Writing orders: placing, moving, delivering, releasing, revealing, and letting guests in."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from unicodedata import normalize
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from partner_api.secret import Secret
from storefront.cases.actions import open_case
from storefront.core import states
from storefront.core.sealed import CannotOpen, blind_index, blind_indexes, open_sealed, seal
from storefront.orders.goods import Goods
from storefront.orders.models import AccessLink, Delivery, Order, OrderEvent, OrderLine, Reveal
from storefront.orders.models.access import new_token, token_hash
from storefront.orders.states import MOVES, Status

LINK_LIFETIME = timedelta(days=90)
# For so long the form that placed an order leads to it again: a click, not a visit.
FORM_LIFETIME = timedelta(minutes=5)


class DuplicateCode(Exception):  # noqa: N818  the failure is the name
    """This code was delivered before: to whom it belongs now is for a person to find out."""


class NotReleased(Exception):  # noqa: N818  the failure is the name
    """The code may not be shown: its money is not ours (yet, or any more)."""


@transaction.atomic
def place(
    *,
    order_id: UUID,
    email: str,
    locale: str,
    lines: Sequence[OrderLine],
    user_id: int | None,
    by: str,
    now: datetime,
) -> Order:
    """Write an order that awaits its payment. The lines carry prices the server computed.

    A second order of the same id raises IntegrityError.
    """
    total = sum((line.unit_amount * line.quantity for line in lines), Decimal(0))
    order = Order.objects.create(
        pk=order_id,
        email=email,
        locale=locale,
        user_id=user_id,
        total_amount=total,
        currency=lines[0].currency,
        created_at=now,
    )
    for position, line in enumerate(lines, start=1):
        line.order, line.position = order, position
        line.save(force_insert=True)
    OrderEvent.objects.create(
        order=order, at=now, by=by, kind="placed", to_status=order.status, data={}
    )
    return order


@transaction.atomic
def move(
    *,
    order: Order,
    to: Status,
    by: str,
    now: datetime,
    data: dict[str, Any] | None = None,
    **fields: Any,
) -> None:
    """Move the order and write its event. Raises states.NotAllowed or states.LostRace."""
    old = states.swap(order, to=to, moves=MOVES, **fields)
    OrderEvent.objects.create(
        order=order, at=now, by=by, kind="moved", from_status=old, to_status=to, data=data or {}
    )


@transaction.atomic
def deliver(*, line: OrderLine, source: UUID, goods: Iterable[Goods], now: datetime) -> None:
    """Seal what a purchase brought, all of it or nothing. Raises DuplicateCode."""
    for index, item in enumerate(goods):
        delivery = Delivery(line=line, source=source, index=index, delivered_at=now)
        delivery.sealed = seal(item.sealed_form(), context=delivery.seal_context)
        if item.code is not None:
            same = _as_compared(item.code)
            indexes = list(blind_indexes(same))
            if Delivery.objects.filter(code_index__in=indexes).exists():
                raise DuplicateCode(str(source))
            delivery.code_index = blind_index(same)
        try:
            with transaction.atomic():
                delivery.save(force_insert=True)
        except IntegrityError as error:  # somebody delivered the same code this very moment
            raise DuplicateCode(str(source)) from error


def _as_compared(code: Secret) -> Secret:
    """The code without what people and partners write differently: case, spaces, hyphens."""
    text = normalize("NFKC", code.reveal()).casefold()
    return Secret("".join(filter(str.isalnum, text)) or text)


def release(*, order: Order, now: datetime) -> None:
    """Let the customer see what was delivered: its money is ours now."""
    waiting = Delivery.objects.filter(line__order=order, released_at=None)
    waiting.update(released_at=now)


def reveal(*, delivery: Delivery, by: str, address: str, user_agent: str, now: datetime) -> Goods:
    """The goods in plain text. Who looked is committed before anything is opened.

    Raises NotReleased, and sealed.CannotOpen when no key of the ring fits: staff are told.
    """
    if delivery.released_at is None:
        raise NotReleased(str(delivery.pk))
    agent = user_agent.replace("\0", "")[:200]
    with transaction.atomic(durable=True):
        Reveal.objects.create(delivery=delivery, at=now, by=by, address=address, user_agent=agent)
    try:
        document = open_sealed(delivery.sealed, context=delivery.seal_context)
    except CannotOpen:
        open_case(
            kind="unreadable-code",
            subject=delivery.line.order.number,
            summary=f"No key opens what was delivered ({delivery.pk}); its customer saw an error.",
            now=now,
        )
        raise
    return Goods.from_sealed_form(document)


def remember_form(*, order: Order, token: Secret, now: datetime) -> None:
    """Whoever holds the page that placed this order finds it again for a few minutes."""
    link = AccessLink(
        order=order, token_hash=token_hash(token), created_at=now, expires_at=now + FORM_LIFETIME
    )
    # A form that is sent once more with another cart still means its first order.
    AccessLink.objects.bulk_create([link], ignore_conflicts=True)


def link_for_mail(*, order: Order, now: datetime) -> Secret:
    """A new address that opens the order for whoever holds it; only its hash is kept."""
    token = new_token()
    AccessLink.objects.create(
        order=order, token_hash=token_hash(token), created_at=now, expires_at=now + LINK_LIFETIME
    )
    with override(order.locale):
        path = reverse("orders:open", args=[order.number, token.reveal()])
    return Secret(settings.SITE_URL + path)
