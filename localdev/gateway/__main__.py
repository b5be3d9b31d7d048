"""`python -m localdev.gateway`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path

import uvloop

from localdev.arguments import pair
from localdev.azurite import ROOT
from localdev.gateway.backends import Connections
from localdev.gateway.configuration import ConfigurationError, Files
from localdev.gateway.server import Options, load, serve
from localdev.gateway.services import ManagedIdentities
from localdev.gateway.source import PolicyError


def main() -> int:
    """Run the gateway as the command line says; return the exit code."""
    arguments = _parser().parse_args()
    logging.basicConfig(
        level=logging.INFO if arguments.verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    options = Options(
        files=Files(arguments.apim, consumption=arguments.consumption),
        login=arguments.login,
        backends=dict(arguments.backend),
        named_values=dict(arguments.set),
        port=arguments.port,
        ready_file=arguments.ready_file,
    )
    try:
        if arguments.check:
            load(options, Connections(), ManagedIdentities())
            print("Everything is understood.")  # noqa: T201 - what was asked for
        else:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
                loop.run(serve(options))
    except (ConfigurationError, PolicyError, OSError) as error:
        print(f"The gateway cannot run: {error}", file=sys.stderr)  # noqa: T201 - a command
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m localdev.gateway",
        description="Runs the policies of apim/ as Azure API Management would.",
        epilog="exit codes: 0 stopped by a signal, or everything is understood; 1 the files are "
        "not understood; 2 wrong command line. The managed identity's endpoint is read from "
        "IDENTITY_ENDPOINT and IDENTITY_HEADER.",
    )
    add = parser.add_argument
    add("--apim", type=Path, default=ROOT / "apim", metavar="DIR", help="of the files; apim/")
    add("--consumption", action="store_true", help="run what the Consumption tier gets")
    add(
        "--backend",
        type=pair,
        action="append",
        default=[],
        metavar="NAME=URL",
        help="where a backend is; repeatable",
    )
    add(
        "--set",
        type=pair,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a named value; repeatable",
    )
    add(
        "--login",
        default="https://login.microsoftonline.com",
        metavar="URL",
        help="where the metadata of Entra ID is; the real place if not given",
    )
    add("--port", type=int, default=0, help="to listen on at 127.0.0.1; 0, a free one, by default")
    add("--ready-file", type=Path, metavar="FILE", help="written when the gateway is ready")
    add("--check", action="store_true", help="read and compile everything, then exit")
    add("--verbose", action="store_true", help="log every request")
    return parser


if __name__ == "__main__":
    sys.exit(main())
