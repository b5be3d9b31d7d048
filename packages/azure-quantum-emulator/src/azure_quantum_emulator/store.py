"""The store of jobs and sessions: one table of SQLite, in a file or in memory.

An item is a JSON document; the columns beside it are what lists are filtered and ordered by. Every
call is a transaction of its own of a few dozen microseconds, so the server makes it in place.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from pydantic import TypeAdapter

from azure_quantum_emulator.errors import ConflictError, InvalidRequestError, NotFoundError
from azure_quantum_emulator.jobs import Job
from azure_quantum_emulator.lifecycle import TERMINAL
from azure_quantum_emulator.query import Condition
from azure_quantum_emulator.sessions import OPEN, Session

_SCHEMA = """
CREATE TABLE IF NOT EXISTS items (
    number INTEGER PRIMARY KEY, item_type TEXT NOT NULL, id TEXT NOT NULL, session_id TEXT,
    name TEXT NOT NULL, job_type TEXT NOT NULL, provider_id TEXT NOT NULL COLLATE NOCASE,
    target TEXT NOT NULL COLLATE NOCASE, state TEXT NOT NULL, created INTEGER NOT NULL,
    active INTEGER, document TEXT NOT NULL, UNIQUE (item_type, id)
);
CREATE INDEX IF NOT EXISTS by_creation ON items (created, number);
CREATE INDEX IF NOT EXISTS by_session ON items (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_state ON items (item_type, state);
CREATE TABLE IF NOT EXISTS puts (id TEXT PRIMARY KEY, count INTEGER NOT NULL);
"""
_VERSION = 1

type Item = Job | Session
_JOB = TypeAdapter(Job)
_SESSION = TypeAdapter(Session)

JOBS = Condition("item_type = 'Job'")
SESSIONS = Condition("item_type = 'Session'")
TOP_LEVEL = Condition("session_id IS NULL")


def jobs_of(session_id: str) -> Condition:
    """Return the condition that selects the jobs of a session."""
    return JOBS & Condition("session_id = ?", (session_id,))


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list."""

    items: list[Item]
    more: bool
    """Whether the list goes on."""


class Store:
    """Keeps jobs and sessions; a context manager that closes the file at the end."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    @classmethod
    def open(cls, path: Path | None) -> Self:
        """Open the store at *path*, which is created if need be; None keeps it in memory.

        Raises:
            StoreError: another process has it open, or it is no store of this version.

        """
        if path is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        database = sqlite3.connect(path or ":memory:", isolation_level=None)
        try:
            database.execute("PRAGMA busy_timeout = 0")
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")  # survives the process, not a power cut
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version not in (0, _VERSION):
                raise StoreError(f"{path} is of version {version}, not {_VERSION}; remove it.")
            database.executescript(_SCHEMA)
            database.execute(f"PRAGMA user_version = {_VERSION}")
        except sqlite3.OperationalError as error:
            database.close()
            raise StoreError(f"{path} cannot be opened; is another emulator using it?") from error
        except sqlite3.DatabaseError as error:
            database.close()
            raise StoreError(f"{path} is not a file of this emulator.") from error
        return cls(database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def create(self, item: Item) -> None:
        """Add a job or a session.

        Raises:
            ConflictError: its id is taken.

        """
        row = _row(item)
        columns, marks = ", ".join(row), ", ".join("?" * len(row))
        try:
            self._database.execute(
                f"INSERT INTO items ({columns}) VALUES ({marks})",  # noqa: S608 - our own names
                tuple(row.values()),
            )
        except sqlite3.IntegrityError:
            kind = row["item_type"]
            message = f"A {str(kind).lower()} with the id {item.id} already exists."
            raise ConflictError(f"{kind}AlreadyExists", message) from None

    def update(self, item: Item) -> None:
        """Keep the new version of an item; nothing happens if it was deleted."""
        row = _row(item)
        changes = ", ".join(f"{column} = ?" for column in row)
        self._database.execute(
            f"UPDATE items SET {changes} WHERE item_type = ? AND id = ?",  # noqa: S608 - likewise
            (*row.values(), row["item_type"], item.id),
        )

    def find_job(self, job_id: str) -> Job | None:
        """Return a job, or None if there is none with this id."""
        found = self._find("Job", job_id)
        return None if found is None else _JOB.validate_python(found)

    def job(self, job_id: str) -> Job:
        """Return a job.

        Raises:
            NotFoundError: there is none with this id.

        """
        if (job := self.find_job(job_id)) is None:
            raise NotFoundError("JobNotFound", f"The job {job_id} was not found.")
        return job

    def session(self, session_id: str) -> Session:
        """Return a session.

        Raises:
            NotFoundError: there is none with this id.

        """
        if (found := self._find("Session", session_id)) is None:
            raise NotFoundError("SessionNotFound", f"The session {session_id} was not found.")
        return _SESSION.validate_python(found)

    def delete_job(self, job_id: str) -> None:
        """Forget a job; its id stays counted."""
        self._database.execute("DELETE FROM items WHERE item_type = 'Job' AND id = ?", (job_id,))

    def page(self, condition: Condition, order: str, skip: int, top: int) -> Page:
        """Return a part of the items that fulfil a condition; oldest first without an *order*.

        Raises:
            InvalidRequestError: the condition is too long, or nested too deeply.

        """
        ordering = f"{order}, number" if order else "created, number"
        try:
            rows = self._database.execute(
                f"SELECT item_type, document FROM items WHERE {condition.sql} "  # noqa: S608 - see query
                f"ORDER BY {ordering} LIMIT ? OFFSET ?",
                (*condition.values, top + 1, skip),
            ).fetchall()
        except sqlite3.OperationalError as error:  # which has limits of its own for both
            raise InvalidRequestError(
                "InvalidRequest", f"The filter is too long, or nested too deeply: {error}."
            ) from error
        return Page([_item(*row) for row in rows[:top]], len(rows) > top)

    def newest_jobs(self) -> list[Job]:
        """Return all jobs, the newest first."""
        return self._select(_JOB, JOBS, "created DESC, number DESC")

    def unfinished_jobs(self, session_id: str | None = None) -> list[Job]:
        """Return the jobs without a final status, the oldest first."""
        marks = ", ".join("?" * len(TERMINAL))
        condition = JOBS & Condition(f"state NOT IN ({marks})", tuple(sorted(TERMINAL)))
        if session_id is not None:
            condition &= jobs_of(session_id)
        return self._select(_JOB, condition, "created, number")

    def has_begun(self, session_id: str) -> bool:
        """Return whether a job of a session has had its turn at the target."""
        row = self._database.execute(
            "SELECT 1 FROM items WHERE item_type = 'Job' AND session_id = ? "
            "AND json_extract(document, '$.begun') IS NOT NULL LIMIT 1",
            (session_id,),
        ).fetchone()
        return row is not None

    def idle_sessions(self, since: int) -> list[Session]:
        """Return the open sessions without a pending job that were last active before *since*."""
        marks = ", ".join("?" * len(OPEN))
        condition = SESSIONS & Condition(f"state IN ({marks})", tuple(sorted(OPEN)))
        condition &= Condition("active < ?", (since,))
        found = self._select(_SESSION, condition, "created")
        return [session for session in found if not session.pending]

    def count_put(self, job_id: str) -> None:
        """Count a PUT request for this id, also if it is refused."""
        self._database.execute(
            "INSERT INTO puts VALUES (?, 1) ON CONFLICT (id) DO UPDATE SET count = count + 1",
            (job_id,),
        )

    def puts(self) -> dict[str, int]:
        """Return the number of PUT requests for each id."""
        return dict(self._database.execute("SELECT id, count FROM puts"))

    def clear(self) -> None:
        """Forget everything."""
        self._database.executescript("DELETE FROM items; DELETE FROM puts;")

    def _find(self, item_type: str, item_id: str) -> dict[str, Any] | None:
        cursor = self._database.execute(
            "SELECT document FROM items WHERE item_type = ? AND id = ?", (item_type, item_id)
        )
        with closing(cursor):
            row = cursor.fetchone()
        return None if row is None else json.loads(row[0])

    def _select[T](self, adapter: TypeAdapter[T], condition: Condition, order: str) -> list[T]:
        rows = self._database.execute(
            f"SELECT document FROM items WHERE {condition.sql} ORDER BY {order}",  # noqa: S608 - the condition is built of our own words
            condition.values,
        )
        return [adapter.validate_python(json.loads(document)) for (document,) in rows]


class StoreError(Exception):
    """The store cannot be opened; the message has the remedy."""


def _row(item: Item) -> dict[str, object]:
    document = json.dumps(asdict(item), separators=(",", ":"), allow_nan=False)
    is_job = isinstance(item, Job)
    return {
        "item_type": "Job" if is_job else "Session",
        "id": item.id,
        "session_id": item.session_id if isinstance(item, Job) else None,
        "name": item.name,
        "job_type": item.job_type if isinstance(item, Job) else "",
        "provider_id": item.provider_id,
        "target": item.target,
        "state": item.status,
        "created": item.created,
        "active": item.active if isinstance(item, Session) else None,
        "document": document,
    }


def _item(item_type: str, document: str) -> Item:
    adapter = _JOB if item_type == "Job" else _SESSION
    return adapter.validate_python(json.loads(document))
