"""Messages and what became of them."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import now
from unfold.admin import ModelAdmin
from unfold.paginator import InfinitePaginator

from storefront.core.admin import Helped, ReadOnly
from storefront.mail import actions
from storefront.mail.models import Message


@admin.register(Message)
class MessageAdmin(Helped, ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """The outbox, newest first."""

    help = (
        "Every mail the shop wrote, once an event. It has links, never codes.",
        "One that failed says why; mend the cause, select it, and send it again.",
    )

    list_display = ("kind", "reference", "to", "status", "attempts", "created_at", "sent_at")
    list_filter = ("status",)
    search_fields = ("=reference", "to__iexact")
    search_help_text = "An order's number, or an address, whole"
    ordering = ("-created_at",)
    show_full_result_count = False
    paginator = InfinitePaginator
    list_per_page = 50
    exclude = ("sealed",)
    actions = ("send_again",)

    def has_resend_permission(self, request: HttpRequest) -> bool:
        """Reading the outbox is not writing to customers."""
        return bool(request.user.has_perm("mail.change_message"))

    @admin.action(description="Send again", permissions=["resend"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[Message]) -> None:
        """Once more, to the same address."""
        ids = chosen.values_list("pk", flat=True)
        count = actions.send_again(message_ids=ids, by=str(request.user), now=now())
        self.message_user(request, f"{count} messages are sent again.")
