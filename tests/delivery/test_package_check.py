"""The hook that refuses a package without its packages, given packages with one thing wrong."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.delivery.workflows import ROOT
from tools.package.bundle import BUNDLE
from tools.package.bytecode import DEPLOYED

HOOK = ROOT / "infra" / "hooks" / "check-package.sh"
SCRIPT = HOOK.with_name("check_package.py")
SITE = ".python_packages/lib/site-packages"


def record(*names: str) -> str:
    """Return what pip notes of a package's files, with a command that is not among them."""
    return "".join(f"{name},sha256=x,1\n" for name in ("../../bin/tool", *names))


WHOLE = {
    "function_app.py": "",
    "__pycache__/function_app.cpython-313.pyc": "",
    "host.json": "{}",
    "requirements.txt": "azure-core==1.2\nPyYAML==6.0  # via azure-core\n",
    "apim/openapi.yaml": "",
    **{f"{folder}/__init__.py": "" for folder in ("functions", "qjobs", "algorithms")},
    **{
        f"{folder}/__pycache__/__init__.cpython-313.pyc": ""
        for folder in ("functions", "qjobs", "algorithms")
    },
    "algorithms/one/algorithm.json": "{}",
    f"{SITE}/azure/core.py": "",
    f"{SITE}/azure/.data": "",
    f"{SITE}/azure/__pycache__/core.cpython-313.pyc": "",
    f"{SITE}/azure_core-1.2.dist-info/RECORD": record("azure/core.py", "azure/.data"),
    f"{SITE}/_yaml.so": "",
    f"{SITE}/PyYAML-6.0.dist-info/RECORD": record("_yaml.so", "__pycache__/setup.cpython-39.pyc"),
}


@pytest.fixture(scope="module")
def faults() -> Callable[[dict[str, str]], str]:
    """Return what tells the faults of a package with the files given."""
    function: Callable[..., Iterable[str]] = runpy.run_path(str(SCRIPT))["faults"]
    return lambda files: "\n".join(function(files, files.__getitem__))


