"""Policy documents are understood or refused, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from localdev.gateway import source
from localdev.gateway.configuration import Files
from localdev.gateway.grammar import RULES, check_document, check_fragment
from localdev.gateway.source import PolicyError

APIM = Path(__file__).parents[3] / "apim"
SECTIONS = ("inbound", "backend", "outbound", "on-error")


def document(folder: Path, inbound: str = "", **others: str) -> Path:
    """Write a document whose policies begin in the third line of their section."""
    texts = {"inbound": inbound} | {name.replace("_", "-"): text for name, text in others.items()}
    file = folder / "policy.xml"
    sections = "\n".join(f"<{name}>{texts.get(name, '<base />')}</{name}>" for name in SECTIONS)
    file.write_text(f"<policies>\n{sections}\n</policies>\n", encoding="utf-8")
    return file


def checked(file: Path) -> None:
    """Read and check a document."""
    check_document(source.read(file, {"limit": "5", "empty-audience": "x"}))


@pytest.mark.parametrize(
    ("inbound", "complaint"),
    [
        ('<set-headre name="A" />', "no policy"),
        ('<set-header nam="A"><value>x</value></set-header>', "no attribute nam"),
        ("<set-header><value>x</value></set-header>", "needs the attribute name"),
        ('<set-header name="A" exists-action="replace"><value>x</value></set-header>', "one of"),
        ('<set-header name="A" />', "needs a <value>"),
        ('<set-header name="Content-Length"><value>1</value></set-header>', "cannot set"),
        ('<set-header name="A"><values>x</values></set-header>', "cannot stand in <set-header>"),
        ("<forward-request timeout='60' />", "cannot stand in inbound"),
        ("<value>x</value>", "no policy"),
        ("hello", "only policies"),
        ("<base>text</base>", "takes none"),
        ("<choose />", "needs <when>"),
        ("<choose><otherwise /><when condition='@(true)' /></choose>", "must come earlier"),
        ("<choose><when condition='@(true)' /><otherwise /><otherwise /></choose>", "only once"),
        ("<choose><when><base /></when></choose>", "needs the attribute condition"),
        ("<choose><when condition='@(true)'><nonsense /></when></choose>", "no policy"),
        (
            "<rate-limit-by-key calls='0' renewal-period='60' counter-key='x' />",
            "whole number from 1",
        ),
        ("<rate-limit-by-key calls='1' renewal-period='301' counter-key='x' />", "from 1 to 300"),
        (
            "<rate-limit-by-key calls='@(1)' renewal-period='60' counter-key='x' />",
            "takes no expression",
        ),
        (
            2 * "<cache-lookup-value key='a' variable-name='a' />",
            "only once in inbound",
        ),
        (
            "<return-response><set-body>x</set-body><set-status code='200' /></return-response>",
            "must come earlier",
        ),
        ("<return-response />", "needs <set-status>"),
        (
            "<validate-azure-ad-token tenant-id='t' header-name='A' />",
            "needs the attribute output-token-variable-name",
        ),
        ("<set-variable name='a' value='{{missing}}' />", "no named value missing"),
        ("<?php echo ?>", "processing instructions"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(
    tmp_path: Path, inbound: str, complaint: str
) -> None:
    """A mistake in a policy is named together with the file and the line."""
    file = document(tmp_path, f"<base />\n{inbound}")

    with pytest.raises(PolicyError) as refused:
        checked(file)
    assert complaint in str(refused.value)
    assert refused.value.file == file
    assert refused.value.line in {2, 3}  # a text belongs to the element around it
    assert str(refused.value).startswith(f"{file}:{refused.value.line}: ")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("<policies>", "not well-formed"),
        ("<policy />", "must be <policies>"),
        ("<policies><inbound /><backend /><outbound /></policies>", "must have the sections"),
        (
            "<policies><backend /><inbound /><outbound /><on-error /></policies>",
            "in this order",
        ),
        (
            "<policies><inbound id='x' /><backend /><outbound /><on-error /></policies>",
            "no attributes",
        ),
        (
            (
                "<policies><inbound><base/></inbound><backend><base/><base/></backend>"
                "<outbound/><on-error/></policies>"
            ),
            "only one policy",
        ),
        ('<!DOCTYPE a [<!ENTITY x "y">]><policies>&x;</policies>', "not understood"),
    ],
)
def test_what_is_no_policy_document_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    """A document has its four sections in order, and nothing else."""
    file = tmp_path / "policy.xml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(PolicyError, match=complaint):
        checked(file)


def test_named_values_are_put_in(tmp_path: Path) -> None:
    """A named value stands for its text, in attributes and in texts."""
    text = "<rate-limit-by-key calls='{{limit}}' renewal-period='60' counter-key='a' />"
    file = document(tmp_path, f"{text}<base />")

    root = source.read(file, {"limit": "5"})

    check_document(root)
    assert root.children[0].children[0].attributes["calls"] == "5"


@pytest.mark.parametrize(
    ("policy", "complaint"),
    [
        ("<base />", "cannot stand in a fragment"),
        ("<include-fragment fragment-id='x' />", "cannot stand in a fragment"),
        (
            "<choose><when condition='@(true)'><include-fragment fragment-id='x'/></when></choose>",
            "cannot stand in a fragment",
        ),
        ("<cache-lookup-value key='a' variable-name='a' />", "cannot stand in a fragment"),
    ],
)
def test_a_fragment_holds_only_what_it_may(tmp_path: Path, policy: str, complaint: str) -> None:
    """Fragments do not nest, and some policies stand in none."""
    file = tmp_path / "fragment.xml"
    file.write_text(f"<fragment>{policy}</fragment>", encoding="utf-8")

    with pytest.raises(PolicyError, match=complaint):
        check_fragment(source.read(file, {}))


def test_every_rule_has_a_policy() -> None:
    """The grammar has no element and no attribute that no policy uses."""
    files = Files(APIM)
    values = dict.fromkeys(files.json("named-values.json"), "1")
    used = {
        name
        for document in files.documents()
        for element in source.read(document, values).every()
        for name in (element.name, *(f"{element.name} {one}" for one in element.attributes))
    }

    known = {*RULES, *(f"{name} {one}" for name, rule in RULES.items() for one in rule.attributes)}
    assert known - used == set()
