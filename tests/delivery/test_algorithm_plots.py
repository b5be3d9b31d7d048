"""The plots of an example: convergence of its value, counts of its circuits."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from qjobs.domain.algorithm import Counts
from qjobs.drawing.page import CHARACTER
from tools.algorithm_checks.plots import NOISELESS, NOISY, convergence, counts

SVG = "{http://www.w3.org/2000/svg}"
BITS = st.text("01", min_size=1, max_size=40)


def numbers(root: ET.Element, tag: str, *names: str) -> list[tuple[float, ...]]:
    """Return attributes of the elements that have the colour of a series."""
    colours = {NOISELESS.colour, NOISY.colour}
    return [
        tuple(float(one.get(name, 0)) for name in names)
        for one in root.iter(f"{SVG}{tag}")
        if one.get("fill") in colours
    ]


def test_later_steps_are_right_and_larger_values_are_higher() -> None:
    """A mark for each step, in its place, with an error bar as long as its error."""
    run = [(1, 1.0, 0.5), (2, 2.0, 0.25), (4, 1.5, 0.0)]
    root = ET.fromstring(convergence("t", {NOISELESS: run}))

    *marks, _ = numbers(root, "circle", "cx", "cy")  # the last is the legend's
    first, second, third = marks
    assert first[0] < second[0] < third[0]
    assert round((third[0] - second[0]) / (second[0] - first[0]), 1) == 2
    assert second[1] < third[1] < first[1]
    bars = [
        abs(float(low) - float(high))
        for path in root.iter(f"{SVG}path")
        if path.get("stroke") == NOISELESS.colour
        for low, high in re.findall(r"^M\S+ (\S+)V([\d.]+)M", path.get("d", ""))
    ]
    assert len(bars) == 2  # no error, no bar
    assert round(bars[0] / bars[1], 1) == 2


def test_runs_are_told_apart_without_colours() -> None:
    """One has circles, the other squares, and both are in the legend."""
    root = ET.fromstring(convergence("t", {NOISELESS: [(1, 1.0, 0)], NOISY: [(1, 1.0, 0)]}))

    assert len(numbers(root, "circle", "cx")) == len(numbers(root, "rect", "x")) == 2
    assert {"noiseless", "noisy", "step"} <= {text.text for text in root.iter(f"{SVG}text")}


def test_bars_are_as_long_as_their_shares() -> None:
    """Each reading has its count and its share beside a bar of that length."""
    one, other = Counts({"00": 75, "11": 25}), Counts({"00": 50, "01": 10, "11": 40})
    root = ET.fromstring(counts("t", {NOISELESS: one, NOISY: other}))

    bars = numbers(root, "rect", "width", "height")
    widths = [width for width, height in bars if height == 11]  # the legend has squares
    assert [round(width / widths[0] * 75) for width in widths] == [75, 50, 0, 10, 25, 40]
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert [word for word in words if word in {"00", "01", "11"}] == ["00", "01", "11"]
    assert {"75 (75.0 %)", "10 (10.0 %)", "noisy (100 shots)"} <= {*words}


def test_rare_readings_are_summed_up() -> None:
    """The sixteen most frequent have bars; all others are one number."""
    often = {f"{number:06b}": 100 for number in range(16)}
    rare = {f"{number:06b}": 1 for number in range(16, 36)}
    root = ET.fromstring(counts("t", {NOISELESS: Counts(often | rare)}))

    words = [text.text for text in root.iter(f"{SVG}text")]
    assert set(often) <= {*words}
    assert not set(rare) & {*words}
    assert words[words.index("20 others") + 1] == "20 (1.2 %)"


@given(st.dictionaries(BITS, st.integers(1, 10**6), max_size=40))
def test_no_word_is_outside_or_over_another(readings: dict[str, int]) -> None:
    """Whatever was read, labels stay in the image and have a line each."""
    root = ET.fromstring(counts("t", {NOISELESS: Counts(readings), NOISY: Counts(readings)}))
    _, _, width, height = map(float, root.get("viewBox", "").split())

    lines = []
    for text in root.iter(f"{SVG}text"):
        x, y = float(text.get("x", 0)), float(text.get("y", 0))
        long = CHARACTER * len(text.text or "")
        start = {"end": x - long, "middle": x - long / 2}.get(text.get("text-anchor", ""), x)
        assert start >= 0
        assert start + long <= width
        assert 0 < y <= height
        if text.get("class") == "text mono":
            lines.append(y)
    assert all(second - first >= 12 for first, second in pairwise(lines))
