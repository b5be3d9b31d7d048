from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from azure_quantum_emulator.errors import ConflictError, JobError, NotFoundError
from azure_quantum_emulator.lifecycle import Status
from azure_quantum_emulator.query import Condition
from azure_quantum_emulator.store import JOBS, SESSIONS, TOP_LEVEL, Store, StoreError, jobs_of
from emulator_support.items import job, session


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store."""
    with Store.open(None) as store:
        yield store


def test_items_survive_in_a_file(tmp_path: Path) -> None:
    """What was kept is the same when the file is opened again."""
    kept = job("a", error=JobError("C", "m"), status=Status.FAILED, begun=5, cost={"events": []})
    other = session("s", cost=1.5, pending=2)
    with Store.open(tmp_path / "deep" / "state.sqlite") as store:
        store.create(kept)
        store.create(other)
        store.count_put("a")
        store.count_put("a")

    with Store.open(tmp_path / "deep" / "state.sqlite") as again:
        assert again.job("a") == kept
        assert again.session("s") == other
        assert again.puts() == {"a": 2}


def test_a_file_belongs_to_one_emulator(tmp_path: Path) -> None:
    """A second one is told so, instead of both running the same jobs."""
    path = tmp_path / "state.sqlite"
    with Store.open(path), pytest.raises(StoreError, match="another emulator"):
        Store.open(path)


def test_another_file_is_left_alone(tmp_path: Path) -> None:
    """A file that is no store is refused and stays as it is."""
    path = tmp_path / "state.sqlite"
    path.write_text("my thesis, the only copy of it" * 100)
    with pytest.raises(StoreError, match="not a file of this emulator"):
        Store.open(path)
    assert path.read_text().startswith("my thesis")


def test_an_id_is_taken_once(store: Store) -> None:
    """The first item with an id stays; a job and a session may share one."""
    store.create(job("x", name="first"))
    store.create(session("x"))
    with pytest.raises(ConflictError):
        store.create(job("x", name="second"))
    assert store.job("x").name == "first"


def test_a_deleted_job_does_not_come_back(store: Store) -> None:
    """An update that comes too late changes nothing."""
    store.create(job("x"))
    store.delete_job("x")
    store.update(job("x", status=Status.FAILED))
    with pytest.raises(NotFoundError):
        store.job("x")


def test_lists_are_about_something(store: Store) -> None:
    """Jobs, sessions, the jobs of a session, and what is at the top are different lists."""
    store.create(job("alone"))
    store.create(session("s"))
    store.create(job("member", session_id="s"))

    def listed(condition: Condition) -> list[str]:
        return [item.id for item in store.page(condition, "", 0, 9).items]

    assert listed(JOBS) == ["alone", "member"]
    assert listed(SESSIONS) == ["s"]
    assert listed(jobs_of("s")) == ["member"]
    assert listed(TOP_LEVEL) == ["alone", "s"]


def test_pages_follow_each_other(store: Store) -> None:
    """Every item is on one page, also among those created at the same moment."""
    for number in range(7):
        store.create(job(str(number)))
    pages = [store.page(JOBS, "created desc", skip, 3) for skip in (0, 3, 6)]
    assert sorted(item.id for page in pages for item in page.items) == list("0123456")
    assert [page.more for page in pages] == [True, True, False]


def test_unfinished_jobs_are_found(store: Store) -> None:
    """Only jobs without a final status are unfinished."""
    for status in Status:
        store.create(job(status, status=status))
    found = {found.id for found in store.unfinished_jobs()}
    assert found == {"Waiting", "Executing", "Finishing", "CancellationRequested"}


def test_idle_sessions_are_found(store: Store) -> None:
    """A session is idle if it is open, has no pending job, and nothing happened for long."""
    idle = session("idle", active=10)
    for other in (
        idle,
        session("busy", active=10, pending=1),
        session("fresh", active=30),
        replace(session("over", active=10), status=idle.closed(11).status),
    ):
        store.create(other)
    assert store.idle_sessions(20) == [idle]


def test_what_could_not_be_shown_is_not_kept(store: Store) -> None:
    """A number that JSON cannot say would break every list; it does not get that far."""
    with pytest.raises(ValueError, match="JSON"):
        store.create(job("a", input_params={"x": float("nan")}))
    store.create(job("b"))

    with pytest.raises(ValueError, match="JSON"):
        store.update(replace(store.job("b"), input_params={"x": float("inf")}))

    assert [kept.id for kept in store.newest_jobs()] == ["b"]
    assert store.job("b") == job("b")


def test_a_directory_that_is_made_for_a_store_is_its_owners_alone(tmp_path: Path) -> None:
    """Whatever the umask is; one that is there already stays as it is."""
    before = os.umask(0)
    try:
        with Store.open(tmp_path / "new" / "state.sqlite"), Store.open(tmp_path / "old.sqlite"):
            assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    finally:
        os.umask(before)
