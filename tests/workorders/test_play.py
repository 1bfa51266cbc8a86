"""The guided play: pictures are staged, all else happens as with any camera; demo sites only, and it resets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detectors.errors import LamplighterError
from detectors.truth import TrueIssue, Truth
from detectors.values import Change, FindingChange, Look, Presence, View
from detectors.video_writer import write_h264
from tests.workorders.conftest import OPERATOR, VIEWER
from tests.workorders.fakes import FrozenClock, ScriptedEyes, add_camera, answer, finding, light, look, take
from workorders.actors import SYSTEM
from workorders.errors import NotAllowed
from workorders.orders.desk import Request, perform
from workorders.play.night import Clips, Night, Pace, find_clips
from workorders.play.playing import Ports, run_play
from workorders.play.stage import CAMERA, ask_play, playing, reset_play
from workorders.queries.cameras import cameras
from workorders.queries.model import judged_by_issue
from workorders.queries.order import OrderDetail, order_detail
from workorders.queries.orders import orders_page
from workorders.queries.overview import overview
from workorders.queries.play import latest_play
from workorders.register.sites import update_site
from workorders.store import Store
from workorders.words import Action, DismissReason, EvidenceKind, JobState, Moment, OrderState, PlayStep

LAMP = "PLAY-L-0702"
Told = dict[str, Any]
Play = Callable[..., tuple[Told, list[Told]]]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    """A night of sixty small pictures, whose lamp is dark in the middle third; and the view mended."""
    folder = tmp_path_factory.mktemp("clips")
    for name in ("lapse", "mended"):
        pictures = [np.full((36, 64, 3), 40 + 3 * n, np.uint8) for n in range(60)]
        write_h264(folder / f"{name}.mp4", pictures, 10)
    dusk = datetime(2026, 9, 22, 9, 0, tzinfo=UTC)
    times = tuple(dusk + timedelta(minutes=14 * n) for n in range(60))
    fault = TrueIssue("light_out", "L-0702", None, 2.0, 4.0)
    view = View("riverside-07", (light("L-0702"), light("L-0703", 0.6)), 31.17, 121.46, "Asia/Shanghai")
    truth = Truth(view, dusk, 10, times, (fault,))
    return Clips(folder / "lapse.mp4", folder / "mended.mp4", truth, fault)


@pytest.fixture
def play(store: Store, clock: FrozenClock, clips: Clips) -> Play:
    """Plays a night whose seconds pass at once; gives what it came to, and all that was told meanwhile."""

    def played(
        during: Callable[[Told], object] = lambda told: None, should_stop: Callable[[], bool] = lambda: False
    ) -> tuple[Told, list[Told]]:
        ask_play(store, OPERATOR)
        told: list[Told] = []

        def tell(now: Told) -> None:
            told.append(now)
            during(now)

        ports = Ports(
            clips=lambda: clips,
            pace=Pace(evening_s=2, dark_s=2, mended_s=2, morning_s=2, most_dark=60, till_morning=3),
            sleep=lambda seconds: clock.forward(seconds=seconds),
            wall=lambda: clock.at.timestamp(),
        )
        result = run_play(
            store, NightEyes(), progress=lambda share, text: None, tell=tell, ports=ports, should_stop=should_stop
        )
        return result, told

    return played


@pytest.fixture(autouse=True)
def demo_site(store: Store) -> None:
    update_site(store, SYSTEM, "Riverside demo", "Asia/Shanghai", is_demo=True)


class NightEyes(ScriptedEyes):
    """Eyes that see the lamp dark or lit as the night that is played has it."""

    def looks(self, source: Night, view: View, every_s: float) -> Iterator[Look]:
        seen_dark: list[datetime] = []
        for n, frame in enumerate(source.frames(every_s)):
            dark = source.step is PlayStep.DARK
            answers = [answer(LAMP, Presence.PRESENT if dark else Presence.ABSENT)]
            changes = []
            if dark:
                seen_dark.append(frame.at)
            if dark and len(seen_dark) >= 3:
                change = Change.CONFIRMED if len(seen_dark) == 3 else Change.CONTINUED
                seen = finding(
                    asset_id=LAMP, camera=CAMERA, first_seen=seen_dark[0], last_seen=frame.at, observations=n
                )
                changes = [FindingChange(change, seen)]
            yield look(frame.at, changes, answers, index=n)


def order(store: Store, number: int = 1) -> OrderDetail:
    return order_detail(store, number, OPERATOR)


def test_with_nobody_there_the_crew_does_it_all_and_the_camera_verifies(
    store: Store, clock: FrozenClock, play: Play
) -> None:
    began = clock.at
    result, told = play()

    assert (result["order"], result["state"], result["step"]) == (1, "closed", "over")
    assert [a.action for a in order(store).log if a.actor == "Guided play"] == [
        "acknowledge", "assign", "start", "resolve", "close",
    ]  # fmt: skip
    verified = next(line for line in order(store).log if line.action == "verify")
    assert verified.actor == f"Camera {CAMERA}"
    assert order(store).file_of(EvidenceKind.CLEAN, Moment.AFTER) is not None
    assert began < order(store).first_seen < clock.at, "orders live in the time of those who watch"
    assert list(dict.fromkeys(t["step"] for t in told)) == [s.value for s in PlayStep if s is not PlayStep.OVER]
    assert [t["at"] for t in told] == sorted(t["at"] for t in told), "the night never runs backwards"


def test_a_person_who_is_faster_does_the_steps(store: Store, clock: FrozenClock, play: Play) -> None:
    def act(told: Told) -> None:
        if told["state"] == "new":
            for action in (Action.ACKNOWLEDGE, Action.ASSIGN, Action.START, Action.RESOLVE):
                perform(store, OPERATOR, told["order"], Request(action, assignee="operator"))

    result, _ = play(act)

    assert result["state"] == "closed"
    assert [a.action for a in order(store).log if a.actor == "Guided play"] == ["close"]


def test_an_order_that_a_person_dismisses_ends_the_wait(store: Store, clock: FrozenClock, play: Play) -> None:
    def act(told: Told) -> None:
        if told["state"] == "new":
            perform(store, OPERATOR, told["order"], Request(Action.DISMISS, reason=DismissReason.FALSE_ALARM))

    assert play(act)[0]["state"] == "dismissed"


def test_a_stopped_play_leaves_the_stage(store: Store, clock: FrozenClock, play: Play) -> None:
    looks = iter(range(1000))
    play(should_stop=lambda: next(looks) > 30)

    assert overview(store).cameras == 0
    assert overview(store).assets == 0


def test_a_reset_ends_what_is_open_and_a_second_night_raises_a_new_order(
    store: Store, clock: FrozenClock, play: Play
) -> None:
    def break_off(told: Told) -> None:
        if told["state"] == "in_progress":
            raise Stop

    with pytest.raises(Stop):
        play(break_off)
    reset_play(store, OPERATOR)
    assert order(store).row.state is OrderState.DISMISSED
    assert order(store).log[-1].note == "the guided play was reset by Operator"
    assert judged_by_issue(store) == (), "a reset is nobody's verdict on the detector"
    assert (overview(store).waiting, overview(store).cameras, overview(store).assets) == (0, 0, 0)
    assert cameras(store)[0].still is None

    clock.forward(minutes=5)
    result, _ = play()
    assert (result["order"], result["state"]) == (2, "closed")


class Stop(Exception):
    """A play that breaks off, as when its worker is killed."""


@pytest.mark.parametrize("state", [OrderState.NEW, OrderState.RESOLVED, OrderState.VERIFIED])
def test_a_reset_ends_an_order_in_any_state(store: Store, clock: FrozenClock, state: OrderState, play: Play) -> None:
    def break_off(told: Told) -> None:
        if told["state"] == state.value:
            raise Stop

    with pytest.raises(Stop):
        play(break_off)
    reset_play(store, OPERATOR)

    assert order(store).row.state in (OrderState.DISMISSED, OrderState.CLOSED)


def test_two_nights_at_once_are_refused(store: Store) -> None:
    ask_play(store, OPERATOR)
    with pytest.raises(NotAllowed, match="is being played"):
        ask_play(store, OPERATOR)
    reset_play(store, OPERATOR)
    assert playing(store) == ()
    ask_play(store, OPERATOR)


@pytest.mark.parametrize("act", [ask_play, reset_play])
def test_a_real_site_and_a_viewer_are_refused(store: Store, act: Callable[..., object]) -> None:
    with pytest.raises(NotAllowed):
        act(store, VIEWER)
    update_site(store, SYSTEM, "Harbour", "Europe/Lisbon", is_demo=False)
    with pytest.raises(NotAllowed, match="demo sites only"):
        act(store, OPERATOR)
    assert cameras(store) == ()


def test_a_copy_without_the_clips_says_so(tmp_path: Path) -> None:
    with pytest.raises(LamplighterError, match="needs riverside_timelapse_night"):
        find_clips(tmp_path)


def test_pages_see_where_it_stands(store: Store) -> None:
    assert latest_play(store) is None
    ask_play(store, OPERATOR)
    row = latest_play(store)
    assert row is not None
    assert (row.running, row.on_stage, row.step, row.order) == (True, True, None, None)
    reset_play(store, OPERATOR)
    row = latest_play(store)
    assert row is not None
    assert (row.state, row.on_stage) == (JobState.CANCELLED, False)


def test_other_orders_of_the_site_are_left_alone(store: Store, clock: FrozenClock, play: Play) -> None:
    add_camera(store, "riverside-07", [light("L-0702")])
    own = take(store, what=finding(asset_id="L-0702", camera="riverside-07")).order_id
    assert own is not None
    clock.forward(hours=1)
    play()
    reset_play(store, OPERATOR)

    assert order(store, own).row.state is OrderState.NEW
    assert len(orders_page(store).rows) == 2


def test_a_dark_circuit_of_the_site_does_not_take_the_play_s_lamp_in(
    store: Store, clock: FrozenClock, play: Play
) -> None:
    dark = [f"L-070{n}" for n in (1, 2, 3)]
    lamps = [light(asset, 0.1 * n) for n, asset in enumerate(dark, 1)]
    add_camera(store, "riverside-07", lamps, latitude=31.17, longitude=121.46)
    for asset in dark:
        take(store, what=finding(asset_id=asset, camera="riverside-07", first_seen=clock()))
    circuit = orders_page(store).rows[0]
    assert circuit.asset_id is None

    result, _ = play()

    assert result["state"] == "closed"
    assert order(store, result["order"]).row.asset_id == LAMP
    assert order(store, circuit.id).row.sightings == circuit.sightings
