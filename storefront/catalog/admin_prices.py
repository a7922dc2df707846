"""How prices are made, before staff: rules, exchange rates and the bounds of amounts."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.timezone import now

from storefront.catalog import actions
from storefront.catalog.admin_previews import PreviewedAdmin
from storefront.catalog.models import AmountLimits, ExchangeRate, PriceRule
from storefront.catalog.models.rules import SCOPES
from storefront.core.admin import Helped


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in stubs only
    """Says beside the field what the database would refuse."""

    def clean(self) -> dict[str, Any]:
        """Exactly what the scope asks for is named; the shop has one rule."""
        data = super().clean() or self.cleaned_data
        scope = data.get("scope", "")
        for column in filter(None, SCOPES.values()):
            is_asked = column == SCOPES.get(scope)
            if is_asked and not data.get(column) and column not in self.errors:
                self.add_error(column, "Say for which one.")
            elif not is_asked and data.get(column):
                self.add_error(column, "Leave this empty: the rule is for something else.")
        others = PriceRule.objects.filter(scope="shop").exclude(pk=self.instance.pk)
        if scope == "shop" and others.exists():
            self.add_error("scope", "The shop has a rule already: change that one.")
        self.instance.currency = settings.STORE_CURRENCY
        return data


@admin.register(PriceRule)
class PriceRuleAdmin(Helped, PreviewedAdmin):
    """The most specific rule decides alone: SKU, product, nearest category, shop."""

    help = (
        (
            "What is added to the cost. Of several rules the most specific counts: SKU, then "
            "product, category, shop."
        ),
        (
            "Saving shows first which prices would change, and by how much; nothing is written "
            "before you say yes."
        ),
    )

    form = RuleForm
    list_display = (
        "__str__", "percent", "fixed", "rounding", "minimum_margin_percent",
        "minimum_margin_fixed", "currency", "changed_at", "changed_by",
    )  # fmt: skip
    list_filter = ("scope", "rounding")
    list_select_related = ("category", "product", "sku")
    raw_id_fields = ("product", "sku")
    readonly_fields = ("currency",)
    fieldsets = (
        ("For what", {"fields": ("scope", "category", "product", "sku")}),
        ("On top of cost", {"fields": ("percent", "fixed", "rounding", "currency")}),
        (
            "Never below cost plus the greater of",
            {"fields": ("minimum_margin_percent", "minimum_margin_fixed")},
        ),
    )

    def save(self, row: PriceRule, *, by: str) -> int:
        """By the action."""
        return actions.save_rule(rule=row, by=by, now=now())

    def delete(self, row: PriceRule, *, by: str) -> int:
        """By the action."""
        return actions.delete_rule(rule=row, by=by, now=now())


class RateForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in stubs only
    """Currencies in capitals, however they were typed."""

    def clean_base(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["base"]).upper()

    def clean_quote(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["quote"]).upper()


@admin.register(ExchangeRate)
class ExchangeRateAdmin(Helped, PreviewedAdmin):
    """One `base` is `rate` of `quote`; of a pair, the newest day that has come counts."""

    help = (
        (
            "What one unit of the partner's currency is worth in ours, by day and source. The "
            "newest one that has begun counts."
        ),
        (
            "Without a rate nothing of that currency is sold. Saving shows first which prices "
            "would change."
        ),
    )

    form = RateForm
    list_display = ("base", "quote", "rate", "on", "source")
    list_filter = ("base", "quote")
    ordering = ("-on", "base", "quote")

    def save(self, row: ExchangeRate, *, by: str) -> int:
        """By the action."""
        return actions.save_rate(rate=row, by=by, now=now())

    def delete(self, row: ExchangeRate, *, by: str) -> int:
        """By the action."""
        return actions.delete_rate(rate=row, by=by, now=now())


class LimitsForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in stubs only
    """Of SKUs of any amount only."""

    def clean_sku(self) -> Any:
        """Others have no amounts."""
        sku = self.cleaned_data["sku"]
        if sku.denomination_type != "custom":
            raise ValidationError("This SKU has a fixed value.")
        return sku


@admin.register(AmountLimits)
class AmountLimitsAdmin(Helped, PreviewedAdmin):
    """In the card's currency; what is left empty is the partner's word."""

    help = (
        (
            "For SKUs of any amount: the smallest, the largest and the step, where the partner "
            "names none or you want others."
        ),
    )

    form = LimitsForm
    list_display = ("sku", "minimum", "maximum", "step")
    list_select_related = ("sku",)
    raw_id_fields = ("sku",)

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002  Django's
        """Limits stay with their SKU."""
        return ("sku",) if obj else ()

    def save(self, row: AmountLimits, *, by: str) -> int:
        """By the action."""
        return actions.save_limits(limits=row, by=by, now=now())

    def delete(self, row: AmountLimits, *, by: str) -> int:
        """By the action."""
        return actions.delete_limits(limits=row, by=by, now=now())
