"""Programs that somebody might send to do harm, each with words of the refusal that names it."""

from __future__ import annotations

_HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[1] q;\n'
_TAIL = "\nbit c = measure q[0];\n"


def _program(body: str) -> str:
    return f"{_HEAD}{body}{_TAIL}"


def _laughs(kind: str) -> str:
    first, line = {
        "gate": ("gate g0 a { x a; x a; }\n", "gate g%d a { g%d a; g%d a; }\n"),
        "def": ("def g0(qubit a) { x a; x a; }\n", "def g%d(qubit a) { g%d(a); g%d(a); }\n"),
    }[kind]
    call = {"gate": "g39 q[0];", "def": "g39(q[0]);"}[kind]
    return _program(first + "".join(line % (n, n - 1, n - 1) for n in range(1, 40)) + call)


_FILE = "a file is included"

NAMED = {
    "include": ('OPENQASM 3.0;\ninclude "/etc/passwd";\nqubit q;', _FILE),
    "include, relative": ('OPENQASM 3.0;\ninclude "../../../etc/passwd";\nqubit q;', _FILE),
    "include, of here": ('OPENQASM 3.0;\ninclude "requirements.txt";\nqubit q;', _FILE),
    "include, commented": ('include /* a */ "/etc/passwd" /* b */ ;\nqubit q;', _FILE),
    "include, capitals": ('INCLUDE "/etc/passwd";\nqubit q;', "Line 1, column 9: expected"),
    "include, version 2": ('OPENQASM 2.0;\ninclude "/etc/passwd";\nqreg q[1];', _FILE),
    "include, in a block": (_program('if (true) { include "/etc/passwd"; }'), _FILE),
    "include, endless": ('include "/dev/zero";', _FILE),
    "include, remote": ('include "https://github.com/x/y/z.inc";', _FILE),
    "include, extended": (_program('include "stdgates.inc/../../etc/passwd";'), _FILE),
    "while true": (_program("while (true) { x q[0]; }"), "Line 4, column 1: a while loop"),
    "while measured": (_program("bit b; while (b == 0) { b = measure q[0]; }"), "a while loop"),
    "loop": (_program("for int i in [0:300000] { x q[0]; }"), "repeated 300,001 times"),
    "loop, backwards": (_program("for int i in [300000:-1:0] { x q[0]; }"), "300,001 times"),
    "loop, empty": (_program("for int i in [0:1000000000] { }"), "1,000,000,001 times"),
    "loops, nested": (_program("for int i in [0:999] { for int j in [0:999] { x q[0]; } }"), "1,0"),
    "loop, of a set": (
        _program(f"for int i in {{{'1, ' * 20000}1}} {{ x q[0]; }}"),
        "20,001 times",
    ),
    "power": (_program("pow(1000000000) @ x q[0];"), "repeated 1,000,000,000 times"),
    "powers": (_program("pow(1000) @ pow(1000) @ x q[0];"), "repeated 1,000,000 times"),
    "qubits": ("qubit[100000000] q;", "100,000,000 qubits are declared; 56 is the most"),
    "qubits, countless": (f"qubit[{'9' * 5000}] q;", "more than 100 digits"),
    "qubits, version 2": ("OPENQASM 2.0; qreg q[100000000];", "100,000,000 qubits"),
    "qubits, in parts": ("".join(f"qubit[9] q{n};" for n in range(9)), "63 qubits are declared"),
    "bits": (_program("bit[1000000000] d;"), "1,000,000,000 bits are declared"),
    "array": (_program("array[int[32], 100000, 100000] a;"), "more than 10,000 elements"),
    "number": (_program(f"const int a = {'9' * 60000};"), "more than 100 digits"),
    "brackets": (_program(f"const int a = {'(' * 30000}1{')' * 30000};"), "nested deeper than 64"),
    "blocks": (_program("{" * 30000 + "}" * 30000), "nested deeper than 64"),
    "itself, a gate": (_program("gate g a { x a; g a; } g q[0];"), "it calls itself"),
    "itself, a function": (_program("def f(qubit a) { f(a); } f(q[0]);"), "it calls itself"),
    "input": (_program("input float a; rx(a) q[0];"), "an input parameter"),
    "output of a number": (_program("output int a; a = 3;"), "only bits can be an output"),
    "extern": (_program("extern f(int) -> int;"), "an extern function"),
    "defcal": (_program('defcalgrammar "openpulse"; defcal x $0 { }'), "calibrations"),
    "pragma": (_program("pragma qdk.qir.profile Unrestricted\n"), "pragmas are not taken"),
    "annotation": (_program("@qdk.qir.intrinsic\ngate evil a { x a; }\n"), "annotations are not"),
    "hardware qubit": ('include "stdgates.inc"; x $100000000;', "hardware qubits"),
    "zero byte": (_program("\0"), "Line 4, column 1: unrecognized character `?`"),
    "control characters": ("\x1b[31m\u202e", "Line 1, column 1"),
    "binary": ("\u0000\u0001\u0002BC\u00c0\u00de", "unrecognized character"),
    "unclosed comment": (_program("/* " + "x" * 50000), "unterminated block comment"),
    "unclosed text": ('include "' + "a" * 60000, "unterminated string"),
    "compiler's language": (_program("import Std.Diagnostics.*;"), "expected `;`, found `.`"),
    "slice": (_program("x q[0:1:100000000];"), "index must be in the range"),
    "nothing": ("", "declares no bits"),
    "not measured": (_program("bit[3] d; d[0] = measure q[0];"), "never measured"),
}
"""Refused by name, without a process that has to be killed."""

