"""Furniture that is not to be seen: what the detector, the judge of bare places and the past say together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.crops import OTHERS, PLACE_SIZE, SHARED, Crop, place_crop
from detectors.inspectors.furniture import FurnitureInspector
from detectors.inspectors.past import Past
from detectors.inspectors.state_models import Odds, state_model
from detectors.values import Asset, Detections, Image, LightState, Observation, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import HEIGHT, WIDTH, day

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
DAY, NIGHT = LightState.DAY, LightState.NIGHT
PLACE = Box(0.4, 0.6, 0.5, 0.75)
BENCH = View("walk", (Asset("B-1", "bench", Region.rectangle(PLACE)),))
SIGN = View("walk", (Asset("S-1", "sign", Region.rectangle(PLACE)),))
SEEN = [("bench", 0.8, PLACE.as_list())]


class Judge:
    """Says of every crop what it is told to say."""

    def __init__(self) -> None:
        self.bare = 0.0

    def judge(self, crops: Sequence[Crop]) -> Odds:
        return np.array([[1 - self.bare, self.bare]] * len(crops), np.float32)


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Judge:
    fake = Judge()
    monkeypatch.setattr("detectors.inspectors.furniture.state_model", lambda _: fake)
    return fake


def verdict(observations: list[Observation]) -> tuple[Presence, str]:
    (found,) = [(o.presence, o.reason) for o in observations if o.issue == "asset_missing"]
    return found


def drawn(picture: Image) -> Image:
    """The walk with a bench of slats in the place."""
    x0, y0, x1, y1 = PLACE.pixels(WIDTH, HEIGHT)
    for y in range(y0, y1, 8):
        cv2.rectangle(picture, (x0, y), (x1, y + 4), (40, 70, 110), -1)
    return picture


@pytest.mark.parametrize(
    ("found", "bare", "light", "passing", "said"),
    [
        pytest.param(SEEN, 0.05, DAY, [], (A, ""), id="it is there"),
        pytest.param(SEEN, 0.9, DAY, [], (A, ""), id="the detector sees it"),
        pytest.param([], 0.05, DAY, [], (A, ""), id="the judge sees it by day"),
        pytest.param([], 0.05, NIGHT, [], (U, "not seen, but something stands there"), id="by night: it may be dark"),
        pytest.param([], 0.95, DAY, [], (P, ""), id="bare ground from the start, nothing to compare with"),
        pytest.param([], 0.95, NIGHT, [], (P, ""), id="bare ground by night"),
        pytest.param([], 0.25, DAY, [], (U, "not seen, but something stands there"), id="hardly bare"),
        pytest.param([], 0.95, DAY, [PLACE], (U, "hidden"), id="somebody stands before it"),
    ],
)
def test_one_look_at_a_bench(
    found: list[tuple[str, float, list[float]]],
    bare: float,
    light: LightState,
    passing: list[Box],
    said: tuple[Presence, str],
    judge: Judge,
) -> None:
    judge.bare = bare
    seen = FurnitureInspector(BENCH).look(Scene(frame(day(), 0), light, Detections.of(found), BENCH, passing))
    assert verdict(seen) == said


def far(tall: int) -> Box:
    """The place of a bench so high, px."""
    return Box(0.5, 0.5, 0.52, 0.5 + tall / HEIGHT)


@pytest.mark.parametrize(
    ("place", "before", "said"),
    [
        pytest.param(Box(0.993, 0.5, 1.0, 0.6), None, U, id="a strip at the right edge, from the start"),
        pytest.param(Box(0.0, 0.5, 0.007, 0.6), None, U, id="a strip at the left edge, from the start"),
        pytest.param(Box(0.993, 0.5, 1.0, 0.6), 0.1, P, id="a strip in which something stood before"),
        pytest.param(Box(0.97, 0.5, 1.0, 0.63), None, P, id="a wider part at the edge"),
        pytest.param(Box(0.9, 0.5, 0.907, 0.63), None, P, id="as narrow, but whole"),
        pytest.param(far(11), None, U, id="too small to tell"),
        pytest.param(far(11), 0.1, U, id="too small to tell what was there"),
        pytest.param(far(22), None, U, id="far, from the start: it may stand behind leaves"),
        pytest.param(far(22), 0.1, P, id="far, and it stood there before"),
        pytest.param(far(30), None, P, id="nearer, from the start"),
    ],
)
def test_what_shows_little_is_missed_only_if_it_was_seen(
    place: Box, before: float | None, said: Presence, judge: Judge
) -> None:
    view = View("walk", (Asset("B-1", "bench", Region.rectangle(place)),))
    inspector = FurnitureInspector(view)
    for at, odds in enumerate([0.95] if before is None else [before, before, before, 0.95]):
        judge.bare = odds
        seen = inspector.look(Scene(frame(day(), at), DAY, Detections.empty(), view, []))
    assert verdict(seen)[0] is said


@pytest.mark.parametrize(
    ("light", "said"), [pytest.param(1.0, P, id="taken"), pytest.param(0.4, U, id="its lamp went out")]
)
def test_a_bench_by_night_is_not_missed_because_its_light_went_out(light: float, said: Presence, judge: Judge) -> None:
    inspector, last = FurnitureInspector(BENCH), []
    for second in range(8):
        judge.bare = 0.05 if second < 4 else 0.7
        picture = drawn(day(seed=second)) if second < 4 else (day(seed=second) * light).astype(np.uint8)
        last = inspector.look(Scene(frame(picture, second), NIGHT, Detections.empty(), BENCH, []))
    assert verdict(last)[0] is said


@pytest.mark.parametrize(
    ("score", "lies", "said"),
    [
        pytest.param(0.8, Box(0.3, 0.5, 0.6, 0.85), U, id="before it"),
        pytest.param(0.8, Box(0.3, 0.4, 0.6, 0.68), P, id="behind it"),
        pytest.param(0.8, Box(0.48, 0.5, 0.6, 0.85), P, id="beside it"),
        pytest.param(0.3, Box(0.3, 0.5, 0.6, 0.85), P, id="hardly a tree"),
    ],
)
def test_what_a_fallen_tree_hides_is_not_missed(score: float, lies: Box, said: Presence, judge: Judge) -> None:
    judge.bare = 0.95
    found = Detections.of([("fallen_tree", score, lies.as_list())])
    assert verdict(FurnitureInspector(BENCH).look(Scene(frame(day(), 0), DAY, found, BENCH, [])))[0] is said


@pytest.mark.parametrize(
    ("looks", "said"),
    [pytest.param(0, U, id="from the start"), pytest.param(4, P, id="it was there")],
)
def test_in_the_dark_only_a_change_tells(looks: int, said: Presence, judge: Judge) -> None:
    dark = (day() * 0.04).astype(np.uint8)
    inspector = FurnitureInspector(BENCH)
    for second in range(looks):
        inspector.look(Scene(frame(dark, second), NIGHT, Detections.of(SEEN), BENCH, []))
    judge.bare = 0.95
    assert verdict(inspector.look(Scene(frame(dark, 9), NIGHT, Detections.empty(), BENCH, [])))[0] is said


@pytest.mark.parametrize(
    ("before", "looks", "now", "said"),
    [
        pytest.param(0.05, 4, 0.6, P, id="surely there before: less proof is needed"),
        pytest.param(0.05, 2, 0.6, U, id="hardly looked at before"),
        pytest.param(0.30, 4, 0.6, U, id="never surely there"),
        pytest.param(0.05, 4, 0.4, U, id="changed, but not bare: somebody put something there"),
    ],
)
def test_a_bench_that_was_there_is_missed_sooner(
    before: float, looks: int, now: float, said: Presence, judge: Judge
) -> None:
    inspector = FurnitureInspector(BENCH)
    judge.bare = before
    for second in range(looks):
        inspector.look(Scene(frame(day(), second), DAY, Detections.of(SEEN), BENCH, []))
    judge.bare = now
    assert verdict(inspector.look(Scene(frame(day(), 9), DAY, Detections.empty(), BENCH, [])))[0] is said


@pytest.mark.parametrize(
    ("score", "before", "said"),
    [
        pytest.param(0.3, 0.02, P, id="a faint box, of what is beside it"),
        pytest.param(0.3, 0.95, A, id="a faint box, and the judge always said so"),
        pytest.param(0.6, 0.02, A, id="a sure box"),
    ],
)
def test_a_faint_box_is_no_proof_where_the_place_became_bare(
    score: float, before: float, said: Presence, judge: Judge
) -> None:
    inspector = FurnitureInspector(BENCH)
    judge.bare = before
    for second in range(4):
        inspector.look(Scene(frame(day(), second), DAY, Detections.of(SEEN), BENCH, []))
    judge.bare = 0.95
    found = Detections.of([("bench", score, PLACE.as_list())])
    assert verdict(inspector.look(Scene(frame(day(), 9), DAY, found, BENCH, [])))[0] is said


def test_the_judge_is_told_where_other_benches_and_bins_are(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Crop] = []

    class Shown(Judge):
        def judge(self, crops: Sequence[Crop]) -> Odds:
            shown.extend(crops)
            return super().judge(crops)

    monkeypatch.setattr("detectors.inspectors.furniture.state_model", lambda _: Shown())
    lamp = Asset("L-1", "street_light", Region.rectangle(Box(0.4, 0.3, 0.41, 0.76)))
    view = View("walk", (*BENCH.assets, Asset("W-1", "bin", Region.rectangle(Box(0.48, 0.65, 0.53, 0.8))), lamp))
    FurnitureInspector(view).look(Scene(frame(day(), 0), DAY, Detections.empty(), view, []))
    marks = [set(np.unique(crop[..., 3]).tolist()) for crop in shown[:2]]
    assert marks == [{0, 255, OTHERS, SHARED}] * 2
    assert shown[0][PLACE_SIZE // 2, PLACE_SIZE // 2, 3] == 255


class Painted:
    """Sees something stand where paint is, and else says of a place that it is bare, as surely as it is told to."""

    def __init__(self, bare: float) -> None:
        self.bare = bare

    def judge(self, crops: Sequence[Crop]) -> Odds:
        painted = [((c[..., 2] > 150) & (c[..., 0] < 50) & (c[..., 3] > OTHERS)).mean() > 0.01 for c in crops]
        return np.array([[1.0, 0.0] if p else [1 - self.bare, self.bare] for p in painted], np.float32)


@pytest.mark.parametrize(
    ("kind", "across", "bare", "stands", "said"),
    [
        pytest.param("bin", (0.46, 0.52), 0.8, False, P, id="a bin before it: the rest is bare"),
        pytest.param("bin", (0.46, 0.52), 0.8, True, A, id="a bin before it: the rest shows a bench"),
        pytest.param("bin", (0.46, 0.52), 0.7, False, U, id="a bin before it: the rest is hardly bare"),
        pytest.param("bin", (0.415, 0.52), 0.99, False, A, id="a bin before nearly all of it: too little is left"),
        pytest.param("street_light", (0.445, 0.455), 0.8, False, P, id="a column before it"),
        pytest.param("tree", (0.46, 0.52), 0.8, False, P, id="a tree before it"),
        pytest.param("path", (0.46, 0.52), 0.8, False, A, id="a path stands before nothing"),
        pytest.param("", (0.46, 0.52), 0.8, False, A, id="what is not registered may be the bench"),
    ],
)
def test_where_another_thing_is_seen_the_rest_of_the_place_tells(
    kind: str,
    across: tuple[float, float],
    bare: float,
    stands: bool,
    said: Presence,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("detectors.inspectors.furniture.state_model", lambda _: Painted(bare))
    other = Box(across[0], 0.55, across[1], 0.77)
    picture = day()
    for thing in [other, *([PLACE] if stands else [])]:
        x0, y0, x1, y1 = thing.pixels(WIDTH, HEIGHT)
        picture[y0:y1, x0:x1] = (0, 0, 220)
    near = (Asset("N-1", kind, Region.rectangle(other)),) if kind else ()
    view = View("walk", (*BENCH.assets, *near))
    seen = FurnitureInspector(view).look(Scene(frame(picture, 0), DAY, Detections.empty(), view, []))
    assert [o.presence for o in seen if o.issue == "asset_missing" and o.asset_id == "B-1"] == [said]


def test_nothing_is_missed_where_the_rest_of_its_place_is_black(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.inspectors.furniture.state_model", lambda _: Painted(0.99))
    near = Asset("N-1", "bin", Region.rectangle(Box(0.46, 0.55, 0.52, 0.77)))
    view, dark = View("walk", (*BENCH.assets, near)), (day() * 0.04).astype(np.uint8)
    seen = FurnitureInspector(view).look(Scene(frame(dark, 0), NIGHT, Detections.empty(), view, []))
    assert [o.presence for o in seen if o.issue == "asset_missing"] == [U, U]


def test_the_past_of_each_thing_and_light_is_its_own_and_not_spoilt_by_what_came_after() -> None:
    past = Past()
    for _ in range(20):
        past.risen("B-1", DAY, 0.02)
    for now in (0.9, 0.3):
        assert all(past.risen("B-1", DAY, now) > 0.5 for _ in range(20))
    assert past.risen("B-1", NIGHT, 0.9) == past.risen("B-2", DAY, 0.9) == 0.0


@pytest.mark.parametrize(
    ("stands", "light", "said"),
    [
        pytest.param(False, 1.0, (P, ""), id="taken away under its lamp"),
        pytest.param(True, 0.4, (A, ""), id="its lamp went out, its edges still show"),
        pytest.param(False, 0.4, (U, "its light went out"), id="its lamp went out and it does not show"),
    ],
)
def test_a_sign_by_night_is_not_judged_where_its_light_went_out(
    stands: bool, light: float, said: tuple[Presence, str]
) -> None:
    """Neither detector nor judge know signs: the edges of their place tell."""
    inspector, last = FurnitureInspector(SIGN), []
    for second in range(8):
        before = second < 4
        picture = drawn(day(seed=second)) if before or stands else day(seed=second)
        dimmed = (picture * (1.0 if before else light)).astype(np.uint8)
        last = inspector.look(Scene(frame(dimmed, second), NIGHT, Detections.empty(), SIGN, []))
    assert verdict(last) == said


def bare(picture: Image) -> Image:
    """The walk as it is."""
    return picture


def covered(picture: Image) -> Image:
    """The walk with a lorry before the place and far beyond it."""
    x0, y0, x1, y1 = PLACE.grown(0.7).pixels(WIDTH, HEIGHT)
    for x in range(x0, x1, 40):
        cv2.rectangle(picture, (x, y0), (x + 20, y1), (200, 190, 60), -1)
    return picture


@pytest.mark.parametrize("view", [pytest.param(BENCH, id="bench"), pytest.param(SIGN, id="sign")])
@pytest.mark.parametrize(
    ("looks", "now", "light", "gone"),
    [
        pytest.param(4, bare, 1.0, True, id="it shows no more, what is round it does: a wall is behind it"),
        pytest.param(4, covered, 1.0, False, id="something larger stands before it"),
        pytest.param(4, drawn, 1.0, False, id="it stands, whatever detector and judge say"),
        pytest.param(4, drawn, 0.5, False, id="it stands in the shade"),
        pytest.param(2, bare, 1.0, False, id="not known well enough"),
    ],
)
def test_what_shows_no_more_is_gone_though_no_ground_is_seen(
    view: View, looks: int, now: Callable[[Image], Image], light: float, gone: bool, judge: Judge
) -> None:
    judge.bare = 0.05
    inspector = FurnitureInspector(view)
    for second in range(looks):
        inspector.look(Scene(frame(drawn(day(seed=second)), second), DAY, Detections.empty(), view, []))
    picture = now(day(seed=9))
    said = inspector.look(Scene(frame((picture * light).astype(np.uint8), 9), DAY, Detections.empty(), view, []))
    assert (verdict(said)[0] is P) is gone


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(("bench", 0.8, PLACE.as_list()), id="the detector sees it"),
        pytest.param(("person", 0.2, PLACE.as_list()), id="the detector sees somebody before it, faintly"),
    ],
)
def test_what_the_detector_makes_out_is_not_gone(row: tuple[str, float, list[float]], judge: Judge) -> None:
    inspector = FurnitureInspector(BENCH)
    for second in range(4):
        inspector.look(Scene(frame(drawn(day(seed=second)), second), DAY, Detections.of(SEEN), BENCH, []))
    said = inspector.look(Scene(frame(day(seed=9), 9), DAY, Detections.of([row]), BENCH, []))
    assert verdict(said)[0] is A


def test_the_bundled_judge_tells_a_drawn_bench_from_the_ground() -> None:
    crops = [place_crop(picture, Region.rectangle(PLACE)) for picture in (drawn(day()), day())]
    odds = state_model("place_bare").judge(crops)[:, 1]
    assert odds[0] < 0.5 < odds[1]
