"""A line over time as SVG geometry, in whole units of a drawing 1000 wide and 300 high. Pure.

The drawing is stretched to its place, so it holds no text: the labels stand beside it, at equal
distances. Every amount it shows is in a table below it too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

WIDTH, HEIGHT, STEPS = 1000, 300, 4
Point = tuple[datetime, Decimal]
_ROUND = tuple(map(Decimal, ("1", "1.25", "1.5", "2", "2.5", "3", "4", "5", "7.5", "10")))


@dataclass(frozen=True)
class Chart:
    """`line` and `area` are paths; `zero` and `mark` are heights of level lines, where they are in
    the picture; `labels` from the top down."""

    line: str
    area: str
    zero: int
    mark: int | None
    labels: list[Decimal]


def chart(
    points: Sequence[Point], *, since: datetime, until: datetime, mark: Decimal | None
) -> Chart:
    """The amounts as steps: each holds until the next is known, the last one until the end.

    ValueError without points.
    """
    if not points:
        raise ValueError("nothing to draw")
    amounts = [amount for _, amount in points]
    low, high = _scale(min([Decimal(0), *amounts]), max([Decimal(0), *amounts, *_only(mark)]))

    def x(at: datetime) -> int:
        return max(0, min(WIDTH, (at - since) * WIDTH // (until - since)))

    def y(amount: Decimal) -> int:
        return int((high - amount) * HEIGHT / (high - low))

    line = f"M{x(points[0][0])} {y(points[0][1])}"
    line += "".join(f"H{x(at)}V{y(amount)}" for at, amount in points[1:]) + f"H{WIDTH}"
    step = (high - low) / STEPS
    return Chart(
        line=line,
        area=f"{line}V{y(Decimal(0))}H{x(points[0][0])}Z",
        zero=y(Decimal(0)),
        mark=None if mark is None else y(mark),
        labels=[high - step * number for number in range(STEPS + 1)],
    )


def _only(mark: Decimal | None) -> list[Decimal]:
    return [] if mark is None else [mark]


def _scale(low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """The ends of a scale of STEPS round steps that has both in it."""
    least = max((high - low) / STEPS, Decimal("0.01"))
    while True:
        power = Decimal(10) ** least.adjusted()
        step = next(power * figure for figure in _ROUND if power * figure >= least)
        bottom = (low / step).to_integral_value(ROUND_FLOOR) * step
        if bottom + STEPS * step >= high:
            return bottom, bottom + STEPS * step
        least = (step * Decimal("1.01")).quantize(step / 100, ROUND_CEILING)
