"""The app settings; nothing else reads the environment."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from qjobs.domain.money import Money

_PRINCIPAL = "QJOBS_GATEWAY_PRINCIPAL_ID"
_SAFE = re.compile(r"https://[^/]|http://127\.0\.0\.1(?::\d+)?/", re.IGNORECASE)
"""Addresses from which nothing comes that others have changed on the way."""
_PLACE = re.compile(r"([a-z0-9.-]+|[0-9a-f:]+):[0-9]{1,5}")
_REGION = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class SettingError(Exception):
    """A required app setting is missing, or one has an invalid value."""


@dataclass(frozen=True, slots=True)
class GatewayToken:
    """The access token that the gateway has to bring, checked without help of the platform."""

    audience: str
    """QJOBS_GATEWAY_TOKEN_AUDIENCE: for whom it is, such as api://CLIENT_ID."""
    metadata_url: str
    """QJOBS_GATEWAY_TOKEN_METADATA: where its issuer publishes its OpenID configuration, which
    names the issuer and its keys."""


@dataclass(frozen=True, slots=True)
class GatewayTrust:
    """The gateway identity that alone may send `X-Caller-Id`."""

    principal_id: str | None
    """QJOBS_GATEWAY_PRINCIPAL_ID: object id of the gateway's managed identity, which alone may
    call; without it, who has a function key may."""
    platform_authentication: bool
    """WEBSITE_AUTH_ENABLED: set by the platform where it authenticates callers. Without that,
    anybody could send the headers that identify a caller."""
    token: GatewayToken | None = None
    """What proves who calls in place of the platform's headers."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> GatewayTrust:
        """Return the trust that *environment* sets.

        Raises:
            SettingError: the settings of the token are not complete, or not safe.

        """
        principal_id = environment.get(_PRINCIPAL) or None
        return cls(
            principal_id=principal_id,
            platform_authentication=environment.get("WEBSITE_AUTH_ENABLED", "").lower() == "true",
            token=_token(environment, principal_id),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceSettings:
    """The coordinates of the quantum workspace, and its API key if it has one."""

    subscription_id: str
    """QJOBS_WORKSPACE_SUBSCRIPTION_ID."""
    resource_group: str
    """QJOBS_WORKSPACE_RESOURCE_GROUP."""
    name: str
    """QJOBS_WORKSPACE_NAME."""
    location: str
    """QJOBS_WORKSPACE_LOCATION: an Azure region, such as eastus."""
    endpoint: str | None = None
    """QJOBS_WORKSPACE_ENDPOINT: the data plane; saves a look-up where it is known."""
    api_key: str | None = None
    """QJOBS_WORKSPACE_API_KEY: only where there is no managed identity."""


@dataclass(frozen=True, slots=True)
class VaultSettings:
    """The key vault that has the coordinates of the quantum workspace."""

    uri: str
    """QJOBS_KEY_VAULT_URI: such as https://NAME.vault.azure.net/; replaces QJOBS_WORKSPACE_*."""


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """The Azure Web PubSub over which callers are told of their jobs."""

    endpoint: str | None = None
    """QJOBS_CHANNEL_ENDPOINT: such as https://NAME.webpubsub.azure.com."""
    connection_string: str | None = None
    """QJOBS_CHANNEL_CONNECTION_STRING: only where there is no managed identity."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> ChannelSettings | None:
        """Return the settings in *environment*; None if there is no channel.

        Raises:
            SettingError: a token would be sent to an address that is not safe.

        """
        name = "QJOBS_CHANNEL_ENDPOINT"
        endpoint = environment.get(name) or None
        if endpoint is not None and not endpoint.startswith("https://"):
            raise SettingError(f"The app setting {name} must begin with https://.")
        connection_string = environment.get("QJOBS_CHANNEL_CONNECTION_STRING") or None
        return cls(endpoint, connection_string) if endpoint or connection_string else None


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """The settings of webhooks."""

    master: str | None
    """QJOBS_WEBHOOK_MASTER: what their secrets are derived from, where no key vault has it."""
    allowed: frozenset[str]
    """QJOBS_WEBHOOK_ALLOWED: HOST:PORT of receivers on a laptop, separated by blanks, which may be
    of any address and without TLS."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> WebhookSettings:
        """Return the settings in *environment*.

        Raises:
            SettingError: one has an invalid value.

        """
        allowed = environment.get("QJOBS_WEBHOOK_ALLOWED", "").lower().split()
        if wrong := [one for one in allowed if not _PLACE.fullmatch(one)]:
            raise SettingError(
                "The app setting QJOBS_WEBHOOK_ALLOWED must be a list of HOST:PORT, separated by "
                f"blanks, not with {wrong[0]!r}."
            )
        return cls(environment.get("QJOBS_WEBHOOK_MASTER") or None, frozenset(allowed))


