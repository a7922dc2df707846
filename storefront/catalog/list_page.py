"""What `catalog/product_list.html` shows: what was found, and every way on as an address."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from storefront.catalog import queries
from storefront.catalog.cards import Card, card, card_of, language
from storefront.catalog.countries import country_name
from storefront.catalog.drawn import Shown, drawn
from storefront.catalog.labels import short_money
from storefront.catalog.meta import Meta, meta
from storefront.catalog.models import Product
from storefront.catalog.pages import list_url, named_countries
from storefront.catalog.queries import Counts, Filters, Found, Instead, ListPage, Shelf
from storefront.catalog.queries.listing import BEST, POPULAR

# So many countries stand as links, those with most goods; the others are in a list to choose from.
COUNTRIES_SHOWN = 8
# So many drawn filters are kept; some 8 kB each.
REMEMBERED = 500


@dataclass(frozen=True, kw_only=True)
class Option:
    """One value of one filter, and the address of the list with it, or without it where it is
    chosen. `number` is how many goods it leaves, None where that was not counted."""

    value: str
    label: str
    url: str
    is_selected: bool
    number: int | None = None
    depth: int = 0


@dataclass(frozen=True)
class Chip:
    """A filter that is set, and the list without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Side:
    """The filters beside the list, drawn, and in words how many goods fulfil them all."""

    html: SafeString
    total_label: str


@dataclass(frozen=True)
class Asked:
    """What is asked for: the filters, and the part of the page that goes into another one, if not
    all of it. `ignored` names what of the address says nothing."""

    filters: Filters
    part: str = ""
    ignored: Sequence[str] = ()


def shown(page: ListPage, asked: Asked, shelf: Shelf) -> Shown:
    """The list, drawn; where nothing or not all of it was found, at most one more query."""
    filters = asked.filters
    if not page.products and not filters.after:
        instead = queries.offered_instead(page.search, shelf)
        counts = Counts()
        if not page.search:
            counts = queries.counts_of(queries.counted(filters, page.search), filters, shelf)
        side = _side(replace(filters, after=""), shelf, counts)
        return _drawn(asked, list_context(page, asked, shelf, side, instead=instead))
    found = queries.counted(filters, page.search)

    def draw() -> Shown:
        return _drawn(asked, list_context(page, asked, shelf, side_of(filters, found, shelf)))

    return drawn(shelf, (language(), asked, page, found), draw)


TEMPLATES = {
    "": "catalog/_list.html",
    "shelf": "catalog/_shelf.html",
    "suggestions": "catalog/_suggestions.html",
}


def _drawn(asked: Asked, context: dict[str, Any]) -> Shown:
    return Shown(render_to_string(TEMPLATES[asked.part], context), context["meta"])


def side_of(filters: Filters, found: Found | None, shelf: Shelf) -> Side:
    """The filters with their numbers. Without a search or a price they follow from the shelf alone
    and are drawn once for as long as it stands."""
    first = replace(filters, after="")
    if found is not None:
        return _side(first, shelf, queries.counts_of(found, first, shelf))
    key = (language(), first)
    known: Side | None = shelf.memory.get(key)
    if known is None:
        if len(shelf.memory) >= REMEMBERED:
            shelf.memory.clear()
        known = shelf.memory[key] = _side(first, shelf, queries.counts_of(None, first, shelf))
    return known


def _side(filters: Filters, shelf: Shelf, counts: Counts) -> Side:
    countries = _countries(filters, shelf, counts.countries)
    context = {
        "query": filters,
        "kept": {name: value for name, value in vars(filters).items() if value},
        "categories": _categories(filters, shelf, counts.categories),
        "types": _types(filters, shelf, counts.types),
        "countries": sorted(countries, key=_chosen_then_largest)[:COUNTRIES_SHOWN],
        "all_countries": countries if len(countries) > COUNTRIES_SHOWN else [],
        "currency": settings.STORE_CURRENCY,
    }
    is_all = not (filters.category or filters.type or filters.country)
    return Side(
        render_to_string("catalog/_filters.html", context),
        _total(counts.total, at_least=counts.at_least if is_all else 0),
    )


def list_context(
    page: ListPage, asked: Asked, shelf: Shelf, side: Side, *, instead: Instead | None = None
) -> dict[str, Any]:
    """Of any of the TEMPLATES; `side` and `instead` as made for it."""
    filters = asked.filters
    first = replace(filters, after="")
    products = [card_of(row, language()) for row in page.products]
    return {
        "meta": _list_meta(filters, shelf),
        "store_name": settings.STORE_NAME,
        "is_part": bool(asked.part),
        "headline": _headline(filters, shelf),
        "products": products,
        "query": filters,
        "kept": {name: value for name, value in vars(first).items() if value},
        "chips": list(_chips(first, shelf)),
        "clear_url": list_url(Filters(q=filters.q)),
        "all_url": list_url(first),
        "filters": side.html,
        "sorts": _sorts(first, page.sort, searches=bool(page.search)),
        "next_url": list_url(replace(filters, after=page.next)) if page.next else "",
        "previous_url": list_url(replace(filters, after=page.previous)) if page.previous else "",
        "total_label": side.total_label if products else "",
        "corrected": page.search.corrected if products else "",
        "complaints": _complaints(asked.ignored, page),
        "nearest": _cards(instead.nearest) if instead else [],
        "popular": _cards(instead.popular) if instead else [],
    }


def _cards(products: Iterable[Product]) -> list[Card]:
    return [card(product) for product in products]


def _total(number: int | None, *, at_least: int) -> str:
    if number is None:
        return _("More than %(number)s products") % {"number": at_least} if at_least else ""
    return ngettext("%(number)s product", "%(number)s products", number) % {"number": number}


