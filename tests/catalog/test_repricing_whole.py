"""The whole of repricing against prices worked out one by one, in fractions, by other means.

What is below shares no arithmetic and no look-up with the shop: rules by climbing, roundings by
counting coins up, formulas as the README of the partner's API has them.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from storefront.catalog.models import AmountLimits, Category, ExchangeRate, PriceRule, Product, Sku
from storefront.catalog.repricing import reprice
from tests.catalog.conftest import NOON
from tests.catalog.shelves import nth_id, stock_product

pytestmark = pytest.mark.django_db
COINS = {"USD": 100, "JPY": 1, "KWD": 1000}
# (what a price is a multiple of, plus this much), in coins.
ENDINGS = {
    "USD": {"none": (1, 0), "99": (100, 99), "50": (100, 50), "whole": (100, 0)},
    "JPY": {"none": (1, 0), "99": (100, 99), "50": (100, 50), "whole": (100, 0)},
    "KWD": {"none": (1, 0), "99": (1000, 990), "50": (1000, 500), "whole": (1000, 0)},
}
# Two below each other, two in a circle; a product on each of three, and one on none.
PARENTS = {1: None, 2: 1, 3: 2, 4: 5, 5: 4}
SHELVES = (1, 3, 4, None)
CARDS = [(shelf, number) for shelf in range(len(SHELVES)) for number in range(2)]
SCOPES = ["shop", *(f"category{key}" for key in PARENTS), "product0", "product1", "product3",
          *(f"sku{number}" for number in range(0, len(CARDS), 3))]  # fmt: skip
CURRENCIES = st.sampled_from(["USD", "JPY", "KWD", "EUR"])


def amounts(low: str, high: str, places: int = 4) -> st.SearchStrategy[Decimal]:
    return st.decimals(low, high, places=places)


RULES = st.fixed_dictionaries(
    {
        "percent": amounts("-99.9999", "300"),
        "fixed": st.just(Decimal(0)) | amounts("-20", "20"),
        "rounding": st.sampled_from(["none", "99", "50", "whole"]),
        "minimum_margin_percent": st.just(Decimal(0)) | amounts("0", "100"),
        "minimum_margin_fixed": st.just(Decimal(0)) | amounts("0", "9"),
        "currency": st.sampled_from(["USD", "USD", "JPY", "KWD"]),
    }
)
FIXED = st.fixed_dictionaries(
    {"cost": st.none() | amounts("0.0001", "999999999"), "cost_currency": CURRENCIES}
)
BOUND = st.none() | amounts("0.01", "900")


# The database takes no range that is none; a mixture of the partner's and staff's may be one.
def _is_range(pair: tuple[Decimal | None, Decimal | None]) -> bool:
    low, high = pair
    return low is None or high is None or low <= high


BOUNDS = st.tuples(BOUND, BOUND).filter(_is_range)
CUSTOM = st.fixed_dictionaries(
    {
        "rate": st.none() | amounts("0.0000000001", "500", 10),
        "markup_percent": st.none() | amounts("-99", "40"),
        "markup_fixed": st.none() | amounts("-3", "3"),
        "bounds": BOUNDS,
        "limits": st.none() | BOUNDS,
    }
)


@dataclass
class World:
    """What prices follow from; rules by scope, rates by (base, days from today)."""

    currency: str
    partner: str
    rules: dict[str, dict[str, Any]]
    rates: dict[tuple[str, int], Decimal]
    cards: list[dict[str, Any]] = field(default_factory=list)


WORLDS = st.builds(
    World,
    currency=st.sampled_from(list(COINS)),
    partner=st.sampled_from(["USD", "JPY", "KWD"]),
    rules=st.sets(st.sampled_from(SCOPES), min_size=3).flatmap(
        lambda scopes: st.fixed_dictionaries(dict.fromkeys(sorted(scopes), RULES))
    ),
    rates=st.dictionaries(
        st.tuples(CURRENCIES, st.integers(-2, 1)), amounts("0.0000000001", "400", 10), max_size=6
    ),
    cards=st.lists(FIXED | CUSTOM, min_size=len(CARDS), max_size=len(CARDS)),
)


def expected(world: World, number: int) -> Decimal | None:
    """The price of one card."""
    card, rule = world.cards[number], rule_of(world, number)
    is_custom = "bounds" in card
    cost = custom_cost(world, card) if is_custom else card["cost"]
    exchange = rate_of(world, world.partner if is_custom else card["cost_currency"])
    has_fixed = rule["fixed"] or rule["minimum_margin_fixed"]
    if not cost or cost <= 0 or not exchange or (has_fixed and rule["currency"] != world.currency):
        return None
    ours = Fraction(cost) * Fraction(exchange)
    asked = max(
        ours * (1 + Fraction(rule["percent"]) / 100) + Fraction(rule["fixed"]),
        ours * (1 + Fraction(rule["minimum_margin_percent"]) / 100),
        ours + Fraction(rule["minimum_margin_fixed"]),
    )
    coins = COINS[world.currency]
    step, end = ENDINGS[world.currency][rule["rounding"]]
    price = ceil(asked * coins)
    while price % step != end:
        price += 1
    return Decimal(price) / coins if price <= 10**9 * coins else None


def rule_of(world: World, number: int) -> dict[str, Any]:
    """The nearest one, climbing; ten percent where there is none."""
    shelf, _ = CARDS[number]
    climbed = [f"sku{number}", f"product{shelf}"]
    at = SHELVES[shelf]
    while at is not None and f"category{at}" not in climbed:
        climbed.append(f"category{at}")
        at = PARENTS[at]
    none = dict.fromkeys(("fixed", "minimum_margin_percent", "minimum_margin_fixed"), 0)
    ten = {"percent": 10, "rounding": "none", **none}
    return next((world.rules[key] for key in [*climbed, "shop"] if key in world.rules), ten)


def rate_of(world: World, currency: str) -> Decimal | None:
    """Today's, or the latest before."""
    if currency == world.currency:
        return Decimal(1)
    days = [day for base, day in world.rates if base == currency and day <= 0]
    return world.rates[currency, max(days)] if days else None


