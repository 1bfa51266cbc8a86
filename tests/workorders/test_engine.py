"""Many cameras in one worker: all watched at once, fairly, with what goes wrong said where people look."""

from __future__ import annotations

import errno
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np
import pytest

from detectors.sharing import MOST_AT_ONCE, SharedDetector
from detectors.values import Detections, Image, Look, View
from tests.detectors.fakes import ScriptedDetector
from tests.workorders.conftest import OPERATOR
from tests.workorders.fakes import START, FrozenClock, ScriptedEyes, add_camera, failing_light, light, look
from workorders.evidence import files
from workorders.evidence.encoding import Encoder
from workorders.jobs.queue import new_job
from workorders.keeping import Keeper
from workorders.queries.cameras import camera_view, cameras
from workorders.queries.order import order_detail
from workorders.queries.orders import orders_page
from workorders.register.cameras import ask_for_watch
from workorders.schema import Worker
from workorders.store import Store
from workorders.watch import DISK_WAIT_S, run_watch
from workorders.words import CameraHealth, JobKind
from workorders.worker import WorkerLoop, fair_share

MANY = 40


@dataclass
class OneAtATime(ScriptedDetector):
    """Says of a picture how bright it is; fails when two threads ask at one time."""

    inside: threading.Lock = field(default_factory=threading.Lock)
    batches: list[int] = field(default_factory=list)

    def predict(self, images: list[Image], min_score: float, image_size: int) -> list[Detections]:  # type: ignore[override]
        assert self.inside.acquire(blocking=False), "asked by two at one time"
        self.batches.append(len(images))
        found = [Detections.of([("litter", float(i[0, 0, 0]) / 255, (0, 0, 1, 1))]) for i in images]
        self.inside.release()
        return found


