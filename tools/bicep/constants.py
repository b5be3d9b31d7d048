"""Functions of Bicep that only need values, in Python."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, unquote, urljoin

from tools.bicep.hashes import guid, unique_string
from tools.bicep.literals import Plain

_HOLE = re.compile(r"\{(?P<index>\d+)(?::(?P<zeros>0+))?\}|\{\{|\}\}")


def _format(text: str, *values: Plain) -> str:
    def shown(match: re.Match[str]) -> str:
        if match["index"] is None:
            return match[0][0]
        value = values[int(match["index"])]
        return str(value).zfill(len(match["zeros"])) if match["zeros"] else as_text(value)

    return _HOLE.sub(shown, text)


def as_text(value: Plain) -> str:
    """Return the text of a value, as string() and interpolation convert it."""
    match value:
        case str():
            return value
        case bool():
            return str(value)
        case None:
            return ""
        case int():
            return str(value)
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _split(text: str, delimiters: str | list[str]) -> list[Plain]:
    every = [delimiters] if isinstance(delimiters, str) else delimiters
    return [*re.split("|".join(map(re.escape, every)), text)]


def _spread(values: tuple[Any, ...]) -> list[int]:
    return values[0] if isinstance(values[0], list) else list(values)


def _index(of: str | list[Plain], what: Any) -> int:  # noqa: ANN401 - an item of any kind
    if isinstance(of, str):
        return of.lower().find(what.lower())
    return of.index(what) if what in of else -1


def _last_index(of: str | list[Plain], what: Any) -> int:  # noqa: ANN401 - likewise
    if isinstance(of, str):
        return of.lower().rfind(what.lower())
    return max((at for at, each in enumerate(of) if each == what), default=-1)


def _common(first: Any, *others: Any) -> Any:  # noqa: ANN401 - lists or objects
    if isinstance(first, list):
        return [item for item in first if all(item in each for each in others)]
    pairs = [each.items() for each in others]
    return {
        name: item for name, item in first.items() if all((name, item) in each for each in pairs)
    }


CONSTANT: Mapping[str, Callable[..., Any]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64ToString": lambda text: base64.b64decode(text).decode(),
    "bool": lambda text: {"true": True, "false": False}[str(text).lower()],
    "endsWith": lambda text, end: text.lower().endswith(end.lower()),
    "format": _format,
    "guid": guid,
    "indexOf": _index,
    "int": int,
    "intersection": _common,
    "join": lambda texts, glue: glue.join(as_text(each) for each in texts),
    "json": json.loads,
    "lastIndexOf": _last_index,
    "max": lambda *numbers: max(_spread(numbers)),
    "min": lambda *numbers: min(_spread(numbers)),
    "padLeft": lambda text, width, fill=" ": as_text(text).rjust(width, fill),
    "range": lambda start, count: list(range(start, start + count)),
    "replace": lambda text, old, new: text.replace(old, new),
    "split": _split,
    "startsWith": lambda text, start: text.lower().startswith(start.lower()),
    "string": as_text,
    "substring": lambda text, start, count=None: text[start:][:count],
    "toLower": lambda text: text.lower(),
    "toUpper": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "uniqueString": unique_string,
    "uri": urljoin,
    "uriComponent": lambda text: quote(text, safe="!'()*-._~"),
    "uriComponentToString": unquote,
}
"""By name; what they take of another kind than they are made for, they raise anything about."""
