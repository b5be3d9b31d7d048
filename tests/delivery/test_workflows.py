"""The workflows of GitHub Actions: well-formed, least privilege, and true to the repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from grimp import build_graph

from tests.delivery.workflows import (
    ACTIONS,
    FILES,
    GITHUB,
    ROOT,
    Job,
    commands,
    jobs,
    needed_by,
    read,
    variables,
)

TOOLS = Path(sys.executable).parent
PINNED = re.compile(r"uses: ([\w./-]+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+$")
NEEDED_FOR = {
    ("contents", "read"): "actions/checkout@",
    ("contents", "write"): "gh release (?:create|edit)",
    ("packages", "write"): "docker push",
    ("attestations", "write"): "actions/attest-build-provenance@",
    ("attestations", "read"): "./.github/actions/deploy",
    ("id-token", "write"): "./.github/actions/azure|actions/attest-build-provenance@",
    ("security-events", "write"): "github/codeql-action/(?:analyze|upload-sarif)@",
}
"""What a job has to do to be allowed a permission."""
IDS = [f"{job.workflow}-{job.name}" for job in jobs()]


def run(tool: str, *arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a tool of the virtual environment, which finds the others there."""
    return subprocess.run(
        [TOOLS / tool, *arguments],
        cwd=folder,
        env=os.environ | {"PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_linter_finds_nothing() -> None:
    """Syntax, expressions, inputs of actions and the shell of every step are right."""
    done = run("jactionlint")  # workflows, actions, Dependabot

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_security_audit_finds_nothing() -> None:
    """No template injection, no excessive permission, no unpinned action, no leaked credential."""
    done = run("zizmor", "--offline", "--no-progress", "--persona", "pedantic", ".github")

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("tool", "mistake"),
    [
        ("jactionlint", "      - run: echo ${{ github.evnt }}"),
        ("zizmor", "      - run: echo ${{ github.event.pull_request.title }}"),
        ("zizmor", "      - uses: actions/checkout@v6"),
    ],
)
def test_the_tools_find_a_mistake(tool: str, mistake: str, tmp_path: Path) -> None:
    """A misspelt context, untrusted text in a command and an unpinned action are refused."""
    file = tmp_path / ".github" / "workflows" / "seeded.yml"
    file.parent.mkdir(parents=True)
    head = "on: [pull_request]\npermissions: {}\njobs:\n  one:\n    runs-on: ubuntu-24.04\n"
    file.write_text(f"name: Seeded\n{head}    steps:\n{mistake}\n", encoding="utf-8")
    options = ["--offline", "--no-progress"] if tool == "zizmor" else []

    assert run(tool, *options, str(file), folder=tmp_path).returncode != 0


def test_every_action_is_pinned_to_one_commit() -> None:
    """What is not of this repository is named by its full hash, everywhere the same one."""
    pins: dict[str, set[str]] = {}
    for file in FILES + ACTIONS:
        for line in file.read_text(encoding="utf-8").splitlines():
            if "uses:" in line and "uses: ./" not in line:
                found = PINNED.search(line)
                assert found, f"{file.name}: {line.strip()}"
                pins.setdefault(found[1].lower(), set()).add(found[2])

    assert pins
    assert {name: hashes for name, hashes in pins.items() if len(hashes) > 1} == {}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_workflow_grants_nothing_by_itself(file: Path) -> None:
    """Permissions are given job by job, and two runs never deploy over each other."""
    workflow = read(file)

    assert workflow["permissions"] == {}
    assert workflow["concurrency"]["group"]


@pytest.mark.parametrize("job", jobs(), ids=IDS)
def test_a_job_is_allowed_only_what_it_does(job: Job) -> None:
    """Each permission has the step that needs it; a called workflow gets what its jobs have."""
    granted = set(job.body["permissions"].items())
    if job.calls:
        called = [one for one in jobs() if one.workflow == job.calls]
        assert granted == {item for one in called for item in one.body["permissions"].items()}
        return

    for permission in granted:
        assert re.search(NEEDED_FOR[permission], job.text()), permission


@pytest.mark.parametrize("job", jobs(), ids=IDS)
def test_a_job_ends(job: Job) -> None:
    """Each has a limit of its own, on a system that does not change by itself."""
    if job.calls is None:
        assert job.body["timeout-minutes"] <= 360
        assert job.body["runs-on"] == "ubuntu-24.04"


@pytest.mark.parametrize("job", jobs(), ids=IDS)
def test_who_signs_in_has_an_environment(job: Job) -> None:
    """Whom Azure believes is decided by an environment, which protects and approves."""
    if job.workflow == "azure-dev.yml":
        assert "environment" not in job.body  # azd makes an identity that trusts the branch
    elif "./.github/actions/azure" in job.text():
        assert job.body["environment"]


def test_there_is_no_secret() -> None:
    """The token that GitHub makes for each run is the only one."""
    for file in FILES + ACTIONS:
        text = file.read_text(encoding="utf-8")
        assert set(re.findall(r"\bsecrets\.(\w+)", text)) <= {"GITHUB_TOKEN"}
        assert "secrets: inherit" not in text


def test_no_command_holds_an_expression() -> None:
    """What GitHub fills in reaches a shell as a variable, never as its program."""
    assert [place for place, command in commands() if "${{" in command] == []


def test_commands_name_what_there_is() -> None:
    """Targets of make, scripts and files exist, and scripts can be executed."""
    targets = set(
        re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    layers = [file.parent.name for file in ROOT.glob("infra/*/main.bicep")]

    for place, command in commands():
        for target in re.findall(r"\bmake ([a-z]+)", command):
            assert target in targets, f"{place}: make {target}"
        for script in re.findall(r"(?:^|[\s(])((?:\.ci|infra/hooks|\.github)/[\w./-]+)", command):
            assert (ROOT / script).is_file(), f"{place}: {script}"
            if not script.endswith((".json", ".py")):
                assert os.access(ROOT / script, os.X_OK), f"{place}: {script}"
        for path in re.findall(r"\btests/[\w./-]+", command):
            assert (ROOT / path).exists(), f"{place}: {path}"
    (bicep,) = [job for job in jobs() if job.name == "bicep"]
    assert sorted(bicep.body["strategy"]["matrix"]["layer"]) == sorted(layers)


def test_a_deployment_ends_with_a_job() -> None:
    """Only a service of azure.yaml is deployed, and its hook submits a job through the gateway."""
    azure = yaml.safe_load((ROOT / "azure.yaml").read_text(encoding="utf-8"))
    deployed = [
        name for _, command in commands() for name in re.findall(r"azd deploy (\w+)", command)
    ]

    assert deployed
    assert set(deployed) <= azure["services"].keys()
    assert "infra/hooks/smoke-test.sh" in [hook["run"] for hook in azure["hooks"]["postdeploy"]]


def test_path_filters_name_what_there_is() -> None:
    """A filter that matches no file would never start, or never spare, a pipeline."""
    for file in FILES:
        for trigger in read(file)["on"].values() if isinstance(read(file)["on"], dict) else ():
            for kind in ("paths", "paths-ignore"):
                for pattern in (trigger or {}).get(kind, []) if isinstance(trigger, dict) else ():
                    assert any(ROOT.glob(pattern)), f"{file.name}: {pattern}"


def filters(workflow: str, kind: str) -> list[str]:
    """Return the path filter of a workflow's pull requests."""
    patterns: list[str] = read(GITHUB / "workflows" / workflow)["on"]["pull_request"][kind]
    return patterns


def matches(path: Path, patterns: Sequence[str]) -> bool:
    """Tell whether a filter lets a file of the repository through."""
    return any(path.relative_to(ROOT).full_match(pattern) for pattern in patterns)


def test_the_quantum_pipeline_starts_with_all_that_is_quantum() -> None:
    """Every module of the engine that imports a quantum library is in its filter."""
    quantum = re.compile(r"^\s*(?:from|import) (?:qiskit|qdk)\b", re.MULTILINE)
    modules = [
        file
        for file in (ROOT / "qjobs").rglob("*.py")
        if quantum.search(file.read_text(encoding="utf-8"))
    ]

    assert modules
    assert [file for file in modules if not matches(file, filters("quantum.yml", "paths"))] == []


def test_the_quantum_pipeline_starts_with_all_that_it_runs() -> None:
    """Every module of engine, emulator and checks that `make quantum` imports is in its filter."""
    graph = build_graph("localdev", "qjobs", "azure_quantum_emulator", "tools", cache_dir=None)
    checks = graph.find_descendants("tools.algorithm_checks")
    imported = checks.union(*map(graph.find_upstream_modules, checks))
    emulator = ROOT / "packages" / "azure-quantum-emulator" / "src"
    files = [
        (emulator if name.startswith("azure_quantum_emulator.") else ROOT)
        .joinpath(*name.split("."))
        .with_suffix(".py")
        for name in imported
        if not name.startswith("localdev.")  # what it prints with
    ]

    assert {file.parent.name for file in files} >= {"algorithm_checks", "adapters", "execution"}
    assert [file for file in files if not matches(file, filters("quantum.yml", "paths"))] == []


def test_the_quantum_pipeline_starts_with_all_that_the_others_spare() -> None:
    """What the checks ignore has its pipeline, so that no change has none."""
    assert set(filters("pull-request.yml", "paths-ignore")) <= set(filters("quantum.yml", "paths"))


def test_every_variable_and_environment_is_documented() -> None:
    """Whoever sets the repository up finds all of them in docs/delivery.md."""
    text = (ROOT / "docs" / "delivery.md").read_text(encoding="utf-8")
    environments = {job.body["environment"] for job in jobs() if "environment" in job.body}

    assert {name for name in variables() | environments if f"`{name}`" not in text} == set()


@pytest.mark.parametrize("job", jobs(), ids=IDS)
def test_who_signs_in_unasked_is_told_to(job: Job) -> None:
    """Before the identities are there, what runs by itself does not try; a release is asked for."""
    signs_in = "./.github/actions/azure" in job.text() or job.calls == "what-if.yml"
    if signs_in and job.workflow not in {"release.yml", "rollback.yml", "what-if.yml"}:
        conditions = [one.body.get("if", "") for one in (job, *needed_by(job))]

        told = re.compile(r"vars\.QJOBS_(?:DELIVERY|SYNTHETIC_JOBS)|workflow_dispatch'")
        assert any(told.search(one) for one in conditions)


def test_the_smoke_test_is_given_the_id_of_a_device() -> None:
    """The hook makes JSON of it, so it must be nothing but the variable's value."""
    given = re.findall(
        r"QJOBS_SMOKE_TARGET: (.+)", "".join(file.read_text(encoding="utf-8") for file in FILES)
    )

    assert given == ["${{ vars.QJOBS_HARDWARE_TARGET }}"]
