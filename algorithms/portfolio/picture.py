"""The picture of a portfolio: risk and return of all choices, and of those that were read."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from algorithms.portfolio.market import Market
from qjobs.drawing import page
from qjobs.drawing.page import Frame, Series
from qjobs.drawing.scales import Linear
from qjobs.methods.spectrum import Sampled

_WIDTH, _HEIGHT = 760, 470
_TOP, _BOTTOM = 50, 370
_MOST_CHOICES = 600
"""That are drawn; of more, every second, third or so."""
_SMALL, _LARGE = 3.0, 15.0
_LONGEST_TITLE = 90

type Point = tuple[float, float]


def picture(market: Market, sampled: Sampled, chosen: Sequence[int], best: Sequence[int]) -> str:
    """Return the picture as an SVG document.

    Args:
        market: of the input
        sampled: the readings, drawn with areas by their frequency
        chosen: the places of the assets of the answer
        best: the places of the assets of an optimum

    """
    choices = list(itertools.combinations(range(len(market.names)), market.choose))
    points = [_point(market, choice) for choice in choices[:: len(choices) // _MOST_CHOICES + 1]]
    read = [(_point(market, market.chosen(bits)), n) for bits, n in sampled.frequent.items()]
    marks = [_point(market, best), _point(market, chosen)]
    every = [*points, *(point for point, _ in read), *marks]
    x, y = (Linear.around([point[axis] for point in every]) for axis in (0, 1))
    frame = Frame(page.left_of(y), _WIDTH - 24, _TOP, _BOTTOM, x, y)
    look = {
        "all": Series("all choices", page.YELLOW),
        "read": Series("read, by frequency", page.BLUE),
        "best": Series("best possible", page.RED),
        "answer": Series("answer", page.ORANGE, square=True),
    }
    parts = [
        *page.vertical_axis(frame, "expected return"),
        *page.horizontal_axis(frame, "risk: standard deviation of the return"),
    ]
    parts += [page.mark(*_at(frame, point), look["all"], 2.5, 0.5) for point in points]
    largest = max(number for _, number in read)
    for point, number in sorted(read, key=lambda one: -one[1]):
        size = max(_SMALL, _LARGE * math.sqrt(number / largest))
        parts.append(page.mark(*_at(frame, point), look["read"], size, 0.6))
    x_best, y_best = _at(frame, marks[0])
    ring = f'fill="none" stroke="{page.RED}" stroke-width="2"'
    parts.append(f'<circle cx="{x_best:.1f}" cy="{y_best:.1f}" r="{_LARGE + 3:g}" {ring}/>')
    parts.append(page.mark(*_at(frame, marks[1]), look["answer"], 4))
    parts += page.legend(_HEIGHT - 22, list(look.values()))
    title = " + ".join(market.names[place] for place in chosen)
    short = title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"
    return page.svg(short, _WIDTH, _HEIGHT, parts)


def _point(market: Market, choice: Sequence[int]) -> Point:
    return math.sqrt(market.variance(choice)), market.expected_return(choice)


def _at(frame: Frame, point: Point) -> Point:
    return frame.at_x(point[0]), frame.at_y(point[1])
