"""The functions on Container Apps: the same app as on Flex Consumption, in another place."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLEX = (ROOT / "infra" / "app" / "functions.bicep").read_text(encoding="utf-8")
CONTAINER = (ROOT / "infra" / "container" / "functions.bicep").read_text(encoding="utf-8")
REGISTRY = (ROOT / "infra" / "container" / "registry.bicep").read_text(encoding="utf-8")
_SETTING = re.compile(
    r"^\s+((?:QJOBS|QDK|WEBSITE|AzureWebJobs|APPLICATIONINSIGHTS)_\w+"
    r"|AzureWebJobs\w+): (.+)$",
    re.MULTILINE,
)


def block(text: str, head: str) -> str:
    """Return a block from *head* to the brace that ends it, without indentation and comments."""
    lines = text[text.index(head) :].splitlines()
    indent = len(lines[0]) - len(lines[0].lstrip())
    end = next(number for number, line in enumerate(lines) if line == f"{' ' * indent}}}")
    stripped = [line.strip() for line in lines[: end + 1]]
    return "\n".join(line for line in stripped if not line.startswith("//"))


def test_the_settings_are_those_of_flex() -> None:
    """Every app setting is the same; two more say how the gateway proves that it is the sender."""
    settings = dict(_SETTING.findall(CONTAINER))

    assert settings.pop("QJOBS_GATEWAY_TOKEN_AUDIENCE")
    assert settings.pop("QJOBS_GATEWAY_TOKEN_METADATA")
    assert settings == dict(_SETTING.findall(FLEX))
    assert settings


def test_the_platform_stands_in_front() -> None:
    """Whoever is not the gateway is refused before the functions are asked."""
    authentication = block(CONTAINER, "resource authentication ")

    assert re.search(r"platform: \{\nenabled: true\n\}", authentication)
    assert "unauthenticatedClientAction: 'Return401'" in authentication
    assert "excludedPaths: ['/api/health']" in authentication


def test_platform_and_functions_check_the_same_token() -> None:
    """Audience and version are the same, and what the gateway asks its token for is the audience.

    The configuration at that address, without v2.0 in it, is that of tokens of version 1.0.
    """
    settings = dict(_SETTING.findall(CONTAINER))
    main = (ROOT / "infra" / "container" / "main.bicep").read_text(encoding="utf-8")
    audience = settings["QJOBS_GATEWAY_TOKEN_AUDIENCE"]

    assert f"allowedAudiences: [{audience}]" in CONTAINER
    assert "registrationClientId: functionsClientId" in main
    assert (
        f"'functions-audience': {audience.replace('registrationClientId', 'functionsClientId')}"
        in main
    )
    assert "openIdIssuer: 'https://sts.windows.net/${tenant().tenantId}/'" in CONTAINER
    assert settings["QJOBS_GATEWAY_TOKEN_METADATA"] == (
        "'${az.environment().authentication.loginEndpoint}${tenant().tenantId}"
        "/.well-known/openid-configuration'"
    )


def test_the_replicas_are_one_host() -> None:
    """Of all replicas one runs the timer, because all have the same id, as pods have."""
    pods = (ROOT / "infra" / "kubernetes" / "settings.yaml").read_text(encoding="utf-8")

    assert "\n  AzureFunctionsWebHost__hostid: take(toLower(name), 32)\n" in CONTAINER
    assert re.search(r"^  AzureFunctionsWebHost__hostid: [a-z-]{1,32}$", pods, re.MULTILINE)


def test_the_same_callers_come_in() -> None:
    """Issuer, audience, application and identity are what they are on Flex Consumption."""
    head = "    identityProviders: {"

    assert block(CONTAINER, head) == block(FLEX, head)


def test_the_port_and_the_probes_are_those_of_the_image() -> None:
    """Ingress and probes reach the port that the image listens on."""
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    (port,) = re.findall(r"^EXPOSE (\d+)$", image, re.MULTILINE)

    assert set(re.findall(r"(?:targetPort|port): (\d+)", CONTAINER)) == {port}
    for path in re.findall(r"path: '(.+)'", CONTAINER):
        assert f":{port}{path}'" in image


def test_the_image_is_pulled_without_a_password() -> None:
    """The registry has no admin user, and the app pulls by its identity."""
    assert "adminUserEnabled: false" in REGISTRY
    assert "anonymousPullEnabled: false" in REGISTRY
    assert "identity: identityId" in block(CONTAINER, "        {\n          server: registryServer")


def test_all_modules_but_the_functions_are_those_of_the_app_layer() -> None:
    """What is the same is not written twice."""
    main = (ROOT / "infra" / "container" / "main.bicep").read_text(encoding="utf-8")
    modules = re.findall(r"^module \w+ '(.+)'", main, re.MULTILINE)

    assert {module for module in modules if not module.startswith("../")} == {
        "functions.bicep",
        "registry.bicep",
    }
