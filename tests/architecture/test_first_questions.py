"""The first questions in AGENTS.md are answered by what is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.markdown import ROOT, broken, links, table, tracked

ROWS = list(table("AGENTS.md", "First questions"))
ASKED = [
    *("retry policy", "polled again", "who calls", "errors get their words", "job stored", "crash"),
    *("local stack start", "add a route", "add a target", "add an algorithm", "add an alert"),
    *("add a setting", "add a policy", "tests do I run", "happened to a job"),
]
"""What newcomers ask first."""
_CODE = re.compile(r"`([^`]+)`")
_WORD = re.compile(r"\[([^\]]+)\]\(docs/glossary\.md\)")
_NAME = re.compile(r"[A-Za-z_][\w.-]*")


def definitions(source: str) -> set[str]:
    """Return what a module defines: classes, functions, constants, members as `Class.member`."""
    return set(_defined(ast.parse(source).body, ""))


def _defined(body: list[ast.stmt], prefix: str) -> Iterator[str]:
    for node in body:
        match node:
            case ast.ClassDef(name=name, body=members):
                yield f"{prefix}{name}"
                yield from _defined(members, f"{prefix}{name}.")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield f"{prefix}{name}"
            case ast.TypeAlias(name=ast.Name(id=name)) | ast.AnnAssign(target=ast.Name(id=name)):
                yield f"{prefix}{name}"
            case ast.Assign(targets=targets):
                yield from (f"{prefix}{one.id}" for one in targets if isinstance(one, ast.Name))


def mistakes(answer: str) -> list[str]:
    """Return what of an answer is not there, or that there is nothing to look for in it."""
    found = list(broken("AGENTS.md", answer))
    file = ""
    spans = _CODE.findall(answer)
    for span in spans:
        if span.startswith("make "):
            found += _target(span.split()[1])
        elif span.startswith(".venv/bin/python -m "):
            found += _module(span.split()[2])
        elif span in tracked() or span.endswith("/"):
            file = span
            found += _folder(span)
        elif "/" in span or not _NAME.fullmatch(span):
            found.append(f"there is no {span}")
        else:
            found += _name(span, file)
    found += [
        f"{word} is not in the glossary"
        for word in _WORD.findall(answer)
        if word not in _glossary()
    ]
    if not spans and not list(links(answer)):
        found.append("it names nothing")
    return found


def _target(name: str) -> Iterator[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    if not re.search(rf"^{re.escape(name)}:", makefile, re.MULTILINE):
        yield f"there is no make {name}"


def _module(name: str) -> Iterator[str]:
    path = name.replace(".", "/")
    if not {f"{path}.py", f"{path}/__main__.py"} & tracked():
        yield f"there is no module {name}"


def _folder(path: str) -> Iterator[str]:
    if path.endswith("/") and not any(name.startswith(path) for name in tracked()):
        yield f"there is no {path}"


def _name(name: str, file: str) -> Iterator[str]:
    if not file or file.endswith("/"):
        yield f"no file before {name} says where it is"
        return
    text = (ROOT / file).read_text(encoding="utf-8")
    if file.endswith(".py"):
        there = name in definitions(text)
    else:
        there = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None
    if not there:
        yield f"{file} has no {name}"


def _glossary() -> set[str]:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    return {row.split(" | ")[0].removeprefix("| ") for row in rows[1:]}


@pytest.mark.parametrize(("question", "answer"), ROWS, ids=[question for question, _ in ROWS])
def test_an_answer_is_there(question: str, answer: str) -> None:
    """Its files, names, targets, links and words exist; a name is defined in the file before it."""
    assert question.endswith("?")
    assert mistakes(answer) == []


def test_what_is_asked_first_is_answered() -> None:
    """Each question has one row."""
    questions = [question for question, _ in ROWS]

    assert len(questions) == len(set(questions)) >= 12
    for words in ASKED:
        assert len([one for one in questions if words in one]) == 1, words


@pytest.mark.parametrize(
    ("answer", "mistake"),
    [
        ("`qjobs/services/attempt.py` `Attempt.__call__`", None),
        ("`qjobs/domain/job.py` `Status.QUEUED`, `FINAL`; `host.json` `queues`", None),
        ("`qjobs/services/attempt.py` `Retry`", "qjobs/services/attempt.py has no Retry"),
        ("`qjobs/services/attempt.py` `schedule`", "qjobs/services/attempt.py has no schedule"),
        ("`qjobs/services/attempt.py` `_log.warning`", "attempt.py has no _log.warning"),
        ("`qjobs/domain/job.py` `Attempt`", "qjobs/domain/job.py has no Attempt"),
        ("`host.json` `visibilityTime`", "host.json has no visibilityTime"),
        ("`services/attempt.py`", "there is no services/attempt.py"),
        ("`qjobs/retries/`", "there is no qjobs/retries/"),
        ("`Attempt`", "no file before Attempt says where it is"),
        ("`qjobs/services/` `Attempt`", "no file before Attempt says where it is"),
        ("`make uo ARGS=--keyless`", "there is no make uo"),
        ("`.venv/bin/python -m tools.consumption`", "there is no module tools.consumption"),
        ("[below](#retries)", "there is no such heading"),
        ("[elsewhere](docs/made-up.md)", "there is no such file"),
        ("[retry](docs/glossary.md)", "retry is not in the glossary"),
        ("[word](docs/glossary.md)", "word is not in the glossary"),
        ("in the services", "it names nothing"),
    ],
)
def test_a_wrong_answer_is_found(answer: str, mistake: str | None) -> None:
    """A name that the file only imports or uses is no definition; a row has to name something."""
    found = mistakes(answer)

    assert len(found) == (mistake is not None)
    assert all(str(mistake) in one for one in found)
