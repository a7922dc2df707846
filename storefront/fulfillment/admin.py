"""Purchases as staff see them: what was asked, what was answered, never a code."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action
from unfold.paginator import InfinitePaginator

from storefront.core import states
from storefront.core.admin import Helped, ReadOnly, ReadOnlyPart
from storefront.fulfillment import explaining
from storefront.fulfillment.actions import reviewing
from storefront.fulfillment.admin_decisions import decide
from storefront.fulfillment.admin_payments import PaymentAdmin
from storefront.fulfillment.models import Purchase, PurchaseEvent

__all__ = ["PaymentAdmin", "PurchaseAdmin"]


class EventInline(ReadOnlyPart, TabularInline):  # type: ignore[misc]  # unfold is untyped
    """Each step."""

    model = PurchaseEvent
    fields = ("at", "from_status", "to_status", "note")


@admin.register(Purchase)
class PurchaseAdmin(Helped, ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Purchases, newest first."""

    help = (
        (
            "One order at the partner each. Its page says in words why it stands as it does; "
            "Decide, there, offers what the protocol allows now."
        ),
        (
            "Nothing here can buy twice: an order is sent again only with the same id, and only"
            " where no earlier one can still be accepted."
        ),
    )

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
    list_filter = ("status", ("hold_reason", admin.EmptyFieldListFilter))
    search_fields = ("external_id", "partner_order_id", "line__order__number")
    ordering = ("-created_at",)
    inlines = (EventInline,)
    readonly_fields = ("explained",)
    show_full_result_count = False
    paginator = InfinitePaginator
    list_per_page = 50
    list_select_related = ("line",)
    actions = ("ask_again",)
    actions_detail = ("decide",)

    @admin.display(description="What that means")
    def explained(self, purchase: Purchase) -> str:
        """Why it stands as it does, and what comes next."""
        return explaining.in_words(purchase, now=now())

    def has_decide_permission(self, request: HttpRequest, _object_id: str = "") -> bool:
        """Reading purchases is not deciding about money."""
        return bool(request.user.has_perm("fulfillment.change_purchase"))

    @admin.action(description="Ask the partner again (in review)", permissions=["decide"])
    def ask_again(self, request: HttpRequest, chosen: QuerySet[Purchase]) -> None:
        """Back to work: the next step asks the partner."""

        done = 0
        for purchase in chosen:
            try:
                reviewing.ask_again(purchase_id=purchase.pk, by=str(request.user), now=now())
            except states.NotAllowed:
                text = f"{purchase} is not in review: nothing was done about it."
                self.message_user(request, text, messages.WARNING)
            else:
                done += 1
        self.message_user(request, f"{done} purchases were decided about.")

    @action(description="Decide", url_path="decide", permissions=["decide"])  # type: ignore[untyped-decorator]  # as above
    def decide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One deed for a reason: look up, ask again, give up."""
        purchase = get_object_or_404(Purchase.objects.select_related("line__order"), pk=object_id)
        if not self.has_decide_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {"opts": self.opts}
        return decide(request, purchase, context)
