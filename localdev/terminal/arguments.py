"""Argument types that several commands share."""

from __future__ import annotations

from argparse import ArgumentTypeError


def pair(text: str) -> tuple[str, str]:
    """Parse NAME=VALUE; the value may be empty.

    Raises:
        ArgumentTypeError: it is not of that form.

    """
    name, separator, value = text.partition("=")
    if not (name and separator):
        raise ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value
