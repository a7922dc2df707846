"""Differences between the books, and the mirror of the partner's ledger."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from storefront.core import spreadsheets
from storefront.core.queue import enqueue
from storefront.finance.access import for_finance
from storefront.orders.models import Order
from storefront.reconciliation import actions, queries
from storefront.reconciliation.forms import AcceptForm
from storefront.reconciliation.kinds import ADVICE, Cause
from storefront.reconciliation.models import Break, MirroredTransaction

READ, ACCEPT = "reconciliation.view_break", "reconciliation.accept_break"
COMPARE = "reconciliation.compare_books"
COLUMNS = (
    "created_at", "type", "amount", "currency", "balance_after", "order_id", "payment_method",
    "fee_amount", "missing_since",
)  # fmt: skip


@require_safe
@for_finance(READ)
def show(request: HttpRequest) -> HttpResponse:
    """How the books stand, and every open difference."""
    kind = request.GET.get("kind", "")
    if kind and kind not in Cause.values:
        raise Http404
    found = queries.open_breaks(kind=kind, after=_number(request.GET.get("after", "0")))
    rows, more = found[: queries.PAGE], found[queries.PAGE :]
    context = {
        "state": queries.state(),
        "heaps": [(heap, Cause(heap.kind).label) for heap in queries.heaps()],
        "kind": kind,
        "rows": rows,
        "after": rows[-1].pk if more else None,
        "closed": queries.closed_breaks(),
        "runs": queries.comparisons(),
        "may_compare": request.user.has_perm(COMPARE),
        "here": "reconciliation",
    }
    return render(request, "reconciliation/breaks.html", context)


@require_POST
@for_finance(COMPARE)
def compare(request: HttpRequest) -> HttpResponse:
    """Queue a comparison; one that goes on already is not disturbed."""
    enqueue("reconciliation.compare", by=str(request.user))
    messages.success(request, _("The books are being compared. That takes a few seconds."))
    return redirect("reconciliation:breaks")


@require_http_methods(["GET", "HEAD", "POST"])
@for_finance(READ)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One difference: its cause, both sides, what to do; and accepting it."""
    row = get_object_or_404(Break, pk=pk)
    may_accept = request.user.has_perm(ACCEPT)
    if request.method == "POST" and not may_accept:
        return HttpResponse(status=403)
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.accept(
                found=row, reason=form.cleaned_data["reason"], by=str(request.user), now=now()
            )
        except actions.AlreadyClosed:
            messages.warning(request, _("It has ended meanwhile; nothing was changed."))
        else:
            messages.success(request, _("The difference is accepted."))
        return redirect("reconciliation:break", row.pk)
    context = {
        "row": row,
        "advice": ADVICE[row.kind],
        "order": Order.objects.filter(number=row.order_number).first(),
        "form": form if may_accept and row.closed_at is None else None,
        "here": "reconciliation",
    }
    return render(request, "reconciliation/break.html", context, status=400 if form.errors else 200)


@require_safe
@for_finance(READ)
def ledger(request: HttpRequest) -> HttpResponse:
    """The partner's ledger as it was mirrored, newest first."""
    order_id = request.GET.get("order", "").strip()[:64]
    try:
        found = queries.ledger(order_id=order_id, before=request.GET.get("before", ""))
    except (ValueError, ValidationError):
        raise Http404 from None
    entries, more = found[: queries.PAGE], found[queries.PAGE :]
    context = {
        "entries": entries,
        "before": entries[-1].key if more else None,
        "order_id": order_id,
        "here": "ledger",
    }
    return render(request, "reconciliation/ledger.html", context)


@require_safe
@for_finance(READ)
def ledger_file(request: HttpRequest) -> StreamingHttpResponse:  # noqa: ARG001  the guard's
    """All of it as CSV, row by row."""
    lines = spreadsheets.lines(_cells())
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="partner-ledger.csv"'
    return answer


def _cells() -> Iterator[list[str]]:
    yield [*COLUMNS]
    for row in queries.whole_ledger():
        yield [_cell(row, name) for name in COLUMNS]


def _cell(row: MirroredTransaction, name: str) -> str:
    value = getattr(row, name)
    if name in {"created_at", "missing_since"}:
        return value.isoformat() if value else ""
    if name in {"amount", "balance_after", "fee_amount"}:
        return "" if value is None else f"{value.normalize():f}"
    return spreadsheets.harmless(str(value))


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Http404
    return int(text)
