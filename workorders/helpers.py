"""More worker processes beside the first: started anew when they end by themselves, ended when it ends."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
SOUND_AFTER_S = 60.0
"""A helper that worked for this long ended for a reason of its own: the next is started without delay."""


@dataclass(slots=True)
class Helper:
    """One process, and what is known of those before it.

    Attributes:
        gone: told the number of a process that ended by itself, once.
        wait_s: seconds before it is started again, ever longer while they end at once.
    """

    command: Sequence[str]
    gone: Callable[[int], object]
    start: Callable[[Sequence[str]], subprocess.Popen[bytes]] = subprocess.Popen
    clock: Callable[[], float] = time.monotonic
    wait_s: float = FIRST_WAIT_S
    process: subprocess.Popen[bytes] = field(init=False)
    _began: float = field(init=False)
    _again_at: float | None = None

    def __post_init__(self) -> None:
        self._begin()

    def look_after(self) -> None:
        """Start it again, in time, if it has ended."""
        if self.process.poll() is None:
            return
        if self._again_at is None:
            self.wait_s = FIRST_WAIT_S if self.clock() - self._began >= SOUND_AFTER_S else self.wait_s
            log.warning("a helper ended with %d; another starts in %.0f s", self.process.returncode, self.wait_s)
            self._again_at = self.clock() + self.wait_s
            self.wait_s = min(LONGEST_WAIT_S, 2 * self.wait_s)
            self.gone(self.process.pid)
        if self.clock() >= self._again_at:
            self._begin()

    def end(self) -> None:
        """Tell it to finish."""
        if self.process.poll() is None:
            self.process.terminate()

    def _begin(self) -> None:
        self.process, self._began, self._again_at = self.start(self.command), self.clock(), None


@contextmanager
def helpers(count: int, db: str | None, workers: int, gone: Callable[[int], object]) -> Iterator[None]:
    """Run more workers beside this one; they are told to finish when it ends. Each loads the model once.

    Args:
        db: URL that this process was given.
        workers: how many there are with this one.
        gone: told the number of a process that ended by itself; must not raise.
    """
    command = [sys.executable, "-m", "workorders.worker", "--workers", str(workers), "--parent", str(os.getpid())]
    beside = [Helper([*command, *(["--db", db] if db else [])], gone) for _ in range(count)]
    over = threading.Event()

    def look_after() -> None:
        while not over.wait(LOOK_EVERY_S):
            for helper in beside:
                helper.look_after()

    thread = threading.Thread(target=look_after, name="helpers", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        for helper in beside:
            helper.end()
        for helper in beside:
            helper.process.wait()
