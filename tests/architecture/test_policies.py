"""The files of `apim/`: all of them understood, used, and within the limits of their tiers."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from localdev.gateway import source
from localdev.gateway.__main__ import main
from localdev.gateway.backends import Connections
from localdev.gateway.configuration import ConfigurationError, Files, backends
from localdev.gateway.grammar import RULES
from localdev.gateway.policies.handlers import HANDLERS
from localdev.gateway.source import PolicyError
from tests.markdown import table
from tests.openapi import contract
from tests.unit.gateway.conftest import Backend, Time, gateway
from tools.consumption_policies import reduced

APIM = Path(__file__).parents[2] / "apim"
OPERATIONS = APIM / "policies" / "operations"
LARGEST_IN_CONSUMPTION = 16 * 1024
LARGEST_FRAGMENT = 32 * 1024


@pytest.mark.parametrize("consumption", [False, True])
def test_every_document_is_understood(*, consumption: bool) -> None:
    """Everything compiles, for the v2 tiers and for Consumption."""
    gateway(Backend(), Time(), consumption=consumption)


def test_the_check_command_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--check` reads and compiles the files without starting anything."""
    monkeypatch.setattr("sys.argv", ["gateway", "--check"])

    assert main() == 0
    assert "understood" in capsys.readouterr().out


def test_every_named_value_is_defined_and_used() -> None:
    """The policies use exactly the values that are defined, and each says what it means."""
    files = Files(APIM)
    defined = files.json("named-values.json")

    texts = (file.read_text(encoding="utf-8") for file in files.documents())
    used = {name for text in texts for name in source.NAMED_VALUE.findall(text)}
    assert used == set(defined)
    assert all(about["meaning"] for about in defined.values())
    assert all(about.get("default", "x") for about in defined.values())  # none may be empty


def used(element: str, attribute: str) -> set[str]:
    """Return the values of an attribute in all documents."""
    files = Files(APIM)
    values = {
        name: about.get("default", "1") for name, about in files.json("named-values.json").items()
    }
    return {
        one.attributes[attribute]
        for file in files.documents()
        for one in source.read(file, values).every()
        if one.name == element
    }


def test_every_limit_says_its_name_before_it_is_tested() -> None:
    """What a refusal repeats has the value and the seconds of the limit that refuses."""
    found = 0
    for file in sorted((APIM / "policies").rglob("*.xml")):
        lines = file.read_text(encoding="utf-8").splitlines()
        for before, line in pairwise(lines):
            limit = re.search(r'<rate-limit-by-key calls="(.*?)" renewal-period="(\d+)"', line)
            if limit is None:
                continue
            found += 1
            words = f"More than {re.escape(limit[1])} .* in {limit[2]} seconds"
            assert re.search(f'<set-variable name="limit" value="{words}" />', before), line
    assert found == 4


def test_every_fragment_and_backend_is_used() -> None:
    """What the policies name is what there is."""
    files = Files(APIM)

    assert used("include-fragment", "fragment-id") == set(files.fragments())
    assert used("set-backend-service", "backend-id") == set(files.json("backends.json"))


def test_every_file_is_used() -> None:
    """No document lies about that nobody deploys."""
    files = [Files(APIM), Files(APIM, consumption=True)]
    documents = {document for one in files for document in one.documents()}

    assert set(APIM.rglob("*.xml")) == documents


def test_the_policies_are_for_operations_of_the_contract() -> None:
    """Every operation with policies of its own exists."""
    known = {one["operationId"] for item in contract()["paths"].values() for one in item.values()}

    assert set(Files(APIM).operations()) <= known


def test_the_consumption_policies_are_up_to_date() -> None:
    """They are the others without the parts that are marked."""
    written = dict(reduced(APIM))

    assert {file: file.read_text(encoding="utf-8") for file in written} == written
    assert set((APIM / "consumption").rglob("*.xml")) == set(written)


def test_consumption_gets_nothing_that_it_lacks() -> None:
    """No limit by key is left, and no document is too large."""
    for document in Files(APIM, consumption=True).documents():
        assert "rate-limit-by-key" not in document.read_text(encoding="utf-8")
        assert document.stat().st_size < LARGEST_IN_CONSUMPTION


def test_documents_survive_a_real_xml_parser() -> None:
    """No expression has a comment to the end of a line, which an attribute does not have."""
    for document in APIM.rglob("*.xml"):
        assert not re.search(r"(?<![:\"'])//(?!/)", document.read_text(encoding="utf-8")), document
    for fragment in Files(APIM).fragments().values():
        assert fragment.stat().st_size < LARGEST_FRAGMENT


def test_every_policy_of_the_grammar_is_implemented() -> None:
    """What may stand in a document does something."""
    policies = {name for name, rule in RULES.items() if rule.sections}

    assert policies == set(HANDLERS) | {"base", "include-fragment"}


def replaced(file: str, old: str, new: str) -> Callable[[Path], None]:
    """Return what makes a mistake in a copy of the files."""

    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


API, SUBMIT = "policies/api.xml", "policies/operations/submit-job.xml"
FRAGMENT = "fragments/answer-problem.xml"


