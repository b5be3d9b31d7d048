"""No test gives up, on a machine that is ten times slower, what it would have seen in the end."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "tests", ROOT / "packages" / "azure-quantum-emulator" / "tests")
SHARED = FOLDERS[1] / "emulator_support" / "patience.py"
FILES = sorted({path for folder in FOLDERS for path in folder.rglob("*.py")} - {SHARED})
REQUESTS = {"get", "post", "put", "patch", "delete", "head", "options", "request", "stream"}
WAITS = {"timeout", "timeout_secs", "patience"}
SHORTEST = 60
"""Seconds that a number has to be: the longest that anything takes here, ten times slower."""


def short_waits(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line of each wait that may be too short, with what is wrong with it.

    What is long enough is `PATIENCE` and `async_tries` of emulator_support/patience.py.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from ((node.lineno, fault) for fault in _call(node))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = [*node.args.posonlyargs, *node.args.args]
            defaults = zip(reversed(arguments), reversed(node.args.defaults), strict=False)
            keywords = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            for argument, default in (*defaults, *keywords):
                if argument.arg in WAITS and _short(default):
                    yield node.lineno, f"{argument.arg} has a short default"
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            if _name(node.left) == "time.monotonic" and _short(node.right):
                yield node.lineno, "a deadline is a short number of seconds away"
        elif isinstance(node, ast.Assign) and "PATIENCE" in ast.unparse(node.targets[0]):
            yield node.lineno, "there is one PATIENCE"
        elif isinstance(node, ast.For) and _name(node.iter) == "range" and _sleeps(node):
            yield node.lineno, "a number of tries is as short as a machine is fast"


def _call(node: ast.Call) -> Iterator[str]:
    name = _name(node)
    module, _, function = name.rpartition(".")
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    client = name in {"httpx.Client", "httpx.AsyncClient"}
    if (client or (module == "httpx" and function in REQUESTS)) and not (
        given.keys() & {"timeout", "transport"}
    ):
        yield f"{name} without a timeout gives up after five seconds"
    for argument in WAITS & given.keys():
        if _short(given[argument]):
            yield f"{argument} is a short number"
    positions = {"wait_for": 1, "timeout": 0, "wait": 0}
    position = positions.get(function, len(node.args))
    if position < len(node.args) and _short(node.args[position]):
        yield f"{function} waits for a short number of seconds"


def _name(node: ast.AST) -> str:
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def _short(node: ast.AST | None) -> bool:
    constants = [part for part in ast.walk(node or ast.Pass()) if isinstance(part, ast.Constant)]
    return any(isinstance(one.value, int | float) and one.value < SHORTEST for one in constants)


def _sleeps(node: ast.For) -> bool:
    """Tell whether a loop waits; `sleep(0)` lets others go on, and waits for nothing."""
    calls = [inner for inner in ast.walk(node) if _name(inner).endswith(".sleep")]
    return any(ast.unparse(call).partition("(")[2] != "0)" for call in calls)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_test_is_in_a_hurry(file: Path) -> None:
    """Whatever a test waits for may take as long as it does on the slowest machine."""
    assert list(short_waits(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "code",
    [
        "httpx.get(url)",
        "httpx.AsyncClient(base_url=url)",
        "httpx.Client(timeout=5)",
        "httpx.Client(timeout=httpx.Timeout(5))",
        "process.communicate(timeout=20)",
        "process.wait(10)",
        "subprocess.run(command, timeout=1 if quick else 90)",
        "asyncio.wait_for(done.wait(), 10)",
        "asyncio.timeout(2.5)",
        "socket.create_connection(address, timeout=3)",
        "job.wait_until_completed(timeout_secs=30)",
        "deadline = time.monotonic() + 10",
        "def wait_for(path, timeout=20): ...",
        "async def wait_for(path, *, patience=20): ...",
        "for _ in range(60):\n    await asyncio.sleep(0.25)",
        "for _ in range(60):\n    if look():\n        break\n    time.sleep(1)",
        "PATIENCE = 20.0",
    ],
)
def test_a_wait_that_is_short_is_found(code: str) -> None:
    """The ways in which a test can give up too early, one by one."""
    assert len(list(short_waits(code))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "httpx.AsyncClient(transport=transport)",
        "httpx.Client(timeout=PATIENCE)",
        "client.get(url)",
        "done.wait()",
        "stop.wait(PATIENCE)",
        "time.monotonic() + PATIENCE",
        "async for _ in async_tries(0.25):\n    look()",
        "for _ in range(5):\n    await asyncio.sleep(0)",
        "asyncio.wait_for(done.wait(), 600)",
    ],
)
def test_a_wait_that_is_long_enough_is_not(code: str) -> None:
    """What does not depend on how fast the machine is stays as it is."""
    assert list(short_waits(code)) == []
