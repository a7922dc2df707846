"""On what terms a SKU is sold: the rule that counts for it, the rate, and the bounds of its amount.

SKUs with a cost of their own need none of it: their price stands in the row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from uuid import UUID

from django.conf import settings
from django.db import connection

from storefront.catalog import pricing, repricing
from storefront.catalog.models import Sku
from storefront.catalog.queries.refusals import NotBuyable, Reason
from storefront.core.money import decimals, money, quantize


@dataclass(frozen=True)
class Bounds:
    """What amounts may be bought, in face money: from minimum to maximum in steps.

    All three are whole minor units of the currency.
    """

    minimum: Decimal
    maximum: Decimal
    step: Decimal
    currency: str

    def refusal(self, amount: Decimal | None) -> NotBuyable | None:
        """Why this amount may not be bought, or None."""
        minimum = money(self.minimum, self.currency)
        if amount is None or not amount.is_finite():
            return NotBuyable(Reason.AMOUNT_MISSING)
        if amount < self.minimum:
            return NotBuyable(Reason.AMOUNT_TOO_SMALL, limit=minimum)
        if amount > self.maximum:
            limit = money(self.maximum, self.currency)
            return NotBuyable(Reason.AMOUNT_TOO_LARGE, limit=limit)
        exact = quantize(amount, self.currency)
        if exact != amount or (exact - self.minimum) % self.step:
            step = money(self.step, self.currency)
            return NotBuyable(Reason.AMOUNT_OFF_STEP, limit=step, start=minimum)
        return None


@dataclass(frozen=True)
class Terms:
    """The rule as numbers; `exchange`, what one unit of the cost's currency is in ours; `bounds`
    of a SKU of any amount. None where there is none."""

    rule: pricing.Terms | None
    exchange: Decimal | None
    bounds: Bounds | None


def terms_of(skus: Iterable[Sku], *, now: datetime) -> dict[UUID, Terms]:
    """The terms of these SKUs, in one query."""
    currencies = {sku.pk: sku.face_currency for sku in skus}
    if not currencies:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            repricing.statement(repricing.TERMS + _TERMS, only="sku.id = ANY (%(skus)s)"),
            repricing.parameters(now=now) | {"skus": list(currencies)},
        )
        return {
            row[0]: Terms(
                rule=_rule(*row[1:6]),
                exchange=row[6],
                bounds=_bounds(row[7], row[8], row[9], currencies[row[0]]),
            )
            for row in cursor.fetchall()
        }


def bounds_of(skus: Iterable[Sku], *, now: datetime) -> dict[UUID, Bounds]:
    """What amounts may be bought, of those SKUs of any amount; no query where there are none."""
    found = terms_of([sku for sku in skus if sku.denomination_type == "custom"], now=now)
    return {key: terms.bounds for key, terms in found.items() if terms.bounds is not None}


_TERMS = """
    SELECT id, percent, fixed, rounding, minimum_margin_percent, minimum_margin_fixed,
        exchange, amount, largest_amount, amount_step
    FROM terms
"""


def _rule(
    percent: Decimal, fixed: Decimal | None, rounding: str, margin: Decimal, margin_fixed: Decimal
) -> pricing.Terms | None:
    """None where its fixed part is in a currency that is no longer the shop's."""
    if fixed is None:
        return None
    return pricing.Terms(
        percent=percent,
        fixed=fixed,
        rounding=rounding,
        minimum_margin_percent=margin,
        minimum_margin_fixed=margin_fixed,
    )


def _bounds(
    minimum: Decimal | None, maximum: Decimal | None, step: Decimal | None, currency: str
) -> Bounds | None:
    if minimum is None or maximum is None or not currency:
        return None
    smallest = Decimal(1).scaleb(-decimals(currency))
    bounds = Bounds(
        minimum=quantize(minimum, currency, ROUND_CEILING),
        maximum=quantize(maximum, currency, ROUND_FLOOR),
        step=quantize(step, currency, ROUND_CEILING) if step else smallest,
        currency=currency,
    )
    return bounds if bounds.minimum <= bounds.maximum else None


def custom_price(sku: Sku, amount: Decimal, terms: Terms) -> tuple[Decimal, Decimal] | None:
    """(price, cost) of an amount within bounds: in the shop's currency and in the partner's.

    None where a rule, a rate or the cost itself is missing.
    """
    if terms.rule is None or terms.exchange is None or sku.rate is None:
        return None
    cost = pricing.custom_cost(
        amount, rate=sku.rate, percent=sku.markup_percent, fixed=sku.markup_fixed,
        currency=settings.PARTNER_CURRENCY,
    )  # fmt: skip
    if cost <= 0:
        return None
    price = pricing.retail(
        cost, rate=terms.exchange, terms=terms.rule, currency=settings.STORE_CURRENCY
    )
    return (price, cost) if price <= pricing.LARGEST_PRICE else None


def keeps_margin(price: Decimal, cost: Decimal, terms: Terms | None) -> bool:
    """Whether a price that was promised still brings what it must over today's cost, which is in
    the partner's currency. No where that can't be told."""
    if terms is None or terms.rule is None or terms.exchange is None:
        return False
    return price >= pricing.least(cost, rate=terms.exchange, terms=terms.rule)
