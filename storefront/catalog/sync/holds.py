"""What is held for staff: counted, named with old and new, and kept before them as one case."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from storefront.cases.actions import close_case, open_case
from storefront.catalog.models import Product, Sku


def tell_staff(*, now: datetime) -> int:
    """Open or close the one case about what is held; returns how many there are."""
    skus, products = _skus().count(), _products().count()
    if skus + products:
        open_case(
            kind="catalog-prices", subject="catalog", now=now,
            summary=f"Not sold until somebody accepts what the partner says now: {skus} SKUs, "
            f"{products} products",
        )  # fmt: skip
    else:
        close_case(kind="catalog-prices", subject="catalog", by="the catalog", now=now)
    _tell_of_fields(now)
    return skus + products


def _tell_of_fields(now: datetime) -> None:
    unknown = Product.objects.filter(is_hidden=False, own_fields__isnull=True).filter(
        Q(recipient=Product.Recipient.UNREADABLE)
        | Q(type__in=Product.RECHARGES, recipient=Product.Recipient.NONE)
    )
    if count := unknown.count():
        open_case(
            kind="catalog-fields", subject="catalog", now=now,
            summary=f"Not sold until somebody says what their buyers are asked: {count} products",
        )  # fmt: skip
    else:
        close_case(kind="catalog-fields", subject="catalog", by="the catalog", now=now)


def named(most: int) -> list[dict[str, str]]:
    """The latest of them as {name, reason, old, new}."""
    skus = _skus().select_related("product").order_by("-changed_at", "pk")[:most]
    found = [
        {
            "name": f"{sku.product.name_en}: {sku.name_en}",
            "reason": str(sku.get_hold_reason_display()),
            "old": old_terms(sku),
            "new": new_terms(sku.offered),
        }
        for sku in skus
    ]
    products = _products().order_by("-changed_at", "pk")[: most - len(found)]
    return found + [
        {
            "name": product.name_en,
            "reason": str(product.get_hold_reason_display()),
            "old": f"{product.type}, {product.denomination_type}",
            "new": new_terms(product.offered),
        }
        for product in products
    ]


def old_terms(sku: Sku) -> str:
    """What a SKU's cost was when it was last accepted."""
    if sku.cost is not None:
        return f"{sku.denomination_type}, {sku.cost.normalize():f} {sku.cost_currency}"
    if sku.rate is not None:
        percent = f", {sku.markup_percent.normalize():f} %" if sku.markup_percent else ""
        return f"{sku.denomination_type}, rate {sku.rate.normalize():f}{percent}"
    return sku.denomination_type


def new_terms(offered: dict[str, str] | None) -> str:
    """What the partner says now, in the order it matters."""
    return ", ".join(f"{name.replace('_', ' ')} {said}" for name, said in (offered or {}).items())


def _skus() -> "models.QuerySet[Sku]":
    return Sku.objects.filter(is_hidden=False, hold_reason__in=Sku.ACCEPTABLE)


def _products() -> "models.QuerySet[Product]":
    return Product.objects.filter(is_hidden=False, hold_reason=Product.Hold.KIND)
