"""Random numbers are uniform, independent of each other and honest about what they took."""

from __future__ import annotations

import re
from collections import Counter
from itertools import count, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import Statevector

from algorithms.random_numbers.algorithm import algorithm, coins
from algorithms.random_numbers.drawing import draw as picture
from algorithms.random_numbers.extraction import Range, accept, candidates, words
from algorithms.random_numbers.layout import MOST_CIRCUITS, candidates_needed, layout
from qjobs.adapters.target_table import target_facts
from qjobs.domain.algorithm import Counts, Execute, Finish, Inputs, JSONObject
from qjobs.domain.errors import AlgorithmError, InputRejectedError
from tests.unit.algorithms.aer import circuits_of, complete, finished, first_step

SAFE = 2**53 - 1
# Quantiles of the chi-square distribution: exceeded by chance once in 10,000 tests.
CHI_SQUARE = {5: 25.74, 6: 27.86, 9: 33.72, 35: 74.93}


def asked(
    minimum: int, maximum: int, number: int = 1, shots: int = 1000, target: str | None = None
) -> Inputs:
    """Return what the engine passes."""
    facts = target_facts()[target] if target else None
    numbers = {"minimum": minimum, "maximum": maximum, "count": number}
    return Inputs(numbers, shots, target=facts)


def tossed(width: int, shots: int, chance: np.random.Generator, ones: float = 0.5) -> Counts:
    """Return readings of *width* independent bits that are 1 with probability *ones*."""
    bits = chance.random((shots, width)) < ones
    numbers, counts = np.unique(bits @ (1 << np.arange(width)), return_counts=True)
    return Counts({f"{n:0{width}b}": int(c) for n, c in zip(numbers, counts, strict=True)})


def draw(inputs: Inputs, chance: np.random.Generator, ones: float = 0.5) -> JSONObject:
    """Return the result with such readings in place of a target's."""
    decision = algorithm.start(inputs)
    while isinstance(decision, Execute):
        outcomes = [tossed(c.num_qubits, inputs.shots, chance, ones) for c in circuits_of(decision)]
        decision = algorithm.resume(inputs, decision.state, outcomes)
    return decision.result


def chi_square(observed: Any) -> float:  # noqa: ANN401 - anything NumPy makes an array of
    """Return the statistic of *observed* numbers against equal ones."""
    array = np.asarray(observed, dtype=float)
    return float(((array - array.mean()) ** 2).sum() / array.mean())


def test_the_circuit_tosses_fair_coins() -> None:
    """Before measurement every basis state has the same probability."""
    circuit = coins(5).remove_final_measurements(inplace=False)

    assert np.allclose(Statevector(circuit).probabilities(), 1 / 32)


@pytest.mark.parametrize(("label_bits", "width", "shots"), [(1, 3, 3), (1, 2, 5), (2, 3, 3)])
def test_words_are_exactly_uniform_and_independent(label_bits: int, width: int, shots: int) -> None:
    """Over all equally likely readings, whatever labels occur, all words are equally frequent."""
    patterns = ["".join(bits) for bits in product("01", repeat=width)]
    found: dict[frozenset[str], Counter[tuple[str, ...]]] = {}
    for readings in product(patterns, repeat=shots):
        labels = frozenset(reading[:label_bits] for reading in readings)
        drawn = tuple(words(Counts(Counter(readings)), label_bits))
        found.setdefault(labels, Counter())[drawn] += 1

    assert len(found) > 1
    for labels, frequencies in found.items():
        assert len(frequencies) == 2 ** ((width - label_bits) * len(labels))
        assert len(set(frequencies.values())) == 1


@given(st.integers(1, 300), st.integers(1, 40))
def test_every_number_of_a_range_has_one_candidate(size: int, minimum: int) -> None:
    """Of all candidates, each number is the image of exactly one; the others are rejected."""
    wanted = Range(minimum, minimum + size - 1)
    every = range(2**wanted.bits)

    numbers, rejected = accept(every, wanted, len(every))

    assert numbers == list(range(minimum, minimum + size))
    assert rejected == len(every) - size
    assert wanted.acceptance > 0.5


def test_bits_are_cut_into_numbers_one_after_the_other() -> None:
    """A rest that is too short for a number is left over."""
    assert list(candidates("110" + "001" + "01", 3)) == [6, 1]


def test_only_as_many_are_rejected_as_were_drawn() -> None:
    """What comes after the last number that was needed does not count as rejected."""
    assert accept([7, 0, 6, 5, 7, 1], Range(1, 6), 2) == ([1, 6], 2)


def test_the_result_says_what_it_took() -> None:
    """Bits measured, won and rejected add up for known readings."""
    inputs = asked(1, 6, 2, shots=16)  # so few shots give one word of 12 bits, without labels
    step = first_step(algorithm, inputs)
    assert step.state["labelBits"] == 0
    rest = [Counts({f"{number:012b}": 1}) for number in range(1, len(circuits_of(step)))]
    outcomes = [Counts({"111000110101": 3, "000000000001": 2}), *rest]

    result = finished(algorithm.resume(inputs, step.state, outcomes))

    # 111 is rejected, 000 and 110 would be 1 and 7: the latter is rejected, 101 is 6.
    assert result["numbers"] == [1, 6]
    assert result["numbersRejected"] == 2
    assert result["bitsRejected"] == 6
    assert result["bitsPerNumber"] == 3
    assert result["bitsMeasured"] == 12 * (5 + len(rest))
    assert result["bitsExtracted"] == 12 * len(outcomes)


