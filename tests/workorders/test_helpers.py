"""Helpers of a worker: begun anew when they end by themselves, ended with it; a job is not begun twice."""

from __future__ import annotations

import itertools
import os
import socket
from collections.abc import Sequence
from datetime import timedelta

import pytest

from tests.workorders.conftest import OPERATOR
from tests.workorders.fakes import FrozenClock, ScriptedEyes, add_camera
from workorders.helpers import FIRST_WAIT_S, LONGEST_WAIT_S, SOUND_AFTER_S, Helper
from workorders.jobs import queue
from workorders.jobs.queue import LEASE
from workorders.queries.jobs import job, workers
from workorders.store import Store
from workorders.words import JobState
from workorders.worker import WorkerLoop, hand_back_jobs_of


class FakeProcess:
    """A process that ends when the test says so."""

    def __init__(self) -> None:
        self.returncode: int | None = None
        self.told_to_end = False
        self.pid = 4711

    def poll(self) -> int | None:
        return self.returncode

    def terminate(self) -> None:
        self.told_to_end = True


class Machine:
    """Starts fake processes and moves its clock a second at a time."""

    def __init__(self) -> None:
        self.now, self.started, self.gone = 0.0, [], []

    def start(self, command: Sequence[str]) -> FakeProcess:
        self.started.append((self.now, FakeProcess()))
        return self.started[-1][1]

    def run(self, helper: Helper, seconds: int, lives_s: float = float("inf")) -> None:
        """Let time pass; each process dies after so many seconds."""
        for _ in range(seconds):
            self.now += 1
            began, process = self.started[-1]
            if process.returncode is None and self.now - began >= lives_s:
                process.returncode = -9
            helper.look_after()


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def helper(machine: Machine) -> Helper:
    return Helper(["worker"], machine.gone.append, start=machine.start, clock=lambda: machine.now)  # type: ignore[arg-type]


def test_a_helper_that_was_killed_is_started_again(machine: Machine, helper: Helper) -> None:
    machine.run(helper, 100)
    assert len(machine.started) == 1
    machine.started[0][1].returncode = -9
    machine.run(helper, 100)
    assert [at for at, _ in machine.started] == [0, 100 + 1 + FIRST_WAIT_S]
    assert helper.process is machine.started[1][1]
    assert machine.gone == [machine.started[0][1].pid], "its end is told once"


def test_one_that_ends_at_once_is_started_ever_more_seldom(machine: Machine, helper: Helper) -> None:
    machine.run(helper, 600, lives_s=1)
    begins = [at for at, _ in machine.started]
    gaps = [b - a for a, b in itertools.pairwise(begins)]
    assert gaps == sorted(gaps)
    assert gaps[0] == 1 + FIRST_WAIT_S
    assert gaps[-1] == 1 + LONGEST_WAIT_S


def test_one_that_worked_for_long_is_started_without_that_delay(machine: Machine, helper: Helper) -> None:
    machine.run(helper, 200, lives_s=1)
    lives_s = SOUND_AFTER_S + 5
    machine.run(helper, 400, lives_s=lives_s)
    begins = [at for at, _ in machine.started]
    assert begins[-1] - begins[-2] == lives_s + FIRST_WAIT_S


def test_a_helper_ends_when_it_is_told(machine: Machine, helper: Helper) -> None:
    helper.end()
    assert machine.started[0][1].told_to_end


def test_a_worker_stops_when_the_one_it_helps_is_gone(store: Store) -> None:
    WorkerLoop(store, ScriptedEyes, parent=os.getppid() + 1).run()
    assert workers(store) == (), "it said that it stopped"


def test_the_jobs_of_a_process_that_is_gone_are_free_at_once(store: Store) -> None:
    add_camera(store)
    number = queue.ask_inspection(store, OPERATOR, "clip.mp4", "cam-1")
    other = queue.ask_inspection(store, OPERATOR, "clip.mp4", "cam-1")
    gone, alive = f"{socket.gethostname()}:471:aaa", f"{socket.gethostname()}:4711:bbb"
    assert queue.claim(store, gone) is not None
    assert queue.claim(store, alive) is not None
    hand_back_jobs_of(store, 471)
    taken = queue.claim(store, "next")
    assert taken is not None
    assert (taken.job_id, taken.attempt) == (number, 2)
    assert job(store, other).state is JobState.RUNNING, "another process's number begins alike"


def test_a_job_that_kills_its_worker_each_time_is_given_up_though_it_is_handed_back(store: Store) -> None:
    add_camera(store)
    number = queue.ask_inspection(store, OPERATOR, "clip.mp4", "cam-1", max_attempts=2)
    for process in (1, 2):
        assert queue.claim(store, f"{socket.gethostname()}:{process}:x") is not None
        hand_back_jobs_of(store, process)
    assert queue.claim(store, "next") is None
    assert job(store, number).state is JobState.FAILED


def test_a_job_whose_lease_ran_out_is_not_begun_twice_by_the_worker_that_does_it(
    store: Store, clock: FrozenClock
) -> None:
    add_camera(store)
    number = queue.ask_inspection(store, OPERATOR, "clip.mp4", "cam-1")
    assert queue.claim(store, "w1") is not None
    clock.forward(seconds=LEASE.total_seconds() + 1)  # the database took no heartbeat
    assert queue.claim(store, "w1", held={number}) is None
    assert queue.heartbeat(store, number, "w1"), "it goes on"
    clock.forward(seconds=LEASE.total_seconds() + 1)
    taken = queue.claim(store, "w2", lease=timedelta(seconds=30))
    assert taken is not None
    assert taken.job_id == number
