"""The local stack without keys has the settings that a deployment has."""

from __future__ import annotations

import re
from pathlib import Path

from azure_quantum_emulator.serving.certificates import Authority
from localdev.identity.directory import FUNCTIONS, GATEWAY
from localdev.stack.facts import StackFacts
from localdev.stack.keyless import KeylessFunctions
from localdev.stack.part import Options, Profile

ROOT = Path(__file__).parents[2]
PLATFORM = {"IDENTITY_ENDPOINT", "IDENTITY_HEADER"}
"""What the platform sets where an identity is assigned."""
TRUST = {"HTTPS_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"}
"""What leads the libraries to servers of this machine."""
MONITORING = {"APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"}
"""Where the telemetry of a deployment goes."""
FILES = {"QJOBS_TELEMETRY_DIRECTORY"}
"""Where that of a laptop goes instead."""
INHERITED = {"QDK_PYTHON_TELEMETRY"}
"""What every part of a local stack has."""


def deployed_settings() -> set[str]:
    """Return the names of the app settings in the Bicep."""
    text = (ROOT / "infra" / "app" / "functions.bicep").read_text(encoding="utf-8")
    block = re.search(r"name: 'appsettings'\n  properties: \{\n(.*?)\n  \}", text, re.DOTALL)
    assert block
    return set(re.findall(r"^    (\w+):", block[1], re.MULTILINE))


def test_the_functions_are_configured_as_deployed(tmp_path: Path) -> None:
    """Nothing is set on a laptop that is not set on Azure, and nothing is left out."""
    options = Options(tmp_path, profile=Profile.KEYLESS)
    facts: StackFacts = {
        "identity": {
            "url": "http://127.0.0.1:1/",
            "tenant": "tenant",
            "signingKeyFile": "key.pem",
            "metadata": "http://127.0.0.1:1/metadata",
            "identityHeaders": {"functions": "opens it"},
        },
        "storage": {"blobServiceUri": "https://blob", "queueServiceUri": "https://queue"},
        "proxy": {"url": "http://127.0.0.1:2/"},
        "channel": {"url": "https://127.0.0.1:3/"},
    }
    part = KeylessFunctions(options, Authority(tmp_path / "ca.pem"))

    environment = part.environment(facts)

    assert environment.keys() - PLATFORM - TRUST - FILES == (
        deployed_settings() - MONITORING - INHERITED
    )
    assert environment["AzureWebJobsStorage__clientId"] == FUNCTIONS.client_id
    assert environment["QJOBS_GATEWAY_PRINCIPAL_ID"] == GATEWAY.object_id
