"""`python -m bench.pages [--skus 100000 1000000]`: what pages cost beside the least they must cost.

The floor and the shop answer in turn, round by round, and what counts is the ratio of processor
time an answer. The first size is measured whole; each other one, and a shop of 1,000 SKUs, only for
its first and last pages, which must cost the same.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bench import catalog
from bench.processes import bare, database, environment, manage
from bench.serving import Row, Server, serving
from devtools import services

ROUNDS = 6
SKUS, FEW = 100_000, 1_000
# Goals, as ratios: answers a second beside the floor's, and a page's cost beside another's.
UNCACHED, CACHED, FLAT, P95 = 0.8, 0.5, 1.2, 0.050
SORTS = ("popular", "price", "name")
NEW_SEARCH = "/products/?q={}&price_max=1{{n:05}}"

# As strangers type: beginnings, common and rare words, countries, synonyms, both alphabets, typing
# errors, the wrong keyboard, nothing at all.
SEARCHES = (
    "gift card", "apple", "app", "a", "steam usa", "psn", "uae", "подарочная карта", "стим",
    "эплстор", "netflx", "плейстейшен", "ыеуфь", "esim japan", "google play germany", "card 777",
    "xbox turkey", "карта", "qqqzzz", "netflix qqqzzz", "amazon 12", "esim", "spotfy de", "ikea",
)  # fmt: skip


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--skus", type=int, nargs="+", default=[SKUS])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    report(options.skus, rounds=options.rounds)


def report(sizes: Sequence[int] = (SKUS,), *, rounds: int = ROUNDS) -> None:
    """Pages and search at the first size, then what size does to first and last pages."""
    print(f"Pages of a shop with {sizes[0]:,} SKUs, {rounds} rounds", flush=True)
    with floor() as bottom, shop_of(sizes[0]) as (server, addresses):
        least = bottom.row("floor: list, default middleware", "/")
        kept = bottom.row("floor: the same from a page cache", "/kept/")
        # Each with the row it is compared with, and what it must reach of it.
        goals = [
            (server.row("list", "/products/?n={n}"), least, UNCACHED),
            (server.row("list, never drawn before", *addresses["pages"]), least, None),
            (server.row("product", "/products/product-5/?n={n}"), least, UNCACHED),
            (server.row("search", *searches("/products/?q={}&n={{n}}")), least, None),
            (server.row("search, never drawn before", *searches(NEW_SEARCH)), least, None),
            (server.row("list, kept", "/products/"), kept, CACHED),
            (server.row("product, kept", "/products/product-5/"), kept, CACHED),
        ]
        in_turn([least, kept, *(row for row, _, _ in goals)], rounds)
        print(least, kept, sep="\n")
        for row, beside, goal in goals:
            wanted = f" (goal: at least {goal})" if goal else ""
            print(f"{row}   {beside.cpu / row.cpu:5.2f} of its floor{wanted}")
        p95 = goals[4][0].p95 * 1000
        print(f"search p95 {p95:.1f} ms on the clock (goal: at most {P95 * 1000:.0f})", flush=True)
        largest = ends(server, addresses, rounds)
    with shop_of(FEW) as (server, addresses):
        tell_ends(FEW, few := ends(server, addresses, rounds), few)
    tell_ends(sizes[0], largest, few)
    for size in sizes[1:]:
        with shop_of(size) as (server, addresses):
            tell_ends(size, ends(server, addresses, rounds), few)


def ends(server: Server, addresses: dict[str, list[str]], rounds: int) -> list[Row]:
    """First and last page of every order."""
    rows = [
        row
        for sort in SORTS
        for row in (
            server.row(f"first by {sort}", f"/products/?sort={sort}&n={{n}}"),
            server.row(f"last by {sort}", *addresses[sort]),
        )
    ]
    in_turn(rows, rounds)
    return rows


def tell_ends(size: int, rows: Sequence[Row], few: Sequence[Row]) -> None:
    """The cost of the last pages beside the first ones, and of all beside the smallest shop's."""
    print(f"First and last pages with {size:,} SKUs (goal: both ratios at most {FLAT})")
    for at, row in enumerate(rows):
        beside = row.cpu / rows[at - at % 2].cpu, row.cpu / few[at].cpu
        print(
            f"{row}   {beside[0]:5.2f} of the first page"
            f"   {beside[1]:5.2f} of a shop of {FEW:,} SKUs",
            flush=True,
        )


def in_turn(rows: Sequence[Row], rounds: int) -> None:
    """So many rounds of all of them."""
    for _ in range(rounds):
        for row in rows:
            row.round()


def searches(address: str) -> list[str]:
    """The searches as addresses."""
    from urllib.parse import quote_plus  # noqa: PLC0415

    return [address.format(quote_plus(words)) for words in SEARCHES]


@contextmanager
def floor() -> Iterator[Server]:
    """The bare list view over 10,000 rows."""
    surroundings = bare() | {"DATABASE_URL": database("bench_floor")}
    fill = [sys.executable, "-c", "from bench import floor; floor.fill()"]
    subprocess.run(fill, cwd=services.ROOT, env=surroundings, check=True)
    with serving("bench.floor:application", surroundings) as server:
        yield server


@contextmanager
def shop_of(skus: int) -> Iterator[tuple[Server, dict[str, list[str]]]]:
    """A shop with so many SKUs, and addresses in it; see `catalog.addresses`."""
    surroundings, addresses = prepared(skus)
    with serving("storefront.wsgi", surroundings) as server:
        yield server, addresses


def prepared(skus: int) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The environment of a shop with so many SKUs, and addresses in it."""
    surroundings = environment() | {
        "DATABASE_URL": database("bench_shop"),
        "PARTNER_API_URL": "http://127.0.0.1:1",
    }
    manage(["migrate", "--verbosity", "0"], surroundings)
    manage(["collectstatic", "--no-input", "-v", "0"], surroundings)
    words = [sys.executable, "-m", "bench.catalog", str(skus // catalog.SKUS)]
    surroundings["DJANGO_SETTINGS_MODULE"] = "storefront.settings"
    told = subprocess.run(
        words, cwd=services.ROOT, env=surroundings, check=True, stdout=subprocess.PIPE
    )
    return surroundings, json.loads(told.stdout)


if __name__ == "__main__":
    main()
