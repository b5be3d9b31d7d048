"""Tell whether a zip is what may be deployed: the code, all its packages, compiled, nothing else.

Only the standard library: it runs on whichever Python 3 the machine has that deploys.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import zipfile
from collections.abc import Callable, Collection, Iterator
from pathlib import PurePosixPath

BYTECODE = "cpython-313"
"""How the Python that is deployed tags its bytecode."""
FILES = ("function_app.py", "host.json", "requirements.txt", "apim/openapi.yaml")
FOLDERS = ("functions", "qjobs", "algorithms")
PACKAGES = ".python_packages/lib/site-packages/"


def faults(names: Collection[str], read: Callable[[str], str]) -> Iterator[str]:
    """Yield what is wrong with a package that has files of these *names*, each as one line."""
    present = set(names)
    yield from (f"{name} is missing" for name in FILES if name not in present)
    for folder in FOLDERS:
        if not any(name.startswith(f"{folder}/") for name in present):
            yield f"{folder}/ is missing"
    yield from _listed("must not be deployed", [one for one in present if not _belongs(one)])
    modules = [name for name in present if name.endswith(".py")]
    bare = [name for name in modules if _bytecode(name) not in present]
    yield from _listed("without bytecode, which every start would make anew", bare)
    ours = [name for name in present if name.endswith(".pyc") and not name.startswith(PACKAGES)]
    yield from _listed("without its source", [one for one in ours if _source(one) not in present])
    if "requirements.txt" in present:
        yield from _package_faults(present, read)


def _package_faults(present: set[str], read: Callable[[str], str]) -> Iterator[str]:
    pins = re.findall(r"^([\w.-]+)==([^\s;#]+)", read("requirements.txt"), re.MULTILINE)
    wanted = {_canonical(name): version for name, version in pins}
    if not wanted:
        yield "requirements.txt names no package"
    installed: dict[str, str] = {}
    for record in sorted(present):
        found = re.fullmatch(rf"{re.escape(PACKAGES)}([^/]+)-([^/]+)\.dist-info/RECORD", record)
        if not found:
            continue
        installed[_canonical(found[1])] = found[2]
        files = [row[0] for row in csv.reader(read(record).splitlines()) if row]
        # Commands are outside, and pip may list bytecode that it did not make.
        inside = [one for one in files if not one.startswith("..") and not one.endswith(".pyc")]
        lost = [f"{PACKAGES}{one}" for one in inside if f"{PACKAGES}{one}" not in present]
        yield from _listed(f"is missing from {found[1]} {found[2]}", lost)
    for name, version in sorted(wanted.items()):
        if installed.get(name) != version:
            yield f"{name} {version} is missing, which requirements.txt names"
    for name in sorted(installed.keys() - wanted.keys()):
        yield f"{name} {installed[name]} is there, which requirements.txt does not name"


def _belongs(name: str) -> bool:
    """Tell whether a file may be deployed."""
    if name in FILES or name.startswith(PACKAGES):
        return True
    path = PurePosixPath(name)
    if name == _bytecode("function_app.py"):
        return True
    private = path.name == "local.settings.json" or path.suffix == ".env"
    return path.parts[0] in FOLDERS and not private and not any(p[0] == "." for p in path.parts)


def _bytecode(module: str) -> str:
    path = PurePosixPath(module)
    return str(path.parent / "__pycache__" / f"{path.stem}.{BYTECODE}.pyc")


def _source(bytecode: str) -> str:
    path = PurePosixPath(bytecode)
    return str(path.parent.parent / f"{path.name.partition('.')[0]}.py")


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _listed(what: str, names: Collection[str]) -> Iterator[str]:
    """Yield one line for however many files have the same fault."""
    if names:
        more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
        yield f"{min(names)}{more} {what}"


def main(path: str) -> int:
    """Check the zip at *path*; return the exit code."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
            found = list(faults(names, lambda name: archive.read(name).decode()))
    except (OSError, zipfile.BadZipFile) as error:
        found = [f"it cannot be read: {error}"]
    for fault in found:
        print(f"check-package: {fault}", file=sys.stderr)  # noqa: T201 - its output
    return 1 if found else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", metavar="ZIP")
    sys.exit(main(parser.parse_args().package))
