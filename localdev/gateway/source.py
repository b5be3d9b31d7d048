"""XML parser of policy documents: elements with line numbers, and named values replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

NAMED_VALUE = re.compile(r"\{\{([A-Za-z0-9._-]+)\}\}")


class PolicyError(Exception):
    """A policy document is invalid or unsupported; the message begins with file and line."""

    def __init__(self, file: Path, line: int, what: str) -> None:
        self.file = file
        self.line = line
        super().__init__(f"{file}:{line}: {what}")


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a policy document."""

    name: str
    attributes: Mapping[str, str]
    text: str
    """What stands between its tags, without white space around it."""
    children: tuple[Element, ...]
    file: Path
    line: int

    def error(self, what: str) -> PolicyError:
        """Return the error that says *what* is wrong with this element."""
        return PolicyError(self.file, self.line, f"<{self.name}> {what}")

    def every(self) -> Iterator[Element]:
        """Iterate over this element and all that are in it."""
        left = [self]
        while left:
            element = left.pop()
            yield element
            left += reversed(element.children)

    def child(self, name: str) -> Element | None:
        """Return the first child of that name."""
        return next((child for child in self.children if child.name == name), None)


def read(file: Path, named_values: Mapping[str, str]) -> Element:
    """Parse a document, and replace `{{name}}` by the value of that name.

    Raises:
        PolicyError: it is not well-formed XML, or names a value that is not defined.

    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(file.read_bytes(), parser)
    except etree.XMLSyntaxError as error:
        raise PolicyError(file, error.lineno or 1, f"is not well-formed: {error.msg}") from error
    return _element(root, file, named_values)


def _element(node: etree._Element, file: Path, values: Mapping[str, str]) -> Element:
    line = int(node.sourceline)

    def filled(text: str) -> str:
        def value(match: re.Match[str]) -> str:
            if match[1] not in values:
                raise PolicyError(file, line, f"there is no named value {match[1]}")
            return values[match[1]]

        return NAMED_VALUE.sub(value, text)

    if not isinstance(node.tag, str):
        raise PolicyError(file, line, "entities and processing instructions are not understood")
    children = tuple(_element(child, file, values) for child in node)
    text = "".join([node.text or "", *(child.tail or "" for child in node)]).strip()
    attributes = {str(name): filled(str(value)) for name, value in node.attrib.items()}
    return Element(node.tag, attributes, filled(text), children, file, line)
