"""What goes to the second region: real requests of the hook to a server that is like its own."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import yaml

from tests.delivery.test_package_check import WHOLE, pack
from tests.integration.stand_ins import ROOT, Tools

APP = "func-qjobs-second"
TOKEN = "the-token-of-whoever-deploys"
PUBLISH = ("POST", "/api/publish")
STATUS = ("GET", "/api/deployments/5b7e-1")
TAKEN = (202, '"5b7e-1"')


def ended(status: int, text: str = "") -> tuple[int, str]:
    """Return what the server says of a deployment."""
    return 200, json.dumps({"status": status, "status_text": text, "progress": ""})


@dataclass
class Site:
    """The deployment address of an app: what it answers, in order, and what it was sent."""

    port: int
    answers: dict[tuple[str, str], list[tuple[int, str]]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    """The hashes of the packages."""
    headers: list[dict[str, str]] = field(default_factory=list)


@pytest.fixture
def site() -> Iterator[Site]:
    """Run a server that answers as its list says, and the last one again and again."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            key = (self.command, self.path)
            known.asked.append(key)
            known.headers.append({name.lower(): value for name, value in self.headers.items()})
            if body:
                known.sent.append(hashlib.sha256(body).hexdigest())
            answers = known.answers.get(key, [(404, "")])
            status, text = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = answer  # noqa: N815 - the base class names them

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known = Site(server.server_port)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield known
    server.shutdown()
    server.server_close()
    thread.join()


def deploy(
    tools: Tools, site: Site, script: str = "deploy-secondary.sh", **environment: str
) -> CompletedProcess[str]:
    """Run the hook where the app's deployment address leads to *site*."""
    curl = tools.folder / "curl"
    # The address is of another machine, and encrypted; all else is what curl does.
    curl.write_text(
        '#!/bin/sh\nprintf \'%s\\n\' "curl $*" >>"$CALLS"\n'
        'for argument; do shift; case "$argument" in\n'
        f"https://{APP}.scm.example/*)"
        f' argument="http://127.0.0.1:{site.port}/${{argument#*example/}}" ;;\n'
        'esac; set -- "$@" "$argument"; done\n'
        f'exec {shutil.which("curl")} "$@"\n'
    )
    curl.chmod(0o755)
    tools.answers |= {
        f"az rest --method GET --url *{APP}?api-version=*Repository": f"{APP}.scm.example",
        "az account get-access-token*--resource https://management.azure.com/": TOKEN,
    }
    known = {
        "AZURE_RESOURCE_GROUP": "rg-trial",
        "QJOBS_SECONDARY_FUNCTIONS_NAME": APP,
        "TMPDIR": str(tools.folder),
    }
    return tools.run(script, **(known | environment))


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """Return what azd has packed, where azd puts it."""
    return Path(pack(tmp_path / "qjobs-api-azddeploy-1764000000.zip", WHOLE))


def digest(package: Path) -> str:
    """Return the hash of a file."""
    return hashlib.sha256(package.read_bytes()).hexdigest()


def test_without_a_second_region_nothing_is_done(tools: Tools) -> None:
    """Not even a package is looked for."""
    done = tools.run("deploy-secondary.sh")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_second_region_gets_the_bytes_that_azd_packed(
    tools: Tools, site: Site, packed: Path
) -> None:
    """The package is not made a second time, and nothing is built over there."""
    site.answers = {PUBLISH: [TAKEN], STATUS: [(404, ""), ended(0), ended(2), ended(4)]}

    done = deploy(tools, site)

    assert done.returncode == 0, done.stderr
    assert site.sent == [digest(packed)]
    assert site.asked == [PUBLISH, *[STATUS] * 4]
    assert site.headers[0]["content-type"] == "application/zip"
    assert f"deployed to {APP}" in done.stdout
    assert not tools.calls("azd")


@pytest.mark.parametrize("given", [False, True], ids=["azd up", "azd deploy --from-package"])
def test_the_hooks_of_the_service_let_one_package_through(
    given: bool, tools: Tools, site: Site, packed: Path
) -> None:
    """In the order of azd: what is checked, deployed and sent to the second region are the same."""
    project = yaml.safe_load((ROOT / "azure.yaml").read_text(encoding="utf-8"))
    hooks = {
        event: Path(hook["run"]) for event, hook in project["services"]["api"]["hooks"].items()
    }
    site.answers = {PUBLISH: [TAKEN], STATUS: [ended(4)]}
    released = Path(pack(tools.folder / "released.zip", WHOLE | {"functions/__init__.py": "x = 1"}))
    environment = {"QJOBS_PACKAGE": str(released)} if given else {}

    for event in (
        ("predeploy", "postdeploy") if given else ("postpackage", "predeploy", "postdeploy")
    ):
        done = deploy(tools, site, hooks[event].name, **environment)
        assert done.returncode == 0, done.stderr
        if event != "postdeploy":
            assert done.stdout == f"{released if given else packed}\n"

    assert site.sent == [digest(released if given else packed)]


