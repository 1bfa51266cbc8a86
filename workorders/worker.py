"""The worker: the process that inspects and watches. Any number may run; each job is done by one.

`python -m workorders.worker [--db URL] [--files DIR]`, or `lamplighter worker`.
"""

from __future__ import annotations

import argparse
import logging
import math
import os
import secrets
import signal
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from detectors.errors import LamplighterError
from detectors.ready import detector_in_use
from workorders.evidence.retention import retain_by_policy
from workorders.eyes import Eyes, worker_eyes
from workorders.jobs import queue
from workorders.jobs.pulse import Pulse
from workorders.jobs.running import do_job
from workorders.memory import settle_memory
from workorders.orders.tending import tend
from workorders.register.hours import sleepers
from workorders.register.traces import forget_traces
from workorders.schema import Camera, Job, Worker
from workorders.store import Store, open_store
from workorders.words import CameraDesire, JobKind, JobState

log = logging.getLogger(__name__)

WATCHES = 128
"""Cameras that one process watches at most. Each is two threads that mostly wait."""
INSPECTIONS = 2
"""Recordings inspected at one time: each reads as fast as the machine can, so more of them end no sooner."""
OTHERS = 1
"""Jobs at one time of each kind that takes seconds or is seldom asked for: tests of addresses, proposals, plays."""
POLL_S = 0.5
TEND_EVERY_S = 60.0
RETAIN_EVERY_S = 3_600.0
REPORT_EVERY_S = 5.0
WATCH_AGAIN_AFTER = timedelta(seconds=30)


class WorkerLoop:
    """Claims jobs and does them in threads until told to stop."""

    def __init__(
        self,
        store: Store,
        eyes: Callable[[], Eyes],
        lease: timedelta = queue.LEASE,
        workers: int = 1,
        parent: int | None = None,
    ) -> None:
        """Prepare; `run` begins.

        Args:
            workers: processes that share the cameras, this one among them; more may join later.
            parent: number of the process that started this one to help it: it stops when that one is gone.
        """
        self._store, self._lease, self._workers, self._parent = store, lease, workers, parent
        self._eyes = _Once(eyes)
        self._running: dict[threading.Thread, JobKind] = {}
        self.id = f"{_process_name(os.getpid())}{secrets.token_hex(3)}"
        self.stopping = threading.Event()
        self._pulse = Pulse(store, self.id, lease)

    def run(self) -> None:
        """Work until `stopping` is set, then hand every unfinished job back."""
        log.info("worker %s started on %s", self.id, self._store.url)
        self._report()
        with self._pulse:
            self._work()
            self.join()
        try:
            self._report(stopped=True)
        except SQLAlchemyError:
            log.warning("the database did not take that worker %s stopped", self.id, exc_info=True)
        log.info("worker %s stopped", self.id)

    def _work(self) -> None:
        reported = tended = retained = time.monotonic()
        while not self.stopping.is_set():
            if self._parent is not None and os.getppid() != self._parent:
                log.warning("worker %s stops: the one it helped is gone", self.id)
                self.stopping.set()
                return
            try:
                if not self.step():
                    self.stopping.wait(POLL_S)
                if time.monotonic() - reported > REPORT_EVERY_S:
                    self._report()
                    reported = time.monotonic()
                if time.monotonic() - tended > TEND_EVERY_S:
                    tend(self._store)
                    tended = time.monotonic()
                if time.monotonic() - retained > RETAIN_EVERY_S:
                    retain_by_policy(self._store)
                    forget_traces(self._store)
                    retained = time.monotonic()
            except SQLAlchemyError:
                log.exception("the database did not answer; trying again")
                self.stopping.wait(5.0)

    def step(self) -> bool:
        """Start one job if one waits and there is room for it; False when there was nothing to start."""
        self._running = {t: k for t, k in self._running.items() if t.is_alive()}
        ensure_watch_jobs(self._store)
        kinds = self._kinds_with_room()
        claim = queue.claim(self._store, self.id, kinds, self._lease, self._pulse.held()) if kinds else None
        if claim is None:
            return False
        arguments = (self._store, claim, self.id, self._eyes, self.stopping, self._pulse)
        thread = threading.Thread(target=do_job, args=arguments, name=f"job-{claim.job_id}", daemon=True)
        self._running[thread] = claim.kind
        thread.start()
        return True

    def _kinds_with_room(self) -> list[JobKind]:
        """Every kind has room of its own: nobody waits for a camera's picture until two long clips are through."""
        running = Counter(self._running.values())
        room = {JobKind.WATCH: min(WATCHES, fair_share(self._store, self._workers)), JobKind.INSPECT: INSPECTIONS}
        return [kind for kind in JobKind if running[kind] < room.get(kind, OTHERS)]

    def join(self) -> None:
        """Wait for the jobs that run."""
        for thread in list(self._running):
            thread.join()

    def _report(self, stopped: bool = False) -> None:
        with self._store.write() as work:
            now = self._store.now()
            row = work.session.get(Worker, self.id) or Worker(id=self.id, started_at=now)
            row.heartbeat_at, row.stopped_at = now, now if stopped else None
            work.session.add(row)
            work.commit()