@pytest.mark.parametrize(
    ("mistake", "complaint"),
    [
        (replaced(API, "{{web-origin}}", "{{web-orgin}}"), "api.xml:6: there is no named value"),
        (replaced(API, 'fragment-id="answer-problem"', 'fragment-id="problem"'), "no fragment"),
        (replaced(API, 'backend-id="functions"', 'backend-id="function"'), "no backend"),
        (
            replaced(API, "requiredScope\" value='@(", "requiredScope\" value='@(-"),
            "operator -: ",
        ),
        (replaced(API, "context.Request.Method ==", "context.Request.Methd =="), "has no Methd"),
        (replaced(API, "exists-action", "exist-action"), "no attribute exist-action"),
        (replaced(API, "<backend>", "<backend><base />"), "only one policy"),
        (replaced(SUBMIT, "<base />", "<basis />"), "no policy that the local gateway"),
        (replaced(SUBMIT, 'renewal-period="300"', 'renewal-period="3000"'), "from 1 to 300"),
        (replaced("operations.json", "submit-job", "submit-jobs"), "no operation submit-jobs"),
        (replaced(FRAGMENT, "<choose>", "<base /><choose>"), "fragment"),
        (replaced("named-values.json", '"auto"', '""'), "public-host is missing"),
        (replaced("named-values.json", "{", "["), r"named-values.json is no JSON"),
        (replaced("openapi.yaml", "paths:", "path:"), "openapi.yaml is not understood"),
        (replaced(API, '"token">', '"tokens">'), "reads the variable token"),
        (replaced(API, 'Variables["callerId"]', 'Variables["calerId"]'), "variable calerId"),
        (
            replaced(FRAGMENT, 'ContainsKey("retryAfter")', 'ContainsKey("retryAftr")'),
            "variable retryAftr",
        ),
        (replaced(SUBMIT, "<inbound>\n    <base />", "<inbound>"), "needs <base />"),
        (replaced(SUBMIT, "<on-error>\n    <base />", "<on-error>"), "needs <base />"),
    ],
)
def test_a_mistake_in_the_files_is_found_at_load(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    mistake: Callable[[Path], None],
    complaint: str,
) -> None:
    """Nothing that is not understood is deployed or run: it is refused with its place."""
    folder = tmp_path / "apim"
    shutil.copytree(APIM, folder)
    mistake(folder)
    monkeypatch.setattr("tests.unit.gateway.conftest.APIM", folder)

    with pytest.raises((PolicyError, ConfigurationError), match=complaint):
        gateway(Backend(), Time())


@pytest.mark.parametrize(
    "mistake",
    [
        replaced(FRAGMENT, 'Variables["retryAfter"]', 'Variables["retryAftr"]'),
        replaced("consumption/api.xml", '"token">', '"tokens">'),
    ],
)
def test_a_mistake_in_the_files_of_another_tier_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mistake: Callable[[Path], None]
) -> None:
    """What the Consumption tier gets is read as strictly."""
    folder = tmp_path / "apim"
    shutil.copytree(APIM, folder)
    mistake(folder)
    monkeypatch.setattr("tests.unit.gateway.conftest.APIM", folder)

    with pytest.raises(PolicyError, match="which nothing sets"):
        gateway(Backend(), Time(), consumption=True)


@pytest.mark.parametrize(
    ("file", "complaint"),
    [("consumption/api.xml", "no policy"), ("policies/operations/orphan.xml", "no operation")],
)
def test_the_check_command_reads_every_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    file: str,
    complaint: str,
) -> None:
    """What is wrong only in another tier, or lies about unused, is found without any option."""
    folder = tmp_path / "apim"
    shutil.copytree(APIM, folder)
    text = (folder / API).read_text(encoding="utf-8").replace("cors", "corss")
    (folder / file).write_text(text, encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["gateway", "--check", f"--apim={folder}"])

    assert main() == 1
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ({"functions": {"protocol": "soap"}}, "protocol"),
        ({"functions": {"protocol": "http", "pool": {}}}, "pool: unknown"),
        ({"functions": {}}, "protocol"),
        ({"other": {"protocol": "http"}}, "addresses are needed"),
    ],
)
def test_a_backend_that_is_not_understood_is_refused(
    tmp_path: Path, document: Mapping[str, object], complaint: str
) -> None:
    """A property that the local gateway does not have is an error."""
    (tmp_path / "backends.json").write_text(json.dumps(document), encoding="utf-8")

    with pytest.raises(ConfigurationError, match=complaint):
        backends(Files(tmp_path), {"functions": "http://x"}, Connections())


def test_the_document_lists_every_named_value() -> None:
    """The table in docs/gateway.md has names, defaults and meanings of the file."""
    rows = [
        [
            f"`{name}`",
            f"`{about['default']}`" if "default" in about else "from the deployment",
            about["meaning"],
        ]
        for name, about in Files(APIM).json("named-values.json").items()
    ]

    assert list(table("docs/gateway.md", "What a deployment decides")) == rows


def test_the_document_lists_every_problem() -> None:
    """Statuses and codes in docs/gateway.md are those of the fragment."""
    text = (APIM / "fragments" / "answer-problem.xml").read_text(encoding="utf-8")
    made = dict(re.findall(r'status == (\d{3}) \? "([a-z-]+)"', text))
    made |= {"400": "bad-request", "500": "internal-error"}

    rows = list(table("docs/gateway.md", "What a request goes through"))
    assert {row[0]: row[1].strip("`") for row in rows} == made


def test_a_body_of_an_estimate_is_checked_as_one_of_a_submission() -> None:
    """Both operations take the same body, so that what one refuses the other does."""
    checks = [
        [
            ET.tostring(one)
            for one in ET.parse(OPERATIONS / f"{name}.xml").iterfind("inbound/choose")
        ]
        for name in ("submit-job", "json-body")
    ]

    assert checks[0] == checks[1]
    assert len(checks[0]) == 1
