"""The answers that hold codes: asked for by a form, written down first, and kept nowhere."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from storefront.core.limits import hit, too_many
from storefront.orders import actions, queries
from storefront.orders.documents import as_csv, as_text, sheet_of
from storefront.orders.forms import ProblemForm
from storefront.orders.models import Delivery, Order
from storefront.orders.pages import order_view
from storefront.orders.views.common import order_of, private, viewer

HOUR = timedelta(hours=1)
FILES = {"csv": (as_csv, "text/csv"), "txt": (as_text, "text/plain")}


@require_POST
@never_cache
def reveal(request: HttpRequest, number: str, delivery_id: UUID) -> HttpResponse:
    """Show one code to whom the order belongs."""
    order = order_of(request, number)
    delivery = _delivery(order, delivery_id)
    if not hit(scope="reveal", key=order.number, limit=300, window=HOUR, now=now()):
        return too_many(request, after=HOUR / 300)
    try:
        goods = actions.reveal(
            deliveries=[delivery], viewer=viewer(request), channel="page", now=now()
        )
    except actions.NotReleased as error:
        raise Http404 from error
    page = order_view(order, revealed=goods, now=now())
    return private(render(request, "orders/order.html", {"order": page}))


@require_POST
@never_cache
def codes(request: HttpRequest, number: str) -> HttpResponse:
    """All codes of the order that may be shown: as a file, or as a sheet to print."""
    order = order_of(request, number)
    kind = request.POST.get("format", "")
    deliveries = queries.showable(order)
    if not deliveries or kind not in {*FILES, "print"}:
        raise Http404
    if not hit(scope="download codes", key=order.number, limit=20, window=HOUR, now=now()):
        return too_many(request, after=HOUR / 20)
    goods = actions.reveal(deliveries=deliveries, viewer=viewer(request), channel=kind, now=now())
    sheet = sheet_of(order, goods)
    if kind == "print":
        return private(render(request, "orders/codes.html", {"sheet": sheet}))
    write, content_type = FILES[kind]
    response = HttpResponse(write(sheet), content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{order.number}.{kind}"'
    return private(response)


@require_POST
@never_cache
def problem(request: HttpRequest, number: str, delivery_id: UUID) -> HttpResponse:
    """ "This code doesn't work": a case for staff, once per code."""
    order = order_of(request, number)
    delivery = _delivery(order, delivery_id)
    form = ProblemForm(request.POST)
    if not form.is_valid() or not delivery.reveals.exists():
        raise Http404
    if not hit(scope="problem", key=order.number, limit=10, window=HOUR, now=now()):
        return too_many(request, after=HOUR / 10)
    actions.report_problem(
        delivery=delivery,
        reason=form.cleaned_data["reason"],
        words=form.cleaned_data["words"],
        by=viewer(request).by,
        now=now(),
    )
    messages.success(request, _("Thank you, we look into it and write to you."))
    return redirect(order)


def _delivery(order: Order, delivery_id: UUID) -> Delivery:
    delivery = queries.delivery_of(order=order, delivery_id=delivery_id)
    if delivery is None:
        raise Http404
    return delivery
