"""Finds Azurite, the npm package, on this machine, or fetches it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

VARIABLE = "AZURE_QUANTUM_EMULATOR_AZURITE"
"""The environment variable with the path of the program."""
VERSION = "3.37.0"
"""What is fetched if there is none."""
FETCH_TIMEOUT = 300.0  # seconds; it takes one or two minutes the first time, then two seconds

_HELP = (
    "Install Node.js 20 or later with npm, so that it can be fetched; or install it with `npm "
    f"install -g azurite`; or name its program in {VARIABLE}; or use another storage account"
)


def find_azurite(named: Path | None = None) -> Path:
    """Return the path of the program.

    It is the first of: *named*; the one that the environment variable `VARIABLE` names; `azurite`
    on the PATH; the one in `node_modules` of the working directory or of a directory above it;
    the one that npx fetches from the npm registry and keeps in its cache.

    Raises:
        FileNotFoundError: there is none; the message says how to get it.

    """
    if named is None and (variable := os.environ.get(VARIABLE)):
        named = Path(variable)
    if named is not None:
        if not named.is_file():
            raise FileNotFoundError(f"Azurite is not at {named}. {_HELP}.")
        return named.absolute()
    if (on_path := shutil.which("azurite")) is not None:
        return Path(on_path).absolute()
    return _installed_beside() or _fetched()


def _installed_beside() -> Path | None:
    here = Path.cwd()
    places = (
        directory / "node_modules" / ".bin" / "azurite" for directory in (here, *here.parents)
    )
    return next((place for place in places if place.is_file()), None)


def _fetched() -> Path:
    """Have npx put it into its cache; return where it is there.

    It is not started by npx, which would stay between it and the signals it should get.
    """
    npx = shutil.which("npx")
    if npx is None:
        raise FileNotFoundError(f"Azurite, the storage emulator, is not installed. {_HELP}.")
    line = [npx, "--yes", "--ignore-scripts", f"--package=azurite@{VERSION}"]
    try:
        done = subprocess.run(  # noqa: S603 - this very command
            [*line, "--call", "command -v azurite"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=FETCH_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FileNotFoundError(
            f"npx could not fetch Azurite within {FETCH_TIMEOUT:g} s. {_HELP}."
        ) from None
    found = Path(done.stdout.strip())
    if done.returncode or not found.is_file():
        reason = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise FileNotFoundError(f"npx could not fetch Azurite: {reason}. {_HELP}.")
    return found
