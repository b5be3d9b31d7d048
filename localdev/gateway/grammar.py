"""Grammar of policy documents: elements, attributes and sections, as far as the policies use them.

Source of every rule is Microsoft's policy reference; an element, attribute or value that is not in
these tables is refused, whether API Management has it or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from localdev.gateway.expressions import is_expression
from localdev.gateway.source import Element

INBOUND, BACKEND, OUTBOUND, ON_ERROR = SECTIONS = ("inbound", "backend", "outbound", "on-error")
EVERYWHERE = frozenset(SECTIONS)


@dataclass(frozen=True, slots=True)
class Attribute:
    """Rule for the values of an attribute."""

    required: bool = False
    choices: tuple[str, ...] = ()
    """Its literal values; empty for any."""
    number: tuple[int, int] | None = None
    """The least and the largest, if it is a whole number."""
    expression: bool = False
    """Whether it may be computed."""

    def violation(self, value: str) -> str | None:
        """Return the error in *value*, or None if it is valid."""
        if is_expression(value):
            return None if self.expression else "takes no expression"
        if self.choices and value not in self.choices:
            return f"is one of {', '.join(self.choices)}"
        if self.number is not None:
            low, high = self.number
            if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
                return f"is a whole number from {low} to {high}"
        return None


@dataclass(frozen=True, slots=True)
class Rule:
    """Rule for an element: its attributes, its children, and the sections that it is allowed in."""

    sections: frozenset[str] = frozenset()
    """Where it may stand as a policy; empty for a part of one."""
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    """Its children other than policies, in this order, with how often each may come: "1" once,
    "?" at most once, "*" any number of times, "+" at least once."""
    policies: bool = False
    """Whether its children are policies of the section that it stands in."""
    text: bool = False
    """Whether it has a text."""
    once: bool = False
    """Whether a section may have only one, wherever it stands in it."""
    fragment: bool = True
    """Whether a fragment may have it."""


_TEXT = Attribute(required=True, expression=True)
_NAME = Attribute(required=True)
_OPTIONAL = Attribute()
_BOOLEAN = Attribute(choices=("true", "false"))
_CACHE = Attribute(choices=("prefer-external", "internal", "external"))
_SECONDS = (0, 2**31 - 1)

RULES: Mapping[str, Rule] = {
    "base": Rule(EVERYWHERE, fragment=False),
    "include-fragment": Rule(EVERYWHERE, {"fragment-id": _NAME}, fragment=False),
    "choose": Rule(EVERYWHERE, parts={"when": "+", "otherwise": "?"}),
    "when": Rule(attributes={"condition": _TEXT}, policies=True),
    "otherwise": Rule(policies=True),
    "set-variable": Rule(EVERYWHERE, {"name": _NAME, "value": _TEXT}),
    "return-response": Rule(
        EVERYWHERE, parts={"set-status": "1", "set-header": "*", "set-body": "?"}
    ),
    "set-status": Rule(
        attributes={
            "code": Attribute(required=True, number=(100, 599), expression=True),
            "reason": Attribute(expression=True),
        }
    ),
    "set-header": Rule(
        EVERYWHERE,
        {
            "name": _NAME,
            "exists-action": Attribute(choices=("override", "skip", "append", "delete")),
        },
        parts={"value": "*"},
    ),
    "set-backend-service": Rule(frozenset({INBOUND, BACKEND}), {"backend-id": _NAME}),
    "forward-request": Rule(
        frozenset({BACKEND}),
        {
            "timeout": Attribute(required=True, number=(1, 240)),
            "follow-redirects": _BOOLEAN,
            "buffer-request-body": _BOOLEAN,
        },
    ),
    "limit-concurrency": Rule(
        EVERYWHERE,
        {"key": _TEXT, "max-count": Attribute(required=True, number=(1, 2**31 - 1))},
        policies=True,
    ),
    "set-body": Rule(frozenset({INBOUND, BACKEND, OUTBOUND}), text=True),
    "cors": Rule(
        frozenset({INBOUND}),
        {
            "allow-credentials": _BOOLEAN,
            "terminate-unmatched-request": replace(_BOOLEAN, required=True),
        },
        parts={
            "allowed-origins": "1",
            "allowed-methods": "1",
            "allowed-headers": "1",
            "expose-headers": "?",
        },
        once=True,
        fragment=False,
    ),
    "allowed-origins": Rule(parts={"origin": "*"}),
    "allowed-methods": Rule(
        attributes={"preflight-result-max-age": Attribute(number=_SECONDS)}, parts={"method": "*"}
    ),
    "allowed-headers": Rule(parts={"header": "*"}),
    "expose-headers": Rule(parts={"header": "*"}),
    "validate-azure-ad-token": Rule(
        frozenset({INBOUND}),
        {
            "tenant-id": _TEXT,
            "header-name": _NAME,
            "failed-validation-httpcode": Attribute(number=(400, 499)),
            "output-token-variable-name": _NAME,
        },
        parts={"audiences": "1"},
    ),
    "audiences": Rule(parts={"audience": "*"}),
    "authentication-managed-identity": Rule(
        frozenset({INBOUND}), {"resource": _NAME, "client-id": _NAME}
    ),
    "rate-limit-by-key": Rule(
        frozenset({INBOUND}),
        {
            "calls": Attribute(required=True, number=(1, 2**31 - 1)),
            "renewal-period": Attribute(required=True, number=(1, 300)),
            "counter-key": _TEXT,
            "increment-condition": Attribute(expression=True),
            "increment-count": Attribute(expression=True),
            "retry-after-variable-name": _OPTIONAL,
            "remaining-calls-header-name": _OPTIONAL,
            "total-calls-header-name": _OPTIONAL,
        },
    ),
    "cache-lookup-value": Rule(
        frozenset({INBOUND}),
        {"key": _TEXT, "variable-name": _NAME, "caching-type": _CACHE},
        once=True,
        fragment=False,
    ),
    "cache-store-value": Rule(
        frozenset({OUTBOUND, ON_ERROR}),
        {
            "key": _TEXT,
            "value": _TEXT,
            "duration": Attribute(required=True, number=_SECONDS),
            "caching-type": _CACHE,
        },
        once=True,
        fragment=False,
    ),
    **{name: Rule(text=True) for name in ("value", "origin", "method", "header", "audience")},
}
_ONCE = frozenset(name for name, rule in RULES.items() if rule.once)
_FORBIDDEN_HEADERS = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding"})


def check_document(root: Element) -> None:
    """Check a `<policies>` document.

    Raises:
        PolicyError: it is not one; the message says where and what to change.

    """
    if root.name != "policies" or root.attributes or root.text:
        raise root.error("must be <policies> without attributes or text")
    if tuple(section.name for section in root.children) != SECTIONS:
        raise root.error(f"must have the sections {', '.join(SECTIONS)}, in this order")
    for section in root.children:
        if section.attributes:
            raise section.error("takes no attributes")
        if section.name == BACKEND and len(section.children) > 1:
            raise section.error("may have only one policy, or it is not deployed")
        check_policies(section, section.name)
        policies = [policy.name for policy in section.children]
        if "base" not in policies and not (section.name == BACKEND and policies):
            # Without it nothing of the scopes around applies: no token would be asked for.
            raise section.error("needs <base />")


def check_fragment(root: Element) -> None:
    """Check a `<fragment>` document, except for where it is included.

    Raises:
        PolicyError: as for a document.

    """
    if root.name != "fragment" or root.attributes:
        raise root.error("must be <fragment> without attributes")
    for element in root.every():
        if element is not root and not RULES.get(element.name, Rule()).fragment:
            raise element.error("cannot stand in a fragment")


def check_policies(parent: Element, section: str) -> None:
    """Check that the children of *parent* are policies that may stand in *section*.

    Raises:
        PolicyError: as for a document.

    """
    if parent.text:
        raise parent.error(f"has the text {parent.text[:20]!r}, where only policies can stand")
    for policy in parent.children:
        rule = RULES.get(policy.name)
        if rule is None or not rule.sections:
            raise policy.error("is no policy that the local gateway understands")
        if section not in rule.sections:
            raise policy.error(f"cannot stand in {section}")
        _check_element(policy, rule, section)
    found: set[str] = set()
    for element in parent.every():
        if element.name in _ONCE and element.name in found:
            raise element.error(f"may come only once in {section}")
        found.add(element.name)


def _check_element(element: Element, rule: Rule, section: str) -> None:
    for name, value in element.attributes.items():
        if name not in rule.attributes:
            raise element.error(f"has no attribute {name}")
        if violation := rule.attributes[name].violation(value):
            raise element.error(f"has {name}={value!r}, which {violation}")
    for name, attribute in rule.attributes.items():
        if attribute.required and name not in element.attributes:
            raise element.error(f"needs the attribute {name}")
    if rule.policies:
        check_policies(element, section)
        return
    if element.text and not rule.text:
        raise element.error(f"has the text {element.text[:20]!r}, but takes none")
    _check_parts(element, rule, section)
    if element.name == "set-header":
        _check_header(element)


def _check_parts(element: Element, rule: Rule, section: str) -> None:
    order = list(rule.parts)
    position = 0
    for part in element.children:
        if part.name not in order:
            raise part.error(f"cannot stand in <{element.name}>")
        if order.index(part.name) < position:
            raise part.error(f"must come earlier; the order is {', '.join(order)}")
        position = order.index(part.name)
        _check_element(part, RULES[part.name], section)
    for name, times in rule.parts.items():
        found = [part for part in element.children if part.name == name]
        if len(found) > 1 and times in "1?":
            raise found[1].error(f"may come only once in <{element.name}>")
        if not found and times in "1+":
            raise element.error(f"needs <{name}>")


def _check_header(element: Element) -> None:
    if element.attributes["name"].lower() in _FORBIDDEN_HEADERS:
        raise element.error(f"cannot set {element.attributes['name']}")
    deletes = element.attributes.get("exists-action") == "delete"
    if deletes == bool(element.children):
        raise element.error("needs a <value>, and none to delete")
