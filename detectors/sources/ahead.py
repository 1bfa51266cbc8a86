"""Reads ahead: the next frames are decoded while the last one is looked at."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

from detectors.sources.handing import Handed

T = TypeVar("T")

# So many that decoding goes on while the rules look closely, several looks in a row: with three it stood still for
# 0.8 s in 600 s of 1080p, with six for 0.4. Eight pictures of 1080p are 37 MB.
_FRAMES_AHEAD = 8


class ReadAhead(Generic[T]):
    """Iterates something in a thread of its own, a few items ahead. What it raises is raised here, in its turn.

    A context manager: leaving it ends the thread.

    Attributes:
        cpu_s: seconds that making the items took so far, in that thread.
    """

    def __init__(self, items: Iterator[T], ahead: int = _FRAMES_AHEAD) -> None:
        self._items, self._ahead = items, ahead
        self.cpu_s = 0.0
        self._ready: deque[T] = deque()
        self._over = False
        self._outcome = Handed()
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._read, name="read-ahead", daemon=True)

    def __enter__(self) -> ReadAhead[T]:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        with self._change:
            self._over = True
            self._change.notify_all()
        self._thread.join()

    def __iter__(self) -> Iterator[T]:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._ready or self._over)
                if not self._ready:
                    break
                item = self._ready.popleft()
                self._change.notify_all()
            yield item
        self._outcome.raise_again()

    def _read(self) -> None:
        with self._outcome:
            self._make_ready()
        with self._change:
            self._over = True
            self._change.notify_all()

    def _make_ready(self) -> None:
        for item in self._items:
            self.cpu_s = time.thread_time()
            with self._change:
                self._change.wait_for(lambda: len(self._ready) < self._ahead or self._over)
                if self._over:
                    return
                self._ready.append(item)
                self._change.notify_all()