@dataclass(frozen=True, slots=True)
class InsightsSettings:
    """The address of Application Insights, and the identity that writes to it."""

    connection_string: str
    """APPLICATIONINSIGHTS_CONNECTION_STRING: has no secret where local authentication is off."""
    identity: bool = False
    """Whether a managed identity writes to it, as with `Authorization=AAD` in
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING."""
    identity_client_id: str | None = None
    """Of a user-assigned identity: its `ClientId`."""


@dataclass(frozen=True, slots=True)
class TelemetrySettings:
    """The destination of spans and metrics: Application Insights, files, or none."""

    destination: InsightsSettings | Path | None
    """Application Insights; without that QJOBS_TELEMETRY_DIRECTORY, a folder of files."""
    service: str
    """WEBSITE_SITE_NAME: as the Functions host calls the app in its own telemetry."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> TelemetrySettings:
        """Return the settings in *environment*."""
        directory = environment.get("QJOBS_TELEMETRY_DIRECTORY")
        return cls(
            destination=_insights(environment) or (Path(directory) if directory else None),
            service=(environment.get("WEBSITE_SITE_NAME") or "qjobs").lower(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a deployment, by the names of the app settings."""

    storage_connection_string: str | None
    """AzureWebJobsStorage: only where there is no managed identity."""
    storage_blob_uri: str | None
    """AzureWebJobsStorage__blobServiceUri."""
    storage_queue_uri: str | None
    """AzureWebJobsStorage__queueServiceUri."""
    identity_client_id: str | None
    """AzureWebJobsStorage__clientId: of the user-assigned identity."""
    workspace: WorkspaceSettings | VaultSettings
    """The workspace, or the key vault that knows it."""
    channel: ChannelSettings | None = None
    """The channel to callers; None where they poll."""
    stalled_after: timedelta
    """QJOBS_STALLED_AFTER_SECONDS: when a job that does not move is picked up again."""
    patience: timedelta
    """QJOBS_PATIENCE_SECONDS: how long a function waits for a job before it puts it back."""
    retention: timedelta
    """QJOBS_RETENTION_DAYS: how long a job's data is kept."""
    largest_body: int
    """QJOBS_LARGEST_BODY_BYTES: larger requests are refused."""
    cost_of_job: Money | None = None
    """QJOBS_COST_OF_JOB: the most that a job may cost, such as 25 USD."""
    cost_of_day: Money | None = None
    """QJOBS_COST_OF_DAY: the most that one caller's jobs of a day may cost, such as 100 USD."""
    outputs_announced: bool = False
    """QJOBS_OUTPUT_EVENTS: whether the workspace's storage announces outputs in a queue."""
    region: str
    """QJOBS_REGION: where these functions run; those of another region share their storage."""
    telemetry: TelemetrySettings
    """Where spans and metrics go."""
    webhooks: WebhookSettings
    """What webhooks need."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Return the settings in *environment*.

        Raises:
            SettingError: it names what is missing or wrong.

        """

        def required(name: str) -> str:
            if not environment.get(name):
                raise SettingError(f"The app setting {name} is missing.")
            return environment[name]

        def without_key(name: str) -> str | None:
            return None if connection_string else required(name)

        connection_string = environment.get("AzureWebJobsStorage") or None
        vault = environment.get("QJOBS_KEY_VAULT_URI") or None
        return cls(
            storage_connection_string=connection_string,
            storage_blob_uri=without_key("AzureWebJobsStorage__blobServiceUri"),
            storage_queue_uri=without_key("AzureWebJobsStorage__queueServiceUri"),
            identity_client_id=environment.get("AzureWebJobsStorage__clientId") or None,
            workspace=VaultSettings(vault)
            if vault
            else WorkspaceSettings(
                subscription_id=required("QJOBS_WORKSPACE_SUBSCRIPTION_ID"),
                resource_group=required("QJOBS_WORKSPACE_RESOURCE_GROUP"),
                name=required("QJOBS_WORKSPACE_NAME"),
                location=required("QJOBS_WORKSPACE_LOCATION"),
                endpoint=environment.get("QJOBS_WORKSPACE_ENDPOINT") or None,
                api_key=environment.get("QJOBS_WORKSPACE_API_KEY") or None,
            ),
            channel=ChannelSettings.from_environment(environment),
            stalled_after=_seconds(environment, "QJOBS_STALLED_AFTER_SECONDS", 120),
            patience=_seconds(environment, "QJOBS_PATIENCE_SECONDS", 10),
            retention=timedelta(days=_number(environment, "QJOBS_RETENTION_DAYS", 30)),
            largest_body=int(_number(environment, "QJOBS_LARGEST_BODY_BYTES", 1024 * 1024)),
            cost_of_job=_money(environment, "QJOBS_COST_OF_JOB"),
            cost_of_day=_money(environment, "QJOBS_COST_OF_DAY"),
            outputs_announced=environment.get("QJOBS_OUTPUT_EVENTS", "").lower() == "true",
            region=_region(environment.get("QJOBS_REGION") or "local"),
            telemetry=TelemetrySettings.from_environment(environment),
            webhooks=WebhookSettings.from_environment(environment),
        )