def test_numbers_are_uniform_on_the_simulator() -> None:
    """A thousand throws of a die pass the chi-square test at the level 1 in 10,000."""
    result = complete(algorithm, asked(1, 6, 1000), count(1))

    frequencies: Counter[int] = Counter(result["numbers"])
    assert sorted(frequencies) == [1, 2, 3, 4, 5, 6]
    assert chi_square(list(frequencies.values())) < CHI_SQUARE[5]


@pytest.mark.parametrize("ones", [0.5, 0.6])
def test_no_position_and_no_pair_is_preferred(ones: float) -> None:
    """Each position is uniform and pairs of neighbours are, even of coins that fall 60 to 40."""
    chance = np.random.default_rng(3)
    rows = np.array([draw(asked(1, 6, 8, 400), chance, ones)["numbers"] for _ in range(600)])

    for position in range(8):
        assert chi_square(np.bincount(rows[:, position], minlength=7)[1:]) < CHI_SQUARE[5]
    pairs = (rows[:, :-1:2] - 1) * 6 + rows[:, 1::2] - 1
    assert chi_square(np.bincount(pairs.ravel(), minlength=36)) < CHI_SQUARE[35]
    rising = int((rows[:, 0] < rows[:, 1]).sum())
    falling = int((rows[:, 0] > rows[:, 1]).sum())
    assert abs(rising - falling) < 4 * np.sqrt(rising + falling)


@settings(max_examples=20)
@given(st.integers(-SAFE, SAFE), st.integers(-SAFE, SAFE), st.integers(1, 20))
def test_every_number_is_in_the_range(one: int, other: int, number: int) -> None:
    """As many numbers come as were asked for, none beyond the range."""
    minimum, maximum = sorted((one, other))
    result = draw(asked(minimum, maximum, number, 256), np.random.default_rng(1))

    assert len(result["numbers"]) == number
    assert all(minimum <= drawn <= maximum for drawn in result["numbers"])


def test_a_range_of_one_number_needs_no_qubits() -> None:
    """Where there is no choice, the answer is there at once."""
    result = finished(algorithm.start(asked(42, 42, 3)))

    assert result["numbers"] == [42, 42, 42]
    assert result["bitsMeasured"] == result["bitsPerNumber"] == 0


def test_an_empty_range_is_refused() -> None:
    """A maximum below the minimum is named."""
    with pytest.raises(InputRejectedError) as refused:
        algorithm.start(asked(2, 1))

    assert [violation.pointer for violation in refused.value.violations] == ["/input/maximum"]


def test_too_few_shots_are_refused_with_how_many_it_takes() -> None:
    """With as many shots as the refusal says, the request is accepted."""
    with pytest.raises(InputRejectedError, match=r"at least 1024 shots") as refused:
        algorithm.start(asked(-SAFE, SAFE, 1000, 1000))

    assert [violation.pointer for violation in refused.value.violations] == ["/shots"]
    step = first_step(algorithm, asked(-SAFE, SAFE, 1000, 1024))
    assert len(circuits_of(step)) <= MOST_CIRCUITS


@given(st.integers(2, 2**54 - 1), st.integers(1, 1000), st.integers(16, 10000))
def test_a_layout_has_room_for_the_request(size: int, number: int, shots: int) -> None:
    """Enough words are expected, from 16 readings each, on at most 20 qubits."""
    wanted = Range(0, size - 1)
    plan = layout(wanted, number, shots)

    assert plan.qubits <= 20
    assert (shots >> plan.label_bits) >= 16
    assert plan.circuits * 12 << plan.label_bits >= candidates_needed(wanted, number) * wanted.bits


def test_what_is_missing_is_drawn_in_another_round() -> None:
    """Numbers of the first round are kept, and only the others asked for again."""
    inputs = asked(1, 6, 10, 1000)
    step = first_step(algorithm, inputs)
    width = circuits_of(step)[0].num_qubits
    one_word = Counts({"0" * width: 998, "1".zfill(width): 2})  # what comes twice cancels

    again = algorithm.resume(inputs, step.state, [one_word])

    assert isinstance(again, Execute)
    assert again.state["numbers"] == [1, 1, 1, 1]
    chance = np.random.default_rng(2)
    outcomes = [tossed(circuit.num_qubits, 1000, chance) for circuit in circuits_of(again)]
    result = finished(algorithm.resume(inputs, again.state, outcomes))
    assert result["numbers"][:4] == [1, 1, 1, 1]
    assert len(result["numbers"]) == 10


