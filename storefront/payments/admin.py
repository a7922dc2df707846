"""Payments as staff see them."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from storefront.core.admin import ReadOnly
from storefront.payments.models import Payment


@admin.register(Payment)
class PaymentAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Payments, newest first."""

    list_display = (
        "order",
        "provider",
        "status",
        "amount",
        "captured_amount",
        "refunded_amount",
        "currency",
        "created_at",
    )
    list_filter = ("status", "provider")
    search_fields = ("order__number", "provider_reference")
    list_select_related = ("order",)
    ordering = ("-created_at",)
    show_full_result_count = False
