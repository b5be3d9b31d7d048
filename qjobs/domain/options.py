"""Options of a job: input parameters for its provider, typed where a provider documents them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from qjobs.domain.pointer import escape

_MOST = 20
_LONGEST = 4096
_DEEPEST = 3
"""Arrays and objects inside each other, in one option."""
_ENGINE = frozenset({"shots", "count", "seed", "items", "entryPoint", "arguments"})
"""Input parameters that the engine sets itself."""

type _Type = str | Mapping[str, str]
"""The name of a JSON type, or the types of an object's members; it may have others too."""

_NOISE: _Type = {"model": "string", "seed": "integer"}
OF_PROVIDERS: dict[str, dict[str, _Type]] = {
    "ionq": {"noise": _NOISE, "error-mitigation": {"debias": "boolean"}},
    "quantinuum": {
        "error-params": "object",
        "error-model": "boolean",
        "simulator": "string",
        "tket-opt-level": "integer",
        "no-opt": "boolean",
        "no-reduce": "boolean",
    },
    "rigetti": {"skipQuilc": "boolean", "substitutions": "object"},
    "local": {"noise": _NOISE, "error-model": "boolean", "simulator": "string"},
}
"""As the providers document them; `local` is the emulator's own. Any other option is passed on."""
_OF_ANY = {name: kind for options in OF_PROVIDERS.values() for name, kind in options.items()}
_PYTHON: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
}


def option_violations(options: object, provider: str | None) -> Iterator[tuple[str, str]]:
    """Yield every rule that *options* break, as a pointer into them and a detail.

    Without a provider, because the target is not chosen yet, an option that any provider documents
    has to be of its type.
    """
    if not isinstance(options, dict) or len(options) > _MOST:
        yield "", f"Must be an object with at most {_MOST} members."
        return
    known = _OF_ANY if provider is None else OF_PROVIDERS.get(provider, {})
    deep = [name for name, value in options.items() if not _within(value, _DEEPEST)]
    for name, value in options.items():
        pointer = f"/{escape(name)}"
        if name in _ENGINE:
            yield pointer, "Is set by the engine; leave it out."
        elif name in deep:
            yield pointer, f"Must not be nested deeper than {_DEEPEST} levels."
        elif name in known:
            for path, detail in _wrong(value, known[name]):
                yield f"{pointer}{path}", detail
    if not deep and len(json.dumps(options)) > _LONGEST:
        yield "", f"Must be at most {_LONGEST} characters of JSON."


def merged(options: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """Return *options* with *others* over them, member by member in objects of both."""
    both = {
        name: merged(options[name], value)
        for name, value in others.items()
        if isinstance(value, dict) and isinstance(options.get(name), dict)
    }
    return {**options, **others, **both}


def mitigates_errors(options: Mapping[str, Any]) -> bool:
    """Return whether a provider mitigates errors, as IonQ does unless it is asked not to."""
    mitigation = options.get("error-mitigation")
    return not isinstance(mitigation, dict) or mitigation.get("debias") is not False


def _within(value: object, levels: int) -> bool:
    """Return whether *value* has at most *levels* arrays and objects inside each other."""
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_within(item, levels - 1) for item in inner)


def _wrong(value: object, kind: _Type) -> Iterator[tuple[str, str]]:
    name = kind if isinstance(kind, str) else "object"
    if not isinstance(value, _PYTHON[name]) or (name == "integer" and isinstance(value, bool)):
        yield "", f"Must be of type {name}."
    elif isinstance(value, dict) and isinstance(kind, Mapping):
        for member in kind:
            if member in value:
                for path, detail in _wrong(value[member], kind[member]):
                    yield f"/{member}{path}", detail