def pack(package: Path, files: dict[str, str]) -> str:
    """Write a zip with *files* and a folder; return its path."""
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("functions/", "")
        for name, content in files.items():
            archive.writestr(name, content)
    return str(package)


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the hook where temporary files are in *folder*."""
    return subprocess.run(
        ["sh", HOOK, *arguments],
        env={"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "TMPDIR": str(folder)}
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def without(part: str) -> dict[str, str]:
    """Return a whole package but for the files with *part* in their names."""
    return {name: content for name, content in WHOLE.items() if part not in name}


def test_a_whole_package_is_let_through(tmp_path: Path) -> None:
    """Its path is all that is printed, for who sends it on."""
    package = pack(tmp_path / "given.zip", WHOLE)

    done = run(tmp_path, package)

    assert (done.returncode, done.stdout, done.stderr) == (0, f"{package}\n", "")


def test_a_package_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    """Every fault is told, which package has them, and how another is made."""
    package = pack(tmp_path / "given.zip", without(".python_packages"))

    done = run(tmp_path, package)

    assert (done.returncode, done.stdout) == (1, "")
    assert "check-package: azure-core 1.2 is missing" in done.stderr
    assert "check-package: pyyaml 6.0 is missing" in done.stderr
    assert f"{package} is not deployed" in done.stderr
    assert "azd package api makes it anew" in done.stderr


@pytest.mark.parametrize("name", [name for name in WHOLE if "one/" not in name])
def test_no_file_of_a_package_can_be_lost(
    name: str, faults: Callable[[dict[str, str]], str]
) -> None:
    """Whichever was left out, something names it, or the package that it belongs to."""
    told = faults({other: content for other, content in WHOLE.items() if other != name})

    folder, _, file = name.rpartition("/")
    word = folder if file == "RECORD" else file.partition(".")[0] or file
    named = word.rpartition("/")[2].partition("-")[0].replace("_", "-").lower()
    assert named in told.replace("_", "-").lower()


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        (".python_packages/", "azure-core 1.2 is missing, which requirements.txt names"),
        ("__pycache__/", "(and 4 more) without bytecode, which every start would make anew"),
        (f"{SITE}/azure/", f"{SITE}/azure/.data (and 1 more) is missing from azure_core 1.2"),
        ("functions/", "functions/ is missing"),
    ],
)
def test_a_folder_that_was_left_out_is_noticed(
    left_out: str, words: str, faults: Callable[[dict[str, str]], str]
) -> None:
    """A pattern that leaves out too much takes a folder with it, wherever it is."""
    assert words in faults(without(left_out))


@pytest.mark.parametrize(
    "name",
    [
        *(".env", ".venv/pyvenv.cfg", ".git/config", ".azure/dev/.env", ".github/x.yml"),
        *("tests/test_one.py", "docs/deploy.md", "infra/app/main.bicep", "localdev/x.json"),
        *("local.settings.json", "functions/local.settings.json", "qjobs/.env", "qjobs/dev.env"),
        *("algorithms/.cache/x", "venv/pyvenv.cfg", "notes.txt", "apim/policies/api.xml"),
        ".python_packages/other/x.py",
    ],
)
def test_what_must_stay_behind_is_refused(
    name: str, faults: Callable[[dict[str, str]], str]
) -> None:
    """The message names it, because it may hold what nobody else should see."""
    assert f"{name} must not be deployed" in faults(WHOLE | {name: ""})


@pytest.mark.parametrize(
    ("requirements", "words"),
    [
        ("azure-core==1.2\n", "pyyaml 6.0 is there, which requirements.txt does not name"),
        ("azure-core==1.3\npyyaml==6.0\n", "azure-core 1.3 is missing"),
        ("# nothing\n", "requirements.txt names no package"),
    ],
)
def test_the_packages_are_those_of_its_own_list(
    requirements: str, words: str, faults: Callable[[dict[str, str]], str]
) -> None:
    """A package of another version is held to what it says itself."""
    assert words in faults(WHOLE | {"requirements.txt": requirements})


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    """A download that ended early, say."""
    package = tmp_path / "half.zip"
    package.write_bytes(b"PK\x03\x04")

    done = run(tmp_path, str(package))

    assert done.returncode == 1
    assert "it cannot be read" in done.stderr


def test_the_newest_package_of_azd_is_found(tmp_path: Path) -> None:
    """Where azd puts it; one that was given to azd is named by QJOBS_PACKAGE and comes first."""
    for time in (1764000001, 1764000010):
        newest = pack(tmp_path / f"qjobs-api-azddeploy-{time}.zip", WHOLE)
    given = pack(tmp_path / "given.zip", WHOLE)

    assert run(tmp_path).stdout == f"{newest}\n"
    assert run(tmp_path, QJOBS_PACKAGE=given).stdout == f"{given}\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_the_package_of_somebody_else_is_not_taken(tmp_path: Path) -> None:
    """Who shares the machine could else have code of theirs sent to the second region."""
    own = pack(tmp_path / "qjobs-api-azddeploy-1764000001.zip", WHOLE)
    os.chown(pack(tmp_path / "qjobs-api-azddeploy-1764000010.zip", WHOLE), 12345, -1)

    assert run(tmp_path).stdout == f"{own}\n"


def test_no_package_is_no_deployment(tmp_path: Path) -> None:
    """Neither azd's nor a named one: the message says what to set, or which azd to take."""
    none = run(tmp_path)
    wrong = run(tmp_path, QJOBS_PACKAGE="nowhere.zip")

    assert none.returncode == wrong.returncode == 1
    assert "set QJOBS_PACKAGE to FILE" in none.stderr
    assert "install 1.31.2" in none.stderr
    assert "there is no nowhere.zip: correct QJOBS_PACKAGE" in wrong.stderr


def test_what_may_be_deployed_is_the_bundle() -> None:
    """The hook, which has only the standard library, knows the same names as `make package`."""
    text = SCRIPT.read_text(encoding="utf-8")

    assert [name for name in BUNDLE if f'"{name}' not in text] == []
    assert f'BYTECODE = "{DEPLOYED}"' in text
