from __future__ import annotations

from xml.etree import ElementTree as ET

from tools.soak.plot import Mark, Point, svg

SVG = "{http://www.w3.org/2000/svg}"


def test_every_job_and_every_process_that_was_away_is_in_the_plot() -> None:
    """A dot for each job, one more for each status in the legend, a bar for each absence."""
    points = [Point(1, 0.2, "Succeeded"), Point(5, 40, "Failed"), Point(9, 500, "Succeeded")]
    image = ET.fromstring(svg("3 < 4 jobs", points, [Mark(2, 4, "SIGKILL & more")]))

    dots = [dot for dot in image.iter(f"{SVG}circle") if dot.get("r") == "2.5"]
    assert len(dots) == 3
    assert [text.text for text in image.iter(f"{SVG}title")] == ["SIGKILL & more"]
    words = {text.text for text in image.iter(f"{SVG}text")}
    assert {"3 < 4 jobs", "Succeeded (2)", "Failed (1)", "1000 s"} <= words


def test_later_is_right_and_slower_is_higher() -> None:
    """The axes go where readers expect them to."""
    image = ET.fromstring(svg("", [Point(1, 0.2, "Succeeded"), Point(9, 5, "Succeeded")], []))
    first, second = (dot for dot in image.iter(f"{SVG}circle") if dot.get("r") == "2.5")

    assert float(first.get("cx", 0)) < float(second.get("cx", 0))
    assert float(first.get("cy", 0)) > float(second.get("cy", 0))


def test_a_plot_of_nothing_is_an_image() -> None:
    """A run that ended at once has a plot too."""
    assert ET.fromstring(svg("nothing", [], [])).tag == f"{SVG}svg"
