"""The context of `catalog/product.html`: the goods, the choice, and what one should know.

It reads nothing itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from storefront.catalog import labels, plans, redeeming, structured
from storefront.catalog.cards import Card, card, language
from storefront.catalog.meta import meta, sentence_of
from storefront.catalog.models import Product, Sku
from storefront.catalog.pages import list_url
from storefront.catalog.queries import Filters, Offer, Shelf, fields_of, refusal
from storefront.catalog.queries.offers import (
    LARGEST_QUANTITY,
    WORDS,
    NotBuyable,
    Reason,
    is_custom,
)
from storefront.catalog.queries.terms import Bounds
from storefront.core.money import Money, decimals, money

# From here on down the number left is said.
FEW = 5


@dataclass(frozen=True, kw_only=True)
class ProductCard(Card):
    """A product on its own page; `steps` are ours where the partner says not how to use it."""

    kind: str
    description_html: str
    steps: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One denomination; `reason` says why it cannot be bought, `face_label` what one gets.

    Of any amount (`is_custom`) it is not known yet what one gets, and `price` is the smallest's.
    """

    id: UUID
    label: str
    detail: str
    price: Money | None
    face: Money | None
    face_label: str
    max_quantity: int
    is_buyable: bool
    reason: str
    stock: str
    is_custom: bool


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """What may be typed; `step` is None where it is the smallest coin."""

    minimum: Money
    maximum: Money
    step: Money | None


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What the amount that was typed gives, and costs for one."""

    face_label: str
    price: Money


@dataclass(frozen=True, kw_only=True)
class Esim:
    """What only eSIMs have; what is not known is empty."""

    starts: str
    top_up: str
    coverage: Sequence[plans.Coverage]


def product_context(
    product: Product,
    skus: Iterable[Sku],
    shelf: Shelf,
    *,
    now: datetime,
    bounds: Mapping[UUID, Bounds],
    wanted: str = "",
    asked: Offer | None = None,
) -> dict[str, Any]:
    """All but the form; `wanted` is the SKU that a form which came back had chosen, `asked` what
    its amount would cost, `bounds` those of the SKUs of any amount."""
    refused = {sku: refusal(sku, product, confirmed_at=shelf.priced_at, now=now) for sku in skus}
    is_available = not all(_is_out(why) for why in refused.values())
    reasons = [str(why) for why in refused.values() if why is not None]
    now_known = {
        "is_available": is_available,
        "reason": "" if is_available else (reasons or [str(WORDS[Reason.HELD])])[0],
    }
    is_closed = is_available and all(why is not None for why in refused.values())
    shown = _shown(product, now_known)
    choices = [_choice(sku, why, title=shown.title) for sku, why in refused.items()]
    # Chosen beforehand, so that a form sent as it is buys something.
    chosen = next(
        (choice for choice in choices if str(choice.id) == wanted),
        next((choice for choice in choices if choice.is_buyable), None),
    )
    crumbs = [(_("All products"), list_url(Filters())), *_above(product, shelf)]
    return {
        "product": shown,
        "skus": choices,
        # Why nothing of it can be bought at this moment, though it will be by itself.
        "closed": reasons[0] if is_closed else "",
        "chosen": chosen,
        "esim": _esim(product, choices, refused) if product.type == Product.Type.ESIM else None,
        "crumbs": crumbs,
        "custom": _amounts(chosen, choices, bounds),
        "quote": _quote(asked) if asked else None,
        "fields": _asks_for(product),
        "meta": _meta(shown, choices, crumbs),
    }


def _shown(product: Product, now_known: dict[str, object]) -> ProductCard:
    own_steps = redeeming.steps(product.brand, product.type)
    listed = card(product)
    return ProductCard(
        **{field.name: getattr(listed, field.name) for field in fields(Card)} | now_known,
        kind=str(dict(Product.Type.choices).get(product.type, "")),
        description_html=product.description_html,
        steps=[] if redeeming.says_how(product.description_html) else own_steps,
    )


def _asks_for(product: Product) -> list[str]:
    """What checkout will want to know."""
    try:
        return [field.label for field in fields_of(product)]
    except NotBuyable:
        return []


def _is_out(refused: NotBuyable | None) -> bool:
    """Whether waiting a moment will not help; a stale price still has its place on the page."""
    return refused is not None and refused.reason != Reason.STALE


def _choice(sku: Sku, refused: NotBuyable | None, *, title: str) -> Choice:
    face = sku.face_value
    label, detail = labels.choice(sku, language(), of=title), ""
    if face is None and (plan := plans.plan(sku.attributes, language())).data:
        label, detail = plan.data, plan.days
    return Choice(
        id=sku.pk,
        label=label,
        detail=detail,
        price=money(sku.price, sku.price_currency) if sku.price is not None else None,
        face=money(face, sku.face_currency) if face is not None else None,
        # What one gets is said in full, what one chooses by is short.
        face_label=labels.face(sku, language()) or (f"{label}, {detail}" if detail else sku.name),
        max_quantity=min(sku.stock, LARGEST_QUANTITY),
        is_buyable=refused is None,
        reason=str(refused or ""),
        stock=_stock(sku.stock),
        is_custom=is_custom(sku),
    )


def _amounts(
    chosen: Choice | None, choices: Iterable[Choice], bounds: Mapping[UUID, Bounds]
) -> Amounts | None:
    """Of the chosen one, or else of the first that may be bought for any amount."""
    order = [chosen, *choices] if chosen else choices
    ours = next((bounds[each.id] for each in order if each.is_buyable and each.id in bounds), None)
    if ours is None:
        return None
    minimum, maximum = (money(end, ours.currency) for end in (ours.minimum, ours.maximum))
    has_steps = ours.step > Decimal(1).scaleb(-decimals(ours.currency))
    return Amounts(
        minimum=minimum,
        maximum=maximum,
        step=money(ours.step, ours.currency) if has_steps else None,
    )


def _quote(asked: Offer) -> Quote | None:
    if asked.amount is None:
        return None
    return Quote(
        face_label=labels.amount(asked.amount, asked.face_currency, language()),
        price=money(asked.unit_price, asked.currency),
    )


def _stock(left: int) -> str:
    if left > FEW:
        return _("In stock")
    if left < 1:
        return str(WORDS[Reason.SOLD_OUT])
    return str(WORDS[Reason.TOO_FEW]) % {"left": left}


def _esim(product: Product, choices: Iterable[Choice], skus: Iterable[Sku]) -> Esim:
    of_product = plans.plan(product.attributes, language()).tops_up
    tops_up = {
        choice: told if (told := plans.plan(sku.attributes, language()).tops_up) is not None
        else of_product
        for choice, sku in zip(choices, skus, strict=True)
    }  # fmt: skip
    return Esim(
        starts=plans.validity_starts(product.attributes),
        top_up=_top_up(tops_up),
        coverage=plans.coverage(product.attributes, language()),
    )


def _top_up(plans_of: dict[Choice, bool | None]) -> str:
    told = set(plans_of.values())
    if told == {True}:
        return _("Yes: add data to it whenever you need more.")
    if told == {False}:
        return _("No: when the data is used up, buy a new eSIM.")
    if told == {True, False}:
        names = [choice.face_label for choice, can in plans_of.items() if not can]
        return _("Yes, but not these plans: %(plans)s.") % {"plans": "; ".join(names)}
    return ""


def _above(product: Product, shelf: Shelf) -> list[tuple[str, str]]:
    """The categories a product stands in, from the top: names and paths."""
    by_id = {category.id: category for category in shelf.categories}
    way: list[tuple[str, str]] = []
    at = product.category_id
    while at is not None and at in by_id and len(way) < len(by_id):
        category = by_id[at]
        way.insert(0, (category.name, list_url(Filters(category=category.slug))))
        at = category.parent_id
    return way


def _meta(
    product: ProductCard, choices: Iterable[Choice], crumbs: Sequence[tuple[str, str]]
) -> object:
    offers = [
        structured.offer(
            name=choice.face_label,
            sku=str(choice.id),
            price=choice.price,
            is_buyable=choice.is_buyable,
            url=product.url,
        )
        for choice in choices
        if choice.price is not None
    ]
    about = sentence_of(product.description_html) or product.name
    told = structured.product(
        name=product.name,
        description=about,
        brand=product.brand,
        category=" / ".join(name for name, _path in crumbs[1:]),
        url=product.url,
        offers=offers,
    )
    way = structured.breadcrumbs([*crumbs, (product.title, product.url)])
    worth = f" {product.denomination_label}" if product.denomination_label else ""
    where = "" if product.place in product.title else f", {product.place}"
    return meta(
        product.url,
        title=f"{product.title}{worth}{where}",
        description=about,
        data=(told, way),
    )
