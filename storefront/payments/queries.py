"""Reading payments."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from storefront.orders.models import Order
from storefront.payments.models import Payment, Refund
from storefront.payments.states import EffectStatus, Status

# How references of refunds begin that staff decided about; others follow from what came.
BY_STAFF = "staff-"


def due(*, now: datetime, most: int) -> list[UUID]:
    """Payments about which the provider is to be asked, the oldest first."""
    rows = Payment.objects.filter(due_at__lte=now).order_by("due_at")
    return list(rows.values_list("pk", flat=True)[:most])


def undecided_payments(order: Order) -> list[Payment]:
    """Payments that may yet be paid, or are before a person: the order waits for them."""
    rows = Payment.objects.filter(order=order, status__in=[Status.OPEN, Status.IN_REVIEW])
    return list(rows.select_related("order"))


def by_session(*, provider: str, session: str) -> Payment | None:
    """The payment this page of the provider's was opened for; our own rows alone say so."""
    rows = Payment.objects.filter(provider=provider, session_reference=session)
    return rows.select_related("order").first() if session else None


def by_reference(*, provider: str, reference: str) -> Payment | None:
    """The payment whose money the provider calls so."""
    rows = Payment.objects.filter(provider=provider, provider_reference=reference)
    return rows.select_related("order").first() if reference else None


def has_pending_refund(payment: Payment) -> bool:
    """Whether the outcome of a refund is not known."""
    return payment.refunds.filter(status=EffectStatus.PENDING).exists()


def refunds_by_staff(payment: Payment) -> QuerySet[Refund]:
    """What staff gave back, or tried to."""
    return payment.refunds.filter(reference__startswith=BY_STAFF)
