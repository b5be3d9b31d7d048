"""Bytecode for the package, so that a cold start has nothing to compile.

The platform may mount the package read-only: what is not compiled before is compiled again by
every new instance.
"""

from __future__ import annotations

import importlib.util
import marshal
import sys
from collections.abc import Mapping
from pathlib import PurePosixPath

DEPLOYED = "cpython-313"
"""The Python that is deployed, as it tags its bytecode."""

# PEP 552. Times would not do: those in a zip are not those of the sources. Unchecked, because
# nothing of a package changes after it was built: sources and bytecode are made from the same
# bytes, and the next deployment replaces both. So Python need not even read the sources.
_UNCHECKED_HASH = (0b01).to_bytes(4, "little")

# Later versions note which objects occur twice, which depends on what else the process has
# loaded. Python reads any version; this one is a quarter larger and always the same.
_MARSHAL_VERSION = 2


class BytecodeError(Exception):
    """This Python cannot write the bytecode that is deployed."""


def compiled(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the bytecode of the modules among *files*, by the paths where Python looks for it.

    Raises:
        BytecodeError: this is another Python than the deployed one.
        SyntaxError: a module cannot be compiled.

    """
    if sys.implementation.cache_tag != DEPLOYED:
        raise BytecodeError(
            f"Bytecode is deployed for {DEPLOYED}, but this is {sys.implementation.cache_tag}."
        )
    return {
        str(_cached(PurePosixPath(path))): _bytecode(path, content)
        for path, content in files.items()
        if path.endswith(".py")
    }


def _bytecode(path: str, source: bytes) -> bytes:
    # When Python loads it, it puts the file's real place for the relative one.
    code = compile(source, path, "exec", dont_inherit=True, optimize=0)
    return b"".join(
        (
            importlib.util.MAGIC_NUMBER,
            _UNCHECKED_HASH,
            importlib.util.source_hash(source),
            marshal.dumps(code, _MARSHAL_VERSION),
        )
    )


def _cached(module: PurePosixPath) -> PurePosixPath:
    return module.parent / "__pycache__" / f"{module.stem}.{DEPLOYED}.pyc"
