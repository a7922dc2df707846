"""Everything the sandbox partner knows, behind one lock: money, goods, orders, eSIMs.

`change()` is the only way to change it: it holds the lock, writes the journal once, and announces
finished orders (webhooks) after the lock is released. It knows nothing of HTTP.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from partner_api.sandbox.account import START, Account, Row
from partner_api.sandbox.catalog import Catalog
from partner_api.sandbox.clock import Clock, Scheduler
from partner_api.sandbox.esims import Esim, Package
from partner_api.sandbox.journal import Journal
from partner_api.sandbox.mint import Mint
from partner_api.sandbox.orders import Order
from partner_api.sandbox.plans import Plans
from partner_api.sandbox.shelf import Shelf
from partner_api.sandbox.wire import Json

#: What a second order with a known external_id gets: a refusal (409 or 422), the first order again,
#: or, worst of all, a second order.
DUPLICATES = ("reject422", "reject409", "replay", "create")


@dataclass(slots=True)
class Touched:
    """What one change has touched, for the journal and for the announcements after it."""

    rows_before: int
    orders: dict[str, Order] = field(default_factory=dict)
    esims: dict[str, Esim] = field(default_factory=dict)
    skus: set[str] = field(default_factory=set)
    announced: list[Order] = field(default_factory=list)


class World:
    """The partner's state. Read it under `lock`, change it inside `change()`."""

    def __init__(self, catalog: Catalog, *, clock: Clock, state: Path | None, seed: int) -> None:
        """Start from the journal when there is one, else with a full account and no orders."""
        self.clock = clock
        self.scheduler = Scheduler()
        self.lock = threading.RLock()
        self.catalog = catalog
        self.announce: Callable[[Order], object] = lambda _order: None
        self._seed = seed
        self._open: Touched | None = None
        self._journal = Journal(state)
        self._empty()
        self._replay(self._journal.read())
        self._journal.restart(self._whole())

    def _empty(self) -> None:
        self.shelf = Shelf(self.catalog)
        self.category_names = {row.id: row.name for row in self.catalog.categories}
        self.account = Account()
        self.mint = Mint(self._seed)
        self.plans = Plans()
        self.orders: dict[str, Order] = {}
        self.by_external_id: dict[str, list[Order]] = {}
        self.esims: dict[str, Esim] = {}
        self.duplicates = DUPLICATES[0]
        self.account.book("topup", START, at=self.clock.now(), payment_method="bank_transfer")

    def reset(self) -> None:
        """Forget all orders, money and changes; secrets already sold are never made again."""
        with self.lock:
            self.scheduler.clear()
            issued = self.mint.issued
            self._empty()
            self.mint.issued = issued
            self._journal.restart(self._whole())

    def close(self) -> None:
        """Stop what is due and close the journal."""
        self.scheduler.stop()
        with self.lock:
            self._journal.close()

    @contextmanager
    def change(self) -> Iterator[Touched]:
        """Hold the lock; afterwards write the journal, release the lock, announce orders."""
        with self.lock:
            if self._open is not None:
                yield self._open
                return
            self._open = touched = Touched(rows_before=len(self.account.rows))
            try:
                yield touched
            finally:
                self._open = None
                self._journal.append(self._record(touched))
        for order in touched.announced:
            self.announce(order)

    def find_order(self, key: str) -> Order | None:
        """Return an order by its id or its external_id (the first with it)."""
        found = self.by_external_id.get(key)
        return self.orders.get(key) or (found[0] if found else None)

    def add(self, order: Order) -> None:
        """Keep a new order."""
        self.orders[order.id] = order
        self.by_external_id.setdefault(order.external_id, []).append(order)

    def newest_first(self) -> list[Order]:
        """Return all orders, the newest first."""
        return list(self.orders.values())[::-1]

    def _record(self, touched: Touched) -> Json:
        return {
            "orders": list(touched.orders.values()),
            "esims": list(touched.esims.values()),
            "rows": self.account.rows[touched.rows_before :],
            "shelf": {sku: self.shelf.changes.get(sku, {}) for sku in touched.skus},
            **self._small(),
        }

    def _whole(self) -> Json:
        return {
            "orders": list(self.orders.values()),
            "esims": list(self.esims.values()),
            "rows": self.account.rows,
            "shelf": self.shelf.changes,
            **self._small(),
            "anew": True,
        }

    def _small(self) -> Json:
        account = self.account
        return {
            "issued": self.mint.issued,
            "account": {
                "balance": account.balance,
                "reserved": account.reserved,
                "allow_overdraft": account.allow_overdraft,
                "overdraft_limit": account.overdraft_limit,
            },
        }

    def _replay(self, changes: list[Json]) -> None:
        orders: dict[str, Json] = {}
        esims: dict[str, Json] = {}
        rows: list[Any] = []
        for change in changes:
            if change.get("anew"):
                rows = []
            orders.update({row["id"]: row for row in change["orders"]})
            esims.update({row["iccid"]: row for row in change["esims"]})
            rows.extend(change["rows"])
            self.shelf.changes.update(change["shelf"])
            self.mint.issued = change["issued"]
        if not changes:
            return
        for row in sorted(orders.values(), key=lambda row: row["number"]):
            self.add(Order(**row))
        for row in esims.values():
            packages = [Package(**package) for package in row.pop("packages")]
            self.esims[row["iccid"]] = Esim(**row, packages=packages)
        self.account = Account(**changes[-1]["account"], rows=[Row(**row) for row in rows])
