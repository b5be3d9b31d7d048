"""A release: the same bytes through dev to production, and back if they do not work there."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.delivery.workflows import GITHUB, Job, jobs, needed_by, read

DEPLOY = read(GITHUB / "actions" / "deploy" / "action.yml")
DEPLOYS = "./.github/actions/deploy"
PRODUCTION = [one for one in jobs() if one.body.get("environment") == "production"]


def job(name: str, workflow: str = "release.yml") -> Job:
    """Return a job."""
    (found,) = [one for one in jobs() if (one.workflow, one.name) == (workflow, name)]
    return found


def step(of: Job, identifier: str) -> dict[str, Any]:
    """Return a step."""
    (found,) = [one for one in of.steps if one.get("id") == identifier]
    return found


def test_only_what_was_verified_is_deployed() -> None:
    """Digest, workflow and tag are checked before the commands that deploy a release."""
    text = "\n".join(one.get("run", "") for one in DEPLOY["runs"]["steps"])
    order = [
        "gh release download",
        "sha256sum --check --strict SHA256SUMS",
        "gh attestation verify",
        "--signer-workflow",
        "--source-ref",
        "azd deploy api",
        "azd deploy web",
    ]

    places = [text.index(part) for part in order]
    assert places == sorted(places)
    deploying = {one.workflow for one in jobs() if "azd deploy" in one.text()}
    assert deploying == {"azure-dev.yml"}


def test_the_page_of_a_release_is_verified_and_not_built_again() -> None:
    """It is built once, attested with the package, and what is deployed is that file."""
    verify, *_, page = DEPLOY["runs"]["steps"]
    file = "qjobs-$VERSION-page.zip"

    assert re.search(r"for package in deployable page; do\s+gh attestation verify", verify["run"])
    assert f'export QJOBS_PAGE_PACKAGE="$RUNNER_TEMP/$VERSION/{file}"' in page["run"]
    assert page["run"].index("QJOBS_PAGE_PACKAGE") < page["run"].index("azd deploy web")
    assert file.replace("$VERSION", "$version") in job("build").text()


def test_the_action_runs_after_a_failure_too() -> None:
    """GitHub lets steps of an action go by the action's own state if they have an id."""
    assert all(one.get("id") for one in DEPLOY["runs"]["steps"])


def test_dev_production_return_and_rollback_deploy_alike() -> None:
    """All of them use the one action, and say which version."""
    uses = {
        f"{one.workflow} {one.body['environment']}": [
            use["with"]["version"] for use in one.steps if use.get("uses") == DEPLOYS
        ]
        for one in jobs()
        if DEPLOYS in one.text()
    }

    built, last = "${{ needs.build.outputs.version }}", "${{ steps.last.outputs.version }}"
    assert uses == {
        "release.yml dev": [built],
        "release.yml production": [built, last],
        "rollback.yml production": ["${{ inputs.version }}"],
    }


def test_production_waits_for_everything_else() -> None:
    """Checks, the build, the smoke test in dev, and what would change come before it."""
    before = {one.name for one in needed_by(job("production"))}

    assert before == {"checks", "quantum", "security", "build", "dev", "what-if"}
    assert "dev" in {one.name for one in needed_by(job("what-if"))}
    assert "build" in {one.name for one in needed_by(job("dev"))}


def test_no_job_before_the_approval_may_change_production() -> None:
    """What-if has an identity of its own; the one of production is asked for by two jobs alone."""
    (what_if,) = [one for one in jobs() if one.workflow == "what-if.yml"]

    assert what_if.body["environment"] == "preview"
    assert "azd provision" not in what_if.text()
    assert {(one.workflow, one.name) for one in PRODUCTION} == {
        ("release.yml", "production"),
        ("rollback.yml", "deploy"),
    }


def test_the_version_before_returns_by_itself() -> None:
    """In the job that is approved already, when deployment or smoke test failed."""
    steps = job("production").steps
    back = step(job("production"), "return")
    names = [one.get("id") for one in steps]

    assert back["if"] == (
        "failure() && steps.deploy.outcome == 'failure' && steps.last.outputs.version != ''"
    )
    # Which one it is, is known before anything changes.
    assert names.index("last") < names.index("deploy") < names.index("return")
    assert "continue-on-error" not in {key for one in steps for key in one}  # the run stays red


def test_there_is_time_left_to_return() -> None:
    """What hangs fails as a step: a job that runs out of time is cancelled, and does no more."""
    limits = [one["timeout-minutes"] for one in job("production").steps if "timeout-minutes" in one]

    assert step(job("production"), "deploy")["timeout-minutes"]
    assert sum(limits) < job("production").body["timeout-minutes"]


