"""Charts as plain geometry: the template draws them, colours come from the style sheet.

No script, no foreign file: they print, follow the dark mode, and each comes with its table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 372, 168
_TOP, _FLOOR, _GAP = 22, 144, 5
# More kinds than that are no picture; the rest is added up.
MOST_BARS = 8
SPARK_WIDTH, SPARK_HEIGHT = 120, 28


@dataclass(frozen=True)
class Column:
    """One month of a column chart, in the units of its view box."""

    label: str
    shown: str
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Where its words stand."""
        return round(self.x + self.width / 2, 1)

    @property
    def above(self) -> float:
        """Where its value stands."""
        return round(self.y - 5, 1)


@dataclass(frozen=True)
class Bar:
    """One kind of a bar chart; `share` of the longest, in hundredths."""

    label: str
    value: int
    share: float


def columns(values: Sequence[tuple[str, int, str]]) -> list[Column]:
    """A column for each (label, value, value as written), the highest as high as there is room."""
    top = max((value for _, value, _ in values), default=0)
    step = WIDTH / max(len(values), 1)
    found = []
    for index, (label, value, shown) in enumerate(values):
        height = round((_FLOOR - _TOP) * value / top, 1) if top else 0.0
        found.append(
            Column(
                label=label,
                shown=shown if value else "",
                x=round(index * step + _GAP / 2, 1),
                y=round(_FLOOR - height, 1),
                width=round(step - _GAP, 1),
                height=height,
            )
        )
    return found


def bars(values: Sequence[tuple[str, int]], others: str) -> list[Bar]:
    """A bar for each kind, the longest first as they come; what does not fit is `others`."""
    kept = list(values)
    if len(kept) > MOST_BARS:
        rest = sum(value for _, value in kept[MOST_BARS - 1 :])
        kept = [*kept[: MOST_BARS - 1], (others, rest)]
    top = max((value for _, value in kept), default=0)
    return [Bar(label, value, round(100 * value / top, 1) if top else 0) for label, value in kept]


def spark(values: Sequence[int]) -> str:
    """The points of a small line: "0,26 10.9,2 …"; "" where there is nothing to see."""
    top = max(values, default=0)
    if top == 0 or len(values) < 2:
        return ""
    step = SPARK_WIDTH / (len(values) - 1)
    room = SPARK_HEIGHT - 4
    return " ".join(
        f"{index * step:.1f},{2 + room * (1 - value / top):.1f}"
        for index, value in enumerate(values)
    )


def months(trend: Sequence[tuple[date, int]]) -> list[tuple[str, int]]:
    """A trend with the months as a column calls them: the number, with the year at its turn."""
    return [(str(day.month), value) for day, value in trend]
