from __future__ import annotations

import math
from pathlib import Path

import pytest
from qiskit import QuantumCircuit, qasm2
from qiskit.circuit.library import RGate, RZZGate, SXGate
from qiskit.quantum_info import Operator

from azure_quantum_emulator.errors import JobError, ProgramError
from azure_quantum_emulator.execution.execute import execute
from azure_quantum_emulator.execution.task import Completed, Task
from azure_quantum_emulator.programs import openqasm
from azure_quantum_emulator.programs.program import Registers

HEAD = 'OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; creg c[2];'


def test_what_the_sdk_makes_of_a_circuit_is_that_circuit() -> None:
    """A circuit written as the SDK writes it and read back is the same unitary."""
    circuit = QuantumCircuit(2, 1)
    circuit.h(0)
    circuit.rzz(0.3, 0, 1)
    circuit.sxdg(1)
    circuit.iswap(0, 1)
    read = openqasm.parse(qasm2.dumps(circuit).encode()).circuit
    assert Operator(read).equiv(Operator(circuit))


@pytest.mark.parametrize(
    ("statement", "meaning"),
    [
        ("ZZ q[0],q[1];", Operator(RZZGate(math.pi / 2))),
        ("zz q[0],q[1];", Operator(RZZGate(math.pi / 2))),
        ("RZZ(0.3) q[0],q[1];", Operator(RZZGate(0.3))),
        ("v q[0]; id q[1];", Operator(QuantumCircuit(1)).tensor(SXGate())),
        (
            "U1q(0.3,0.2) q[0]; U(0,0,0) q[1];",
            Operator(QuantumCircuit(1)).tensor(RGate(0.3, 0.2)),
        ),
    ],
)
def test_quantinuums_own_gates_are_known(statement: str, meaning: Operator) -> None:
    """Gates of the hardware may be used as well as those of the standard library."""
    assert Operator(openqasm.parse((HEAD + statement).encode()).circuit).equiv(meaning)


def test_quantinuums_library_may_be_included() -> None:
    """`hqslib1.inc` has what the standard library has."""
    source = HEAD.replace("qelib1", "hqslib1") + "h q[0];"
    assert openqasm.parse(source.encode()).circuit.count_ops() == {"h": 1}


def test_a_gate_defined_in_the_program_goes_first() -> None:
    """A program may have its own meaning for a name that is not in the standard library."""
    source = HEAD + "gate zz a,b { cx a,b; } zz q[0],q[1];"
    expected = QuantumCircuit(2)
    expected.cx(0, 1)
    assert Operator(openqasm.parse(source.encode()).circuit).equiv(Operator(expected))


def test_registers_are_given_out_by_name() -> None:
    """Every classical register has its bits, in the order of declaration."""
    source = HEAD + "creg flag[1]; measure q[0] -> flag[0];"
    output = openqasm.parse(source.encode()).output
    assert isinstance(output, Registers)
    assert output.bits == {"c": range(2), "flag": range(2, 3)}
    assert list(output.bits) == ["c", "flag"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"OPENQASM 3.0;", "not OpenQASM 2.0"),
        (b"\xff", "not text"),
        (HEAD.encode() + b"nope q[0];", "'nope' is not defined"),
        (HEAD.encode() + b"h q[2];", "out-of-range"),
        (b"OPENQASM 2.0; qreg q[1];", "no classical register"),
    ],
)
def test_a_wrong_program_is_refused_with_its_reason(source: bytes, reason: str) -> None:
    """A program that does not compile fails its job, and says what is wrong."""
    with pytest.raises(ProgramError, match=reason) as caught:
        openqasm.parse(source)
    assert caught.value.code == "InvalidInputData"


OPAQUE = {
    "used": "opaque mystery p; mystery q[0];",
    "with a parameter": "opaque mystery(a) p; mystery(0.5) q[0];",
    "on several qubits": "opaque mystery a, b; mystery q[0],q[1];",
    "in another gate": (
        "opaque mystery p; gate own p { h p; mystery p; } gate all p { own p; } all q[0];"
    ),
    "under a condition": "opaque mystery p; if(c==1) mystery q[0];",
    "under a condition of Quantinuum's": "opaque mystery p; if(c>=1) mystery q[0];",
    "beside an assignment": "opaque mystery p; c[0] = 1; mystery q[0];",
}


