"""What follows from the SKUs: each product's price from, its availability and its popularity.

Written after every change of SKUs, by statements that touch only what differs. What the pages need
beside products follows in `shelf`.
"""

from typing import Any

from django.db import connection

from storefront.catalog.models import Product

# A SKU counts as sold when the gate of `queries.offers` would let it through, but for its age.
SUMS = """
    sums AS (
        SELECT p.id, coalesce(bool_or(k.sold), FALSE) AS is_available,
            min(k.price) FILTER (WHERE k.sold) AS from_price,
            CASE WHEN count(DISTINCT k.face_currency) = 1 THEN min(k.low) END AS face_min,
            CASE WHEN count(DISTINCT k.face_currency) = 1 THEN max(k.high) END AS face_max,
            CASE WHEN count(DISTINCT k.face_currency) = 1 AND min(k.low) IS NOT NULL
                THEN max(k.face_currency) ELSE '' END AS face_currency
        FROM {products} AS p
        LEFT JOIN LATERAL (
            SELECT price, nullif(face_currency, '') AS face_currency,
                coalesce(face_value, (SELECT minimum FROM catalog_amountlimits
                    WHERE sku_id = sku.id), minimum) AS low,
                coalesce(face_value, (SELECT maximum FROM catalog_amountlimits
                    WHERE sku_id = sku.id), maximum) AS high,
                hold_reason = '' AND paused_at IS NULL
                    AND price_currency = %(currency)s AND stock > 0
                    AND p.hold_reason = '' AND p.type = ANY (%(types)s)
                    AND (
                        NOT p.type = ANY (%(recharges)s)
                            AND NOT coalesce(p.own_fields->'en' <> '[]', p.recipient <> 'none')
                        OR coalesce(p.own_fields->'en' <> '[]', p.recipient = 'asked')
                    ) AS sold
            FROM catalog_sku AS sku WHERE product_id = p.id AND NOT is_hidden
        ) AS k ON TRUE
        GROUP BY p.id
    )
"""
FROM_CURRENCY = "CASE WHEN from_price IS NULL THEN '' ELSE %(currency)s END"
_PRODUCTS = f"""
    WITH {SUMS.format(products="catalog_product")}, told AS (
        SELECT *, {FROM_CURRENCY} AS from_currency FROM sums
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
"""  # noqa: S608  the parts are constants of this module

# On sale first; then each brand's widest product before anybody's second one, of brands sold in
# many places first. Three decimal numbers in one, so that one index knows the order.
PLACES = """
    wide AS (
        SELECT id, brand, is_available,
            (SELECT count(*) FROM catalog_sku AS k WHERE k.product_id = p.id AND NOT k.is_hidden)
                AS width
        FROM {products} AS p WHERE NOT p.is_hidden
    ), placed AS (
        SELECT id, is_available, width,
            row_number() OVER brands AS place,
            count(*) OVER (PARTITION BY coalesce(nullif(brand, ''), id::text)) AS reach
        FROM wide
        WINDOW brands AS (
            PARTITION BY coalesce(nullif(brand, ''), id::text)
            ORDER BY is_available DESC, width DESC, id
        )
    ), places AS (
        SELECT id, is_available::int::bigint * 10000000000
            + (9999 - least(place, 9999)) * 1000000
            + least(reach, 999) * 1000 + least(width, 999) AS popularity
        FROM placed
    )
"""
_POPULARITY = f"""
    WITH {PLACES.format(products="catalog_product")}
    UPDATE catalog_product AS p SET popularity = places.popularity
    FROM places WHERE places.id = p.id AND p.popularity <> places.popularity
"""  # noqa: S608  as above
# By what products follow from their SKUs: a newer version of the shop may say it otherwise.
STATEMENTS = _PRODUCTS + _POPULARITY + " ".join(Product.Type.values)


def parameters(currency: str) -> dict[str, Any]:
    """What SUMS is to be given."""
    recharges = [kind.value for kind in Product.RECHARGES]
    return {"currency": currency, "types": Product.Type.values, "recharges": recharges}


def renew_products(*, currency: str) -> int:
    """Write what follows from the SKUs into the products; returns how many changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            _PRODUCTS,
            parameters(currency),
        )
        return int(cursor.rowcount)


def renew_popularity() -> None:
    """Write the order in which people look for things; after `renew_products`."""
    with connection.cursor() as cursor:
        cursor.execute(_POPULARITY)
