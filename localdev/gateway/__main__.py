"""`python -m localdev.gateway`."""

from __future__ import annotations

import argparse
import logging
import sys
from dataclasses import replace
from pathlib import Path

from azure_quantum_emulator.serving.http_server import add_server_arguments, run_server
from localdev.gateway.backends import Connections
from localdev.gateway.configuration import ConfigurationError, Files, check_complete
from localdev.gateway.server import Options, load, run
from localdev.gateway.services import ManagedIdentities
from localdev.gateway.source import PolicyError
from localdev.repository import ROOT
from localdev.terminal.arguments import pair


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
    server = _check(options) if arguments.check else run(options)
    return run_server("The gateway", server, ConfigurationError, PolicyError)


async def _check(options: Options) -> None:
    """Read and compile everything, for every tier; what a deployment decides is made up.

    Raises:
        ConfigurationError: something is missing or does not fit.
        PolicyError: something in a policy document is not understood.

    """
    check_complete(options.files.folder)
    for consumption in (False, True):
        files = Files(options.files.folder, consumption=consumption)
        named = files.json("named-values.json").items()
        made_up = {name: "1" for name, about in named if "default" not in about}
        backends = dict.fromkeys(files.json("backends.json"), "http://made-up")
        load(
            replace(
                options,
                files=files,
                named_values=made_up | dict(options.named_values),
                backends=backends | dict(options.backends),
            ),
            Connections(),
            ManagedIdentities(),
        )
    print("Everything is understood.")  # noqa: T201 - what was asked for


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
    add_server_arguments(parser)
    add(
        "--check",
        action="store_true",
        help="read and compile everything, for every tier, then exit",
    )
    add("--verbose", action="store_true", help="log every request")
    return parser


if __name__ == "__main__":
    sys.exit(main())
