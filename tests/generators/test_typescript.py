"""Two TypeScript clients, compiled with `tsc --strict`: openapi-typescript's and hey-api's."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.generators.conftest import PROGRAMS, check_client, check_shortest, check_webhooks, run
from tests.generators.service import CANCELED, FAILED, PENDING, SUCCEEDED, Service

CONFIGURATION = {
    "compilerOptions": {
        "strict": True,
        "noUncheckedIndexedAccess": True,
        "exactOptionalPropertyTypes": False,
        "skipLibCheck": True,
        "target": "es2022",
        "lib": ["es2022", "dom", "dom.iterable"],
        "module": "nodenext",
        "moduleResolution": "nodenext",
        "types": [],
        "outDir": "compiled",
        "rootDir": ".",
    },
    "files": ["client.ts", "process.d.ts"],
}
_PROCESS = "declare const process: { argv: string[] };\n"
"""What the programs use of Node.js, whose types are no part of a client."""


@pytest.fixture
def workshop(npm: Path, tmp_path: Path) -> Path:
    """Return a folder in which the programs of npm find their packages."""
    (tmp_path / "node_modules").symlink_to(npm)
    (tmp_path / "tsconfig.json").write_text(json.dumps(CONFIGURATION), encoding="utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (tmp_path / "process.d.ts").write_text(_PROCESS, encoding="utf-8")
    return tmp_path


def compile_and_run(program: str, workshop: Path, service: Service) -> str:
    """Compile a program with what was generated, strictly; return what it prints."""
    shutil.copyfile(PROGRAMS / "typescript" / program, workshop / "client.ts")
    run([workshop / "node_modules" / ".bin" / "tsc", "--project", "."], workshop)
    states = (PENDING, SUCCEEDED, FAILED, CANCELED)
    return run(["node", "compiled/client.js", service.url, *states], workshop)


def test_a_client_of_openapi_typescript_reads_and_submits_jobs(
    service: Service, document: Path, workshop: Path
) -> None:
    """No option is needed for members that may be left out, and results are typed."""
    generate = workshop / "node_modules" / ".bin" / "openapi-typescript"
    run([generate, document, "--output", "qjobs.d.ts"], workshop)

    check_client(compile_and_run("openapi-fetch.ts", workshop, service), service)
    check_webhooks(compile_and_run("openapi-fetch-webhooks.ts", workshop, service))


def test_a_client_of_hey_api_reads_and_submits_jobs(
    service: Service, document: Path, workshop: Path
) -> None:
    """Its methods return the same types whatever the status."""
    generate = workshop / "node_modules" / ".bin" / "openapi-ts"
    output = {"path": "qjobs", "module": {"extension": ".js"}}  # as Node.js wants it
    configuration = json.dumps({"input": str(document), "output": output})
    file = workshop / "openapi-ts.config.mjs"
    file.write_text(f"export default {configuration};\n", encoding="utf-8")
    run([generate, "--file", file], workshop)

    check_client(compile_and_run("hey-api.ts", workshop, service), service)
    check_webhooks(compile_and_run("hey-api-webhooks.ts", workshop, service))
    shutil.copyfile(PROGRAMS / "typescript" / "shortest.ts", workshop / "client.ts")
    run([workshop / "node_modules" / ".bin" / "tsc", "--project", "."], workshop)
    service.in_time = True
    printed = run(["node", "compiled/client.js", service.url, "token", "key"], workshop)
    check_shortest(printed, service)
