"""Every SKU's price from its cost, its rule and the rate: the arithmetic of `pricing` in SQL.

`reprice` writes the prices, after whatever changed one of the three: one statement that touches
only rows whose price differs. What is cached or derived from prices is the caller's to renew.
"""

import hashlib
import json
from collections.abc import Collection
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from storefront.catalog import pricing
from storefront.catalog.models import ExchangeRate
from storefront.core.money import decimals

# Categories nested deeper than this have the rules below it only; a circle ends here as well.
DEEPEST = 32

LOCK = 7_310_245
# What is asked, in the shop's currency, from columns of these names.
PRICE = """
    (ceil((ceil(greatest(
        cost * exchange * (100 + percent) * 0.01 + fixed,
        cost * exchange * (100 + minimum_margin_percent) * 0.01,
        cost * exchange + minimum_margin_fixed
    ) * %(units)s) - ending) * grain) * step + ending) * %(unit)s
"""
# What the partner takes for an amount of face money; half goes away from zero in both languages.
CUSTOM_COST = """
    round(amount * rate * (100 + coalesce(markup_percent, 0)) * 0.01 + coalesce(markup_fixed, 0),
        %(cost_decimals)s)
"""
GOODS = "catalog_sku AS sku JOIN catalog_product AS product ON product.id = sku.product_id"
# Per SKU: its rule, the rate of its cost into the shop's currency (or NULL), and the bounds of its
# amount.
TERMS = """
    exchange AS (
        (SELECT DISTINCT ON (base) base AS currency, rate FROM catalog_exchangerate
            WHERE quote = %(currency)s AND "on" <= %(today)s ORDER BY base, "on" DESC)
        UNION ALL SELECT %(currency)s, 1
    ), climbs AS (
        SELECT id AS leaf, id AS at, 0 AS height FROM catalog_category
        UNION ALL
        SELECT climbs.leaf, below.parent_id, height + 1
        FROM climbs JOIN catalog_category AS below ON below.id = climbs.at
        WHERE below.parent_id IS NOT NULL AND height < %(deepest)s
    ), shelf_rules AS (
        SELECT DISTINCT ON (leaf) leaf AS category_id, rule.id AS rule_id
        FROM climbs JOIN catalog_pricerule AS rule ON rule.category_id = climbs.at
        ORDER BY leaf, height
    ), rules AS (
        SELECT id, percent, minimum_margin_percent, minimum_margin_fixed, rounding,
            CASE WHEN fixed = 0 AND minimum_margin_fixed = 0 OR currency = %(currency)s
                THEN fixed END AS fixed
        FROM catalog_pricerule
        UNION ALL SELECT 0, %(percent)s, 0, 0, 'none', 0
    ), endings (rounding, step, grain, ending) AS (VALUES {endings}
    ), terms AS (
        SELECT sku.id, sku.product_id, sku.price AS old_price, sku.price_currency AS old_currency,
            rule.id AS rule_id, rule.percent, rule.fixed, rule.minimum_margin_percent,
            rule.minimum_margin_fixed, rule.rounding, endings.step, endings.grain, endings.ending,
            exchange.rate AS exchange, sku.rate, sku.markup_percent, sku.markup_fixed,
            sku.denomination_type = 'custom' AS is_custom, sku.cost AS fixed_cost,
            coalesce(limits.minimum, sku.minimum) AS amount,
            coalesce(limits.maximum, sku.maximum) AS largest_amount,
            coalesce(limits.step, sku.step) AS amount_step
        FROM {goods}
        LEFT JOIN catalog_amountlimits AS limits ON limits.sku_id = sku.id
        LEFT JOIN catalog_pricerule AS sku_rule ON sku_rule.sku_id = sku.id
        LEFT JOIN catalog_pricerule AS product_rule ON product_rule.product_id = product.id
        LEFT JOIN shelf_rules ON shelf_rules.category_id = product.category_id
        LEFT JOIN catalog_pricerule AS shop_rule ON shop_rule.scope = 'shop'
        JOIN rules AS rule ON rule.id =
            coalesce(sku_rule.id, product_rule.id, shelf_rules.rule_id, shop_rule.id, 0)
        JOIN endings ON endings.rounding = rule.rounding
        LEFT JOIN exchange ON exchange.currency = CASE WHEN sku.denomination_type = 'custom'
            THEN %(partner_currency)s ELSE sku.cost_currency END
        WHERE {only}
    )
"""
# Per SKU: what its price would be; NULL where there is none. Of any amount, the smallest counts.
PRICED = f"""
    {TERMS}, costs AS (
        SELECT *, CASE WHEN NOT is_custom THEN fixed_cost
            WHEN amount <= largest_amount THEN {CUSTOM_COST} END AS cost
        FROM terms
    ), asked AS (
        SELECT *, CASE WHEN cost > 0 AND fixed IS NOT NULL THEN {PRICE} END AS asked FROM costs
    ), priced AS (
        SELECT *, CASE WHEN asked <= %(largest)s THEN asked END AS price FROM asked
    )
"""  # noqa: S608  the parts are constants of this module
PRICE_CURRENCY = "CASE WHEN priced.price IS NULL THEN '' ELSE %(currency)s END"
_REPRICE = f"""
    UPDATE catalog_sku AS sku
    SET price = priced.price,
        price_currency = {PRICE_CURRENCY}
    FROM priced
    WHERE priced.id = sku.id AND (
        priced.price IS DISTINCT FROM priced.old_price
        OR priced.price IS NOT NULL AND priced.old_currency <> %(currency)s
    )
"""  # noqa: S608  as above
_TERMS_OF_STAFF = """
    SELECT concat_ws('|',
        (SELECT string_agg(rule::text, ',' ORDER BY id) FROM catalog_pricerule AS rule),
        (SELECT string_agg(limits::text, ',' ORDER BY sku_id) FROM catalog_amountlimits AS limits),
        (SELECT string_agg(rate::text, ',' ORDER BY id) FROM catalog_exchangerate AS rate
            WHERE quote = %(currency)s))
"""


