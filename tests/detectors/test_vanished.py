"""Things that were surely seen and are seen no more."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.furniture import FurnitureInspector
from detectors.inspectors.vanished import Vanished
from detectors.values import Asset, Detections, LightState, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import HEIGHT, WIDTH, day

DAY, NIGHT = LightState.DAY, LightState.NIGHT
PLACES = {"W-1": Box(0.4, 0.6, 0.45, 0.75), "W-2": Box(0.6, 0.6, 0.65, 0.75), "W-3": Box(0.8, 0.6, 0.85, 0.75)}
BEHIND = Box(0.33, 0.6, 0.45, 0.76)  # a bench that the first bin hides in part
THINGS = [Asset(i, "bin", Region.rectangle(box)) for i, box in PLACES.items()]
THINGS.append(Asset("B-1", "bench", Region.rectangle(BEHIND)))
KINDS = {"bin": ("bin", "bin_overflowing"), "bench": ("bench",)}
BENCH = ("bench", 0.9, BEHIND.as_list())
Seen = tuple[str, float, list[float]]


def bins(score: float, *ids: str, name: str = "bin") -> list[Seen]:
    return [(name, score, PLACES[i].as_list()) for i in ids]


def looks(*all_found: Sequence[Seen], light: LightState = DAY) -> list[Scene]:
    view = View("walk", tuple(THINGS))
    return [Scene(frame(day(), t), light, Detections.of(list(found)), view, []) for t, found in enumerate(all_found)]


REST = [*bins(0.8, "W-2", "W-3"), BENCH]
ALL = [*bins(0.8, "W-1"), *REST]


@pytest.mark.parametrize(
    ("before", "now", "went"),
    [
        pytest.param([ALL] * 4, REST, {"W-1"}, id="surely seen, and now the bench that it hid"),
        pytest.param([ALL] * 4, REST[:2], set(), id="what is there now is not known: it may hide the bin"),
        pytest.param([ALL] * 4, [*REST, *bins(0.2, "W-1")], set(), id="still faintly seen"),
        pytest.param([ALL] * 4, [*REST, *bins(0.6, "W-1", name="bin_overflowing")], set(), id="it is full now"),
        pytest.param([ALL] * 2, REST, set(), id="seen too few times"),
        pytest.param([[*REST, *bins(0.4, "W-1")]] * 4, REST, set(), id="never surely seen"),
        pytest.param([ALL] * 4, [*REST, ("person", 0.2, [0.38, 0.5, 0.43, 0.8])], set(), id="somebody is before it"),
        pytest.param([ALL] * 4, [BENCH], set(), id="most went at once: it is the picture"),
        pytest.param([ALL] * 4 + [REST] * 12, REST, {"W-1"}, id="it stays away"),
        pytest.param([ALL] * 4 + [REST] * 4, ALL, set(), id="it is back"),
    ],
)
def test_what_was_surely_seen_and_is_no_more_went(before: list[list[Seen]], now: list[Seen], went: set[str]) -> None:
    watch = Vanished()
    *earlier, last = looks(*before, now)
    for scene in earlier:
        watch.look(THINGS, KINDS, scene)
    assert watch.look(THINGS, KINDS, last) == went


OFF = ("bin", 0.6, [0.42, 0.64, 0.47, 0.79])  # on the first bin's place, but off it


@pytest.mark.parametrize(
    ("now", "out"),
    [
        pytest.param([*REST, OFF], True, id="seen beside its place"),
        pytest.param(REST, True, id="not seen at all"),
        pytest.param(ALL, False, id="as it stood"),
        pytest.param([*REST, *bins(0.2, "W-1")], False, id="faintly, but in its place"),
        pytest.param([BENCH], False, id="most are at once: it is the picture"),
    ],
)
def test_what_was_surely_seen_is_out_of_place_where_no_box_fits(now: list[Seen], out: bool) -> None:
    watch = Vanished()
    for scene in looks(*[ALL] * 4, *[now] * 12):
        watch.look(THINGS, KINDS, scene)
    assert watch.is_out_of_place("W-1") == out


def test_what_was_seen_by_day_is_not_looked_for_by_night() -> None:
    watch = Vanished()
    for scene in looks(*[ALL] * 4):
        watch.look(THINGS, KINDS, scene)
    (dark,) = looks(REST, light=NIGHT)
    assert not watch.look(THINGS, KINDS, dark)


@pytest.mark.parametrize(
    ("stays", "last"),
    [
        pytest.param(False, Presence.PRESENT, id="it shows no more"),
        pytest.param(True, Presence.UNKNOWN, id="it shows as ever: the detector wavers"),
    ],
)
def test_a_bin_before_a_bench_is_missed_where_it_is_not_seen_and_its_place_looks_otherwise(
    stays: bool, last: Presence
) -> None:
    view, said = View("walk", tuple(THINGS)), []
    inspector = FurnitureInspector(view)
    for second, found in enumerate([ALL] * 4 + [REST]):
        picture = day(seed=second)
        x0, y0, x1, y1 = PLACES["W-1"].pixels(WIDTH, HEIGHT)
        for y in range(y0, y1, 8) if stays or found is ALL else ():
            cv2.rectangle(picture, (x0, y), (x1, y + 4), (40, 70, 30), -1)
        looked = inspector.look(Scene(frame(picture, second), DAY, Detections.of(found), view, []))
        said += [o.presence for o in looked if o.issue == "asset_missing" and o.asset_id == "W-1"]
    assert said == [Presence.ABSENT] * 4 + [last]
