"""Doing one claimed job, and writing down how it ended."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from detectors.errors import LamplighterError, SourceError
from workorders.eyes import Eyes
from workorders.inspection import run_inspection
from workorders.jobs import queue
from workorders.jobs.pulse import Heart, Pulse
from workorders.jobs.queue import Claim
from workorders.play.playing import run_play
from workorders.register.viewing import probe, propose
from workorders.store import Store
from workorders.watch import run_watch
from workorders.words import JobKind

log = logging.getLogger(__name__)


def do_job(
    store: Store,
    claim: Claim,
    worker_id: str,
    eyes: Callable[[], Eyes],
    stopping: threading.Event,
    pulse: Pulse | None = None,
) -> None:
    """Do a job to its end, or until told to stop; writes down how it ended.

    This is the edge of the worker: whatever a job throws ends that job alone.

    Args:
        pulse: keeps the lease meanwhile; without one the job must end within it.
    """
    heart = Heart(claim, stopping)
    if pulse is not None:
        pulse.add(heart)
    try:
        try:
            _do(store, claim, worker_id, eyes, heart)
        except SourceError as error:
            again = "://" in str(claim.payload.get("source", ""))
            queue.fail(store, claim.job_id, worker_id, str(error), retry=again)
        except LamplighterError as error:
            queue.fail(store, claim.job_id, worker_id, str(error), retry=False)
        except Exception as error:
            log.exception("job %d failed", claim.job_id)
            line = f"unexpected {type(error).__name__}: {error}".splitlines()[0][:300]
            queue.fail(store, claim.job_id, worker_id, line, retry=True)
    except SQLAlchemyError:
        log.exception("how job %d ended was not written; it is taken up again when its lease is over", claim.job_id)
    finally:
        if pulse is not None:
            pulse.remove(heart)


def _do(store: Store, claim: Claim, worker_id: str, eyes: Callable[[], Eyes], heart: Heart) -> None:
    if claim.kind is JobKind.PROBE:
        found = probe(store, claim.job_id, str(claim.payload["source"]))
        queue.finish(store, claim.job_id, worker_id, found, f"{found['width']} x {found['height']} pixels")
        return
    if claim.camera_id is None:
        raise LamplighterError("This job names no camera.")
    if claim.kind is JobKind.DISCOVER:
        heart.progress(0.0, "loading the detector")
        found = propose(store, claim.camera_id, eyes())
        queue.finish(store, claim.job_id, worker_id, found, f"{len(found['proposals'])} assets seen")
        return
    if claim.kind is JobKind.WATCH:
        why = run_watch(store, claim.camera_id, eyes(), progress=heart.progress, should_stop=heart.should_stop)
        result, stopped = {"ended": why}, heart.should_stop() and not heart.lost
        message = why
    elif claim.kind is JobKind.PLAY:
        heart.progress(0.0, "loading the detector")
        result = run_play(
            store,
            eyes(),
            progress=heart.progress,
            tell=lambda told: queue.note(store, claim.job_id, worker_id, told),
            should_stop=heart.should_stop,
        )
        message, stopped = "the night is over", False
    else:
        heart.progress(0.0, "loading the detector")
        summary = run_inspection(
            store,
            str(claim.payload["source"]),
            claim.camera_id,
            eyes(),
            every_s=float(claim.payload.get("every_s", 1.0)),
            progress=heart.progress,
            should_stop=heart.should_stop,
            start=datetime.fromisoformat(claim.payload["start"]) if claim.payload.get("start") else None,
        )
        result, stopped = summary.as_json(), summary.stopped and not heart.lost
        if summary.problem:
            queue.fail(store, claim.job_id, worker_id, summary.problem, retry=False, result=result)
            return
        message = f"{summary.frames} looks, {len(summary.findings)} findings, {len(summary.opened)} new orders"
    if stopped:
        queue.put_back(store, claim.job_id, worker_id, "interrupted: its worker was stopped")
    else:
        queue.finish(store, claim.job_id, worker_id, result, message)
