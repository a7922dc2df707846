"""The inbox as staff see it: what came, what it led to, and why others were turned away."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import now
from unfold.admin import ModelAdmin

from storefront.core.admin import ReadOnly
from storefront.fulfillment.queries import by_partner_reference
from storefront.webhooks import actions
from storefront.webhooks.models import PartnerEvent, Refusal, StripeEvent


@admin.register(PartnerEvent)
class PartnerEventAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Events, newest first."""

    list_display = ("received_at", "event", "external_id", "status", "led_to", "note")
    list_filter = ("status", "event")
    search_fields = ("external_id", "partner_order_id", "idempotency_key")
    ordering = ("-received_at",)
    readonly_fields = ("led_to",)
    exclude = ("body_hash",)
    show_full_result_count = False
    list_per_page = 50
    actions = ("replay",)

    @admin.display(description="Led to")
    def led_to(self, event: PartnerEvent) -> str:
        """The purchase it is about, and how that stands."""
        purchase = by_partner_reference(
            external_id=event.external_id, partner_order_id=event.partner_order_id
        )
        if purchase is None:
            return "-"
        url = reverse("admin:fulfillment_purchase_change", args=[purchase.pk])
        status = purchase.get_status_display()
        return format_html('<a href="{}">{}</a>: {}', url, purchase, status)

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Reading the inbox is not setting the shop to work."""
        return bool(request.user.has_perm("webhooks.change_partnerevent"))

    @admin.action(description="Follow again", permissions=["replay"])
    def replay(self, request: HttpRequest, chosen: QuerySet[PartnerEvent]) -> None:
        """Ask the partner about their orders once more."""
        ids = chosen.values_list("pk", flat=True)
        count = actions.replay(event_ids=ids, by=str(request.user), now=now())
        self.message_user(request, f"{count} events are followed again.")


@admin.register(Refusal)
class RefusalAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """What was turned away, and why; newest first."""

    list_display = ("hour", "reason", "status", "count", "last_at")
    list_filter = ("status", "reason")
    ordering = ("-hour", "-count")
    show_full_result_count = False


@admin.register(StripeEvent)
class StripeEventAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Events, newest first."""

    list_display = ("received_at", "type", "session", "money", "status", "note")
    list_filter = ("status", "type")
    search_fields = ("event_id", "session", "money")
    ordering = ("-received_at",)
    show_full_result_count = False
