"""`python -m localdev.page`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from azure_quantum_emulator.serving.http_server import (
    add_server_arguments,
    listening,
    run_server,
    serve,
)
from azure_quantum_emulator.serving.ready_file import announce
from localdev.page.server import application
from localdev.page.site import Site
from localdev.repository import ROOT
from localdev.terminal.arguments import pair

WEB = ROOT / "web"


def main() -> int:
    """Run until SIGINT or SIGTERM; return the exit code."""
    return run_server("The page", _run(_parser().parse_args()), ValueError)


async def _run(arguments: argparse.Namespace) -> None:
    site = Site.from_configuration(arguments.folder, arguments.site, dict(arguments.origin))
    config = json.loads(arguments.config.read_text(encoding="utf-8"))
    with listening(arguments.port) as listener:
        await serve(
            application(site, listener.url.rstrip("/"), config),
            listener,
            ready=lambda: announce(
                arguments.ready_file, {"url": listener.url}, f"The page is at {listener.url}"
            ),
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m localdev.page",
        description="Serves the built page as Azure Static Web Apps would.",
        epilog="exit codes: 0 stopped by a signal; 1 it cannot run; 2 wrong command line",
    )
    add = parser.add_argument
    add("--folder", type=Path, default=WEB / "dist", metavar="DIR", help="of the files; web/dist")
    add(
        "--site",
        type=Path,
        default=WEB / "staticwebapp.template.json",
        metavar="FILE",
        help="with headers and media types; web/staticwebapp.template.json",
    )
    add("--config", type=Path, required=True, metavar="FILE", help="the content of /config.json")
    add(
        "--origin",
        type=pair,
        action="append",
        default=[],
        metavar="NAME=ORIGIN",
        help="what a placeholder in the headers, such as API_ORIGIN, stands for; repeatable",
    )
    add_server_arguments(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
