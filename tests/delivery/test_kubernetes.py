"""The manifests of the workers: valid, restricted, and true to the code."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from qjobs.domain.messages import Queue

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "infra" / "kubernetes"
KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text(encoding="utf-8"))
MANIFESTS: list[dict[str, Any]] = [
    document
    for name in KUSTOMIZATION["resources"]
    for document in yaml.safe_load_all((FOLDER / name).read_text(encoding="utf-8"))
]
KEDA = "keda.sh/v1alpha1"
PLACEHOLDER = "from parameters.yaml"
HOST = json.loads((ROOT / "host.json").read_text(encoding="utf-8"))["extensions"]


def manifest(kind: str, name: str = "qjobs-workers") -> dict[str, Any]:
    """Return a copy of the manifest of a *kind*."""
    (found,) = [one for one in MANIFESTS if one["kind"] == kind and one["metadata"]["name"] == name]
    return deepcopy(found)


def at(document: Any, path: str) -> list[tuple[Any, Any]]:  # noqa: ANN401 - it is YAML
    """Return where a path of kustomize leads: containers with the key in each."""
    places: list[tuple[Any, Any]] = [({"": document}, "")]
    for part in re.findall(r"\[[^\]]+\]|[^.\[]+", path):
        nodes = [container[key] for container, key in places]
        if "=" in part:
            key, _, value = part.strip("[]").partition("=")
            places = [
                (node, index)
                for node in nodes
                for index, item in enumerate(node)
                if str(item[key]) == value
            ]
        else:
            places = [(node, part.strip("[]")) for node in nodes]
    return places


def rendered() -> list[dict[str, Any]]:
    """Return the manifests with the parameters put in, as kustomize does it."""
    manifests = deepcopy(MANIFESTS)
    for replacement in KUSTOMIZATION["replacements"]:
        source = replacement["source"]
        ((container, key),) = at(manifest(source["kind"], source["name"]), source["fieldPath"])
        for target in replacement["targets"]:
            selected = [
                one
                for one in manifests
                if one["kind"] == target["select"]["kind"]
                and one["metadata"]["name"] == target["select"]["name"]
            ]
            assert selected, target
            for path in target["fieldPaths"]:
                for place, name in [found for one in selected for found in at(one, path)]:
                    assert place[name] == PLACEHOLDER, path
                    place[name] = container[key]
    return [one for one in manifests if one["metadata"]["name"] != "parameters"]


@pytest.mark.parametrize(
    "document",
    [one for one in MANIFESTS if one["apiVersion"] != KEDA],
    ids=lambda one: f"{one['kind']}-{one['metadata']['name']}",
)
def test_a_manifest_fits_the_schema_of_kubernetes(document: dict[str, Any]) -> None:
    """No member is unknown, misspelt or of another type."""
    kubernetes_validate.validate(document, "1.34", strict=True)


def test_the_schema_finds_a_mistake() -> None:
    """A misspelt member is refused."""
    document = manifest("Deployment")
    document["spec"]["template"]["spec"]["containers"][0]["readinesProbe"] = {}

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(document, "1.34", strict=True)


def test_every_file_is_applied() -> None:
    """kustomization.yaml names each of them."""
    files = {file.name for file in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}

    assert set(KUSTOMIZATION["resources"]) == files


def test_every_parameter_gets_where_it_belongs() -> None:
    """Each is used, every placeholder is filled, and nothing else is overwritten."""
    used = {
        one["source"]["fieldPath"].removeprefix("data.") for one in KUSTOMIZATION["replacements"]
    }

    assert PLACEHOLDER not in yaml.safe_dump(rendered())
    assert used == set(manifest("ConfigMap", "parameters")["data"])


def test_the_settings_are_those_of_the_code() -> None:
    """Every setting is one that the code, the host or the telemetry reads."""
    settings = set(manifest("ConfigMap", "settings")["data"])
    source = (ROOT / "qjobs" / "settings.py").read_text(encoding="utf-8")
    host = {name for name in settings if name.startswith("AzureFunctions")}
    other = {
        *("AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential"),
        "QDK_PYTHON_TELEMETRY",
        *("APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"),
    }
    triggers = "".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "functions").glob("*.py")
    )
    read = set(re.findall(r"\b(?:QJOBS|AzureWebJobsStorage)\w+", source + triggers))

    assert settings - host - other - read == set()
    assert {"AzureWebJobsStorage__blobServiceUri", "QJOBS_RECONCILE_SCHEDULE"} <= settings


def test_the_workers_are_the_functions_without_http() -> None:
    """Every queue, poison queue and timer function is loaded; of the others only health."""
    sources = {
        file.stem: file.read_text(encoding="utf-8") for file in (ROOT / "functions").glob("*.py")
    }
    expected = {
        name
        for module, source in sources.items()
        if module.startswith(("queue_", "timer_")) or module == "http_health"
        for name in re.findall(r'@bp\.function_name\("(\w+)"\)', source)
    }
    settings = manifest("ConfigMap", "settings")["data"]
    loaded = [
        value
        for name, value in settings.items()
        if name.startswith("AzureFunctionsJobHost__functions__")
    ]

    assert sorted(loaded) == sorted(expected)


def test_the_queues_are_those_of_the_code() -> None:
    """Both are looked at by identity, with a length that follows from host.json."""
    triggers = manifest("ScaledObject")["spec"]["triggers"]
    lengths = {
        one["metadata"]["queueName"]: int(one["metadata"]["queueLength"]) for one in triggers
    }
    batch, more = (HOST["queues"][name] for name in ("batchSize", "newBatchThreshold"))

    assert lengths == {
        Queue.DISPATCH.value: batch,
        Queue.TRACK.value: batch + more,
        Queue.DELIVER.value: batch + more,
    }
    assert {one["type"] for one in triggers} == {"azure-queue"}
    assert all(one["authenticationRef"] == {"name": "qjobs-workers"} for one in triggers)
    assert manifest("TriggerAuthentication")["spec"]["podIdentity"]["provider"] == "azure-workload"


def test_the_timer_always_has_an_instance() -> None:
    """Without one nobody would find lost jobs while the queues are empty."""
    assert manifest("ScaledObject")["spec"]["minReplicaCount"] >= 1


def test_every_selector_finds_the_workers() -> None:
    """Deployment, disruption budget, network policy and scaling mean the same pods."""
    deployment = manifest("Deployment")["spec"]
    labels = deployment["template"]["metadata"]["labels"].items()

    for selector in (
        deployment["selector"],
        manifest("PodDisruptionBudget")["spec"]["selector"],
        manifest("NetworkPolicy")["spec"]["podSelector"],
    ):
        assert selector["matchLabels"].items() <= labels
    assert manifest("ScaledObject")["spec"]["scaleTargetRef"]["name"] == "qjobs-workers"


def test_the_pod_keeps_to_the_restricted_profile() -> None:
    """No root, no privilege, no capability, nothing to write to but scratch, no cluster token."""
    pod = manifest("Deployment")["spec"]["template"]["spec"]
    (container,) = pod["containers"]

    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_the_pod_is_that_of_the_image() -> None:
    """User, port and health path are those of the Dockerfile."""
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    pod = manifest("Deployment")["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    (port,) = container["ports"]

    assert f"\nUSER {pod['securityContext']['runAsUser']}\n" in image
    assert f"\nEXPOSE {port['containerPort']}\n" in image
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert container[probe]["httpGet"]["port"] == port["name"]
        assert f"{port['containerPort']}{container[probe]['httpGet']['path']}'" in image


def test_what_the_workflow_tries_is_what_the_cluster_does() -> None:
    """The image is started in CI with the same folders to write to."""
    (container,) = manifest("Deployment")["spec"]["template"]["spec"]["containers"]
    workflow = (ROOT / ".github" / "workflows" / "pull-request.yml").read_text(encoding="utf-8")
    tried = re.findall(r"--tmpfs (\S+?)(?::uid=\d+)?\s", workflow)

    assert sorted(tried) == sorted(mount["mountPath"] for mount in container["volumeMounts"])
