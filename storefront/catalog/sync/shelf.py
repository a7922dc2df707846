"""The shelf as a whole: what the pages need beside products, in one row, with a version.

Renewing it is what makes a change of the catalog be seen: the pages' cache goes by the version.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from storefront.catalog.countries import LANGUAGES, country_name
from storefront.catalog.models import (
    CatalogState,
    Category,
    Product,
    SearchSynonym,
)
from storefront.catalog.models.runs import SHELF_FORM
from storefront.catalog.sync.derived import renew_popularity
from storefront.catalog.words import words_of

HOME_SIZE = 12

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


def renew_shelf() -> None:
    """Write anew what the pages need beside products, and give the catalog its next version."""
    renew_popularity()
    state, _ = CatalogState.objects.select_for_update().get_or_create(id=1)
    visible = Product.objects.filter(is_hidden=False, type__in=Product.Type.values)
    used = set(visible.exclude(category=None).values_list("category_id", flat=True).distinct())
    state.shelf = {
        "form": SHELF_FORM,
        "home": _home(),
        "destinations": _destinations(),
        "types": sorted(visible.values_list("type", flat=True).distinct()),
        "countries": sorted(
            visible.filter(~Q(country="")).values_list("country", flat=True).distinct()
        ),
        "categories": _with_ancestors(Category.objects.values(*CATEGORY_KEYS), used),
        "counts": _counts(visible),
        "synonyms": list(SearchSynonym.objects.values_list("word", "means", "country")),
        # They follow from names alone, and are written with them.
        **{name: state.shelf.get(name, []) for name in ("common", "brands")},
    }
    state.version += 1
    state.save(update_fields=["shelf", "version"])


def _counts(visible: QuerySet[Product]) -> list[list[Any]]:
    """How many goods of each kind: [category, type, country, number], added up by the pages."""
    kinds = visible.order_by().values_list("category_id", "type", "country")
    return [list(row) for row in kinds.annotate(number=Count("id"))]


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


_WORDS = """
    WITH told AS (
        SELECT word FROM ts_stat('SELECT words FROM catalog_product WHERE NOT is_hidden')
        WHERE word !~ '^[#=]' AND length(word) >= 3
        UNION SELECT unnest(%(others)s::text[])
    ), gone AS (
        DELETE FROM catalog_searchword AS known
        WHERE NOT EXISTS (SELECT FROM told WHERE told.word = known.word)
    )
    INSERT INTO catalog_searchword (word) SELECT word FROM told ON CONFLICT DO NOTHING
"""


# A search for a word of more products than these is answered another way: see `queries.finding`.
MOST_FOUND = 1_000
_COMMON = """
    SELECT word FROM ts_stat('SELECT words FROM catalog_product WHERE NOT is_hidden')
    WHERE ndoc > %(most)s AND word !~ '^[#=]'
"""
_BRANDS = """
    SELECT word FROM ts_stat('SELECT words FROM catalog_product WHERE NOT is_hidden', 'a')
    ORDER BY word COLLATE "C"
"""


def renew_words() -> None:
    """Write the words that typing errors may have been meant for, and those that very many products
    or a brand have; after `renew_shelf`."""
    state = CatalogState.objects.get()
    shelf = state.shelf
    names = [country_name(code, language) for code in shelf["countries"] for language in LANGUAGES]
    names += [row[key] for row in shelf["categories"] for key in ("name_en", "name_ru")]
    names += [word for word, _means, _country in shelf["synonyms"]]
    others = {word for name in names for word in words_of(name) if len(word) >= 3}
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, {"others": sorted(others)})
        for name, sql in (("common", _COMMON), ("brands", _BRANDS)):
            cursor.execute(sql, {"most": MOST_FOUND})
            shelf[name] = [word for (word,) in cursor.fetchall()]
    state.save(update_fields=["shelf"])
