"""A partner that answers from memory, for measuring what a sync costs on our side.

The sandbox works out each page of its lists once, then the same bytes are sent again: what asks
pays for its own work, not for the sandbox's. A WSGI application (`bench.partner:application`);
BENCH_PRODUCTS says how many products it lists, each with ten SKUs.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from partner_api.sandbox.app import Sandbox
from partner_api.sandbox.catalog import Catalog, Product, Sku, build_catalog
from partner_api.sandbox.catalog.parts import stable_id

SKUS = 10


def ten_each(products: int) -> Catalog:
    """The sandbox's catalog of that size, each product with ten SKUs of its own kind."""
    made = build_catalog(products)
    return Catalog(made.categories, tuple(replace(each, skus=_ten(each)) for each in made.products))


def _ten(product: Product) -> tuple[Sku, ...]:
    copies = range(-(-SKUS // len(product.skus)))
    return tuple(
        replace(sku, id=stable_id("bench", sku.id, str(copy)) if copy else sku.id)
        for copy in copies
        for sku in product.skus
    )[:SKUS]


class Remembering:
    """A WSGI application that calls another one once for each address."""

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self._inner = inner
        self._known: dict[str, tuple[str, list[tuple[str, str]], bytes]] = {}

    def __call__(self, environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        """The remembered answer."""
        key = f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
        if key not in self._known:
            self._known[key] = self._ask(environ)
        status, headers, body = self._known[key]
        start(status, headers)
        return [body]

    def _ask(self, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
        said: list[Any] = []
        body = b"".join(self._inner(environ, lambda *answer: said.extend(answer)))
        headers = [(name, value) for name, value in said[1] if name.lower() != "content-length"]
        return said[0], [*headers, ("Content-Length", str(len(body)))], body


def application(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    """Made on the first call, in the worker."""
    global _partner  # noqa: PLW0603  the one partner of this process
    if _partner is None:
        catalog = ten_each(int(os.environ["BENCH_PRODUCTS"]))
        _partner = Remembering(Sandbox(token=os.environ["PARTNER_API_TOKEN"], catalog=catalog))
    return _partner(environ, start)


_partner: Remembering | None = None
