"""Purchases as staff see them: what was asked, what was answered, never a code."""

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from storefront.core.admin import ReadOnly
from storefront.fulfillment.models import Purchase, PurchaseEvent


class EventInline(ReadOnly, TabularInline):  # type: ignore[misc]  # unfold is untyped
    """Each step."""

    model = PurchaseEvent
    fields = ("at", "from_status", "to_status", "note")


@admin.register(Purchase)
class PurchaseAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Purchases, newest first."""

    list_display = (
        "external_id",
        "status",
        "partner_status",
        "quantity",
        "delivered",
        "posts",
        "expected_cost",
        "partner_total",
        "created_at",
    )
    list_filter = ("status", "hold_reason")
    search_fields = ("external_id", "partner_order_id", "line__order__number")
    ordering = ("-created_at",)
    inlines = (EventInline,)
    show_full_result_count = False
