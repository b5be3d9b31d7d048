"""Compiler of policy documents: makes a sequence of steps of each section."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from localdev.gateway.context import Context
from localdev.gateway.exchange import Run, Step
from localdev.gateway.expressions import (
    ExpressionError,
    compile_expression,
    is_expression,
    render,
)
from localdev.gateway.grammar import SECTIONS, check_document, check_fragment, check_policies
from localdev.gateway.services import Services
from localdev.gateway.source import Element

type Value[T] = Callable[[Context], T]
"""An attribute or a text: literal, or computed for each request."""


@cache
def _compiled(source: str, expected: type[Any] | None) -> Callable[[Context], Any]:
    """Compile an expression once: fragments are included many times."""
    return compile_expression(source, expected)


type Handler = Callable[[Element, Compiler], Run]
type Sections = Mapping[str, tuple[Step, ...]]


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiler of the policies in one section of one document."""

    handlers: Mapping[str, Handler]
    fragments: Mapping[str, Element]
    services: Services
    section: str
    inherited: tuple[Step, ...]
    """What `<base />` stands for."""

    def steps(self, policies: Sequence[Element]) -> tuple[Step, ...]:
        """Compile *policies*, `<base />` and fragments put in their places.

        Raises:
            PolicyError: something in them is not understood.

        """
        steps: list[Step] = []
        for policy in policies:
            if policy.name == "base":
                steps += self.inherited
            elif policy.name == "include-fragment":
                steps += self._included(policy)
            else:
                run = self.handlers[policy.name](policy, self)
                steps.append(Step(policy.name, f"{policy.file}:{policy.line}", run))
        return tuple(steps)

    def _included(self, element: Element) -> tuple[Step, ...]:
        fragment = self.fragments.get(element.attributes["fragment-id"])
        if fragment is None:
            raise element.error(
                f"names {element.attributes['fragment-id']!r}, which is no fragment"
            )
        check_policies(fragment, self.section)
        return self.steps(fragment.children)

    def text(self, element: Element, source: str) -> Value[str]:
        """Compile an attribute or a text whose value is a string."""
        value = self.any(element, source)
        return lambda context: render(value(context))

    def boolean(self, element: Element, source: str) -> Value[bool]:
        """Compile a condition: an expression of type bool.

        Raises:
            PolicyError: it is none.

        """
        return self._expression(element, source, bool)

    def integer(self, element: Element, source: str) -> Value[int]:
        """Compile a number: a literal, or an expression of type int.

        Raises:
            PolicyError: it is neither.

        """
        if not is_expression(source):
            number = int(source)
            return lambda _: number
        return self._expression(element, source, int)

    def any(self, element: Element, source: str) -> Value[Any]:
        """Compile an attribute whose value may have any type."""
        if not is_expression(source):
            return lambda _: source
        return self._expression(element, source)

    def _expression(
        self, element: Element, source: str, expected: type[Any] | None = None
    ) -> Callable[[Context], Any]:
        try:
            return _compiled(source, expected)  # type: ignore[arg-type]  # a class has a hash
        except ExpressionError as error:
            raise element.error(f"has an expression that is not understood: {error}") from error


@dataclass(frozen=True, slots=True)
class Documents:
    """Compiler of whole documents: an inner scope includes the policies of the outer one."""

    handlers: Mapping[str, Handler]
    fragments: Mapping[str, Element]
    services: Services

    def check_fragments(self) -> None:
        """Check every fragment, used or not.

        Raises:
            PolicyError: one is not understood.

        """
        for fragment in self.fragments.values():
            check_fragment(fragment)

    def compile(self, document: Element, outer: Sections) -> Sections:
        """Compile a `<policies>` document; `<base />` stands for the sections of *outer*.

        Raises:
            PolicyError: something in it is not understood.

        """
        check_document(document)
        return {
            section.name: Compiler(
                self.handlers,
                self.fragments,
                self.services,
                section.name,
                outer.get(section.name, ()),
            ).steps(section.children)
            for section in document.children
        }


NOTHING: Sections = dict.fromkeys(SECTIONS, ())
