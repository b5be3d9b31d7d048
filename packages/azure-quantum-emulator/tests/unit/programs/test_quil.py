from __future__ import annotations

import math

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit.library import (
    CCXGate,
    CPhaseGate,
    CXGate,
    PhaseGate,
    RXGate,
    SdgGate,
    SGate,
    iSwapGate,
)
from qiskit.quantum_info import Operator

from azure_quantum_emulator.errors import ProgramError
from azure_quantum_emulator.programs.program import Registers
from azure_quantum_emulator.programs.quil import reader


def circuit(text: str, **substitutions: list[list[float]]) -> QuantumCircuit:
    """Return the only circuit of a program."""
    (program,) = reader.parse_job(text.encode(), {"substitutions": substitutions})
    return program.circuit


def placed(gate: object, *qubits: int, of: int) -> Operator:
    """Return what a gate on these qubits does to a circuit *of* so many."""
    around = QuantumCircuit(of)
    around.append(gate, qubits)
    return Operator(around)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("CNOT 1 0", placed(CXGate(), 1, 0, of=2)),
        ("CCNOT 2 0 1", placed(CCXGate(), 2, 0, 1, of=3)),
        ("ISWAP 0 1", placed(iSwapGate(), 0, 1, of=2)),
        ("XY(pi) 0 1", placed(iSwapGate(), 0, 1, of=2)),
        ("SQISW 0 1; SQISW 0 1", placed(iSwapGate(), 0, 1, of=2)),
        ("CPHASE(0.3) 0 1", placed(CPhaseGate(0.3), 0, 1, of=2)),
        ("CPHASE01(0.3) 0 1", np.diag([1, 1, np.exp(0.3j), 1])),
        ("CPHASE10(0.3) 0 1", np.diag([1, np.exp(0.3j), 1, 1])),
        ("CPHASE00(0.3) 0 1", np.diag([np.exp(0.3j), 1, 1, 1])),
        (
            "PSWAP(0.3) 0 1",
            np.array(
                [[1, 0, 0, 0], [0, 0, np.exp(0.3j), 0], [0, np.exp(0.3j), 0, 0], [0, 0, 0, 1]]
            ),
        ),
        ("DAGGER S 0", placed(SdgGate(), 0, of=1)),
        ("CONTROLLED RX(0.3) 1 0", placed(RXGate(0.3).control(1), 1, 0, of=2)),
        ("DAGGER CONTROLLED S 0 1", placed(SGate().control(1).inverse(), 0, 1, of=2)),
        (
            "CONTROLLED CONTROLLED PHASE(0.3) 2 0 1",
            placed(PhaseGate(0.3).control(2, annotated=False), 2, 0, 1, of=3),
        ),
        (
            "DEFGATE SWAPPED AS MATRIX:\n    0, 1\n    1, 0\n\nSWAPPED 0",
            np.array([[0, 1], [1, 0]]),
        ),
        (
            "DEFGATE A:\n    1, 0, 0, 0\n    0, 1, 0, 0\n    0, 0, 0, 1\n    0, 0, 1, 0\nA 1 0",
            placed(CXGate(), 1, 0, of=2),
        ),
    ],
)
def test_gates_do_what_quil_says(text: str, meaning: Operator | np.ndarray) -> None:
    """Every way to name a gate is the unitary that Quil's definition gives it."""
    assert Operator(circuit(text)).equiv(meaning)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("pi/2", math.pi / 2),
        ("-pi", -math.pi),
        ("-theta[1]*2 + 1", -3.0),
        ("theta", 0.5),
        ("2^3 - 1", 7.0),
        ("-2^2", -4.0),
        ("8/2/2", 2.0),
        ("cos(0)*3e-1", 0.3),
        ("sqrt(theta[1] + 2)", 2.0),
        ("(1 + 2)*(3 - 1)", 6.0),
        ("exp(i*pi) + .5", -0.5),
    ],
)
def test_parameters_are_expressions(expression: str, value: float) -> None:
    """Expressions have the values of arithmetic, with parameters from memory."""
    text = f"DECLARE theta REAL[2]\nRZ({expression}) 0"
    (instruction,) = circuit(text, theta=[[0.5, 2.0]]).data
    assert instruction.operation.params[0] == pytest.approx(value)


def test_every_set_of_substitutions_is_a_run() -> None:
    """Runs follow each other in the order of their values; what has no value is zero."""
    text = b"DECLARE a REAL[2]\nDECLARE b REAL\nDECLARE c REAL\nRX(a[1]) 0\nRX(b) 0\nRX(c) 0"
    params = {"substitutions": {"a": [[1, 2], [3, 4]], "b": [[5], [6]]}}
    runs = [
        [instruction.operation.params[0] for instruction in program.circuit.data]
        for program in reader.parse_job(text, params)
    ]
    assert runs == [[2, 5, 0], [4, 6, 0]]


def test_bits_are_given_out_by_region() -> None:
    """Regions of bits are the output, those of numbers are not."""
    text = "DECLARE ro BIT[2]\nDECLARE x REAL[2]\nDECLARE flag BIT\nMEASURE 3 flag\nMEASURE 1 ro[1]"
    (program,) = reader.parse_job(text.encode(), {})
    assert program.output == Registers({"ro": range(2), "flag": range(2, 3)})
    measured = [
        (program.circuit.find_bit(i.qubits[0]).index, program.circuit.find_bit(i.clbits[0]).index)
        for i in program.circuit.data
    ]
    assert measured == [(3, 2), (1, 1)]


