"""A partner to hold to the contract, and goods of each kind to hold it to it with."""

import itertools
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import pytest

from partner_api import Order, PartnerClient, PriceRow, Product, RequestsTransport
from partner_api.sandbox.adapter import SandboxAdapter
from partner_api.sandbox.app import SECRET, TOKEN, Sandbox
from partner_api.sandbox.server import running

#: How many products and prices are looked at; a real partner may have very many.
SAMPLE = 1000
LOCAL = "http://sandbox.test"
IN_PROCESS, OVER_HTTP, REAL = "sandbox in process", "sandbox over HTTP", "real partner"


@dataclass
class Goods:
    """A SKU that can be bought now."""

    product: Product
    price: PriceRow


class Partner:
    """One partner behind the client. `sandbox` is None for the real one."""

    def __init__(
        self,
        name: str,
        *,
        url: str,
        token: str,
        secret: str,
        sandbox: Sandbox | None = None,
        transport: RequestsTransport | None = None,
    ) -> None:
        self.name = name
        self.url, self.token, self.secret = url, token, secret
        self.sandbox = sandbox
        self.transport = transport or RequestsTransport()
        self.client = self.client_with()

    def client_with(self, **changes: object) -> PartnerClient:
        """Return a client with something changed: another token, another clock."""
        own: dict[str, object] = {
            "base_url": self.url, "token": self.token, "secret": self.secret,
            "transport": self.transport, **changes,
        }  # fmt: skip
        return PartnerClient(**own)  # type: ignore[arg-type]  # named as the client names them

    @property
    def may_buy(self) -> bool:
        """Whether tests may spend this partner's money."""
        return self.sandbox is not None or os.environ.get("PARTNER_CONTRACT_BUY") == "1"

    @cached_property
    def products(self) -> dict[str, Product]:
        """Products with their SKUs, by id."""
        found = self.client.products(include_skus=True)
        return {product.id: product for product in itertools.islice(found, SAMPLE)}

    @cached_property
    def prices(self) -> dict[str, PriceRow]:
        """Prices by SKU."""
        found = itertools.islice(self.client.pricelist(), 10 * SAMPLE)
        return {row.sku_id: row for row in found}

    def goods(self, kind: str, *, units: int = 1) -> Goods:
        """Return the cheapest SKU of a type that can be had; skip the test if there is none."""
        found = [
            Goods(product, self.prices[sku.id])
            for product in self.products.values()
            if product.type == kind
            for sku in product.skus
            if sku.id in self.prices
            and (self.prices[sku.id].stock or 0) >= units
            and (self.prices[sku.id].max_per_order or 0) >= units
        ]
        if not found:
            pytest.skip(f"{self.name} sells no {kind} now")
        return min(found, key=lambda goods: goods.price.price or Decimal(0))

    def buy(self, kind: str, *, quantity: int = 1) -> Order:
        """Buy the cheapest of a type."""
        goods = self.goods(kind, units=quantity)
        return self.client.create_order(
            external_id=new_id(), sku_id=goods.price.sku_id, quantity=quantity
        )


def new_id() -> str:
    """Return an external_id that was never used, also not by an earlier run."""
    return f"Contract-{uuid.uuid4().hex[:20]}"


@contextmanager
def opened(name: str) -> Iterator[Partner]:
    """Open one of the three partners."""
    if name == IN_PROCESS:
        sandbox = Sandbox(time_scale=0.02)
        transport = RequestsTransport(mount={LOCAL: SandboxAdapter(sandbox)})
        yield Partner(
            name, url=LOCAL, token=TOKEN, secret=SECRET, sandbox=sandbox, transport=transport
        )
        sandbox.close()
    elif name == OVER_HTTP:
        with running(time_scale=0.02) as served:
            yield Partner(name, url=served.url, token=TOKEN, secret=SECRET, sandbox=served.sandbox)
    else:
        url, token, secret = real_partner()
        yield Partner(name, url=url, token=token, secret=secret)


def real_partner() -> tuple[str, str, str]:
    """Return address, token and secret of the real partner, as the environment names them."""
    return (
        os.environ.get("PARTNER_CONTRACT_URL", ""),
        os.environ.get("PARTNER_CONTRACT_TOKEN", ""),
        os.environ.get("PARTNER_CONTRACT_SECRET", ""),
    )