def test_each_camera_gets_its_own_answer_and_pictures_go_together() -> None:
    inner = OneAtATime()
    shared, gate, wrong = SharedDetector(inner), threading.Barrier(20), []

    def camera(shade: int) -> None:
        gate.wait()
        for _ in range(20):
            (found,) = shared.predict([np.full((8, 8, 3), shade, np.uint8)], 0.1, 640)
            if round(float(found.scores[0]) * 255) != shade:
                wrong.append(shade)

    threads = [threading.Thread(target=camera, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert sum(inner.batches) == 400
    assert max(inner.batches) <= MOST_AT_ONCE


def test_a_detector_that_fails_fails_for_those_who_asked_alone() -> None:
    class Fails(ScriptedDetector):
        def predict(self, *_: object) -> list[Detections]:  # type: ignore[override]
            raise RuntimeError("out of memory")

    shared = SharedDetector(Fails())
    for _ in range(2):
        with pytest.raises(RuntimeError):
            shared.predict([np.zeros((8, 8, 3), np.uint8)], 0.1, 640)


@pytest.mark.parametrize(
    ("alive", "started", "share"),
    [
        pytest.param(0, 1, 10, id="the only one"),
        pytest.param(2, 1, 5, id="another one reports"),
        pytest.param(1, 4, 3, id="three more are starting"),
    ],
)
def test_cameras_are_shared_among_workers(
    store: Store, clock: FrozenClock, alive: int, started: int, share: int
) -> None:
    for n in range(10):
        add_camera(store, f"cam-{n}", source=f"rtsp://pier/{n}")
        ask_for_watch(store, OPERATOR, f"cam-{n}", True)
    with store.write() as work:
        for n in range(alive):
            work.session.add(Worker(id=f"w{n}", started_at=clock(), heartbeat_at=clock()))
        work.session.add(Worker(id="silent", started_at=clock(), heartbeat_at=clock() - timedelta(minutes=5)))
        work.commit()
    assert fair_share(store, started) == share


@dataclass
class EyesThatWait(ScriptedEyes):
    """Give one look of each camera and then wait until they are told that all is over."""

    watched: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)

    def looks(self, source: object, view: View, every_s: float) -> Iterator[Look]:  # type: ignore[override]
        yield look()
        self.watched.add(view.camera)
        self.over.wait(60)
        yield look()


@pytest.mark.parametrize("kind", list(JobKind))
def test_a_worker_takes_jobs_of_every_kind(store: Store, kind: JobKind, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[JobKind] = []
    monkeypatch.setattr("workorders.worker.do_job", lambda store, claim, *rest: done.append(claim.kind))
    with store.write() as work:
        work.session.add(new_job(store, kind, None, {}, "operator"))
        work.commit()
    loop = WorkerLoop(store, ScriptedEyes)
    if kind is JobKind.WATCH:
        add_camera(store, source="rtsp://pier/1")
        ask_for_watch(store, OPERATOR, "cam-1", True)
    assert loop.step()
    loop.join()
    assert done == [kind]


def test_one_worker_watches_many_cameras_at_once(store: Store) -> None:
    for n in range(MANY):
        add_camera(store, f"cam-{n}", [light(f"L-{n}")], source=f"rtsp://pier/{n}")
        ask_for_watch(store, OPERATOR, f"cam-{n}", True)
    eyes = EyesThatWait()
    loop = WorkerLoop(store, lambda: eyes)
    thread = threading.Thread(target=loop.run)
    thread.start()
    for _ in range(600):
        if len(eyes.watched) == MANY:
            break
        loop.stopping.wait(0.05)
    loop.stopping.set()
    eyes.over.set()
    thread.join()
    assert len(eyes.watched) == MANY


def test_the_status_says_when_the_machine_is_too_slow_and_when_it_keeps_up_again(
    store: Store, clock: FrozenClock
) -> None:
    add_camera(store, assets=[light("L-1")])
    keeper = Keeper(store, camera_view(store, "cam-1"), 1.0, wall=lambda: clock().timestamp())
    for n in range(30):
        seen = look(START + timedelta(seconds=n), index=n)
        keeper.take(replace(seen, frame=replace(seen.frame, skipped=2 if n < 5 else 0)))
        clock.forward(seconds=3)
        said = cameras(store)[0].last_error
        assert said.startswith("overloaded") is (n < 24), n
        if n == 4:
            assert "10 of the last 15 looks" in said


def test_the_status_says_when_pictures_come_damaged_and_no_more_when_they_are_whole(
    store: Store, clock: FrozenClock
) -> None:
    add_camera(store, assets=[light("L-1")])
    keeper = Keeper(store, camera_view(store, "cam-1"), 1.0, wall=lambda: clock().timestamp())
    why = "the picture came damaged: packets were lost or broken"
    for n, suspended in enumerate(("", why, "")):
        keeper.take(replace(look(START + timedelta(seconds=n), index=n), suspended=suspended))
        clock.forward(seconds=3)
        row = cameras(store)[0]
        assert row.last_error == suspended
        assert row.health is (CameraHealth.UNKNOWN if suspended else CameraHealth.OK)


def test_a_full_disk_is_said_and_outlived(store: Store, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    add_camera(store, assets=[light("L-1")], source="rtsp://pier/1")
    ask_for_watch(store, OPERATOR, "cam-1", True)
    whole, said, naps = files.place_whole, [], []

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def sleep(seconds: float) -> None:
        clock.forward(seconds=seconds)
        naps.append(seconds)
        said.append(cameras(store)[0].last_error)
        if sum(naps) >= 2 * DISK_WAIT_S:
            monkeypatch.setattr(files, "place_whole", whole)

    def script(view: View) -> Iterator[Look]:
        yield from failing_light(looks=6)
        if sum(naps) >= 2 * DISK_WAIT_S:
            ask_for_watch(store, OPERATOR, "cam-1", False)
            yield look(offset_s=9)

    monkeypatch.setattr(files, "place_whole", full)
    run_watch(store, "cam-1", ScriptedEyes(script), progress=lambda *_: None, should_stop=lambda: False, sleep=sleep)
    assert set(said) == {"pictures cannot be kept: No space left on device"}
    assert sum(naps) <= 30, "seen within half a minute"
    assert orders_page(store).total == 1
    assert order_detail(store, 1, OPERATOR).evidence


def test_nothing_handed_to_the_encoder_is_dropped() -> None:
    encoder, done = Encoder(most_waiting=2), []
    futures = [encoder.submit(lambda n=n: done.append(n)) for n in range(50)]  # type: ignore[misc]
    for future in futures:
        future.result(10)
    assert done == list(range(50))


@pytest.mark.skipif(sys.platform != "linux", reason="the C library of Linux")
def test_memory_of_pictures_goes_back_to_the_system() -> None:
    """In a process of its own, for the setting lasts."""
    script = """
import numpy as np, sys
from pathlib import Path
from workorders.memory import settle_memory
settle_memory()
resident = lambda: int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // 2**20
before = resident()
for _ in range(3):
    kept = [(np.ones(2_000_000, np.uint8), bytearray(1000)) for _ in range(60)]
    small = [pair[1] for pair in kept]
    del kept
print(resident() - before)
"""
    grown = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert int(grown.stdout) < 20
