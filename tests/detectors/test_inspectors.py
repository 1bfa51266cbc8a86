"""Inspectors on drawn scenes: each issue, and what must not be mistaken for it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.geometry import STILL, Box, Nudge, Region
from detectors.inspectors import INSPECTORS, Scene
from detectors.inspectors.furniture import FurnitureInspector
from detectors.inspectors.movers import MoverWatch
from detectors.inspectors.paths import PathsInspector
from detectors.inspectors.trees import TreesInspector
from detectors.issues import ISSUES
from detectors.values import Asset, Detections, Image, LightState, Presence, View, small_grey
from tests.detectors.fakes import frame, noise
from tests.detectors.scenes import HEIGHT, PATH, WALK, WIDTH, bag, day, night, scene

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
DAY, NIGHT = LightState.DAY, LightState.NIGHT


def verdicts(observations, issue: str) -> list[Presence]:  # type: ignore[no-untyped-def]
    return [o.presence for o in sorted(observations, key=lambda o: o.asset_id or "") if o.issue == issue]


def run_paths(pictures, detections=None, light: LightState = DAY) -> list[set[str]]:  # type: ignore[no-untyped-def]
    inspector = PathsInspector(WALK)
    return [
        {o.issue for o in inspector.look(scene(p, s, light, detections)) if o.presence is P and o.score >= 0.5}
        for s, p in enumerate(pictures)
    ]


def test_a_bag_that_stays_on_the_path_is_in_the_way() -> None:
    said = run_paths([day(seed=s) for s in range(6)] + [bag(day(seed=s)) for s in range(6, 14)])
    assert said[:6] == [set()] * 6
    assert said[-1] == {"path_obstructed"}


def test_somebody_walking_through_leaves_nothing() -> None:
    said = run_paths(
        [bag(day(seed=s), x=60 + 40 * s, size=30) for s in range(10)] + [day(seed=s) for s in range(10, 16)]
    )
    assert said == [set()] * 16


def test_somebody_who_stood_there_from_the_start_and_left_leaves_nothing() -> None:
    said = run_paths([bag(day(seed=s), size=34) for s in range(5)] + [day(seed=s) for s in range(5, 14)])
    assert said == [set()] * 14


def test_exposure_that_drifts_leaves_nothing() -> None:
    pictures = [np.clip(day(seed=s) * (1 + 0.25 * np.sin(s / 2)), 0, 255).astype(np.uint8) for s in range(14)]
    assert run_paths(pictures) == [set()] * 14


def test_a_lamp_that_fails_leaves_no_thing_on_the_path() -> None:
    before, after = (
        [night((True,) * 4, s) for s in range(6)],
        [night((True, False, True, True), s) for s in range(6, 14)],
    )
    assert run_paths([*before, *after], light=NIGHT) == [set()] * 14


@pytest.mark.parametrize(
    ("name", "box", "issue"),
    [
        pytest.param("pothole", (0.4, 0.6, 0.5, 0.7), {"path_damaged"}, id="pothole on the path"),
        pytest.param("puddle", (0.4, 0.6, 0.6, 0.7), {"path_flooded"}, id="puddle on the path"),
        pytest.param("litter", (0.4, 0.6, 0.44, 0.64), {"litter"}, id="litter on the path"),
        pytest.param("bicycle", (0.4, 0.5, 0.5, 0.7), {"path_obstructed"}, id="bicycle on the path"),
        pytest.param("puddle", (0.02, 0.8, 0.06, 0.85), set(), id="water beside the path is none of ours"),
        pytest.param("person", (0.4, 0.4, 0.5, 0.8), set(), id="a person is never an issue"),
    ],
)
def test_what_the_detector_sees_counts_where_it_lies(name: str, box: tuple[float, ...], issue: set[str]) -> None:
    looks = run_paths([day(seed=s) for s in range(6)], Detections.of([(name, 0.9, box)]))
    assert looks[-1] == issue


@pytest.mark.parametrize(
    ("score", "issue"),
    [
        pytest.param(0.64, set(), id="a stain that looks a little like litter"),
        pytest.param(0.75, {"litter"}, id="litter"),
    ],
)
def test_litter_on_paving_must_be_seen_more_surely(score: float, issue: set[str]) -> None:
    looks = run_paths([day(seed=s) for s in range(6)], Detections.of([("litter", score, (0.4, 0.6, 0.44, 0.64))]))
    assert looks[-1] == issue


@pytest.mark.parametrize("score", [pytest.param(0.9, id="clearly seen"), pytest.param(0.2, id="hardly seen")])
def test_a_bicycle_with_its_rider_obstructs_nothing(score: float) -> None:
    ridden = Detections.of([("bicycle", 0.9, (0.4, 0.5, 0.5, 0.7)), ("person", score, (0.4, 0.4, 0.5, 0.68))])
    assert run_paths([day(seed=s) for s in range(6)], ridden) == [set()] * 6


@pytest.mark.parametrize(
    ("name", "box", "said"),
    [
        pytest.param("car", (0.35, 0.5, 0.5, 0.7), 1, id="a car on the path"),
        pytest.param("car", (0.12, 0.5, 0.32, 0.7), 0, id="a car at its edge, mostly beside it"),
        pytest.param("bicycle", (0.12, 0.5, 0.32, 0.7), 0, id="a bicycle leans at its edge"),
        pytest.param("bicycle", (0.12, 0.8, 0.32, 0.9), 1, id="a bicycle lies near its edge"),
    ],
)
def test_what_is_parked_at_the_edge_of_a_path_is_not_on_it(name: str, box: tuple[float, ...], said: int) -> None:
    inspector = PathsInspector(WALK)
    parked = Detections.of([(name, 0.9, box)])
    seen = [inspector.look(scene(day(seed=s), s, DAY, parked)) for s in range(6)]
    assert len(seen[-1]) == said


def test_inspectors_only_speak_of_known_issues_and_survive_an_empty_register() -> None:
    empty = View("empty")
    everything = Detections.of([(n, 0.9, (0.4, 0.6, 0.5, 0.7)) for n in ("litter", "puddle", "bin_overflowing", "car")])
    for make in INSPECTORS:
        for light in LightState:
            for o in make(empty).look(Scene(frame(noise(day(), 1)), light, everything, empty, [])):
                assert o.issue in ISSUES
                assert o.asset_id is None


def test_a_thing_keeps_the_name_that_most_looks_gave_it() -> None:
    inspector, names = PathsInspector(WALK), []
    for second, name in enumerate(["litter", "litter", "litter", "pothole", "pothole", "litter", "pothole"]):
        found = Detections.of([(name, 0.8, (0.4, 0.6, 0.5, 0.7))])
        names.append([o.issue for o in inspector.look(scene(day(seed=second), second, DAY, found))])
    assert names == [["litter"]] * 7


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        pytest.param([0, 1, 2, 3, 4, 5], [0, 0, 1, 1, 1, 1], id="in the way from the second second on"),
        pytest.param(
            [0, 0.3, 0.6, 0.9, 1.2, 1.5], [0, 0, 0, 0, 0, 0], id="many looks in a moment do not make it longer"
        ),
        pytest.param([0, 60, 120], [0, 1, 1], id="a look a minute"),
    ],
)
def test_what_is_in_the_way_has_been_there_for_a_while(seconds: list[float], said: list[int]) -> None:
    inspector = PathsInspector(WALK)
    parked = Detections.of([("bicycle", 0.9, (0.4, 0.5, 0.5, 0.7))])
    looks = [inspector.look(scene(day(seed=i), s, DAY, parked)) for i, s in enumerate(seconds)]
    assert [sum(o.presence is Presence.PRESENT for o in seen) for seen in looks] == said
    assert [any(o.ask_again for o in seen) for seen in looks] == [n == 0 for n in said], "till then it is asked again"


NEAR = Box(0.1, 0.6, 0.2, 0.75)


def with_bench(second: int) -> Image:
    picture = day(seed=second)
    x0, y0, x1, y1 = NEAR.pixels(WIDTH, HEIGHT)
    for y in range(y0, y1, 8):
        cv2.rectangle(picture, (x0, y), (x1, y + 4), (40, 70, 110), -1)
    return picture


def test_a_sign_that_no_detector_knows_is_missed_by_its_picture() -> None:
    view = View("walk", (Asset("S-1", "sign", Region.rectangle(NEAR)),))
    inspector = FurnitureInspector(view)
    pictures = [with_bench(s) if s < 4 else day(seed=s) for s in range(7)]
    seen = [inspector.look(Scene(frame(p, s), DAY, Detections.empty(), view, [])) for s, p in enumerate(pictures)]
    assert [verdicts(o, "asset_missing") for o in seen] == [[U], [A], [A], [A], [P], [P], [P]]


@pytest.mark.parametrize(
    ("score", "drift", "moves"),
    [
        pytest.param(0.6, 0.0, [1, 1, 1, 0, 0], id="an upright bag: a little like a person, and quite still"),
        pytest.param(0.9, 0.0, [1, 1, 1, 1, 1], id="surely somebody who stands"),
        pytest.param(0.6, 0.02, [1, 1, 1, 1, 1], id="somebody who walks"),
        pytest.param(0.2, 0.02, [0, 0, 0, 0, 0], id="too faint to be anybody"),
    ],
)
def test_who_moves(score: float, drift: float, moves: list[int]) -> None:
    watch = MoverWatch()
    said = []
    for look in range(5):
        x = 0.4 + look * drift
        said.append(len(watch.look(Detections.of([("person", score, (x, 0.5, x + 0.04, 0.7))]))))
    assert said == moves


def somebody(second: int, sways: bool) -> Image:
    picture = day(seed=second)
    x = 196 + (second % 2) * 4 * sways
    cv2.rectangle(picture, (x, 140), (x + 14, 188), (30, 40, 90), -1)
    return picture


@pytest.mark.parametrize(
    ("sways", "movers"), [pytest.param(True, 1, id="somebody who stands"), pytest.param(False, 0, id="a bag")]
)
def test_who_stands_sways_and_a_bag_does_not(sways: bool, movers: int) -> None:
    watch = MoverWatch()
    box = (190 / WIDTH, 136 / HEIGHT, 218 / WIDTH, 190 / HEIGHT)
    seen = [watch.look(Detections.of([("person", 0.6, box)]), somebody(s, sways)) for s in range(6)]
    assert [len(m) for m in seen[-3:]] == [movers] * 3
    assert len(watch.things) == 1 - movers


@pytest.mark.parametrize("score", [0.4, 0.6])
def test_in_a_picture_that_stands_nobody_is_taken_for_a_thing(score: float) -> None:
    watch, held = MoverWatch(), small_grey(somebody(0, sways=True))
    found = Detections.of([("person", score, (190 / WIDTH, 136 / HEIGHT, 218 / WIDTH, 190 / HEIGHT))])
    assert [len(watch.look(found, held)) for _ in range(8)] == [1] * 8
    assert watch.things == []


@pytest.mark.parametrize(
    ("register", "box", "issues"),
    [
        pytest.param(True, (0.45, 0.6, 0.48, 0.72), {"path_obstructed"}, id="a case on the path, much like a bin"),
        pytest.param(True, (0.1, 0.6, 0.2, 0.75), set(), id="a registered bench"),
        pytest.param(True, (0.02, 0.8, 0.05, 0.9), set(), id="a bin beside the path"),
        pytest.param(False, (0.45, 0.6, 0.48, 0.72), set(), id="a register without bins: it may be one"),
    ],
)
def test_what_stands_on_the_path_and_is_not_registered(
    register: bool, box: tuple[float, ...], issues: set[str]
) -> None:
    known = (Asset("B-1", "bench", Region.rectangle(NEAR)),) if register else ()
    view = View("walk", (*known, Asset("P-1", "path", PATH)))
    found = Detections.of([("bin", 0.8, box)])
    seen = PathsInspector(view).look(Scene(frame(day(), 0), DAY, found, view, []))
    assert {o.issue for o in seen if o.presence is P} == issues


def puddle(picture: Image) -> Image:
    drawn = picture.copy()
    cv2.ellipse(drawn, (235, 215), (70, 16), 0, 0, 360, (112, 108, 104), -1)
    return drawn


def branch(picture: Image) -> Image:
    drawn = picture.copy()
    leaves = np.random.default_rng(3)
    for x, y in leaves.integers((-60, -14), (60, 14), (260, 2)):
        cv2.circle(drawn, (235 + int(x), 210 + int(y)), 3, (20, int(leaves.integers(60, 150)), 30), -1)
    return drawn


def shade(picture: Image) -> Image:
    drawn = picture.astype(np.float32)
    drawn[190:225, 170:300] *= 0.6
    return drawn.astype(np.uint8)


def switched(picture: Image) -> Image:
    return np.clip(picture.astype(np.float32) * np.linspace(0.4, 1.6, WIDTH)[None, :, None], 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("change", "issue"),
    [
        pytest.param(puddle, {"path_flooded"}, id="standing water"),
        pytest.param(branch, {"path_obstructed"}, id="a branch"),
        pytest.param(shade, set(), id="the shadow of a cloud or tree"),
        pytest.param(switched, set(), id="the light changes over the whole path"),
    ],
)
def test_what_came_is_known_by_its_look(change, issue: set[str]) -> None:  # type: ignore[no-untyped-def]
    said = run_paths([day(seed=s) for s in range(6)] + [change(day(seed=s)) for s in range(6, 14)])
    assert set().union(*said) == issue


def test_a_thing_does_not_become_part_of_the_path_by_lying_there() -> None:
    said = run_paths([day(seed=s) for s in range(6)] + [bag(day(seed=s)) for s in range(6, 140)])
    assert said[-1] == {"path_obstructed"}


@pytest.mark.parametrize(
    ("width", "issues"),
    [pytest.param(0.12, {"path_obstructed"}, id="a branch"), pytest.param(0.5, {"tree_fallen"}, id="a tree")],
)
def test_a_fallen_branch_is_no_fallen_tree(width: float, issues: set[str]) -> None:
    fallen = Detections.of([("fallen_tree", 0.8, (0.4, 0.72, 0.4 + width, 0.8))])
    inspectors = [PathsInspector(WALK), TreesInspector(WALK)]
    seen = [o for i in inspectors for o in i.look(scene(day(), 0, DAY, fallen))]
    assert {o.issue for o in seen if o.presence is P} == issues


def test_a_case_that_the_detector_calls_litter_is_in_the_way() -> None:
    case = Detections.of([("litter", 0.3, (0.46, 0.57, 0.5, 0.68)), ("person", 0.9, (0.6, 0.5, 0.64, 0.66))])
    pictures = [day(seed=s) for s in range(6)] + [bag(bag(day(seed=s)), y=162) for s in range(6, 12)]
    assert set().union(*run_paths(pictures, case)) == {"path_obstructed"}


def test_pieces_of_litter_that_lie_together_are_one() -> None:
    pieces = [("litter", 0.8, (0.4 + 0.02 * n, 0.7, 0.41 + 0.02 * n, 0.72)) for n in range(4)]
    apart = ("litter", 0.8, (0.7, 0.9, 0.71, 0.92))
    seen = PathsInspector(WALK).look(scene(day(), 0, DAY, Detections.of([*pieces, apart])))
    boxes = sorted(o.box.as_list() for o in seen if o.box is not None)
    assert boxes == [pytest.approx([0.4, 0.7, 0.47, 0.72]), pytest.approx([0.7, 0.9, 0.71, 0.92])]


def test_a_nudge_of_the_camera_lays_nothing_on_the_path() -> None:
    push = Nudge(dx=0.02)
    matrix = push.pixels(WIDTH, HEIGHT)
    inspector, said = PathsInspector(WALK), set()
    for second in range(14):
        picture, nudge = day(seed=second), STILL
        if second >= 6:
            picture, nudge = np.asarray(cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT)), np.uint8), push
        view = WALK.nudged(nudge)
        said |= {
            o.issue for o in inspector.look(Scene(frame(picture, second), DAY, Detections.empty(), view, [], nudge))
        }
    assert said == set()