def test_the_second_region_gets_the_bytes_of_a_release(
    tools: Tools, site: Site, packed: Path
) -> None:
    """What was given to azd goes to both regions, not what some azd packed before."""
    released = Path(pack(tools.folder / "released.zip", WHOLE | {"functions/__init__.py": "x = 1"}))
    site.answers = {PUBLISH: [TAKEN], STATUS: [ended(4)]}

    done = deploy(tools, site, QJOBS_PACKAGE=str(released))

    assert done.returncode == 0, done.stderr
    assert site.sent == [digest(released)]
    assert digest(released) != digest(packed)


def test_the_token_is_on_no_command_line(tools: Tools, site: Site, packed: Path) -> None:
    """Arguments of processes can be listed; every request carries it all the same."""
    site.answers = {PUBLISH: [TAKEN], STATUS: [ended(4)]}

    done = deploy(tools, site)

    assert [one["authorization"] for one in site.headers] == [f"Bearer {TOKEN}"] * 2
    calls = tools.calls("")
    assert any(call.startswith("curl") for call in calls)
    assert TOKEN not in "".join(calls) + done.stdout + done.stderr


def test_azd_gives_the_token_when_az_cannot(tools: Tools, site: Site, packed: Path) -> None:
    """An hour after a pipeline has signed in, only azd can."""
    site.answers = {PUBLISH: [TAKEN], STATUS: [ended(4)]}
    tools.answers = {
        "az account get-access-token": None,
        "azd auth token*--scope https://management.azure.com//.default": '{"token": "of-azd"}',
    }
    done = deploy(tools, site)

    assert done.returncode == 0, done.stderr
    assert {one["authorization"] for one in site.headers} == {"Bearer of-azd"}


def test_a_server_that_is_restarting_is_asked_again(tools: Tools, site: Site, packed: Path) -> None:
    """While it is sent and while it is waited for; and once more where another was in between."""
    site.answers = {
        PUBLISH: [(503, ""), (429, ""), TAKEN],
        STATUS: [(502, ""), ended(5), (401, ""), ended(1), ended(4)],
    }
    done = deploy(tools, site)

    assert done.returncode == 0, done.stderr
    assert site.asked.count(PUBLISH) == 4
    assert set(site.sent) == {digest(packed)}


def test_a_deployment_that_nobody_knows_any_more_has_ended(
    tools: Tools, site: Site, packed: Path
) -> None:
    """Who did it is gone when it is done; azd takes that for the end, too."""
    site.answers = {PUBLISH: [TAKEN], STATUS: [ended(2), (404, "")]}

    assert deploy(tools, site).returncode == 0


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({PUBLISH: [(403, "No permission.")]}, ("status 403", "No permission.")),
        ({PUBLISH: [(202, '""')]}, ("named no deployment",)),
        ({PUBLISH: [(202, "<html>")]}, ("named no deployment", "<html>")),
        ({PUBLISH: [TAKEN], STATUS: [ended(3, "No space.")]}, ("failed: No space.",)),
        ({PUBLISH: [TAKEN], STATUS: [ended(6, "Half.")]}, ("failed: Half.",)),
        ({PUBLISH: [TAKEN], STATUS: [ended(-1)]}, ("failed",)),
        ({PUBLISH: [TAKEN], STATUS: [(404, "")]}, ("knows nothing of its deployment 5b7e-1",)),
        ({PUBLISH: [TAKEN], STATUS: [(400, "Bad.")]}, ("status 400 while polling", "Bad.")),
    ],
)
def test_what_went_wrong_is_told(
    answers: dict[tuple[str, str], list[tuple[int, str]]],
    words: tuple[str, ...],
    tools: Tools,
    site: Site,
    packed: Path,
) -> None:
    """In the words of the other side, with what that means and what to do."""
    site.answers = answers

    done = deploy(tools, site)

    assert done.returncode == 1
    assert [word for word in words if word not in done.stderr] == []
    assert f"{APP} may have the old one: run azd deploy again" in done.stderr


@pytest.mark.parametrize(
    "answers", [{PUBLISH: [(503, "")]}, {PUBLISH: [TAKEN], STATUS: [ended(1)]}]
)
def test_it_does_not_wait_for_ever(
    answers: dict[tuple[str, str], list[tuple[int, str]]], tools: Tools, site: Site, packed: Path
) -> None:
    """Neither for the package to be taken nor for the end; the message says how to wait longer."""
    site.answers = answers

    done = deploy(tools, site, QJOBS_SECONDARY_SECONDS="1", QJOBS_HOOK_PAUSE="0.3")

    assert done.returncode == 1
    assert "QJOBS_SECONDARY_SECONDS can be more" in done.stderr


def test_a_package_that_is_not_whole_goes_nowhere(tools: Tools, site: Site, tmp_path: Path) -> None:
    """However it got past the first region."""
    package = pack(tmp_path / "bad.zip", {"host.json": "{}"})

    done = deploy(tools, site, QJOBS_PACKAGE=package)

    assert done.returncode == 1
    assert "functions/ is missing" in done.stderr
    assert not site.asked
