"""Configuration of the host: `host.json`, the settings file and the environment."""

from __future__ import annotations

import json
import logging
import os
import re
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)
from pydantic.alias_generators import to_camel

from localdev.host.polling import SHORTEST

_log = logging.getLogger(__name__)
_SETTING = re.compile(r"%([^%]+)%")
_SPAN = re.compile(r"(?:(\d+)\.)?([01]?\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d+)?", re.ASCII)


class ConfigurationError(Exception):
    """The app cannot run because of an error in one of its files or its environment."""


class UnsupportedError(ConfigurationError):
    """The app uses a feature of the Functions host that this host does not have.

    What is not in this class is wrong on both.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}: the Functions host has this, and this host does not yet")


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


def _lower(name: object) -> object:
    return name.lower() if isinstance(name, str) else name


type Seconds = Annotated[float, BeforeValidator(seconds)]
"""In JSON a .NET time span."""


def _half_a_batch_for_each_processor(options: dict[str, Any]) -> int:
    return int(options.get("batch_size", 0)) // 2 * (os.cpu_count() or 1)


class QueueOptions(BaseModel):
    """`extensions.queues` of host.json, with the defaults of the Functions host."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, extra="allow", frozen=True, strict=True
    )

    batch_size: int = Field(default=16, ge=1, le=32)
    """Messages per receive."""
    new_batch_threshold: int = Field(default_factory=_half_a_batch_for_each_processor, ge=0)
    """The next batch is fetched when no more than this many are being worked on."""
    visibility_timeout: Seconds = 0.0
    """The time until a failed message is tried again."""
    max_dequeue_count: int = Field(default=5, ge=1, le=1_000_000)
    """Failures before a message is poisoned."""
    message_encoding: Annotated[Literal["base64", "none"], BeforeValidator(_lower)] = "base64"
    max_polling_interval: Seconds = Field(default=2.0, ge=SHORTEST)
    """The longest pause between two polls of an empty queue; by default that of Core Tools."""

    @property
    def base64(self) -> bool:
        """Whether message texts are encoded in base64."""
        return self.message_encoding == "base64"


def _without_slashes(prefix: str) -> str:
    if prefix != prefix.strip("/"):
        raise ValueError("with a slash at an end the Functions host does not start")
    return prefix


class HostOptions(BaseModel):
    """The settings of host.json that this host uses."""

    model_config = ConfigDict(frozen=True, strict=True)

    version: Literal["2.0"]
    route_prefix: Annotated[str, AfterValidator(_without_slashes)] = Field(
        "api", validation_alias=AliasPath("extensions", "http", "routePrefix")
    )
    function_timeout: Annotated[
        Annotated[float, Field(gt=0)] | None,
        BeforeValidator(lambda span: None if span == "-1" else seconds(span)),
    ] = Field(default=30 * 60, validation_alias="functionTimeout")
    """Seconds that an invocation may take; None is no limit."""
    queues: QueueOptions = Field(
        default_factory=partial(QueueOptions), validation_alias=AliasPath("extensions", "queues")
    )


def load_host(app: Path) -> HostOptions:
    """Return the options in the app's host.json.

    Raises:
        ConfigurationError: the file is missing or wrong.

    """
    try:
        options = HostOptions.model_validate(read_object(app / "host.json"))
    except ValidationError as error:
        wrong = error.errors()[0]
        place = ".".join(str(part) for part in wrong["loc"])
        raise ConfigurationError(f"host.json: {place}: {wrong['msg']}") from error
    if unknown := options.queues.model_extra:
        _log.warning("host.json: extensions.queues has no %s", ", ".join(sorted(unknown)))
    return options


def load_settings(file: Path | None) -> None:
    """Copy the `Values` of a settings file into the environment; variables that are set stay.

    Raises:
        ConfigurationError: the file is missing or wrong.

    """
    if file is None:
        return
    document = read_object(file)
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


def read_object(file: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        ConfigurationError: the file is missing, or no JSON object.

    """
    try:
        document: Any = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigurationError(f"{file} is missing") from error
    except ValueError as error:
        raise ConfigurationError(f"{file.name} is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise ConfigurationError(f"{file.name} is no JSON object")
    return dict(document)
