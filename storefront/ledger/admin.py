"""The entries, to be read."""

from django.contrib import admin
from unfold.admin import ModelAdmin
from unfold.paginator import InfinitePaginator

from storefront.core.admin import Helped, ReadOnly
from storefront.ledger.models import Entry


@admin.register(Entry)
class EntryAdmin(Helped, ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Entries, newest first."""

    help = (
        (
            "What money did, each effect once: sales, costs, refunds, fees. Nobody changes it; "
            "every figure of finance is a sum over it."
        ),
    )

    list_display = ("at", "kind", "amount", "currency", "order_number", "reference")
    list_filter = ("kind",)
    search_fields = ("order_number", "reference")
    ordering = ("-at",)
    show_full_result_count = False
    paginator = InfinitePaginator
    list_per_page = 50