@pytest.mark.parametrize("params", [{}, {"error-model": False}], ids=["noisy", "noiseless"])
@pytest.mark.parametrize("target", ["quantinuum.sim.h2-1e", "quantinuum.sim.h2-1sc"])
@pytest.mark.parametrize("source", OPAQUE.values(), ids=OPAQUE)
def test_an_opaque_gate_is_refused_by_name(
    source: str, target: str, params: dict[str, object]
) -> None:
    """No target knows it, and that is the program's fault on each of them."""
    failed = execute(task(HEAD + source, target, params))

    assert isinstance(failed, JobError), failed
    assert failed.code == "InvalidInputData"
    assert failed.message.startswith("The gate mystery is opaque")


@pytest.mark.parametrize(
    "source",
    [
        "opaque mystery p;",
        "opaque mystery p; // mystery q[0];",
        "opaque zz a, b; zz q[0],q[1];",
        "opaque mystery p; gate own p { mystery p; }",
    ],
)
def test_an_opaque_gate_that_is_not_used_does_no_harm(source: str) -> None:
    """Nor does a declaration of one that the targets know."""
    assert isinstance(execute(task(HEAD + source, "quantinuum.sim.h2-1e", {})), Completed)


@pytest.mark.parametrize("params", [{}, {"error-model": False}], ids=["noisy", "noiseless"])
@pytest.mark.parametrize("target", ["quantinuum.sim.h2-1e", "quantinuum.sim.h2-1sc"])
@pytest.mark.parametrize(
    "source",
    [
        "gate g(a,b) p { rz(a*b) p; } g(1e200,1e200) q[0];",
        "gate g(a) p { rz(ln(a)) p; } g(0) q[0];",
        "gate g(a) p { rz(sqrt(a)) p; } gate f(a) p { g(-a) p; } f(1) q[0];",
        "gate g(a) p { rx(exp(a)) p; } if(c==0) g(1000) q[0];",
        "gate g(a) p { rx(1/a) p; } if(c<=1) g(0) q[0];",
    ],
)
def test_an_angle_is_a_number_also_inside_of_a_gate(
    source: str, target: str, params: dict[str, object]
) -> None:
    """What a definition makes of its parameters is checked where nothing is run, too."""
    failed = execute(task(HEAD + source, target, params))

    assert isinstance(failed, JobError), failed
    assert failed.code == "InvalidInputData"


def task(source: str, target: str, params: dict[str, object]) -> Task:
    """Return a task."""
    return Task(
        target, source.encode(), "honeywell.openqasm.v1", params, "honeywell.quantum-results.v1"
    )


@pytest.mark.parametrize(
    "include",
    [
        'include "{}";',
        'include"{}";',
        'INCLUDE "{}";',
        'include // of\n "{}";',
        'include "qelib1.inc"; include "{}";',
        'include "hqslib1.inc"; include\n"{}";',
        'gate g a {{ include "{}"; }}',
        "include '{}';",
        'if(c==1) include "{}";',
    ],
)
@pytest.mark.parametrize("relative", [False, True])
def test_no_file_is_opened(
    include: str,
    relative: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither by an absolute path nor by one from where the process is, however it is written."""
    library = tmp_path / "secret.inc"
    library.write_text("gate secret a { U(pi,0,pi) a; }\n")
    monkeypatch.chdir(tmp_path)
    line = include.format(library.name if relative else library)
    source = f"OPENQASM 2.0; {line} qreg q[1]; creg c[1]; secret q[0]; measure q -> c;"
    openqasm.parse(source.replace(line, library.read_text()).encode())  # it is the include alone

    with pytest.raises(ProgramError) as refused:
        openqasm.parse(source.encode())

    assert "U(pi" not in str(refused.value)


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "/dev/zero", "../../../../../etc/passwd", "/proc/self/mem"]
)
def test_files_of_the_machine_stay_closed(path: str) -> None:
    """An endless one does not hang the reader, and of none a word is told."""
    with pytest.raises(ProgramError) as refused:
        openqasm.parse(f'OPENQASM 2.0; include "{path}"; qreg q[1]; creg c[1];'.encode())

    assert "root:" not in str(refused.value)
