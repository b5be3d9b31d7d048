"""Configuration of the gateway: loads the files of `apim/` and compiles their policies."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from localdev.gateway import operations, source
from localdev.gateway.backends import Backend, Connections
from localdev.gateway.compiler import NOTHING, Documents, Sections
from localdev.gateway.policies.handlers import HANDLERS
from localdev.gateway.services import Services
from localdev.gateway.variables import check_variables

_REGION = re.compile(r"-\d+$")


class ConfigurationError(Exception):
    """A file is wrong, files contradict each other, or a value of the deployment is missing."""


@dataclass(frozen=True, slots=True)
class Files:
    """The files of `apim/` for one tier of API Management."""

    folder: Path
    consumption: bool = False
    """For the Consumption tier, where `consumption/` has what is not as in `policies/`."""

    def named_values(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return every named value: as *given*, or its default.

        Raises:
            ConfigurationError: one is missing, empty, or not known.

        """
        known = self.json("named-values.json")
        if unknown := given.keys() - known.keys():
            raise ConfigurationError(f"there is no named value {min(unknown)}")
        values = {}
        for name, about in known.items():
            value = given.get(name, about.get("default"))
            if not value:
                raise ConfigurationError(f"the named value {name} is missing: {about['meaning']}")
            values[name] = value
        return values

    def fragments(self) -> dict[str, Path]:
        """Return the documents of fragments by their ids."""
        return {file.stem: file for file in sorted((self.folder / "fragments").glob("*.xml"))}

    @property
    def api(self) -> Path:
        """The policies of the whole API."""
        return self._policy("api.xml")

    def operations(self) -> dict[str, Path]:
        """Return the documents of operations by the operations' ids."""
        files = self.json("operations.json")
        return {
            operation: self._policy(f"operations/{name}.xml") for operation, name in files.items()
        }

    def documents(self) -> list[Path]:
        """Return every policy document and every fragment."""
        return sorted({self.api, *self.operations().values(), *self.fragments().values()})

    def _policy(self, name: str) -> Path:
        reduced = self.folder / "consumption" / name
        return reduced if self.consumption and reduced.exists() else self.folder / "policies" / name

    def json(self, name: str) -> dict[str, Any]:
        """Return the object in a JSON file.

        Raises:
            ConfigurationError: it is not a JSON object.

        """
        file = self.folder / name
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ConfigurationError(f"{file} is no JSON: {error}") from error
        if not isinstance(document, dict):
            raise ConfigurationError(f"{file} is no JSON object")
        return document


def check_complete(folder: Path) -> None:
    """Check that every policy document in `apim/` is used in some tier.

    Raises:
        ConfigurationError: one lies about.

    """
    used = {
        one
        for consumption in (False, True)
        for one in Files(folder, consumption=consumption).documents()
    }
    if left := set(folder.rglob("*.xml")) - used:
        raise ConfigurationError(f"{min(left)} is used by no operation")


@dataclass(frozen=True, slots=True)
class Policies:
    """Compiled policies: of the API, and of each of its operations."""

    routes: list[operations.Route]
    of_api: Sections
    of_operations: Mapping[str, Sections]


def backends(
    files: Files, addresses: Mapping[str, str], connections: Connections
) -> dict[str, Backend]:
    """Return the backends at their *addresses*.

    `backends.json` describes a backend once: that of a second region, such as `functions-2`, is as
    that of the first.

    Raises:
        ConfigurationError: an address is missing or for no backend, or a backend is not understood.

    """
    known = files.json("backends.json")
    described = {name: _REGION.sub("", name) for name in addresses}
    if known.keys() - addresses.keys() or set(described.values()) - known.keys():
        raise ConfigurationError(f"addresses are needed for the backends {', '.join(known)}")
    try:
        return {
            name: Backend.from_json(addresses[name], known[first], connections)
            for name, first in described.items()
        }
    except ValueError as error:
        raise ConfigurationError(f"backends.json is not understood: {error}") from error


def compile_policies(files: Files, values: Mapping[str, str], services: Services) -> Policies:
    """Compile every document.

    Raises:
        ConfigurationError: a document is for an operation that does not exist.
        PolicyError: something in a document is not understood.

    """
    fragments = {name: source.read(file, values) for name, file in files.fragments().items()}
    documents = Documents(HANDLERS, fragments, services)
    documents.check_fragments()
    api = source.read(files.api, values)
    of_api = documents.compile(api, NOTHING)
    try:
        routes = operations.routes(files.folder / "openapi.yaml")
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ConfigurationError(f"openapi.yaml is not understood: {error!r}") from error
    of_operations: dict[str, Sections] = {route.operation.id: of_api for route in routes}
    for operation, file in files.operations().items():
        if operation not in of_operations:
            raise ConfigurationError(f"operations.json: openapi.yaml has no operation {operation}")
        document = source.read(file, values)
        of_operations[operation] = documents.compile(document, of_api)
        check_variables([api, document], fragments)
    check_variables([api], fragments)
    return Policies(routes, of_api, of_operations)
