"""What `make setup` says where something is missing, and what needs which programs."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from emulator_support.patience import PATIENCE
from tests.delivery.workflows import ROOT

SYSTEM = (
    "sh",
    "sed",
    "grep",
    "cat",
    "rm",
    "mkdir",
    "dirname",
    "touch",
    "sleep",
    "make",
    "awk",
    "pwd",
)
"""What every system has."""
RELEASES = {
    "apt-cache": 'case "$2" in nodejs) echo "Version: 20.19.2+dfsg-1";; esac',
    "old apt-cache": 'case "$2" in nodejs) echo "Version: 18.20.4+dfsg-1";; *) exit 100;; esac',
}

NODE = "echo v22.12.0"
"""A Node.js that every package takes."""


class Machine:
    """A checkout on a machine with the programs that it is given, and no others."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        self.programs = folder / "programs"
        self.programs.mkdir()
        for name in SYSTEM:
            (self.programs / name).symlink_to(shutil.which(name) or "/missing")
        shutil.copytree(ROOT / "tools" / "setup", self.checkout / "tools" / "setup")
        for name in ("Makefile", "requirements-dev.txt", "package.json", "package-lock.json"):
            shutil.copyfile(ROOT / name, self.checkout / name)
        (self.checkout / ".python-version").touch()
        project = self.checkout / "packages" / "azure-quantum-emulator" / "pyproject.toml"
        project.parent.mkdir(parents=True)
        project.touch()

    def has(self, name: str, program: str) -> None:
        """Give it the program *name*, a shell script."""
        (self.programs / name).write_text(f"#!/bin/sh\n{program}\n", encoding="utf-8")
        (self.programs / name).chmod(0o755)

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Start a command in the checkout, in a group of its own as a terminal would."""
        return subprocess.Popen(
            command,
            cwd=self.checkout,
            env={"PATH": str(self.programs), "HOME": str(self.checkout)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *command: str) -> tuple[int, str]:
        """Run a command to its end; return its exit code and what it printed."""
        with self.start(*command) as process:
            printed, _ = process.communicate(timeout=PATIENCE)
        return process.returncode, printed


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a machine with nothing but what every system has."""
    return Machine(tmp_path)


# The smallest Python: it makes an environment slowly, and pip and uv in it write what they do.
PYTHON = r"""
case "$*" in
  *"-m venv --clear"*) rm -rf "$4"; mkdir -p "$4/bin"; echo made >>made.txt
    cat "$0" >"$4/bin/python"; printf '#!/bin/sh\necho uv >>made.txt\n' >"$4/bin/uv"
    /bin/chmod +x "$4/bin/python" "$4/bin/uv"; [ ! -e slow ] || sleep 15;;
  *"-m pip"*) [ ! -e slow-pip ] || sleep 15; echo pip >>made.txt;;
  *--version*) echo Python 3.13.0;;
esac
"""


@pytest.mark.parametrize(
    ("programs", "advice"),
    [
        ({"apt-cache": RELEASES["apt-cache"]}, "sudo apt install python3.13 python3.13-venv"),
        (
            {"apt-cache": RELEASES["old apt-cache"], "add-apt-repository": ""},
            "sudo add-apt-repository ppa:deadsnakes/ppa && sudo apt install",
        ),
        (
            {"apt-cache": RELEASES["old apt-cache"]},
            "(apt knows no package python3.13: on Debian 13",
        ),
        ({"brew": ""}, "brew install python@3.13"),
        ({"dnf": ""}, "sudo dnf install python3.13"),
        ({"pyenv": "", "apt-cache": RELEASES["apt-cache"]}, "pyenv install 3.13"),
        ({"uv": "exit 2"}, "uv python install 3.13"),
        ({}, "uv python install 3.13"),
        ({"python3": "exit 1"}, "Python 3.13 is missing"),
    ],
)
def test_without_python_the_way_to_it_is_said(
    machine: Machine, programs: dict[str, str], advice: str
) -> None:
    """The advice is one that works on this system: a package only where there is one."""
    for name, program in programs.items():
        machine.has(name, program)

    status, printed = machine.run("make", "quantum")

    assert status != 0
    assert "Python 3.13 is missing" in printed
    assert advice in printed


