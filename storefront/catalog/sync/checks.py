"""Whether what was fetched may be published. Reads staging and the shelves, changes nothing.

`Broken` is for answers nobody should publish; `Shrunken` for complete ones that staff may force.
"""

from django.db import connection

# Fewer than this part of what we have now: staff must say yes.
SMALLEST_SHARE_PERCENT = 80


class Broken(Exception):  # noqa: N818  the failure is the name
    """The lists contradict themselves or are empty."""


class Shrunken(Exception):  # noqa: N818  the failure is the name
    """Complete, but much smaller than what we have."""


def verify(*, forced: bool) -> dict[str, int]:
    """How many products, skus and prices were listed.

    Raises Broken, or Shrunken unless `forced`, with the reason in words.
    """
    sizes = {}
    for what, sql in REPEATS.items():
        if repeated := _number(sql):
            raise Broken(f"the partner listed {repeated} {what} more than once")
    for what, (told, known) in SIZES.items():
        found, before = _number(told), _number(known)
        if not found:
            raise Broken(f"the partner listed no {what} at all")
        if not forced and found * 100 < before * SMALLEST_SHARE_PERCENT:
            raise Shrunken(f"the partner lists {found} {what}, we have {before}")
        sizes[what.lower()] = found
    return sizes


def _repeats(table: str, key: str) -> str:
    return (
        f"SELECT count(*) FROM (SELECT 1 FROM {table} GROUP BY {key} HAVING count(*) > 1) AS twice"  # noqa: S608  our own names
    )


REPEATS = {
    "products": _repeats("staged_product", "id, locale"),
    "SKUs": _repeats("staged_sku", "id, locale"),
    "prices": _repeats("staged_price", "id"),
    "categories": _repeats("staged_category", "id, locale"),
}
# How many are listed now, and how many the last complete run listed.
SIZES = {
    "products": (
        "SELECT count(DISTINCT id) FROM staged_product",
        "SELECT count(*) FROM catalog_product WHERE missing_runs = 0",
    ),
    "SKUs": (
        "SELECT count(DISTINCT id) FROM staged_sku",
        "SELECT count(*) FROM catalog_sku WHERE missing_runs = 0",
    ),
    "prices": (
        "SELECT count(*) FROM staged_price WHERE id IN (SELECT id FROM staged_sku)",
        "SELECT count(*) FROM catalog_sku WHERE missing_runs = 0 AND hold_reason <> 'no_price'",
    ),
}


def _number(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])
