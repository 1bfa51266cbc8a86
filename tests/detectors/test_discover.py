"""What is registered of things that go while a view is looked at, and of lamps that stand before one another."""

from __future__ import annotations

import pytest

from detectors.discover import discover, with_ground
from detectors.geometry import Box, Region
from detectors.pipeline import inspect_source
from detectors.settings import Settings
from detectors.values import UNREGISTERED, Asset, Detections, View
from tests.detectors.fakes import FramesSource, PaintedSurfaces, ScriptedDetector, frame, frames
from tests.detectors.scenes import day

Corners = tuple[float, float, float, float]
Seen = tuple[str, float, Corners]

BENCH: Seen = ("bench", 0.6, (0.2, 0.5, 0.3, 0.6))
UPRIGHT, ASKEW = (0.4, 0.1, 0.44, 0.6), (0.415, 0.14, 0.46, 0.6)
STOOD, LEANT, BEHIND = (0.2, 0.1, 0.4, 0.6), (0.35, 0.15, 0.55, 0.6), (0.1, 0.05, 0.35, 0.8)
# By boxes that overlap by half and more, which a vote takes for one thing.
LEANT_A_LITTLE, IN_LEAF, WITHOUT_LEAVES = (0.25, 0.12, 0.45, 0.6), (0.2, 0.1, 0.4, 0.6), (0.26, 0.1, 0.39, 0.6)
BOX_WAVERS = (0.21, 0.11, 0.4, 0.6)
BIN, LID, BIN_BESIDE = (0.4, 0.5, 0.44, 0.62), (0.405, 0.52, 0.435, 0.6), (0.43, 0.48, 0.46, 0.58)
OTHER_HALF, BIN_BEHIND = (0.416, 0.505, 0.454, 0.622), (0.416, 0.46, 0.454, 0.58)
NEAR, FAR, FARTHER = (0.40, 0.1, 0.50, 0.8), (0.42, 0.12, 0.47, 0.47), (0.43, 0.13, 0.46, 0.36)
ASIDE, WHOLE = (0.3, 0.05, 0.48, 0.5), (0.42, 0.1, 0.46, 0.8)
LOWER, UPPER, BEHIND_IT = (0.42, 0.35, 0.46, 0.8), (0.42, 0.1, 0.46, 0.45), (0.43, 0.1, 0.45, 0.53)
HEAD_ALONE, COLUMN_ALONE = (0.41, 0.11, 0.45, 0.36), (0.44, 0.4, 0.46, 0.8)


def lamp(box: Corners, score: float = 0.6) -> Seen:
    return "street_light", score, box


def tree(box: Corners, score: float = 0.6) -> Seen:
    return "tree", score, box


def registered(looks: list[list[Seen]]) -> list[tuple[str, Corners]]:
    """Kind and box of what is proposed."""
    detector = ScriptedDetector([Detections.of(seen) for seen in looks])
    found = discover([frame(day(seed=s), s) for s in range(len(looks))], detector, Settings(), "cam")
    regions = [(p.asset.kind, p.asset.region) for p in found]
    return [(kind, tuple(round(v, 3) for v in r.box.as_list())) for kind, r in regions if r is not None]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("looks", "kinds"),
    [
        pytest.param([[BENCH]] * 3 + [[]] * 4, ["bench"], id="there in the first looks and gone then"),
        pytest.param([[BENCH]] * 2 + [[]] * 5, [], id="in two looks: somebody may have been taken for it"),
        pytest.param([[BENCH], [], [BENCH], [BENCH], [], [], []], [], id="not in every one of the first looks"),
        pytest.param([[]] * 4 + [[BENCH]] * 3, [], id="only in the last looks: it came"),
        pytest.param([[]] * 3 + [[BENCH]] * 4, [], id="in most looks and none of the first: it came"),
        pytest.param([[("bench", 0.2, BENCH[2])]] * 3 + [[]] * 4, [], id="gone, and too faint before"),
    ],
)
def test_what_stood_there_at_first_and_went_is_registered(looks: list[list[Seen]], kinds: list[str]) -> None:
    assert [kind for kind, _ in registered(looks)] == kinds


