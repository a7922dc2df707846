"""eSIMs as staff see them: never the number, never what installs it."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import now
from unfold.admin import ModelAdmin, TabularInline

from storefront.core.admin import Helped, ReadOnly
from storefront.esim import actions
from storefront.esim.models import Esim, Reading
from storefront.orders import actions as orders


class ReadingInline(ReadOnly, TabularInline):  # type: ignore[misc]  # unfold is untyped
    """What each question brought that was new."""

    model = Reading
    fields = ("at", "status_text", "data_remaining", "data_total", "data_unit", "failure")
    verbose_name_plural = "What the partner said, newest first"
    per_page = 50


@admin.register(Esim)
class EsimAdmin(Helped, ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """eSIMs, newest first."""

    help = (
        (
            "eSIMs customers own, without their numbers. Ask now for the state of those you "
            "select, or send their owners a link."
        ),
    )

    list_display = (
        "id",
        "order_number",
        "number",
        "state",
        "status_text",
        "data_remaining",
        "data_total",
        "ends_at",
        "checked_at",
        "due_at",
        "failures",
    )
    list_filter = ("state",)
    search_fields = ("=id", "delivery__line__order__number", "delivery__line__order__email")
    ordering = ("-created_at",)
    exclude = ("sealed", "iccid_index")
    readonly_fields = ("number", "order_number")
    list_select_related = ("delivery__line__order",)
    show_full_result_count = False
    inlines = (ReadingInline,)
    actions = ("ask_now", "send_links")

    @admin.display(description="ICCID")
    def number(self, esim: Esim) -> str:
        """Whether there is one; a colleague needs no more, the row's id names it."""
        return "•••• •••• ••••" if esim.iccid_index else "none"

    @admin.display(description="Order")
    def order_number(self, esim: Esim) -> str:
        """The order that brought it."""
        return esim.delivery.line.order.number

    def has_tend_permission(self, request: HttpRequest) -> bool:
        """Reading is not calling the partner or writing to customers."""
        return bool(request.user.has_perm("esim.change_esim"))

    @admin.action(description="Ask the partner now", permissions=["tend"])
    def ask_now(self, request: HttpRequest, chosen: QuerySet[Esim]) -> None:
        """Within the budget, like every question."""
        for esim in chosen:
            actions.ask_soon(esim_id=esim.pk, now=now())
        messages.success(request, f"{len(chosen)} eSIMs are asked about.")

    @admin.action(description="Send the customer a link", permissions=["tend"])
    def send_links(self, request: HttpRequest, chosen: QuerySet[Esim]) -> None:
        """To the order's address and no other; the eSIM is one step from there."""
        for esim in chosen:
            orders.send_link(order=esim.delivery.line.order, now=now())
        messages.success(request, f"{len(chosen)} links are on their way.")
