"""The page on which staff see one code of an order: which, why, and then the code, once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from storefront.core.clients import client_address
from storefront.core.limits import hit, too_many
from storefront.core.sealed import CannotOpen
from storefront.orders import actions
from storefront.orders.goods import Goods
from storefront.orders.models import Delivery, Order

# Nobody needs more in an hour, and whoever stole a session gets no more.
MOST, WINDOW = 30, timedelta(hours=1)


class SeeForm(forms.Form):
    """Which one, and why."""

    delivery = forms.ChoiceField(label="Which one", widget=UnfoldAdminSelectWidget)
    reason = forms.CharField(
        label="Why you must see it",
        min_length=10,
        max_length=200,
        help_text="The customer reads on their order that staff looked; the reason stays with us.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )

    def __init__(self, deliveries: list[Delivery], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delivery"].choices = [  # type: ignore[attr-defined]  # it is a ChoiceField
            (str(row.pk), f"{row.line.sku_name}, number {place}")
            for place, row in enumerate(deliveries, start=1)
        ]


def see_code(request: HttpRequest, order: Order, context: dict[str, Any]) -> HttpResponse:
    """The form, and in its answer the code. The caller saw to the right and to caches."""
    rows = Delivery.objects.filter(line__order=order).select_related("line__order")
    deliveries = {row.pk: row for row in rows.order_by("line__position", "source", "index")}
    form = SeeForm(list(deliveries.values()), request.POST or None)
    context |= {"title": f"A code of {order.number}", "order": order, "form": form}
    if request.method == "POST" and form.is_valid():
        if not hit(scope="staff look", key=str(request.user), limit=MOST, window=WINDOW, now=now()):
            return too_many(request, after=WINDOW / MOST)
        try:
            goods = actions.see(
                delivery=deliveries[UUID(form.cleaned_data["delivery"])],
                reason=form.cleaned_data["reason"],
                by=str(request.user),
                address=client_address(request),
                now=now(),
            )
        except actions.NotReleased:
            form.add_error(None, "Its money is not ours yet. Nothing was shown.")
        except CannotOpen:
            form.add_error(None, "No key opens it. It is a case now; nothing was shown.")
        else:
            context["shown"] = _plain(goods)
    return render(request, "orders/admin/code.html", context)


def _plain(goods: Goods) -> list[tuple[str, str]]:
    named = [("Code", goods.code), ("Serial number", goods.serial), ("Use before", goods.expiry)]
    shown = [(label, value.reveal()) for label, value in named if value]
    return shown + [(label, value.reveal()) for label, value in goods.extra]
