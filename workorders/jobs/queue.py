"""The queue of jobs: asked for by pages, claimed by workers under a lease, finished, retried or given up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workorders.actors import Actor
from workorders.clock import iso
from workorders.errors import NotAllowed, NotFound
from workorders.register.cameras import load_camera
from workorders.schema import Job
from workorders.store import Store
from workorders.words import JobKind, JobState

LEASE = timedelta(seconds=20)
"""A worker that says nothing for this long has lost its job. Heartbeats come every second or so, from a thread."""
BACK_OFF = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in a worker's hands.

    Attributes:
        attempt: 1 for the first.
    """

    job_id: int
    kind: JobKind
    camera_id: str | None
    payload: dict[str, Any]
    attempt: int


def ask_inspection(
    store: Store,
    actor: Actor,
    source: str,
    camera_id: str,
    every_s: float = 1.0,
    max_attempts: int = 3,
    start: datetime | None = None,
) -> int:
    """Ask for one source to be inspected by a worker; returns the job's id.

    Args:
        start: capture time of a recording's first frame, aware; default: what comes with the clip.

    Raises:
        NotAllowed: a viewer, or an interval that cannot be.
        NotFound: no such camera.
    """
    actor.must_change_orders()
    if not 0.04 <= every_s <= 86_400:
        raise NotAllowed("Seconds between two looks must lie between 0.04 and 86,400.")
    with store.write() as work:
        load_camera(work.session, camera_id)
        payload = {"source": source, "every_s": every_s, "start": iso(start) if start else None}
        job = new_job(store, JobKind.INSPECT, camera_id, payload, actor.id)
        job.max_attempts = max_attempts
        work.session.add(job)
        work.commit()
        return job.id


def ask_probe(store: Store, actor: Actor, source: str) -> int:
    """Ask a worker whether an address, path or device gives a picture; returns the job's id.

    Raises:
        NotAllowed: the actor is no manager, or nothing was named.
    """
    actor.must_manage()
    if not source.strip():
        raise NotAllowed("Name the address, path or device to be tested.")
    return _ask_once(store, actor, JobKind.PROBE, None, {"source": source.strip()})


def ask_discovery(store: Store, actor: Actor, camera_id: str) -> int:
    """Ask a worker what assets a camera's view shows; returns the job's id.

    Raises:
        NotAllowed: the actor is no manager.
        NotFound: no such camera.
    """
    actor.must_manage()
    with store.read() as session:
        load_camera(session, camera_id)
    return _ask_once(store, actor, JobKind.DISCOVER, camera_id, {})


def _ask_once(store: Store, actor: Actor, kind: JobKind, camera_id: str | None, payload: dict[str, Any]) -> int:
    """A question somebody waits for: it is not tried again by itself."""
    with store.write() as work:
        job = new_job(store, kind, camera_id, payload, actor.id)
        job.max_attempts = 1
        work.session.add(job)
        work.commit()
        return job.id


def new_job(store: Store, kind: JobKind, camera_id: str | None, payload: dict[str, Any], by: str) -> Job:
    """A job that waits, not yet in the database."""
    now = store.now()
    return Job(
        kind=kind,
        camera_id=camera_id,
        payload=payload,
        state=JobState.QUEUED,
        attempts=0,
        max_attempts=3,
        not_before=now,
        created_at=now,
        created_by=by,
        message="waiting for a worker",
    )


def cancel(store: Store, actor: Actor, job_id: int) -> None:
    """Ask for a job to stop. A waiting one is cancelled at once, a running one at its next step.

    Raises:
        NotAllowed: a viewer.
        NotFound: no such job.
    """
    actor.must_change_orders()
    with store.write() as work:
        job = work.session.get(Job, job_id)
        if job is None:
            raise NotFound(f"There is no job {job_id}.")
        job.cancel_asked = True
        if job.state is JobState.QUEUED:
            job.state, job.finished_at, job.message = JobState.CANCELLED, store.now(), f"cancelled by {actor.name}"
        work.commit()


def claim(
    store: Store,
    worker_id: str,
    kinds: Collection[JobKind] = tuple(JobKind),
    lease: timedelta = LEASE,
    held: Collection[int] = (),
) -> Claim | None:
    """Take the next job of some kinds that waits, or one whose worker fell silent; None when there is none.

    A silent worker's job that has used up its attempts becomes a dead letter.

    Args:
        held: jobs that this worker is doing: when its lease ran out while the database took no heartbeat, they must
            not be begun a second time.
    """
    now = store.now()
    free = or_(
        (Job.state == JobState.QUEUED) & (Job.not_before <= now),
        (Job.state == JobState.RUNNING) & (Job.lease_until < now),
    )
    free = free & Job.kind.in_(kinds) & Job.id.not_in(held)
    with store.read() as session:
        if session.scalar(select(Job.id).where(free).limit(1)) is None:
            return None
    with store.write() as work:
        # One row at a time: a lock on more of them would hide jobs from other workers for a moment.
        next_free = select(Job).where(free).order_by(Job.id).limit(1).with_for_update(skip_locked=True)
        taken: Job | None = None
        while taken is None and (job := work.session.scalars(next_free).first()) is not None:
            if job.cancel_asked:
                _finish(job, store, JobState.CANCELLED, "cancelled")
            elif job.attempts >= job.max_attempts:
                line = f"given up: its worker stopped {job.attempts} times without a word"
                _finish(job, store, JobState.FAILED, line)
            else:
                taken = job
        if taken is not None:
            taken.state, taken.attempts = JobState.RUNNING, taken.attempts + 1
            taken.lease_owner, taken.lease_until, taken.heartbeat_at = worker_id, now + lease, now
            taken.started_at, taken.progress, taken.message = now, 0.0, "starting"
        work.commit()
        if taken is None:
            return None
        return Claim(taken.id, taken.kind, taken.camera_id, dict(taken.payload), taken.attempts)


