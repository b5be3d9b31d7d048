"""Inline constraints of route parameters, with ASP.NET's names and meanings."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

type Constraint = Callable[[str], bool]
"""Tells whether a value fits."""

_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")


def constraint(name: str, argument: str | None) -> Constraint:
    """Return the constraint of a name and what follows in parentheses, or None without any.

    Raises:
        ValueError: there is none of that name, or its argument is wrong.

    """
    if argument is None and name in _SIMPLE:
        return _SIMPLE[name]
    if argument is not None and name in _WITH_ARGUMENT:
        try:
            return _WITH_ARGUMENT[name](argument)
        except (ValueError, re.error) as error:
            raise ValueError(f"{name}({argument}) is no constraint: {error}") from error
    raise ValueError(f"the route constraint {name!r} is not supported")


def _form(pattern: str) -> Constraint:
    form = re.compile(pattern, re.IGNORECASE | re.ASCII)
    return lambda value: form.fullmatch(value) is not None


def _whole(bits: int) -> Constraint:
    limit = 2 ** (bits - 1)
    return lambda value: _WHOLE.fullmatch(value) is not None and -limit <= int(value) < limit


def _is_moment(value: str) -> bool:
    # ISO 8601 only; .NET takes many more forms.
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _between(low: int | None, high: int | None) -> Constraint:
    def admits(value: str) -> bool:
        if not _SIMPLE["long"](value):
            return False
        return (low is None or low <= int(value)) and (high is None or int(value) <= high)

    return admits


def _long(low: int, high: int | None) -> Constraint:
    return lambda value: low <= len(value) and (high is None or len(value) <= high)


def _pair(argument: str) -> tuple[int, int]:
    low, high = argument.split(",")
    return int(low), int(high)


def _length(argument: str) -> Constraint:
    low, high = _pair(argument) if "," in argument else (int(argument), int(argument))
    return _long(low, high)


def _searched(pattern: str) -> Constraint:
    form = re.compile(pattern, re.IGNORECASE)
    return lambda value: form.search(value) is not None


_HEX = "[0-9a-f]"
_GROUPS = f"{_HEX}{{8}}(-{_HEX}{{4}}){{3}}-{_HEX}{{12}}"

_SIMPLE: dict[str, Constraint] = {
    "int": _whole(32),
    "long": _whole(64),
    "bool": _form("true|false"),
    "guid": _form(rf"{_HEX}{{32}}|{_GROUPS}|\{{{_GROUPS}\}}|\({_GROUPS}\)"),
    "alpha": _form("[a-z]*"),
    "decimal": _form(r"[+-]?(\d[\d,]*\.?\d*|\.\d+)"),
    "double": _form(r"[+-]?(\d[\d,]*\.?\d*|\.\d+)(e[+-]?\d+)?"),
    "float": _form(r"[+-]?(\d[\d,]*\.?\d*|\.\d+)(e[+-]?\d+)?"),
    "datetime": _is_moment,
    "required": bool,
}

_WITH_ARGUMENT: dict[str, Callable[[str], Constraint]] = {
    "min": lambda low: _between(int(low), None),
    "max": lambda high: _between(None, int(high)),
    "range": lambda both: _between(*_pair(both)),
    "minlength": lambda low: _long(int(low), None),
    "maxlength": lambda high: _long(0, int(high)),
    "length": _length,
    "regex": _searched,
}
