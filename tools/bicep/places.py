"""Functions for the scope of a deployment, and for ids of resources in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tools.bicep.arguments import Function, Given
from tools.bicep.frames import Context
from tools.bicep.plain import NotKnownError
from tools.bicep.values import Record, Value


def subscription_id(context: Context) -> str:
    """Return the id of the subscription."""
    return f"/subscriptions/{context.subscription}"


def group_id(context: Context) -> str:
    """Return the id of the resource group.

    Raises:
        NotKnownError: a subscription is deployed to, not a group.

    """
    if context.group is None:
        raise NotKnownError
    return f"{subscription_id(context)}/resourceGroups/{context.group}"


def below(scope: str, kind: str, names: Sequence[str]) -> str:
    """Return the id of a resource in a scope.

    Raises:
        NotKnownError: there are not as many names as parts of the type.

    """
    provider, *parts = kind.split("/")
    if len(parts) != len(names):
        raise NotKnownError
    path = "/".join(f"{part}/{name}" for part, name in zip(parts, names, strict=True))
    return f"{scope}/providers/{provider}/{path}"


def _resource_id(context: Context, *texts: str) -> str:
    at = next(number for number, text in enumerate(texts) if "/" in text)
    before, kind, names = texts[:at], texts[at], texts[at + 1 :]
    match before:
        case ():
            scope = group_id(context)
        case (group,):
            scope = f"{subscription_id(context)}/resourceGroups/{group}"
        case (subscription, group):
            scope = f"/subscriptions/{subscription}/resourceGroups/{group}"
        case _:
            raise NotKnownError
    return below(scope, kind, names)


def _of_subscription(context: Context, kind: str, *names: str) -> str:
    if "/" not in kind:
        return below(f"/subscriptions/{kind}", names[0], names[1:])
    return below(subscription_id(context), kind, names)


_IDS: Mapping[str, Callable[..., str]] = {
    "extensionResourceId": lambda _, scope, kind, *names: below(scope, kind, names),
    "resourceId": _resource_id,
    "subscriptionResourceId": _of_subscription,
    "tenantResourceId": lambda _, kind, *names: below("", kind, names),
}

_FACTS: Mapping[str, Callable[[Context], Mapping[str, str]]] = {
    "deployment": lambda context: {"name": context.deployment},
    "resourceGroup": lambda context: {
        "id": group_id(context),
        "name": context.group or "",
        "location": context.location,
    },
    "subscription": lambda context: {
        "id": subscription_id(context),
        "subscriptionId": context.subscription,
        "tenantId": context.tenant,
    },
    "tenant": lambda context: {"tenantId": context.tenant},
}


def _context(given: Given) -> Context:
    if given.bound.frame.context is None:
        raise NotKnownError
    return given.bound.frame.context


def _id(make: Callable[..., str]) -> Function:
    def function(given: Given) -> Value:
        texts: list[Any] = [given.plain(number) for number in range(len(given.values))]
        (value,) = given.evaluate(given.item(make(_context(given), *texts)))
        return value

    return function


def _facts(make: Callable[[Context], Mapping[str, str]]) -> Function:
    def function(given: Given) -> Value:
        if given.values:
            raise NotKnownError
        members = {name: given.item(text) for name, text in make(_context(given)).items()}
        return Record(members, others=True, place=given.bound.place)

    return function


PLACES: Mapping[str, Function] = {
    **{name: _id(make) for name, make in _IDS.items()},
    **{name: _facts(make) for name, make in _FACTS.items()},
}
"""By name."""
