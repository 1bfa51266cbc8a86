"""Workers as processes: killed at any point of a job, asked to stop, and two of them at once."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.workorders.conftest import OPERATOR
from tests.workorders.fakes import ScriptedEyes, add_camera, failing_light, light
from workorders.evidence.files import sha256_of
from workorders.jobs import queue
from workorders.queries.jobs import job, jobs, workers
from workorders.queries.order import order_detail
from workorders.schema import Evidence, WorkOrder
from workorders.store import Store, open_store
from workorders.words import EvidenceKind, JobState

KILLS = int(os.environ.get("LAMPLIGHTER_TEST_KILLS", "12"))
LEASE, LONG_LEASE = timedelta(seconds=0.5), timedelta(seconds=20)
"""A short one where workers are killed; a busy machine may not let a heartbeat through in time."""
CAMERAS, LIGHTS = 4, 2
NEVER_GIVE_UP = 100_000


def slow_script(camera: str) -> object:
    """Two lights of one camera fail; a look takes a while, so that a kill can come at any point."""

    def script(view: object):
        streams = [
            failing_light(f"{camera}-L{n}", looks=12, confirmed_at=3 + 3 * n, camera=camera) for n in range(LIGHTS)
        ]
        for looks in zip(*streams, strict=True):
            time.sleep(0.01)
            yield from looks

    return script


class EyesOfTheCamera(ScriptedEyes):
    def looks(self, source, view, every_s):
        return slow_script(view.camera)(view)


def work(url: str, files: str, lease: timedelta) -> None:
    from workorders.worker import run_worker

    run_worker(open_store(url, files), EyesOfTheCamera, lease=lease)


CONTEXT = multiprocessing.get_context("forkserver")
# Alembic too: who opens a store waits for it, and a kill in that time hits no job.
CONTEXT.set_forkserver_preload(
    ["workorders.worker", "tests.workorders.fakes", "tests.workorders.conftest", "alembic.command"]
)


def ask_all(store: Store) -> list[int]:
    return [
        queue.ask_inspection(store, OPERATOR, f"clip-{n}.mp4", f"cam-{n}", max_attempts=NEVER_GIVE_UP)
        for n in range(CAMERAS)
    ]


@pytest.fixture
def site(url: str, tmp_path: Path) -> Iterator[Store]:
    """A store on the real clock with a few cameras, each seeing two lights."""
    store = open_store(url, tmp_path / "files")
    for n in range(CAMERAS):
        add_camera(store, f"cam-{n}", [light(f"cam-{n}-L{i}", 0.2 + i / 3) for i in range(LIGHTS)])
    yield store
    store.close()


def start(url: str, store: Store, lease: timedelta = LEASE) -> multiprocessing.Process:
    process = CONTEXT.Process(target=work, args=(url, str(store.files), lease))
    process.start()
    return process


def wait_until(true: Callable[[], bool]) -> None:
    for _ in range(1200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it never came about")


def test_no_order_is_lost_or_doubled(url: str, site: Store) -> None:
    store, ask, rng, hits = site, ask_all(site), random.Random(7), 0
    for _ in range(4 * KILLS):  # a job may end between the last look at it and the kill
        if _all_done(store, ask):
            # Everything is done: begin again, so that kills meet jobs that find their orders already there.
            ask = ask_all(store)
        hits += _kill_in_a_job(url, store, ask, rng.random())
        if hits == KILLS:
            break
    assert hits == KILLS, "jobs end before a kill can hit one"
    process = start(url, store)
    wait_until(lambda: _all_done(store, ask))
    process.kill()
    process.join()
    _check(store)
    asked = jobs(store, limit=1000)
    assert sum(j.attempts for j in asked) >= len(asked) + KILLS, "a job that a kill hit was not begun again"


def test_a_worker_that_is_asked_to_stop_hands_its_jobs_back(url: str, site: Store) -> None:
    ask = ask_all(site)
    process = start(url, site)
    wait_until(lambda: any(job(site, n).state is JobState.RUNNING for n in ask))
    process.terminate()
    process.join(30)
    assert process.exitcode == 0
    assert workers(site) == (), "it said that it stopped"
    assert {job(site, n).state for n in ask} <= {JobState.QUEUED, JobState.DONE}
    assert all(job(site, n).attempts == 0 for n in ask if job(site, n).state is JobState.QUEUED)


def test_two_workers_share_the_jobs(url: str, site: Store) -> None:
    ask = ask_all(site) + ask_all(site)
    processes = [start(url, site, LONG_LEASE) for _ in range(2)]
    wait_until(lambda: _all_done(site, ask))
    for process in processes:
        process.terminate()
        process.join(30)
    assert [job(site, n).attempts for n in ask] == [1] * len(ask)
    _check(site)


def _all_done(store: Store, ask: list[int]) -> bool:
    return all(job(store, n).state is JobState.DONE for n in ask)


def _kill_in_a_job(url: str, store: Store, ask: list[int], share: float) -> bool:
    """Kill a worker once the database says that a job of its own is so far, 0-1; whether the kill hit one."""
    begun = {n: job(store, n).attempts for n in ask}

    def progress() -> list[float]:
        rows = [job(store, n) for n in ask]
        return [row.progress for row in rows if row.state is JobState.RUNNING and row.attempts > begun[row.id]]

    process = start(url, store)
    wait_until(lambda: _all_done(store, ask) or any(far >= share for far in progress()))
    process.kill()
    process.join()
    return progress() != []


def _check(store: Store) -> None:
    with store.read() as session:
        subjects = session.execute(select(WorkOrder.subject, func.count()).group_by(WorkOrder.subject)).all()
        assert sorted(subjects) == sorted((f"asset:cam-{c}-L{n}", 1) for c in range(CAMERAS) for n in range(LIGHTS))
        evidence = session.scalars(select(Evidence)).all()
        numbers = session.scalars(select(WorkOrder.id)).all()
    for row in evidence:
        assert sha256_of(store.evidence / row.path) == row.sha256
    for number in numbers:
        kinds = [e.kind for e in order_detail(store, number, OPERATOR).evidence]
        assert sorted(kinds) == sorted(EvidenceKind), f"order {number} has {kinds}"
