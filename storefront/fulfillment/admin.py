"""Purchases as staff see them: what was asked, what was answered, never a code."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import now
from unfold.admin import ModelAdmin, TabularInline

from storefront.core import states
from storefront.core.admin import ReadOnly, ReadOnlyPart
from storefront.fulfillment import explaining
from storefront.fulfillment.actions import reviewing
from storefront.fulfillment.admin_payments import PaymentAdmin
from storefront.fulfillment.models import Purchase, PurchaseEvent

__all__ = ["PaymentAdmin", "PurchaseAdmin"]


class EventInline(ReadOnlyPart, TabularInline):  # type: ignore[misc]  # unfold is untyped
    """Each step."""

    model = PurchaseEvent
    fields = ("at", "from_status", "to_status", "note")


@admin.register(Purchase)
class PurchaseAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Purchases, newest first."""

    list_display = (
        "external_id",
        "status",
        "explained",
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
    readonly_fields = ("explained",)
    show_full_result_count = False
    actions = ("ask_again", "give_up")

    @admin.display(description="What that means")
    def explained(self, purchase: Purchase) -> str:
        """Why it stands as it does, and what comes next."""
        return explaining.in_words(purchase, now=now())

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Reading purchases is not deciding about money."""
        return bool(request.user.has_perm("fulfillment.change_purchase"))

    @admin.action(description="Ask the partner again (in review)", permissions=["decide"])
    def ask_again(self, request: HttpRequest, chosen: QuerySet[Purchase]) -> None:
        """Back to work: the next step asks the partner."""
        self._decide(request, chosen, reviewing.ask_again)

    @admin.action(description="Give up, return the money (in review)", permissions=["decide"])
    def give_up(self, request: HttpRequest, chosen: QuerySet[Purchase]) -> None:
        """Nothing will come of it: what it was to bring is given back."""
        self._decide(request, chosen, reviewing.give_up)

    def _decide(
        self, request: HttpRequest, chosen: QuerySet[Purchase], decide: reviewing.Decision
    ) -> None:
        done = 0
        for purchase in chosen:
            try:
                decide(purchase_id=purchase.pk, by=str(request.user), now=now())
            except states.NotAllowed:
                text = f"{purchase} is not in review: nothing was done about it."
                self.message_user(request, text, messages.WARNING)
            else:
                done += 1
        self.message_user(request, f"{done} purchases were decided about.")
