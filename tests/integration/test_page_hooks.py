"""Hooks of the page, with command line tools that only note what they are asked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from localdev.identity.directory import SCOPES
from localdev.page.site import Site
from tests.integration.stand_ins import HOOKS, ROOT, Tools

ORIGIN = "https://nice-sea-0123.5.azurestaticapps.net"
OUTPUTS = {
    "AZURE_TENANT_ID": "the-tenant",
    "AZURE_RESOURCE_GROUP": "rg-trial",
    "QJOBS_API_URL": "https://apim-x.azure-api.net/quantum",
    "QJOBS_API_CLIENT_ID": "the-api",
    "QJOBS_PAGE_CLIENT_ID": "the-page",
    "QJOBS_PAGE_URL": ORIGIN,
    "QJOBS_CHANNEL_URL": "https://wps-x.webpubsub.azure.com",
    "QJOBS_GATEWAY_NAME": "apim-x",
    "QJOBS_GATEWAY_TIER_USED": "BasicV2",
}


@pytest.fixture
def project(tools: Tools, tmp_path: Path) -> Path:
    """Return `web/` of a checkout in which the page is built; hooks run there."""
    web = tmp_path / "checkout" / "web"
    (web / "dist").mkdir(parents=True)
    shutil.copy(ROOT / "web" / "staticwebapp.template.json", web)
    shutil.copytree(HOOKS, tmp_path / "checkout" / "infra" / "hooks")
    tools.project = web
    tools.hooks = tmp_path / "checkout" / "infra" / "hooks"
    return web


def written(project: Path, name: str) -> dict[str, Any]:
    """Return a file that a hook wrote into the built page."""
    content: dict[str, Any] = json.loads((project / "dist" / name).read_text(encoding="utf-8"))
    return content


def test_the_page_learns_where_it_is_deployed(tools: Tools, project: Path) -> None:
    """Its configuration has what its login and its requests take, and no metadata of a laptop."""
    done = tools.run("configure-page.sh", **OUTPUTS)

    assert done.returncode == 0, done.stderr
    assert written(project, "config.json") == {
        "api": OUTPUTS["QJOBS_API_URL"],
        "clientId": "the-page",
        "tenant": "the-tenant",
        "scopes": [f"api://the-api/{scope}" for scope in SCOPES],
        "authority": "https://login.microsoftonline.com/the-tenant",
    }
    assert ORIGIN in done.stdout


@pytest.mark.parametrize(
    ("channel", "hosts"),
    [(OUTPUTS["QJOBS_CHANNEL_URL"], ["wss://wps-x.webpubsub.azure.com"]), ("", [])],
)
def test_the_headers_name_the_servers_of_the_deployment(
    tools: Tools, project: Path, channel: str, hosts: list[str]
) -> None:
    """The policy lets the page talk to gateway, login and channel; no placeholder is left."""
    tools.run("configure-page.sh", **OUTPUTS | {"QJOBS_CHANNEL_URL": channel})

    file = project / "dist" / "staticwebapp.config.json"
    policy = Site.from_configuration(project, file, {}).headers["Content-Security-Policy"]
    login = "https://login.microsoftonline.com"
    connect = next(one.split() for one in policy.split("; ") if one.startswith("connect-src"))
    assert connect == ["connect-src", "'self'", "https://apim-x.azure-api.net", login, *hosts]
    assert f"frame-src 'self' {login};" in policy
    assert "_ORIGIN" not in file.read_text(encoding="utf-8")


def test_a_consumption_gateway_has_a_key_for_the_page(tools: Tools, project: Path) -> None:
    """The key of the page's own subscription; with another gateway none is asked for."""
    tools.answers = {"az rest --method POST": "the-key"}
    tools.run("configure-page.sh", **OUTPUTS)
    assert not tools.calls("az rest --method POST")

    done = tools.run("configure-page.sh", **OUTPUTS | {"QJOBS_GATEWAY_TIER_USED": "Consumption"})

    assert written(project, "config.json")["subscriptionKey"] == "the-key"
    (asked,) = tools.calls("az rest --method POST")
    assert "/service/apim-x/subscriptions/page/listSecrets" in asked
    assert "the-key" not in done.stdout + done.stderr


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("known", "changes"),
    [
        ([], 1),
        ([f"{ORIGIN}/"], 1),
        (["https://jobs.example.com/"], 1),
        ([f"{ORIGIN}/redirect.html", f"{ORIGIN}/"], 0),
    ],
)
def test_the_address_of_the_page_is_registered_once(
    tools: Tools, known: list[str], changes: int
) -> None:
    """What somebody registered besides stays; where nothing is lacking nothing is changed."""
    tools.answers = {"az ad app show": json.dumps({"spa": {"redirectUris": known}})}

    done = tools.run("configure-page.sh", **OUTPUTS)

    assert (done.returncode, done.stderr) == (0, "")
    assert len(tools.calls("az rest --method PATCH")) == changes


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("refused", ["az ad app show", "az rest --method PATCH"])
def test_who_may_not_register_is_told_the_addresses(tools: Tools, refused: str) -> None:
    """The page is deployed all the same, as by a pipeline where that was done before."""
    tools.answers = {"az ad app show": '{"spa": null}'} | {refused: None}

    done = tools.run("configure-page.sh", **OUTPUTS)

    assert done.returncode == 0
    assert f"{ORIGIN}/redirect.html and {ORIGIN}/ are among" in done.stderr
    assert "the-page" in done.stderr


