"""Configuration of the host: host.json, the settings file, the environment."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from localdev.host.configuration import (
    ConfigurationError,
    QueueOptions,
    UnsupportedError,
    load_host,
    load_settings,
    resolve,
    seconds,
)


def written(folder: Path, name: str, document: object) -> Path:
    """Write a JSON file and return it."""
    file = folder / name
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def queues(folder: Path, **options: Any) -> QueueOptions:  # noqa: ANN401 - right or wrong ones
    """Return what comes of `extensions.queues` in a host.json."""
    written(folder, "host.json", {"version": "2.0", "extensions": {"queues": options}})
    return load_host(folder).queues


def test_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty host.json means what it means to the real host, with the local tools' polling."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    written(tmp_path, "host.json", {"version": "2.0"})

    options = load_host(tmp_path)

    assert options.route_prefix == "api"
    assert options.function_timeout == 1800
    assert options.queues.model_dump() == {
        "batch_size": 16,
        "new_batch_threshold": 16,  # half a batch for each processor
        "visibility_timeout": 0,
        "max_dequeue_count": 5,
        "message_encoding": "base64",
        "max_polling_interval": 2,
    }
    assert options.queues.base64


def test_every_option(tmp_path: Path) -> None:
    """Each option of host.json ends up where it belongs."""
    document = {
        "version": "2.0",
        "functionTimeout": "00:05:00",
        "extensions": {
            "http": {"routePrefix": "v1/x"},
            "queues": {
                "batchSize": 4,
                "newBatchThreshold": 0,
                "visibilityTimeout": "00:01:00",
                "maxDequeueCount": 3,
                "messageEncoding": "None",
                "maxPollingInterval": "00:00:00.5",
            },
        },
    }
    written(tmp_path, "host.json", document)

    options = load_host(tmp_path)

    assert options.route_prefix == "v1/x"
    assert options.function_timeout == 300
    assert options.queues.model_dump() == {
        "batch_size": 4,
        "new_batch_threshold": 0,
        "visibility_timeout": 60,
        "max_dequeue_count": 3,
        "message_encoding": "none",
        "max_polling_interval": 0.5,
    }
    assert not options.queues.base64


def test_the_threshold_follows_the_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without newBatchThreshold it is half of batchSize for each processor."""
    monkeypatch.setattr(os, "cpu_count", lambda: 4)

    assert queues(tmp_path, batchSize=6).new_batch_threshold == 12


def test_no_prefix_and_no_timeout(tmp_path: Path) -> None:
    """An empty prefix and a timeout of -1 switch both off."""
    document = {"version": "2.0", "functionTimeout": "-1", "extensions": {"http": {}}}
    document["extensions"] = {"http": {"routePrefix": ""}}
    written(tmp_path, "host.json", document)

    options = load_host(tmp_path)

    assert options.route_prefix == ""
    assert options.function_timeout is None


@pytest.mark.parametrize(
    "options",
    [
        {"batchSize": 0},
        {"batchSize": 33},
        {"batchSize": "16"},
        {"batchSize": True},
        {"newBatchThreshold": -1},
        {"maxDequeueCount": 0},
        {"visibilityTimeout": 10},
        {"visibilityTimeout": "10 s"},
        {"messageEncoding": "utf8"},
        {"messageEncoding": None},
        {"maxPollingInterval": "2"},
        {"maxPollingInterval": "00:00:00"},
        {"maxPollingInterval": "00:00:00.0999"},
    ],
)
def test_wrong_queue_options(tmp_path: Path, options: dict[str, Any]) -> None:
    """An option that the real host would refuse is refused, naming the file."""
    with pytest.raises(ConfigurationError, match=r"host\.json"):
        queues(tmp_path, **options)


def test_no_time_at_all(tmp_path: Path) -> None:
    """A functionTimeout of zero is refused, as the real host refuses it."""
    written(tmp_path, "host.json", {"version": "2.0", "functionTimeout": "00:00:00"})

    with pytest.raises(ConfigurationError, match="functionTimeout"):
        load_host(tmp_path)


