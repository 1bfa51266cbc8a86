"""Jobs and workers as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from workorders.errors import NotFound
from workorders.schema import Job, Worker
from workorders.store import Store
from workorders.words import JobKind, JobState

SILENCE = timedelta(seconds=25)
"""A worker that did not report for this long counts as gone; it reports every five seconds."""


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job. `result` of a done inspection has the keys of `InspectionSummary.as_json`."""

    id: int
    kind: JobKind
    camera_id: str | None
    source: str
    state: JobState
    progress: float
    message: str
    attempts: int
    max_attempts: int
    cancel_asked: bool
    created_at: datetime
    created_by: str
    started_at: datetime | None
    heartbeat_at: datetime | None
    finished_at: datetime | None
    result: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class WorkerRow:
    id: str
    started_at: datetime
    heartbeat_at: datetime
    alive: bool


def jobs(store: Store, kind: JobKind | None = None, limit: int = 50, offset: int = 0) -> tuple[JobRow, ...]:
    """The newest jobs first."""
    chosen = select(Job).order_by(Job.id.desc()).limit(limit).offset(offset)
    if kind is not None:
        chosen = chosen.where(Job.kind == kind)
    with store.read() as session:
        return tuple(_row(job) for job in session.scalars(chosen))


def job(store: Store, job_id: int) -> JobRow:
    """One job.

    Raises:
        NotFound: no such job.
    """
    with store.read() as session:
        found = session.get(Job, job_id)
        if found is None:
            raise NotFound(f"There is no job {job_id}.")
        return _row(found)


def workers(store: Store) -> tuple[WorkerRow, ...]:
    """Workers that have not stopped in good order, the latest heartbeat first."""
    limit = store.now() - SILENCE
    with store.read() as session:
        rows = session.scalars(select(Worker).where(Worker.stopped_at.is_(None)).order_by(Worker.heartbeat_at.desc()))
        return tuple(WorkerRow(w.id, w.started_at, w.heartbeat_at, w.heartbeat_at > limit) for w in rows)


def _row(found: Job) -> JobRow:
    return JobRow(
        id=found.id,
        kind=found.kind,
        camera_id=found.camera_id,
        source=str(found.payload.get("source", "")),
        state=found.state,
        progress=found.progress,
        message=found.message,
        attempts=found.attempts,
        max_attempts=found.max_attempts,
        cancel_asked=found.cancel_asked,
        created_at=found.created_at,
        created_by=found.created_by,
        started_at=found.started_at,
        heartbeat_at=found.heartbeat_at,
        finished_at=found.finished_at,
        result=found.result,
    )
