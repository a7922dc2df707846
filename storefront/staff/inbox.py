"""The inbox: every open case, and what is in doubt or overdue right now, worst and oldest first.

It reads, in a handful of queries however much there is, and never opens anything sealed.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from storefront.cases.models import Case, CaseNote
from storefront.fulfillment import explaining
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.states import ACTIVE, Status
from storefront.orders.models import Order
from storefront.staff.kinds import KINDS, UNKNOWN, Kind, Urgency

MOST = 50
# A step that is due for so long is done by nobody.
OVERDUE = timedelta(minutes=5)
IN_DOUBT, LATE = "in-doubt", "overdue"
_LIVE = {
    IN_DOUBT: Kind(
        "In doubt", Urgency.SOON, "Looked up by our id; never sent twice, never given up early.",
        "Nothing: it ends by itself. A look-up now does no harm.", True,
    ),
    LATE: Kind(
        "Overdue", Urgency.NOW, "Nothing: no worker does what is due.",
        "Look at /health/work: are the worker and beat running?", True,
    ),
}  # fmt: skip
_OF_PAYMENTS = {"dispute", "dispute-closed", "fraud-warning", "provider-refusal", "refund-failed"}


class Link(NamedTuple):
    """Somewhere to go."""

    label: str
    url: str


class Row(NamedTuple):
    """One thing that needs a person, or that a person may want to know of."""

    kind: str
    words: Kind
    subject: str
    cause: str
    since: datetime
    links: list[Link]
    notes: list[CaseNote]
    case_id: int | None = None


class Group(NamedTuple):
    """How many there are of one kind."""

    kind: str
    title: str
    size: int


class Inbox(NamedTuple):
    """What is shown, how many there are of each kind, and how many altogether."""

    rows: list[Row]
    groups: list[Group]
    total: int


def inbox(*, now: datetime, kind: str = "") -> Inbox:
    """Of this kind, or of all."""
    counted = Case.objects.filter(closed_at=None).values_list("kind").annotate(Count("pk"))
    counts = dict(counted.order_by())
    counts |= {name: rows.count() for name, rows in _live(now).items()}
    groups = [Group(name, words(name).title, count) for name, count in counts.items() if count]
    groups.sort(key=lambda group: (words(group.kind).urgency, group.title))
    rows = [*_cases(kind, groups), *_purchases(kind, now)]
    rows.sort(key=lambda row: (row.words.urgency, row.since))
    return Inbox(rows[:MOST], groups, sum(group.size for group in groups))


def words(kind: str) -> Kind:
    """What a kind means; a new one is shown before it has words."""
    return _LIVE.get(kind) or KINDS.get(kind, UNKNOWN)


def _cases(kind: str, groups: Iterable[Group]) -> list[Row]:
    """The worst and oldest, without reading all of them: kind after kind, until the page is full.

    One statement for each urgency, so three at most.
    """
    found: list[Case] = []
    for urgency in Urgency:
        kinds = [g.kind for g in groups if words(g.kind).urgency == urgency]
        rows = Case.objects.filter(closed_at=None, kind__in=[kind] if kind in kinds else kinds)
        if kinds and (not kind or kind in kinds) and len(found) < MOST:
            found += rows.order_by("opened_at")[: MOST - len(found)]
    notes = _notes(found)
    names = {case.subject.split(" ")[0] for case in found}
    purchases = dict(
        Purchase.objects.filter(external_id__in=names).values_list("external_id", "pk")
    )
    orders = dict(Order.objects.filter(number__in=names).values_list("number", "pk"))
    return [
        Row(
            case.kind, words(case.kind), case.subject, case.summary, case.opened_at,
            _links(case, purchases, orders), notes.get(case.pk, []), case.pk,
        )
        for case in found
    ]  # fmt: skip


def _notes(cases: list[Case]) -> dict[int, list[CaseNote]]:
    by_case: dict[int, list[CaseNote]] = {}
    for note in CaseNote.objects.filter(case__in=cases):
        by_case.setdefault(note.case_id, []).append(note)
    return by_case


# By kind of case, or what its name begins with: a label, a page, and what the page is asked.
_PLACES = {
    "mail-failed": ("Failed mails", "admin:mail_message_changelist", "?status__exact=failed"),
    "webhook": ("Webhooks", "admin:webhooks_partnerevent_changelist", ""),
    "float-": ("Finance", "finance:dashboard", ""),
    "wrong-total": ("What is paused", "admin:catalog_sku_changelist", "?paused_at__isempty=0"),
    "reconciliation-": ("Reconciliation", "reconciliation:breaks", ""),
    "books-": ("Reconciliation", "reconciliation:breaks", ""),
    "catalog-fields": ("Products", "admin:catalog_product_changelist", ""),
    "catalog-sync": ("Syncs", "admin:catalog_syncrun_changelist", ""),
    "catalog-prices": ("Syncs", "admin:catalog_syncrun_changelist", ""),
}


def _links(case: Case, purchases: dict[str, UUID], orders: dict[str, UUID]) -> list[Link]:
    name = case.subject.split(" ")[0]
    links = []
    if name in purchases:
        links.append(_link("Purchase", "fulfillment_purchase", purchases[name]))
    if name in orders:
        links.append(_link("Order", "orders_order", orders[name]))
        if "pay" in case.kind or case.kind in _OF_PAYMENTS:
            search = f"{reverse('admin:payments_payment_changelist')}?q={name}"
            links.append(Link("Payments", search))
    links += [
        Link(label, reverse(page) + query)
        for kind, (label, page, query) in _PLACES.items()
        if case.kind.startswith(kind)
    ]
    return links


def _link(label: str, page: str, key: UUID) -> Link:
    return Link(label, reverse(f"admin:{page}_change", args=[key]))


def _live(now: datetime) -> dict[str, QuerySet[Purchase]]:
    """What is so right now and needs no case: it is over when it is over."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    due = Purchase.objects.filter(free, due_at__lt=now - OVERDUE, status__in=sorted(ACTIVE))
    # Through the index of what is due: a doubt always has a next step.
    doubts = Purchase.objects.filter(status=Status.IN_DOUBT, due_at__isnull=False)
    return {IN_DOUBT: doubts, LATE: due}


def _purchases(kind: str, now: datetime) -> list[Row]:
    found = []
    for name, rows in _live(now).items():
        if kind in {"", name}:
            for purchase in rows.order_by("due_at")[:MOST]:
                cause = explaining.in_words(purchase, now=now)
                links = [_link("Purchase", "fulfillment_purchase", purchase.pk)]
                since = purchase.due_at if name == LATE else purchase.last_post_at
                found.append(
                    Row(
                        name, words(name), purchase.external_id, cause,
                        since or purchase.created_at, links, [],
                    )
                )  # fmt: skip
    return found
