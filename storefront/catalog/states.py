"""The moves of a sync run: it starts running and ends once."""

from storefront.core.states import Moves

SYNC_RUN: Moves = {
    "running": frozenset({"published", "held", "failed"}),
    "published": frozenset(),
    "held": frozenset(),
    "failed": frozenset(),
}
