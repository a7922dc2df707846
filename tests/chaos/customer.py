"""A customer without a browser: buys through the shop's real pages, and looks at the codes."""

from dataclasses import dataclass, field
from typing import Any

import requests

from tests.shopping import Elements, fields_of
from tests.stack import Stack

CONSENTS = {"consent_start": "on", "consent_withdrawal": "on"}
IN_STOCK = """
    select p.slug, s.id from catalog_sku s join catalog_product p on p.id = s.product_id
    where p.type = 'voucher' and s.stock > 50 and s.price is not null and s.hold_reason = ''
    and s.max_per_order >= %s
    order by s.price, s.id limit 1
"""
PURCHASES = """
    select p.status, p.external_id, p.quantity, p.delivered, p.posts, p.id
    from fulfillment_purchase p
    join orders_orderline l on l.id = p.line_id join orders_order o on o.id = l.order_id
    where o.number = %s order by p.external_id
"""


@dataclass
class Customer:
    """One person with one order."""

    shop: Stack
    email: str = "alice@example.com"
    number: str = ""
    browser: requests.Session = field(default_factory=requests.Session)

    def buy(self, *, quantity: int = 1) -> "Customer":
        """Order and pay; returns this customer."""
        self.order(quantity=quantity)
        return self.pay()

    def order(self, *, quantity: int = 1) -> "Customer":
        """From the product's page to the page where one pays."""
        ((slug, sku),) = self.shop.rows(IN_STOCK, quantity)
        product = self.get(f"/products/{slug}/").text
        self.post("/cart/add/", product, sku=str(sku), quantity=str(quantity))
        checkout = self.get("/checkout/").text
        self.page = self.post("/checkout/", checkout, email=self.email, **CONSENTS)
        assert "/pay/" in self.page.url, self.page.url
        return self

    def pay(self) -> "Customer":
        """Accept the payment; ends on the order's page."""
        path = self.page.url.removeprefix(self.shop.url)
        self.page = self.post(path, self.page.text, decision="accept")
        self.number = self.page.url.rstrip("/").rpartition("/")[2]
        assert "/orders/" in self.page.url, self.page.url
        return self

    def get(self, path: str) -> requests.Response:
        """Look at a page."""
        answer = self.browser.get(self.shop.url + path, timeout=30)
        assert answer.ok, (path, answer.status_code)
        return answer

    def post(self, path: str, shown: str, **fields: str) -> requests.Response:
        """Press a button of the page that was shown."""
        answer = self.browser.post(self.shop.url + path, data=fields_of(shown) | fields, timeout=30)
        assert answer.ok, (path, answer.status_code)
        return answer

    @property
    def path(self) -> str:
        """The order's page."""
        return f"/orders/{self.number}/"

    def status(self) -> str:
        """What the order's page says."""
        (element,) = Elements(self.get(self.path).text).having("data-testid", "order-status")
        return element["data-status"]

    def reveal(self) -> list[requests.Response]:
        """Look at each code; the answers."""
        shown = self.get(self.path).text
        forms = [tag["action"] for tag in Elements(shown).having("action")]
        return [self.post(path, shown) for path in forms if path.endswith("/reveal/")]

    def purchases(self) -> list[Any]:
        """The order's purchases: status, external id, quantity, delivered, posts, id."""
        return self.shop.rows(PURCHASES, self.number)

    def external_id(self) -> str:
        """By what the partner knows this order, when it is one."""
        ((_, external_id, *_rest),) = self.purchases()
        return str(external_id)
