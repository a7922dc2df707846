"""What search engines read: robots.txt and the sitemaps, every page in each language.

Products come in pages by id, so that a catalog of any size is read in answers of one size.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from storefront.catalog import queries
from storefront.catalog.meta import alternates, in_languages
from storefront.catalog.pages import list_url
from storefront.catalog.queries import Filters
from storefront.catalog.queries.engines import sitemap_products as products_from
from storefront.catalog.queries.engines import sitemap_starts

# What is somebody's own, what changes something, and lists that are other lists in another order.
PRIVATE = (
    "/cart/", "/checkout/", "/orders/", "/account/", "/esims/", "/pay/", "/demo/", "/top-up/",
)  # fmt: skip
STAFF = ("/admin/", "/finance/", "/webhooks/", "/health/", "/metrics", "/language/")
SAME_AGAIN = ("q", "price_min", "price_max", "sort", "after")
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Where crawlers need not go."""
    closed = [path for private in PRIVATE for path in in_languages(private).values()]
    closed += [*STAFF, *(f"/*{mark}{name}=" for name in SAME_AGAIN for mark in "?&")]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    lines.append(f"Sitemap: {settings.SITE_URL}/sitemap.xml\n")
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  as above
    """Which sitemaps there are."""
    paths = ["/sitemap-pages.xml"]
    paths += [f"/sitemap-products-{start}.xml" for start in sitemap_starts()]
    entries = (f"<sitemap><loc>{settings.SITE_URL}{path}</loc></sitemap>" for path in paths)
    return _xml("sitemapindex", entries)


@require_safe
def sitemap_pages(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  as above
    """The home page and the shelves: all products, each category, each country."""
    shelf = queries.current_shelf()
    shelves = [Filters(category=category.slug) for category in shelf.categories]
    shelves += [Filters(country=code) for code in shelf.countries]
    paths = [reverse("catalog:home"), *map(list_url, [Filters(), *shelves])]
    return _xml("urlset", (entry for path in paths for entry in _entries(path)))


@require_safe
def sitemap_products(request: HttpRequest, start: UUID) -> HttpResponse:  # noqa: ARG001  as above
    """One page of products."""
    found = products_from(start)
    if not found:
        raise Http404
    shelf = reverse("catalog:list")
    rows = ((f"{shelf}{slug}/", changed.date().isoformat()) for slug, changed in found)
    return _xml("urlset", (entry for path, day in rows for entry in _entries(path, day)))


def _entries(path: str, day: str = "") -> Iterator[str]:
    """A page once in each language, each naming all of them."""
    paths = in_languages(path)
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{other.code}" href="{escape(other.url)}"/>'
        for other in alternates(paths)
    )
    changed = f"<lastmod>{day}</lastmod>" if day else ""
    for one in paths.values():
        yield f"<url><loc>{escape(settings.SITE_URL + one)}</loc>{changed}{others}</url>"


def _xml(root: str, entries: Iterable[str]) -> HttpResponse:
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', f"<{root} {NAMESPACES}>"]
    return HttpResponse(
        "\n".join([*parts, *entries, f"</{root}>\n"]), content_type="application/xml; charset=utf-8"
    )
