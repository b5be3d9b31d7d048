"""`python -m azure_quantum_emulator.reference FILE`: the tables of a document, from the code.

Between `<!-- table: name -->` and `<!-- end -->` a document has one of the `TABLES`. The command
writes them anew; a test compares those of the manual.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from azure_quantum_emulator.api.control import ROUTES
from azure_quantum_emulator.api.urls import DATA_PLANE
from azure_quantum_emulator.fault_injection.faults import JobFault, RequestFault
from azure_quantum_emulator.fault_injection.settings import Settings, TargetSettings
from azure_quantum_emulator.json_model import JsonModel
from azure_quantum_emulator.targets.catalogue import all_targets
from azure_quantum_emulator.targets.devices import all_devices

_PLACE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_REQUEST = re.compile(r"`[A-Z]+( [^`]*)?`")


def operations() -> Iterator[Sequence[str]]:
    """Yield the operations of the workspace."""
    yield "operation", "request", "remarks"
    for route in DATA_PLANE:
        method = next(iter((route.methods or {"GET"}) - {"HEAD"}))
        path = re.sub(r"\{\w+\}", "{id}", route.path)
        yield f"`{route.name}`", f"`{method} {path}`", _first_line(route.endpoint)


def control() -> Iterator[Sequence[str]]:
    """Yield the operations that only the emulator has."""
    yield "request", "what it does"
    for route in ROUTES:
        method = next(iter((route.methods or {"GET"}) - {"HEAD"}))
        path = re.sub(r"\{\w+(:\w+)?\}", "{id}", route.path)
        yield f"`{method} /emulator{path}`", _first_line(route.endpoint)


def targets() -> Iterator[Sequence[str]]:
    """Yield the targets; an asterisk marks those that are not listed, but take jobs."""
    yield "target", "kind", "qubits", "profile", "noise", "programs"
    for target in all_targets().values():
        yield (
            f"`{target.id}`{'' if target.listed else '*'}",
            target.kind,
            str(target.num_qubits),
            target.target_profile,
            target.noise or "",
            ", ".join(f"`{name}`" for name in target.input_formats),
        )


def devices() -> Iterator[Sequence[str]]:
    """Yield the devices with their error rates, and when these were published."""
    rates = ("one-qubit gate", "two-qubit gate", "reads 1 for 0", "reads 0 for 1")
    yield "device", *rates, "published"
    for name, device in all_devices().items():
        of = device.rates
        figures = (of.one_qubit, of.two_qubit, of.read_1_given_0, of.read_0_given_1)
        published = sorted({figure.published for figure in figures})
        yield f"`{name}`", *(f"{figure.value:g}" for figure in figures), ", ".join(published)


def formats() -> Iterator[Sequence[str]]:
    """Yield the formats of programs, and in which formats their results can be had."""
    yield "program", "results"
    results: dict[str, dict[str, None]] = {}
    for target in all_targets().values():
        # Microsoft's test targets give back what they are given.
        for name in target.input_formats if target.simulator != "echo" else ():
            own = name.split(".", maxsplit=1)[0]
            for output in target.output_formats:
                if output.split(".")[0] == own or (name == "qir.v1") is _is_for_qir(output):
                    results.setdefault(name, {})[output] = None
    for name, outputs in results.items():
        yield f"`{name}`", ", ".join(f"`{output}`" for output in outputs)


def _properties(model: type[JsonModel]) -> Iterator[Sequence[str]]:
    yield "field", "value"
    for name, field in model.json_schema()["properties"].items():
        types = [field, *field.get("anyOf", [])]
        values = [f"`{value}`" for one in types for value in one.get("enum", ())]
        yield f"`{name}`", "; ".join(filter(None, [", ".join(values), field.get("description")]))


TABLES: dict[str, Callable[[], Iterator[Sequence[str]]]] = {
    "operations": operations,
    "control": control,
    "targets": targets,
    "devices": devices,
    "formats": formats,
    "settings": partial(_properties, Settings),
    "target_settings": partial(_properties, TargetSettings),
    "faults": partial(_properties, RequestFault),
    "job_faults": partial(_properties, JobFault),
}
"""By the name that documents call them."""


def filled(document: str) -> str:
    """Return a document with its tables as they should be.

    Raises:
        KeyError: it asks for a table that there is not.

    """
    return _PLACE.sub(lambda place: place[1] + _markdown(TABLES[place[2]]()) + place[3], document)


def main() -> None:
    """Write the tables into the document that the command line names."""
    path = Path(sys.argv[1])
    path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")


def _markdown(rows: Iterator[Sequence[str]]) -> str:
    heading = next(rows)
    lines = [heading, ["---"] * len(heading), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)


def _first_line(function: Callable[..., object]) -> str:
    """Return the description of an operation in its docstring, without the request line."""
    text = (function.__doc__ or "").strip().partition("\n")[0].rstrip(".")
    return _REQUEST.sub("", text, count=1).lstrip(":, ")


def _is_for_qir(output: str) -> bool:
    return output.startswith("microsoft.") or output == "honeywell.qir.v1"


if __name__ == "__main__":
    main()
