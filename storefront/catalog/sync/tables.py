"""What each row of the shelves is told to be by staging, as SQL. Parameters: now, band.

The partner's texts are only ever replaced by texts: a language it stops sending keeps what we
have. `live` is the row as it is, if there is one.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A table of the shelves and the query that tells its rows anew.

    `told` selects `id`, every column of `columns` and, for tables with addresses, `slug_base`.
    """

    name: str
    columns: tuple[str, ...]
    told: str
    has_slug: bool = False
    is_dated: bool = True
    # Columns of new rows only: name and SQL.
    at_first: tuple[tuple[str, str], ...] = ()


# Categories the partner names only inside products are taken from there.
CATEGORIES = Table(
    name="catalog_category",
    columns=("name_en", "name_ru", "parent_id", "attributes"),
    has_slug=True,
    is_dated=False,
    told="""
        WITH listed AS (
            SELECT locale, id, name, slug_base, parent_id, attributes FROM staged_category
            UNION ALL
            SELECT DISTINCT ON (locale, category_id) locale, category_id, category_name,
                category_slug, NULL::bigint, '[]'::jsonb
            FROM staged_product AS product
            WHERE category_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM staged_category AS same WHERE same.id = product.category_id
            )
        ), base AS (SELECT DISTINCT ON (id) * FROM listed ORDER BY id, locale)
        SELECT base.id, base.slug_base,
            coalesce(nullif(en.name, ''), live.name_en, '') AS name_en,
            coalesce(nullif(ru.name, ''), live.name_ru, '') AS name_ru,
            parent.id AS parent_id,
            jsonb_build_object(
                'en', coalesce(en.attributes, live.attributes -> 'en', '[]'),
                'ru', coalesce(ru.attributes, live.attributes -> 'ru', '[]')
            ) AS attributes
        FROM base
        LEFT JOIN listed AS en ON en.id = base.id AND en.locale = 'en'
        LEFT JOIN listed AS ru ON ru.id = base.id AND ru.locale = 'ru'
        LEFT JOIN catalog_category AS live ON live.id = base.id
        LEFT JOIN base AS parent ON parent.id = base.parent_id
    """,
)

# The partner's type counts once: another one later is a hold, not a change.
PRODUCTS = Table(
    name="catalog_product",
    columns=(
        "type", "denomination_type", "name_en", "name_ru", "description_en", "description_ru",
        "description_raw", "image", "category_id", "country", "brand", "attributes", "fields",
        "recipient", "hold_reason", "offered", "is_hidden", "missing_runs",
    ),
    has_slug=True,
    at_first=(("is_available", "FALSE"), ("from_currency", "''"), ("face_currency", "''")),
    told="""
        SELECT base.id, base.slug_base,
            coalesce(live.type, base.type) AS type,
            coalesce(live.denomination_type, base.denomination_type) AS denomination_type,
            coalesce(nullif(en.name, ''), live.name_en, '') AS name_en,
            coalesce(nullif(ru.name, ''), live.name_ru, '') AS name_ru,
            coalesce(en.description, live.description_en, '') AS description_en,
            coalesce(ru.description, live.description_ru, '') AS description_ru,
            jsonb_build_object(
                'en', coalesce(en.raw, live.description_raw -> 'en', '""'),
                'ru', coalesce(ru.raw, live.description_raw -> 'ru', '""')
            ) AS description_raw,
            base.image, base.category_id, base.country, base.brand, base.attributes,
            jsonb_build_object(
                'en', coalesce(en.fields, live.fields -> 'en', '[]'),
                'ru', coalesce(ru.fields, live.fields -> 'ru', '[]')
            ) AS fields,
            base.recipient,
            CASE WHEN held.it THEN 'kind' ELSE '' END AS hold_reason,
            CASE WHEN held.it THEN jsonb_build_object(
                'type', base.type, 'denomination_type', base.denomination_type
            ) END AS offered,
            FALSE AS is_hidden, 0 AS missing_runs
        FROM (SELECT DISTINCT ON (id) * FROM staged_product ORDER BY id, locale) AS base
        LEFT JOIN staged_product AS en ON en.id = base.id AND en.locale = 'en'
        LEFT JOIN staged_product AS ru ON ru.id = base.id AND ru.locale = 'ru'
        LEFT JOIN catalog_product AS live ON live.id = base.id
        CROSS JOIN LATERAL (SELECT coalesce(
            (live.type, live.denomination_type) <> (base.type, base.denomination_type), FALSE
        ) AS it) AS held
    """,
)  # fmt: skip

