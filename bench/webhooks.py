"""`python -m bench.webhooks`: what one costs beside the least it must cost, and a flood of them.

The floor verifies a signature and inserts a row behind Django's default middleware. The flood is
200 a second for half a minute, a tenth of them forged, at a shop of two web processes; meanwhile
somebody looks at pages.
"""

import hmac
import statistics
import threading
import time
from hashlib import sha256
from uuid import uuid4

from bench.flood import FLOOR_SECRET, PATH, flood, letter
from bench.pages import ROUNDS, floor, in_turn, prepared
from bench.serving import Server, serving
from devtools import shop

RATE, SECONDS = 200, 30
# Goals: answers a processor second beside the floor's, and seconds.
LEAST, P99 = 0.7, 0.050


def report(*, seconds: int = SECONDS) -> None:
    """Both, printed."""
    surroundings, _ = prepared(1000)
    secret = surroundings["PARTNER_API_SECRET"].split(",")[0]
    with floor() as bottom, serving("storefront.wsgi", surroundings) as server:
        least = bottom.row(
            "floor: verify, insert, default middleware", "/hook/", letter=bare_letter
        )
        ours = server.row("webhook", PATH, letter=lambda: letter(secret))
        in_turn([least, ours], ROUNDS)
    ratio = f"{least.cpu / ours.cpu:5.2f} of its floor (goal: at least {LEAST})"
    print(least, f"{ours}   {ratio}", sep="\n")
    with serving("storefront.wsgi", surroundings, workers=2) as server:
        calm = _looked(server, threading.Event(), 200)
        over, pages = threading.Event(), list[float]()
        looker = threading.Thread(target=lambda: pages.extend(_looked(server, over, 100_000)))
        looker.start()
        came = flood(shop.HOST, server.port, secret, rate=RATE, seconds=seconds)
        over.set()
        looker.join()
    if came.taken < came.genuine:
        raise SystemExit(f"{came.genuine - came.taken} genuine webhooks were refused: no result")
    print(
        f"{RATE} webhooks a second for {seconds} s, every tenth forged: {came.taken} taken,"
        f" {came.refused} refused; p99 {came.p99 * 1000:.1f} ms"
        f" (goal: at most {P99 * 1000:.0f}); a page's p95 {_p95(calm):.1f} ms before and"
        f" {_p95(pages):.1f} ms meanwhile",
        flush=True,
    )


def bare_letter() -> tuple[bytes, dict[str, str]]:
    """One for the floor, of the same size."""
    body, key = letter("none")[0], str(uuid4())
    signature = hmac.new(FLOOR_SECRET, key.encode() + body, sha256).hexdigest()
    return body, {"X-Key": key, "X-Signature": signature}


def _looked(server: Server, over: threading.Event, most: int) -> list[float]:
    """How long pages took, asked for one by one until it is over."""
    visitor, took = Server(server.port, server.process, server.database), list[float]()
    while not over.is_set() and len(took) < most:
        begun = time.perf_counter()
        visitor.ask("/products/")
        took.append(time.perf_counter() - begun)
        time.sleep(0.02)
    return took


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] * 1000


if __name__ == "__main__":
    report()
