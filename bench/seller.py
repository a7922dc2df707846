"""`python -m bench.seller PORT`: a partner that sells at once and thinks of nothing.

Each order is answered as completed, with a code nobody had before: what is measured is the buyer.
Nothing is verified and nothing is kept, so that it costs the machine next to nothing.
"""

import asyncio
import itertools
import json
import sys

from devtools import shop

_numbers = itertools.count(1)


class Seller(asyncio.Protocol):
    """One connection of a buyer."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._read = b""

    def data_received(self, data: bytes) -> None:
        """Answer each request that is whole."""
        self._read += data
        while True:
            head, end, rest = self._read.partition(b"\r\n\r\n")
            if not end or len(rest) < (size := _length(head)):
                return
            body, self._read = rest[:size], rest[size:]
            answer = json.dumps(_sold(json.loads(body))).encode()
            self._transport.write(
                b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n" % len(answer) + answer
            )


def _length(head: bytes) -> int:
    _, found, after = head.lower().partition(b"content-length:")
    return int(after.split(b"\r\n", 1)[0]) if found else 0


def _sold(asked: dict[str, object]) -> dict[str, object]:
    """The order as the partner tells it."""
    item = asked["item"]
    assert isinstance(item, dict)
    number = next(_numbers)
    return {
        "success": True,
        "data": {
            "id": f"00000000-0000-4000-8000-{number:012d}",
            "external_id": asked["external_id"],
            "status": "completed",
            "total_amount": 9.7,
            "currency": "USD",
            "items": [
                {
                    "sku_id": item["sku_id"],
                    "quantity": item["fields"]["quantity"],
                    "price": 9.7,
                    "currency": "USD",
                    "status": "completed",
                    "delivery_data": [{"pin": f"BENCH-{number:08d}", "serial": f"SN{number}"}],
                }
            ],
        },
    }


async def _sell(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Seller, shop.HOST, port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_sell(int(sys.argv[1])))