@pytest.mark.parametrize(
    ("packages", "advice"),
    [
        ("apt-cache", "sudo apt install python3.13-venv"),
        ("old apt-cache", "install another Python 3.13, e.g. pyenv install 3.13"),
    ],
)
def test_a_python_without_venv_is_told_from_none(
    machine: Machine, packages: str, advice: str
) -> None:
    """Debian has the module in a package of its own, where it has this Python."""
    machine.has("apt-cache", RELEASES[packages])
    machine.has("python3.13", 'case "$*" in *ensurepip*) exit 1;; esac')

    status, printed = machine.run("make", "quantum")

    assert status != 0
    assert "has no venv module" in printed
    assert advice in printed


@pytest.mark.parametrize(
    ("programs", "told"),
    [
        ({}, ("node is missing", "Node.js >=20 with npm 7 or later", "nvm install 22")),
        ({"apt-cache": RELEASES["apt-cache"]}, ("node is missing", "sudo apt install nodejs npm")),
        ({"apt-cache": RELEASES["old apt-cache"]}, ("node is missing", "nvm install 22")),
        ({"node": "echo v18.20.4"}, ("node is v18.20.4, which is too old",)),
        ({"node": NODE}, ("npm is missing",)),
        ({"node": NODE, "npm": "echo 6.14.18"}, ("npm is 6.14.18", "npm install -g npm@10")),
        (
            {"node": NODE, "npm": '[ "$1" = --version ] && echo 10.8.2'},
            ("Azurite was not installed", "npm registry"),
        ),
    ],
)
def test_without_node_the_way_to_it_is_said(
    machine: Machine, programs: dict[str, str], told: tuple[str, ...]
) -> None:
    """What is missing is named, and what there is but is too old, with its version."""
    for name, program in programs.items():
        machine.has(name, program)

    status, printed = machine.run("sh", "tools/setup/node.sh")

    assert status == 1
    for words in told:
        assert words in printed


@pytest.mark.parametrize(
    ("version", "taken"),
    [
        ("20.18.3", False),
        ("20.19.0", True),
        ("21.7.3", False),
        ("22.11.0", False),
        ("22.12.0", True),
        ("100.0.0", True),
    ],
)
def test_the_page_takes_the_versions_of_node_in_its_package_json(
    machine: Machine, version: str, taken: bool
) -> None:
    """They are those of Vite, to the minor version, and what the system would install is one."""
    web = machine.checkout / "web"
    (web / "node_modules").mkdir(parents=True)
    (web / "package.json").write_bytes((ROOT / "web" / "package.json").read_bytes())
    machine.has("node", f"echo v{version}")
    machine.has("apt-cache", f'case "$2" in nodejs) echo "Version: {version}+dfsg-1";; esac')

    _, printed = machine.run("sh", "tools/setup/node.sh", "web", "the page")

    assert (f"node is v{version}, which is too old" in printed) != taken
    assert taken or "^20.19.0 || >=22.12.0" in printed
    assert taken or "sudo apt install nodejs" not in printed


def test_packages_of_another_checkout_are_left_alone(machine: Machine) -> None:
    """Where node_modules is a link, an installation would empty the folder that it leads to."""
    machine.has("node", NODE)
    machine.has("npm", '[ "$1" = --version ] && echo 10.8.2')
    (machine.checkout / "node_modules").symlink_to(machine.programs)

    assert machine.run("sh", "tools/setup/node.sh")[0] == 0


