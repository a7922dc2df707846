"""The catalog before staff: what the partner sent, what we made of it, what waits for a word."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import EmptyFieldListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import now
from unfold.admin import ModelAdmin
from unfold.decorators import action

from storefront.catalog import actions
from storefront.catalog.admin_fields import fields_page
from storefront.catalog.admin_prices import AmountLimitsAdmin, ExchangeRateAdmin, PriceRuleAdmin
from storefront.catalog.admin_search import SearchSynonymAdmin
from storefront.catalog.admin_syncs import SyncRunAdmin
from storefront.catalog.models import CatalogState, Category, PriceRule, Product, Sku
from storefront.catalog.queries.changes import margin_percent, margins_of
from storefront.core.admin import Helped, ReadOnly

__all__ = [
    "AmountLimitsAdmin",
    "ExchangeRateAdmin",
    "PriceRuleAdmin",
    "SearchSynonymAdmin",
    "SyncRunAdmin",
]


@admin.register(Category)
class CategoryAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Categories come from the partner."""

    list_display = ("name_en", "name_ru", "parent", "slug")
    list_select_related = ("parent",)
    search_fields = ("name_en", "name_ru", "slug")


@admin.register(Product)
class ProductAdmin(Helped, ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Products come from the partner; a changed type waits for staff."""

    help = (
        (
            "What the partner sells, as the last sync left it. A product is on sale when one of"
            " its SKUs is."
        ),
        (
            "Nothing is edited here but what buyers are asked and the price rule, on the "
            "product's page. Where its type changed it waits: select it and accept the new "
            "type, or leave it off sale."
        ),
    )

    list_display = (
        "name_en", "type", "country", "brand", "is_available", "hold_reason", "is_hidden",
    )  # fmt: skip
    list_filter = ("hold_reason", "is_hidden", "is_available", "type", "recipient")
    search_fields = ("name_en", "name_ru", "brand", "slug", "id")
    list_select_related = ("category",)
    actions = ("accept_types",)
    actions_detail = ("recipient_fields", "price_rule")

    def has_accept_permission(self, request: HttpRequest) -> bool:
        """Reading the catalog is not deciding about it."""
        return bool(request.user.has_perm("catalog.change_product"))

    @admin.action(description="Accept the type the partner gives now", permissions=["accept"])
    def accept_types(self, request: HttpRequest, chosen: QuerySet[Product]) -> None:
        """Sell them as what they are now."""
        count = actions.accept_types(
            products=list(chosen.values_list("pk", flat=True)), by=str(request.user), now=now()
        )
        self.message_user(request, f"{count} products are sold as their new type.")

    def has_ask_permission(self, request: HttpRequest, object_id: object = None) -> bool:  # noqa: ARG002  unfold's
        """Whoever decides about products decides what is asked."""
        return self.has_accept_permission(request)

    @action(description="What buyers are asked", url_path="fields", permissions=["ask"])  # type: ignore[untyped-decorator]  # unfold's
    def recipient_fields(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The partner's fields and staff's own."""
        product = self.get_object(request, object_id)
        if product is None:
            raise Http404
        return fields_page(self.admin_site, request, product)

    def has_price_permission(self, request: HttpRequest, object_id: object = None) -> bool:  # noqa: ARG002  unfold's
        """Whoever makes prices."""
        return bool(request.user.has_perm("catalog.add_pricerule"))

    @action(description="Price rule", url_path="price-rule", permissions=["price"])  # type: ignore[untyped-decorator]  # unfold's
    def price_rule(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002  unfold's
        """The product's own rule, or a form for one."""
        rule = PriceRule.objects.filter(product_id=object_id).first()
        if rule is not None:
            return redirect("admin:catalog_pricerule_change", rule.pk)
        query = urlencode({"scope": PriceRule.Scope.PRODUCT, "product": object_id})
        return redirect(f"{reverse('admin:catalog_pricerule_add')}?{query}")


@admin.register(Sku)
class SkuAdmin(Helped, ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """SKUs with face, cost and price; what jumped waits for staff with old and new side by side."""

    help = (
        (
            "Each denomination, with three sums of money that never mix: face value in the "
            "card's currency, cost in the partner's, price in ours."
        ),
        (
            "A cost that jumped, changed its currency or its kind is held and not sold: compare"
            " with what the partner asks now, then select and accept it. One that cost more "
            "than its pricelist said is paused: claim the difference first, then sell it again."
        ),
    )

    list_display = (
        "name_en", "face", "cost_now", "price_now", "margin", "stock", "hold_reason", "offer",
        "paused_at", "is_hidden",
    )  # fmt: skip
    list_filter = (
        "hold_reason",
        ("paused_at", EmptyFieldListFilter),
        "is_hidden",
        "denomination_type",
        "cost_currency",
    )
    search_fields = ("name_en", "name_ru", "id", "product__name_en", "product__slug")
    actions = ("accept_offers", "sell_again")

    @admin.display(description="Face value")
    def face(self, sku: Sku) -> str:
        """In the card's currency."""
        return _amount(sku.face_value, sku.face_currency)

    @admin.display(description="Cost", ordering="cost")
    def cost_now(self, sku: Sku) -> str:
        """What the partner takes, as last accepted."""
        return _amount(sku.cost, sku.cost_currency)

    @admin.display(description="Price", ordering="price")
    def price_now(self, sku: Sku) -> str:
        """What we ask."""
        return _amount(sku.price, sku.price_currency)

    @admin.display(description="Margin")
    def margin(self, sku: Sku) -> str:
        """What is earned over cost, of the price."""
        percent = getattr(sku, "margin_percent", None)
        return "" if percent is None else f"{percent} %"

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """The page of SKUs, each with its margin."""
        found = super().get_changelist_instance(request)
        margins = margins_of([sku.pk for sku in found.result_list], now=now())
        for sku in found.result_list:
            cost, price = margins.get(sku.pk, (None, None))
            sku.margin_percent = margin_percent(price, cost)
        return found  # type: ignore[no-any-return]  # unfold is untyped

    @admin.display(description="The partner asks now")
    def offer(self, sku: Sku) -> str:
        """What accepting would change."""
        return ", ".join(f"{key} {value}" for key, value in (sku.offered or {}).items())

    def has_accept_permission(self, request: HttpRequest) -> bool:
        """Reading prices is not deciding about them."""
        return bool(request.user.has_perm("catalog.change_sku"))

    @admin.action(description="Accept what the partner asks now", permissions=["accept"])
    def accept_offers(self, request: HttpRequest, chosen: QuerySet[Sku]) -> None:
        """Sell them at the new cost."""
        count = actions.accept_offers(
            skus=list(chosen.values_list("pk", flat=True)), by=str(request.user), now=now()
        )
        level = messages.SUCCESS if count else messages.WARNING
        self.message_user(request, f"{count} SKUs are sold at their new cost.", level)

    @admin.action(description="Sell again what cost more than expected", permissions=["accept"])
    def sell_again(self, request: HttpRequest, chosen: QuerySet[Sku]) -> None:
        """They were paused when the partner charged more than its pricelist said."""
        count = actions.sell_again(
            skus=list(chosen.values_list("pk", flat=True)), by=str(request.user), now=now()
        )
        level = messages.SUCCESS if count else messages.WARNING
        self.message_user(request, f"{count} SKUs are sold again.", level)


@admin.register(CatalogState)
class CatalogStateAdmin(ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """How old the prices are."""

    list_display = ("__str__", "priced_at")


def _amount(amount: Any, currency: str) -> str:
    return "" if amount is None else f"{amount.normalize():f} {currency}"
