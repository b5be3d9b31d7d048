"""Two emoticons are read, drawn and nothing else."""

from __future__ import annotations

from itertools import count
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import Statevector

from algorithms.emoticons.algorithm import algorithm, superposition
from algorithms.emoticons.text import bits_of, text_of
from qjobs.domain.algorithm import Counts, Inputs
from qjobs.domain.errors import InputRejectedError
from tests.unit.algorithms.aer import complete, finished

SVG = "{http://www.w3.org/2000/svg}"
emoticons = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=2, max_size=2)
different = st.tuples(emoticons, emoticons).filter(lambda pair: pair[0] != pair[1])
readings = st.integers(0, 2**16 - 1).map(lambda number: f"{number:016b}")


def asked(first: str, second: str, shots: int = 1000) -> Inputs:
    """Return what the engine passes."""
    return Inputs({"first": first, "second": second}, shots)


@settings(max_examples=10)
@given(different)
def test_the_state_is_half_the_one_and_half_the_other(pair: tuple[str, str]) -> None:
    """Without measurement the circuit ends in the sum of the two basis states, with equal signs."""
    first, second = map(bits_of, pair)
    amplitudes = np.zeros(2**16)
    amplitudes[[int(first, 2), int(second, 2)]] = np.sqrt(0.5)

    circuit = superposition(first, second).remove_final_measurements(inplace=False)

    assert np.allclose(Statevector(circuit).data, amplitudes)


@pytest.mark.parametrize(("first", "second"), [(":)", ";)"), (":D", "8|"), ("!!", "~~")])
def test_without_noise_only_the_two_are_read(first: str, second: str) -> None:
    """Each comes half of the time, within 0.08 of it: five standard deviations of 1,000 shots."""
    result = complete(algorithm, asked(first, second), count(1))

    assert {reading["text"] for reading in result["readings"]} == {first, second}
    assert all(reading["asked"] for reading in result["readings"])
    assert all(abs(reading["frequency"] - 0.5) < 0.08 for reading in result["readings"])
    assert result["noise"] == 0
    assert result["mostFrequent"] == result["readings"][0]["text"]


def test_equal_emoticons_are_refused() -> None:
    """There is nothing to superpose, and the problem names the second."""
    with pytest.raises(InputRejectedError) as refused:
        algorithm.start(asked(":)", ":)"))

    assert [violation.pointer for violation in refused.value.violations] == ["/input/second"]


def test_readings_are_ranked_and_noise_is_their_rest() -> None:
    """Readings that were not asked for are told apart and add up to the noise."""
    counts = Counts({bits_of("º)"): 10, bits_of(":)"): 500, bits_of(";)"): 470, "0" * 16: 20})
    result = finished(algorithm.resume(asked(":)", ";)"), {}, [counts]))

    assert [(entry["text"], entry["asked"]) for entry in result["readings"]] == [
        (":)", True),
        (";)", True),
        ("\N{SYMBOL FOR NULL}\N{SYMBOL FOR NULL}", False),
        ("º)", False),
    ]
    assert result["noise"] == pytest.approx(0.03)


@given(emoticons)
def test_bits_are_the_text(emoticon: str) -> None:
    """Printable text survives the way to bits and back."""
    assert len(bits_of(emoticon)) == 16
    assert text_of(bits_of(emoticon)) == emoticon


@given(readings)
def test_any_reading_has_two_visible_characters(bits: str) -> None:
    """Whatever a noisy device returns is shown as two characters that print."""
    text = text_of(bits)

    assert len(text) == 2
    assert text.isprintable()
    assert " " not in text


@given(different, st.dictionaries(readings, st.integers(1, 9), min_size=1))
def test_the_drawing_is_well_formed_whatever_was_read(
    pair: tuple[str, str], counts: dict[str, int]
) -> None:
    """Every drawing is XML with a title, a bounded size and opacities between 0 and 1."""
    svg = finished(algorithm.resume(asked(*pair), {}, [Counts(counts)]))["svg"]

    root = ET.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == f"{pair[0]} and {pair[1]} at once"
    assert len(svg) < 5000
    for part in root.iter():
        assert 0 < float(part.get("fill-opacity", 1)) <= 1


