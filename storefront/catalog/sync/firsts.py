"""What only new rows get when they are written: the price, and what follows for the product.

`repricing` and `derived` say the same of rows that stand; said at once, a new row is written once.
"""

from dataclasses import dataclass, field

from storefront.catalog import repricing
from storefront.catalog.sync import derived


@dataclass(frozen=True)
class Firsts:
    """`queries` of `told`, in SQL, and how they are joined to it for these `columns`."""

    columns: dict[str, str] = field(default_factory=dict)
    queries: str = ""
    joins: str = ""


NOTHING = Firsts()


def of_skus() -> Firsts:
    """The price. Parameters: those of `repricing`. The products need not be written yet."""
    goods = """
        (SELECT told.*, NULL::numeric AS price, '' AS price_currency FROM told WHERE is_new) AS sku
        JOIN staged_product AS product ON product.id = sku.product_id
    """
    return Firsts(
        columns={"price": "priced.price", "price_currency": repricing.PRICE_CURRENCY},
        queries=repricing.within(repricing.PRICED, goods=goods),
        joins="LEFT JOIN priced ON priced.id = told.id",
    )


def of_products() -> Firsts:
    """What follows from the SKUs, which must be written by now. Parameters: those of `derived`.

    The places are those among new products; `derived.renew_popularity` looks at all of them.
    """
    news = "(SELECT told.*, NULL::jsonb AS own_fields FROM told WHERE is_new)"
    available = f"(SELECT new.*, is_available FROM {news} AS new JOIN sums USING (id))"  # noqa: S608  named here
    sums = ["is_available", "from_price", "face_min", "face_max", "face_currency"]
    return Firsts(
        columns={name: f"sums.{name}" for name in sums}
        | {"from_currency": derived.FROM_CURRENCY, "popularity": "places.popularity"},
        queries=derived.SUMS.format(products=news)
        + ","
        + derived.PLACES.format(products=available),
        joins="LEFT JOIN sums ON sums.id = told.id LEFT JOIN places ON places.id = told.id",
    )
