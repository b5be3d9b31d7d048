"""The files of settings that azd writes and reads: the rules of godotenv 1.5.1, which it uses."""

from __future__ import annotations

import re
from collections.abc import Mapping

_BEGIN = re.compile(r"(?:\s|#[^\n]*)*")
_NAME = re.compile(r"(?:export[ \t]+)?([A-Za-z0-9_.]*)[ \t]*[=:][ \t]*")
_VARIABLE = re.compile(r"(\\)?\$\(?\{?([A-Z0-9_]+)?\}?")
_NUMBER = re.compile(r"[+-]?\d+")


def write(values: Mapping[str, str]) -> str:
    """Return what `azd env get-values` prints."""
    lines = sorted(_assignment(name, value) for name, value in values.items())
    return "".join(f"{line}\n" for line in lines)


def read(text: str) -> dict[str, str]:
    """Return what `azd env set --file` sets.

    Raises:
        ValueError: a quotation does not end, or there is something else than assignments.

    """
    values: dict[str, str] = {}
    position = _start(text, 0)
    while position < len(text):
        name = _NAME.match(text, position)
        if not name:
            raise ValueError(f"not an assignment: {text[position:]!r}")
        position = name.end()
        if text[position : position + 1] in ("'", '"'):
            quote = text[position]
            end = re.compile(rf"(?<!\\){quote}").search(text, position + 1)
            if not end:
                raise ValueError(f"unterminated: {text[position:]!r}")
            value = text[position : end.start()].strip(quote)
            values[name[1]] = value if quote == "'" else _expanded(_unescaped(value), values)
            position = end.end()
        else:
            line = text[position:].partition("\n")[0]
            bare = re.sub(r"(?s)^(.+)[ \t]#.*$", r"\1", line) if " #" in line else line
            values[name[1]] = _expanded(bare.strip(), values)
            position += len(line)
        position = _start(text, position)
    return values


def _start(text: str, position: int) -> int:
    """Return where the next assignment begins, after spaces and comments."""
    found = _BEGIN.match(text, position)
    return found.end() if found else position


def _assignment(name: str, value: str) -> str:
    if _NUMBER.fullmatch(value):
        return f"{name}={int(value)}"
    escaped = re.sub(r'[\\"!$`]', r"\\\g<0>", value).replace("\n", r"\n").replace("\r", r"\r")
    return f'{name}="{escaped}"'


def _unescaped(value: str) -> str:
    breaks = {r"\n": "\n", r"\r": "\r"}
    value = re.sub(r"\\.", lambda match: breaks.get(match[0], match[0]), value)
    return re.sub(r"\\([^$])", r"\1", value)


def _expanded(value: str, values: Mapping[str, str]) -> str:
    def replaced(match: re.Match[str]) -> str:
        if match[1]:
            return match[0][1:]
        return values.get(match[2], "") if match[2] else match[0]

    return _VARIABLE.sub(replaced, value)
