"""Finding an order by whatever staff have in hand, by indexes alone: a million orders are many."""

from uuid import UUID

from django.db.models import Q, QuerySet

from storefront.catalog.models import Product
from storefront.orders.models import Order, OrderLine

# A product's name is a wide net: so many products, and so many orders of them.
_PRODUCTS, _ORDERS = 50, 500


def find(orders: QuerySet[Order], words: str) -> QuerySet[Order]:
    """By number or its beginning, address, our id at the partner, the partner's id, the payment's
    reference at its provider; by a product's name where it is none of them.
    """
    words = words.strip()
    if "@" in words:
        return orders.filter(email__iexact=words)
    named = orders.filter(Q(pk__in=_named(words)))
    return named if named.exists() else orders.filter(pk__in=_with_product(words))


def _named(words: str) -> list[UUID]:
    """One look into one index each: a single condition over all tables would read all of them."""
    looks = (
        Q(number__startswith=words.upper()),
        Q(lines__purchases__external_id=words),
        Q(lines__purchases__partner_order_id=words),
        Q(payments__provider_reference=words),
    )
    found: list[UUID] = []
    for look in looks:
        found += Order.objects.filter(look).values_list("pk", flat=True)[:_ORDERS]
    return found


def _with_product(words: str) -> list[UUID]:
    names = Q(name_en__icontains=words) | Q(name_ru__icontains=words)
    products = list(Product.objects.filter(names).values_list("pk", flat=True)[:_PRODUCTS])
    lines = OrderLine.objects.filter(sku__product__in=products).order_by("-order__created_at")
    return list(lines.values_list("order_id", flat=True)[:_ORDERS])
