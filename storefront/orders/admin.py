"""Orders as staff see them. No code is on these pages but in the answer to `see_code`."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import add_never_cache_headers
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import action
from unfold.paginator import InfinitePaginator

from storefront.core.admin import ReadOnly, ReadOnlyPart
from storefront.orders.admin_codes import see_code
from storefront.orders.admin_deeds import act
from storefront.orders.finding import find
from storefront.orders.models import Order, OrderLine


class LineInline(ReadOnlyPart, TabularInline):  # type: ignore[misc]  # unfold is untyped
    """What was ordered."""

    model = OrderLine
    fields = ("position", "product_name", "sku_name", "quantity", "unit_amount", "unit_cost")


@admin.register(Order)
class OrderAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Orders, newest first."""

    list_display = ("number", "email", "status", "total_amount", "currency", "created_at")
    list_filter = (
        "status",
        ("frozen_at", admin.EmptyFieldListFilter),
        ("created_at", RangeDateFilter),
    )
    search_fields = ("number",)  # what is really searched is in `finding`
    search_help_text = (
        "Number, mail address, our or the partner's id of a purchase, the payment's reference, or a"
        " product's name"
    )
    paginator = InfinitePaginator
    list_per_page = 50
    list_filter_submit = True
    change_form_before_template = "staff/order.html"
    ordering = ("-created_at",)
    inlines = (LineInline,)
    show_full_result_count = False
    actions_detail = ("see_code", "act")

    def has_see_permission(self, request: HttpRequest, _object_id: str = "") -> bool:
        """A right of its own: who may read orders may not read codes."""
        return bool(request.user.has_perm("orders.see_code"))

    @action(description="See a code", url_path="see-code", permissions=["see"])  # type: ignore[untyped-decorator]  # as above
    def see_code(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For a reason; the customer is told."""
        order = get_object_or_404(Order, pk=object_id)
        if not self.has_see_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {"opts": self.opts}
        answer = see_code(request, order, context)
        add_never_cache_headers(answer)
        return answer

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002  Django's signature
        queryset: QuerySet[Order],
        search_term: str,
    ) -> tuple[QuerySet[Order], bool]:
        """By indexes, whatever it is."""
        return (find(queryset, search_term) if search_term.strip() else queryset), False

    def has_act_permission(self, request: HttpRequest, _object_id: str = "") -> bool:
        """Reading orders is neither writing to customers nor unlocking their codes."""
        rights = ("orders.change_order", "payments.refund_payment")
        return any(request.user.has_perm(right) for right in rights)

    @action(description="Act", url_path="act", permissions=["act"])  # type: ignore[untyped-decorator]  # as above
    def act(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One deed for a reason: a new link, unlocking."""
        order = get_object_or_404(Order, pk=object_id)
        if not self.has_act_permission(request):
            raise PermissionDenied
        return act(request, order, self.admin_site.each_context(request) | {"opts": self.opts})