LIMITED = {
    "loop, computed and empty": _program("int n = 1000000000; for int i in [0:n] { }"),
    "loop, computed": _program("int n = 100000000; for int i in [0:n] { x q[0]; }"),
    "billion laughs": _laughs("gate"),
    "billion laughs, functions": _laughs("def"),
    "branches": _program("bit b; b = measure q[0];" + "if (b) { x q[0]; } " * 2000),
    "array, computed": _program("const int n = 100000; array[int[32], n, n] a;"),
    "register, computed": "const int n = 100000000; qubit[n] q; bit c = measure q[0];",
    "bits, computed": _program("const int n = 1000000000; bit[n] d;"),
    "signs": _program("const int a = " + "-" * 60000 + "1;"),
    "sum": _program("const int a = 1" + "+1" * 30000 + ";"),
    "modifiers": _program("inv @ " * 10000 + "x q[0];"),
}
"""Refused because they reach a limit of time or memory, or crash the compiler."""

OVER = r"takes longer than 2 s|crashed on it"
"""Words of these refusals: what a program reaches first depends on the machine."""

_QIR = """\
%Result = type opaque
%Qubit = type opaque

define void @main() #0 {{
entry:
  call void @__quantum__qis__h__body(%Qubit* null)
{body}
  call void @__quantum__qis__mz__body(%Qubit* null, %Result* null)
  call void @__quantum__rt__result_record_output(%Result* null, i8* null)
  ret void
}}

declare void @__quantum__qis__h__body(%Qubit*)
declare void @__quantum__qis__rx__body(double, %Qubit*)
declare void @__quantum__qis__cnot__body(%Qubit*, %Qubit*)
declare void @__quantum__qis__mz__body(%Qubit*, %Result*)
declare void @__quantum__rt__result_record_output(%Result*, i8*)
declare i1 @__quantum__rt__read_result(%Result*)
{more}
attributes #0 = {{ "entry_point" {attributes} }}
"""
_DECLARED = '"qir_profiles"="base_profile" "required_num_qubits"="2" "required_num_results"="1"'


def qir(body: str = "", more: str = "", attributes: str = _DECLARED) -> str:
    """Return a program in QIR that reads one qubit."""
    return _QIR.format(body=body, more=more, attributes=attributes)


def _declared(qubits: int = 2, results: int = 1) -> str:
    profile = '"qir_profiles"="base_profile"'
    return f'{profile} "required_num_qubits"="{qubits}" "required_num_results"="{results}"'


NAMED_QIR = {
    "no text of LLVM": ("hello", "it is not LLVM's text"),
    "nothing": ("", "0 entry points"),
    "zero byte": (qir() + "\0", "zero bytes"),
    "bitcode": ("BC\u00c0\u00de" + "\u0001" * 100, "it is not LLVM's text"),
    "system call": (
        qir("  call i32 @system(i8* null)", "declare i32 @system(i8*)"),
        "the function system is not known",
    ),
    "unknown instruction": (
        qir(
            "  call void @__quantum__qis__dumpmachine__body(i8* null)",
            "declare void @__quantum__qis__dumpmachine__body(i8*)",
        ),
        "no target has",
    ),
    "assembly": (qir(more='module asm "nop"'), "has assembly in it"),
    "inline assembly": (qir('  call void asm "nop", ""()'), "calls something that is no function"),
    "address": (
        qir("  %f = inttoptr i64 4096 to void ()*\n  call void %f()"),
        "inttoptr is in no profile of QIR",
    ),
    "memory": (qir("  %a = alloca [1000000000 x i8]"), "alloca is in no profile of QIR"),
    "loop": (
        qir("  br label %again\nagain:\n  br label %again\nafter:"),
        "it has a loop",
    ),
    "function": (qir(more="define void @f() {\n  call void @f()\n  ret void\n}"), "has a body"),
    "own instruction": (
        qir(more="define void @__quantum__qis__x__body(%Qubit* %q) {\n  ret void\n}"),
        "has a body",
    ),
    "too few qubits": (qir(attributes=_declared(qubits=0)), "it has the qubit 0; 0 are declared"),
    "no attributes": (qir(attributes=""), "has no attribute required_num_qubits"),
    "results": (qir(attributes=_declared(results=1_000_000_000)), "1,000,000,000 results"),
    "attributes twice": (
        qir(more='attributes #9 = { "required_num_qubits"="1" }'),
        "have to be in the text once",
    ),
    "attribute in a comment": ('; "required_num_qubits"="1"\n' + qir(), "in the text once"),
    "a qubit twice": (
        qir("  call void @__quantum__qis__cnot__body(%Qubit* null, %Qubit* null)"),
        "the same qubit twice",
    ),
    "no number": (
        qir("  call void @__quantum__qis__rx__body(double 0x7FF8000000000000, %Qubit* null)"),
        "an angle that is no number",
    ),
    "wrong profile": (
        qir(
            "  %r = call i1 @__quantum__rt__read_result(%Result* null)\n"
            "  br i1 %r, label %one, label %two\none:\n  br label %two\ntwo:"
        ),
        "it says base_profile and depends on what it measures",
    ),
    "instructions": (
        qir("  call void @__quantum__qis__h__body(%Qubit* null)\n" * 6000 * 4),
        "more than 20,000 instructions",
    ),
    "record of a number": (
        qir(
            "  call void @__quantum__rt__int_record_output(i64 1, i8* null)",
            "declare void @__quantum__rt__int_record_output(i64, i8*)",
        ),
        "it records a value (int)",
    ),
    "arguments": (qir().replace("@main()", "@main(i64 %a)"), "takes arguments"),
}
"""Refused by name."""
