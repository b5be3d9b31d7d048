from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from tools.package.requirements import RequirementError, read_requirements

REFERENCING = {name: version(name) for name in ("referencing", "attrs", "rpds-py")}
"""A package and all that it needs."""


def written(folder: Path, wanted: str, pins: dict[str, str]) -> Path:
    """Write requirement files that want *wanted* and pin *pins*."""
    (folder / "requirements.in").write_text(f"# what we import\n{wanted}\n", encoding="utf-8")
    lines = [f"{name}=={pinned}  # via something" for name, pinned in pins.items()]
    (folder / "requirements.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_the_packages_are_told_with_what_they_need(tmp_path: Path) -> None:
    """The graph is that of the packages' own metadata."""
    found = read_requirements(written(tmp_path, "referencing", REFERENCING))

    assert found.wanted == ("referencing",)
    assert {one.name: one.needs for one in found.packages} == {
        "attrs": (),
        "referencing": ("attrs", "rpds-py"),
        "rpds-py": (),
    }


def test_an_extra_asks_for_more(tmp_path: Path) -> None:
    """A package that is wanted with an extra needs what the extra names."""
    with pytest.raises(RequirementError, match="cryptography is missing: pyjwt asks for it"):
        read_requirements(written(tmp_path, "PyJWT[crypto]", {"pyjwt": version("pyjwt")}))

    plain = read_requirements(written(tmp_path, "PyJWT", {"pyjwt": version("pyjwt")}))
    assert [one.name for one in plain.packages] == ["pyjwt"]


def test_what_is_needed_on_another_platform_only_is_left_out(tmp_path: Path) -> None:
    """The functions run on Linux, wherever this is computed: click wants colorama on Windows."""
    found = read_requirements(written(tmp_path, "click", {"click": version("click")}))

    assert found.packages[0].needs == ()


def test_hashes_and_other_platforms_are_read_over(tmp_path: Path) -> None:
    """A pin may go on with its hashes, and one for another system is not for the functions."""
    lines = [
        f"attrs=={version('attrs')} ; platform_python_implementation != 'PyPy' \\",
        "    --hash=sha256:" + "0" * 64 + " \\",
        "    --hash=sha256:" + "1" * 64,
        "    # via something",
        "no-such-package==1.0 ; sys_platform == 'win32' \\",
        "    --hash=sha256:" + "2" * 64,
    ]
    written(tmp_path, "attrs", {})
    (tmp_path / "requirements.txt").write_text("\n".join(lines), encoding="utf-8")

    (found,) = read_requirements(tmp_path).packages

    assert (found.name, found.version) == ("attrs", version("attrs"))


def test_an_override_takes_the_place_of_what_is_asked_for(tmp_path: Path) -> None:
    """The version that is pinned against somebody's wish has to be the one of the override."""
    written(tmp_path, "attrs<1", {"attrs": version("attrs")})
    overrides = tmp_path / "requirements-overrides.in"
    overrides.write_text(f"attrs=={version('attrs')}\n", encoding="utf-8")
    assert [one.name for one in read_requirements(tmp_path).packages] == ["attrs"]

    overrides.write_text("attrs==2.0\n", encoding="utf-8")
    with pytest.raises(RequirementError, match=r"requirements\.in asks for attrs<1, not"):
        read_requirements(tmp_path)


@pytest.mark.parametrize("name", ["attrs", "idna"])
def test_an_override_that_nobody_needs_is_refused(tmp_path: Path, name: str) -> None:
    """Once everybody takes the version, or nobody the package, the exception has to go."""
    written(tmp_path, "attrs", {"attrs": version("attrs")})
    overrides = tmp_path / "requirements-overrides.in"
    overrides.write_text(f"{name}=={version(name)}\n", encoding="utf-8")

    with pytest.raises(RequirementError, match=f"{name} needs no override"):
        read_requirements(tmp_path)


FAULTS: tuple[tuple[str, dict[str, str | None], str], ...] = (
    ("referencing", {"rpds-py": None}, "rpds-py is missing: referencing asks for it"),
    ("referencing\nidna", {}, r"idna is missing: requirements\.in asks for it"),
    ("referencing", {"idna": version("idna")}, "idna is not needed"),
    ("referencing<0.1", {}, r"asks for referencing<0\.1"),
    ("referencing", {"attrs": "1.0"}, r"attrs is installed as .*, not 1\.0"),
    ("referencing", {"attrs": "26.*"}, "not pinned to one version"),
    ("referencing", {"no-such-package": "1.0"}, "no-such-package is not installed"),
    ("not a requirement", {}, r"requirements\.in: "),
)


@pytest.mark.parametrize(("wanted", "changes", "fault"), FAULTS)
def test_a_fault_is_told(
    tmp_path: Path, wanted: str, changes: dict[str, str | None], fault: str
) -> None:
    """Whatever is not exactly pinned, needed and installed is refused by name."""
    pins = {name: pin for name, pin in (REFERENCING | changes).items() if pin is not None}

    with pytest.raises(RequirementError, match=fault):
        read_requirements(written(tmp_path, wanted, pins))


@pytest.mark.parametrize("line", ["attrs", "attrs>=1", "attrs>=1,==26.1.0"])
def test_a_requirement_without_one_version_is_refused(tmp_path: Path, line: str) -> None:
    """Only == names what is installed."""
    written(tmp_path, "attrs", {})
    (tmp_path / "requirements.txt").write_text(line, encoding="utf-8")

    with pytest.raises(RequirementError, match="is not pinned to one version"):
        read_requirements(tmp_path)
