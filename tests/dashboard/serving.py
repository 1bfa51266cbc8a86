"""The dashboard and the worker as processes of their own, for tests that look at them with a browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from dashboard.launch import dashboard_command
from dashboard.settings import DATABASE, FILES
from tests.dashboard.conftest import ROOT

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
START_S = 60


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(
    folder: Path, others: Sequence[list[str]] = (), port: int | None = None, home: Path = ROOT
) -> Iterator[str]:
    """Serve the site of a folder, and run other commands beside it; the dashboard's address.

    Args:
        home: folder that the processes are started from; their secrets lie there.
    """
    port = port or free_port()
    environment = os.environ | {
        DATABASE: f"sqlite:///{folder / 'site.db'}", FILES: str(folder), "PYTHONPATH": str(ROOT)
    }  # fmt: skip
    with ExitStack() as open_files:
        processes = []
        for n, command in enumerate([dashboard_command(port), *others]):
            told = open_files.enter_context((folder / f"process-{n}.log").open("w"))
            processes.append(subprocess.Popen(command, cwd=home, env=environment, stdout=told, stderr=told))
        try:
            _wait_for(f"http://localhost:{port}/_stcore/health", processes)
            yield f"http://localhost:{port}"
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(30)


def _wait_for(url: str, processes: list[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        assert all(process.poll() is None for process in processes), "a process ended as it started"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"{url} did not answer within {START_S} s")
