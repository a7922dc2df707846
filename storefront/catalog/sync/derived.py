"""What follows from the SKUs: each product's price from, its availability, and the shelf.

Written after every change of SKUs, by statements that touch only what differs.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Q

from storefront.catalog.models import CatalogState, Category, Product
from storefront.catalog.queries import refusals

HOME_SIZE = 12

# A SKU counts as sold when the gate of `queries.offers` would let it through, but for its age.
_PRODUCTS = """
    WITH sums AS (
        SELECT p.id, coalesce(bool_or(k.sold), FALSE) AS is_available,
            min(k.price) FILTER (WHERE k.sold) AS from_price,
            CASE WHEN count(DISTINCT k.face_currency) = 1 THEN min(k.low) END AS face_min,
            CASE WHEN count(DISTINCT k.face_currency) = 1 THEN max(k.high) END AS face_max,
            CASE WHEN count(DISTINCT k.face_currency) = 1 AND min(k.low) IS NOT NULL
                THEN max(k.face_currency) ELSE '' END AS face_currency
        FROM catalog_product AS p
        LEFT JOIN LATERAL (
            SELECT price, nullif(face_currency, '') AS face_currency,
                coalesce(face_value, (SELECT minimum FROM catalog_amountlimits
                    WHERE sku_id = sku.id), minimum) AS low,
                coalesce(face_value, (SELECT maximum FROM catalog_amountlimits
                    WHERE sku_id = sku.id), maximum) AS high,
                hold_reason = '' AND price_currency = %(currency)s AND stock > 0
                    AND p.hold_reason = '' AND p.type = ANY (%(types)s)
                    AND (
                        NOT p.type = ANY (%(recharges)s)
                            AND NOT coalesce(p.own_fields->'en' <> '[]', p.recipient <> 'none')
                        OR %(recipients)s
                            AND coalesce(p.own_fields->'en' <> '[]', p.recipient = 'asked')
                    ) AS sold
            FROM catalog_sku AS sku WHERE product_id = p.id AND NOT is_hidden
        ) AS k ON TRUE
        GROUP BY p.id
    ), told AS (
        SELECT *, CASE WHEN from_price IS NULL THEN '' ELSE %(currency)s END AS from_currency
        FROM sums
    )
    UPDATE catalog_product AS p
    SET (is_available, from_price, from_currency, face_min, face_max, face_currency) =
        ROW (told.is_available, told.from_price, told.from_currency,
             told.face_min, told.face_max, told.face_currency)
    FROM told
    WHERE told.id = p.id
      AND (p.is_available, p.from_price, p.from_currency, p.face_min, p.face_max, p.face_currency)
        IS DISTINCT FROM
        (told.is_available, told.from_price, told.from_currency,
         told.face_min, told.face_max, told.face_currency)
"""

# One product a brand, the widest; brands sold in most places first; mostly gift cards.
_HOME = """
    WITH shown AS (
        SELECT p.id, p.type, coalesce(nullif(p.brand, ''), p.id::text) AS brand,
            (SELECT count(*) FROM catalog_sku AS k WHERE k.product_id = p.id AND NOT k.is_hidden)
                AS width
        FROM catalog_product AS p WHERE NOT p.is_hidden AND p.is_available
    ), best AS (
        SELECT DISTINCT ON (brand) id, type, width, count(*) OVER (PARTITION BY brand) AS reach
        FROM shown ORDER BY brand, width DESC, id
    ), placed AS (
        SELECT id, type,
            row_number() OVER (PARTITION BY type ORDER BY reach DESC, width DESC, id) AS place
        FROM best
    )
    SELECT id FROM placed
    ORDER BY place * CASE type WHEN 'voucher' THEN 1 ELSE 3 END, type LIMIT %(size)s
"""


# Where people travel most; an eSIM for each is offered on the home page, those for regions after.
DESTINATIONS = (
    "TR", "JP", "US", "TH", "AE", "IT", "FR", "ES", "GB", "DE", "KR", "GE", "EG", "VN", "ID", "GR",
    "CN", "SG", "MX", "PT", "SA", "KZ", "RS", "BR",
)  # fmt: skip
DESTINATIONS_SHOWN, REGIONS_SHOWN = 12, 4

_DESTINATIONS = """
    WITH plans AS (
        SELECT id, country, from_price, array_position(%(countries)s::varchar[], country) AS place,
            (SELECT count(*) FROM catalog_sku AS k WHERE k.product_id = p.id AND NOT k.is_hidden)
                AS width
        FROM catalog_product AS p
        WHERE type = 'esim' AND NOT is_hidden AND is_available
          AND (country = '' OR country = ANY (%(countries)s))
    ), countries AS (
        SELECT DISTINCT ON (country) id, place FROM plans WHERE country <> ''
        ORDER BY country, width DESC, from_price, id
    )
    (SELECT id FROM countries ORDER BY place LIMIT %(countries_shown)s)
    UNION ALL
    (SELECT id FROM plans WHERE country = '' ORDER BY width DESC, from_price, id
        LIMIT %(regions_shown)s)
"""


def renew_products(*, currency: str) -> int:
    """Write what follows from the SKUs into the products; returns how many changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            _PRODUCTS,
            {
                "currency": currency,
                "types": Product.Type.values,
                "recharges": [kind.value for kind in Product.RECHARGES],
                "recipients": refusals.OFFERS_RECIPIENTS,
            },
        )
        return int(cursor.rowcount)


def renew_shelf() -> None:
    """Write anew what the pages need beside products, and give the catalog its next version."""
    state, _ = CatalogState.objects.select_for_update().get_or_create(id=1)
    visible = Product.objects.filter(is_hidden=False, type__in=Product.Type.values)
    used = set(visible.exclude(category=None).values_list("category_id", flat=True).distinct())
    state.shelf = {
        "home": _home(),
        "destinations": _destinations(),
        "types": sorted(visible.values_list("type", flat=True).distinct()),
        "countries": sorted(
            visible.filter(~Q(country="")).values_list("country", flat=True).distinct()
        ),
        "categories": _with_ancestors(Category.objects.values(*CATEGORY_KEYS), used),
    }
    state.version += 1
    state.save(update_fields=["shelf", "version"])


CATEGORY_KEYS = ("id", "slug", "parent_id", "name_en", "name_ru")


def _home() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_HOME, {"size": HOME_SIZE})
        return [str(row[0]) for row in cursor.fetchall()]


def _destinations() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            _DESTINATIONS,
            {
                "countries": list(DESTINATIONS),
                "countries_shown": DESTINATIONS_SHOWN,
                "regions_shown": REGIONS_SHOWN,
            },
        )
        return [str(row[0]) for row in cursor.fetchall()]


def _with_ancestors(rows: Iterable[dict[str, Any]], used: set[int]) -> list[dict[str, Any]]:
    """The used categories and all above them, by id; a circle of parents is cut."""
    by_id = {row["id"]: row for row in rows}
    kept: set[int] = set()
    for leaf in used:
        at: int | None = leaf
        while at is not None and at in by_id and at not in kept:
            kept.add(at)
            at = by_id[at]["parent_id"]
    return [by_id[key] for key in sorted(kept)]
