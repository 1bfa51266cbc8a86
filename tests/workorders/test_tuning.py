"""How a site confirms findings: who may set it, what is refused, what is logged, what watches make of it, previews."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from detectors.errors import LamplighterError
from detectors.geometry import Box
from detectors.settings import ConfirmationSettings
from detectors.values import Look, Mark, View
from tests.detectors.fakes import FramesSource, ScriptedDetector, frames
from tests.detectors.scenes import WALK, night
from tests.workorders.conftest import MANAGER, OPERATOR, VIEWER
from tests.workorders.fakes import START, FrozenClock, ScriptedEyes, add_camera, finding, light, look, take
from workorders.actors import Actor
from workorders.errors import NotAllowed
from workorders.eyes import worker_eyes
from workorders.keeping import Keeper
from workorders.orders.desk import Request, perform
from workorders.orders.rules import Rule, set_rules
from workorders.queries.cameras import camera_view
from workorders.queries.tuning import preview_confirmation, setting_changes
from workorders.register import traces
from workorders.register.cameras import ask_for_watch
from workorders.register.traces import forget_traces
from workorders.register.tuning import checked, set_confirmation, tuning
from workorders.schema import Trace
from workorders.store import Store
from workorders.watch import run_watch
from workorders.words import Action, DismissReason, SiteSetting

USUAL = ConfirmationSettings()
EAGER = {"window": 2, "needed": 1, "keep": 1}
SLOW = {"window": 8, "needed": 6, "keep": 2}


@pytest.mark.parametrize("actor", [OPERATOR, VIEWER], ids=["operator", "viewer"])
def test_only_a_manager_sets_how_findings_are_confirmed(store: Store, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        set_confirmation(store, actor, None, EAGER)
    assert tuning(store).usual == USUAL
    assert setting_changes(store) == ()


@pytest.mark.parametrize(
    ("values", "line"),
    [
        pytest.param({"window": 2, "needed": 3}, "3 looks cannot be needed of the last 2", id="more than it looks at"),
        pytest.param({"window": 4, "needed": 2, "keep": 3}, "cannot take 3 looks to stay and 2", id="harder to stay"),
        pytest.param(
            {"enter_score": 0.5, "exit_score": 0.6}, r"keeps a finding \(0.6\) cannot be higher", id="scores crossed"
        ),
        pytest.param({"window": 0, "needed": 0, "keep": 0}, "window cannot be 0", id="none"),
        pytest.param({"enter_score": 1.5}, "enter_score cannot be 1.5", id="surer than sure"),
        pytest.param({"window": 4000}, "window cannot be 4000", id="more looks than are kept"),
        pytest.param({"windows": 4}, "windows cannot be 4", id="a misspelt field"),
    ],
)
def test_values_that_cannot_work_are_one_clear_line(store: Store, values: dict[str, float], line: str) -> None:
    whole = {"window": 4, "needed": 3, "keep": 1} | values
    with pytest.raises(LamplighterError, match=line) as refused:
        set_confirmation(store, MANAGER, None, whole)
    assert "\n" not in str(refused.value)
    assert tuning(store).usual == USUAL


@pytest.mark.parametrize("issue", ["camera_offline", "no_such_issue"])
def test_issues_that_no_look_confirms_have_no_settings(store: Store, issue: str) -> None:
    with pytest.raises(LamplighterError):
        set_confirmation(store, MANAGER, issue, EAGER)


def test_issues_have_settings_of_their_own_until_they_are_given_up(store: Store) -> None:
    set_confirmation(store, MANAGER, "litter", SLOW)
    set_confirmation(store, MANAGER, None, EAGER)
    now = tuning(store)
    assert (now.of("litter").needed, now.of("light_out").needed) == (6, 1)

    set_confirmation(store, MANAGER, "litter", None)
    assert tuning(store).of("litter").needed == 1
    set_confirmation(store, MANAGER, None, None)
    assert tuning(store).usual == USUAL


def test_every_change_is_logged_with_who_and_when(store: Store, clock: FrozenClock) -> None:
    set_confirmation(store, MANAGER, "litter", SLOW)
    set_confirmation(store, MANAGER, "litter", SLOW)
    clock.forward(hours=1)
    set_rules(store, MANAGER, {"light_out": Rule(dwell_s=30)})
    set_rules(store, MANAGER, {"light_out": Rule(dwell_s=30), "litter": Rule(score=0.6)})
    set_rules(store, MANAGER, {"litter": Rule(score=0.6)})
    told = [(row.setting, row.issue, row.before is None, row.after is None) for row in setting_changes(store)]

    assert told == [
        (SiteSetting.RULES, "light_out", False, True),
        (SiteSetting.RULES, "litter", True, False),
        (SiteSetting.RULES, "light_out", True, False),
        (SiteSetting.CONFIRMATION, "litter", True, False),
    ]
    assert [(row.actor_name, row.at) for row in setting_changes(store)][-1] == ("Manager", START)


def test_workers_confirm_as_the_site_says(store: Store) -> None:
    """A lamp that fails, seen by the real pipeline: confirmed at the first look, the third, or never."""
    pictures = [night((True,) * 4, s) for s in range(3)] + [night((True, False, True, True), s) for s in range(3, 9)]

    def confirmed_at() -> list[int]:
        eyes = worker_eyes(store, ScriptedDetector())
        looks = eyes.looks(FramesSource(frames(pictures)), WALK, 1.0)
        return [k.frame.index for k in looks for c in k.changes if c.change.value == "confirmed"]

    assert confirmed_at() == [5]
    set_confirmation(store, MANAGER, "light_out", EAGER)
    assert confirmed_at() == [3]
    set_confirmation(store, MANAGER, "light_out", {"window": 20, "needed": 20, "keep": 1})
    assert confirmed_at() == []


def test_a_watch_begins_anew_when_settings_change(store: Store, clock: FrozenClock) -> None:
    add_camera(store, assets=[light("L-1")], source="rtsp://pier/1")
    ask_for_watch(store, OPERATOR, "cam-1", True)
    begun: list[int] = []

    def script(view: View) -> Iterator[Look]:
        begun.append(0)
        for n in range(9):
            begun[-1] += 1
            if len(begun) == 1 and n == 3:
                set_confirmation(store, MANAGER, None, EAGER)
            if len(begun) == 2 and n == 5:
                ask_for_watch(store, OPERATOR, "cam-1", False)
            yield look(clock.forward(seconds=1), offset_s=float(n))

    why = run_watch(store, "cam-1", ScriptedEyes(script), progress=lambda *_: None, should_stop=lambda: False)
    assert (begun, why) == ([4, 6], "the watch was ended")


def watch(store: Store, clock: FrozenClock, scripts: dict[str, str], camera: str = "cam-1") -> None:
    """Keep looks a second apart; `8` is a mark with 0.8, `.` one that did not see it, a blank none."""
    keeper = Keeper(store, camera_view(store, camera), 1.0, wall=lambda: clock().timestamp())
    for n in range(max(map(len, scripts.values()))):
        marks = []
        for key, script in scripts.items():
            sign = script[n : n + 1].strip()
            if sign:
                marks.append(Mark(key, key.partition(":")[0], None, int(sign) / 10 if sign.isdecimal() else None))
        keeper.take(replace(look(clock.forward(seconds=1), index=n), marks=tuple(marks)))
    keeper.finish()


@pytest.fixture
def week(store: Store, clock: FrozenClock) -> Store:
    """Litter in three places: seen for long, for three looks, and for two; and a lamp that is out."""
    add_camera(store, assets=[light("L-1")])
    scripts = {
        "litter:place-1": "888888888888....",
        "litter:place-2": "   888....",
        "litter:place-3": "   88.....",
        "light_out:L-1": "99999",
    }
    watch(store, clock, scripts)
    clock.forward(hours=3)
    return store


def changed(store: Store, issue: str | None, **values: Any) -> tuple[int, int, int]:
    found = preview_confirmation(store, issue, checked(USUAL.model_dump() | values))
    return found.findings, found.fewer, found.more


@pytest.mark.parametrize(
    ("issue", "values", "expected"),
    [
        pytest.param("litter", {}, (2, 0, 0), id="as it is"),
        pytest.param("litter", {"window": 8, "needed": 6}, (2, 1, 0), id="slower: the short one goes"),
        pytest.param("litter", {"needed": 2}, (2, 0, 1), id="quicker: another one comes"),
        pytest.param("litter", {"enter_score": 0.85}, (2, 2, 0), id="surer than any"),
        pytest.param("light_out", {"needed": 2}, (1, 0, 0), id="another issue"),
        pytest.param("path_flooded", {}, (0, 0, 0), id="an issue that nobody saw"),
        pytest.param(None, {"window": 8, "needed": 6}, (3, 2, 0), id="all issues"),
    ],
)
def test_a_preview_counts_the_looks_again(week: Store, issue: str | None, values: Any, expected: Any) -> None:
    assert changed(week, issue, **values) == expected


def test_a_preview_says_how_much_later_and_since_when(week: Store) -> None:
    found = preview_confirmation(week, "litter", checked(USUAL.model_dump() | {"window": 8, "needed": 6}))

    assert found.later_s == 3.0
    assert found.since == START + timedelta(seconds=1)
    assert found.looks == 16 + 7 + 7


def test_all_issues_leaves_out_those_with_settings_of_their_own(week: Store) -> None:
    set_confirmation(week, MANAGER, "litter", USUAL.model_dump() | {"needed": 2})
    assert changed(week, None, window=8, needed=6) == (1, 1, 0), "the lamp alone"
    assert changed(week, "litter") == (3, 1, 0), "from its own settings back to the usual ones"


def test_a_preview_knows_what_people_dismissed(week: Store) -> None:
    seen = finding("litter", None, key="litter:place-2", first_seen=START + timedelta(seconds=4), asset_kind="path")
    order = take(week, what=seen).order_id
    assert order is not None
    perform(week, OPERATOR, order, Request(Action.DISMISS, reason=DismissReason.FALSE_ALARM))
    found = preview_confirmation(week, "litter", checked(USUAL.model_dump() | {"window": 8, "needed": 6}))

    assert (found.fewer, found.fewer_orders, found.fewer_dismissed) == (1, 1, 1)


def test_a_preview_counts_orders_too(week: Store) -> None:
    """An order stays while another finding holds it, and where one is open no further one is raised."""

    def raise_one(place: int, second: int) -> None:
        box = Box(0.3 * place, 0.3, 0.3 * place + 0.05, 0.4)
        at = START + timedelta(seconds=second)
        take(week, what=finding("litter", None, key=f"litter:place-{place}", box=box, asset_kind="path", first_seen=at))

    def orders(**values: Any) -> tuple[int, int]:
        found = preview_confirmation(week, "litter", checked(USUAL.model_dump() | values))
        return found.fewer_orders, found.more_orders

    raise_one(2, 4)
    assert (orders(window=8, needed=6), orders(needed=2)) == ((1, 0), (0, 1))
    raise_one(2, 9)
    assert orders(window=8, needed=6) == (0, 0), "what was found five seconds later holds the order"


def test_the_log_of_settings_cannot_be_rewritten(store: Store) -> None:
    set_confirmation(store, MANAGER, "litter", SLOW)
    for change in ("UPDATE setting_change SET actor_name = 'nobody'", "DELETE FROM setting_change"):
        with pytest.raises(DatabaseError, match="append-only"), store.engine.begin() as connection:
            connection.execute(text(change))
    assert [row.actor_name for row in setting_changes(store)] == ["Manager"]


def test_looks_are_forgotten_after_the_time_that_previews_look_back(week: Store, clock: FrozenClock) -> None:
    clock.forward(days=7)
    assert changed(week, "litter") == (0, 0, 0)
    assert forget_traces(week) == 0
    clock.forward(days=1)
    assert forget_traces(week) == 4


def test_a_long_watch_is_written_in_pieces_and_counted_as_one(
    store: Store, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_camera(store)
    monkeypatch.setattr(traces, "LONGEST", timedelta(minutes=1))
    watch(store, clock, {"litter:place-1": "8" * 200})
    with store.read() as session:
        assert len(session.scalars(select(Trace)).all()) == 4
    found = preview_confirmation(store, "litter", checked(USUAL.model_dump() | {"window": 100, "needed": 100}))

    assert (found.findings, found.fewer, found.more, found.later_s) == (1, 0, 0, 97.0)
