"""The page of a plot: readable, whatever its words and its background are."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from qjobs.drawing import page
from qjobs.drawing.page import Frame, Series
from qjobs.drawing.scales import Linear

SVG = "{http://www.w3.org/2000/svg}"
TITLE = 'shots < 10 & "more"'


def image() -> str:
    """Return an image with everything in it."""
    frame = Frame(60, 300, 40, 160, Linear(0, 1), Linear(-5, 5))
    entries = [Series("a long name", page.BLUE), Series("another", page.ORANGE, square=True)]
    axes = [*page.vertical_axis(frame, "up <"), *page.horizontal_axis(frame, "right &")]
    return page.svg(TITLE, 320, 240, [*axes, *page.legend(220, entries)])


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    digits = colour.removeprefix("#")
    full = "".join(2 * one for one in digits) if len(digits) == 3 else digits
    parts = [int(full[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""
    low, high = sorted([luminance(first), luminance(second)])
    return (high + 0.05) / (low + 0.05)


def test_words_are_shown_as_they_are() -> None:
    """What XML would read as its own is text; whoever hears the image gets its title."""
    root = ET.fromstring(image())

    assert root.get("aria-label") == TITLE
    assert {TITLE, "up <", "right &", "a long name"} <= {
        one.text for one in root.iter(f"{SVG}text")
    }


def test_it_is_readable_on_a_light_and_on_a_dark_page() -> None:
    """Texts contrast with the page by 4.5 and data by 3, as WCAG 2.2 asks."""
    light, dark = image().split("@media (prefers-color-scheme:dark)")
    for style in (light, dark):
        colours = dict(re.findall(r"\.(\w+)\{(?:fill|stroke):(#\w+)\}", style))
        for words in ("text", "note"):
            assert contrast(colours[words], colours["page"]) >= 4.5
        for data in (page.BLUE, page.ORANGE, page.GREEN, page.YELLOW, page.RED, page.VIOLET):
            assert contrast(data, colours["page"]) >= 3, (data, colours["page"])


def test_no_entry_of_a_legend_begins_in_another() -> None:
    """Each begins where a name of the width of its letters has ended."""
    root = ET.fromstring(image())
    texts = {one.text: float(one.get("x", 0)) for one in root.iter(f"{SVG}text")}

    assert texts["another"] - texts["a long name"] > len("a long name") * page.CHARACTER
