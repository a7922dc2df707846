"""Which path and method is which endpoint: the sandbox's own copy of the table of paths.

The reference names only `/orders` and `/services/esim/{iccid}/status`; the others are assumed here
as in the client, each on its own, so that a change of one side alone is noticed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from partner_api.sandbox.endpoints import account, catalog, esims, orders
from partner_api.sandbox.wire import Refused, Request, Response
from partner_api.sandbox.world import World

Handler = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint: its name in faults, its method, its path."""

    name: str
    method: str
    path: str
    handler: Handler

    @property
    def pattern(self) -> re.Pattern[str]:
        """Return the path as a pattern; a closing slash makes no difference."""
        return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.path) + r"/?\Z")


def routes(world: World, secret: str) -> list[Route]:
    """Return every endpoint, ready to be called with a request."""
    table: list[tuple[str, str, str, Handler]] = [
        ("me", "GET", "/me", account.me),
        ("balance", "GET", "/balance", account.balance),
        ("balance_transactions", "GET", "/balance/history", account.history),
        ("products", "GET", "/catalog/products", catalog.products),
        ("product", "GET", "/catalog/products/{uuid}", catalog.product),
        ("pricelist", "GET", "/catalog/pricelist", catalog.pricelist),
        ("categories", "GET", "/catalog/categories", catalog.categories),
        ("orders", "GET", "/orders", orders.orders),
        ("create_order", "POST", "/orders", partial(orders.create_order, secret=secret)),
        ("order", "GET", "/orders/{uuid}", orders.order),
        ("esim_status", "GET", "/services/esim/{iccid}/status", esims.esim_status),
        (
            "top_up_esim",
            "POST",
            "/services/esim/{iccid}/topup",
            partial(esims.top_up_esim, secret=secret),
        ),
    ]
    return [Route(name, method, path, partial(call, world)) for name, method, path, call in table]


class Router:
    """Finds the endpoint of a request."""

    def __init__(self, table: list[Route]) -> None:
        """Compile the table once."""
        self._table = [(route, route.pattern) for route in table]
        self.names = frozenset(route.name for route in table)

    def match(self, request: Request) -> tuple[Route, dict[str, str]]:
        """Return the endpoint and what its path names. Refused with 404 or 405."""
        method = "GET" if request.method == "HEAD" else request.method
        allowed = []
        for route, pattern in self._table:
            found = pattern.match(request.path)
            if found and route.method == method:
                return route, found.groupdict()
            if found:
                allowed.append(route.method)
        if allowed:
            raise Refused(
                405,
                f"The {request.method} method is not supported for this route.",
                headers=[("Allow", ", ".join(allowed))],
            )
        raise Refused(404, "The route could not be found.")
