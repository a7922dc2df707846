"""What was earned: by product, category, order and day, and the entries behind each figure."""

from datetime import UTC
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from storefront.finance import margins
from storefront.finance.access import for_finance
from storefront.finance.forms import MarginForm
from storefront.finance.models.margin import Share
from storefront.finance.queries import margin as queries
from storefront.finance.queries.margin import Scope

ENTRIES = 50


@require_safe
@for_finance()
def show(request: HttpRequest) -> HttpResponseBase:
    """One of the lists, as a page or as a file."""
    asked = request.GET.get("by", "")
    by = asked if asked in margins.VIEWS else "product"
    form, scope = _asked(request)
    if request.GET.get("format") == "csv":
        name = f"margin-{by}-{scope.since}-{scope.until}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        lines = margins.as_csv(by=by, scope=scope)
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
    page = margins.page(by=by, scope=scope, after=request.GET.get("after", ""))
    context = {
        "page": page, "form": form, "here": "margin", "views": list(margins.VIEWS),
        "booking": queries.booking(),
    }  # fmt: skip
    return render(request, "finance/margin.html", context, status=200 if form.is_valid() else 400)


@require_safe
@for_finance()
def entries(request: HttpRequest) -> HttpResponse:
    """The rows of the ledger that a figure is the sum of."""
    form, scope = _asked(request)
    number = form.cleaned_data.get("order", "") if form.is_valid() else ""
    after = request.GET.get("after", "")
    last = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
    found = list(queries.shares(scope, number=number, after=last)[: ENTRIES + 1])
    keys = {row.product_id for row in found} | {scope.product}
    names = queries.product_names(key for key in keys if key)
    context = {
        "rows": [_told(row, names) for row in found[:ENTRIES]],
        "after": found[ENTRIES - 1].pk if len(found) > ENTRIES else None,
        "sums": margins.sums(queries.order(number) if number else queries.totals(scope)),
        "scope": scope, "number": number, "here": "margin", "form": form,
        "product": names.get(scope.product or queries.NO_PRODUCT, ""),
    }  # fmt: skip
    return render(request, "finance/entries.html", context, status=200 if form.is_valid() else 400)


def _told(row: Share, names: dict[UUID, str]) -> dict[str, object]:
    return {
        "entry": row.entry,
        "kind": row.kind,
        "whole": margins.exact(row.entry.amount, row.entry.currency),
        "part": margins.exact(row.amount, row.currency),
        "product": names.get(row.product_id or queries.NO_PRODUCT, ""),
    }


def _asked(request: HttpRequest) -> tuple[MarginForm, Scope]:
    form = MarginForm(request.GET)
    since, until = form.days(now().astimezone(UTC).date())
    given = form.cleaned_data if form.is_valid() else {}
    scope = Scope(
        since=since, until=until, category=given.get("category"), product=given.get("product")
    )
    return form, scope
