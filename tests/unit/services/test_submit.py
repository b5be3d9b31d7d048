from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from qjobs.bootstrap import Services
from qjobs.domain.algorithm import JSONObject
from qjobs.domain.errors import (
    ForbiddenError,
    IdempotencyConflictError,
    InvalidInputError,
    ProviderUnavailableError,
    UnknownAlgorithmError,
)
from qjobs.domain.job import Job, Status
from qjobs.domain.target import Mode, TargetRequest
from qjobs.ports import JobFilter, Stored
from tests.algorithm_folder import describe_algorithm
from tests.fakes import FakePorts, target


async def test_an_accepted_job_is_on_record_with_its_input(
    services: Services, ports: FakePorts
) -> None:
    """What submit returns is what the store holds, and the input has the schema's defaults."""
    accepted = await services.submit("owner", "bell", {"input": {}, "name": "first"}, None)

    job = accepted.job
    assert job == (await ports.jobs.get("owner", job.id)).job
    assert (job.status, job.shots, job.name) == (Status.QUEUED, 1000, "first")
    _, request = await ports.jobs.read("owner", job.id)
    assert request == {"input": {"pairs": 1}, "options": {}, "budget": None}


async def test_the_record_has_what_the_caller_asked_for(
    services: Services, ports: FakePorts
) -> None:
    """Tags and seed are kept; the times are those of the submission and of the retention."""
    accepted = await services.submit(
        "owner", "bell", {"input": {}, "tags": ["a", "b"], "seed": 7}, None
    )

    job, now = accepted.job, ports.clock.now()
    assert (job.tags, job.seed) == (("a", "b"), 7)
    assert (job.created_at, job.updated_at) == (now, now)
    assert job.retention == timedelta(days=30)


@pytest.mark.parametrize(
    ("target", "words"),
    [({"mode": "NoisySimulator"}, "has no NoisySimulator"), ({"id": "no.such"}, "no.such")],
)
async def test_a_refused_target_is_named(
    services: Services, target: JSONObject, words: str
) -> None:
    """The message says which target is not there, beside the pointer to it."""
    with pytest.raises(InvalidInputError) as refused:
        await services.submit("owner", "bell", {"input": {}, "target": target}, None)

    [violation] = refused.value.violations
    assert words in violation.detail


@pytest.mark.parametrize(
    ("targets", "wanted", "pointer"),
    [
        (["ionq.simulator"], {"target": {"id": "ionq.simulator"}}, "/target/id"),
        (["ionq.simulator"], {"target": {"mode": "Simulator"}}, "/target/mode"),
        (["ionq.simulator"], {}, "/target/mode"),
        (["quantinuum.sim.h2-1sc"], {"target": {"id": "quantinuum.sim.h2-1sc"}}, "/target/id"),
    ],
)
async def test_an_algorithm_that_needs_samples_is_refused_where_none_are_drawn(
    services: Services, ports: FakePorts, targets: list[str], wanted: JSONObject, pointer: str
) -> None:
    """A fact of the target and a need of the algorithm decide, before anything runs."""
    describe_algorithm(ports.catalogue.folder / "dice", needs={"sampling": True})
    ports.provider.available = [target(name) for name in targets]

    with pytest.raises(InvalidInputError) as refused:
        await services.submit("owner", "dice", {"input": {}, **wanted}, None)

    [violation] = refused.value.violations
    assert violation.pointer == pointer
    assert "does not sample" in violation.detail


async def test_an_algorithm_that_needs_samples_finds_a_target_that_draws_them(
    services: Services, ports: FakePorts
) -> None:
    """One target of the mode is enough; another algorithm may run where readings are rounded."""
    describe_algorithm(ports.catalogue.folder / "dice", needs={"sampling": True})
    ports.provider.available = [target("ionq.simulator"), target("rigetti.sim.qvm", queue=99)]

    job = (await services.submit("owner", "dice", {"input": {}}, None)).job
    await services.dispatch(job.message())

    assert [one.target for one in ports.provider.submitted.values()] == ["rigetti.sim.qvm"]
    other = (await services.submit("owner", "bell", {"input": {}}, None)).job
    await services.dispatch(other.message())
    assert [one.target for one in ports.provider.submitted.values()][1] == "ionq.simulator"