@pytest.mark.parametrize(
    ("looks", "boxes"),
    [
        pytest.param([[lamp(UPRIGHT)]] * 3 + [[lamp(ASKEW)]] * 4, [UPRIGHT], id="knocked askew: as it stood"),
        pytest.param(
            [[tree(STOOD), tree(BEHIND)]] * 3 + [[tree(LEANT), tree(BEHIND)]] * 4,
            [BEHIND, STOOD],
            id="a tree that came to lean, before another that is seen all along",
        ),
        pytest.param([[tree(STOOD)]] * 3 + [[tree(LEANT_A_LITTLE)]] * 4, [STOOD], id="one that leans less, alone"),
        pytest.param([[tree(IN_LEAF)]] * 3 + [[tree(WITHOUT_LEAVES)]] * 4, [IN_LEAF], id="a crown that died"),
        pytest.param([[tree(STOOD)]] * 3 + [[tree(BOX_WAVERS)]] * 4, [BOX_WAVERS], id="its box wavers: all looks"),
        pytest.param(
            [[tree(STOOD)], [tree(LEANT_A_LITTLE)], [tree(STOOD)]] + [[tree(LEANT_A_LITTLE)]] * 4,
            [LEANT_A_LITTLE],
            id="its box is now this, now that from the beginning: all looks",
        ),
        pytest.param(
            [[], [tree(STOOD)], []] + [[tree(LEANT_A_LITTLE)]] * 4,
            [LEANT_A_LITTLE],
            id="seen in one of the first looks alone: nobody knows how it stood",
        ),
        pytest.param(
            [[lamp(UPRIGHT), lamp(ASKEW, 0.5)]] * 3 + [[lamp(UPRIGHT)]] * 4, [UPRIGHT], id="two names at first: one"
        ),
    ],
)
def test_a_thing_that_changed_is_registered_once(looks: list[list[Seen]], boxes: list[Corners]) -> None:
    assert [box for _, box in registered(looks)] == boxes


ARM_BEFORE = (0.38, 0.15, 0.48, 0.75)  # the arm of a near lamp reaches over a farther one
FARTHER_ARM = (0.36, 0.12, 0.42, 0.5)


@pytest.mark.parametrize(
    ("score", "boxes"),
    [
        pytest.param(0.8, [FARTHER_ARM, ARM_BEFORE], id="surely seen: it stood there and went"),
        pytest.param(0.5, [FARTHER_ARM], id="unsure: the same by another box"),
    ],
)
def test_a_lamp_before_another_that_went(score: float, boxes: list[Corners]) -> None:
    assert Box(*ARM_BEFORE).iou(Box(*FARTHER_ARM)) > 0.2
    far = lamp(FARTHER_ARM, 0.8)
    assert [box for _, box in registered([[far, lamp(ARM_BEFORE, score)]] * 3 + [[far]] * 4)] == boxes


@pytest.mark.parametrize(
    ("bins", "boxes"),
    [
        pytest.param([BIN, LID], [BIN], id="a piece of it"),
        pytest.param([BIN, BIN_BESIDE], [BIN, BIN_BESIDE], id="two that stand half before one another"),
        pytest.param([BIN, OTHER_HALF], [BIN], id="the half of it on the other side of a column"),
        pytest.param([BIN, BIN_BEHIND], [BIN, BIN_BEHIND], id="one that stands behind it"),
    ],
)
def test_a_bin_is_registered_once(bins: list[Corners], boxes: list[Corners]) -> None:
    seen: list[Seen] = [("bin", 0.7 - 0.1 * k, box) for k, box in enumerate(bins)]
    assert [box for _, box in registered([seen] * 7)] == boxes


@pytest.mark.parametrize(
    ("lamps", "boxes"),
    [
        pytest.param([lamp(NEAR), lamp(FAR)], [NEAR, FAR], id="a near lamp and a far one of the same row"),
        pytest.param([lamp(NEAR), lamp(FAR), lamp(FARTHER, 0.5)], [NEAR, FAR, FARTHER], id="three of a row"),
        pytest.param([lamp(NEAR), lamp(HEAD_ALONE, 0.3)], [NEAR], id="a lamp's head, which looks faintly like a lamp"),
        pytest.param([lamp(NEAR), lamp(COLUMN_ALONE)], [NEAR], id="a piece of it, more slender than a lamp is"),
        pytest.param([lamp(NEAR), lamp(ASIDE)], [NEAR], id="a piece that reaches out of it"),
        pytest.param([lamp(NEAR, 0.9), lamp(ASIDE, 0.8)], [NEAR, ASIDE], id="one that leans behind it, surely seen"),
        pytest.param([lamp(LOWER), lamp(UPPER)], [WHOLE], id="column and head, seen apart"),
        pytest.param([lamp(LOWER), lamp(BEHIND_IT, 0.3)], [LOWER, BEHIND_IT], id="a farther one behind its top"),
    ],
)
def test_lamps_that_stand_before_one_another_are_told_apart(lamps: list[Seen], boxes: list[Corners]) -> None:
    assert sorted(box for _, box in registered([lamps] * 4)) == sorted(boxes)


