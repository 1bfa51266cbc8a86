"""Trees: bare ones among green ones, fallen ones, and which fallen one stood where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.state_models import Odds, SettledJudge
from detectors.inspectors.trees import TreesInspector
from detectors.sources import open_source
from detectors.truth import read_truth
from detectors.values import Asset, Detections, LightState, Presence, View
from tests.detectors.fakes import frame, noise
from tests.detectors.judges import Bare, Crowns, Upright
from tests.detectors.scenes import TREES, WALK, day, scene, verdicts

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
DAY, NIGHT = LightState.DAY, LightState.NIGHT
CLIPS = Path(__file__).resolve().parents[2] / "sample_media" / "clips"


@pytest.fixture(autouse=True)
def upright(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.inspectors.felled.SettledJudge", lambda _: Upright())


@pytest.fixture(autouse=True)
def no_blossoms(monkeypatch: pytest.MonkeyPatch) -> None:
    def judge(name: str) -> Bare | SettledJudge:
        return Bare() if name == "tree_blossom" else SettledJudge(name)

    monkeypatch.setattr("detectors.inspectors.trees.SettledJudge", judge)


@pytest.mark.parametrize(
    ("bare", "light", "said"),
    [
        pytest.param((0.1, 0.1), DAY, [A, A], id="both in leaf"),
        pytest.param((0.9, 0.05), DAY, [P, A], id="one bare among the green"),
        pytest.param((0.9, 0.3), DAY, [U, A], id="the other rather in leaf than bare: it may be winter"),
        pytest.param((0.9, 0.9), DAY, [U, U], id="all bare: winter"),
        pytest.param((0.5, 0.1), DAY, [U, A], id="thin in leaf"),
        pytest.param((0.9, 0.1), NIGHT, [U, U], id="no colours at night"),
    ],
)
def test_bare_trees(bare: tuple[float, ...], light: LightState, said: list[Presence]) -> None:
    inspector = TreesInspector(WALK, Crowns(*bare))
    assert verdicts(inspector.look(scene(day(), 0, light)), "tree_bare") == said


@pytest.mark.parametrize(
    ("top", "said"),
    [
        pytest.param(0.05, P, id="its neighbour is in leaf"),
        pytest.param(0.0, U, id="a crown out of view does not tell the season"),
    ],
)
def test_a_tree_is_bare_beside_whole_ones_in_leaf(top: float, said: Presence) -> None:
    boxes = (Box(0.1, 0.05, 0.25, 0.6), Box(0.5, top, 0.7, 0.6))
    view = View("walk", tuple(Asset(f"T-{i}", "tree", Region.rectangle(b)) for i, b in enumerate(boxes, 1)))
    picture = (day() * 0.5).astype(np.uint8)
    seen = TreesInspector(view, Crowns(0.9, 0.05)).look(Scene(frame(picture, 0), DAY, Detections.empty(), view, []))
    assert verdicts(seen, "tree_bare") == [said, A]


@pytest.mark.parametrize(
    ("behind", "said"),
    [
        pytest.param(Box(0.14, 0.015, 0.28, 0.58), U, id="behind its boughs"),
        pytest.param(Box(0.3, 0.015, 0.44, 0.58), P, id="beside it"),
    ],
)
def test_a_tree_seen_through_a_bare_one_is_not_called_bare(behind: Box, said: Presence) -> None:
    boxes = (Box(0.1, 0.05, 0.28, 0.6), behind, Box(0.5, 0.05, 0.62, 0.6), Box(0.65, 0.05, 0.77, 0.6))
    view = View("walk", tuple(Asset(f"T-{i}", "tree", Region.rectangle(b)) for i, b in enumerate(boxes, 1)))
    inspector = TreesInspector(view, Crowns(0.9, 0.7, 0.05, 0.05))
    picture = (day() * 0.5).astype(np.uint8)
    seen = inspector.look(Scene(frame(picture, 0), DAY, Detections.empty(), view, []))
    assert verdicts(seen, "tree_bare") == [P, said, A, A]


class Gone(Upright):
    """Says that no tree stands in any outline."""

    def odds(self, thing: str) -> Odds:
        return np.array([0.4, 0.6], np.float32)


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        pytest.param([], U, id="not seen, and rather gone"),
        pytest.param([("tree", 0.8, [0.1, 0.05, 0.25, 0.6])], P, id="seen to stand"),
    ],
)
def test_an_outline_in_which_no_tree_stands_is_no_bare_crown(
    seen: list[tuple[str, float, list[float]]], said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.felled.SettledJudge", lambda _: Gone())
    boxes = (Box(0.1, 0.05, 0.25, 0.6), Box(0.5, 0.05, 0.7, 0.6))
    view = View("walk", tuple(Asset(f"T-{i}", "tree", Region.rectangle(b)) for i, b in enumerate(boxes, 1)))
    found = Detections.of([*seen, ("tree", 0.8, boxes[1].as_list())])
    picture = (day() * 0.5).astype(np.uint8)
    looked = TreesInspector(view, Crowns(0.9, 0.05)).look(Scene(frame(picture, 0), DAY, found, view, []))
    assert verdicts(looked, "tree_bare") == [said, A]


def test_nothing_is_said_of_a_tree_in_fog() -> None:
    foggy = (day() * 0.4 + 110).astype(np.uint8)
    seen = TreesInspector(WALK, Crowns(0.9, 0.05)).look(scene(foggy, 0, DAY))
    assert verdicts(seen, "tree_bare") == [U, U]


SMALL, CUT, WHOLE = Box(0.1, 0.3, 0.2, 0.55), Box(0.1, 0.0, 0.3, 0.6), Box(0.1, 0.05, 0.3, 0.6)
ASIDE = Box(0.0, 0.05, 0.2, 0.6)


@pytest.mark.parametrize(
    ("tree", "first", "said"),
    [
        pytest.param(SMALL, 0.9, U, id="small, never seen in leaf"),
        pytest.param(SMALL, 0.1, P, id="small, it was in leaf before"),
        pytest.param(CUT, 0.9, U, id="its top out of view, never seen in leaf"),
        pytest.param(CUT, 0.1, P, id="its top out of view, it was in leaf before"),
        pytest.param(WHOLE, 0.9, P, id="whole in the picture"),
    ],
)
def test_what_is_not_seen_well_is_bare_only_if_it_was_in_leaf(tree: Box, first: float, said: Presence) -> None:
    boxes = (tree, Box(0.5, 0.05, 0.7, 0.6))
    view = View("walk", tuple(Asset(f"T-{i}", "tree", Region.rectangle(b)) for i, b in enumerate(boxes, 1)))
    inspector = TreesInspector(view, Crowns(first, 0.05))
    picture = (day() * 0.5).astype(np.uint8)
    inspector.look(Scene(frame(picture, 0), DAY, Detections.empty(), view, []))
    inspector.crowns = Crowns(0.9, 0.05)
    seen = inspector.look(Scene(frame(picture, 1), DAY, Detections.empty(), view, []))
    assert verdicts(seen, "tree_bare") == [said, A]


@pytest.mark.parametrize(
    ("tree", "bare", "others", "seen", "said"),
    [
        pytest.param(CUT, 0.9, (0.02, 0.02, 0.02), CUT, P, id="all others surely in leaf"),
        pytest.param(CUT, 0.9, (0.02, 0.02, 0.02, 0.3), CUT, P, id="but for one of four"),
        pytest.param(CUT, 0.9, (0.02, 0.02, 0.3), CUT, U, id="but for one of three: it may be the season"),
        pytest.param(CUT, 0.9, (0.02, 0.02), CUT, U, id="too few others"),
        pytest.param(CUT, 0.9, (0.02, 0.02, 0.02), None, U, id="no tree is seen there"),
        pytest.param(CUT, 0.9, (0.02, 0.02, 0.02, 0.5, 0.5), CUT, U, id="two of five are not"),
        pytest.param(CUT, 0.7, (0.02, 0.02, 0.02), CUT, U, id="not surely bare"),
        pytest.param(CUT, 0.9, (0.02, 0.02, 0.02, 0.02, 0.6), CUT, U, id="the other that is cut looks bare too"),
        pytest.param(CUT, 0.9, (0.02, 0.02, 0.02, 0.02, 0.3), CUT, P, id="or does not"),
        pytest.param(CUT, 0.9, (0.02, 0.02, 0.02, 0.02, 0.02, 0.9), CUT, U, id="one of the two others that are cut"),
        pytest.param(CUT, 0.9, (0.02, 0.02, 0.02, 0.02, 0.02, 0.3), CUT, P, id="neither of the two"),
        pytest.param(ASIDE, 0.9, (0.02, 0.02, 0.02), ASIDE, U, id="cut by the side"),
        pytest.param(ASIDE, 0.9, (0.02, 0.02, 0.02), Box(0.04, 0.05, 0.2, 0.6), P, id="what is left of it is not"),
    ],
)
def test_a_tree_whose_top_is_out_of_view_is_bare_in_season(
    tree: Box, bare: float, others: tuple[float, ...], seen: Box | None, said: Presence
) -> None:
    tops = (0.05, 0.05, 0.05, 0.05, 0.0, 0.0)  # the last ones are cut as well
    boxes = (
        tree,
        *(
            Box(0.32 + 0.11 * k, top, 0.42 + 0.11 * k, 0.6)
            for k, (top, _) in enumerate(zip(tops, others, strict=False))
        ),
    )
    view = View("walk", tuple(Asset(f"T-{i}", "tree", Region.rectangle(b)) for i, b in enumerate(boxes, 1)))
    found = Detections.of([("tree", 0.8, seen.as_list())] if seen else [])
    picture = (day() * 0.5).astype(np.uint8)
    looked = TreesInspector(view, Crowns(bare, *others)).look(Scene(frame(picture, 0), DAY, found, view, []))
    assert verdicts(looked, "tree_bare")[0] is said


@pytest.mark.parametrize(
    ("clip", "bare"),
    [
        pytest.param("park_day_tree_bare", ["T-1202"], id="a bare tree before green ones"),
        pytest.param("park_day_clean", [], id="the same place before"),
    ],
)
def test_the_bundled_judge_tells_a_bare_crown_from_the_green_behind_it(clip: str, bare: list[str]) -> None:
    view = read_truth(CLIPS / f"{clip}.truth.json").view
    inspector = TreesInspector(view)
    first = next(iter(open_source(str(CLIPS / f"{clip}.mp4")).frames(1.0)))
    seen = inspector.look(Scene(first, DAY, Detections.empty(), view, []))
    assert [o.asset_id for o in seen if o.issue == "tree_bare" and o.presence is P] == bare


@pytest.mark.parametrize(
    ("box", "tree"),
    [
        pytest.param((0.05, 0.46, 0.4, 0.66), "T-1", id="at the foot of a registered tree"),
        pytest.param((0.1, 0.45, 0.4, 0.95), "T-1", id="its crown spread towards the camera"),
        pytest.param((0.3, 0.94, 0.9, 0.995), None, id="far from any"),
    ],
)
def test_a_fallen_tree_is_the_one_that_stood_there(box: tuple[float, ...], tree: str | None) -> None:
    seen = TreesInspector(WALK).look(scene(day(), 0, DAY, Detections.of([("fallen_tree", 0.8, box)])))
    assert [o.asset_id for o in seen if o.issue == "tree_fallen"] == [tree]


WALKERS = Box(0.1, 0.1, 0.3, 0.6)


@pytest.mark.parametrize(
    ("before", "light", "now", "movers", "told"),
    [
        pytest.param((0.1, 0.1, 0.3, 0.6), DAY, None, [], True, id="the tree there was seen before, and is gone"),
        pytest.param((0.1, 0.1, 0.3, 0.6), DAY, (0.1, 0.1, 0.28, 0.55), [], False, id="it still stands"),
        pytest.param((0.1, 0.1, 0.3, 0.6), DAY, None, [WALKERS], False, id="it is hidden"),
        pytest.param((0.1, 0.1, 0.3, 0.6), NIGHT, None, [], False, id="it was seen in another light"),
        pytest.param(None, DAY, None, [], False, id="it was never seen"),
    ],
)
def test_a_faint_fallen_tree_is_believed_where_one_went(
    before: tuple[float, ...] | None, light: LightState, now: tuple[float, ...] | None, movers: list[Box], told: bool
) -> None:
    view = View("walk", (Asset("T-1", "tree", Region.rectangle(Box(0.1, 0.1, 0.3, 0.6))),))
    inspector = TreesInspector(view)
    stands, stays = ([("tree", 0.8, box)] if box else [] for box in (before, now))
    lying = [("fallen_tree", 0.3, (0.25, 0.5, 0.6, 0.62))]
    inspector.look(Scene(frame(day(), 0), light, Detections.of(stands), view, []))
    seen = inspector.look(Scene(frame(day(), 1), DAY, Detections.of([*stays, *lying]), view, movers))
    assert any(o.issue == "tree_fallen" and o.score >= 0.5 for o in seen) is told


def test_of_two_trees_in_reach_the_one_that_no_longer_stands_fell() -> None:
    boxes = {"T-1": Box(0.1, 0.1, 0.3, 0.6), "T-2": Box(0.35, 0.2, 0.5, 0.6)}
    view = View("walk", tuple(Asset(i, "tree", Region.rectangle(box)) for i, box in boxes.items()))
    found = Detections.of([("fallen_tree", 0.8, (0.3, 0.5, 0.6, 0.62)), ("tree", 0.8, boxes["T-2"].as_list())])
    seen = TreesInspector(view).look(Scene(frame(day(), 0), DAY, found, view, []))
    assert [o.asset_id for o in seen if o.issue == "tree_fallen"] == ["T-1"]


def test_what_fills_a_registered_trees_outline_is_that_tree_standing() -> None:
    region = Region.of([[0.5, 0.4], [0.7, 0.4], [0.75, 0.5], [0.61, 0.66], [0.59, 0.66], [0.45, 0.5]])
    view = View("walk", (Asset("T-9", "tree", region),))
    found = Detections.of([("fallen_tree", 0.8, (0.45, 0.41, 0.76, 0.65))])
    seen = TreesInspector(view).look(Scene(frame(day(), 0), DAY, found, view, []))
    assert verdicts(seen, "tree_fallen") == []


def test_a_tree_that_lies_neither_leans_nor_is_bare() -> None:
    inspector = TreesInspector(WALK, Crowns(0.9, 0.05))
    lying = Detections.of([("fallen_tree", 0.8, Box(0.05, 0.46, 0.4, 0.66).as_list())])
    for second, found in enumerate([Detections.empty()] * 4 + [lying, Detections.empty()]):
        seen = inspector.look(Scene(frame(noise(day(), second), second), DAY, found, WALK, []))
    assert {o.issue for o in seen if o.asset_id == "T-1"} == set()


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        pytest.param((True, True, False, True), [0, 0, 0, 0], id="a branch, and once the tree beside it is missed"),
        pytest.param(
            (False, False, True, False), [1, 1, 1, 1], id="a tree that fell, and once something is taken for it"
        ),
    ],
)
def test_what_lies_there_does_not_change_from_look_to_look(seen: tuple[bool, ...], told: list[int]) -> None:
    bench = Asset("B-1", "bench", Region.rectangle(Box(0.5, 0.45, 0.6, 0.55)))  # tells the scale
    view = View("trees", (*TREES, bench))
    inspector, stand = TreesInspector(view), [("tree", 0.8, t.region.box.as_list()) for t in TREES if t.region]
    said = []
    for n, stands in enumerate(seen):
        found = Detections.of([("fallen_tree", 0.8, (0.195, 0.5, 0.38, 0.62)), *(stand if stands else [])])
        looked = inspector.look(Scene(frame(day(seed=n), n), DAY, found, view, []))
        said.append(sum(o.issue == "tree_fallen" for o in looked))
    assert said == told
