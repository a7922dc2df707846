"""The table of the partner's endpoints: the one place where paths are written down.

The reference names only the orders and the eSIM status; every other path is an assumption, and each
can be overridden without touching code. Knows nothing of HTTP beyond method and path.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call: its name here and in errors, method and path below the base URL.

    assumed: the reference does not name the path. catalog: answers may be large (pages of products
    with long descriptions).
    """

    name: str
    method: str
    path: str
    assumed: bool = True
    catalog: bool = False

    @property
    def placeholders(self) -> frozenset[str]:
        """Names of the parts of the path that a call fills in."""
        return frozenset(_PLACEHOLDER.findall(self.path))


_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
_PATH = re.compile(r"(?:/[A-Za-z0-9._~{}-]+)+/?\Z")

ENDPOINTS: Mapping[str, Endpoint] = MappingProxyType(
    {
        endpoint.name: endpoint
        for endpoint in (
            Endpoint("me", "GET", "/me"),
            Endpoint("balance", "GET", "/balance"),
            Endpoint("balance_transactions", "GET", "/balance/history"),
            Endpoint("products", "GET", "/catalog/products", catalog=True),
            Endpoint("product", "GET", "/catalog/products/{uuid}", catalog=True),
            Endpoint("pricelist", "GET", "/catalog/pricelist", catalog=True),
            Endpoint("categories", "GET", "/catalog/categories", catalog=True),
            Endpoint("orders", "GET", "/orders", assumed=False),
            Endpoint("create_order", "POST", "/orders", assumed=False),
            # Not spelled out, but the order list is, and one order is found "by UUID".
            Endpoint("order", "GET", "/orders/{uuid}"),
            # By analogy with the status call, which the reference names.
            Endpoint("top_up_esim", "POST", "/services/esim/{iccid}/topup"),
            Endpoint("esim_status", "GET", "/services/esim/{iccid}/status", assumed=False),
        )
    }
)


def with_overrides(paths: Mapping[str, str] | None) -> Mapping[str, Endpoint]:
    """The table with some paths replaced, such as {"me": "/v2/partner"}.

    ValueError for a name that is not in the table, a path that is not one, or a path that lacks
    or adds a placeholder: a typo must not surface as a failed purchase.
    """
    table = dict(ENDPOINTS)
    for name, path in (paths or {}).items():
        endpoint = table.get(name)
        if endpoint is None:
            raise ValueError(f"no endpoint is called {name!r}; there are: {', '.join(table)}")
        changed = replace(endpoint, path=_checked(name, path))
        if changed.placeholders != endpoint.placeholders:
            wanted = ", ".join(f"{{{part}}}" for part in sorted(endpoint.placeholders)) or "none"
            raise ValueError(f"the path of {name!r} must hold these placeholders: {wanted}")
        table[name] = changed
    return MappingProxyType(table)


def _checked(name: str, path: object) -> str:
    if isinstance(path, str) and _PATH.match(path):
        stray = set("{}") & set(_PLACEHOLDER.sub("", path))
        if not stray and not {".", ".."} & set(path.split("/")):
            return path
    raise ValueError(f"the path of {name!r} must look like /orders/{{uuid}}")
