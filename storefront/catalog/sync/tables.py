"""What each row of the shelves is told to be by staging, as SQL. Parameters: now, band.

English lists say what there is; Russian ones say what it is called. The partner's texts are only
ever replaced by texts: a language it stops sending keeps what we have. `live` is the row as it is,
if there is one.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Table:
    """A table of the shelves, where its rows are told anew, and what each column is then.

    `source` joins `live` and whatever `columns` speak of; it has one row for each told one. `key`
    is that row's id. `slug` is the address new rows wish for; what else only they get is in
    `firsts`.
    """

    name: str
    key: str
    columns: dict[str, str]
    source: str
    slug: str = ""
    is_dated: bool = True
    adds: bool = True


def _name(table: str) -> dict[str, str]:
    return {
        "name_en": f"coalesce(nullif({table}.name, ''), live.name_en, '')",
        "name_ru": "coalesce(nullif(ru.name, ''), live.name_ru, '')",
    }


def _in_both(column: str, told: str, empty: str) -> str:
    """A JSON column by language."""
    return f"""jsonb_build_object(
        'en', coalesce(base.{told}, live.{column} -> 'en', '{empty}'),
        'ru', coalesce(ru.{told}, live.{column} -> 'ru', '{empty}')
    )"""


# Categories the partner names only inside products are taken from there.
CATEGORIES = Table(
    name="catalog_category",
    key="base.id",
    columns=_name("base")
    | {"parent_id": "parent.id", "attributes": _in_both("attributes", "attributes", "[]")},
    slug="base.slug_base",
    is_dated=False,
    source="""
        (
            SELECT id, name, slug_base, parent_id, attributes FROM staged_category
            UNION ALL
            SELECT DISTINCT ON (category_id) category_id, category_name, category_slug,
                NULL::bigint, '[]'::jsonb
            FROM staged_product WHERE category_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM staged_category AS same WHERE same.id = category_id
            )
        ) AS base
        LEFT JOIN (
            SELECT id, name, attributes FROM staged_category_ru
            UNION ALL
            SELECT DISTINCT ON (category_id) category_id, category_name, '[]'::jsonb
            FROM staged_product_ru WHERE category_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM staged_category_ru AS same WHERE same.id = category_id
            )
        ) AS ru ON ru.id = base.id
        LEFT JOIN catalog_category AS live ON live.id = base.id
        LEFT JOIN (
            SELECT id FROM staged_category UNION SELECT category_id FROM staged_product
        ) AS parent ON parent.id = base.parent_id
    """,
)

# The partner's type counts once: another one later is a hold, not a change.
PRODUCTS = Table(
    name="catalog_product",
    key="base.id",
    columns={
        "type": "coalesce(live.type, base.type)",
        "denomination_type": "coalesce(live.denomination_type, base.denomination_type)",
        **_name("base"),
        "description_en": "base.description",
        "description_ru": "coalesce(ru.description, live.description_ru, '')",
        "description_raw": _in_both("description_raw", "raw", '""'),
        "image": "base.image",
        "category_id": "base.category_id",
        "country": "base.country",
        "brand": "base.brand",
        "attributes": "base.attributes",
        "fields": _in_both("fields", "fields", "[]"),
        "recipient": "base.recipient",
        "hold_reason": "CASE WHEN held.it THEN 'kind' ELSE '' END",
        "offered": """CASE WHEN held.it THEN jsonb_build_object(
            'type', base.type, 'denomination_type', base.denomination_type
        ) END""",
        "is_hidden": "FALSE",
        "missing_runs": "0",
    },
    slug="base.slug_base",
    source="""
        staged_product AS base
        LEFT JOIN staged_product_ru AS ru ON ru.id = base.id
        LEFT JOIN catalog_product AS live ON live.id = base.id
        CROSS JOIN LATERAL (SELECT coalesce(
            (live.type, live.denomination_type) <> (base.type, base.denomination_type), FALSE
        ) AS it) AS held
    """,
)

# What an offer of the pricelist (`asked`) means for a SKU as we last accepted it. A custom amount's
# cost moves with its rate and percentage. Many columns follow from the word: the OFFSET keeps the
# planner from working it out anew for each of them.
VERDICT = """
    CROSS JOIN LATERAL (SELECT CASE
        WHEN asked.id IS NULL OR asked.problem = 'no_price' THEN 'no_price'
        WHEN live.denomination_type <> asked.denomination_type AND live.denomination_type <> ''
            THEN 'kind'
        WHEN live.cost_currency <> asked.cost_currency AND live.cost_currency <> ''
            THEN 'currency'
        WHEN live.face_currency <> asked.face_currency AND live.rate IS NOT NULL THEN 'currency'
        WHEN abs(asked.cost - live.cost) > live.cost * %(band)s THEN 'jump'
        WHEN abs(asked.rate * (100 + coalesce(asked.markup_percent, 0))
                - live.rate * (100 + coalesce(live.markup_percent, 0)))
            > live.rate * (100 + coalesce(live.markup_percent, 0)) * %(band)s THEN 'jump'
        ELSE asked.problem
    END AS word OFFSET 0) AS verdict
