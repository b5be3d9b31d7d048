from __future__ import annotations

from collections.abc import Iterator

import pytest

from azure_quantum_emulator.errors import InvalidRequestError
from azure_quantum_emulator.lifecycle import Status
from azure_quantum_emulator.query import Condition, parse_filter, parse_order
from azure_quantum_emulator.store import Store
from emulator_support.items import DAY, job, session


@pytest.fixture
def store() -> Iterator[Store]:
    """A store with three jobs, created on 2 to 4 January 1970, and a session of the 5th."""
    with Store.open(None) as store:
        _fill(store)
        yield store


def _fill(store: Store) -> None:
    store.create(job("one", name="50% done", provider_id="ionq", created=DAY))
    store.create(job("two", name="it's", provider_id="rigetti", created=2 * DAY))
    store.create(
        job("three", name="It_x", status=Status.FAILED, target="rigetti.sim.qvm", created=3 * DAY)
    )
    store.create(session("four", created=4 * DAY))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["one", "two", "three", "four"]),
        ("ProviderId eq 'rigetti'", ["two"]),
        ("ProviderId eq 'Rigetti'", ["two"]),
        ("(ProviderId ne 'rigetti')", ["one", "three", "four"]),
        ("(Target eq 'rigetti.sim.qvm' or ProviderId eq 'rigetti')", ["two", "three"]),
        ("(State eq 'Failed')", ["three"]),
        ("not (State eq 'Failed') and ItemType eq 'Job'", ["one", "two"]),
        (
            "(ItemType eq 'Session' or JobType eq 'QuantumComputing')",
            ["one", "two", "three", "four"],
        ),
        ("CreationTime ge 1970-01-03", ["two", "three", "four"]),
        ("CreationTime gt 1970-01-03", ["three", "four"]),
        ("CreationTime lt 1970-01-03T00:00:00Z", ["one"]),
        (
            "CreationTime le 9999-12-31 and CreationTime ge 0001-01-01 and State eq 'Failed'",
            ["three"],
        ),
        ("CreationTime le 1970-01-03T01:00:00+01:00 and State eq 'Waiting'", ["one", "two"]),
        ("startswith(Name, '50%')", ["one"]),
        ("startswith(Name, 'it''s')", ["two"]),
        ("startswith(Name, '%')", []),
        ("contains(Name, '_')", ["three"]),
        ("endswith(Name,'done')", ["one"]),
        ("Name eq 'a' or Name eq '50% done' and State eq 'Waiting'", ["one"]),
    ],
)
def test_a_filter_selects(store: Store, text: str, expected: list[str]) -> None:
    """A filter selects exactly the items that fulfil it."""
    page = store.page(parse_filter(text), "", 0, 100)
    assert [item.id for item in page.items] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Colour eq 'red'",
        "Name eq",
        "Name = 'x'",
        "Name eq 'x",
        "Name eq 'x' or",
        "CreationTime ge 'yesterday'",
        "CreationTime ge 2024-13-01",
        "Name ge 2024-01-01",
        "1; DROP TABLE items",
        "frobs(Name, 'x')",
    ],
)
def test_a_filter_that_cannot_be_read_is_refused(text: str) -> None:
    """What is no filter is a bad request, and never reaches the database."""
    with pytest.raises(InvalidRequestError):
        parse_filter(text)


def test_the_values_of_a_filter_are_parameters() -> None:
    """No text of a client becomes part of a statement."""
    assert parse_filter("Name eq 'x; DROP'") == Condition("name = ?", ("x; DROP",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CreationTime desc", ["four", "three", "two", "one"]),
        ("CreationTime", ["one", "two", "three", "four"]),
        ("ProviderId asc, CreationTime desc", ["four", "three", "one", "two"]),
    ],
)
def test_an_order_sorts(store: Store, text: str, expected: list[str]) -> None:
    """Items come in the order that is asked for."""
    page = store.page(Condition(), parse_order(text), 0, 100)
    assert [item.id for item in page.items] == expected


@pytest.mark.parametrize("text", ["Colour", "Name up", "Name; DROP TABLE items", "Name," * 100])
def test_an_order_that_cannot_be_read_is_refused(text: str) -> None:
    """What is no order is a bad request."""
    with pytest.raises(InvalidRequestError):
        parse_order(text)


ONE = "Name eq 'it''s'"
LONG = {
    "alternatives": " or ".join([ONE] * 5000),
    "negations": "not " * 400 + ONE,
    "nested": "(State eq 'x' or (Name ne 'y' and " * 200 + ONE + "))" * 200,
    "a pattern": f"contains(Name, '{'%' * 60_000}')",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_filter_that_the_database_cannot_take_is_refused(store: Store, text: str) -> None:
    """The limits are the database's, and the request is the client's."""
    with pytest.raises(InvalidRequestError, match="too long, or nested too deeply"):
        store.page(parse_filter(text), "", 0, 100)


@pytest.mark.parametrize(
    "text", [" or ".join([ONE] * 100), "not " * 10 + ONE, "(State eq 'x' or " * 10 + ONE + ")" * 10]
)
def test_a_filter_may_have_many_conditions(store: Store, text: str) -> None:
    """More than any client writes."""
    assert [item.id for item in store.page(parse_filter(text), "", 0, 100).items] == ["two"]
