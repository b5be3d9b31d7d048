"""Our reader of Bicep and the rules about the language agree with the real compiler."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.infra.corpus import (
    FILE,
    Case,
    about_a_diagnostic,
    cases,
    differences,
    found_in,
    refusals,
    write,
)
from tests.infra.corpus_lists import FOUND_BESIDES, LEFT, NOT_EVALUATED
from tools.bicep import schema

type Record = Callable[[str, object], None]

pytestmark = pytest.mark.skipif(
    not FILE.is_file() or not schema.FILE.is_file(), reason=f"no {FILE.name} beside the repository"
)


def _of(*kinds: str) -> list[Case]:
    return [case for case in cases().values() if case.kind in kinds]


def _record(record_property: Record, kind: str, verdict: str, *verdicts: str) -> None:
    """Count a case, for the table at the end of a run."""
    for each in verdicts:
        record_property("figure", (f"Bicep, {kind}: {each}", int(each == verdict), 1))


@pytest.mark.parametrize("case", _of("correct"), ids=lambda case: case.name)
def test_what_is_correct_has_no_finding_and_its_values(
    case: Case, tmp_path: Path, record_property: Record
) -> None:
    """Every value is the compiler's, or only a deployment knows it; or a construct is refused."""
    tree = write(case, tmp_path)
    found = found_in(tree)
    refused = refusals(found)
    verdict = "refused by name" if refused else "agree"
    _record(record_property, "correct", verdict, "agree", "refused by name")

    if not refused:
        assert bool(found) == (case.name in FOUND_BESIDES), found
    if case.evaluated is None or any(template.findings for template in tree.templates()):
        assert refused
        return
    unlike = list(differences(case, tree))
    unknown = {path for path, what in unlike if what == "is not known"}
    assert [each for each in unlike if each[0] not in unknown] == []
    assert unknown == NOT_EVALUATED.get(case.name, set())


@pytest.mark.parametrize("case", _of("mistake"), ids=lambda case: case.name)
def test_mistakes_are_found_or_left_by_name(
    case: Case, tmp_path: Path, record_property: Record
) -> None:
    """A finding is about a line of the compiler's; mistakes without one are in a list."""
    found = found_in(write(case, tmp_path))
    hit = any(about_a_diagnostic(each, case) for each in found if not refusals([each]))
    verdict = "found" if hit else "refused by name" if refusals(found) else "left to the compiler"
    verdicts = ("found", "refused by name", "left to the compiler")
    _record(record_property, "mistakes", verdict, *verdicts)

    assert (verdict == "left to the compiler") == (case.name in LEFT), found


@pytest.mark.parametrize("case", _of("style", "silent"), ids=lambda case: case.name)
def test_nothing_else_is_claimed(case: Case, tmp_path: Path, record_property: Record) -> None:
    """Where the compiler is silent so are we, but for what we look into more closely."""
    found = found_in(write(case, tmp_path))
    refused = refusals(found)
    besides = [each for each in found if not about_a_diagnostic(each, case)]
    verdict = "refused by name" if refused else "found" if found else "nothing said"
    _record(record_property, case.kind, verdict, "found", "refused by name", "nothing said")

    if not refused:
        assert bool(besides) == (case.name in FOUND_BESIDES), found


@pytest.mark.parametrize("names", [LEFT, NOT_EVALUATED, FOUND_BESIDES], ids=["1", "2", "3"])
def test_the_lists_name_cases(names: object) -> None:
    """A case that is gone is taken from the lists, too."""
    assert isinstance(names, set | frozenset | dict)
    assert set(names) <= cases().keys()
