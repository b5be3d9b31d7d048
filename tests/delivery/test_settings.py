"""How the settings of an environment get from azd to GitHub and back, unchanged."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.delivery import dotenv
from tests.delivery.workflows import GITHUB, ROOT, jobs, read

VALUES = {
    "AZURE_ENV_NAME": "prod",
    "QJOBS_ALWAYS_READY": "-1",
    "QJOBS_CONTACT_EMAIL": "-o'brien@example.com",
    "QJOBS_PROVIDERS": "rigetti/azure-basic-qvm-only-unlimited,ionq/pay-as-you-go",
    "QJOBS_RECONCILE_SCHEDULE": "0 */5 * * * *",
    "EMPTY": "",
    "HASH": "a #b # c",
    "DOLLAR": "$HOME ${EMPTY} $(id) \\$x",
    "QUOTES": """'a' "b" `c` !""",
    "BACKSLASH": r"C:\new\table",
    "SPACES": "  two  ",
    "LINES": "one\ntwo",
    "EQUALS": "a=b:c",
    "JSON": '{"a": ["b", "\\n"]}',
    "VERSION": "3.13",
}
"""What a shell, a flag or a file of settings could take for something else."""


def told(folder: Path, settings: str) -> list[str]:
    """Run the step that makes azd's environment; return what azd was told, files with content."""
    action = read(GITHUB / "actions" / "azure" / "action.yml")
    (script,) = [
        step["run"] for step in action["runs"]["steps"] if "azd env" in step.get("run", "")
    ]
    azd = folder / "azd"
    azd.write_text(
        '#!/bin/sh\necho "$*" >>"$RUNNER_TEMP/log"\n'
        'if [ "$3" = --file ]; then cp "$4" "$RUNNER_TEMP/given"; fi\n',
        encoding="utf-8",
    )
    azd.chmod(0o755)
    subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        env={
            "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
            "RUNNER_TEMP": str(folder),
            "AZURE_ENV_NAME": "prod",
            "AZURE_SUBSCRIPTION_ID": "1",
            "AZURE_LOCATION": "westeurope",
            "QJOBS_SETTINGS": settings,
        },
        check=True,
    )
    return (folder / "log").read_text(encoding="utf-8").splitlines()


def test_what_azd_printed_is_what_azd_gets(tmp_path: Path) -> None:
    """Dashes, quotes, spaces, hashes and dollars arrive as they were, in one call."""
    printed = dotenv.write(VALUES)
    # GitHub keeps a variable without the line end, as `$(...)` would.
    calls = told(tmp_path, printed.rstrip("\n"))

    assert [call for call in calls if call.startswith("env set")] == [
        f"env set --file {tmp_path}/settings.env"
    ]
    assert dotenv.read((tmp_path / "given").read_text(encoding="utf-8")) == VALUES


def test_plain_lines_are_settings_too(tmp_path: Path) -> None:
    """Whoever writes the variable by hand needs quotes only where a shell would, too."""
    told(tmp_path, "QJOBS_SIZE=prod\nQJOBS_ALWAYS_READY=-1\n\nQJOBS_SCHEDULE=0 */5 * * * *")

    assert dotenv.read((tmp_path / "given").read_text(encoding="utf-8")) == {
        "QJOBS_SIZE": "prod",
        "QJOBS_ALWAYS_READY": "-1",
        "QJOBS_SCHEDULE": "0 */5 * * * *",
    }


def test_an_environment_without_settings_is_made_anyway(tmp_path: Path) -> None:
    """Azd refuses an empty file, so it is not given one."""
    (call,) = told(tmp_path, "")

    assert call.startswith("env new prod --no-prompt")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A='$B #c'", {"A": "$B #c"}),
        ('A="1"\nB="$A\\$A"', {"A": "1", "B": "1$A"}),
        ("# note\nexport A = b # c", {"A": "b"}),
        ('A="a\\"b"', {"A": 'a"b'}),
        # The library loses a quotation mark at the end; no setting has one.
        ('A="a\\""', {"A": "a\\"}),
    ],
)
def test_the_rules_are_those_of_the_library(text: str, values: dict[str, str]) -> None:
    """Cases whose values godotenv 1.5.1 itself gave."""
    assert dotenv.read(text) == values


def test_the_document_takes_the_settings_as_azd_prints_them() -> None:
    """Nothing comes between the two: what would take quotes away would take them from values."""
    text = (ROOT / "docs" / "delivery.md").read_text(encoding="utf-8")
    taken = re.findall(r"azd env get-values[^`\n]*gh variable set QJOBS_SETTINGS[^`\n]*", text)

    assert taken
    assert all(
        re.match(r"azd env get-values(?: -e \w+)? \\?\| gh variable set", one) for one in taken
    )


def test_the_file_that_azd_pipeline_config_looks_for_is_there() -> None:
    """Its job signs in as the branch, with the variables that azd sets in the repository."""
    (job,) = [one for one in jobs() if one.workflow == "azure-dev.yml"]
    names = ("CLIENT_ID", "TENANT_ID", "SUBSCRIPTION_ID", "ENV_NAME", "LOCATION")

    assert {f"AZURE_{name}": f"${{{{ vars.AZURE_{name} }}}}" for name in names}.items() <= (
        job.body["env"].items()
    )
    assert "vars.QJOBS_DELIVERY == ''" in job.body["if"]


def test_azd_takes_along_what_its_documents_tell_to_set() -> None:
    """It finds the parameters of the templates by itself; the rest is named in azure.yaml."""
    named = yaml.safe_load((ROOT / "azure.yaml").read_text(encoding="utf-8"))["pipeline"]
    parameters = "".join(
        file.read_text(encoding="utf-8") for file in ROOT.glob("infra/*/main.parameters.json")
    )
    told_to = set(
        re.findall(
            r"azd env set (QJOBS_\w+)", (ROOT / "docs/deploy.md").read_text(encoding="utf-8")
        )
    )

    told_to -= {"QJOBS_ALLOW_DOWN"}  # no pipeline takes anything down
    assert told_to
    assert {
        name
        for name in told_to
        if f"${{{name}" not in parameters and name not in named["variables"]
    } == set()
    assert named["provider"] == "github"


def test_the_settings_that_azd_stored_reach_the_job(tmp_path: Path) -> None:
    """All that begin with QJOBS_, each on a line of the job's environment."""
    if shutil.which("jq") is None:
        pytest.skip("jq is not installed here; GitHub's machines have it")
    (job,) = [one for one in jobs() if one.workflow == "azure-dev.yml"]
    (script,) = [step["run"] for step in job.steps if "jq" in step.get("run", "")]
    file = tmp_path / "environment"
    subprocess.run(
        ["bash", "-e", "-c", script],
        env={
            "PATH": os.environ["PATH"],
            "GITHUB_ENV": str(file),
            "VARIABLES": json.dumps(
                {"QJOBS_SIZE": "-1 #$x", "AZURE_TENANT_ID": "t", "QJOBS_SETTINGS": "a\nb"}
            ),
        },
        check=True,
    )

    assert file.read_text(encoding="utf-8") == "QJOBS_SIZE=-1 #$x\n"
