"""The expressions in the policies of `apim/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from localdev.gateway import source
from localdev.gateway.configuration import Files
from localdev.gateway.expressions import is_expression

APIM = Path(__file__).parents[3] / "apim"
_RETURNED = {"condition": bool, "increment-condition": bool, "increment-count": int}
"""The types that attributes with expressions need; any other takes an object."""


def of_apim() -> Iterator[tuple[str, type]]:
    """Return every expression of the policies, with the type that it has to be of."""
    for consumption in (False, True):
        files = Files(APIM, consumption=consumption)
        about = files.json("named-values.json")
        values = {name: one.get("default", "some-value") for name, one in about.items()}
        for document in files.documents():
            for element in source.read(document, values).every():
                for name, text in [*element.attributes.items(), ("", element.text)]:
                    if is_expression(text):
                        yield text, _RETURNED.get(name, object)