def _money(environment: Mapping[str, str], name: str) -> Money | None:
    text = environment.get(name)
    try:
        return Money.of(text) if text else None
    except ValueError as error:
        raise SettingError(f"The app setting {name}: {error}.") from error


def _insights(environment: Mapping[str, str]) -> InsightsSettings | None:
    connection_string = environment.get("APPLICATIONINSIGHTS_CONNECTION_STRING")
    if not connection_string:
        return None
    # In the form in which the Functions host reads it.
    pairs = environment.get("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "").split(";")
    said = {name.strip().lower(): value for name, _, value in (one.partition("=") for one in pairs)}
    identity = said.get("authorization", "").upper() == "AAD"
    return InsightsSettings(connection_string, identity, said.get("clientid") or None)


def _token(environment: Mapping[str, str], principal_id: str | None) -> GatewayToken | None:
    names = ("QJOBS_GATEWAY_TOKEN_AUDIENCE", "QJOBS_GATEWAY_TOKEN_METADATA")
    audience, url = (environment.get(name, "") for name in names)
    if not audience and not url:
        return None
    given = {**dict(zip(names, (audience, url), strict=True)), _PRINCIPAL: principal_id}
    if missing := [name for name, value in given.items() if not value]:
        raise SettingError(
            f"The app setting {missing[0]} is missing: the gateway's token needs all of "
            f"{', '.join(given)}. Set it, or leave out both that begin with QJOBS_GATEWAY_TOKEN."
        )
    if not _SAFE.match(url):
        raise SettingError(
            f"The app setting {names[1]} must begin with https://, not {url!r}: "
            "who can change the keys on their way can make tokens."
        )
    return GatewayToken(audience, url)


def _seconds(environment: Mapping[str, str], name: str, default: int) -> timedelta:
    return timedelta(seconds=_number(environment, name, default))


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name) or str(default)
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise SettingError(f"The app setting {name} must be a number above 0, not {text!r}.")
    return value


def _region(text: str) -> str:
    if not _REGION.fullmatch(text):
        raise SettingError(
            "The app setting QJOBS_REGION must be at most 63 lower-case letters, digits and "
            f"dashes, such as westeurope, not {text!r}."
        )
    return text