@pytest.mark.parametrize("prefix", ["/", "/api", "api/", "/api/"])
def test_slashes_around_the_prefix(tmp_path: Path, prefix: str) -> None:
    """A prefix with a slash at an end, with which the real host does not start, is refused."""
    document = {"version": "2.0", "extensions": {"http": {"routePrefix": prefix}}}
    written(tmp_path, "host.json", document)

    with pytest.raises(ConfigurationError, match="routePrefix"):
        load_host(tmp_path)


def test_an_unknown_option_is_mentioned(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A misspelt option, which the real host passes over in silence, is logged."""
    queues(tmp_path, newBatchSize=8)

    assert "newBatchSize" in caplog.text


@pytest.mark.parametrize(
    "content",
    [None, "", "[]", "{", "{}", '{"version": "1.0"}', '{"version": "2.0", "extensions": []}x'],
)
def test_no_proper_host_file(tmp_path: Path, content: str | None) -> None:
    """A host.json that is missing, no JSON, or not of version 2.0 is refused."""
    if content is not None:
        (tmp_path / "host.json").write_text(content)

    with pytest.raises(ConfigurationError, match=r"host\.json"):
        load_host(tmp_path)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("00:00:00", 0),
        ("00:00:10", 10),
        ("00:10:00", 600),
        ("23:59:59", 86399),
        ("1.00:00:00", 86400),
        ("00:00:00.25", 0.25),
        ("1:00:00", 3600),
    ],
)
def test_time_spans(span: str, expected: float) -> None:
    """A .NET time span has days, hours, minutes, seconds and parts of one."""
    assert seconds(span) == expected


@pytest.mark.parametrize(
    "span",
    [
        "",
        "10",
        "00:10",
        "soon",
        "-00:00:10",
        "24:00:00",
        "00:60:00",
        "00:00:60",
        "00:00:1",
        10,
        None,
    ],
)
def test_no_time_spans(span: object) -> None:
    """What is not written in full is no time span."""
    with pytest.raises(ValueError, match="is no time span"):
        seconds(span)


def test_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The values of the settings file fill up the environment, which wins where it has one."""
    monkeypatch.setattr(os, "environ", {"QJOBS_ONE": "environment"})

    load_settings(
        written(tmp_path, "settings.json", {"Values": {"QJOBS_ONE": "file", "QJOBS_TWO": "file"}})
    )

    assert os.environ == {"QJOBS_ONE": "environment", "QJOBS_TWO": "file"}


def test_no_settings_file() -> None:
    """Without a settings file there is only the environment."""
    before = dict(os.environ)

    load_settings(None)

    assert dict(os.environ) == before


@pytest.mark.parametrize("document", [[], {"Values": {"A": 1}}, {"IsEncrypted": True}])
def test_wrong_settings(tmp_path: Path, document: object) -> None:
    """A settings file that is no object, encrypted, or has other values than texts is refused."""
    with pytest.raises(ConfigurationError, match=r"settings\.json"):
        load_settings(written(tmp_path, "settings.json", document))


def test_origins(tmp_path: Path) -> None:
    """A settings file that lets pages of other origins call is refused, not passed over."""
    document = {"Host": {"CORS": "http://localhost:5173"}}

    with pytest.raises(UnsupportedError, match=r"Host\.CORS"):
        load_settings(written(tmp_path, "settings.json", document))


def test_settings_in_bindings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A %SETTING% in a binding is replaced by its value, and missed if it has none."""
    monkeypatch.setenv("QJOBS_PREFIX", "blue")

    assert resolve("%QJOBS_PREFIX%-jobs-%QJOBS_PREFIX%") == "blue-jobs-blue"
    assert resolve("100%") == "100%"
    with pytest.raises(ConfigurationError, match="QJOBS_MISSING"):
        resolve("%QJOBS_MISSING%")
