"""A Python client: openapi-python-client's."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.generators.conftest import PROGRAMS, check_client, check_webhooks, run
from tests.generators.service import CANCELED, FAILED, PENDING, SUCCEEDED, Service


def test_a_python_client_reads_and_submits_jobs(
    service: Service, document: Path, tmp_path: Path
) -> None:
    """A result is read as that of its algorithm, what was not set is not sent; webhooks too."""
    programs = Path(sys.executable).parent
    # It formats what it has made with ruff.
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    client = tmp_path / "client"

    run(
        [
            *(
                programs / "openapi-python-client",
                "generate",
                "--path",
                document,
                "--output-path",
                client,
            ),
            *("--fail-on-warning", "--meta", "none"),
        ],
        tmp_path,
        environment,
    )
    client.rename(tmp_path / "qjobs_client")
    environment |= {"PYTHONPATH": str(tmp_path)}
    states = (PENDING, SUCCEEDED, FAILED, CANCELED)
    program = PROGRAMS / "python" / "client.py"
    printed = run([sys.executable, program, service.url, *states], tmp_path, environment)

    check_client(printed, service)
    program = PROGRAMS / "python" / "webhooks.py"
    check_webhooks(run([sys.executable, program, service.url], tmp_path, environment))
