"""A small catalog with one product of every kind, so that tests know what they buy."""

from decimal import Decimal

from partner_api.sandbox.catalog import Catalog, Category, Product, Sku, Text

CARD = "019bc0dd-8434-7246-a0fa-000000000001"
BIG_CARD = "019bc0dd-8434-7246-a0fa-000000000002"
OPEN = "019d732c-57c0-739a-8a38-000000000003"
PHONE = "019d732c-57c0-739a-8a38-000000000004"
ESIM = "029bc0dd-8562-7173-afd9-000000000005"
ESIM_ONCE = "029bc0dd-8562-7173-afd9-000000000006"
ESIM_UNLIMITED = "029bc0dd-8562-7173-afd9-000000000007"
CARD_PRODUCT = "019bc0dd-8423-739c-a557-000000000001"

_COVERAGE = (
    {"country_name": "Japan", "country_code": "JP", "network_name": "NTT Docomo"},
    {"country_name": "Korea", "country_code": "KR", "network_name": "SK Telecom"},
)


def both(words: str) -> Text:
    """Return a text whose Russian can be told from its English."""
    return Text(words, f"{words} (ru)")


def small_catalog(cards: int = 1) -> Catalog:
    """Return the catalog; `cards` adds further card products, to fill pages."""
    categories = (
        Category(
            1,
            both("Cards"),
            None,
            (
                {"code": "face", "name": both("Face"), "type": "text", "target": "sku"},
                {"code": "use", "name": both("Use"), "type": "text", "target": "product"},
            ),
        ),
        Category(2, both("Mobile"), None, ()),
    )
    more = tuple(_card(number) for number in range(2, cards + 1))
    return Catalog(categories, (_card(1), *more, _open(), _phone(), _esim()))


def _card(number: int) -> Product:
    suffix = "" if number == 1 else f"{number:04d}"
    skus = (
        _sku(CARD[: len(CARD) - len(suffix)] + suffix, "$10 card", price=Decimal("9.70")),
        _sku(
            BIG_CARD[: len(BIG_CARD) - 5] + "9" + suffix if suffix else BIG_CARD,
            "$50 card",
            price=Decimal("48.55"),
            stock=2,
            max_per_order=5,
        ),
    )
    product_id = CARD_PRODUCT[: len(CARD_PRODUCT) - len(suffix)] + suffix
    return Product(
        product_id, "voucher", "fixed", both(f"Card {number}"), both("<p>A card</p>"), "", 1,
        {"digital_acceptance": "online"}, [], skus,
    )  # fmt: skip


def _open() -> Product:
    sku = _sku(
        OPEN,
        "Any amount",
        currency="AED",
        stock=9999,
        max_per_order=99,
        markup_percent=Decimal(-2),
        markup_fixed=Decimal("0.10"),
        rate=Decimal("0.272"),
        minimum=Decimal(10),
        maximum=Decimal(500),
    )
    return Product(
        "019bc0dd-8423-739c-a557-000000000102", "voucher_open_range", "custom", both("Open card"),
        both("<p>Any amount</p>"), "", 1, {}, [], (sku,),
    )  # fmt: skip


def _phone() -> Product:
    fields: list[object] = [
        {"code": "phone", "label": both("Phone"), "type": "phone", "regex": r"/^\+[0-9]{8,15}$/"},
        {"key": "operator", "title": both("Operator"), "options": ["north", "south"]},
        {"name": "age", "type": "integer", "min": 18, "max": 120, "required": False},
    ]
    return Product(
        "019bc0dd-8423-739c-a557-000000000103", "recharge_fixed", "fixed", both("Recharge"),
        both("<p>Airtime</p>"), "", 2, {}, fields, (_sku(PHONE, "$5 airtime", price=Decimal(5)),),
    )  # fmt: skip


def _esim() -> Product:
    skus = (
        _data(ESIM, "10 GB Asia", Decimal(10), renewable=True),
        _data(ESIM_ONCE, "1 GB Asia, once", Decimal(1), renewable=False),
        _data(ESIM_UNLIMITED, "Unlimited Asia", None, renewable=True),
    )
    return Product(
        "019bc0dd-8423-739c-a557-000000000104", "esim", "fixed", both("Asia eSIM"),
        both("<p>Data</p>"), "", 2, {}, [], skus,
    )  # fmt: skip


def _data(sku_id: str, name: str, size: Decimal | None, *, renewable: bool) -> Sku:
    return _sku(
        sku_id, name, price=Decimal(15), coverage=_COVERAGE, data_gb=size, days=30,
        renewable=renewable, max_per_order=3,
    )  # fmt: skip


def _sku(sku_id: str, name: str, **values: object) -> Sku:
    terms: dict[str, object] = {
        "currency": "USD", "price": None, "stock": 100, "max_per_order": 3, **values,
    }  # fmt: skip
    return Sku(id=sku_id, name=both(name), image="", attributes={"denomination": "10"}, **terms)  # type: ignore[arg-type]  # named above
