"""How a price is made from a cost: staff's rules, and the amounts of which any may be bought.

The sync writes neither; `storefront.catalog.pricing` is the arithmetic.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from storefront.catalog.models.goods import Category, Product
from storefront.catalog.models.skus import Sku
from storefront.core.money import MoneyColumn

# What a rule is for, from the widest to the most specific, and the column that names it.
SCOPES = {"shop": "", "category": "category", "product": "product", "sku": "sku"}


def _names_exactly(scope: str) -> Q:
    """The column of that scope is filled and no other."""
    columns = {f"{column}__isnull": column != SCOPES[scope] for column in SCOPES.values() if column}
    return Q(scope=scope, **columns)


class PriceRule(models.Model):
    """What is asked for goods of its scope; of several that fit, the most specific counts alone.

    A category's rule is for all below it, unless something below has its own.
    """

    class Scope(models.TextChoices):
        """What it is for."""

        SHOP = "shop", "The whole shop"
        CATEGORY = "category", "A category and all below it"
        PRODUCT = "product", "A product"
        SKU = "sku", "A SKU"

    class Rounding(models.TextChoices):
        """What prices end in; always upward, so that rounding never eats the margin."""

        NONE = "none", "As it comes, up to the smallest coin"
        NINETY_NINE = "99", "Ends in .99"
        FIFTY = "50", "Ends in .50"
        WHOLE = "whole", "Whole"

    scope = models.CharField(max_length=10, choices=Scope)
    category = models.OneToOneField(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="price_rule"
    )
    product = models.OneToOneField(
        Product, null=True, blank=True, on_delete=models.PROTECT, related_name="price_rule"
    )
    sku = models.OneToOneField(
        Sku, null=True, blank=True, on_delete=models.PROTECT, related_name="price_rule",
        verbose_name="SKU",
    )  # fmt: skip
    percent = models.DecimalField(max_digits=9, decimal_places=4)
    # Both fixed parts are in `currency`, the shop's when the rule was written; where the shop's is
    # another now, a rule that has one makes no price.
    fixed = MoneyColumn(default=0)
    currency = models.CharField(max_length=3)
    rounding = models.CharField(max_length=10, choices=Rounding, default=Rounding.NONE)
    # No price is below cost plus this many percent of it, nor below cost plus this much.
    minimum_margin_percent = models.DecimalField(max_digits=9, decimal_places=4, default=0)
    minimum_margin_fixed = MoneyColumn(default=0)
    changed_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_by = models.CharField(max_length=120, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=_names_exactly("shop")
                | _names_exactly("category")
                | _names_exactly("product")
                | _names_exactly("sku"),
                name="price_rule_has_one_scope",
            ),
            models.UniqueConstraint(
                fields=["scope"], condition=Q(scope="shop"), name="one_price_rule_for_the_shop"
            ),
            models.CheckConstraint(
                condition=Q(percent__gt=-100, percent__lte=10_000)
                & Q(minimum_margin_percent__gte=0, minimum_margin_percent__lte=10_000),
                name="price_rule_percents_are_sane",
                violation_error_message="Percents go from above -100 to 10,000, and the minimum "
                "margin's from 0.",
            ),
            models.CheckConstraint(
                condition=Q(minimum_margin_fixed__gte=0),
                name="price_rule_minimum_margin_is_no_loss",
                violation_error_message="A minimum margin is not below zero.",
            ),
            models.CheckConstraint(
                condition=Q(rounding__in=["none", "99", "50", "whole"]),
                name="price_rule_rounding_is_known",
            ),
            models.CheckConstraint(condition=~Q(currency=""), name="price_rule_has_a_currency"),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()}: {self.about}" if self.about else "The whole shop"

    @property
    def about(self) -> str:
        """The name of what it is for; empty for the shop."""
        column = SCOPES[self.scope]
        return str(getattr(self, column)) if column else ""


class AmountLimits(models.Model):
    """Staff's word on the amounts of a SKU of any amount; what is empty is the partner's word."""

    sku = models.OneToOneField(
        Sku, primary_key=True, on_delete=models.PROTECT, related_name="limits", verbose_name="SKU"
    )
    minimum = MoneyColumn(null=True, blank=True)
    maximum = MoneyColumn(null=True, blank=True)
    step = MoneyColumn(null=True, blank=True)

    class Meta:
        verbose_name_plural = "amount limits"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=(Q(minimum=None) | Q(minimum__gt=0))
                & (Q(maximum=None) | Q(maximum__gt=0))
                & (Q(step=None) | Q(step__gt=0))
                & (Q(minimum=None) | Q(maximum=None) | Q(maximum__gte=F("minimum"))),
                name="amount_limits_are_a_range",
            )
        ]

    def __str__(self) -> str:
        return f"Amounts of {self.sku}"
