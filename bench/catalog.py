"""Catalogs of any size on a shop's shelves, made by PostgreSQL itself, and addresses within them.

`python -m bench.catalog N` fills the migrated, empty database of this environment with N products
of ten SKUs each and prints the addresses as JSON.
"""

import json
import sys
from base64 import urlsafe_b64encode
from typing import Any

SKUS = 10
# So many pages in a row are asked for as pages that were never drawn before, each once.
WALKED = 300
BRANDS = (
    "Apple", "Steam", "PlayStation", "Xbox", "Netflix", "Spotify", "Amazon", "Google Play",
    "Nintendo", "Roblox", "Uber", "Airbnb", "Starbucks", "Nike", "Adidas", "IKEA", "Sephora",
    "Zalando", "Twitch", "Razer Gold", "Decathlon", "Carrefour", "Etisalat", "Orange", "Vodafone",
)  # fmt: skip
COUNTRIES = (
    "US", "GB", "DE", "FR", "ES", "IT", "TR", "AE", "SA", "JP", "KR", "TH", "IN", "BR", "MX", "CA",
    "AU", "PL", "NL", "SE", "KZ", "GE", "EG", "VN", "ID", "GR", "PT", "SG", "RS", "ZA",
)  # fmt: skip

_CATEGORIES = """
    INSERT INTO catalog_category (id, slug, name_en, name_ru, parent_id, attributes)
    SELECT n, 'category-' || n, 'Category ' || n, 'Категория ' || n,
        CASE WHEN n > 6 THEN n % 6 + 1 END, '{}'
    FROM generate_series(1, 40) AS n
"""
_PRODUCTS = """
    INSERT INTO catalog_product (id, slug, type, denomination_type, name_en, name_ru,
        description_en, description_ru, description_raw, image, category_id, country, brand,
        attributes, fields, recipient, hold_reason, is_hidden, missing_runs, first_seen_at,
        changed_at, is_available, from_currency, face_currency)
    SELECT md5('product' || n)::uuid, 'product-' || n,
        CASE WHEN n %% 7 = 0 THEN 'esim' ELSE 'voucher' END, 'fixed',
        brand || ' gift card ' || n || ' | ' || country,
        'Подарочная карта ' || brand || ' ' || n || ' | ' || country,
        repeat('<p>What it is and how to use it.</p>', 12), repeat('<p>Что это и как.</p>', 12),
        '{}', '', n %% 40 + 1, country, brand, '{}', '{}', 'none', '', FALSE, 0,
        now() - n * interval '1 second', now(), FALSE, '', ''
    FROM generate_series(1, %(products)s) AS n
    CROSS JOIN LATERAL (SELECT
        (%(brands)s::text[])[n %% %(brand_count)s + 1]
            || CASE WHEN n %% 3 = 0 THEN ' ' || chr(65 + n / 3 %% 26) || chr(97 + n / 78 %% 26)
               || 'o' ELSE '' END AS brand,
        (%(countries)s::text[])[n / 7 %% %(country_count)s + 1] AS country) AS of
"""
_SKUS = """
    INSERT INTO catalog_sku (id, product_id, name_en, name_ru, position, image, attributes,
        face_value, face_currency, denomination_type, cost, cost_currency, price, price_currency,
        stock, max_per_order, priced_at, hold_reason, is_hidden, missing_runs, first_seen_at,
        changed_at)
    SELECT md5('sku' || n || '/' || k)::uuid, md5('product' || n)::uuid, k * 10 || ' dollars',
        k * 10 || ' долларов', k, '', '{}', k * 10, 'USD', 'fixed', k * 9 + n %% 90 * 0.1, 'USD',
        k * 9.5 + n %% 90 * 0.1, 'USD', 100, 10, now(), '', FALSE, 0, now(), now()
    FROM generate_series(1, %(products)s) AS n, generate_series(1, %(skus)s) AS k
"""


def fill(products: int) -> None:
    """The rows, and all that follows from them as after a sync."""
    from django.db import connection, transaction  # noqa: PLC0415  after the set-up of Django below
    from django.utils.timezone import now  # noqa: PLC0415

    from storefront.catalog.models import CatalogState  # noqa: PLC0415
    from storefront.catalog.sync import derived, shelf  # noqa: PLC0415

    sizes: dict[str, Any] = {
        "products": products, "skus": SKUS, "brands": list(BRANDS), "brand_count": len(BRANDS),
        "countries": list(COUNTRIES), "country_count": len(COUNTRIES),
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CATEGORIES)
        cursor.execute(_PRODUCTS, sizes)
        cursor.execute(_SKUS, sizes)
        cursor.execute("ANALYZE")
        derived.renew_products(currency="USD")
        shelf.renew_shelf()
        shelf.renew_words()
        CatalogState.objects.update(priced_at=now())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def addresses() -> dict[str, list[str]]:
    """Under each order's name its last page; under "pages" the first ones, one after another."""
    from storefront.catalog.models import Product  # noqa: PLC0415
    from storefront.catalog.pages import list_url  # noqa: PLC0415
    from storefront.catalog.queries import (  # noqa: PLC0415
        Filters,
        current_shelf,
        visible_products,
    )

    found: dict[str, list[str]] = {}
    for sort, order in (("popular", "popularity"), ("price", "-from_price"), ("name", "-name_en")):
        row = Product.objects.order_by(order, "id")[23]
        key = getattr(row, order.removeprefix("-"))
        packed = json.dumps([sort, False, str(key), row.pk.hex]).encode()
        after = urlsafe_b64encode(packed).rstrip(b"=").decode()
        found[sort] = [list_url(Filters(sort=sort, after=after)) + "&n={n}"]
    filters, pages = Filters(), list[str]()
    while len(pages) < WALKED and (filters.after or not pages):
        page = visible_products(filters, current_shelf(), language="en")
        pages.append(list_url(Filters(after=page.next or "")) + "&n={n}")
        filters = Filters(after=page.next or "")
    return found | {"pages": pages}


if __name__ == "__main__":
    import django

    django.setup()
    fill(int(sys.argv[1]))
    json.dump(addresses(), sys.stdout)
