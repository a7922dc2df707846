"""Whether what was fetched may be published. Reads the shelves; in staging it only drops repeats.

`Broken` is for answers nobody should publish; `Shrunken` for complete ones that staff may force.
"""

from django.db import connection

# Fewer than this part of what we have now: staff must say yes.
SMALLEST_SHARE_PERCENT = 80
# A row may slip from one page to the next while we read; more repeats than this are a broken list.
MOST_REPEATS_PERCENT = 1


class Broken(Exception):  # noqa: N818  the failure is the name
    """The lists contradict themselves or are empty."""


class Shrunken(Exception):  # noqa: N818  the failure is the name
    """Complete, but much smaller than what we have."""


def verify(*, forced: bool) -> dict[str, int]:
    """How many products, skus and prices were listed.

    Raises Broken, or Shrunken unless `forced`, with the reason in words.
    """
    for table, what in STAGED.items():
        _drop_repeats(table, what)
    return {
        "products": _listed("products", "staged_product", PRODUCTS, forced=forced),
        "skus": _listed("SKUs", "staged_sku", SKUS, forced=forced),
        "prices": _listed("prices", PRICES_OF_STAGED, PRICED, forced=forced),
    }


def verify_prices(*, forced: bool) -> dict[str, int]:
    """The same for a pricelist alone."""
    _drop_repeats("staged_price", "prices")
    return {"prices": _listed("prices", PRICES_OF_OURS, PRICED, forced=forced)}


STAGED = {
    "staged_category": "categories",
    "staged_category_ru": "categories",
    "staged_product": "products",
    "staged_product_ru": "products",
    "staged_sku": "SKUs",
    "staged_sku_ru": "SKUs",
    "staged_price": "prices",
}
# What the last complete run listed.
PRODUCTS = "catalog_product WHERE missing_runs = 0"
SKUS = "catalog_sku WHERE missing_runs = 0"
PRICED = "catalog_sku WHERE missing_runs = 0 AND hold_reason <> 'no_price'"
# Prices of goods nobody lists do not count.
PRICES_OF_STAGED = "staged_price WHERE id IN (SELECT id FROM staged_sku)"
PRICES_OF_OURS = "staged_price WHERE id IN (SELECT id FROM catalog_sku)"


def _listed(what: str, told: str, known: str, *, forced: bool) -> int:
    found = _number(f"SELECT count(*) FROM {told}")  # noqa: S608  our own names
    before = _number(f"SELECT count(*) FROM {known}")  # noqa: S608  as above
    if not found:
        raise Broken(f"the partner listed no {what} at all")
    if not forced and found * 100 < before * SMALLEST_SHARE_PERCENT:
        raise Shrunken(f"the partner lists {found} {what}, we have {before}")
    return found


_REPEATS = """
    SELECT count(*), coalesce(sum(listed) - count(*), 0)
    FROM (SELECT count(*) AS listed FROM {} GROUP BY id) AS ids
"""


def _drop_repeats(table: str, what: str) -> None:
    """Keep the first row of each id. Raises Broken when there are too many others."""
    with connection.cursor() as cursor:
        cursor.execute(_REPEATS.format(table))
        different, repeated = cursor.fetchone()
    if repeated * 100 > different * MOST_REPEATS_PERCENT:
        raise Broken(f"the partner listed {repeated} {what} more than once")
    if repeated:
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table} WHERE ctid NOT IN (SELECT min(ctid) FROM {table} GROUP BY id)"  # noqa: S608  as above
            )


def _number(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])
