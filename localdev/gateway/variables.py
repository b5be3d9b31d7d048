"""Check of context variables: every variable that policies read must be set by a policy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from localdev.gateway.expressions import is_expression
from localdev.gateway.source import Element

_READ = re.compile(r"""\bVariables(?:\.\w+(?:<\w+>)?)?[\[(]"(\w+)\"""")
_SET_BY = {
    "cache-lookup-value": "variable-name",
    "rate-limit-by-key": "retry-after-variable-name",
    "set-variable": "name",
    "validate-azure-ad-token": "output-token-variable-name",
}
"""Attributes that name a variable to set."""


def check_variables(documents: Iterable[Element], fragments: Mapping[str, Element]) -> None:
    """Check that each variable which the documents of one request read is set in one of them.

    Args:
        documents: what runs for one request
        fragments: what they include

    Raises:
        PolicyError: one is set nowhere: it is misspelt, or what set it is gone.

    """
    elements = [
        element for document in documents for element in _with_fragments(document, fragments)
    ]
    known = {
        element.attributes[_SET_BY[element.name]]
        for element in elements
        if element.name in _SET_BY and _SET_BY[element.name] in element.attributes
    }
    for element in elements:
        for text in [*element.attributes.values(), element.text]:
            for name in _READ.findall(text) if is_expression(text) else ():
                if name not in known:
                    raise element.error(f"reads the variable {name}, which nothing sets")


def _with_fragments(document: Element, fragments: Mapping[str, Element]) -> Iterator[Element]:
    for element in document.every():
        yield element
        if element.name == "include-fragment":
            yield from fragments[element.attributes["fragment-id"]].every()
