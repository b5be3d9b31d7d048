"""`python -m localdev token`: prints an access token for the stack that `up` runs."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import cast

from azure_quantum_emulator.serving.ready_file import read_ready_file
from localdev.commands.up import READY_FILE, lock_of
from localdev.identity.directory import HARDWARE_ROLE, HARDWARE_SCOPE, ROLES, SCOPES
from localdev.identity.tokens import LIFETIME
from localdev.stack.endpoints import issuer_of
from localdev.stack.facts import StackFacts
from localdev.terminal.command_scope import failure
from localdev.terminal.run_lock import is_free


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of the command."""
    add = parser.add_argument
    add("--caller", default="alice", metavar="NAME", help="whose token it is; alice")
    add(
        "--scope",
        action="append",
        choices=(*SCOPES, HARDWARE_SCOPE),
        help="what a person may do with it; repeatable; reading and submitting if not given",
    )
    add(
        "--role",
        action="append",
        choices=(*ROLES, HARDWARE_ROLE),
        help="make it an application's token, with this role; repeatable",
    )
    add("--version", choices=("1.0", "2.0"), default="2.0", help="of the token; 2.0")
    add("--lifetime", type=int, default=LIFETIME, metavar="SECONDS", help=f"{LIFETIME}")
    add(
        "--ready-file",
        type=type(READY_FILE),
        default=READY_FILE,
        metavar="FILE",
        help="what `up` wrote; .localdev/up.json in the repository",
    )


def run(arguments: Namespace) -> int:
    """Print a token; return the exit code."""
    facts = cast("StackFacts | None", read_ready_file(arguments.ready_file))
    if facts is None or is_free(lock_of(arguments.ready_file)):
        reason = "is not there" if facts is None else "is of a stack that was killed"
        return failure(f"{arguments.ready_file} {reason}: start the stack with `make up`")
    if "identity" not in facts:
        return failure("the stack runs without a gateway: its functions take a key, not a token")
    issuer = issuer_of(facts)
    if arguments.role:
        claims = issuer.application_claims(arguments.caller, arguments.role, arguments.version)
        claims |= {"scp": " ".join(arguments.scope)} if arguments.scope else {}
    else:
        scopes = arguments.scope or SCOPES
        claims = issuer.user_claims(arguments.caller, scopes, arguments.version)
    claims["exp"] = claims["iat"] + arguments.lifetime
    sys.stdout.write(f"{issuer.sign(claims)}\n")
    return 0
