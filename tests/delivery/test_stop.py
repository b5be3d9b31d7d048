"""The stop of a container: what the image says, held against what the Functions host did."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from functions.requests import LONGEST_WAIT
from qjobs.settings import Settings
from tests.integration.functions_host.recordings import FOLDER, MISSING, Case, cases

ROOT = Path(__file__).parents[2]
IMAGE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PODS = (ROOT / "infra" / "kubernetes" / "workers.yaml").read_text(encoding="utf-8")
APP = (ROOT / "infra" / "container" / "functions.bicep").read_text(encoding="utf-8")
REST = 5.0
"""Seconds for what a request, or the work of a message, does besides waiting for a job."""
needs_recordings = pytest.mark.skipif(not FOLDER.is_dir(), reason=MISSING)


def stop_signal() -> str:
    """Return the signal by which the image is stopped."""
    (name,) = re.findall(r"^STOPSIGNAL (\w+)$", IMAGE, re.MULTILINE)
    return str(name)


def grace() -> float:
    """Return the seconds that a container has from that signal on, the same in both forms."""
    found = re.findall(r"^\s+terminationGracePeriodSeconds: (\d+)$", APP + PODS, re.MULTILINE)
    assert len(found) == 2
    assert len(set(found)) == 1
    return float(found[0])


def recorded(signal: str) -> dict[str, Case]:
    """Return the recorded stops by a signal, with requests and messages under way."""
    every = {**cases("settings.json"), **cases("queue-functions.json")}
    return {name: case for name, case in every.items() if name.lower().startswith(signal.lower())}


def took(case: Case) -> tuple[float | None, int | None]:
    """Return how long a recorded stop took, and the exit code; None if the host went on."""
    if "stopTookAndCode" in case:
        seconds, code = case["stopTookAndCode"]
        return (None, None) if code == "killed" else (seconds, code)
    return case["exitAfter"], case.get("exit", case.get("code"))


def requests(signal: str) -> list[tuple[float, bool]]:
    """Return how long recorded requests took that were under way, and whether they were whole."""
    found = []
    for case in recorded(signal).values():
        match case.get("answer"):
            case [str(line), _, _, float(seconds)]:
                found.append((seconds, line == "HTTP/1.1 200 OK"))
            case [{"line": str(line), "took": float(seconds)}]:
                found.append((seconds, line == "HTTP/1.1 200 OK"))
    return found


def test_nothing_overrides_the_signal() -> None:
    """The host is process 1, without a shell that keeps signals; pods name no other signal."""
    assert re.search(r'^CMD \["/azure-functions-host/.+"\]$', IMAGE, re.MULTILINE)
    assert "stopSignal" not in PODS
    assert "preStop" not in PODS


@needs_recordings
def test_the_images_signal_ended_the_host_in_order() -> None:
    """Each recorded stop by it, as process 1 too, ended with code 0 within the grace."""
    stops = {name: took(case) for name, case in recorded(stop_signal()).items()}

    assert f"{stop_signal()}-to-process-1" in stops
    assert f"{stop_signal()}-during-a-message" in stops
    for name, (seconds, code) in stops.items():
        assert code == 0, name
        assert 0 < (seconds or 0) < grace(), name


@needs_recordings
def test_the_signal_without_the_images_word_does_not() -> None:
    """The host goes on at SIGTERM: the line in the Dockerfile is what stops it."""
    stops = recorded("SIGTERM")

    assert stops
    assert {took(case) for case in stops.values()} == {(None, None)}


@needs_recordings
def test_the_longest_request_is_answered() -> None:
    """A request under way was cut later than one of ours waits, and none sooner.

    What it does besides is not counted: a wait of the longest kind that began in the second before
    the signal may lose its answer, and its caller asks again.
    """
    whole = [seconds for seconds, answered in requests(stop_signal()) if answered]
    cut = [seconds for seconds, answered in requests(stop_signal()) if not answered]

    assert max(whole) < min(cut)
    assert min(cut) > LONGEST_WAIT
    assert grace() > LONGEST_WAIT + REST


@needs_recordings
def test_no_request_comes_in_after_the_signal() -> None:
    """Who connects within a second of it is refused, while what runs goes on."""
    others = [
        case["otherRequests"][-1]
        for case in recorded(stop_signal()).values()
        if "otherRequests" in case
    ]

    assert others
    for seconds, outcome in others:
        assert outcome == "ConnectionRefusedError"
        assert seconds < 1


@needs_recordings
def test_the_work_of_a_message_ends_within_the_grace() -> None:
    """The host waits for a message's work and deletes it; ours waits in place for a while at most.

    Its own limit is far beyond the grace: its library ended work of 45 seconds.
    """
    settings = Settings.from_environment(
        {"AzureWebJobsStorage": "x", "QJOBS_KEY_VAULT_URI": "https://vault.example"}
    )
    message = cases("queue-functions.json")[f"{stop_signal()}-during-a-message"]
    longest = cases("queues.json")["stop/stop-sigterm-45s"]["observed"]["events"]

    assert message["atOnceAfter"]["count"] == 0
    assert {each["do"] for each in longest} >= {"end", "delete"}
    assert settings.patience.total_seconds() + REST < grace()