def _headline(filters: Filters, shelf: Shelf) -> str:
    """What the list is a list of, in the reader's words."""
    category = next((c.name for c in shelf.categories if c.slug == filters.category), "")
    kind = str(dict(Product.Type.choices).get(filters.type, "")) if filters.type else ""
    country = country_name(filters.country, language())
    what = ", ".join(part for part in (category or kind, country) if part)
    if filters.q:
        return f"“{filters.q}”" if language() == "en" else f"«{filters.q}»"
    return what or _("All products")


def _list_meta(filters: Filters, shelf: Shelf) -> Meta:
    """A shelf may be found; a search, another order of it and its later pages need not be."""
    shown = Filters(category=filters.category, type=filters.type, country=filters.country)
    what = _headline(shown, shelf)
    return meta(
        list_url(shown),
        title=what,
        description=_("%(what)s: choose, pay, and the code is on your screen seconds later.")
        % {"what": what},
        is_listed=filters == shown and _is_known(filters, shelf),
    )


def _is_known(filters: Filters, shelf: Shelf) -> bool:
    """Whether the shelf has what is asked for; anybody can write an address that asks for more."""
    return (
        (not filters.category or filters.category in shelf.category_ids)
        and (not filters.type or filters.type in shelf.types)
        and (not filters.country or filters.country in shelf.countries)
    )


def _chips(filters: Filters, shelf: Shelf) -> Iterator[Chip]:
    names = {category.slug: category.name for category in shelf.categories}
    types = {str(value): str(label) for value, label in Product.Type.choices}
    if filters.category:
        label = names.get(filters.category, filters.category)
        yield Chip(label, list_url(replace(filters, category="")))
    if filters.type:
        yield Chip(types.get(filters.type, filters.type), list_url(replace(filters, type="")))
    if filters.country:
        label = country_name(filters.country, language()) or filters.country
        yield Chip(label, list_url(replace(filters, country="")))
    if filters.price_min or filters.price_max:
        yield Chip(_price_label(filters), list_url(replace(filters, price_min="", price_max="")))


def _price_label(filters: Filters) -> str:
    low, high = (
        short_money(Decimal(text), settings.STORE_CURRENCY, language()) if text else ""
        for text in (filters.price_min, filters.price_max)
    )
    if not high:
        return _("from %(price)s") % {"price": low}
    if not low:
        return _("up to %(price)s") % {"price": high}
    return f"{low} – {high}"


def _categories(filters: Filters, shelf: Shelf, numbers: Counter[int]) -> list[Option]:
    """The tree, opened along the chosen category: tops, and below each chosen one its children."""
    by_id = {category.id: category for category in shelf.categories}
    way: list[int] = []
    at = shelf.category_ids.get(filters.category)
    while at is not None and at in by_id and at not in way:
        way.insert(0, at)
        at = by_id[at].parent_id
    options: list[Option] = []

    def open_below(parent: int | None, depth: int) -> None:
        for category in sorted(shelf.categories, key=lambda category: category.name):
            is_top = category.parent_id not in by_id
            if not (is_top if parent is None else category.parent_id == parent):
                continue
            chosen = category.slug == filters.category
            number = numbers[category.id] if numbers else None
            if number != 0 or category.id in way:
                slug = "" if chosen else category.slug
                url = list_url(replace(filters, category=slug))
                options.append(
                    Option(
                        value=category.slug, label=category.name, url=url, is_selected=chosen,
                        number=number, depth=depth,
                    )
                )  # fmt: skip
            if category.id in way:
                open_below(category.id, depth + 1)

    open_below(None, 0)
    return options


def _types(filters: Filters, shelf: Shelf, numbers: Counter[str]) -> list[Option]:
    types = {str(value): str(label) for value, label in Product.Type.choices}
    shown = [(name, types[name]) for name in shelf.types if name in types]
    return list(_options(filters, "type", shown, numbers))


def _countries(filters: Filters, shelf: Shelf, numbers: Counter[str]) -> list[Option]:
    named = [(code, name) for name, code in named_countries(shelf)]
    return list(_options(filters, "country", named, numbers))


def _options(
    filters: Filters, name: str, values: Iterable[tuple[str, str]], numbers: Counter[str]
) -> Iterator[Option]:
    chosen = getattr(filters, name)
    for value, label in values:
        number = numbers[value] if numbers else None
        if number != 0 or value == chosen:
            without = "" if value == chosen else value
            yield Option(
                value=value,
                label=label,
                url=list_url(replace(filters, **{name: without})),
                is_selected=value == chosen,
                number=number,
            )


def _chosen_then_largest(option: Option) -> tuple[bool, int, str]:
    return not option.is_selected, -(option.number or 0), option.label


def _sorts(filters: Filters, current: str, *, searches: bool) -> list[Option]:
    default = BEST if searches else POPULAR
    labels = {
        BEST: _("Best match"),
        POPULAR: _("Popular"),
        "price": _("Cheapest first"),
        "-price": _("Dearest first"),
        "name": _("By name"),
        "newest": _("Newest first"),
    }
    return [
        Option(
            value=name,
            label=label,
            url=list_url(replace(filters, sort="" if name == default else name)),
            is_selected=name == current,
        )
        for name, label in labels.items()
        if searches or name != BEST
    ]


def _complaints(ignored: Sequence[str], page: ListPage) -> list[str]:
    """What of the address we could not use, in words."""
    said = []
    if "price_min" in ignored or "price_max" in ignored:
        said.append(_("A price is a number, such as 10 or 25.50. We left yours out."))
    if "sort" in ignored:
        said.append(_("We don't know that order, so these are the most popular first."))
    if page.is_lost:
        said.append(_("That page of the list no longer exists. This is the first one."))
    return said