"""


def _if_accepted(column: str, otherwise: str = "") -> str:
    return (
        f"CASE WHEN verdict.word = '' THEN asked.{column} ELSE {otherwise or f'live.{column}'} END"
    )


def _priced(face_currency: str) -> dict[str, str]:
    """The columns a price decides; `face_currency` is what it is without one."""
    return {
        "face_currency": f"""CASE
            WHEN verdict.word = '' AND asked.rate IS NOT NULL THEN asked.face_currency
            WHEN verdict.word <> '' AND live.rate IS NOT NULL THEN live.face_currency
            ELSE {face_currency} END""",
        "denomination_type": _if_accepted(
            "denomination_type", "coalesce(live.denomination_type, '')"
        ),
        "cost": _if_accepted("cost"),
        "cost_currency": _if_accepted("cost_currency", "coalesce(live.cost_currency, '')"),
        "rate": _if_accepted("rate"),
        "markup_percent": _if_accepted("markup_percent"),
        "markup_fixed": _if_accepted("markup_fixed"),
        "stock": "coalesce(asked.stock, 0)",
        "max_per_order": "CASE WHEN asked.id IS NULL THEN live.max_per_order "
        "ELSE asked.max_per_order END",
        "priced_at": """CASE WHEN verdict.word = ''
                AND (asked.cost, asked.rate, asked.markup_percent, asked.markup_fixed)
                    IS DISTINCT FROM (live.cost, live.rate, live.markup_percent, live.markup_fixed)
            THEN %(now)s ELSE live.priced_at END""",
        "hold_reason": "verdict.word",
        "offered": """CASE WHEN verdict.word IN ('kind', 'currency', 'jump') THEN
            jsonb_strip_nulls(jsonb_build_object(
                'denomination_type', asked.denomination_type,
                'cost', asked.cost::text, 'cost_currency', nullif(asked.cost_currency, ''),
                'face_currency', nullif(asked.face_currency, ''), 'rate', asked.rate::text,
                'markup_percent', asked.markup_percent::text,
                'markup_fixed', asked.markup_fixed::text
            ))
        END""",
    }


SKUS = Table(
    name="catalog_sku",
    key="base.id",
    columns={
        "product_id": "base.product_id",
        **_name("base"),
        "position": "base.position",
        "image": "base.image",
        "attributes": "base.attributes",
        "face_value": "base.face_value",
        "minimum": "base.minimum",
        "maximum": "base.maximum",
        "step": "base.step",
        "is_hidden": "FALSE",
        "missing_runs": "0",
        **_priced("base.face_currency"),
    },
    source=f"""
        staged_sku AS base
        LEFT JOIN staged_sku_ru AS ru ON ru.id = base.id
        LEFT JOIN staged_price AS asked ON asked.id = base.id
        LEFT JOIN catalog_sku AS live ON live.id = base.id
        {VERDICT}
    """,
)

# Between two full syncs: what the pricelist says of the SKUs we have. One it does not list has no
# price, so that whatever is for sale was confirmed by the latest list.
PRICES = Table(
    name="catalog_sku",
    key="live.id",
    columns=_priced("live.face_currency"),
    adds=False,
    source=f"""
        catalog_sku AS live
        LEFT JOIN staged_price AS asked ON asked.id = live.id
        {VERDICT}
    """,
)

# What was asked for a few SKUs just now; of all others nothing is said.
FRESH_PRICES = replace(
    PRICES,
    source=f"""
        catalog_sku AS live
        JOIN staged_price AS asked ON asked.id = live.id
        {VERDICT}
    """,
)
