"""The command `azure-quantum-emulator`; `python -m azure_quantum_emulator` is the same."""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any, override

import uvloop

from azure_quantum_emulator.errors import ServiceError
from azure_quantum_emulator.fault_injection.scenario import Scenario
from azure_quantum_emulator.json_model import parse_json
from azure_quantum_emulator.server import Options, run
from azure_quantum_emulator.serving.certificates import Certificate
from azure_quantum_emulator.serving.http_server import add_server_arguments, listening, port
from azure_quantum_emulator.store import StoreError
from azure_quantum_emulator.supervision import azurite, azurite_program
from azure_quantum_emulator.supervision.process import ProcessError
from azure_quantum_emulator.targets.catalogue import all_targets
from azure_quantum_emulator.workspace import Coordinates

STORAGE_VARIABLE = "AZURE_QUANTUM_EMULATOR_STORAGE"
KEY_VARIABLE = "AZURE_QUANTUM_EMULATOR_API_KEY"
STATE_DIRECTORY = Path(".azure-quantum-emulator")
EXCLUDING = (
    ("in-memory", "data"),
    ("api-key", "no-api-key"),
    ("storage", "azurite"),
    ("ca-file", "tls-certificate"),
)
"""Pairs of options of which one would have no effect."""
EXAMPLES = """\
examples:
  azure-quantum-emulator                         with its own Azurite; keeps its state here
  azure-quantum-emulator --in-memory --port 7072 --api-key secret
  azure-quantum-emulator --tls-port 7443         with TLS, for tokens; trust the CA file
  azure-quantum-emulator --config scenario.json  queue times, faults and quotas from the start

The manual says how to point the SDK, Qiskit, Q#, the CLI and a test suite at it.
"""


def main() -> None:
    """Run the emulator as the command line says."""
    parser = _parser()
    arguments = parser.parse_args()
    _check(parser, arguments)
    scenario = _configuration(parser, arguments.config)
    # Taken out, so that no process has it that is started from here. Not the default of the option:
    # `--help` would show a key.
    named_key = os.environ.pop(KEY_VARIABLE, None)
    api_key = arguments.api_key or named_key
    coordinates = Coordinates(
        arguments.subscription_id,
        arguments.resource_group,
        arguments.workspace,
        arguments.location,
        None if arguments.no_api_key else api_key or secrets.token_urlsafe(32),
        arguments.kind,
        arguments.endpoint,
    )
    if coordinates.api_key and not api_key and not arguments.ready_file:
        print(f"The key is {coordinates.api_key}", file=sys.stderr)  # noqa: T201 - nobody else knows it
    deaths: list[ProcessError] = []
    with contextlib.ExitStack() as stack:
        try:
            listener = stack.enter_context(listening(arguments.port))
            tls_port = arguments.tls_port
            tls = None if tls_port is None else stack.enter_context(listening(tls_port))
        except OSError as error:
            sys.exit(f"{parser.prog}: {error}")
        data = _data_directory(stack, arguments)
        named_storage = os.environ.pop(STORAGE_VARIABLE, None)  # likewise
        storage = arguments.storage or (None if arguments.azurite else named_storage)
        if not storage:
            try:
                storage = stack.enter_context(_azurite(arguments, data, deaths))
            except (FileNotFoundError, ProcessError) as error:
                sys.exit(f"{parser.prog}: {error}")
        options = Options(
            coordinates,
            listener,
            storage,
            storage_client_id=arguments.storage_client_id,
            output_events=arguments.output_events and tuple(arguments.output_events),
            issuer=arguments.issuer,
            state=None if arguments.in_memory else data / "state.sqlite",
            scenario=scenario,
            tls_listener=tls,
            certificate=arguments.tls_certificate and Certificate(*arguments.tls_certificate),
            authority_file=arguments.ca_file or data / "ca.pem",
            workers=arguments.workers,
            ready_file=arguments.ready_file,
            quiet=arguments.quiet,
        )
        try:
            uvloop.run(run(options))
        except (OSError, StoreError, ServiceError) as error:
            sys.exit(f"{parser.prog}: {error}")
        except ValueError as error:
            parser.error(f"--storage: {error}")
    if deaths:
        sys.exit(f"{parser.prog}: the storage account is gone: {deaths[0]}")