@pytest.mark.parametrize(
    ("seen", "top"),
    [
        pytest.param(tree((0.2, 0.015, 0.4, 0.6)), 0.0, id="a tree that the upper edge cuts off"),
        pytest.param(tree((0.2, 0.02, 0.4, 0.6)), 0.02, id="one that ends in view"),
        pytest.param(lamp((0.4, 0.015, 0.44, 0.6)), 0.015, id="a lamp"),
    ],
)
def test_boxes_of_trees_are_drawn_up_to_the_edge_that_cuts_them(seen: Seen, top: float) -> None:
    ((_, (_, y0, *_)),) = registered([[seen]] * 7)
    assert y0 == pytest.approx(top)


LAMP_ASSET = Asset("L-1", "street_light", Region.rectangle(Box(*UPRIGHT)))
OWN_PATH, OWN_LAWN = (Asset(i, k, Region.rectangle(Box(0.3, 0.5, 0.7, 1.0))) for i, k in (("P", "path"), ("G", "lawn")))


NOBODY = Detections.of([])
WALKERS = [Detections.of([("person", 0.9, (0.4 + 0.02 * n, 0.5, 0.48 + 0.02 * n, 0.8))]) for n in range(3)]
PAVED = PaintedSurfaces(("building", "road"))


@pytest.mark.parametrize(
    ("looks", "kinds"),
    [pytest.param(WALKERS, ["path"], id="people walk on it"), pytest.param([NOBODY] * 3, [], id="nobody does")],
)
def test_a_paved_square_is_a_path_where_people_walk(looks: list[Detections], kinds: list[str]) -> None:
    seen = frames([day(seed=s) for s in range(3)])
    proposed = discover(seen, ScriptedDetector(looks), Settings(), "cam", PAVED)
    assert [p.asset.kind for p in proposed] == kinds
    view = with_ground(View("cam", (LAMP_ASSET,)), FramesSource(seen), ScriptedDetector(looks), Settings(), PAVED)
    assert [a.kind for a in view.assets if a != LAMP_ASSET] == kinds


@pytest.mark.parametrize(
    ("registered", "model", "ground"),
    [
        pytest.param([LAMP_ASSET], True, [("", "lawn"), ("", "path")], id="only lamps are registered"),
        pytest.param([OWN_LAWN], True, [("G", "lawn"), ("", "path")], id="a lawn and no path"),
        pytest.param([OWN_PATH], True, [("", "lawn"), ("P", "path")], id="a path and no lawn"),
        pytest.param([OWN_PATH, OWN_LAWN], True, [("G", "lawn"), ("P", "path")], id="both: as registered"),
        pytest.param([Asset("P", "path")], True, [("", "lawn"), ("", "path")], id="a path nobody drew"),
        pytest.param([LAMP_ASSET], False, [], id="no surface model"),
    ],
)
def test_ground_that_no_register_names_is_seen(
    registered: list[Asset], model: bool, ground: list[tuple[str, str]]
) -> None:
    source = FramesSource(frames([day(seed=s) for s in range(3)]))
    view = with_ground(
        View("cam", tuple(registered)),
        source,
        ScriptedDetector([NOBODY]),
        Settings(),
        PaintedSurfaces() if model else None,
    )
    assert sorted((a.id, a.kind) for kind in ("path", "lawn") for a in view.of_kind(kind)) == sorted(ground)
    assert set(registered) <= set(view.assets)


def test_what_is_in_the_way_on_ground_in_no_register_names_no_asset() -> None:
    car = Detections.of([("car", 0.9, (0.4, 0.8, 0.6, 0.95))])
    source = FramesSource(frames([day(seed=s) for s in range(6)]))
    view = with_ground(View("cam", (LAMP_ASSET,)), source, ScriptedDetector([car]), Settings(), PaintedSurfaces())
    assert {a.id for a in view.assets} == {"L-1", UNREGISTERED}
    looks = inspect_source(source, view, ScriptedDetector([car]), Settings(detector_every_s=0))
    found = {(c.finding.issue, c.finding.asset_id) for look in looks for c in look.changes}
    assert ("path_obstructed", None) in found
