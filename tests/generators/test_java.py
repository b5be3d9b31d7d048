"""A Java client: openapi-generator's, on the HTTP client of the JDK and Jackson."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.generators.conftest import PROGRAMS, check_client, check_shortest, check_webhooks, run
from tests.generators.service import CANCELED, FAILED, PENDING, SUCCEEDED, Service

_GENERATED = """\
package javax.annotation;

public @interface Generated {
    String[] value();
    String date() default "";
    String comments() default "";
}
"""
"""The one class that generated code needs and neither the JDK nor the generator has."""


@pytest.mark.skipif(shutil.which("javac") is None, reason="there is no JDK")
def test_a_java_client_reads_and_submits_jobs(
    service: Service, document: Path, tmp_path: Path, generator: Path
) -> None:
    """It compiles, a finished job is that of its algorithm, and what was not set is not sent."""
    client = tmp_path / "client"
    run(
        [
            *("java", "-Xmx512m", "-jar", generator, "generate", "-g", "java"),
            *("--library", "native", "-i", document, "-o", client),
            *("--global-property", "models,apis,supportingFiles,modelTests=false,apiTests=false"),
            *("--additional-properties", "openApiNullable=false"),
        ],
        tmp_path,
    )
    annotation = client / "javax" / "annotation" / "Generated.java"
    annotation.parent.mkdir(parents=True)
    annotation.write_text(_GENERATED, encoding="utf-8")
    sources = [
        *(client / "src" / "main").rglob("*.java"),
        annotation,
        PROGRAMS / "java" / "Client.java",
        PROGRAMS / "java" / "Shortest.java",
        PROGRAMS / "java" / "Webhooks.java",
    ]
    # The generator is a program of Java that brings Jackson along.
    run(["javac", "-nowarn", "-d", "classes", "-cp", generator, *sources], tmp_path)

    printed = run(
        [
            *("java", "-cp", f"classes:{generator}", "Client"),
            *(PENDING, SUCCEEDED, FAILED, CANCELED),
        ],
        tmp_path,
    )

    check_client(printed, service)
    check_webhooks(run(["java", "-cp", f"classes:{generator}", "Webhooks"], tmp_path))
    service.in_time = True
    access = {"QJOBS_URL": service.url, "QJOBS_TOKEN": "token", "PATH": os.environ["PATH"]}
    command = ["java", "-cp", f"classes:{generator}", "Shortest", "key"]
    check_shortest(run(command, tmp_path, access), service)