def alone() -> None:
    """Wait for whoever changes what prices follow from, until the end of this transaction.

    Call it first: two of them at once would each price by half of the truth.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def beside_others() -> None:
    """The same for whoever changes the costs of a few SKUs: it waits for those who are `alone`, and
    they for it; others like it go on beside it, since a SKU's row is written by one at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])


def reprice(*, now: datetime, skus: Collection[UUID] | None = None) -> int:
    """Give every SKU (or these) the price that follows from its cost, rule and rate; how many
    changed.

    Call it in the transaction that changed them, and renew the products and the shelf after it.
    """
    only = "TRUE" if skus is None else "sku.id = ANY (%(skus)s)"
    values = parameters(now=now) | ({} if skus is None else {"skus": list(skus)})
    with connection.cursor() as cursor:
        cursor.execute(statement(PRICED + _REPRICE, only=only), values)
        return int(cursor.rowcount)


def mark(*, now: datetime, also: str = "") -> str:
    """Of all that prices follow from but the goods themselves: the same words, the same prices.

    `also` is what else is derived by. The mark differs every day, so that whatever was changed
    past the actions is priced a day later.
    """
    given = {name: str(value) for name, value in parameters(now=now).items()}
    with connection.cursor() as cursor:
        cursor.execute(_TERMS_OF_STAFF, given)
        rows = str(cursor.fetchone()[0])
    told = json.dumps([statement(PRICED + _REPRICE), given, rows, also])
    return hashlib.sha256(told.encode()).hexdigest()


def currencies(*, now: datetime) -> set[str]:
    """The currencies of which a cost has a price today."""
    newest = ExchangeRate.objects.filter(
        quote=settings.STORE_CURRENCY, on__lte=now.astimezone(UTC).date()
    )
    return {settings.STORE_CURRENCY, *newest.values_list("base", flat=True)}


def statement(sql: str, *, only: str = "TRUE") -> str:
    """The SQL with the figures of every rounding in the shop's currency, for `only` some SKUs."""
    return "WITH RECURSIVE" + within(sql, goods=GOODS, only=only)


def within(sql: str, *, goods: str, only: str = "TRUE") -> str:
    """The same as a part of a statement WITH RECURSIVE, for goods from elsewhere: `sku` joined with
    `product`, which has no more to say than its id and its category_id."""
    rows = []
    for rounding in ("none", *pricing.ENDINGS):
        step, end = pricing.ending(rounding, settings.STORE_CURRENCY)
        rows.append(f"('{rounding}', {step}, {Decimal(1) / step:f}, {end})")
    return sql.format(endings=", ".join(rows), goods=goods, only=only)


def parameters(*, now: datetime) -> dict[str, Any]:
    """What the SQL of this module is to be given."""
    scale = decimals(settings.STORE_CURRENCY)
    return {
        "currency": settings.STORE_CURRENCY,
        "partner_currency": settings.PARTNER_CURRENCY,
        "cost_decimals": decimals(settings.PARTNER_CURRENCY),
        "units": Decimal(1).scaleb(scale),
        "unit": Decimal(1).scaleb(-scale),
        "today": now.astimezone(UTC).date(),
        "percent": pricing.DEFAULT_TERMS.percent,
        "largest": pricing.LARGEST_PRICE,
        "deepest": DEEPEST,
    }
