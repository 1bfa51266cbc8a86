"""The pulse of a worker: one thread renews the leases of all its jobs at once, and learns which of them must stop."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from types import TracebackType

from sqlalchemy.exc import SQLAlchemyError

from workorders.jobs import queue
from workorders.jobs.queue import LEASE, Claim
from workorders.store import Store

log = logging.getLogger(__name__)

HEARTBEATS = 15
"""Heartbeats in one lease: many may fail before a job counts as abandoned."""


class Heart:
    """What one job tells and hears of: its progress, and whether it must stop."""

    def __init__(self, claim: Claim, stopping: threading.Event) -> None:
        self.claim, self._stopping = claim, stopping
        self._lost = threading.Event()
        self.share: float | None = None
        self.message = ""

    @property
    def lost(self) -> bool:
        """Cancelled, or taken over by another worker."""
        return self._lost.is_set()

    def lose(self) -> None:
        """The job is no longer this worker's."""
        self._lost.set()

    def should_stop(self) -> bool:
        return self._lost.is_set() or self._stopping.is_set()

    def progress(self, share: float | None, message: str) -> None:
        self.share, self.message = share, message


class Pulse:
    """A context manager: the thread beats as long as it is open."""

    def __init__(self, store: Store, worker_id: str, lease: timedelta = LEASE) -> None:
        self._store, self._worker_id, self._lease = store, worker_id, lease
        self._hearts: dict[int, Heart] = {}
        self._lock, self._over = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def __enter__(self) -> Pulse:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def add(self, heart: Heart) -> None:
        """Keep a job's lease from now on."""
        with self._lock:
            self._hearts[heart.claim.job_id] = heart

    def remove(self, heart: Heart) -> None:
        """The job has ended."""
        with self._lock:
            self._hearts.pop(heart.claim.job_id, None)

    def held(self) -> set[int]:
        """The jobs that are being done here."""
        with self._lock:
            return set(self._hearts)

    def _run(self) -> None:
        while not self._over.wait(self._lease.total_seconds() / HEARTBEATS):
            with self._lock:
                hearts = list(self._hearts.values())
            if not hearts:
                continue
            said = {h.claim.job_id: (h.share, h.message) for h in hearts}
            try:
                kept = queue.heartbeats(self._store, said, self._worker_id, self._lease)
            except SQLAlchemyError:
                log.warning("heartbeat of %d jobs failed", len(hearts), exc_info=True)
                continue
            for heart in hearts:
                if heart.claim.job_id not in kept:
                    heart.lose()