async def test_an_unknown_algorithm_is_refused(services: Services) -> None:
    """The id of the algorithm must be in the catalogue."""
    with pytest.raises(UnknownAlgorithmError):
        await services.submit("owner", "nonesuch", {"input": {}}, None)


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, [""]),
        ({"input": []}, ["/input"]),
        ({"input": {"pairs": 0}}, ["/input/pairs"]),
        ({"input": {"pairs": "2"}}, ["/input/pairs"]),
        ({"input": {"pears": 2}}, ["/input/pears"]),
        ({"input": {}, "shot": 5}, ["/shot"]),
        ({"input": {}, "shots": 5001}, ["/shots"]),
        ({"input": {}, "shots": True}, ["/shots"]),
        ({"input": {}, "shots": 0, "seed": -1}, ["/shots", "/seed"]),
        ({"input": {}, "target": "hardware"}, ["/target"]),
        ({"input": {}, "target": {"mode": "fast"}}, ["/target/mode"]),
        ({"input": {}, "target": {"mode": "Hardware", "id": "x"}}, ["/target"]),
        ({"input": {}, "target": {"id": "no.such"}}, ["/target/id"]),
        ({"input": {}, "target": {"id": 3}}, ["/target/id"]),
        ({"input": {}, "target": {"mode": "NoisySimulator"}}, ["/target/mode"]),
        ({"input": {}, "name": ""}, ["/name"]),
        ({"input": {}, "tags": ["ok", "not ok"]}, ["/tags/1"]),
        ({"input": {}, "tags": "ok"}, ["/tags"]),
        ({"input": {}, "tags": ["ok"] * 11}, ["/tags"]),
        ({"input": {}, "options": {"shots": 3}}, ["/options/shots"]),
        ({"input": {}, "options": []}, ["/options"]),
        ({"input": {}, "options": {"noise": "ideal"}}, ["/options/noise"]),
        (
            {"input": {}, "target": {"id": "ionq.qpu.aria-1"}, "options": {"noise": 5}},
            ["/options/noise"],
        ),
        ({"input": {}, "options": {"a": [[[[1]]]]}, "shots": 0}, ["/shots", "/options/a"]),
        ({"input": None}, [""]),
        ({"input": {"pairs": [None]}}, ["/input/pairs"]),
        ({"input": {}, "tags": [None]}, ["/tags/0"]),
        ({"input": {}, "target": {}}, ["/target"]),
        ({"input": {}, "target": {"id": None, "mode": None}}, ["/target"]),
        ({"input": {}, "shots": 10.5}, ["/shots"]),
        ({"input": {}, "shots": 1e300}, ["/shots"]),
        ({"input": {}, "deadline": "soon"}, ["/deadline"]),
        ({"input": {}, "deadline": "P31D"}, ["/deadline"]),
        ({"input": {}, "a/b~c": 1}, ["/a~1b~0c"]),
    ],
)
async def test_every_fault_of_a_body_is_named(
    services: Services, ports: FakePorts, body: JSONObject, pointers: list[str]
) -> None:
    """A refused body gets a pointer to each faulty member, and no job is made."""
    with pytest.raises(InvalidInputError) as refused:
        await services.submit("owner", "bell", body, None)

    assert [violation.pointer for violation in refused.value.violations] == pointers


