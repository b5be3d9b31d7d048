"""The hook that looks at the names of settings, and at texts of a certain form."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable, Iterable

import pytest

from tests.delivery.workflows import ROOT

SCRIPT = runpy.run_path(str(ROOT / "infra" / "hooks" / "check_names.py"))
KNOWN: frozenset[str] = SCRIPT["known_names"]()


def check(settings: dict[str, str]) -> list[str]:
    """Return what is said of settings."""
    faults: Callable[..., Iterable[str]] = SCRIPT["faults"]
    return list(faults(settings, KNOWN))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("QJOBS_SIZ", "QJOBS_SIZE"),
        ("QJOBS_GATEWAY_TEIR", "QJOBS_GATEWAY_TIER"),
        ("QJOBS_CONTACT_MAIL", "QJOBS_CONTACT_EMAIL"),
    ],
)
def test_a_misspelt_name_is_refused_with_the_right_one(name: str, meant: str) -> None:
    """A setting that nothing reads would be a false promise."""
    assert check({name: "x"}) == [
        f'nothing reads {name}: did you mean {meant}? Unset it: azd env set {name} "".'
    ]


def test_a_name_like_no_other_is_refused_too() -> None:
    """Without a suggestion."""
    assert check({"QJOBS_ZZZZZZZZZZZZ": "x"}) == [
        'nothing reads QJOBS_ZZZZZZZZZZZZ: Unset it: azd env set QJOBS_ZZZZZZZZZZZZ "".'
    ]
    assert check({"QJOBS_ZZZZZZZZZZZZ": "", "OTHER": "x", "AZURE_X": "x"}) == []


def test_every_documented_setting_is_known() -> None:
    """What docs/deploy.md, the templates and their outputs name is no misspelling."""
    for file in ("docs/deploy.md", "docs/clients.md", "infra/app/main.bicep", "azure.yaml"):
        names = re.findall(r"QJOBS_[A-Z0-9_]+", (ROOT / file).read_text(encoding="utf-8"))
        assert set(names) <= KNOWN


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("QJOBS_WEB_ORIGIN", "foo"),
        ("QJOBS_WEB_ORIGIN", "https://a.example/"),
        ("QJOBS_WEB_ORIGIN", "*"),
        ("QJOBS_PUBLIC_HOST", "https://a.example"),
        ("QJOBS_HARDWARE_SCOPE", "jobs hardware"),
        ("QJOBS_PYTHON_VERSION", "2.7"),
        ("QJOBS_PYTHON_VERSION", "3.9"),
    ],
)
def test_a_text_of_the_wrong_form_is_refused(name: str, wrong: str) -> None:
    """The value is repeated, and what would be right is said."""
    (fault,) = check({name: wrong})

    assert fault.startswith(f"{name} is {wrong}, but takes ")


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("QJOBS_WEB_ORIGIN", "https://web.invalid"),
        ("QJOBS_WEB_ORIGIN", "http://localhost:3000"),
        ("QJOBS_PUBLIC_HOST", "api.example.com:8443"),
        ("QJOBS_PUBLIC_HOST", "auto"),
        ("QJOBS_HARDWARE_SCOPE", "jobs.hardware"),
        ("QJOBS_HARDWARE_SCOPE", "none"),
        ("QJOBS_PYTHON_VERSION", "3.13"),
        ("QJOBS_PYTHON_VERSION", ""),
    ],
)
def test_a_text_of_the_right_form_passes(name: str, right: str) -> None:
    """So do the defaults of the gateway's values."""
    assert check({name: right}) == []
