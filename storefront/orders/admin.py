"""Orders as staff see them. No code is ever on these pages."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import now
from unfold.admin import ModelAdmin, TabularInline

from storefront.core.admin import ReadOnly
from storefront.orders import actions
from storefront.orders.models import Order, OrderEvent, OrderLine


class LineInline(ReadOnly, TabularInline):  # type: ignore[misc]  # unfold is untyped
    """What was ordered."""

    model = OrderLine
    fields = ("position", "product_name", "sku_name", "quantity", "unit_amount", "unit_cost")


class EventInline(ReadOnly, TabularInline):  # type: ignore[misc]  # unfold is untyped
    """What happened."""

    model = OrderEvent
    fields = ("at", "by", "kind", "from_status", "to_status")


@admin.register(Order)
class OrderAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Orders, newest first."""

    list_display = ("number", "email", "status", "total_amount", "currency", "created_at")
    list_filter = ("status",)
    search_fields = ("number", "email", "lines__purchases__external_id")
    ordering = ("-created_at",)
    inlines = (LineInline, EventInline)
    show_full_result_count = False
    actions = ("send_links",)

    def has_resend_permission(self, request: HttpRequest) -> bool:
        """Reading orders is not writing to customers."""
        return bool(request.user.has_perm("orders.change_order"))

    @admin.action(description="Send the customer a new link", permissions=["resend"])
    def send_links(self, request: HttpRequest, chosen: QuerySet[Order]) -> None:
        """To the address the order was made with, and no other."""
        for order in chosen:
            actions.send_link(order=order, now=now())
        self.message_user(request, f"{len(chosen)} links are on their way.")
