"""Certificates for servers of this machine, from an authority that is made up for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import trustme

LOCAL_NAMES = ("localhost", "127.0.0.1")


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server's certificate with its key, both in PEM."""

    chain: Path
    key: Path


class Authority:
    """A certificate authority. Its key is in memory only: no other process can issue for it."""

    def __init__(self, file: Path) -> None:
        """Make one up, and write its certificate to *file* for clients to trust.

        Raises:
            OSError: the file cannot be written.

        """
        self.file = file.absolute()
        self._authority = trustme.CA(organization_name="Local development")
        file.parent.mkdir(parents=True, exist_ok=True)
        self._authority.cert_pem.write_to_path(str(file))

    def issue(self, directory: Path, name: str, hosts: Sequence[str] = LOCAL_NAMES) -> Certificate:
        """Issue a certificate for *hosts*, in files of *directory* that begin with *name*.

        Raises:
            OSError: they cannot be written.

        """
        issued = self._authority.issue_cert(*hosts)
        directory.mkdir(parents=True, exist_ok=True)
        certificate = Certificate(directory / f"{name}-chain.pem", directory / f"{name}-key.pem")
        certificate.key.unlink(missing_ok=True)  # its permissions would stay those of who made it
        certificate.key.touch(mode=0o600)
        issued.private_key_pem.write_to_path(str(certificate.key))
        for number, pem in enumerate(issued.cert_chain_pems):
            pem.write_to_path(str(certificate.chain), append=number > 0)
        return certificate