def heartbeat(
    store: Store,
    job_id: int,
    worker_id: str,
    progress: float | None = None,
    message: str = "",
    lease: timedelta = LEASE,
) -> bool:
    """Renew a lease and say how far the job is; False when the job must stop: cancelled, or no longer this worker's."""
    return job_id in heartbeats(store, {job_id: (progress, message)}, worker_id, lease)


def heartbeats(
    store: Store, said: Mapping[int, tuple[float | None, str]], worker_id: str, lease: timedelta = LEASE
) -> set[int]:
    """Renew the leases of many jobs in one transaction.

    Args:
        said: how far each job is, 0-1 or None, and what goes on; by job.

    Returns:
        The jobs that may go on: still this worker's, and not cancelled.
    """
    now = store.now()
    going = set()
    with store.write() as work:
        held = select(Job).where(Job.id.in_(said), Job.state == JobState.RUNNING, Job.lease_owner == worker_id)
        for job in work.session.scalars(held):
            progress, message = said[job.id]
            job.heartbeat_at, job.lease_until = now, now + lease
            job.progress = job.progress if progress is None else min(1.0, max(0.0, progress))
            job.message = message or job.message
            if not job.cancel_asked:
                going.add(job.id)
        work.commit()
    return going


def note(store: Store, job_id: int, worker_id: str, result: dict[str, Any]) -> None:
    """Write down what a running job has come to so far."""
    with store.write() as work:
        job = _held(work.session, job_id, worker_id)
        if job is not None:
            job.result = result
            work.commit()


def finish(store: Store, job_id: int, worker_id: str, result: dict[str, Any], message: str) -> None:
    """The job is done (or was cancelled while it ran). Does nothing when another worker holds it by now."""
    with store.write() as work:
        job = _held(work.session, job_id, worker_id)
        if job is None:
            return
        job.result = result
        cancelled = job.cancel_asked
        _finish(job, store, JobState.CANCELLED if cancelled else JobState.DONE, "cancelled" if cancelled else message)
        if not cancelled:
            job.progress = 1.0
        work.commit()


def fail(
    store: Store, job_id: int, worker_id: str, line: str, retry: bool, result: dict[str, Any] | None = None
) -> None:
    """The job failed, for a reason of one line. Retried later when that can help and attempts are left.

    Args:
        result: what was done all the same, when the source broke off half-way.
    """
    with store.write() as work:
        job = _held(work.session, job_id, worker_id)
        if job is None:
            return
        if result is not None:
            job.result = result
        if job.cancel_asked:
            _finish(job, store, JobState.CANCELLED, "cancelled")
        elif retry and job.attempts < job.max_attempts:
            _put_back(job, store, line, BACK_OFF * 2 ** (job.attempts - 1))
        else:
            _finish(job, store, JobState.FAILED, line)
        work.commit()


def put_back(store: Store, job_id: int, worker_id: str, line: str) -> None:
    """Give an unfinished job back, as a worker does that is asked to stop; this uses up no attempt."""
    with store.write() as work:
        job = _held(work.session, job_id, worker_id)
        if job is not None:
            job.attempts -= 1
            _put_back(job, store, line, timedelta())
            work.commit()


def put_back_all(store: Store, worker_id: str, line: str) -> int:
    """Give back every job of a worker that is known to be gone, whatever its leases say; returns how many.

    Each has used up an attempt: one of them may have been what killed it.

    Args:
        worker_id: the beginning of its id is enough.
    """
    with store.write() as work:
        its = Job.lease_owner.startswith(worker_id, autoescape=True)
        left = select(Job).where(Job.state == JobState.RUNNING, its).with_for_update()
        jobs = work.session.scalars(left).all()
        for job in jobs:
            _put_back(job, store, line, timedelta())
        work.commit()
        return len(jobs)


def _held(session: Session, job_id: int, worker_id: str) -> Job | None:
    job = session.get(Job, job_id)
    if job is None or job.state is not JobState.RUNNING or job.lease_owner != worker_id:
        return None
    return job


def _put_back(job: Job, store: Store, line: str, wait: timedelta) -> None:
    job.state, job.lease_owner, job.lease_until = JobState.QUEUED, None, None
    job.not_before, job.message = store.now() + wait, line


def _finish(job: Job, store: Store, state: JobState, message: str) -> None:
    job.state, job.finished_at, job.message = state, store.now(), message
    job.lease_owner = job.lease_until = None