def test_a_measurement_may_be_thrown_away() -> None:
    """MEASURE without memory disturbs the qubit and touches no bit of the output."""
    (program,) = reader.parse_job(b"DECLARE ro BIT\nMEASURE 0\nMEASURE 0 ro", {})
    assert program.output == Registers({"ro": range(1)})
    assert program.circuit.num_clbits == 2


def test_what_does_nothing_is_ignored() -> None:
    """Comments, pragmas and blank lines do nothing, and nothing follows HALT."""
    text = '# a\nPRAGMA REWIRING "NAIVE"\n\n  H 0 # b\nNOP\nRESET\nRESET 1\nHALT\nH 9\n'
    read = circuit(text.replace("\n", "\r\n"))
    assert [i.operation.name for i in read.data] == ["h", "reset", "reset", "reset"]
    assert read.num_qubits == 2


REFUSED = {
    "a": "the operator a is not known",
    "RX 0": "the operator RX takes 1 parameters and 1 qubits",
    "CNOT 0": "the operator CNOT takes 0 parameters and 2 qubits",
    "CNOT 0 0": "it names a qubit twice",
    "H 0 H 1": "of what is at column 5",
    "RX(1 0": "of what is at column 6",
    "MEASURE 0 ro[0]": "there is no bit ro",
    "RX(theta) 0": "there is no parameter theta",
    "RX(1/0) 0": "an expression has no value",
    "RX(i) 0": "a parameter is not a real number",
    "JUMP @end": "JUMP is not supported here",
    "DEFCIRCUIT BELL:": "DEFCIRCUIT is not supported here",
    "FORKED RX(1, 2) 0 1": "FORKED is not supported here",
    "CONTROLLED FORKED RX(1, 2) 0 1 2": "FORKED is not supported here",
    "DECLARE x REAL[2] SHARING ro": "DECLARE with SHARING is not supported here",
    "DECLARE x BIT SHARING ro OFFSET 1 BIT": "DECLARE with SHARING is not supported here",
    "DEFGATE A:\n    1, 1\n    1, 1\n": "its matrix is not unitary",
    "DEFGATE A:\n    1, 0\n": "its matrix does not fit",
    "DEFGATE A:\n    1\n    1, 0\n": "its matrix does not fit",
}


WORDS = """
    DEFCAL DEFFRAME DEFWAVEFORM LABEL JUMP-WHEN JUMP-UNLESS MOVE EXCHANGE CONVERT LOAD STORE NOT NEG
    TRUE FALSE AND OR IOR XOR ADD SUB MUL DIV EQ GT GE LT LE WAIT INCLUDE EXTERN CALL PULSE FENCE
    NONBLOCKING CAPTURE RAW-CAPTURE DELAY SET-FREQUENCY SHIFT-FREQUENCY SET-PHASE SHIFT-PHASE
    SET-SCALE SWAP-PHASES
"""
"""The other words of Quil's specification that begin an instruction."""
REFUSED |= {f'{word} 0 "rf" ro[0]': f"{word} is not supported here" for word in WORDS.split()}
DEFINED = "DEFGATE of anything but a matrix of numbers is not supported here"
REFUSED |= {
    f"DEFGATE {how}": DEFINED
    for how in (
        "A a b AS SEQUENCE:\n    H a\n    CNOT a b\n",
        "A(%t) a AS SEQUENCE:\n    RX(%t) a\n",
        "A AS PERMUTATION:\n    0, 1\n",
        "A(%t) p AS PAULI-SUM:\n    Z(%t) p\n",
    )
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_wrong_instruction_is_refused_as_the_service_does(text: str) -> None:
    """The message quotes the instruction and says why it could not be executed."""
    with pytest.raises(ProgramError) as caught:
        reader.parse_job(f"H 0\n{text}\n".encode(), {})
    quoted = text.split("\n", maxsplit=1)[0]
    assert caught.value.code == "InvalidInputData"
    assert caught.value.message.startswith(
        "QVM reported a problem running your program: error when calling QVM: failed to perform "
        f"multishot: Encountered the invalid instruction\n\n    {quoted}\n\n"
        f"which could not be executed because {REFUSED[text]}"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"\xff", "not text"),
        (b"DECLARE ro BIT\nDECLARE ro REAL", "ro is declared twice"),
        (b"X 1000000000", "more than 4096 qubits"),
        (b"DECLARE ro BIT[1000000000]", "more than 4096 qubits"),
    ],
)
def test_a_wrong_program_is_refused_with_its_reason(text: bytes, reason: str) -> None:
    """A program fails its job as a whole, and says what is wrong."""
    with pytest.raises(ProgramError, match=reason):
        reader.parse_job(text, {})


@pytest.mark.parametrize(
    ("substitutions", "reason"),
    [
        ([1], "they are no object"),
        ({"theta": 1}, "needs a list of values"),
        ({"theta": [[1, 2]], "other": []}, "needs a list of values"),
        ({"theta": [[1, 2], [3, 4]], "beta": [[1]]}, "the same number of runs"),
        ({"gamma": [[1]]}, "there is no memory gamma"),
        ({"ro": [[1]]}, "there is no memory ro"),
        ({"theta": [[1]]}, "theta takes 2 numbers"),
        ({"theta": [["a", "b"]]}, "theta takes 2 numbers"),
    ],
)
def test_substitutions_have_to_fit_the_memory(substitutions: object, reason: str) -> None:
    """Values for parameters that are not declared, or too few of them, fail the job."""
    text = b"DECLARE ro BIT\nDECLARE theta REAL[2]\nDECLARE beta REAL"
    with pytest.raises(ProgramError, match=reason):
        reader.parse_job(text, {"substitutions": substitutions})
