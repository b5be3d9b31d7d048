"""The settings as a JSON document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from azure_quantum_emulator.fault_injection.durations import Uniform
from azure_quantum_emulator.fault_injection.settings import Settings
from azure_quantum_emulator.json_model import DocumentError

FULL: dict[str, Any] = {
    "seed": 7,
    "queueDelay": {"distribution": "exponential", "mean": "20m"},
    "executionTime": "3s",
    "targets": {
        "ionq.qpu.aria-1": {
            "queueDelay": "13d",
            "executionTime": {"distribution": "uniform", "low": 1, "high": "2s"},
            "availability": "Unavailable",
            "averageQueueTime": "2h",
        },
        "ionq.simulator": {},
    },
    "faults": [
        {"operation": "jobs.*", "status": 429, "retryAfter": 2, "times": 3, "after": 1},
        {"operation": "jobs.create", "target": "ionq.*", "status": 400, "code": "C"},
        {"delay": "250ms", "probability": 0.5, "method": "GET"},
        {"operation": "quotas", "disconnect": "body", "delay": 1},
    ],
    "jobFaults": [
        {"target": "rigetti.*", "code": "InvalidInputData", "message": "QVM", "times": 1},
        {"name": "slow*", "hang": True},
    ],
    "quotas": [{"dimension": "qgs", "providerId": "IonQ", "limit": 1000}],
    "sasLifetime": "1h",
    "sessionTimeout": "10m",
}


def refusal(document: object) -> str:
    """Return why a document describes no settings."""
    with pytest.raises(DocumentError) as caught:
        Settings.from_json(document)
    return str(caught.value)


def test_the_schema_is_one() -> None:
    """It is shown to users, whose tools may read it."""
    Draft202012Validator.check_schema(Settings.json_schema())


@pytest.mark.parametrize("document", [{}, FULL, Settings.from_json(FULL).to_json()])
def test_the_schema_takes_what_the_parser_takes(document: object) -> None:
    """Also what the settings show of themselves."""
    Draft202012Validator(Settings.json_schema()).validate(document)


@pytest.mark.parametrize(
    "document",
    [
        {"faults": [{}]},
        {"faults": [{"status": 503, "disconnect": "body"}]},
        {"faults": [{"delay": 1, "retryAfter": 1}]},
        {"faults": [{"status": 200}]},
        {"faults": [{"status": 503, "retryAfter": -1}]},
        {"faults": [{"delay": 1, "after": -1}]},
        {"faults": [{"delay": 1, "times": 0}]},
        {"seed": 1.5},
        {"faults": [{"status": 503, "target": None}]},
        {"jobFaults": [{}]},
        {"jobFaults": [{"hang": True, "code": "x"}]},
        {"jobFaults": [{"hang": True, "message": "x"}]},
        {"targets": {"a.b": {"availability": None}}},
        {"queueDelay": None},
    ],
)
def test_the_schema_refuses_what_the_parser_refuses(document: object) -> None:
    """Rules between members and null included: an editor finds what the emulator would."""
    assert refusal(document)
    assert not Draft202012Validator(Settings.json_schema()).is_valid(document)


def test_names_of_attributes_are_no_members() -> None:
    """Documents are in camel case only."""
    assert "queue_delay" in refusal({"queue_delay": 1})


def test_a_whole_number_may_have_a_point() -> None:
    """As JSON may write it, and JSON schema sees it."""
    assert Settings.from_json({"seed": 2.0}).seed == 2


def test_nothing_asked_is_nothing_wrong() -> None:
    """Sessions end after ten minutes as in the service."""
    settings = Settings.from_json({})
    assert settings == Settings()
    assert settings.session_timeout == 600


def test_a_document_says_it_all() -> None:
    """Durations are read, provider ids are in lower case as in the service's answers."""
    settings = Settings.from_json(FULL)
    target = settings.targets["ionq.qpu.aria-1"]
    assert target.queue_delay == 1_123_200.0
    assert target.average_queue_time == 7200
    assert settings.faults[0].code == "TooManyRequests"
    assert settings.job_faults[1].error is None
    assert settings.quotas[0].provider_id == "ionq"
    assert settings.sas_lifetime == 3600


