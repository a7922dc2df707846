"""What is held for staff: counted, named with old and new, and kept before them as one case."""

from datetime import datetime

from django.db.models import Q

from storefront.cases.actions import close_case, open_case
from storefront.catalog.models import Product
from storefront.catalog.queries.held import held, held_products, held_skus


def tell_staff(*, now: datetime) -> int:
    """Open or close the one case about what is held; returns how many there are."""
    skus, products = held_skus().count(), held_products().count()
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
    return [
        {"name": row.name, "reason": row.reason, "old": row.old, "new": row.new}
        for row in held(most)
    ]
