"""Compiles and runs policy expressions as real C#, with mono."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_USINGS = """
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Newtonsoft.Json.Linq;
"""
_NEWTONSOFT = Path("/usr/lib/mono/gac/Newtonsoft.Json")
_ERROR = re.compile(r"^[^(]*Expressions\.cs\((\d+),\d+\+?\): error (\w+): (.*)$", re.MULTILINE)


def _method(number: int, expression: str, returned: str = "object") -> str:
    """Return an expression as a method in one line, which is what an attribute makes of it."""
    inner = " ".join(expression[2:-1].split("\n"))
    body = f"return {inner};" if expression.startswith("@(") else inner
    return f"public static {returned} E{number}(Context context) {{ {body} }}"


def newtonsoft() -> Path:
    """Return where Debian's mono keeps Newtonsoft.Json.

    Raises:
        FileNotFoundError: it is not installed.

    """
    found = sorted(_NEWTONSOFT.glob("*/Newtonsoft.Json.dll"))
    found += sorted(Path("/usr/lib").glob("cli/Newtonsoft.Json-*/Newtonsoft.Json.dll"))
    if not found:
        raise FileNotFoundError("Newtonsoft.Json is not installed")
    return found[0]


def compile_all(folder: Path, expressions: Sequence[tuple[str, str]]) -> dict[int, str]:
    """Compile expressions, each with the type it returns; return the errors by their places."""
    methods = [_method(number, *one) for number, one in enumerate(expressions)]
    calls = ", ".join(f"context => (object)E{number}(context)" for number in range(len(methods)))
    code = [*_USINGS.strip().split("\n"), "public static class Expressions {"]
    first = len(code) + 1
    code += [
        *methods,
        "public static void Main(string[] arguments) {",
        f"Context.Run(arguments[0], new Func<Context, object>[] {{ {calls} }}); }} }}",
    ]
    (folder / "Expressions.cs").write_text("\n".join(code), encoding="utf-8")
    done = subprocess.run(
        [
            *("mcs", "-langversion:7", "-nowarn:0162,0168,0219,0429", "-out:expressions.exe"),
            *(f"-r:{newtonsoft()}", "Expressions.cs", str(_FOLDER / "Context.cs")),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    errors = {
        int(line) - first: f"{code}: {what}" for line, code, what in _ERROR.findall(done.stderr)
    }
    assert done.returncode == 0 or errors, done.stderr
    return errors


def run_all(folder: Path, contexts: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Run what was compiled: each expression in turn, in every context."""
    (folder / "contexts.json").write_text(json.dumps(list(contexts)), encoding="utf-8")
    (folder / "Newtonsoft.Json.dll").symlink_to(newtonsoft())
    done = subprocess.run(
        ["mono", "expressions.exe", "contexts.json"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]