def test_readings_that_never_suffice_end_the_job() -> None:
    """Where every number is beyond the range, the rounds come to an end."""
    inputs = asked(1, 6)
    decision: Execute | Finish = first_step(algorithm, inputs)

    def next_round(odd: int) -> Execute | Finish:
        assert isinstance(decision, Execute)
        width = circuits_of(decision)[0].num_qubits
        too_large = Counts({"1" * width: odd, "1" * (width - 1) + "0": 2})
        return algorithm.resume(inputs, decision.state, [too_large])

    for odd in (999, 997, 995, 993):
        decision = next_round(odd)
    with pytest.raises(AlgorithmError, match="rounds"):
        next_round(991)


@pytest.mark.parametrize("bit", ["0", "1"])
def test_a_target_that_always_reads_the_same_ends_the_job(bit: str) -> None:
    """Syntax checkers read zeros only; that is not taken for a random number."""
    inputs = asked(1, 6)
    step = first_step(algorithm, inputs)
    outcomes = [Counts({bit * circuit.num_qubits: 1000}) for circuit in circuits_of(step)]

    with pytest.raises(AlgorithmError, match="does not sample"):
        algorithm.resume(inputs, step.state, outcomes)


def test_circuits_that_repeat_each_other_end_the_job() -> None:
    """Equal readings of two circuits, as equal seeds give them, are no independent ones."""
    inputs = asked(1, 6, 1000)
    step = first_step(algorithm, inputs)
    same = tossed(circuits_of(step)[0].num_qubits, 1000, np.random.default_rng(1))

    with pytest.raises(AlgorithmError, match="same readings"):
        algorithm.resume(inputs, step.state, [same] * len(circuits_of(step)))


@pytest.mark.parametrize(("minimum", "maximum", "shots"), [(0, 1, 10000), (1, 6, 1000)])
def test_a_target_that_rounds_ends_the_job(minimum: int, maximum: int, shots: int) -> None:
    """Where each reading gets its share, rounded down, nothing is random, and the job says so."""
    inputs = asked(minimum, maximum, shots=shots)
    step = first_step(algorithm, inputs)
    rounded = []
    for circuit in circuits_of(step):
        share = shots >> circuit.num_qubits
        patterns = range(2**circuit.num_qubits if share else 0)
        rounded.append(Counts({f"{p:0{circuit.num_qubits}b}": share for p in patterns}))

    with pytest.raises(AlgorithmError, match="sample"):
        algorithm.resume(inputs, step.state, rounded)


@pytest.mark.parametrize(
    ("target", "source"),
    [
        ("local.sim.aer", "PseudoRandom"),
        ("local.sim.aer-noisy", "PseudoRandom"),
        ("ionq.qpu.aria-1", "QuantumDevice"),
        (None, "Unknown"),
    ],
)
def test_the_result_says_where_its_numbers_come_from(target: str | None, source: str) -> None:
    """A simulator's numbers are called pseudo-random; a range of one number has no source."""
    chance = np.random.default_rng(4)

    assert draw(asked(1, 6, target=target), chance)["source"] == source
    assert draw(asked(4, 4, target=target), chance)["source"] == "NoChoice"


def test_numbers_are_never_verified_and_a_bias_is_told() -> None:
    """The reason says whether the bits measured have a bias, and the interval where it is."""
    chance = np.random.default_rng(5)
    fair, biased = (draw(asked(1, 6, 10), chance, ones) for ones in (0.5, 0.6))

    assert fair["verified"]["status"] == biased["verified"]["status"] == "NotVerified"
    assert "no bias" in fair["verified"]["reason"]
    assert "not those of fair coins" in biased["verified"]["reason"]
    assert fair["uncertainty"]["lower"] < 0.5 < fair["uncertainty"]["upper"]
    assert biased["uncertainty"]["lower"] < 0.6 < biased["uncertainty"]["upper"]
    assert biased["uncertainty"]["lower"] > fair["baseline"]["value"] == 0.5


def test_without_a_choice_nothing_is_measured_or_estimated() -> None:
    """The interval of a range of one number is the whole of it."""
    result = finished(algorithm.start(asked(42, 42, 3)))

    assert (result["uncertainty"]["lower"], result["uncertainty"]["upper"]) == (0, 1)
    assert "no choice" in result["verified"]["reason"]


@given(st.integers(-SAFE, SAFE), st.integers(1, 2**54 - 1), st.data())
def test_every_number_is_in_the_bar_of_its_part(
    minimum: int, size: int, data: st.DataObject
) -> None:
    """The last bar that begins at a number or below has it, also where floats are too coarse."""
    number = data.draw(st.integers(minimum, minimum + size - 1))
    svg = picture(Range(minimum, minimum + size - 1), [number])

    labels = re.findall(r'class="text mono">(?:from )?(-?[\d,.]+)</text>', svg)
    counts = re.findall(r'class="note">([01])</text>', svg)
    starts = [int(label.replace(",", "")) for label in labels]
    assert len(starts) == len(counts) == min(size, 10 if size > 20 else size)
    (at,) = [place for place, drawn in enumerate(counts) if drawn == "1"]
    assert starts[at] <= number
    assert at + 1 == len(starts) or number < starts[at + 1]
