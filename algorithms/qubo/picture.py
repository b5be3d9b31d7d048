"""The picture of a QUBO: the values that were read, over those of random assignments."""

from __future__ import annotations

from qjobs.drawing.distribution import Histogram, Mark, distributions
from qjobs.methods.spectrum import Sampled, Spectrum


def picture(sampled: Sampled, spectrum: Spectrum, value: float) -> str:
    """Return the histograms of the readings and of all assignments as an SVG document."""
    low, high = sorted((spectrum.best, spectrum.worst))
    return distributions(
        f"Value {value:.6g}; the best possible is {spectrum.best:.6g}",
        "value of the assignment",
        (low, high),
        (
            Histogram("readings of the circuit", sampled.histogram),
            Histogram("random assignments", spectrum.histogram()),
        ),
        Mark(spectrum.best, "best possible"),
    )
