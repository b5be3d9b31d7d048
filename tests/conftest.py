"""Fixtures of every test: a clean environment, and the parts of the local stack on demand."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from azure_quantum_emulator.supervision import azurite as azurite_process
from localdev.repository import AZURITE
from localdev.stack.facts import StackFacts
from localdev.stack.page import free_low_port
from localdev.stack.part import Options
from localdev.stack.stack import Stack
from tests.scheduling import PROFILES, FileScheduling

# Before any test imports the package that would report.
os.environ["QDK_PYTHON_TELEMETRY"] = "none"

# How long an example takes depends on what else the machine does.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


# App settings of the functions in tests, over those of local.settings.json.example.
STACK_SETTINGS = {
    # What got lost on the way is found within seconds, not minutes.
    "QJOBS_RECONCILE_SCHEDULE": "*/2 * * * * *",
    "QJOBS_STALLED_AFTER_SECONDS": "10",
}


# What the tests of a stack ask for in a minute is more than any caller should.
NAMED_VALUES = dict.fromkeys(
    (
        "polls-per-minute",
        "requests-per-minute-of-address",
        "shots-per-five-minutes",
        "submits-per-minute",
    ),
    str(10**9),
)


# Files that a run names at its end: so many, of those that took as many seconds.
MOST_NAMED, LEAST_NAMED = 10, 20.0


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of tests/integration/test_emulator_wheel.py and of tests/web."""
    parser.addoption(
        "--whole-emulator",
        action="store_true",
        help="run all of the emulator's own tests on its wheel, not just a sample",
    )
    parser.addoption(
        "--screenshots",
        type=Path,
        metavar="FOLDER",
        help="write pictures of the page to a folder, for people to look at",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of a stack on every profile, but those marked with `one_stack` on the first."""
    if "running_stack" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("one_stack")
        profiles = marked.args or PROFILES[:1] if marked else PROFILES
        metafunc.parametrize("running_stack", profiles, indirect=True, scope="session")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the files that took longest, so that a run stays as short as it is."""
    seconds: dict[str, float] = defaultdict(float)
    for report in (one for reports in terminalreporter.stats.values() for one in reports):
        if isinstance(report, pytest.TestReport):
            seconds[report.nodeid.partition("::")[0]] += report.duration
    longest = sorted(seconds, key=seconds.__getitem__, reverse=True)[:MOST_NAMED]
    for file in longest:
        if seconds[file] >= LEAST_NAMED:
            terminalreporter.write_line(f"{seconds[file]:7.1f} s  {file}")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> FileScheduling:
    """Replace what `--dist` names."""
    return FileScheduling(config, log)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the developer's own Azure: no test depends on it or touches it."""
    for name in os.environ:
        if name.startswith(("APPLICATIONINSIGHTS_", "AZURE_", "QJOBS_", "AzureWebJobs")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start Azurite, one for each pytest-xdist worker; yields its connection string."""
    log = tmp_path_factory.mktemp("azurite") / "azurite.log"
    with azurite_process.running(log, program=AZURITE) as connection:
        yield connection


@pytest.fixture(scope="session")
def receiver_port() -> int:
    """Return the port of the receiver of webhooks that stacks of this process may reach."""
    return free_low_port()


@pytest.fixture(scope="session")
def running_stack(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    receiver_port: int,
) -> Iterator[Stack]:
    """Start the whole local stack, for tests that stop and start its parts."""
    options = Options(
        tmp_path_factory.mktemp("stack"),
        profile=request.param,
        settings=STACK_SETTINGS | {"QJOBS_WEBHOOK_ALLOWED": f"127.0.0.1:{receiver_port}"},
        named_values=NAMED_VALUES,
    )
    with Stack(options) as running:
        yield running


@pytest.fixture
def stack(running_stack: Stack) -> StackFacts:
    """Return where the parts of the running stack are: the content of `up`'s ready file."""
    running_stack.check()
    return running_stack.facts
