"""By chance and repeatable: whatever fails, nothing is bought twice, lost, or shown for money that
is not there (safety); and once nothing fails any more, everything ends in half an hour (liveness).

`make chaos SEED=n SEEDS=k` runs k seeds from n on. A seed that breaks something is printed, and
breaks it again.
"""

import os
import time
from collections import Counter

import pytest

from tests.fulfillment.conftest import empty_all_tables
from tests.simulation import life
from tests.simulation.crashing import POINTS

SEED = int(os.environ.get("CHAOS_SEED", "1"))
SEEDS = int(os.environ.get("CHAOS_SEEDS", "1000"))
TURNS_SAFETY, TURNS_LIVENESS = 40, 30

pytestmark = pytest.mark.fault("F38", "F39", "F40", "F41", "F42", "F83", "F84")


def safety(seed: int, seen: Counter[str]) -> list[str]:
    """Faults without end: nothing must ever be broken. Returns what happened."""
    with life.begun(seed) as shop:
        for _ in range(2):
            shop.live(TURNS_SAFETY // 2)
            life.check(shop)
        count(shop, seen)
        return shop.trace
    raise AssertionError


def liveness(seed: int, seen: Counter[str]) -> list[str]:
    """Faults for a while: then everything must end. Returns what happened."""
    with life.begun(seed) as shop:
        shop.live(TURNS_LIVENESS)
        shop.end_well()
        life.check(shop)
        assert shop.unfinished() == []
        count(shop, seen)
        return shop.trace
    raise AssertionError


def count(shop: life.Life, seen: Counter[str]) -> None:
    seen.update(shop.points.deaths)
    seen.update(f"partner: {fault}" for fault in shop.wire.met)
    seen["orders"] += len(shop.orders)
    seen["turns"] += len(shop.trace)


def run(seed: int, seen: Counter[str]) -> None:
    for kind in (safety, liveness):
        empty_all_tables()
        try:
            kind(seed, seen)
        except BaseException as error:
            error.add_note(f"broken by {kind.__name__}: make chaos SEED={seed} SEEDS=1")
            raise


def test_a_few_seeds_break_nothing_and_everything_ends(simulated: None) -> None:
    seen: Counter[str] = Counter()
    until = time.monotonic() + 8
    seed = 0
    while time.monotonic() < until:
        seed += 1
        run(seed, seen)
    assert seen["orders"] > 0


def test_a_seed_repeats_its_life(simulated: None) -> None:
    lives = []
    for _ in range(2):
        empty_all_tables()
        seen: Counter[str] = Counter()
        lives.append((safety(7, seen), seen))
    assert lives[0] == lives[1]


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_many_seeds_break_nothing_and_everything_ends(simulated: None) -> None:
    seen: Counter[str] = Counter()
    begun = time.monotonic()
    for seed in range(SEED, SEED + SEEDS):
        run(seed, seen)
        if (seed - SEED) % 50 == 49:
            print(f"seed {seed}: {time.monotonic() - begun:.0f} s", flush=True)
    print(f"{SEEDS} seeds from {SEED}:", *sorted(seen.items()), sep="\n  ")
    assert SEEDS < 100 or set(POINTS) <= set(seen), "a point where nobody died proves nothing"