def custom_cost(world: World, card: dict[str, Any]) -> Fraction | None:
    """Of the smallest amount, half a coin away from zero."""
    low, high = (
        own if own is not None else theirs
        for own, theirs in zip(card["limits"] or (None, None), card["bounds"], strict=True)
    )
    if card["rate"] is None or low is None or high is None or low > high:
        return None
    exact = Fraction(low) * Fraction(card["rate"]) * (100 + Fraction(card["markup_percent"] or 0))
    coins = (exact / 100 + Fraction(card["markup_fixed"] or 0)) * COINS[world.partner]
    rounded = floor(coins + Fraction(1, 2)) if coins > 0 else -floor(-coins + Fraction(1, 2))
    return Fraction(rounded, COINS[world.partner])


@pytest.fixture
def shelves(db: None) -> list[Product]:
    Category.objects.bulk_create(
        Category(id=key, name_en=f"Shelf {key}", slug=f"c{key}", parent_id=parent)
        for key, parent in PARENTS.items()
    )
    return [
        stock_product(f"Product {place}", now=NOON, category_id=shelf)
        for place, shelf in enumerate(SHELVES)
    ]


@profile(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(world=WORLDS)
def test_every_price_is_what_follows_from_rules_rates_and_bounds(
    settings: Any, shelves: list[Product], world: World
) -> None:
    settings.STORE_CURRENCY, settings.PARTNER_CURRENCY = world.currency, world.partner
    with transaction.atomic():
        stock(world, shelves)
        reprice(now=NOON)
        prices = list(Sku.objects.order_by("pk").values_list("price", "price_currency"))
        assert reprice(now=NOON) == 0
        transaction.set_rollback(True)
    assert [price for price, _ in prices] == [expected(world, n) for n in range(len(CARDS))]
    assert all(said == (world.currency if price else "") for price, said in prices)


def stock(world: World, products: list[Product]) -> None:
    """Write the world down."""
    Sku.objects.bulk_create(
        _card(nth_id(number), products[place], world.cards[number])
        for number, (place, _) in enumerate(CARDS)
    )
    AmountLimits.objects.bulk_create(
        AmountLimits(sku_id=nth_id(number), minimum=low, maximum=high)
        for number, card in enumerate(world.cards)
        for low, high in [card.get("limits") or (None, None)]
    )
    ExchangeRate.objects.bulk_create(
        ExchangeRate(base=base, quote=world.currency, rate=rate, source="us",
                     on=NOON.date() + timedelta(day))
        for (base, day), rate in world.rates.items()
        if base != world.currency
    )  # fmt: skip
    PriceRule.objects.bulk_create(
        PriceRule(**_scope(key, products), **rule) for key, rule in world.rules.items()
    )


def _scope(key: str, products: list[Product]) -> dict[str, Any]:
    name = key.rstrip("0123456789")
    number = int(key[len(name) :] or 0)
    which: dict[str, Any] = {
        "shop": {}, "category": {"category_id": number}, "sku": {"sku_id": nth_id(number)},
        "product": {"product_id": products[number].pk if name == "product" else None},
    }  # fmt: skip
    return {"scope": name, **which[name]}


def _card(key: Any, product: Product, card: dict[str, Any]) -> Sku:
    columns = {name: card.get(name) for name in ("cost", "rate", "markup_percent", "markup_fixed")}
    low, high = card.get("bounds", (None, None))
    return Sku(
        id=key, product=product, hold_reason="no_price", first_seen_at=NOON, changed_at=NOON,
        denomination_type="custom" if "bounds" in card else "fixed", minimum=low, maximum=high,
        cost_currency=card["cost_currency"] if card.get("cost") is not None else "", **columns,
    )  # fmt: skip