def test_a_release_is_the_latest_once_production_has_answered() -> None:
    """Until then it is a prerelease, which nothing returns to."""
    creates = [one for one in jobs() if "gh release create" in one.text()]
    marks = [one for one in jobs() if "gh release edit" in one.text()]

    assert [len(re.findall(r"--prerelease$", one.text(), re.MULTILINE)) for one in creates] == [1]
    assert {one.workflow for one in marks} == {"release.yml", "rollback.yml"}
    for one in marks:
        assert "--prerelease=false --latest" in one.text()
        assert {before.name for before in needed_by(one)} & {
            done.name for done in PRODUCTION if done.workflow == one.workflow
        }


def test_two_deployments_to_production_never_overlap() -> None:
    """Release and rollback wait for each other, and none is cancelled half-way."""
    for name in ("release.yml", "rollback.yml"):
        assert read(GITHUB / "workflows" / name)["concurrency"] == {
            "group": "production",
            "cancel-in-progress": False,
        }


def test_a_release_is_tried_on_a_simulator_of_the_workspace() -> None:
    """The job that runs every night runs on the tag as well, before anything is built."""
    assert "github.ref_type == 'tag'" in job("simulator", "quantum.yml").body["if"]
    assert job("quantum").calls == "quantum.yml"


def test_drift_is_of_what_was_released() -> None:
    """`main` may be ahead of production; the latest release may not be behind it."""
    drift = job("what-if", "drift.yml").body

    assert drift["with"] == {"ref": "${{ needs.released.outputs.tag }}", "unchanged": True}
    assert ".github/in_production.sh" in job("released", "drift.yml").text()


def test_packages_and_image_have_bills_of_materials() -> None:
    """Each is attested with its own, which is kept with the release."""
    steps = job("build").steps
    bills = [one["with"] for one in steps if "actions/attest@" in one.get("uses", "")]
    version = "${{ steps.version.outputs.version }}"

    assert [(one.get("subject-path"), one["sbom-path"]) for one in bills] == [
        (
            f"dist/qjobs-{version}.zip\ndist/qjobs-{version}-deployable.zip\n",
            f"dist/qjobs-{version}.cdx.json",
        ),
        (f"dist/qjobs-{version}-page.zip", f"dist/qjobs-{version}-page.cdx.json"),
        (None, f"dist/qjobs-{version}-image.cdx.json"),
    ]
    assert bills[2]["subject-digest"] == "${{ steps.image.outputs.digest }}"
    texts = [f"{one.get('with', '')}{one.get('run', '')}" for one in steps]
    (made,) = [place for place, text in enumerate(texts) if "'output-file'" in text]
    (summed,) = [place for place, text in enumerate(texts) if ">SHA256SUMS" in text]
    assert made < summed


@pytest.mark.parametrize(
    ("deploy", "last", "back", "said"),
    [
        ("success", "0.1.0", "skipped", "0.2.0 works in production"),
        ("failure", "0.1.0", "success", "0.2.0 did not work in production. 0.1.0 is back"),
        ("failure", "0.1.0", "failure", "Production does not work: 0.2.0 did not, and 0.1.0"),
        ("failure", "", "skipped", "still there:** no version before it ever did"),
        ("skipped", "0.1.0", "skipped", "was not deployed to production:** the job ended before"),
        ("", "", "", "The code there is none"),
    ],
)
def test_the_summary_says_what_runs_now(deploy: str, last: str, back: str, said: str) -> None:
    """Every end of the job has its sentence."""
    told = {"VERSION": "0.2.0", "DEPLOY": deploy, "LAST": last, "RETURN": back}
    done = subprocess.run(
        [GITHUB / "say_what_happened.sh"],
        env=os.environ | told,
        capture_output=True,
        text=True,
        check=True,
    )

    assert said in done.stdout
    assert len(done.stdout.splitlines()) == 1


def test_the_version_to_return_to_is_the_latest_release(tmp_path: Path) -> None:
    """Neither drafts nor prereleases count, and a failure of the question is none of the answer."""
    gh = tmp_path / "gh"
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "GITHUB_REPOSITORY": "owner/name"}

    def ask(script: str) -> subprocess.CompletedProcess[str]:
        gh.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        gh.chmod(0o755)
        return subprocess.run(
            [GITHUB / "in_production.sh"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    asked = ask('echo "$@"').stdout
    assert "--exclude-drafts --exclude-pre-releases" in asked
    assert "select(.isLatest) | .tagName" in asked
    assert ask("exit 1").returncode != 0
