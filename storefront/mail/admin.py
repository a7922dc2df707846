"""Messages and what became of them."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from storefront.core.admin import ReadOnly
from storefront.mail.models import Message


@admin.register(Message)
class MessageAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """The outbox, newest first."""

    list_display = ("kind", "reference", "to", "status", "attempts", "created_at", "sent_at")
    list_filter = ("status", "kind")
    search_fields = ("reference", "to")
    ordering = ("-created_at",)
    exclude = ("sealed",)
