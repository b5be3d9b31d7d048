"""A Go client: openapi-generator's, on the standard library."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.generators.conftest import PROGRAMS, check_client, check_shortest, check_webhooks, run
from tests.generators.service import CANCELED, FAILED, PENDING, SUCCEEDED, Service

_USES_TIME = re.compile(r"\btime\.[A-Z]")


def import_time(folder: Path) -> None:
    """Import `time` where it is used: the generator forgets it, and goimports would do it."""
    for file in folder.glob("*.go"):
        text = file.read_text(encoding="utf-8")
        if _USES_TIME.search(text) and '"time"' not in text:
            file.write_text(text.replace("import (", 'import (\n\t"time"', 1), encoding="utf-8")


@pytest.mark.skipif(shutil.which("go") is None, reason="there is no Go")
def test_a_go_client_reads_and_submits_jobs(
    service: Service, document: Path, tmp_path: Path, generator: Path
) -> None:
    """It compiles with the option of docs/api.md, and what was not set is not sent."""
    client = tmp_path / "client"
    run(
        [
            *("java", "-Xmx512m", "-jar", generator, "generate", "-g", "go"),
            *("-i", document, "-o", client),
            *("--global-property", "models,apis,supportingFiles,modelTests=false,apiTests=false"),
            *("--additional-properties", "packageName=qjobs,enumClassPrefix=true"),
        ],
        tmp_path,
    )
    import_time(client)
    (client / "go.mod").write_text("module example.com/qjobs\n\ngo 1.18\n", encoding="utf-8")
    environment = os.environ | {
        "GOCACHE": str(tmp_path / "cache"),
        "GOFLAGS": "-mod=mod",
        "GOPROXY": "off",
    }
    for program in ("main", "webhooks", "shortest"):
        (client / program).mkdir()
        shutil.copyfile(PROGRAMS / "go" / f"{program}.go", client / program / "main.go")
        run(["go", "build", "-o", f"{program}.exe", f"./{program}"], client, environment)

    states = (PENDING, SUCCEEDED, FAILED, CANCELED)
    check_client(run([client / "main.exe", service.url, *states], client), service)
    check_webhooks(run([client / "webhooks.exe", service.url], client))
    access = {"QJOBS_URL": service.url, "QJOBS_TOKEN": "token"}
    service.in_time = True
    check_shortest(run([client / "shortest.exe", "key"], client, access), service)
