"""Things cut out of pictures and laid on real ground: in place, in size, behind what is nearer, with their truth."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.truth import read_truth
from detectors.values import Image
from sample_media.laid import films
from sample_media.laid.cutouts import changed, labelled
from sample_media.laid.films import Scenario, Walker, film
from sample_media.laid.laying import find_place, hole, laid, puddle
from sample_media.laid.views import RealView, streets

GREY: Image = np.full((240, 320, 3), 120, np.uint8)
GROUND = np.zeros((240, 320), bool)
GROUND[120:] = True
REGION = Region.of([(0, 0.5), (1, 0.5), (1, 1), (0, 1)])


def street(stands: tuple[slice, slice] | None = None) -> RealView:
    """Level ground below a horizon at 80 px, the camera 2 m high: a metre is 50 px high where y is 180."""
    numbers = np.zeros((240, 320), np.int32)
    if stands is not None:
        numbers[stands] = 1
    picture = GREY.copy()
    picture[:120] = 220
    return RealView("street", (picture,), {"path": GROUND}, 80.0, 2.0, numbers, 5.0, (("path", REGION),))


def with_case(picture: Image) -> Image:
    """A dark case with a shadow to its right."""
    there = picture.copy()
    cv2.rectangle(there, (100, 100), (139, 159), (20, 30, 90), -1)
    there[150:160, 145:170] = (0.7 * there[150:160, 145:170]).astype(np.uint8)
    return there


CASE = changed(GREY, with_case(GREY), Box(0.3, 0.4, 0.45, 0.68))


def test_what_came_is_cut_out_without_its_shade() -> None:
    assert CASE is not None
    assert CASE.size == pytest.approx((40, 60), abs=3)
    assert CASE.light == 120


def test_nothing_came_where_nothing_changed() -> None:
    assert changed(GREY, GREY, Box(0.3, 0.4, 0.45, 0.68)) is None


def test_a_label_is_cut_out_by_its_colours() -> None:
    picture = np.random.default_rng(1).normal(120, 4, GREY.shape).clip(0, 255).astype(np.uint8)
    cv2.circle(picture, (120, 120), 30, (30, 40, 200), -1)
    heap = labelled(picture, Box(85 / 320, 85 / 240, 155 / 320, 155 / 240))
    assert heap is not None
    assert heap.size == pytest.approx((61, 61), abs=6)


def test_a_place_is_on_the_ground_and_of_the_size_that_it_has_there() -> None:
    view, rng = street(), np.random.default_rng(2)
    for _ in range(20):
        place = find_place(view, ("path",), 0.5, 1.5, rng)
        assert place is not None
        assert GROUND[int(place[1]), int(place[0])]
        assert CASE is not None
        thing = laid(view, CASE, place, 0.5 * view.metre_at(place[1]))
        assert thing.box().width * 320 == pytest.approx(0.5 * (place[1] - 80) / 2, abs=3)
        assert thing.box().y1 * 240 == pytest.approx(place[1], abs=2)


@pytest.mark.parametrize("kinds", [pytest.param(("lawn",), id="no lawn there"), pytest.param(("road",), id="no road")])
def test_no_place_without_ground(kinds: tuple[str, ...]) -> None:
    assert find_place(street(), kinds, 0.5, 1.5, np.random.default_rng(2)) is None


def test_things_differ_from_the_ground_only_where_they_lie() -> None:
    view, rng = street(), np.random.default_rng(3)
    patch = rng.integers(30, 90, (60, 60, 3), np.uint8)
    for thing in (puddle(view, (160, 200), 80, rng), hole(view, patch, (160, 200), 60, rng)):
        apart = cv2.absdiff(thing.over(view.still), view.still).max(2) > 12
        near = np.zeros(apart.shape, bool)
        near[150:215, 100:220] = True
        assert apart[near].any()
        assert not apart[~near].any()


def test_a_puddle_shows_the_sky() -> None:
    view = street()
    water = puddle(view, (160, 215), 90, np.random.default_rng(3))
    assert water.over(view.still)[212, 160].mean() > GREY.mean() + 15


@pytest.mark.parametrize("registered", [pytest.param(True, id="ground registered"), pytest.param(False, id="not")])
def test_a_clip_shows_the_thing_from_its_second_on_and_behind_what_is_nearer(
    registered: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(films, "SECONDS", 2.0)
    pole = slice(60, 230), slice(150, 160)
    view = street(pole)
    assert CASE is not None
    thing = laid(view, CASE, (155.0, 180.0), 40.0)
    walker = Walker(CASE, 210.0, 1.7, 0.1, True)
    clip = film(
        view, Scenario("path_obstructed", thing, 1.0, [walker], (0.8, 1.5, 0.2)), registered, tmp_path, "a",
        np.random.default_rng(1),
    )  # fmt: skip
    truth = read_truth(clip.with_suffix(".truth.json"))
    assert [a.kind for a in truth.view.assets] == (["path"] if registered else [])
    (issue,) = truth.issues
    assert (issue.start_s, issue.end_s, issue.asset_id) == (1.0, 2.0, "P-1" if registered else None)
    read = cv2.VideoCapture(str(clip))
    frames = [read.read()[1] for _ in range(10)]
    assert np.abs(frames[8][150, 142].astype(float) - frames[3][150, 142]).max() > 40
    assert np.abs(frames[6][150, 155].astype(float) - frames[3][150, 155]).max() < 25


def test_streets_are_read_with_their_ground(tmp_path: Path) -> None:
    for part in ("images", "masks"):
        (tmp_path / part / "train").mkdir(parents=True)
    mask = np.full((240, 320), 1, np.uint8)
    mask[120:] = 3
    mask[120:, :140] = 4
    mask[100:130, 200:240] = 8
    for name in ("0016E5_1", "other_1"):
        cv2.imwrite(str(tmp_path / "images" / "train" / f"{name}.jpg"), GREY)
        cv2.imwrite(str(tmp_path / "masks" / "train" / f"{name}.png"), mask)
    (view,) = streets(tmp_path, "train")
    assert view.name == "0016E5_1"
    assert [kind for kind, _ in view.regions] == ["path"]
    assert not (view.ground["path"] & view.ground["road"]).any()
    assert view.before(110)[115, 220]
    assert not view.before(200)[115, 220]
