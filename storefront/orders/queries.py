"""Reading orders. Every look at a customer's order goes through `visible_to`."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from partner_api.secret import Secret
from storefront.accounts.models import User
from storefront.orders.models import AccessLink, Delivery, Order, Reveal
from storefront.orders.models.access import token_hash


def visible_to(*, user: User | AnonymousUser, granted: Iterable[UUID]) -> QuerySet[Order]:
    """The orders this visitor may see: their own, and those their session may see."""
    mine = Q(pk__in=list(granted))
    if user.is_authenticated:
        mine |= Q(user_id=user.pk)
    return Order.objects.filter(mine)


def with_details(orders: QuerySet[Order]) -> QuerySet[Order]:
    """The orders with lines, products, deliveries, looks and events, in seven queries."""
    return orders.prefetch_related("lines__sku__product", "lines__deliveries__reveals", "events")


def showable(order: Order) -> list[Delivery]:
    """Everything delivered that the order's owner may see now, in the page's order."""
    found = Delivery.objects.filter(line__order=order, released_at__isnull=False)
    if order.frozen_at:
        found = found.filter(Exists(Reveal.objects.filter(delivery=OuterRef("pk"))))
    return list(found.select_related("line__order").order_by("line__position", "source", "index"))


def looks_at(orders: QuerySet[Order]) -> QuerySet[Reveal]:
    """Every time a code of these orders was shown, newest first."""
    looks = Reveal.objects.filter(delivery__line__order__in=orders)
    found: QuerySet[Reveal] = looks.select_related("delivery__line__order").order_by("-pk")
    return found


def order_behind(*, token: Secret, now: datetime, number: str | None = None) -> Order | None:
    """The order that an unexpired token opens: the one of this number, if one is named."""
    links = AccessLink.objects.filter(token_hash=token_hash(token), expires_at__gt=now)
    link = links.select_related("order").first()
    return link.order if link and number in (None, link.order.number) else None


def delivery_of(*, order: Order, delivery_id: UUID) -> Delivery | None:
    """One delivery of this order and no other."""
    found = Delivery.objects.filter(pk=delivery_id, line__order=order)
    return found.select_related("line__order").first()
