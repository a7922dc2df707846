"""The inbox as staff see it: what came, what it led to, and why others were turned away."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import now
from unfold.admin import ModelAdmin
from unfold.paginator import InfinitePaginator

from storefront.core.admin import Helped, ReadOnly
from storefront.fulfillment.models import Purchase
from storefront.fulfillment.queries import by_partner_reference, by_partner_references
from storefront.webhooks import actions
from storefront.webhooks.models import PartnerEvent, Refusal, StripeEvent


@admin.register(PartnerEvent)
class PartnerEventAdmin(Helped, ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Events, newest first."""

    help = (
        (
            "What the partner told us. Nothing in it is believed: each makes us ask about the "
            "order, once."
        ),
        (
            "Received ones are followed in a moment; parked ones speak of orders that are not "
            "ours. Select some to follow them again."
        ),
    )

    list_display = ("received_at", "event", "external_id", "status", "led_to", "note")
    list_filter = ("status",)
    search_fields = ("=external_id", "=partner_order_id", "=idempotency_key")
    search_help_text = "An id of ours or of the partner, whole, or the key of the delivery"
    ordering = ("-received_at",)
    readonly_fields = ("led_to",)
    exclude = ("body_hash",)
    show_full_result_count = False
    paginator = InfinitePaginator
    list_per_page = 50
    actions = ("replay",)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """With what the events of the page led to, asked for once and not event by event."""
        page: ChangeList = super().get_changelist_instance(request)
        events: list[Any] = list(page.result_list)
        names = {name for e in events for name in (e.external_id, e.partner_order_id)}
        purchases = by_partner_references(names)
        for event in events:
            ours, theirs = purchases.get(event.external_id), purchases.get(event.partner_order_id)
            event.purchase = ours or theirs
        page.result_list = events
        return page

    @admin.display(description="Led to")
    def led_to(self, event: Any) -> str:
        """The purchase it is about, and how that stands."""
        if not hasattr(event, "purchase"):  # on a page of its own
            event.purchase = by_partner_reference(
                external_id=event.external_id, partner_order_id=event.partner_order_id
            )
        purchase: Purchase | None = event.purchase
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
class RefusalAdmin(Helped, ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """What was turned away, and why; newest first."""

    help = (
        (
            "Deliveries that were turned away, counted by the hour, with why. Many wrong "
            "signatures mean a wrong secret, or somebody trying."
        ),
    )

    list_display = ("hour", "reason", "status", "count", "last_at")
    list_filter = ("status", "reason")
    ordering = ("-hour", "-count")
    show_full_result_count = False
    paginator = InfinitePaginator


@admin.register(StripeEvent)
class StripeEventAdmin(Helped, ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Events, newest first."""

    help = (
        (
            "What Stripe told us. Each makes us ask Stripe about the payment; disputes and "
            "fraud warnings lock codes nobody saw."
        ),
    )

    list_display = ("received_at", "type", "session", "money", "status", "note")
    list_filter = ("status",)
    search_fields = ("=event_id", "=session", "=money")
    search_help_text = "An id of Stripe's, whole"
    ordering = ("-received_at",)
    show_full_result_count = False
    paginator = InfinitePaginator
