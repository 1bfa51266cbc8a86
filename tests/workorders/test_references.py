"""A camera keeps a clean picture of its view for each light state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import cv2
import numpy as np
import pytest

from detectors.geometry import Nudge
from detectors.values import Detections, LightState, Look, View
from tests.workorders.conftest import MANAGER, OPERATOR
from tests.workorders.fakes import START, FrozenClock, ScriptedEyes, add_camera, light, look
from workorders.evidence.writer import write_still
from workorders.register.cameras import CameraDetails, ask_for_watch, load_camera, save_camera, set_region
from workorders.register.references import RENEWED_AFTER, SETTLES_S, ReferenceKeeper, reference_pictures
from workorders.store import Store
from workorders.watch import run_watch

D, N = LightState.DAY, LightState.NIGHT
BUSY = Detections.of([("person", 0.9, (0.1, 0.1, 0.2, 0.5)), ("car", 0.8, (0.5, 0.5, 0.9, 0.9))])


def seen(shade: int, light: LightState = D, second: float = 0.0, **changed: object) -> Look:
    """A look at a picture of one grey."""
    plain = look(light_state=light, offset_s=second)
    at = START + timedelta(seconds=second)
    return replace(plain, frame=replace(plain.frame, image=np.full((90, 160, 3), shade, np.uint8), at=at), **changed)


def shades(store: Store) -> dict[str, int]:
    """The middle grey of each picture kept."""
    return {light.value: round(float(p.mean())) for light, p in reference_pictures(store, "cam-1").items()}


@pytest.fixture
def keeper(store: Store) -> ReferenceKeeper:
    add_camera(store)
    return ReferenceKeeper(store, "cam-1")


def test_the_first_look_that_is_well_is_kept_and_the_dashboard_has_it(store: Store, keeper: ReferenceKeeper) -> None:
    keeper.take(seen(100), trouble=False)
    keeper.take(seen(150), trouble=False)
    assert shades(store) == {"day": 100}
    with store.read() as session:
        path = load_camera(session, "cam-1").reference_path
    assert path is not None
    assert (store.files / path).is_file()


@pytest.mark.parametrize(
    ("changed", "trouble"),
    [
        pytest.param({}, True, id="something is wrong there"),
        pytest.param({"suspended": "camera_covered"}, False, id="a camera fault"),
        pytest.param({"asked": ""}, False, id="the detector did not see it"),
        pytest.param({"nudge": Nudge(dx=0.02)}, False, id="nudged"),
    ],
)
def test_what_is_no_reference(store: Store, keeper: ReferenceKeeper, changed: dict[str, object], trouble: bool) -> None:
    keeper.take(seen(100, **changed), trouble)
    assert shades(store) == {}


def test_an_emptier_picture_takes_the_place_of_a_busy_one(store: Store, keeper: ReferenceKeeper) -> None:
    keeper.take(seen(100, detections=BUSY), trouble=False)
    keeper.take(seen(120, second=1), trouble=False)
    keeper.take(seen(140, second=2), trouble=False)
    assert shades(store) == {"day": 120}


def test_night_is_kept_when_it_has_been_dark_for_a_while(store: Store, keeper: ReferenceKeeper) -> None:
    keeper.take(seen(100, D), trouble=False)
    keeper.take(seen(20, N, 10), trouble=False)
    assert shades(store) == {"day": 100}
    keeper.take(seen(10, N, 20 + SETTLES_S), trouble=False)
    assert shades(store) == {"day": 100, "night": 10}


def test_a_picture_is_renewed_after_a_week(store: Store, keeper: ReferenceKeeper, clock: FrozenClock) -> None:
    keeper.take(seen(100), trouble=False)
    clock.at += RENEWED_AFTER / 2
    ReferenceKeeper(store, "cam-1").take(seen(120), trouble=False)
    assert shades(store) == {"day": 100}
    clock.at += RENEWED_AFTER
    ReferenceKeeper(store, "cam-1").take(seen(140), trouble=False)
    assert shades(store) == {"day": 140}


def test_the_one_picture_of_an_older_register_counts_for_the_light_it_shows(store: Store) -> None:
    add_camera(store)
    write_still(store.files / "references/cam-1.jpg", np.full((90, 160, 3), 5, np.uint8))
    with store.write() as work:
        load_camera(work.session, "cam-1").reference_path = "references/cam-1.jpg"
        work.commit()
    assert shades(store) == {"night": 5}


def test_a_picture_that_is_gone_or_broken_is_left_out(store: Store, keeper: ReferenceKeeper) -> None:
    keeper.take(seen(100), trouble=False)
    (store.files / "references/day/cam-1.jpg").write_bytes(b"no picture")
    assert cv2.imread(str(store.files / "references/day/cam-1.jpg")) is None
    assert reference_pictures(store, "cam-1") == {}


def test_a_watch_keeps_what_it_sees_and_the_next_one_starts_from_it(store: Store) -> None:
    add_camera(store, assets=[light("L-1")], source="gate")
    started: list[list[str]] = []

    def script(view: View) -> list[Look]:
        started.append(sorted(state.value for state in view.references))
        return [seen(100, second=second) for second in range(3)]

    for _ in range(2):
        ask_for_watch(store, OPERATOR, "cam-1", True)
        eyes = ScriptedEyes(script)
        run_watch(store, "cam-1", eyes, progress=lambda *_: None, should_stop=lambda: False, sleep=lambda _: None)
    assert started == [[], ["day"]]


def drawn_anew(store: Store) -> None:
    set_region(store, MANAGER, "cam-1", "L-1", [[0.1, 0.1], [0.2, 0.1], [0.2, 0.4]])


def other_source(store: Store) -> None:
    save_camera(store, MANAGER, "cam-1", CameraDetails("cam-1", source="another"))


def renamed(store: Store) -> None:
    save_camera(store, MANAGER, "cam-1", CameraDetails("Gate", source="gate"))


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        pytest.param(drawn_anew, {}, id="a region drawn anew"),
        pytest.param(other_source, {}, id="another source"),
        pytest.param(renamed, {"day": 100}, id="only another name"),
    ],
)
def test_a_view_that_people_change_drops_its_pictures(
    store: Store, change: Callable[[Store], None], kept: dict[str, int]
) -> None:
    add_camera(store, assets=[light("L-1")], source="gate")
    ReferenceKeeper(store, "cam-1").take(seen(100), trouble=False)
    change(store)
    assert shades(store) == kept
