"""Encoding off the hot path: one thread writes what cameras have finished, so that their next look need not wait."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

MOST_WAITING = 8
"""Clips that wait at most, each with up to 14 pictures; who brings one more waits."""


class Encoder:
    """Does pieces of work one after the other in a thread of its own. Nothing handed in is dropped."""

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self._room = threading.BoundedSemaphore(most_waiting)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="encoder")

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Have something done soon; waits while too much does.

        What it raises is raised by the future's `result`.
        """
        self._room.acquire()
        future = self._pool.submit(work)
        future.add_done_callback(lambda _: self._room.release())
        return future


ENCODER = Encoder()
"""The process's own. At the end of the process it finishes what it holds."""
