"""The goods as schema.org describes goods: what search engines show beside a link. Pure."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings

from storefront.core.money import Money

IN_STOCK, SOLD_OUT = "https://schema.org/InStock", "https://schema.org/OutOfStock"


def offer(*, name: str, sku: str, price: Money, is_buyable: bool, url: str) -> dict[str, Any]:
    """One denomination at its price."""
    return {
        "@type": "Offer",
        "name": name,
        "sku": sku,
        "price": str(price.amount),
        "priceCurrency": price.currency.code,
        "availability": IN_STOCK if is_buyable else SOLD_OUT,
        "url": settings.SITE_URL + url,
    }


def product(
    *, name: str, description: str, brand: str, category: str, url: str, offers: Sequence[Any]
) -> dict[str, Any]:
    """A product with its offers; without any it is only described."""
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": name,
        "description": description,
        "url": settings.SITE_URL + url,
    }
    if brand:
        told["brand"] = {"@type": "Brand", "name": brand}
    if category:
        told["category"] = category
    if len(offers) == 1:
        told["offers"] = offers[0]
    elif offers:
        told["offers"] = _together(offers)
    return told


def _together(offers: Sequence[Any]) -> dict[str, Any]:
    """Several offers under one roof; the prices of what can be bought now, if anything can."""
    now = [each for each in offers if each["availability"] == IN_STOCK]
    prices = sorted((each["price"] for each in now or offers), key=Decimal)
    return {
        "@type": "AggregateOffer",
        "offerCount": len(offers),
        "lowPrice": prices[0],
        "highPrice": prices[-1],
        "priceCurrency": offers[0]["priceCurrency"],
        "availability": IN_STOCK if now else SOLD_OUT,
        "offers": offers,
    }


def breadcrumbs(steps: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The way to a page: names and paths."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": place,
                "name": name,
                "item": settings.SITE_URL + path,
            }
            for place, (name, path) in enumerate(steps, start=1)
        ],
    }


def shop(*, home: str, search: str) -> dict[str, Any]:
    """The shop and its search; `{words}` in the search's path is what one looks for."""
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": settings.STORE_NAME,
        "url": settings.SITE_URL + home,
        "potentialAction": {
            "@type": "SearchAction",
            "target": settings.SITE_URL + search,
            "query-input": "required name=words",
        },
    }
