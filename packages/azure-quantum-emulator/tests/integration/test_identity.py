"""Token credentials over TLS, and how the SDK finds the workspace: all of it unmodified."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator

import jwt
import pytest
from azure.core.credentials import AccessToken, AzureKeyCredential
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
from azure.quantum import Workspace

from azure_quantum_emulator.testing import RunningEmulator, running

CIRCUIT = {"qubits": 1, "circuit": [{"gate": "x", "target": 0}]}


class Tokens:
    """A credential whose tokens are for whatever they are asked for, and are remembered."""

    def __init__(self) -> None:
        self.scopes: list[str] = []

    def get_token(self, *scopes: str, **_: object) -> AccessToken:
        """Return a token for the first of *scopes*."""
        self.scopes += scopes
        expires = int(time.time()) + 3600
        audience = scopes[0].removesuffix("/.default")
        claims = {"aud": audience, "exp": expires}
        return AccessToken(jwt.encode(claims, "x" * 32, algorithm="HS256"), expires)


@pytest.fixture(scope="module")
def secure(azurite: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    """Start the emulator with TLS."""
    directory = tmp_path_factory.mktemp("emulator")
    arguments = ("--in-memory", "--quiet", "--tls-port", "0")
    with running(directory, *arguments, storage=azurite) as emulator:
        yield emulator


@pytest.fixture
def trusted(secure: RunningEmulator, monkeypatch: pytest.MonkeyPatch) -> RunningEmulator:
    """Trust the emulator's authority."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", secure.facts["authorityFile"])
    return secure


def run(workspace: Workspace) -> None:
    """Run a job from end to end."""
    job = workspace.get_targets("ionq.simulator").submit(CIRCUIT, shots=10)
    assert job.get_results()["histogram"] == {"1": 1.0}


def test_a_token_and_the_resource_manager(trusted: RunningEmulator) -> None:
    """The SDK asks ARM where the workspace is, and brings a token for each of the two."""
    tokens = Tokens()
    with Workspace(
        subscription_id=trusted.facts["subscriptionId"],
        resource_group=trusted.facts["resourceGroup"],
        name=trusted.facts["name"],
        credential=tokens,
        arm_endpoint=trusted.facts["tlsUrl"],
    ) as workspace:
        assert workspace.location == trusted.facts["location"]
        run(workspace)
    assert set(tokens.scopes) == {
        "https://management.azure.com/.default",
        "https://quantum.microsoft.com/.default",
    }


def test_a_token_and_the_resource_graph(trusted: RunningEmulator) -> None:
    """The SDK finds the workspace by its name alone."""
    with Workspace(
        name=trusted.facts["name"], credential=Tokens(), arm_endpoint=trusted.facts["tlsUrl"]
    ) as workspace:
        assert workspace.subscription_id == trusted.facts["subscriptionId"]
        run(workspace)


def test_a_workspace_of_another_name_is_not_found(trusted: RunningEmulator) -> None:
    """Neither by the resource graph nor by the resource manager."""
    with pytest.raises(ValueError, match="No matching workspace"):
        Workspace(name="other", credential=Tokens(), arm_endpoint=trusted.facts["tlsUrl"])
    with pytest.raises(ValueError, match="not found"):
        Workspace(
            subscription_id=str(uuid.uuid4()),
            resource_group="none",
            name="other",
            credential=Tokens(),
            arm_endpoint=trusted.facts["tlsUrl"],
        )


def test_the_key_opens_the_other_door_too(trusted: RunningEmulator) -> None:
    """Both listeners are one workspace."""
    with trusted.connect(_quantum_endpoint=trusted.facts["tlsUrl"]) as workspace:
        run(workspace)
        (job, *_) = list(workspace.list_jobs())
    with trusted.connect() as workspace:
        assert workspace.get_job(job.id).id == job.id


def test_a_wrong_key_opens_neither(trusted: RunningEmulator) -> None:
    """The SDK reports that it was not let in."""
    key = AzureKeyCredential("wrong")
    for url in (trusted.url, trusted.facts["tlsUrl"]):
        with (
            trusted.connect(credential=key, _quantum_endpoint=url) as workspace,
            pytest.raises(ClientAuthenticationError),
        ):
            workspace.get_targets()


def test_nobody_is_trusted_unasked(secure: RunningEmulator) -> None:
    """Without the authority's certificate the SDK does not talk to the emulator."""
    with (
        secure.connect(_quantum_endpoint=secure.facts["tlsUrl"]) as workspace,
        pytest.raises(ServiceRequestError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        workspace.get_targets()