@pytest.mark.parametrize("text", ["<&", "\"'", "</", "]]", "--", "&#"])
def test_characters_of_markup_are_drawn_as_they_are(text: str) -> None:
    """Markup in an emoticon stays text: no element and no attribute comes of it."""
    counts = Counts({bits_of(text): 1, bits_of(":)"): 1})
    plain = Counts({bits_of("ab"): 1, bits_of(":)"): 1})

    root = ET.fromstring(finished(algorithm.resume(asked(text, ":)"), {}, [counts]))["svg"])
    usual = ET.fromstring(finished(algorithm.resume(asked("ab", ":)"), {}, [plain]))["svg"])

    assert [part.tag for part in root.iter()] == [part.tag for part in usual.iter()]
    drawn = [part.text for part in root.iter(f"{SVG}text")]
    assert text in drawn
    assert set(text) <= set(drawn)


def test_the_drawing_is_self_contained() -> None:
    """Nothing is executed or loaded, and without ids several drawings can stand in one page."""
    counts = Counts({bits_of(":)"): 1, bits_of("<3"): 1})
    svg = finished(algorithm.resume(asked(":)", "<3"), {}, [counts]))["svg"]

    parts = list(ET.fromstring(svg).iter())
    assert {part.tag.removeprefix(SVG) for part in parts} <= {
        *("svg", "title", "desc", "rect", "g", "text")
    }
    assert {name for part in parts for name in part.attrib} <= {
        *("viewBox", "role", "x", "y", "width", "height", "rx", "fill", "fill-opacity", "style"),
        *("font-family", "font-size", "font-weight", "text-anchor"),
    }
    assert "url(" not in svg


def test_what_is_read_more_often_is_more_opaque() -> None:
    """The opacity of a reading grows with its frequency."""
    counts = Counts({bits_of(":)"): 60, bits_of(";)"): 30, bits_of("x)"): 10})
    svg = finished(algorithm.resume(asked(":)", ";)"), {}, [counts]))["svg"]

    found = [
        (part[0].text, float(part.attrib["fill-opacity"]))
        for part in ET.fromstring(svg).iter(f"{SVG}g")
        if "fill-opacity" in part.attrib
    ]
    assert [first for first, _ in found] == ["x", ";", ":"]
    assert found[0][1] < found[1][1] < found[2][1]


@pytest.mark.parametrize(
    ("readings", "status", "reason"),
    [
        ({":)": 500, ";)": 500}, "Verified", "cannot tell"),
        ({":)": 560, ";)": 440}, "NotVerified", "unequal"),
        ({":)": 500, ";)": 499, "x)": 1}, "NotVerified", "1 of 1000"),
        ({":)": 15, ";)": 14}, "NotVerified", "too few"),
        ({":)": 30}, "NotVerified", "unequal"),
    ],
)
def test_a_check_is_passed_by_two_equal_shares_alone(
    readings: dict[str, int], status: str, reason: str
) -> None:
    """Noise, shares that are no fair coin's, and too few readings are told."""
    counts = Counts({bits_of(text): number for text, number in readings.items()})

    verified = finished(algorithm.resume(asked(":)", ";)"), {}, [counts]))["verified"]

    assert verified["status"] == status
    assert reason in verified["reason"]


def test_noise_has_its_interval() -> None:
    """The share of 30 of 1,000 readings, at 95 % (Clopper and Pearson)."""
    counts = Counts({bits_of(":)"): 500, bits_of(";)"): 470, "0" * 16: 30})

    result = finished(algorithm.resume(asked(":)", ";)"), {}, [counts]))

    assert result["uncertainty"] == {
        "lower": pytest.approx(0.0203, abs=1e-4),
        "upper": pytest.approx(0.0426, abs=1e-4),
        "confidence": 0.95,
    }
    assert result["comparison"]["value"] == 0
    assert result["baseline"]["value"] == pytest.approx(1 - 2 / 2**16)
