"""The options `--set` and `--named-value`; unknown names are refused before anything starts."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from difflib import get_close_matches

from localdev.repository import ROOT
from localdev.stack.parts import SETTINGS_FILE
from localdev.terminal.arguments import pair
from qjobs.settings import SettingError, Settings

_NAMED_VALUES = ROOT / "apim" / "named-values.json"
# Read by the product and its libraries where storage is called with an identity.
_KEYLESS = ("accountName", "blobServiceUri", "clientId", "credential", "queueServiceUri")


def add_settings_argument(parser: ArgumentParser) -> None:
    """Declare `--set`."""
    parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        type=app_setting,
        metavar="NAME=VALUE",
        help="an app setting of the functions; repeatable",
    )


def add_named_value_argument(parser: ArgumentParser) -> None:
    """Declare `--named-value`."""
    parser.add_argument(
        "--named-value",
        dest="named_values",
        action="append",
        default=[],
        type=named_value,
        metavar="NAME=VALUE",
        help="a named value of the gateway's policies, such as submits-per-minute; repeatable",
    )


def app_setting(text: str) -> tuple[str, str]:
    """Return name and value of an app setting.

    Raises:
        ArgumentTypeError: nothing reads a setting of that name, or not with that value.

    """
    name, value = pair(text)
    example: dict[str, str] = json.loads(SETTINGS_FILE.read_text(encoding="utf-8"))["Values"]
    keyless = (f"AzureWebJobsStorage__{member}" for member in _KEYLESS)
    _expect(name, "app setting", {*example, *keyless})
    try:
        Settings.from_environment(example | {name: value})
    except SettingError as error:
        raise ArgumentTypeError(str(error)) from error
    return name, value


def named_value(text: str) -> tuple[str, str]:
    """Return name and value of a named value of the gateway.

    Raises:
        ArgumentTypeError: no policy uses one of that name.

    """
    name, value = pair(text)
    _expect(name, "named value", json.loads(_NAMED_VALUES.read_text(encoding="utf-8")))
    return name, value


def _expect(name: str, what: str, known: Iterable[str]) -> None:
    names = {one.casefold(): one for one in known}
    if name in names.values():
        return
    close = [names[one] for one in get_close_matches(name.casefold(), names)]
    hint = (
        f"did you mean {' or '.join(close)}?"
        if close
        else f"there are {', '.join(sorted(names.values()))}"
    )
    raise ArgumentTypeError(f"there is no {what} {name}: {hint}")