async def test_each_member_says_what_would_be_right(services: Services) -> None:
    """The details have names and limits, in words for people who never saw the code."""
    body: JSONObject = {
        "input": {"pairs": 9},
        "target": {"id": " "},
        "shots": 0,
        "seed": "x",
        "name": "",
        "tags": [" "],
        "options": {"noise": 1},
        "deadline": "P1Y",
        "more": 1,
    }

    with pytest.raises(InvalidInputError) as refused:
        await services.submit("owner", "bell", body, None)

    assert {one.pointer: one.detail for one in refused.value.violations} == {
        "/more": (
            "Unknown member; there are: input, target, shots, seed, name, tags, deadline, "
            "budget, notify, options."
        ),
        "/target/id": "Must be the id of a target, such as ionq.simulator.",
        "/shots": "Must be an integer from 1 to 5000.",
        "/seed": "Must be an integer from 0 to 2147483647.",
        "/name": "Must be a string of 1 to 100 characters.",
        "/tags/0": "Must be 1 to 50 letters, digits, or `._:-`, not starting with a mark.",
        "/deadline": ("Must be an ISO 8601 duration from PT1S to P30D, such as PT90S or P1DT12H."),
        "/options/noise": "Must be of type object.",
        "/input/pairs": "Must be an integer from 1 to 3.",
    }


async def test_options_are_judged_by_the_provider_of_a_named_target(services: Services) -> None:
    """An option that another provider documents is passed on to one that does not."""
    body: JSONObject = {"input": {}, "options": {"skipQuilc": "x"}}
    with pytest.raises(InvalidInputError):
        await services.submit("owner", "bell", body, None)

    named = {**body, "target": {"id": "local.sim.aer"}}

    assert (await services.submit("owner", "bell", named, None)).job.status is Status.QUEUED


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ({"input": {"pairs": None}}, {"input": {}}),
        ({"input": {"pairs": 3.0}}, {"input": {"pairs": 3}}),
        ({"input": {}, "shots": 1e1}, {"input": {}, "shots": 10}),
        ({"input": {}, "seed": -0.0}, {"input": {}, "seed": 0}),
        (
            {
                "input": {},
                "target": None,
                "shots": None,
                "seed": None,
                "name": None,
                "tags": None,
                "options": None,
                "deadline": None,
                "nonesuch": None,
            },
            {"input": {}},
        ),
        (
            {"input": {}, "target": {"mode": None, "id": "ionq.qpu.aria-1"}},
            {"input": {}, "target": {"id": "ionq.qpu.aria-1"}},
        ),
        (
            {"input": {}, "options": {"noise": {"model": None, "seed": 7.0}, "x": [None, 1.0]}},
            {"input": {}, "options": {"noise": {"seed": 7}, "x": [None, 1]}},
        ),
    ],
)
async def test_what_means_the_same_is_the_same(
    services: Services, ports: FakePorts, sent: JSONObject, meant: JSONObject
) -> None:
    """A null member is absent and 3.0 is 3, for the check, the record and the idempotency key."""
    first = await services.submit("owner", "bell", sent, "key")
    again = await services.submit("owner", "bell", meant, "key")
    other = await services.submit("owner", "bell", meant, "another key")

    assert again.replayed
    assert again.job.id == first.job.id
    _, stored = await ports.jobs.read("owner", first.job.id)
    _, wanted = await ports.jobs.read("owner", other.job.id)
    assert json.dumps(stored) == json.dumps(wanted)
    assert first.job == replace(other.job, id=first.job.id, key=first.job.key)


async def test_a_body_of_mistakes_gets_a_short_refusal(services: Services) -> None:
    """Ninety thousand unknown members are not ninety thousand lines."""
    body: JSONObject = {"input": {}, **{f"{number}": 1 for number in range(90_000)}}

    with pytest.raises(InvalidInputError) as refused:
        await services.submit("owner", "bell", body, None)

    assert len(refused.value.violations) == 20
    assert refused.value.detail == "20 of more than 1000 violations are listed."


async def test_a_named_target_is_accepted_while_the_provider_is_silent(
    services: Services, ports: FakePorts
) -> None:
    """A provider that does not answer does not keep jobs from being accepted."""
    ports.provider.failures = [ProviderUnavailableError()]

    accepted = await services.submit("o", "bell", {"input": {}, "target": {"id": "no.such"}}, None)

    assert accepted.job.status is Status.QUEUED


