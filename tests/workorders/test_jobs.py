"""Jobs: claimed by one, renewed, retried, given up, cancelled; and inspections and watches done by a worker."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from detectors.errors import SourceError
from tests.workorders.conftest import MANAGER, OPERATOR, VIEWER
from tests.workorders.fakes import FrozenClock, ScriptedEyes, add_camera, failing_light, light, look
from workorders.errors import NotAllowed, NotFound
from workorders.jobs import queue
from workorders.jobs.queue import LEASE, Claim
from workorders.jobs.running import do_job
from workorders.queries.cameras import cameras
from workorders.queries.jobs import JobRow, job, jobs
from workorders.queries.order import order_detail
from workorders.queries.orders import orders_page
from workorders.queries.overview import overview
from workorders.register.cameras import CameraDetails, ask_for_watch, save_camera
from workorders.store import Store
from workorders.watch import OFFLINE_AFTER, run_watch
from workorders.words import CameraDesire, CameraHealth, EvidenceKind, JobKind, JobState
from workorders.worker import WorkerLoop, ensure_watch_jobs


@pytest.fixture(autouse=True)
def camera(store: Store) -> None:
    add_camera(store, assets=[light("L-1")], source="rtsp://pier/1")


def ask(store: Store, source: str = "clip.mp4", **kw: int) -> int:
    return queue.ask_inspection(store, OPERATOR, source, "cam-1", **kw)


def claimed(store: Store, worker: str = "w1") -> Claim:
    claim = queue.claim(store, worker)
    assert claim is not None
    return claim


def do(store: Store, eyes: ScriptedEyes, stopping: threading.Event | None = None) -> JobRow:
    claim = claimed(store)
    do_job(store, claim, "w1", lambda: eyes, stopping or threading.Event())
    return job(store, claim.job_id)


def test_a_job_is_given_to_one_worker(store: Store) -> None:
    number = ask(store)
    assert claimed(store, "w1").job_id == number
    assert queue.claim(store, "w2") is None


def test_many_workers_at_once_each_get_their_own(store: Store) -> None:
    numbers = {ask(store) for _ in range(5)}
    gate, got = threading.Barrier(5), []

    def worker(name: str) -> None:
        gate.wait()
        got.append(claimed(store, name).job_id)

    threads = [threading.Thread(target=worker, args=(f"w{n}",)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == sorted(numbers)


def test_a_heartbeat_keeps_the_lease(store: Store, clock: FrozenClock) -> None:
    number = ask(store)
    claimed(store, "w1")
    for _ in range(5):
        clock.forward(seconds=LEASE.total_seconds() - 1)
        assert queue.heartbeat(store, number, "w1", 0.5, "half way")
        assert queue.claim(store, "w2") is None
    assert (job(store, number).progress, job(store, number).message) == (0.5, "half way")


def test_a_silent_worker_loses_its_job(store: Store, clock: FrozenClock) -> None:
    number = ask(store)
    claimed(store, "w1")
    clock.forward(seconds=LEASE.total_seconds() + 1)
    assert claimed(store, "w2").attempt == 2
    assert not queue.heartbeat(store, number, "w1")
    queue.finish(store, number, "w1", {}, "too late")
    assert job(store, number).state is JobState.RUNNING, "the one who lost it cannot finish it"


def test_a_job_that_kills_its_worker_every_time_becomes_a_dead_letter(store: Store, clock: FrozenClock) -> None:
    number = ask(store, max_attempts=2)
    for _ in range(2):
        claimed(store)
        clock.forward(seconds=LEASE.total_seconds() + 1)
    assert queue.claim(store, "w") is None
    assert job(store, number).state is JobState.FAILED
    assert "given up" in job(store, number).message


def test_a_failure_that_may_pass_is_tried_again_later(store: Store, clock: FrozenClock) -> None:
    number = ask(store)
    claimed(store)
    queue.fail(store, number, "w1", "no answer", retry=True)
    assert queue.claim(store, "w1") is None, "not at once"
    clock.forward(seconds=6)
    assert claimed(store).attempt == 2


def test_cancelling(store: Store) -> None:
    waiting, running = ask(store), ask(store)
    queue.cancel(store, OPERATOR, waiting)
    assert job(store, waiting).state is JobState.CANCELLED
    claimed(store)
    queue.cancel(store, OPERATOR, running)
    assert not queue.heartbeat(store, running, "w1"), "the worker is told at its next heartbeat"
    queue.finish(store, running, "w1", {}, "stopped half-way")
    assert job(store, running).state is JobState.CANCELLED


def test_what_cannot_be_asked_for(store: Store) -> None:
    with pytest.raises(NotAllowed):
        queue.ask_inspection(store, VIEWER, "clip.mp4", "cam-1")
    with pytest.raises(NotFound, match="no camera 'cam-9'"):
        queue.ask_inspection(store, OPERATOR, "clip.mp4", "cam-9")
    with pytest.raises(NotAllowed, match=r"between 0\.04"):
        queue.ask_inspection(store, OPERATOR, "clip.mp4", "cam-1", every_s=0)
    with pytest.raises(NotFound):
        queue.cancel(store, OPERATOR, 99)


def test_an_inspection_ends_on_its_order_with_all_its_evidence(store: Store) -> None:
    ask(store)
    done = do(store, ScriptedEyes(lambda view: failing_light()))
    assert done.state is JobState.DONE
    assert done.result["opened"] == [1]
    assert (store.files / done.result["video"]).stat().st_size > 0
    detail = order_detail(store, 1, OPERATOR)
    assert {e.kind for e in detail.evidence} == set(EvidenceKind)
    assert all(e.file is not None for e in detail.evidence)
    assert cameras(store)[0].health is CameraHealth.OK
    assert cameras(store)[0].still is not None


def test_the_same_clip_twice_raises_nothing_new(store: Store) -> None:
    for _ in range(2):
        ask(store)
        done = do(store, ScriptedEyes(lambda view: failing_light()))
    assert (done.result["orders"], done.result["opened"]) == ([1], [])
    assert len(order_detail(store, 1, OPERATOR).evidence) == 4


def test_a_source_that_breaks_off_keeps_what_was_seen_and_fails_with_its_line(store: Store) -> None:
    ask(store)
    eyes = ScriptedEyes(lambda view: failing_light(looks=6), fails=SourceError("clip.mp4 is cut off after 6 s."))
    failed = do(store, eyes)
    assert (failed.state, failed.message) == (JobState.FAILED, "clip.mp4 is cut off after 6 s.")
    assert orders_page(store).total == 1


def test_a_bug_fails_one_job_and_is_tried_again(store: Store) -> None:
    def broken(view: object) -> list:
        raise ZeroDivisionError("division by zero")

    ask(store)
    failed = do(store, ScriptedEyes(broken))
    assert failed.state is JobState.QUEUED
    assert "ZeroDivisionError" in failed.message


def test_a_worker_that_is_stopped_hands_its_job_back(store: Store) -> None:
    ask(store)
    stopping = threading.Event()
    stopping.set()
    back = do(store, ScriptedEyes(lambda view: failing_light()), stopping)
    assert (back.state, back.attempts) == (JobState.QUEUED, 0)


def test_a_camera_without_assets_gets_those_its_view_shows(store: Store) -> None:
    add_camera(store, "cam-2")
    eyes = ScriptedEyes(lambda view: [look()], found=[light("cam-2-L01")])
    queue.ask_inspection(store, OPERATOR, "clip.mp4", "cam-2")
    assert do(store, eyes).result["registered"] == 1
    queue.ask_inspection(store, OPERATOR, "clip.mp4", "cam-2")
    assert do(store, eyes).result["registered"] == 0


def test_a_watch_goes_on_until_it_is_ended(store: Store) -> None:
    ask_for_watch(store, OPERATOR, "cam-1", True)
    ensure_watch_jobs(store)
    ensure_watch_jobs(store)
    assert [(j.kind, j.state) for j in jobs(store)] == [(JobKind.WATCH, JobState.QUEUED)]

    def script(view: object):
        yield from failing_light(looks=5)
        ask_for_watch(store, OPERATOR, "cam-1", False)
        yield look(offset_s=9)
        raise AssertionError("looked on after it was told to stop")

    done = do(store, ScriptedEyes(script))
    assert (done.state, done.message) == (JobState.DONE, "the watch was ended")
    assert orders_page(store).total == 1


def test_an_unreachable_camera_waits_ever_longer_and_raises_one_order(store: Store, clock: FrozenClock) -> None:
    ask_for_watch(store, OPERATOR, "cam-1", True)
    naps: list[float] = []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        clock.forward(seconds=seconds)

    def recovered(view: object):
        yield look(clock())
        ask_for_watch(store, OPERATOR, "cam-1", False)
        yield look(clock())

    eyes = ScriptedEyes(recovered, opens=[SourceError("no answer")] * 7)
    run_watch(store, "cam-1", eyes, progress=lambda *_: None, should_stop=lambda: False, sleep=sleep)
    assert sum(naps) == 1 + 2 + 4 + 8 + 16 + 32 + 60
    page = orders_page(store)
    assert [(r.issue, r.asset_label) for r in page.rows] == [("camera_offline", "cam-1")]
    assert order_detail(store, 1, OPERATOR).cleared_at is not None, "it came back"
    assert cameras(store)[0].health is CameraHealth.OK
    assert timedelta(seconds=sum(naps)) > OFFLINE_AFTER


def test_a_short_outage_raises_nothing(store: Store, clock: FrozenClock) -> None:
    ask_for_watch(store, OPERATOR, "cam-1", True)
    stop = threading.Event()

    def back(view: object):
        stop.set()
        yield look(clock())

    eyes = ScriptedEyes(back, opens=[SourceError("no answer")] * 2)
    run_watch(
        store,
        "cam-1",
        eyes,
        progress=lambda *_: None,
        should_stop=stop.is_set,
        sleep=lambda s: clock.forward(seconds=s),
    )
    assert orders_page(store).total == 0


def test_a_recording_that_is_watched_ends(store: Store) -> None:
    ask_for_watch(store, OPERATOR, "cam-1", True)
    why = run_watch(
        store, "cam-1", ScriptedEyes(lambda v: [look()]), progress=lambda *_: None, should_stop=lambda: False
    )
    assert why == "the recording has ended"
    assert cameras(store)[0].desired is CameraDesire.IDLE


def test_a_camera_that_is_switched_off_is_not_watched(store: Store) -> None:
    ask_for_watch(store, OPERATOR, "cam-1", True)
    save_camera(store, MANAGER, "cam-1", CameraDetails("cam-1", "rtsp://pier/1", enabled=False))
    ensure_watch_jobs(store)
    assert jobs(store) == ()


def test_the_loop_does_what_waits_and_says_when_it_has_stopped(store: Store) -> None:
    numbers = [ask(store), ask(store)]
    loop = WorkerLoop(store, lambda: ScriptedEyes(lambda view: failing_light()))
    thread = threading.Thread(target=loop.run)
    thread.start()
    deadline = threading.Event()
    for _ in range(400):
        if all(job(store, n).state is JobState.DONE for n in numbers):
            break
        deadline.wait(0.05)
    assert overview(store).worker_alive
    loop.stopping.set()
    thread.join()
    assert [job(store, n).state for n in numbers] == [JobState.DONE] * 2
    assert not overview(store).worker_alive
    assert orders_page(store).total == 1
