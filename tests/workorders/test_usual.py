"""What people called a false alarm stays quiet while it looks as it did, and no longer."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.values import Asset, Change, Detections, FindingChange, Image, LightState, Look, View
from tests.workorders.conftest import OPERATOR
from tests.workorders.fakes import BOX, FrozenClock, ScriptedEyes, add_camera, finding, light, look, take
from workorders.errors import NotAllowed
from workorders.evidence.retention import retain
from workorders.evidence.writer import write_still
from workorders.inspection import run_inspection
from workorders.orders.desk import Request, perform
from workorders.orders.suppression import lift
from workorders.orders.usual import LONGEST, UsualLooks, UsualRow, usual_rows
from workorders.queries.order import order_detail
from workorders.queries.people import suppressions
from workorders.register.references import reference_pictures
from workorders.schema import Evidence
from workorders.store import Store
from workorders.words import Action, DismissReason, EvidenceKind, Moment

QUIET = Request(Action.DISMISS, reason=DismissReason.FALSE_ALARM, suppress_for=LONGEST, while_alike=True)
LOOKS = 8


def scene(seed: int = 1) -> Image:
    """A picture full of edges; another seed shows another place."""
    coarse = np.random.default_rng(seed).integers(0, 255, (18, 32, 3), np.uint8)
    return np.kron(coarse, np.ones((10, 10, 1), np.uint8))


SOMEBODY = Detections.of([("person", 0.9, (0.8, 0.1, 0.9, 0.5))])
SAME, OTHER = scene(1), scene(2)


def clip(
    clock: FrozenClock,
    pictures: list[Image],
    what: dict[str, object] | None = None,
    state: LightState = LightState.DAY,
    covered: Collection[int] = (),
    busy: Collection[int] = (),
) -> ScriptedEyes:
    """Eyes that see a finding in every look at these pictures, but for those at which the camera is covered."""
    first = clock.at

    def script(view: View) -> Iterator[Look]:
        for n, picture in enumerate(pictures):
            at = first + timedelta(seconds=n)
            kind = Change.CONFIRMED if n == 0 else Change.CONTINUED
            seen = finding(**{"first_seen": first, "last_seen": at, **(what or {})})
            changes, fault = ([], "camera_covered") if n in covered else ([FindingChange(kind, seen)], "")
            plain = look(at, changes, light_state=state, suspended=fault, offset_s=float(n), index=n)
            seen = SOMEBODY if n in busy else plain.detections
            yield replace(plain, frame=replace(plain.frame, image=picture), detections=seen)

    return ScriptedEyes(script)


def inspect(store: Store, eyes: ScriptedEyes) -> tuple[int, ...]:
    """Numbers of the orders that an inspection raised."""
    return run_inspection(store, "live.mp4", "cam-1", eyes).opened


@pytest.fixture(autouse=True)
def camera(store: Store) -> None:
    path = Asset("P-1", "path", Region.rectangle(Box(0, 0.2, 1, 1)))
    add_camera(store, assets=[light("L-1"), light("L-2", 0.7), path])


@pytest.fixture
def dismissed(store: Store, clock: FrozenClock) -> int:
    """An order dismissed as a false alarm, quiet while the lamp looks like that; an hour later."""
    (order,) = inspect(store, clip(clock, [SAME] * 3))
    perform(store, OPERATOR, order, QUIET)
    clock.forward(hours=1)
    return order


def passer(n: int) -> list[Image]:
    """Looks of which two, one after the other, are hidden."""
    return [OTHER if k in (n, n + 1) else SAME for k in range(LOOKS)]


NOWHERE = {"issue": "litter", "asset_id": None, "asset_kind": None, "key": "litter:place-1"}
A_BIN = {**NOWHERE, "issue": "bin_overflowing", "key": "bin_overflowing:place-1"}
ON_A_PATH = {**NOWHERE, "asset_id": "P-1", "asset_kind": "path"}


@pytest.mark.parametrize(
    ("pictures", "changed", "raised"),
    [
        pytest.param([SAME] * LOOKS, {}, False, id="it looks the same"),
        pytest.param([OTHER] * LOOKS, {}, True, id="it looks otherwise"),
        pytest.param([SAME] * 4 + [OTHER] * 4, {}, True, id="it comes to look otherwise"),
        pytest.param(passer(0), {}, False, id="somebody passes at the beginning"),
        pytest.param(passer(3), {}, False, id="somebody passes"),
        pytest.param([SAME] * LOOKS, {"issue": "light_damaged"}, True, id="another issue"),
        pytest.param([SAME] * LOOKS, {"asset_id": "L-2"}, True, id="another lamp"),
    ],
)
def test_a_dismissed_place_is_quiet_while_it_looks_the_same(
    store: Store, clock: FrozenClock, dismissed: int, pictures: list[Image], changed: dict[str, object], raised: bool
) -> None:
    assert bool(inspect(store, clip(clock, pictures, changed))) is raised


def test_what_a_covered_camera_shows_is_no_other_look_of_the_place(
    store: Store, clock: FrozenClock, dismissed: int
) -> None:
    covered = range(3, 7)
    pictures = [OTHER if n in covered else SAME for n in range(LOOKS)]
    assert inspect(store, clip(clock, pictures, covered=covered)) == ()


def test_by_night_a_place_looks_otherwise_and_is_learnt_apart(store: Store, clock: FrozenClock, dismissed: int) -> None:
    (second,) = inspect(store, clip(clock, [SAME] * LOOKS, state=LightState.NIGHT))
    perform(store, OPERATOR, second, QUIET)
    for state in (LightState.DAY, LightState.NIGHT):
        clock.forward(hours=1)
        assert inspect(store, clip(clock, [SAME] * LOOKS, state=state)) == ()
    assert sorted(row.hits for row in suppressions(store)) == [1, 1]


@pytest.mark.parametrize(
    "ground",
    [
        pytest.param(NOWHERE, id="unregistered"),
        pytest.param(A_BIN, id="a bin that nobody registered"),
        pytest.param(ON_A_PATH, id="a path"),
    ],
)
@pytest.mark.parametrize(
    ("box", "raised"),
    [
        pytest.param(BOX, False, id="the same box"),
        pytest.param(Box(0.45, 0.3, 0.55, 0.6), False, id="a little beside, its centre in another cell"),
        pytest.param(Box(0.8, 0.3, 0.9, 0.6), True, id="another place"),
    ],
)
def test_on_the_ground_the_place_in_the_picture_decides(
    store: Store, clock: FrozenClock, ground: dict[str, object], box: Box, raised: bool
) -> None:
    (order,) = inspect(store, clip(clock, [SAME] * 3, ground))
    perform(store, OPERATOR, order, QUIET)
    clock.forward(hours=1)
    assert bool(inspect(store, clip(clock, [SAME] * LOOKS, {**ground, "box": box}))) is raised


def test_another_camera_has_not_learnt_it(store: Store, clock: FrozenClock, dismissed: int) -> None:
    add_camera(store, "cam-2", assets=[light("L-1")])
    eyes = clip(clock, [SAME] * LOOKS, {"camera": "cam-2"})
    assert run_inspection(store, "live.mp4", "cam-2", eyes).opened


def test_it_covers_its_own_issue_alone(tmp_path: Path) -> None:
    write_still(tmp_path / "then.jpg", SAME)
    usual = UsualLooks(tmp_path)
    usual.renew([UsualRow(7, "asset:L-1", "light_out", "then.jpg", BOX, None)])
    plain = look(light_state=LightState.NIGHT)
    usual.look(replace(plain, frame=replace(plain.frame, image=SAME)), {"light_out", "light_damaged"})
    assert usual.covering("asset:L-1", "light_out", BOX) == 7
    assert usual.covering("asset:L-1", "light_damaged", BOX) is None
    assert usual.covering("asset:L-2", "light_out", BOX) is None


def no_time_left(store: Store, clock: FrozenClock) -> None:
    clock.forward(days=LONGEST.days + 1)


def lifted(store: Store, clock: FrozenClock) -> None:
    lift(store, OPERATOR, suppressions(store)[0].id)


def picture_gone(store: Store, clock: FrozenClock) -> None:
    assert retain(store, oldest=timedelta(minutes=1)).removed


@pytest.mark.parametrize("ends", [no_time_left, lifted, picture_gone])
def test_what_ends_the_quiet(store: Store, clock: FrozenClock, dismissed: int, ends) -> None:
    ends(store, clock)
    assert inspect(store, clip(clock, [SAME] * LOOKS))


@pytest.mark.parametrize(
    ("issue", "line"),
    [
        pytest.param("light_out", "keeps no picture", id="no picture was kept"),
        pytest.param("light_flickering", "does not tell", id="a still picture does not tell it"),
    ],
)
def test_without_a_picture_that_tells_it_cannot_be_asked_for(store: Store, issue: str, line: str) -> None:
    order = take(store, issue=issue).order_id
    with pytest.raises(NotAllowed, match=line):
        perform(store, OPERATOR, order, QUIET)
    detail = order_detail(store, order, OPERATOR)
    assert (detail.comparable, detail.dismiss_reason) == (False, None), "and nothing was done"


@pytest.mark.parametrize(
    ("request_", "hours", "taken"),
    [
        pytest.param(QUIET, 1, True, id="a false alarm, kept quiet"),
        pytest.param(Request(Action.DISMISS, reason=DismissReason.FALSE_ALARM), 0, True, id="a false alarm, seen on"),
        pytest.param(replace(QUIET, reason=DismissReason.KNOWN), 1, False, id="known: it is broken all the same"),
        pytest.param(Request(Action.ACKNOWLEDGE), 0, False, id="it waits to be mended"),
    ],
)
def test_a_view_with_nothing_but_false_alarms_gives_reference_pictures(
    store: Store, clock: FrozenClock, request_: Request, hours: int, taken: bool
) -> None:
    (order,) = inspect(store, clip(clock, [SAME] * 3))
    perform(store, OPERATOR, order, request_)
    clock.forward(hours=hours)
    inspect(store, clip(clock, [SAME] * LOOKS))
    assert (LightState.DAY in reference_pictures(store, "cam-1")) is taken


def test_once_the_place_looks_otherwise_the_view_gives_none(store: Store, clock: FrozenClock, dismissed: int) -> None:
    """An emptier picture would take the place of the busy one, if nothing were wrong by then."""
    inspect(store, clip(clock, [SAME] * 4 + [OTHER] * 6, busy=range(7)))
    assert np.abs(reference_pictures(store, "cam-1")[LightState.DAY].astype(int) - SAME).mean() < 20


def test_of_several_pictures_the_latest_before_a_repair_counts(
    store: Store, clock: FrozenClock, dismissed: int
) -> None:
    with store.write() as work:
        for name, moment in (("later.jpg", Moment.BEFORE), ("after.jpg", Moment.AFTER)):
            work.session.add(
                Evidence(
                    order_id=dismissed, camera_id="cam-1", moment=moment, kind=EvidenceKind.CLEAN, path=name,
                    sha256="0" * 64, size=1, taken_at=clock.at, box=BOX.as_list(),
                )
            )  # fmt: skip
        work.commit()
    with store.read() as session:
        (row,) = usual_rows(session, "cam-1", clock.at)
    assert row.path == "later.jpg"


def test_an_order_knows_how_often_it_was_a_false_alarm(store: Store, clock: FrozenClock, dismissed: int) -> None:
    (second,) = inspect(store, clip(clock, [OTHER] * LOOKS))
    detail = order_detail(store, second, OPERATOR)
    assert (detail.false_before, detail.comparable) == (1, True)
    assert order_detail(store, dismissed, OPERATOR).false_before == 0, "no other one"
    (row,) = suppressions(store)
    assert (row.by_picture, row.order_id, row.until) == (True, dismissed, _an_hour_before(clock) + LONGEST)


def _an_hour_before(clock: FrozenClock) -> datetime:
    return clock.at - timedelta(hours=1)
