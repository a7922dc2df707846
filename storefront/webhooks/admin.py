"""The inbox as staff see it."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from storefront.core.admin import ReadOnly
from storefront.webhooks.models import PartnerEvent, StripeEvent


@admin.register(PartnerEvent)
class PartnerEventAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Events, newest first."""

    list_display = ("received_at", "event", "external_id", "status", "note")
    list_filter = ("status", "event")
    search_fields = ("external_id", "partner_order_id", "idempotency_key")
    ordering = ("-received_at",)
    show_full_result_count = False


@admin.register(StripeEvent)
class StripeEventAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Events, newest first."""

    list_display = ("received_at", "type", "session", "money", "status", "note")
    list_filter = ("status", "type")
    search_fields = ("event_id", "session", "money")
    ordering = ("-received_at",)
    show_full_result_count = False
