"""The latest frame of a live source: what nobody had time for is passed over, oldest first, and counted."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

from detectors.sources.handing import Handed
from detectors.values import Frame


class LatestFrame:
    """Reads a live source in a thread of its own, so that the stream never waits, and keeps the newest frame alone.

    A context manager: leaving it tells the thread to end, and does not wait for a camera that says nothing.

    Attributes:
        cpu_s: seconds that reading and decoding took so far, in that thread.
    """

    def __init__(self, frames: Iterator[Frame]) -> None:
        self._frames = frames
        self.cpu_s = 0.0
        self._newest: Frame | None = None
        self._over = False
        self._outcome = Handed()
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._read, name="latest-frame", daemon=True)

    def __enter__(self) -> LatestFrame:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        with self._change:
            self._over = True
            self._newest = None

    def __iter__(self) -> Iterator[Frame]:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._newest is not None or self._over)
                frame, self._newest = self._newest, None
            if frame is None:
                break
            taken = [frame]
            del frame
            yield taken.pop()
        self._outcome.raise_again()

    def _read(self) -> None:
        with self._outcome:
            self._keep_newest()
        with self._change:
            self._over = True
            self._change.notify()

    def _keep_newest(self) -> None:
        for frame in self._frames:
            self.cpu_s = time.thread_time()
            with self._change:
                if self._over:
                    return
                skipped = self._newest.skipped + 1 if self._newest is not None else 0
                self._newest = replace(frame, skipped=skipped)
                self._change.notify()
            del frame  # it must not be held until the next one comes: a hundred cameras' frames fill the memory