def hand_back_jobs_of(store: Store, process: int) -> None:
    """A worker of this machine is gone without a word: its jobs need not wait until their leases run out."""
    its = _process_name(process)
    try:
        count = queue.put_back_all(store, its, "its worker ended without a word")
        with store.write() as work:
            rows = select(Worker).where(Worker.id.startswith(its, autoescape=True), Worker.stopped_at.is_(None))
            for row in work.session.scalars(rows).all():
                row.stopped_at = store.now()
            work.commit()
    except SQLAlchemyError:
        log.warning("the jobs of %s wait until their leases run out", its, exc_info=True)
    else:
        log.info("%d jobs of %s were handed back", count, its)


def _process_name(process: int) -> str:
    """What the ids of a process's workers begin with."""
    return f"{socket.gethostname()}:{process}:"


def fair_share(store: Store, workers: int) -> int:
    """How many cameras one worker should watch: all of them over the workers that report, or that were started."""
    alive_since = store.now() - timedelta(seconds=3 * REPORT_EVERY_S)
    wanted = select(func.count()).where(Camera.desired == CameraDesire.WATCHED, Camera.enabled.is_(True))
    alive = select(func.count()).where(Worker.stopped_at.is_(None), Worker.heartbeat_at > alive_since)
    with store.read() as session:
        cameras, working = session.scalar(wanted) or 0, session.scalar(alive) or 0
    return math.ceil(cameras / max(1, working, workers))


def ensure_watch_jobs(store: Store) -> None:
    """Give every camera that shall be watched a job, unless it sleeps, has one, or its last one failed a moment ago."""
    now = store.now()
    recent = select(Job.camera_id).where(
        Job.kind == JobKind.WATCH,
        Job.state.in_((JobState.QUEUED, JobState.RUNNING)) | (Job.finished_at > now - WATCH_AGAIN_AFTER),
    )
    wanted = select(Camera.id).where(
        Camera.desired == CameraDesire.WATCHED, Camera.enabled.is_(True), Camera.id.not_in(recent)
    )
    with store.read() as session:
        if not session.scalars(wanted.limit(1)).all():
            return
        wanted = wanted.where(Camera.id.not_in(list(sleepers(session, now))))
        if not session.scalars(wanted.limit(1)).all():
            return
    with store.write() as work:
        for camera_id in work.session.scalars(wanted.with_for_update()).all():
            camera = work.session.get(Camera, camera_id)
            source = camera.source if camera else ""
            work.session.add(queue.new_job(store, JobKind.WATCH, camera_id, {"source": source}, "system"))
        work.commit()


class _Once:
    """Makes the eyes when the first job needs them, once for all threads: loading a model takes seconds."""

    def __init__(self, make: Callable[[], Eyes]) -> None:
        self._make = make
        self._made: Eyes | None = None
        self._lock = threading.Lock()

    def __call__(self) -> Eyes:
        with self._lock:
            self._made = self._made or self._make()
            return self._made


def run_worker(
    store: Store,
    eyes: Callable[[], Eyes],
    lease: timedelta = queue.LEASE,
    workers: int = 1,
    parent: int | None = None,
) -> None:
    """Work until SIGTERM or SIGINT, then finish cleanly. See `WorkerLoop` for the arguments."""
    settle_memory()
    loop = WorkerLoop(store, eyes, lease, workers, parent)
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: loop.stopping.set())
    loop.run()


def main() -> int:
    """Entry point of the process."""
    parser = argparse.ArgumentParser(description="Does what pages and the command line ask for.")
    parser.add_argument("--db", default=None, help="database URL")
    parser.add_argument("--files", default=None, help="folder of files")
    parser.add_argument("--workers", type=int, default=1, help="workers that share the cameras, with this one")
    parser.add_argument("--parent", type=int, default=None, help="process that this one helps, and ends with")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        store = open_store(options.db, options.files)
        run_worker(
            store,
            lambda: worker_eyes(store, detector_in_use(store.files)),
            workers=options.workers,
            parent=options.parent,
        )
    except LamplighterError as error:
        log.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
