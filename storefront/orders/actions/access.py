"""Letting guests in: links for mails, and the form that placed an order."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from partner_api.secret import Secret
from storefront.core.queue import enqueue
from storefront.core.refs import as_order_number
from storefront.orders.models import AccessLink, LinkRequest, Order, OrderEvent
from storefront.orders.models.access import new_token, token_hash

LINK_LIFETIME = timedelta(days=90)
# For so long the form that placed an order leads to it again: a click, not a visit.
FORM_LIFETIME = timedelta(minutes=5)


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


@transaction.atomic
def ask_for_link(*, email: str, number: str, now: datetime) -> None:
    """Remember that somebody wants the link to an order they name; it is looked for later."""
    named = as_order_number(number)[:20]
    request = LinkRequest.objects.create(email=email, number=named, asked_at=now)
    enqueue("orders.answer_link_request", request_id=request.pk)


@transaction.atomic
def join(*, user_id: int, email: str, now: datetime) -> int:
    """Orders a guest made with this address are the account's now; returns how many.

    The caller has just proven that the address is theirs.
    """
    guests = Order.objects.select_for_update(no_key=True).filter(user=None, email__iexact=email)
    joined = list(guests)
    for order in joined:
        Order.objects.filter(pk=order.pk).update(user_id=user_id)
        OrderEvent.objects.create(order=order, at=now, by=f"customer {user_id}", kind="joined")
    return len(joined)
