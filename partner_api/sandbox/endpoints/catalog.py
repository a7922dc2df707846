"""GET /catalog/products, /catalog/products/{uuid}, /catalog/pricelist, /catalog/categories."""

from collections.abc import Sequence
from itertools import count

from partner_api.sandbox.catalog import Product, Sku, localise
from partner_api.sandbox.paging import paginate
from partner_api.sandbox.rules import Checked
from partner_api.sandbox.shelf import Listing, Shelf
from partner_api.sandbox.wire import Json, Refused, Request, Response
from partner_api.sandbox.world import World

LOCALES = ("en", "ru")
#: The locale of a partner who does not ask for one.
DEFAULT_LOCALE = "en"
PRODUCT_TYPES = ("voucher", "recharge_fixed", "recharge", "voucher_open_range", "esim", "other")
#: The pricelist's filter knows fewer types: none of the custom ones.
PRICELIST_TYPES = ("voucher", "recharge_fixed", "esim")


def products(world: World, request: Request) -> Response:
    """Answer a page of products; SKUs only on request, and without prices or stock."""
    checked = Checked(request.query)
    locale = checked.choice("locale", LOCALES) or DEFAULT_LOCALE
    kind = checked.choice("type", PRODUCT_TYPES)
    category_id = checked.optional_integer("category_id")
    per_page = checked.integer("per_page", low=1, high=200, default=100)
    with_skus = checked.boolean("include_skus")
    checked.refuse_if_wrong()
    rows = [
        (place, product)
        for place, product in zip(count(1), world.catalog.products, strict=False)
        if (kind is None or product.type == kind)
        and (category_id is None or product.category_id == category_id)
    ]
    page, meta = paginate(
        rows, position=_place, cursor=request.query.get("cursor"), per_page=per_page
    )
    data = []
    with world.lock:
        for _, product in page:
            entry = {**_head(world, product, locale), "fields": localise(product.fields, locale)}
            if with_skus:
                entry["skus"] = [_sku_head(sku, locale) for sku in _visible(world, product)]
            data.append(entry)
    return Response(payload={"success": True, "data": data, "meta": meta})


def product(world: World, request: Request, uuid: str) -> Response:
    """Answer one product with prices and stock; the reference's sample has no `fields` here."""
    checked = Checked(request.query)
    locale = checked.choice("locale", LOCALES) or DEFAULT_LOCALE
    checked.refuse_if_wrong()
    try:
        found = world.catalog.product(uuid)
    except KeyError:
        raise Refused(404, "Product not found.") from None
    with world.lock:
        skus = [_sku_detail(world, found, sku, locale) for sku in _visible(world, found)]
        data = {**_head(world, found, locale), "skus": skus}
    return Response(payload={"success": True, "data": data})


def pricelist(world: World, request: Request) -> Response:
    """Answer a page of prices and stock, one row a SKU."""
    checked = Checked(request.query)
    checked.choice("locale", LOCALES)
    kind = checked.choice("type", PRICELIST_TYPES)
    category_id = checked.optional_integer("category_id")
    per_page = checked.integer("per_page", low=1, high=200, default=100)
    checked.refuse_if_wrong()
    with world.lock:
        rows = _listings(world.shelf, kind, category_id)
        page, meta = paginate(
            rows,
            position=lambda listing: listing.place,
            cursor=request.query.get("cursor"),
            per_page=per_page,
        )
        data = [_price_row(world.shelf, listing) for listing in page]
    return Response(payload={"success": True, "data": data, "meta": meta})


def categories(world: World, request: Request) -> Response:
    """Answer every category with its attributes."""
    checked = Checked(request.query)
    locale = checked.choice("locale", LOCALES) or DEFAULT_LOCALE
    target = checked.choice("target", ("product", "sku"))
    checked.refuse_if_wrong()
    data = [
        {
            "id": category.id,
            "name": category.name.pick(locale),
            "parent_id": category.parent_id,
            "attributes": [
                localise(attribute, locale)
                for attribute in category.attributes
                if target is None or attribute.get("target") == target
            ],
        }
        for category in world.catalog.categories
    ]
    return Response(payload={"success": True, "data": data})


def _place(row: tuple[int, Product]) -> int:
    return row[0]


def _visible(world: World, product: Product) -> list[Sku]:
    return [sku for sku in product.skus if not world.shelf.is_hidden(sku)]


def _head(world: World, product: Product, locale: str) -> Json:
    return {
        "id": product.id,
        "name": product.name.pick(locale),
        "type": product.type,
        "denomination_type": product.denomination_type,
        "category": {
            "id": product.category_id,
            "name": world.category_names[product.category_id].pick(locale),
        },
        "description": product.description.pick(locale),
        "image": product.image,
        "attributes": localise(product.attributes, locale),
    }


def _sku_head(sku: Sku, locale: str) -> Json:
    return {
        "id": sku.id,
        "name": sku.name.pick(locale),
        "image": sku.image,
        "attributes": localise(sku.attributes, locale),
    }


def _sku_detail(world: World, product: Product, sku: Sku, locale: str) -> Json:
    head = _sku_head(sku, locale)
    terms = _terms(world.shelf, product, sku)
    return {"id": head.pop("id"), "name": head.pop("name"), **terms, **head}


def _listings(shelf: Shelf, kind: str | None, category_id: int | None) -> Sequence[Listing]:
    if kind is None and category_id is None and shelf.is_whole:
        return shelf.listings
    return [
        listing
        for listing in shelf.listings
        if (kind is None or listing.product.type == kind)
        and (category_id is None or listing.product.category_id == category_id)
        and not shelf.is_hidden(listing.sku)
    ]


def _price_row(shelf: Shelf, listing: Listing) -> Json:
    return {
        "sku_id": listing.sku.id,
        "denomination_type": listing.product.denomination_type,
        **_terms(shelf, listing.product, listing.sku),
    }


def _terms(shelf: Shelf, product: Product, sku: Sku) -> Json:
    custom = product.denomination_type == "custom"
    names = ["currency", "stock", "max_per_order"]
    names = [*names, "markup_percent", "markup_fixed", "rate"] if custom else ["price", *names]
    return {name: shelf.now(sku, name) for name in names}
