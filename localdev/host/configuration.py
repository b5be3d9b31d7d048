"""Configuration of the host: `host.json`, the settings file and the environment."""

from __future__ import annotations

import json
import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localdev.host.polling import SHORTEST

_log = logging.getLogger(__name__)
_SETTING = re.compile(r"%([^%]+)%")
_SPAN = re.compile(r"(?:(\d+)\.)?([01]?\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d+)?", re.ASCII)


_QUEUE_OPTIONS = {
    "batchSize",
    "newBatchThreshold",
    "visibilityTimeout",
    "maxDequeueCount",
    "messageEncoding",
    "maxPollingInterval",
}


class ConfigurationError(Exception):
    """The app cannot run because of an error in one of its files or its environment."""


class UnsupportedError(ConfigurationError):
    """The app uses a feature of the Functions host that this host does not have.

    What is not in this class is wrong on both.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}: the Functions host has this, and this host does not yet")


@dataclass(frozen=True, slots=True)
class QueueOptions:
    """`extensions.queues` of host.json, with the defaults of the Functions host."""

    batch_size: int = 16
    """Messages per receive, 1 to 32."""
    new_batch_threshold: int = 8
    """The next batch is fetched when no more than this many are being worked on."""
    visibility_timeout: float = 0.0
    """Seconds before a failed message is tried again."""
    max_dequeue_count: int = 5
    """Failures before a message is poisoned."""
    base64: bool = True
    """Whether message texts travel in base64."""
    max_polling_interval: float = 2.0
    """Longest pause between looks at an empty queue, in seconds; as the local tools default."""


@dataclass(frozen=True, slots=True)
class HostOptions:
    """The settings of host.json that this host uses."""

    route_prefix: str
    function_timeout: float | None
    """Seconds an invocation may take; None is no limit."""
    queues: QueueOptions


def load_host(app: Path) -> HostOptions:
    """Return the options in the app's host.json.

    Raises:
        ConfigurationError: the file is missing or wrong.

    """
    document = _read(app / "host.json")
    if document.get("version") != "2.0":
        raise ConfigurationError('host.json: "version" must be "2.0"')
    extensions = document.get("extensions") or {}
    timeout = document.get("functionTimeout", "00:30:00")
    try:
        return HostOptions(
            route_prefix=str((extensions.get("http") or {}).get("routePrefix", "api")).strip("/"),
            function_timeout=None if timeout == "-1" else seconds(timeout),
            queues=_queue_options(extensions.get("queues") or {}),
        )
    except (AttributeError, ValueError) as error:
        raise ConfigurationError(f"host.json: {error}") from error


def load_settings(file: Path | None) -> None:
    """Copy the `Values` of a settings file into the environment; variables that are set stay.

    Raises:
        ConfigurationError: the file is missing or wrong.

    """
    if file is None:
        return
    document = _read(file)
    if document.get("IsEncrypted"):
        raise ConfigurationError(f"{file.name} is encrypted: `func settings decrypt` opens it")
    for name, value in (document.get("Values") or {}).items():
        if not isinstance(value, str):
            raise ConfigurationError(f"{file.name}: the value of {name} must be a string")
        os.environ.setdefault(name, value)
    if (document.get("Host") or {}).get("CORS"):
        raise UnsupportedError(f"{file.name} has Host.CORS (pages call the gateway)")


def resolve(text: str) -> str:
    """Return *text* with every `%SETTING%` replaced by its value.

    Raises:
        ConfigurationError: a setting is not set.

    """

    def value(match: re.Match[str]) -> str:
        try:
            return os.environ[match[1]]
        except KeyError:
            raise ConfigurationError(f"the setting {match[1]} is not set") from None

    return _SETTING.sub(value, text)


def seconds(span: object) -> float:
    """Parse a .NET time span, `[d.]hh:mm:ss[.fff]`, to seconds.

    Raises:
        ValueError: *span* is none.

    """
    match = _SPAN.fullmatch(span) if isinstance(span, str) else None
    if not match:
        raise ValueError(f"{span!r} is no time span hh:mm:ss")
    days, hours, minutes, whole, part = match.groups()
    total = ((int(days or 0) * 24 + int(hours)) * 60 + int(minutes)) * 60 + int(whole)
    return total + float(part or 0)


def _queue_options(given: dict[str, Any]) -> QueueOptions:
    if unknown := given.keys() - _QUEUE_OPTIONS:
        _log.warning("host.json: extensions.queues has no %s", ", ".join(sorted(unknown)))
    defaults = QueueOptions()
    batch_size = _bounded(given, "batchSize", defaults.batch_size, 1, 32)
    threshold = batch_size // 2 * (os.cpu_count() or 1)
    return QueueOptions(
        batch_size=batch_size,
        new_batch_threshold=_bounded(given, "newBatchThreshold", threshold, 0, 1000),
        visibility_timeout=seconds(given.get("visibilityTimeout", "00:00:00")),
        max_dequeue_count=_bounded(
            given, "maxDequeueCount", defaults.max_dequeue_count, 1, 1_000_000
        ),
        base64=_encoding(given.get("messageEncoding", "base64")),
        max_polling_interval=max(SHORTEST, seconds(given.get("maxPollingInterval", "00:00:02"))),
    )


def _bounded(options: dict[str, Any], name: str, default: int, low: int, high: int) -> int:
    value = options.get(name, default)
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"{name} must be an integer from {low} to {high}")
    return value


def _encoding(name: object) -> bool:
    if name not in {"base64", "none"}:
        raise ValueError('messageEncoding must be "base64" or "none"')
    return name == "base64"


def _read(file: Path) -> dict[str, Any]:
    try:
        document: Any = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigurationError(f"{file} is missing") from error
    except ValueError as error:
        raise ConfigurationError(f"{file.name} is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise ConfigurationError(f"{file.name} is no JSON object")
    return dict(document)
