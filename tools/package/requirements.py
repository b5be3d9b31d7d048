"""Requirements of the deployed app, compared with the dependencies of the installed packages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

# The functions run on Linux; a laptop may be something else.
_PLATFORM = {
    "os_name": "posix",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
}


class RequirementError(Exception):
    """The requirements are not exactly the packages that are needed; one line per violation."""


@dataclass(frozen=True, slots=True)
class Package:
    """A package that the deployed app has."""

    name: str
    """In its normalised form: lower case, hyphens."""
    version: str
    distribution: Distribution
    """As it is installed here."""
    needs: tuple[str, ...]
    """The names of the packages that it asks for itself, sorted."""


@dataclass(frozen=True, slots=True)
class Requirements:
    """All packages that are installed beside the deployed app."""

    wanted: tuple[str, ...]
    """What requirements.in asks for: what our code imports."""
    packages: tuple[Package, ...]
    """What requirements.txt pins: those, and all that they need; sorted by name."""


def read_requirements(root: Path) -> Requirements:
    """Return the packages in the requirement files of *root*, with their dependencies.

    A package of requirements-overrides.in is there in a version that somebody does not ask for.

    Raises:
        RequirementError: a requirement is not pinned to one version; a package that is needed is
            not in requirements.txt or is there in a version that does not do; one that nobody
            needs is there, or an override; what is installed here is something else.

    """
    pins = _pins(root / "requirements.txt")
    wanted = _requirements(root / "requirements.in")
    overrides = root / "requirements-overrides.in"
    overridden = _pins(overrides) if overrides.exists() else {}
    installed = {name: _installed(name, version) for name, version in pins.items()}
    needs: dict[str, set[str]] = {name: set() for name in pins}
    violations: list[str] = []
    seen: set[tuple[str, str]] = set()
    refused: set[str] = set()
    waiting: list[tuple[str | None, Requirement]] = [(None, one) for one in wanted]
    while waiting:
        asking, requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name not in pins:
            violations.append(f"{name} is missing: {asking or 'requirements.in'} asks for it")
            continue
        if not requirement.specifier.contains(pins[name], prereleases=True):
            refused.add(name)
            if overridden.get(name) != pins[name]:
                asks = f"{asking or 'requirements.in'} asks for {requirement}"
                violations.append(f"{asks}, not {pins[name]}")
        if asking:
            needs[asking].add(name)
        # A package asks for more when it is wanted with an extra.
        for extra in {"", *requirement.extras}:
            if (name, extra) not in seen:
                seen.add((name, extra))
                waiting.extend((name, one) for one in _needs(installed[name], extra))
    violations += [f"{name} is not needed" for name in sorted(pins.keys() - {n for n, _ in seen})]
    violations += [
        f"{overrides.name}: {name} needs no override: nobody asks for another version"
        for name in sorted(overridden.keys() - refused)
    ]
    if violations:
        raise RequirementError("\n".join(violations))
    return Requirements(
        tuple(sorted(canonicalize_name(one.name) for one in wanted)),
        tuple(
            Package(name, pins[name], installed[name], tuple(sorted(needs[name])))
            for name in sorted(pins)
        ),
    )


def _needs(installed: Distribution, extra: str) -> Iterator[Requirement]:
    """Yield the dependencies of a package on the deployed platform, with *extra* or without any."""
    for text in installed.requires or ():
        requirement = Requirement(text)
        if not requirement.marker or requirement.marker.evaluate(_PLATFORM | {"extra": extra}):
            yield requirement


def _pins(path: Path) -> dict[str, str]:
    pins: dict[str, str] = {}
    for requirement in _requirements(path):
        versions = [one.version for one in requirement.specifier if one.operator == "=="]
        if len(versions) != 1 or len(requirement.specifier) != 1 or "*" in versions[0]:
            raise RequirementError(f"{path.name}: {requirement} is not pinned to one version")
        pins[canonicalize_name(requirement.name)] = versions[0]
    return pins


def _requirements(path: Path) -> list[Requirement]:
    # A requirement goes on over several lines where its hashes follow.
    lines = path.read_text("utf-8").replace("\\\n", " ").splitlines()
    texts = (re.split(r"#| --hash=", line)[0].strip() for line in lines)
    try:
        read = [Requirement(text) for text in texts if text]
    except InvalidRequirement as error:
        raise RequirementError(f"{path.name}: {error}") from error
    return [one for one in read if not one.marker or one.marker.evaluate(_PLATFORM)]


def _installed(name: str, version: str) -> Distribution:
    try:
        found = distribution(name)
    except PackageNotFoundError as error:
        raise RequirementError(f"{name} is not installed here: make setup") from error
    if found.version != version:
        raise RequirementError(f"{name} is installed as {found.version}, not {version}: make setup")
    return found
