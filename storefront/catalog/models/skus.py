"""The SKU: what is ordered from the partner, with three different sums of money.

`face` is what the card is worth to whom it is given, in the card's currency; `cost` is what the
partner takes, in the partner's; `price` is what we ask, in the shop's. They never meet without
a rate.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from storefront.catalog.models.columns import in_reader_language, json_column
from storefront.catalog.models.goods import Product
from storefront.core.money import MoneyColumn


class Sku(models.Model):
    """One denomination of a product. A held SKU keeps its last accepted cost and price."""

    class Hold(models.TextChoices):
        """Why it is not sold until the partner or staff put it right."""

        NO = "", "Not held"
        NO_PRICE = "no_price", "The partner gives no usable price"
        CURRENCY = "currency", "The partner changed the currency of its cost"
        JUMP = "jump", "Its cost jumped beyond the band"
        KIND = "kind", "The partner changed its kind of denomination"

    # Holds staff may end by accepting what the partner offers now.
    ACCEPTABLE = (Hold.CURRENCY, Hold.JUMP, Hold.KIND)

    id = models.UUIDField(primary_key=True, editable=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="skus")
    name_en = models.CharField(max_length=400, blank=True)
    name_ru = models.CharField(max_length=400, blank=True)
    position = models.PositiveIntegerField(default=0)
    image = models.CharField(max_length=2000, blank=True)
    attributes = json_column()
    face_value = MoneyColumn(null=True, blank=True)
    face_currency = models.CharField(max_length=3, blank=True)
    # From the pricelist: "fixed" with a cost, or "custom" with what computes one; "" before that.
    denomination_type = models.CharField(max_length=40, blank=True)
    cost = MoneyColumn(null=True, blank=True)
    cost_currency = models.CharField(max_length=3, blank=True)
    # Written by `repricing` alone; of any amount, what the smallest one costs. None: there is no
    # rate into the shop's currency, or nothing to compute it from.
    price = MoneyColumn(null=True, blank=True)
    price_currency = models.CharField(max_length=3, blank=True)
    stock = models.PositiveIntegerField(default=0)
    # How many one partner order may carry; unknown counts as one.
    max_per_order = models.PositiveIntegerField(null=True, blank=True)
    # Custom amounts only, see `pricing.custom_cost`; bounds and step in face money.
    rate = models.DecimalField(max_digits=20, decimal_places=10, null=True, blank=True)
    markup_percent = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    markup_fixed = MoneyColumn(null=True, blank=True)
    minimum = MoneyColumn(null=True, blank=True)
    maximum = MoneyColumn(null=True, blank=True)
    step = MoneyColumn(null=True, blank=True)
    # When this row's cost was last written; see CatalogState for when it was last confirmed.
    priced_at = models.DateTimeField(null=True, blank=True)
    # While held for staff, `offered` is what the partner asks now, with the keys it would change.
    hold_reason = models.CharField(max_length=20, choices=Hold, default=Hold.NO_PRICE, blank=True)
    offered = models.JSONField(null=True, blank=True)
    # Since when it is not sold because it cost more than we thought; staff end that.
    paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_hidden = models.BooleanField(default=False)
    missing_runs = models.PositiveSmallIntegerField(default=0)
    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "SKU"
        ordering: ClassVar[list[str]] = ["product", "position", "id"]
        # A check passes on NULL: every half of a pair says itself that it is not null.
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *(
                models.CheckConstraint(
                    condition=Q(**{amount: None, currency: ""})
                    | (
                        Q(**{f"{amount}__isnull": False, f"{amount}__gt": 0}) & ~Q(**{currency: ""})
                    ),
                    name=f"sku_{amount}_is_positive_money",
                )
                for amount, currency in [("cost", "cost_currency"), ("price", "price_currency")]
            ),
            # The face currency of a custom amount stands without a value.
            models.CheckConstraint(
                condition=Q(face_value=None) | (Q(face_value__gt=0) & ~Q(face_currency="")),
                name="sku_face_value_is_positive_money",
            ),
            models.CheckConstraint(
                condition=Q(max_per_order=None) | Q(max_per_order__gte=1),
                name="sku_max_per_order_is_at_least_one",
            ),
            models.CheckConstraint(
                condition=Q(rate=None) | Q(rate__gt=0), name="sku_rate_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(minimum=None)
                | Q(maximum=None)
                | Q(minimum__gt=0, maximum__gte=F("minimum")),
                name="sku_amounts_are_a_range",
            ),
            models.CheckConstraint(
                condition=Q(step=None) | Q(step__gt=0), name="sku_step_is_positive"
            ),
            # Whatever is not held has a cost: a fixed amount its own, a custom one a rate.
            models.CheckConstraint(
                condition=~Q(hold_reason="")
                | (Q(priced_at__isnull=False) & (Q(cost__isnull=False) | Q(rate__isnull=False))),
                name="sku_on_sale_has_a_cost",
            ),
            models.CheckConstraint(
                condition=Q(offered__isnull=True) | Q(hold_reason__in=["currency", "jump", "kind"]),
                name="sku_offer_needs_a_hold",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["changed_at"], name="skus_staff_must_see", condition=~Q(hold_reason="")
            ),
            models.Index(
                fields=["paused_at"], name="skus_paused", condition=Q(paused_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_reader_language(self.name_en, self.name_ru)
