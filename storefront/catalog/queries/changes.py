"""How prices differ from what follows from costs, rules and rates now; and what they earn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from storefront.catalog import repricing
from storefront.core.money import quantize

# So many examples are shown, the farthest moved first.
EXAMPLES = 12


@dataclass(frozen=True)
class PriceChange:
    """One SKU: cost and both prices in the shop's currency, None where there is none."""

    product: str
    sku: str
    cost: Decimal | None
    old_price: Decimal | None
    price: Decimal | None

    @property
    def old_margin(self) -> Decimal | None:
        """See `margin_percent`."""
        return margin_percent(self.old_price, self.cost)

    @property
    def margin(self) -> Decimal | None:
        """See `margin_percent`."""
        return margin_percent(self.price, self.cost)


@dataclass(frozen=True)
class PriceChanges:
    """Of `total` SKUs, so many get another price; `lost` have none any more, `found` have one for
    the first time."""

    total: int
    raised: int
    lowered: int
    lost: int
    found: int
    examples: list[PriceChange]

    @property
    def changed(self) -> int:
        """All of them."""
        return self.raised + self.lowered + self.lost + self.found

    @property
    def digest(self) -> str:
        """Two that say the same have the same one."""
        return sha256(repr(self).encode()).hexdigest()


def margin_percent(price: Decimal | None, cost: Decimal | None) -> Decimal | None:
    """What is earned over cost, in percent of the price, to a tenth."""
    if not price or cost is None:
        return None
    return ((price - cost) * 100 / price).quantize(Decimal("0.1"))


_CHANGES = """
    , compared AS (
        SELECT id, cost * exchange AS cost, price,
            CASE WHEN old_currency = %(currency)s THEN old_price END AS old_price
        FROM priced
    ), differing AS (
        SELECT * FROM compared WHERE price IS DISTINCT FROM old_price
    ), sums AS (
        SELECT (SELECT count(*) FROM compared) AS total,
            count(*) FILTER (WHERE price > old_price) AS raised,
            count(*) FILTER (WHERE price < old_price) AS lowered,
            count(*) FILTER (WHERE price IS NULL) AS lost,
            count(*) FILTER (WHERE old_price IS NULL) AS found
        FROM differing
    ), examples AS (
        SELECT * FROM differing
        ORDER BY abs(price / old_price - 1) DESC NULLS FIRST, id LIMIT %(examples)s
    )
    SELECT sums.*, examples.id, product.name_en, sku.name_en,
        examples.cost, examples.old_price, examples.price
    FROM sums LEFT JOIN examples ON TRUE
    LEFT JOIN catalog_sku AS sku ON sku.id = examples.id
    LEFT JOIN catalog_product AS product ON product.id = sku.product_id
    ORDER BY abs(examples.price / examples.old_price - 1) DESC NULLS FIRST, examples.id
"""


def price_changes(*, now: datetime) -> PriceChanges:
    """What `repricing.reprice` would do; one query."""
    rows = _rows(repricing.statement(repricing.PRICED + _CHANGES), now=now, examples=EXAMPLES)
    examples = [PriceChange(*row[6:8], *map(_in_coins, row[8:])) for row in rows if row[5]]
    total, raised, lowered, lost, found = rows[0][:5]
    return PriceChanges(total, raised, lowered, lost, found, examples)


_MARGINS = "SELECT id, cost * exchange, price FROM priced"


def margins_of(skus: Iterable[UUID], *, now: datetime) -> dict[UUID, tuple[Decimal, Decimal]]:
    """(cost, price) in the shop's currency of those of these SKUs that have both, of any amount the
    smallest; one query, none for none. For staff: see `margin_percent`."""
    keys = list(skus)
    if not keys:
        return {}
    sql = repricing.statement(repricing.PRICED + _MARGINS, only="sku.id = ANY (%(skus)s)")
    rows = _rows(sql, now=now, skus=keys)
    return {key: (cost, price) for key, cost, price in rows if price is not None}


def _rows(sql: str, *, now: datetime, **more: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, repricing.parameters(now=now) | more)
        return list(cursor.fetchall())


def _in_coins(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else quantize(amount, settings.STORE_CURRENCY)