async def test_the_same_key_and_body_give_the_same_job(services: Services) -> None:
    """A request repeated under its idempotency key is answered with the first job."""
    first = await services.submit("owner", "bell", {"input": {}, "shots": 7}, "key")
    again = await services.submit("owner", "bell", {"shots": 7, "input": {}}, "key")

    assert (first.replayed, again.replayed) == (False, True)
    assert again.job == first.job


async def test_the_same_key_with_another_body_is_refused(services: Services) -> None:
    """An idempotency key belongs to one request."""
    first = await services.submit("owner", "bell", {"input": {}}, "key")

    with pytest.raises(IdempotencyConflictError) as refused:
        await services.submit("owner", "bell", {"input": {"pairs": 2}}, "key")

    assert refused.value.job_id == first.job.id


async def test_the_same_key_of_another_caller_is_another_key(services: Services) -> None:
    """Idempotency keys of different callers have nothing to do with each other."""
    first = await services.submit("one", "bell", {"input": {}}, "key")
    other = await services.submit("two", "bell", {"input": {}}, "key")

    assert not other.replayed
    assert other.job.id != first.job.id


async def test_a_key_whose_first_request_died_is_taken_up(
    services: Services, ports: FakePorts
) -> None:
    """A request that died between its reservation and its record is completed by the next."""
    first = await services.submit("owner", "bell", {"input": {}}, "key")
    ports.jobs.forget("owner", first.job.id)

    again = await services.submit("owner", "bell", {"input": {}}, "key")

    assert again.job.id == first.job.id
    assert not again.replayed


async def test_two_requests_with_one_key_at_the_same_moment_make_one_job(
    services: Services, ports: FakePorts
) -> None:
    """The one that finds the record written meanwhile is answered with it."""
    create, first = ports.jobs.create, []

    async def create_twice(job: Job, job_input: JSONObject) -> Stored:
        first.append(await create(job, job_input))
        return await create(job, job_input)

    ports.jobs.create = create_twice  # type: ignore[method-assign]

    accepted = await services.submit("owner", "bell", {"input": {}}, "key")

    assert accepted.replayed
    assert [stored.job for stored in first] == [accepted.job]


@pytest.mark.parametrize(
    "target",
    [
        {"mode": "Hardware"},
        *({"id": name} for name in ("ionq.qpu", "ionq.qpu.aria-1", "quantinuum.hqs-lt", "x")),
    ],
)
async def test_reserved_hardware_needs_the_scope(
    services: Services, ports: FakePorts, target: JSONObject
) -> None:
    """By mode or by id, what is no simulator is refused to whoever lacks the scope, by its name."""
    body = {"input": {}, "target": target}

    with pytest.raises(ForbiddenError, match=r"scope jobs\.hardware or"):
        await services.submit("owner", "bell", body, "key", hardware_needs="jobs.hardware")

    assert not (await ports.jobs.page("owner", JobFilter(), 20, None)).jobs


@pytest.mark.parametrize("target", [None, {"mode": "Simulator"}, {"id": "local.sim.aer"}])
async def test_simulators_are_never_reserved(services: Services, target: JSONObject | None) -> None:
    """Whoever lacks the scope submits to simulators as anybody."""
    body: JSONObject = {"input": {}} | ({"target": target} if target else {})

    accepted = await services.submit("owner", "bell", body, None, hardware_needs="jobs.hardware")

    assert accepted.job.status is Status.QUEUED


async def test_an_algorithms_default_can_be_hardware_too(
    services: Services, ports: FakePorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where jobs run that name no target counts as if it was named."""
    rules = replace(
        ports.catalogue.submission_rules("bell"), target=TargetRequest(mode=Mode.HARDWARE)
    )
    monkeypatch.setattr(type(ports.catalogue), "submission_rules", lambda *_: rules)

    with pytest.raises(ForbiddenError):
        await services.submit("owner", "bell", {"input": {}}, None, hardware_needs="x")
