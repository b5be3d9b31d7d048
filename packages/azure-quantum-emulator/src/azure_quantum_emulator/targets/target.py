"""Models of the files in `providers/`: a provider, its targets, and their billing dimensions."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from azure_quantum_emulator.json_model import JsonModel, Strings

type Kind = Literal["simulator", "emulator", "qpu", "syntax-checker"]
type Simulation = Literal["sampling", "rounding", "syntax-check", "echo"]
type Amount = Literal[
    "none", "one-qubit-gate-shots", "two-qubit-gate-shots", "hqc", "centiseconds", "hours"
]
"""How much of a dimension a job consumes; `pricing.py` has the formulas."""


class CostDimension(JsonModel):
    """One line of the bill: something a target charges for."""

    dimension_id: str
    dimension_name: str
    measure_unit: str
    amount: Amount
    unit_price: float
    """In the currency of the target."""


class Pricing(JsonModel):
    """The currency of a bill, and its minimum."""

    currency: str
    minimum: float = 0.0
    minimum_unmitigated: float | None = None
    """The same without error mitigation; None if that makes no difference."""


class Target(JsonModel):
    """A target: limits, formats, reported status, and prices."""

    provider: str
    """In lower case, as in the service's responses."""
    id: str
    kind: Kind
    simulator: Simulation
    """Which of `simulators` computes for it."""
    num_qubits: int
    max_shots: int
    default_shots: Annotated[int, Field(ge=1)]
    target_profile: Literal["Base", "Adaptive_RI", "Adaptive_RIF"]
    paired_simulator: str | None = None
    """For a QPU, the target of the same provider to try a program on."""
    noise: str | None = None
    """Whose noise it has, a name of `devices`; None is noiseless."""
    average_queue_time: int
    """Seconds. What it reports, not how long jobs wait here."""
    status_page: str
    listed: bool = True
    """Whether it is in `providerStatus`; jobs are taken in any case."""
    input_formats: Annotated[Strings, Field(min_length=1)]
    output_formats: Annotated[Strings, Field(min_length=1)]
    counted_gates: Literal["submitted", "native"] = "submitted"
    """Whether the provider bills gates as they came in or as it carries them out."""
    cost_dimensions: list[CostDimension]
    pricing: Pricing

    @model_validator(mode="after")
    def _check_shots(self) -> Self:
        if self.default_shots > self.max_shots:
            raise ValueError("defaultShots is more than maxShots.")
        return self

    def output_format_of(self, input_format: str) -> str:
        """Return the format of results of a job that asks for none: that of its own kind."""
        families = [input_format, input_format.partition(".")[0]]
        if input_format == "qir.v1":
            families = ["microsoft.quantum-results"]
        found = (
            name
            for family in families
            for name in self.output_formats
            if name == family or name.startswith(f"{family}.")
        )
        return next(found, self.output_formats[0])


class ProviderFile(JsonModel):
    """A file of `providers/`: where its figures are from, and the targets of one provider."""

    sources: list[str]
    targets: list[Target]

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, document: Any) -> Any:  # noqa: ANN401 - JSON
        """Give each target what the file says of all: `provider`, and the `defaults`."""
        match document:
            case {"provider": provider, "defaults": dict(defaults), "targets": list(targets)}:
                common = {"provider": provider} | defaults
                rest = {name: document[name] for name in document.keys() - {"provider", "defaults"}}
                return rest | {"targets": [common | target for target in targets]}
            case _:
                raise ValueError("it needs a provider, defaults, and a list of targets.")
