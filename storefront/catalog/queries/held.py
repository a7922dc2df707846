"""What is held for staff, with what was accepted and what the partner says now."""

from dataclasses import dataclass

from django.db.models import QuerySet

from storefront.catalog.models import Product, Sku


@dataclass(frozen=True, kw_only=True)
class Held:
    """A SKU or a product (`kind`) that waits for a word; all but the id in words."""

    kind: str
    id: str
    name: str
    reason: str
    old: str
    new: str


def held_skus() -> QuerySet[Sku]:
    """The SKUs."""
    return Sku.objects.filter(is_hidden=False, hold_reason__in=Sku.ACCEPTABLE)


def held_products() -> QuerySet[Product]:
    """The products."""
    return Product.objects.filter(is_hidden=False, hold_reason=Product.Hold.KIND)


def held(most: int) -> list[Held]:
    """The latest of both, SKUs first."""
    skus = held_skus().select_related("product").order_by("-changed_at", "pk")[:most]
    found = [
        Held(
            kind="sku", id=str(sku.pk), name=f"{sku.product.name_en}: {sku.name_en}",
            reason=str(sku.get_hold_reason_display()), old=_old(sku), new=_new(sku.offered),
        )
        for sku in skus
    ]  # fmt: skip
    products = held_products().order_by("-changed_at", "pk")[: most - len(found)]
    return found + [
        Held(
            kind="product", id=str(product.pk), name=product.name_en,
            reason=str(product.get_hold_reason_display()),
            old=f"{product.type}, {product.denomination_type}", new=_new(product.offered),
        )
        for product in products
    ]  # fmt: skip


def _old(sku: Sku) -> str:
    """What a SKU's cost was when it was last accepted."""
    if sku.cost is not None:
        return f"{sku.denomination_type}, {sku.cost.normalize():f} {sku.cost_currency}"
    if sku.rate is not None:
        percent = f", {sku.markup_percent.normalize():f} %" if sku.markup_percent else ""
        return f"{sku.denomination_type}, rate {sku.rate.normalize():f}{percent}"
    return sku.denomination_type


def _new(offered: dict[str, str] | None) -> str:
    """What the partner says now, in the order it matters."""
    return ", ".join(f"{name.replace('_', ' ')} {said}" for name, said in (offered or {}).items())
