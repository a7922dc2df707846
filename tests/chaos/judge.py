"""What must be true in the end, by the partner's own books."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tests.chaos.customer import Customer
from tests.shopping import Elements
from tests.stack import Stack, wait_for

SETTLED = ("completed", "partially_completed", "failed", "cancelled", "refunded",
           "partially_refunded", "expired", "awaiting_payment")  # fmt: skip


def posts_of(shop: Stack, external_id: str) -> list[dict[str, Any]]:
    """The requests for an order that reached the partner, with what was answered."""
    return [
        seen
        for seen in shop.control("ledger")["requests"]
        if (seen["method"], seen["path"]) == ("POST", "/orders") and external_id in seen["body"]
    ]


def asked(shop: Stack, external_id: str) -> bool:
    """The partner has our request and has not answered it."""
    return any(post["status"] is None for post in posts_of(shop, external_id))


def unsettled(shop: Stack) -> list[Any]:
    """Paid orders on which something is still to be done."""
    return shop.rows(
        "select number, status from orders_order"
        " where status <> all(%s) or settle_due_at is not null",
        list(SETTLED),
    )


def everything_settles(shop: Stack, seconds: float = 40) -> None:
    """No order is left half done."""
    wait_for(lambda: not unsettled(shop), seconds)


def bought_once(shop: Stack, customers: Iterable[Customer]) -> None:
    """Each order is complete: one order at the partner, charged once, and its code is shown."""
    sold = {}
    counts: Counter[str] = Counter()
    for order in shop.control("ledger")["orders"]:
        sold[order["external_id"]] = order
        counts[order["external_id"]] += 1
    ours = {row[0] for row in shop.rows("select external_id from fulfillment_purchase")}
    assert set(counts) <= ours, "the partner has orders we know nothing of"
    assert set(counts.values()) <= {1}, counts
    for customer in customers:
        assert customer.status() == "completed", customer.purchases()
        codes = Counter("".join(code) for page in customer.reveal() for code in [_shown(page.text)])
        orders = [sold[row[1]] for row in customer.purchases()]
        assert [order["charges"] for order in orders] == [1] * len(orders)
        pins = [unit["pin"] for order in orders for unit in order["items"][0]["delivery_data"]]
        assert codes == Counter(pins)


def _shown(html: str) -> str:
    """The text of the page's code."""
    page = CodeText(html)
    return page.code


class CodeText(Elements):
    """Reads the one code of a page."""

    def __init__(self, html: str) -> None:
        self.code = ""
        self._inside = False
        super().__init__(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Inside from here."""
        super().handle_starttag(tag, attrs)
        self._inside = self._inside or ("data-testid", "code") in attrs

    def handle_endtag(self, tag: str) -> None:
        """The code is in one <code>."""
        if tag == "code":
            self._inside = False

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        super().handle_data(data)
        if self._inside:
            self.code += data
