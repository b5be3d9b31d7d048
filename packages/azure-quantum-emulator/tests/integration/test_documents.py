"""The examples in the documents, run against the emulator."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from azure_quantum_emulator.testing import RunningEmulator, running

_PACKAGE = Path(__file__).parents[2]
_DOCUMENTS = [_PACKAGE / "README.md", _PACKAGE / "docs" / "manual.md"]
_BLOCKS = [
    block
    for document in _DOCUMENTS
    for block in re.findall(
        r"```python( pytest)?\n(.*?)```", document.read_text("utf-8"), re.DOTALL
    )
]
SCRIPTS = [code for kind, code in _BLOCKS if not kind]
TESTS = [code for kind, code in _BLOCKS if kind]


@pytest.fixture(scope="module")
def secure(azurite: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    """Start the emulator as the document does, but on free ports."""
    directory = tmp_path_factory.mktemp("emulator")
    arguments = ("--in-memory", "--quiet", "--api-key", "secret", "--tls-port", "0")
    with running(directory, *arguments, storage=azurite) as emulator:
        yield emulator


@pytest.mark.parametrize("script", SCRIPTS, ids=range(len(SCRIPTS)))
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_example_runs(
    secure: RunningEmulator,
    script: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It prints something, with nothing changed but the addresses."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", secure.facts["authorityFile"])
    script = script.replace("http://127.0.0.1:7072/", secure.url)
    script = script.replace("https://localhost:7443/", secure.facts["tlsUrl"])
    exec(compile(script, "example", "exec"), {"__name__": "example"})
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("code", TESTS, ids=range(len(TESTS)))
def test_the_example_of_a_test_suite_passes(tmp_path: Path, code: str) -> None:
    """All of its tests, run by themselves."""
    file = tmp_path / "test_example.py"
    file.write_text(code, encoding="utf-8")
    line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null"]
    done = subprocess.run(
        [*line, "--rootdir", str(tmp_path), str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{code.count('def test_')} passed" in done.stdout
