"""QIR text for tests, without a compiler."""

from __future__ import annotations


def qubit(number: int) -> str:
    """Return a static qubit as an argument."""
    return f"%Qubit* inttoptr (i64 {number} to %Qubit*)"


def result(number: int) -> str:
    """Return a static result as an argument."""
    return f"%Result* inttoptr (i64 {number} to %Result*)"


def call(function: str, *args: str) -> str:
    """Return a call of a function of the quantum instruction set."""
    return f"call void @__quantum__qis__{function}({', '.join(args)})"


def measure(qubit_number: int, result_number: int) -> str:
    """Return a measurement."""
    return call("m__body", qubit(qubit_number), result(result_number))


def record(kind: str, size: int) -> str:
    """Return the record call of a container."""
    return f"call void @__quantum__rt__{kind}_record_output(i64 {size}, i8* null)"


def record_result(number: int) -> str:
    """Return the record call of a result."""
    return f"call void @__quantum__rt__result_record_output({result(number)}, i8* null)"


def read(name: str, number: int) -> str:
    """Return a line that reads a result into the variable *name*."""
    return f"%{name} = call i1 @__quantum__rt__read_result({result(number)})"


def record_value(kind: str, value: str) -> str:
    """Return the record call of a value, such as `i64 3` for the kind `int`."""
    return f"call void @__quantum__rt__{kind}_record_output({value}, i8* null)"


def register(*results: int) -> list[str]:
    """Return the record calls of an array of results."""
    return [record("array", len(results)), *map(record_result, results)]


def module(body: list[str], *, qubits: int, results: int) -> bytes:
    """Return a module whose entry point consists of *body*, lines that may be labels."""
    declared = {line.split("@", 1)[1].split("(", 1)[0]: line for line in body if "call" in line}
    declarations = "\n".join(_declaration(name, line) for name, line in declared.items())
    return f"""
%Result = type opaque
%Qubit = type opaque
define void @ENTRYPOINT__main() #0 {{
{"\n".join(body)}
ret void
}}
{declarations}
attributes #0 = {{ "entry_point" "required_num_qubits"="{qubits}"
 "required_num_results"="{results}" }}
""".encode()


def with_function(
    body: list[str], parameters: str, inside: list[str], *, qubits: int, results: int
) -> bytes:
    """Return a program that calls a function `f` of its own, with these instructions inside."""
    callers = module([*body, *inside], qubits=qubits, results=results)
    plain = module(body, qubits=qubits, results=results).decode()
    types = ", ".join(part.rpartition(" ")[0] for part in parameters.split(", "))
    definition = f"define void @f({parameters}) {{\n{'\n'.join(inside)}\nret void\n}}"
    declared = [line for line in callers.decode().splitlines() if line.startswith("declare")]
    missing = "\n".join(line for line in declared if line not in plain)
    return plain.replace(f"declare void @f({types})", f"{definition}\n{missing}").encode()


def _declaration(name: str, line: str) -> str:
    kind = line.split("call ", 1)[1].split(" ", 1)[0]
    argument_list = line.split(f"@{name}(", 1)[1].removesuffix(")")
    types = [argument.split(" ", 1)[0] for argument in argument_list.split(", ") if argument]
    return f"declare {kind} @{name}({', '.join(types)})"


# Beyond what any test waits for: a gate on every qubit, again and again.
ENDLESS = module(
    [
        *[call("rx__body", "double 0.1", qubit(q)) for q in range(25)] * 400,
        measure(0, 0),
        *register(0),
    ],
    qubits=25,
    results=1,
)
