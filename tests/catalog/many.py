"""Shelves of any size, written by the database itself in a few seconds."""

from django.db import connection

SKUS = 10

_PRODUCTS = """
    INSERT INTO catalog_product (id, slug, type, denomination_type, name_en, name_ru,
        description_en, description_ru, description_raw, image, country, brand, attributes, fields,
        recipient, hold_reason, is_hidden, missing_runs, first_seen_at, changed_at, is_available,
        from_price, from_currency, face_currency, popularity)
    SELECT md5('product' || n)::uuid, 'product-' || n,
        CASE WHEN n %% 7 = 0 THEN 'esim' ELSE 'voucher' END, 'fixed',
        brand || ' card ' || n, brand || ' карта ' || n, '', '', '{}', '',
        (ARRAY['US', 'GB', 'DE', 'JP', 'TR'])[n %% 5 + 1], brand, '[]', '{}', 'none', '',
        FALSE, 0, now() - n * interval '1 second', now(), TRUE, n %% 90 + 9.5, 'USD', '', n / 3
    FROM generate_series(1, %(products)s) AS n
    CROSS JOIN LATERAL (
        SELECT 'Brand' || chr(97 + n %% 26) || chr(97 + n / 26 %% 26) || chr(97 + n / 676 %% 26)
            AS brand
    ) AS named
"""
_SKUS = """
    INSERT INTO catalog_sku (id, product_id, name_en, name_ru, position, image, attributes,
        face_value, face_currency, denomination_type, cost, cost_currency, price, price_currency,
        stock, max_per_order, priced_at, hold_reason, is_hidden, missing_runs, first_seen_at,
        changed_at)
    SELECT md5('sku' || n || '/' || k)::uuid, md5('product' || n)::uuid, k * 10 || ' dollars', '',
        k, '', '{}', k * 10, 'USD', 'fixed', k * 9, 'USD', k * 9.5, 'USD', 100, 10, now(), '',
        FALSE, 0, now(), now()
    FROM generate_series(1, %(products)s) AS n, generate_series(1, %(skus)s) AS k
"""


def stock_many(skus: int) -> None:
    """So many SKUs, ten for each product, all on sale. The planner does not know them yet."""
    sizes = {"products": skus // SKUS, "skus": SKUS}
    with connection.cursor() as cursor:
        cursor.execute(_PRODUCTS, sizes)
        cursor.execute(_SKUS, sizes)
