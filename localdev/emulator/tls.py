"""A certificate for this machine, from an authority that is made up for it."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("localhost", "127.0.0.1")


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server's certificate with its key, both in PEM."""

    chain: Path
    key: Path


@contextmanager
def made_up(authority_file: Path) -> Iterator[Certificate]:
    """Make an authority and a certificate; the value is valid in the `with` block.

    Args:
        authority_file: where to write the certificate of the authority, for clients to trust; its
            key is kept nowhere, so nobody can issue another certificate in its name

    Raises:
        OSError: the file cannot be written.

    """
    authority = trustme.CA(organization_name="Azure Quantum emulator")
    issued = authority.issue_cert(*NAMES)
    with tempfile.TemporaryDirectory(prefix="emulator-") as directory:
        certificate = Certificate(Path(directory) / "chain.pem", Path(directory) / "key.pem")
        certificate.key.touch(mode=0o600)
        issued.private_key_pem.write_to_path(str(certificate.key))
        for number, pem in enumerate(issued.cert_chain_pems):
            pem.write_to_path(str(certificate.chain), append=number > 0)
        authority_file.parent.mkdir(parents=True, exist_ok=True)
        authority.cert_pem.write_to_path(str(authority_file))
        yield certificate