def _check(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Refuse options that would have no effect beside or without others."""
    given = {name.replace("_", "-") for name, value in vars(arguments).items() if value is not None}
    for one, other in EXCLUDING:
        if {one, other} <= given:
            parser.error(f"--{one} and --{other} exclude each other")
    for one in ("ca-file", "tls-certificate"):
        if one in given and "tls-port" not in given:
            parser.error(f"--{one} needs --tls-port")
    if "storage-client-id" in given and not (arguments.storage or "").startswith("https://"):
        parser.error("--storage-client-id needs an https:// address as --storage")


def _data_directory(stack: contextlib.ExitStack, arguments: argparse.Namespace) -> Path:
    """Return the directory for files: that of `--data`, or in memory one that goes at the end."""
    if arguments.in_memory:
        return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="emulator-")))
    data: Path = (arguments.data or STATE_DIRECTORY).absolute()
    return data


def _azurite(
    arguments: argparse.Namespace, data: Path, deaths: list[ProcessError]
) -> contextlib.AbstractContextManager[str]:
    """Return Azurite to run beside the emulator; it keeps its blobs beside the emulator's jobs.

    Should it die, that is added to *deaths* and the emulator stops.

    Raises:
        FileNotFoundError: Azurite is missing; the message says how to get it.
        ProcessError: it did not start.

    """

    def died(error: ProcessError) -> None:
        deaths.append(error)
        os.kill(os.getpid(), signal.SIGTERM)

    program = azurite_program.find_azurite(arguments.azurite)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)  # programs and results are nobody else's
    blobs = None if arguments.in_memory else data / "azurite"
    return azurite.running(data / "azurite.log", data=blobs, died=died, program=program)


def _configuration(parser: argparse.ArgumentParser, path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        configuration = parse_json(path.read_bytes())
        Scenario.from_json(configuration, all_targets())
    except (OSError, ValueError) as error:
        parser.error(f"--config {path}: {error}")
    return dict(configuration)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="azure-quantum-emulator",
        description="Emulates an Azure Quantum workspace: data plane, targets, time and faults.",
        epilog=EXAMPLES,
        formatter_class=_Formatter,
    )
    add = parser.add_argument
    add_server_arguments(parser)
    add(
        "--api-key",
        metavar="KEY",
        help="to the workspace; everybody on the machine can see it here, so better the variable "
        f"{KEY_VARIABLE}; without both, one is made up; tokens open it as well, see --issuer",
    )
    add("--tls-port", type=port, metavar="PORT", help="listen with TLS as well; 0 takes a free one")
    add("--ca-file", type=Path, metavar="FILE", help="where to write what TLS clients must trust")
    add(
        "--tls-certificate",
        type=Path,
        nargs=2,
        metavar=("CHAIN", "KEY"),
        help="PEM files to use instead of a certificate that is made up",
    )
    add(
        "--no-api-key",
        action="store_const",
        const=True,
        help="accept tokens only, and no key",
    )
    add(
        "--issuer",
        metavar="URL",
        help="of the OpenID configuration of who signs the tokens; without it no signature is "
        "checked",
    )
    add(
        "--endpoint",
        metavar="URL",
        help="what the resource manager says the data plane's address is; without it, the one "
        "through which it is asked",
    )
    add(
        "--storage",
        metavar="CONNECTION_STRING",
        help="of the linked storage account, or the https:// address of its blob service, for a "
        f"managed identity; without it the variable {STORAGE_VARIABLE} is read, and without that "
        "Azurite is started",
    )
    add(
        "--azurite",
        type=Path,
        metavar="FILE",
        help="the program of Azurite; without it, that of the variable "
        f"{azurite_program.VARIABLE}, one on the PATH, one in node_modules here or above, or one "
        "that npx fetches",
    )
    add(
        "--output-events",
        nargs=2,
        metavar=("QUEUE", "PREFIX"),
        help="announce outputs as Event Grid does: in a queue of the storage account, by name, or "
        "by its https:// address for a managed identity; those in containers whose names begin "
        "with PREFIX",
    )
    add("--storage-client-id", metavar="ID", help="of the identity, if it is a user-assigned one")
    add(
        "--data",
        type=Path,
        metavar="DIRECTORY",
        help=f"keeps the state; without it, {STATE_DIRECTORY} does",
    )
    add("--in-memory", action="store_const", const=True, help="keep no state")
    add("--config", type=Path, metavar="FILE", help="queue times, faults and quotas, as JSON")
    add("--workers", type=_positive, default=1, metavar="N", help="processes that run programs")
    subscription = "00000000-0000-0000-0000-000000000001"
    add("--subscription-id", metavar="GUID", default=subscription, help="of the workspace")
    add("--resource-group", metavar="NAME", default="local", help="of the workspace")
    add("--workspace", metavar="NAME", default="local-workspace", help="its name")
    add("--location", default="eastus", help="must be an Azure region, or the SDK refuses it")
    add("--kind", choices=["V1", "V2"], default="V2", help="V1 makes the SDK hide unknown targets")
    add("--quiet", action="store_true", help="print warnings only")
    return parser


class _Formatter(argparse.ArgumentDefaultsHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Shows defaults where there are any, and the examples as they are written."""

    @override
    def _get_help_string(self, action: argparse.Action) -> str | None:
        return super()._get_help_string(action) if action.default else action.help


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than 1")
    return number


if __name__ == "__main__":
    main()
