"""Trees that come to lean: each against its own past on a drawn walk, and what must not be mistaken for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.tree_stance import TreeStance
from detectors.values import Asset, Detections, Image, LightState, Presence, View
from tests.detectors.fakes import frame, noise
from tests.detectors.scenes import HEIGHT, TREE_BOXES, WALK, WIDTH, day

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
HAPPENS_AT, LOOKS = 5, 8


def leafy(picture: Image) -> Image:
    """The walk with leaves in its crowns: flat ones have no texture to tell by."""
    shown, rng = picture.copy(), np.random.default_rng(5)
    for box in TREE_BOXES:
        x0, y0, x1, _ = box.pixels(WIDTH, HEIGHT)
        for _ in range(60):
            x, y = round(rng.uniform(x0 + 12, x1 - 12)), round(rng.uniform(y0 + 12, y0 + 85))
            cv2.circle(shown, (x, y), 4, (30, int(rng.integers(60, 190)), 40), -1)
    return shown


def leaning(degrees: float) -> Callable[[Image], Image]:
    """A picture in which the first tree leans to the right."""

    def lean(picture: Image) -> Image:
        x0, y0, x1, y1 = TREE_BOXES[0].pixels(WIDTH, HEIGHT)
        mask = np.zeros(picture.shape[:2], np.uint8)
        mask[y0:y1, x0:x1] = 255
        turn = cv2.getRotationMatrix2D(((x0 + x1) / 2, y1), -degrees, 1.0)
        where = cv2.warpAffine(mask, turn, (WIDTH, HEIGHT)) > 127
        shown = picture.copy()
        shown[y0:y1, x0:x1] = (130, 135, 130)
        shown[where] = cv2.warpAffine(picture, turn, (WIDTH, HEIGHT))[where]
        return shown

    return lean


def crown_gone(picture: Image) -> Image:
    """A picture in which the first tree's crown was cut."""
    x0, y0, x1, _ = TREE_BOXES[0].pixels(WIDTH, HEIGHT)
    shown = picture.copy()
    shown[y0 : y0 + 95, x0:x1] = (130, 135, 130)
    return shown


def darker(picture: Image) -> Image:
    return (picture * 0.6).astype(np.uint8)


def said_of_trees(
    happens: Callable[[Image], Image], hidden: list[Box] | None = None, light: LightState = LightState.DAY
) -> list[list[Presence]]:
    stance, said = TreeStance(), []
    for second in range(LOOKS):
        picture = noise(leafy(day()), second, 3.0)
        if light is not LightState.DAY:
            picture = (picture * 0.4).astype(np.uint8)
        after = second >= HAPPENS_AT
        scene = Scene(
            frame(happens(picture) if after else picture, second),
            light,
            Detections.empty(),
            WALK,
            (hidden or []) if after else [],
        )
        said.append([o.presence for o in stance.look(WALK.of_kind("tree"), scene)])
    return said


@pytest.mark.parametrize("degrees", [12, 16, 20])
def test_a_tree_that_comes_to_lean(degrees: float) -> None:
    said = said_of_trees(leaning(degrees))
    assert said[HAPPENS_AT - 1] == [A, A]
    assert said[HAPPENS_AT:] == [[P, A]] * (LOOKS - HAPPENS_AT)


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        pytest.param(lambda picture: picture, [A, A], id="nothing"),
        pytest.param(darker, [A, A], id="a cloud before the sun"),
        pytest.param(crown_gone, [U, A], id="its crown was cut"),
    ],
)
def test_what_does_not_make_a_tree_lean(happens: Callable[[Image], Image], said: list[Presence]) -> None:
    assert said_of_trees(happens)[HAPPENS_AT] == said


@pytest.mark.parametrize(
    ("light_after", "said"),
    [
        pytest.param(1.0, [P, A], id="in the light that was there"),
        pytest.param(2.2, [U, A], id="a lamp went on: another side of it is lit"),
        pytest.param(0.45, [U, A], id="a lamp went out"),
    ],
)
def test_by_night_a_tree_leans_only_in_the_light_it_is_known_in(light_after: float, said: list[Presence]) -> None:
    def happens(picture: Image) -> Image:
        return np.clip(leaning(16)(picture) * light_after, 0, 255).astype(np.uint8)

    assert said_of_trees(happens, light=LightState.NIGHT)[HAPPENS_AT] == said


@pytest.mark.parametrize(
    ("happens", "changed"),
    [
        pytest.param(lambda picture: picture, False, id="nothing"),
        pytest.param(darker, False, id="a cloud before the sun"),
        pytest.param(crown_gone, True, id="its crown was cut"),
        pytest.param(leaning(16), True, id="it leans"),
    ],
)
def test_it_tells_whose_place_shows_other_edges(happens: Callable[[Image], Image], changed: bool) -> None:
    stance = TreeStance()
    for second in range(LOOKS):
        picture = noise(leafy(day()), second, 3.0)
        shown = frame(happens(picture) if second >= HAPPENS_AT else picture, second)
        stance.look(WALK.of_kind("tree"), Scene(shown, LightState.DAY, Detections.empty(), WALK, []))
    assert (stance.changed("T-1"), stance.changed("T-2")) == (changed, False)


def test_of_a_view_that_changed_as_a_whole_no_tree_is_told_apart() -> None:
    places = [Box(x, 0.2, x + 0.15, 0.7) for x in (0.05, 0.3, 0.55, 0.8)]
    trees = [Asset(f"T-{n}", "tree", Region.rectangle(box)) for n, box in enumerate(places)]

    def changed_in(new: slice) -> set[str]:
        """Ids of the trees that are told apart when the picture is another in some columns."""
        stance, view = TreeStance(), View("row", tuple(trees))
        before, after = (cv2.GaussianBlur(noise(day(), seed, 60.0), (0, 0), 2.0) * 2 for seed in (1, 2))
        for second in range(HAPPENS_AT + 1):
            shown = before.copy()
            if second >= HAPPENS_AT:
                shown[:, new] = after[:, new]
            stance.look(trees, Scene(frame(shown, second), LightState.DAY, Detections.empty(), view, []))
        return {t.id for t in trees if stance.changed(t.id)}

    assert changed_in(slice(0, WIDTH // 4)) == {"T-0"}
    assert changed_in(slice(0, WIDTH)) == set()


def test_a_tree_behind_somebody_is_unknown() -> None:
    assert said_of_trees(leaning(15), [TREE_BOXES[0].grown(0.05)])[HAPPENS_AT] == [U, A]


def test_a_reference_picture_tells_of_a_tree_that_leans_from_the_first_look() -> None:
    view = replace(WALK, references={LightState.DAY: leafy(day())})
    scene = Scene(frame(leaning(15)(noise(leafy(day()), 1, 3.0)), 0), LightState.DAY, Detections.empty(), view, [])
    assert [o.presence for o in TreeStance().look(view.of_kind("tree"), scene)] == [P, A]