# What an offer of the pricelist means for a SKU as we last accepted it. A custom amount's cost
# moves with its rate and percentage.
VERDICT = """
    CASE
        WHEN told.id IS NULL OR told.problem = 'no_price' THEN 'no_price'
        WHEN live.denomination_type <> told.denomination_type AND live.denomination_type <> ''
            THEN 'kind'
        WHEN live.cost_currency <> told.cost_currency AND live.cost_currency <> ''
            THEN 'currency'
        WHEN live.face_currency <> told.face_currency AND live.rate IS NOT NULL THEN 'currency'
        WHEN abs(told.cost - live.cost) > live.cost * %(band)s THEN 'jump'
        WHEN abs(told.rate * (100 + coalesce(told.markup_percent, 0))
                - live.rate * (100 + coalesce(live.markup_percent, 0)))
            > live.rate * (100 + coalesce(live.markup_percent, 0)) * %(band)s THEN 'jump'
        ELSE told.problem
    END
"""
# The columns a price decides, in terms of told (staged), live (ours, or none) and verdict.
PRICED = """
    CASE WHEN verdict.took THEN told.denomination_type
        ELSE coalesce(live.denomination_type, '') END AS denomination_type,
    CASE WHEN verdict.took THEN told.cost ELSE live.cost END AS cost,
    CASE WHEN verdict.took THEN told.cost_currency
        ELSE coalesce(live.cost_currency, '') END AS cost_currency,
    CASE WHEN verdict.took THEN told.rate ELSE live.rate END AS rate,
    CASE WHEN verdict.took THEN told.markup_percent
        ELSE live.markup_percent END AS markup_percent,
    CASE WHEN verdict.took THEN told.markup_fixed ELSE live.markup_fixed END AS markup_fixed,
    coalesce(told.stock, 0) AS stock,
    CASE WHEN told.id IS NULL THEN live.max_per_order ELSE told.max_per_order END AS max_per_order,
    CASE WHEN verdict.took
            AND (told.cost, told.rate, told.markup_percent, told.markup_fixed)
                IS DISTINCT FROM (live.cost, live.rate, live.markup_percent, live.markup_fixed)
        THEN %(now)s ELSE live.priced_at END AS priced_at,
    verdict.word AS hold_reason,
    CASE WHEN verdict.word IN ('kind', 'currency', 'jump') THEN
        jsonb_strip_nulls(jsonb_build_object(
            'denomination_type', told.denomination_type,
            'cost', told.cost::text, 'cost_currency', nullif(told.cost_currency, ''),
            'face_currency', nullif(told.face_currency, ''), 'rate', told.rate::text,
            'markup_percent', told.markup_percent::text, 'markup_fixed', told.markup_fixed::text
        ))
    END AS offered
"""

SKUS = Table(
    name="catalog_sku",
    columns=(
        "product_id", "name_en", "name_ru", "position", "image", "attributes", "face_value",
        "face_currency", "minimum", "maximum", "step", "is_hidden", "missing_runs",
        "denomination_type", "cost", "cost_currency", "rate", "markup_percent", "markup_fixed",
        "stock", "max_per_order", "priced_at", "hold_reason", "offered",
    ),
    at_first=(("price_currency", "''"),),
    told=f"""
        SELECT base.id, base.product_id,
            coalesce(nullif(en.name, ''), live.name_en, '') AS name_en,
            coalesce(nullif(ru.name, ''), live.name_ru, '') AS name_ru,
            base.position, base.image, base.attributes, base.face_value,
            CASE WHEN verdict.took AND told.rate IS NOT NULL THEN told.face_currency
                WHEN live.rate IS NOT NULL AND NOT verdict.took THEN live.face_currency
                ELSE base.face_currency END AS face_currency,
            base.minimum, base.maximum, base.step, FALSE AS is_hidden, 0 AS missing_runs,
            {PRICED}
        FROM (SELECT DISTINCT ON (id) * FROM staged_sku ORDER BY id, locale) AS base
        LEFT JOIN staged_sku AS en ON en.id = base.id AND en.locale = 'en'
        LEFT JOIN staged_sku AS ru ON ru.id = base.id AND ru.locale = 'ru'
        LEFT JOIN staged_price AS told ON told.id = base.id
        LEFT JOIN catalog_sku AS live ON live.id = base.id
        CROSS JOIN LATERAL (SELECT {VERDICT} AS word) AS judged
        CROSS JOIN LATERAL (
            SELECT judged.word, judged.word = '' AS took
        ) AS verdict
    """,  # noqa: S608  the parts are constants of this module
)  # fmt: skip