@pytest.mark.parametrize("target", ["unit", "lint", "coverage", "package", "quantum"])
def test_only_what_runs_azurite_needs_node(machine: Machine, target: str) -> None:
    """Whoever works on an algorithm needs Python alone."""
    machine.has("python3.13", PYTHON)

    status, printed = machine.run("make", target)

    assert status == 0, printed
    assert "node" not in printed


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        ("--port 1", True),
        ("--storage-client-id 1", True),
        ("--storage=UseDevelopmentStorage=true", False),
        ("--azurite /usr/bin/azurite", False),
        ("--help", False),
    ],
)
def test_the_emulator_needs_node_only_to_start_azurite(
    machine: Machine, arguments: str, needed: bool
) -> None:
    """With another storage account it starts nothing."""
    machine.has("python3.13", PYTHON)

    status, printed = machine.run("make", "emulator", f"ARGS={arguments}")

    assert (status != 0, "node is missing" in printed) == (needed, needed), printed


def made(machine: Machine) -> list[str]:
    """Return what was done, in order."""
    file = machine.checkout / "made.txt"
    return file.read_text(encoding="utf-8").split() if file.exists() else []


def test_a_second_run_does_nothing(machine: Machine) -> None:
    """What is installed is not looked at again."""
    machine.has("python3.13", PYTHON)
    machine.run("make", "quantum")
    first = made(machine)

    machine.run("make", "quantum")

    assert first == ["made", "pip", "uv", "uv"]
    assert made(machine) == first


@pytest.mark.parametrize("step", ["slow", "slow-pip"])
def test_an_interrupted_installation_is_made_again(machine: Machine, step: str) -> None:
    """After Ctrl-C at any moment the next run begins with an empty environment."""
    machine.has("python3.13", PYTHON)
    (machine.checkout / step).touch()
    with machine.start("make", "quantum") as process:
        deadline = time.monotonic() + PATIENCE
        while "made" not in made(machine):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        # A shell may start `sleep` in the moment of the signal, which then holds the output open.
        process.communicate(timeout=PATIENCE)
    (machine.checkout / step).unlink()
    assert process.returncode != 0

    status, printed = machine.run("make", "quantum")

    assert status == 0, printed
    assert made(machine) == ["made", "made", "pip", "uv", "uv"]


def test_a_changed_list_updates_and_a_moved_checkout_installs_anew(machine: Machine) -> None:
    """Programs of an environment name their Python by its path, so they do not move with it."""
    machine.has("python3.13", PYTHON)
    machine.run("make", "quantum")
    later = time.time() + 5
    os.utime(machine.checkout / "requirements-dev.txt", (later, later))
    machine.run("make", "quantum")
    assert made(machine) == ["made", "pip", "uv", "uv", "pip", "uv", "uv"]
    stamp = machine.checkout / ".venv" / ".installed"
    os.utime(stamp, (later + 5, later + 5))
    machine.checkout = machine.checkout.rename(machine.checkout.with_name("a checkout, moved"))

    machine.run("make", "quantum")

    assert made(machine)[7:] == ["made", "pip", "uv", "uv"]


def test_downloads_go_to_the_checkout_where_home_cannot_be_written(machine: Machine) -> None:
    """A container of another user has a home directory that nothing can be made in."""
    script = '. tools/setup/caches.sh; echo "${UV_CACHE_DIR:-} ${npm_config_cache:-}"'
    nowhere = f"HOME=/proc/{os.getpid()}; export HOME; {script}"

    assert machine.run("sh", "-euc", script)[1].split() == []
    cache = machine.checkout.resolve() / ".localdev" / "cache"
    assert machine.run("sh", "-euc", nowhere)[1].split() == [f"{cache}/uv", f"{cache}/npm"]


def test_every_script_of_the_setup_is_used() -> None:
    """The Makefile runs them, or one of them reads the other."""
    files = [ROOT / "Makefile", *(ROOT / "tools" / "setup").iterdir()]
    text = "".join(file.read_text(encoding="utf-8") for file in files)

    named = set(re.findall(r"tools/setup/(\w+\.sh)", text))
    assert named == {file.name for file in files[1:]}