@pytest.mark.parametrize("missing", ["QJOBS_PAGE_URL", "QJOBS_API_URL", "QJOBS_PAGE_CLIENT_ID"])
def test_a_page_of_no_deployment_is_not_configured(
    tools: Tools, project: Path, missing: str
) -> None:
    """Before there is a gateway to call, nothing is written."""
    done = tools.run("configure-page.sh", **OUTPUTS | {missing: ""})

    assert done.returncode != 0
    assert missing in done.stderr
    assert not list((project / "dist").iterdir())


def test_a_page_that_is_not_built_is_not_deployed(tools: Tools, project: Path) -> None:
    """Whoever deploys is told how to build it."""
    (project / "dist").rmdir()
    done = tools.run("configure-page.sh", **OUTPUTS)

    assert done.returncode == 1
    assert "azd package web" in done.stderr


def test_packages_of_the_page_run_no_script(tools: Tools, project: Path) -> None:
    """They are installed without scripts, then the page is built, in its own folder."""
    tools.others = ("npm",)
    done = tools.run("build-page.sh")

    assert done.returncode == 0, done.stderr
    _, install, build = tools.calls("npm")
    assert install.startswith("npm ci --ignore-scripts")
    assert build.startswith("npm run build")


def test_the_page_of_a_release_is_unpacked(tools: Tools, project: Path, tmp_path: Path) -> None:
    """Nothing is installed or built, and nothing of another page stays."""
    tools.others = ("npm",)
    (project / "dist" / "old.js").touch()
    released = tmp_path / "page.zip"
    with ZipFile(released, "w") as archive:
        archive.writestr("index.html", "<!doctype html>")
        archive.writestr("assets/page.js", "")

    done = tools.run("build-page.sh", QJOBS_PAGE_PACKAGE=str(released))

    assert (done.returncode, tools.calls("npm")) == (0, [])
    files = {str(path.relative_to(project)) for path in project.rglob("*") if path.is_file()}
    assert files == {"staticwebapp.template.json", "dist/index.html", "dist/assets/page.js"}


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "give QJOBS_PAGE_PACKAGE its whole path"),
        (b"<html>", "unset QJOBS_PAGE_PACKAGE to have the page built"),
        (["a.js"], "has no index.html"),
    ],
    ids=["nothing", "no zip", "no page"],
)
def test_what_is_no_page_is_not_deployed(
    tools: Tools, tmp_path: Path, content: bytes | list[str] | None, words: str
) -> None:
    """Whoever deploys is told what is wrong with the file."""
    given = tmp_path / "page.zip"
    if isinstance(content, bytes):
        given.write_bytes(content)
    elif content is not None:
        with ZipFile(given, "w") as archive:
            for name in content:
                archive.writestr(name, "")

    done = tools.run("build-page.sh", QJOBS_PAGE_PACKAGE=str(given))

    assert done.returncode == 1
    assert str(given) in done.stderr
    assert words in done.stderr


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("refused", "words"),
    [
        ("npm --version", "install Node.js 20.19 or later, or azd env set QJOBS_PAGE false"),
        ("npm ci", "does the npm registry answer"),
        ("npm run", "the page was not built"),
    ],
)
def test_a_build_that_fails_says_what_to_do(tools: Tools, refused: str, words: str) -> None:
    """Nothing is packaged then."""
    tools.others = ("npm",)
    tools.answers = {refused: None}
    done = tools.run("build-page.sh")

    assert done.returncode == 1
    assert words in done.stderr
