"""Starts the dashboard, and the worker beside it, as processes of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.error import URLError

from dashboard.settings import DATABASE, FILES
from detectors.errors import LamplighterError

_SCRIPT = Path(__file__).with_name("streamlit_app.py")
_HOST = "localhost"
_STARTS_WITHIN_S = 60.0
_STOPS_WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class Site:
    """Where the processes meet: a database and a folder of files."""

    database_url: str
    files: Path

    def environment(self) -> dict[str, str]:
        return {**os.environ, DATABASE: self.database_url, FILES: str(self.files)}


def check_port(port: int) -> None:
    """Raises:
    LamplighterError: no such port, or something else listens on it.
    """
    if not 1 <= port <= 65_535:
        raise LamplighterError(f"--port {port}: a port lies between 1 and 65535.")
    with socket.socket() as probe:
        if probe.connect_ex((_HOST, port)) == 0:
            raise LamplighterError(f"Port {port} is in use; stop what runs there, or name another with --port.")


def dashboard_command(port: int) -> list[str]:
    """The command that serves the dashboard on localhost."""
    return [sys.executable, "-m", "streamlit", "run", str(_SCRIPT), "--server.port", str(port)]


def worker_command() -> list[str]:
    """The command that runs a worker."""
    return [sys.executable, "-m", "lamplighter", "worker"]


def run_dashboard(site: Site, port: int, with_worker: bool, browser: bool) -> int:
    """Serve until interrupted; returns the exit status.

    Raises:
        LamplighterError: the port is taken, or the dashboard does not come up.
    """
    check_port(port)
    commands = [dashboard_command(port)] + ([worker_command()] if with_worker else [])
    with _Processes(commands, site.environment()) as running:
        address = f"http://{_HOST}:{port}"
        running.wait_for(address)
        print(f"Lamplighter is at {address} (Ctrl+C stops it)", flush=True)
        if browser:
            webbrowser.open(address)
        return running.until_one_ends()


class _Processes:
    """Child processes that end together."""

    def __init__(self, commands: Sequence[list[str]], environment: dict[str, str]) -> None:
        self._commands, self._environment = commands, environment
        self._children: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> _Processes:
        signal.signal(signal.SIGTERM, _interrupt)
        for command in self._commands:
            # A session of their own: Ctrl+C reaches this process alone, which then ends them in order.
            self._children.append(
                subprocess.Popen(command, env=self._environment, stdout=subprocess.DEVNULL, start_new_session=True)
            )
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children:
            if child.poll() is None:
                child.terminate()
        for child in self._children:
            try:
                child.wait(_STOPS_WITHIN_S)
            except subprocess.TimeoutExpired:
                child.kill()

    def wait_for(self, address: str) -> None:
        deadline = time.monotonic() + _STARTS_WITHIN_S
        while time.monotonic() < deadline and self._children[0].poll() is None:
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                    return
            except (URLError, OSError):
                time.sleep(0.2)
        raise LamplighterError(f"The dashboard did not come up at {address}; see the lines above.")

    def until_one_ends(self) -> int:
        try:
            while all(child.poll() is None for child in self._children):
                time.sleep(0.5)
        except KeyboardInterrupt:
            return 0
        ended = next(child for child in self._children if child.poll() is not None)
        print(f"lamplighter: a process ended with status {ended.returncode}; stopping.", file=sys.stderr)
        return 1


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
