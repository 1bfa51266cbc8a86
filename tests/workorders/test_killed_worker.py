"""A worker killed with SIGKILL at any point of a job: no order lost, none doubled, every file whole."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from tests.workorders.conftest import OPERATOR
from tests.workorders.fakes import ScriptedEyes, add_camera, failing_light, light
from workorders.evidence.files import sha256_of
from workorders.jobs import queue
from workorders.queries.jobs import job
from workorders.queries.order import order_detail
from workorders.schema import Evidence, WorkOrder
from workorders.store import Store, open_store
from workorders.words import EvidenceKind, JobState

KILLS = int(os.environ.get("LAMPLIGHTER_TEST_KILLS", "12"))
LEASE = timedelta(seconds=0.3)
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


def work(url: str, files: str) -> None:
    from workorders.worker import WorkerLoop

    WorkerLoop(open_store(url, files), EyesOfTheCamera, slots=2, lease=LEASE).run()


def test_no_order_is_lost_or_doubled(url: str, tmp_path: Path) -> None:
    files = tmp_path / "files"
    store = open_store(url, files)
    for n in range(CAMERAS):
        add_camera(store, f"cam-{n}", [light(f"cam-{n}-L{i}", 0.2 + i / 3) for i in range(LIGHTS)])
    ask = [
        queue.ask_inspection(store, OPERATOR, f"clip-{n}.mp4", f"cam-{n}", max_attempts=NEVER_GIVE_UP)
        for n in range(CAMERAS)
    ]
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["workorders.worker", "tests.workorders.fakes", "tests.workorders.conftest"])
    rng, killed = random.Random(7), 0
    while killed < KILLS:
        process = context.Process(target=work, args=(url, str(files)))
        process.start()
        time.sleep(rng.uniform(0.05, 1.6))
        process.kill()
        process.join()
        killed += 1
        if all(job(store, n).state is JobState.DONE for n in ask):
            # Everything is done: begin again, so that kills meet jobs that find their orders already there.
            ask = [
                queue.ask_inspection(store, OPERATOR, "again", f"cam-{n}", 1.0, NEVER_GIVE_UP) for n in range(CAMERAS)
            ]
    _finish(context, store, url, files, ask)
    _check(store)
    store.close()
    shutil.rmtree(files)


def _finish(context: object, store: Store, url: str, files: Path, ask: list[int]) -> None:
    process = context.Process(target=work, args=(url, str(files)))
    process.start()
    for _ in range(1200):
        if all(job(store, n).state is JobState.DONE for n in ask):
            break
        time.sleep(0.05)
    process.kill()
    process.join()
    assert [job(store, n).state for n in ask] == [JobState.DONE] * CAMERAS


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
