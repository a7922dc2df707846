"""Orders as staff see them. No code is ever on these pages."""

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from storefront.core.admin import ReadOnly
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