@pytest.mark.parametrize("document", [{}, FULL])
def test_settings_are_shown_as_they_may_be_written(document: object) -> None:
    """Reading what was shown gives the same settings."""
    settings = Settings.from_json(document)
    assert Settings.from_json(json.loads(json.dumps(settings.to_json()))) == settings


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "the whole: [] is not an object with executionTime, faults, jobFaults, "),
        ({"sed": 1}, "the whole: sed: unknown; allowed is executionTime, faults, jobFaults, "),
        ({"seed": "x"}, "/seed: Input should be a valid integer, not 'x'."),
        (
            {"sessionTimeout": "soon"},
            "/sessionTimeout: 'soon' is not a duration: seconds as a number, or a text",
        ),
        ({"targets": []}, "/targets: Input should be a valid dictionary, not []."),
        (
            {"targets": {"a.b": {"queue": 1}}},
            "/targets/a.b: queue: unknown; allowed is availability, averageQueueTime, executionTi",
        ),
        (
            {"targets": {"a.b": {"availability": "Gone"}}},
            "/targets/a.b/availability: Input should be 'Available', 'Degraded' or 'Unavailable', ",
        ),
        ({"faults": [{}]}, "/faults/0: a fault needs one of status, delay and disconnect."),
        (
            {"faults": [{"delay": 1}, {"status": 503, "disconnect": "body"}]},
            "/faults/1: status and disconnect exclude each other.",
        ),
        (
            {"faults": [{"operation": "jobs.crate", "status": 500}]},
            "/faults/0/operation: 'jobs.crate' is unknown; allowed is *, jobs.*, sessions.*,",
        ),
        (
            {"faults": [{"status": 200}]},
            "/faults/0/status: Input should be greater than or equal to 400, not 200.",
        ),
        (
            {"faults": [{"disconnect": True}]},
            "/faults/0/disconnect: Input should be 'request', 'answer' or 'body', not True.",
        ),
        (
            {"faults": [{"delay": 1, "retryAfter": 1}]},
            "/faults/0: retryAfter, code and message need a status.",
        ),
        (
            {"faults": [{"delay": 1, "times": 0}]},
            "/faults/0/times: Input should be greater than or equal to 1, not 0.",
        ),
        (
            {"faults": [{"delay": 1, "probability": 2}]},
            "/faults/0/probability: Input should be less than or equal to 1, not 2.",
        ),
        ({"jobFaults": [{}]}, "/jobFaults/0: a fault of jobs needs either code or hang."),
        (
            {"jobFaults": [{"hang": True, "code": "x"}]},
            "/jobFaults/0: a fault of jobs needs either code or hang.",
        ),
        ({"jobFaults": [{"hang": False}]}, "/jobFaults/0/hang: Input should be True, not False."),
        (
            {"quotas": [{"dimension": "x", "limit": 1}]},
            "/quotas/0: 'providerId' is a required member.",
        ),
        (
            {"quotas": [{"dimension": "x", "providerId": "y", "limit": float("inf")}]},
            "/quotas/0/limit: Input should be less than or equal to 1000000000000000, not inf",
        ),
        (
            {"quotas": [{"dimension": "x", "providerId": "y", "limit": -1}]},
            "/quotas/0/limit: Input should be greater than or equal to 0, not -1.",
        ),
    ],
)
def test_what_is_refused(document: object, message: str) -> None:
    """The message names the field and what may be in it."""
    assert refusal(document).startswith(message)


def test_a_file(tmp_path: Path) -> None:
    """It says the same as a request's body."""
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(FULL), encoding="utf-8")
    assert Settings.from_file(path) == Settings.from_json(FULL)


@pytest.mark.parametrize("text", ["{", '{"seed": NaN}', '{"sessionTimeout": Infinity}', "\xff"])
def test_files_that_are_not_json(tmp_path: Path, text: str) -> None:
    """Numbers that JSON does not have are no JSON."""
    path = tmp_path / "scenario.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(DocumentError, match="not JSON"):
        Settings.from_file(path)


def test_a_patch_changes_what_it_names() -> None:
    """Null gives a field up, lists are replaced, targets are changed one by one."""
    settings = Settings.from_json(FULL)
    patched = settings.patched(
        {
            "queueDelay": None,
            "targets": {
                "ionq.qpu.aria-1": {"availability": None},
                "x": {"availability": "Degraded"},
            },
            "jobFaults": [],
        }
    )
    aria = patched.targets["ionq.qpu.aria-1"]
    assert patched.queue_delay is None
    assert aria.availability is None
    assert aria.queue_delay == settings.targets["ionq.qpu.aria-1"].queue_delay
    assert patched.targets["x"].availability == "Degraded"
    assert patched.job_faults == []
    assert patched.faults == settings.faults


def test_a_patch_replaces_a_delay_as_a_whole() -> None:
    """Parameters of one distribution mean nothing to another."""
    settings = Settings.from_json({"queueDelay": {"distribution": "exponential", "mean": 1}})
    patched = settings.patched({"queueDelay": {"distribution": "uniform", "low": 1, "high": 2}})
    assert patched.queue_delay == Uniform(distribution="uniform", low=1.0, high=2.0)


@pytest.mark.parametrize("patch", [[], None, {"seed": "x"}, {"faults": {}}])
def test_patches_that_are_refused(patch: object) -> None:
    """The result has to be settings."""
    with pytest.raises(DocumentError):
        Settings().patched(patch)
