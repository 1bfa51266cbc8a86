"""Lamps that lean: each against its own past on a drawn walk, and what must not be mistaken for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Nudge, Region
from detectors.inspectors import Scene
from detectors.inspectors.crops import column_crop, column_foot
from detectors.inspectors.edges import crop_grey
from detectors.inspectors.lamp_stance import LampStance
from detectors.inspectors.lights import LightsInspector
from detectors.inspectors.turned import best_turn, change_since
from detectors.values import Asset, Detections, Image, LightState, Observation, Presence, View
from tests.detectors.fakes import frame, noise
from tests.detectors.scenes import HEIGHT, LAMP_X, LAMPS, WALK, WIDTH, bag, day, night, scene
from tests.detectors.test_column_lines import row

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
DAY, NIGHT = LightState.DAY, LightState.NIGHT
LOOKS = 12
HAPPENS_AT = 6


def leaning(degrees: float, length: float = 1.0) -> Callable[[Image], Image]:
    """A picture in which the second lamp is run into and leans to the right, and to or from the camera."""

    def lean(picture: Image) -> Image:
        x, foot = LAMP_X[1], 189
        shown = picture.copy()
        shown[50:foot, x - 9 : x + 9] = shown[50:foot, x + 12 : x + 30]  # what was behind it
        turn = cv2.getRotationMatrix2D((x, foot), -degrees, 1.0)
        turn[:, 1] *= length
        turn[:, 2] = (x, foot) - turn[:, :2] @ (x, foot)
        mask = np.zeros(picture.shape[:2], np.uint8)
        mask[52:foot, x - 8 : x + 8] = 255
        turned = cv2.warpAffine(picture, turn, (WIDTH, HEIGHT))
        where = cv2.warpAffine(mask, turn, (WIDTH, HEIGHT)) > 127
        shown[where] = turned[where]
        return shown

    return lean


def gone(picture: Image) -> Image:
    """A picture in which something large stands before the second lamp."""
    shown = picture.copy()
    shown[40:200, LAMP_X[1] - 20 : LAMP_X[1] + 20] = 90
    return shown


def shaken(picture: Image) -> Image:
    """A picture of a camera that was knocked a little."""
    return np.roll(picture, 9, axis=1)


def darker(picture: Image) -> Image:
    return (picture * 0.6).astype(np.uint8)


def nothing(picture: Image) -> Image:
    return picture


def verdicts(seen: Iterable[Observation]) -> list[Presence]:
    return [o.presence for o in sorted(seen, key=lambda o: o.asset_id or "")]


def watch(
    happens: Callable[[Image], Image],
    view: View = WALK,
    light: LightState = DAY,
    crop: int = HEIGHT,
    before: Callable[[Image], Image] = nothing,
) -> list[list[Presence]]:
    """What is said of each lamp, look by look; `crop` is the picture's height, px."""
    lamps, said = LampStance(), []
    for second in range(LOOKS):
        picture = noise(day(), second, 3.0) if light is DAY else night((True,) * 4, second)
        picture = (happens(picture) if second >= HAPPENS_AT else before(picture))[:crop]
        seen = lamps.look(
            view.of_kind("street_light"), Scene(frame(picture, second), light, Detections.empty(), view, [])
        )
        said.append(verdicts(seen))
    return said


@pytest.mark.parametrize("degrees", [-18, -11, 11, 18])
def test_a_lamp_that_comes_to_lean(degrees: float) -> None:
    said = watch(leaning(degrees))
    assert said[HAPPENS_AT - 1] == [A, A, A, A]
    assert said[HAPPENS_AT:] == [[A, P, A, A]] * (LOOKS - HAPPENS_AT)


@pytest.mark.parametrize(
    ("degrees", "length", "light"),
    [
        pytest.param(12, 0.9, DAY, id="aside and to the camera"),
        pytest.param(5, 1.0, DAY, id="a little: a rigid thing does not move by itself"),
        pytest.param(0, 0.9, NIGHT, id="straight to the camera: it looks shorter"),
    ],
)
def test_a_lamp_that_comes_to_lean_in_any_direction(degrees: float, length: float, light: LightState) -> None:
    assert watch(leaning(degrees, length), light=light)[HAPPENS_AT:] == [[A, P, A, A]] * (LOOKS - HAPPENS_AT)


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        pytest.param(nothing, [A, A, A, A], id="nothing"),
        pytest.param(darker, [A, A, A, A], id="a cloud before the sun"),
        pytest.param(gone, [A, U, A, A], id="something else stands there"),
        pytest.param(shaken, [U, U, U, U], id="everything moved at once"),
        pytest.param(bag, [A, A, A, A], id="a bag beside the lamps"),
    ],
)
def test_what_does_not_make_a_lamp_lean(happens: Callable[[Image], Image], said: list[Presence]) -> None:
    assert watch(happens)[HAPPENS_AT] == said


def test_a_lamp_that_goes_out_by_night_does_not_lean() -> None:
    out = night((True, False, True, True), 3)
    assert watch(lambda _: out, light=NIGHT)[HAPPENS_AT:] == [[A, U, A, A]] * (LOOKS - HAPPENS_AT)


def test_a_lamp_that_goes_out_does_not_lean_to_where_another_stood_before() -> None:
    def both(picture: Image) -> Image:
        return np.maximum(picture, leaning(11)(picture))

    said = watch(leaning(11), light=NIGHT, before=both)
    assert said[HAPPENS_AT - 1] == [A, A, A, A]
    assert said[HAPPENS_AT:] == [[A, U, A, A]] * (LOOKS - HAPPENS_AT)


def test_a_lamp_whose_light_goes_to_and_fro_does_not_lean_in_the_dark() -> None:
    inspector, told = LightsInspector(WALK), set[tuple[str, Presence]]()
    for second, dark in enumerate([False] * 4 + [True, False] * 2 + [True] * 2 + [False, True]):
        picture = night((True,) * 4, second)
        if dark:  # what it lights no longer shows, and what is left of it looks turned
            picture = leaning(12)(picture)
            picture[52:72, LAMP_X[1] - 8 : LAMP_X[1] + 30] //= 2
        seen = Scene(frame(picture, second), NIGHT, Detections.empty(), WALK, [])
        told |= {(o.issue, o.presence) for o in inspector.look(seen) if o.asset_id == "L-2" and second >= 8}
    assert ("light_flickering", P) in told
    assert ("light_damaged", P) not in told


def test_a_lamp_before_which_another_leans_does_not_lean() -> None:
    nearest = WALK.of_kind("street_light")[1]
    assert nearest.region is not None
    behind = Region.rectangle(Box(nearest.region.box.x0, 0.3, nearest.region.box.x1 + 0.06, nearest.region.box.y1))
    view = replace(WALK, assets=(*WALK.assets, replace(nearest, id="L-9", region=behind)))
    assert watch(leaning(14), view)[HAPPENS_AT] in ([A, P, A, A, A], [A, P, A, A, U])


def test_a_lamp_whose_foot_is_just_below_the_picture_leans_about_the_edge() -> None:
    second = WALK.of_kind("street_light")[1]
    edge = 178
    assert second.region is not None
    region = Region.of([(x, min(y, edge / HEIGHT) * HEIGHT / edge) for x, y in second.region.points])
    view = replace(WALK, assets=(replace(second, region=region),))
    assert watch(leaning(12), view, crop=edge)[HAPPENS_AT:] == [[P]] * (LOOKS - HAPPENS_AT)


def test_a_lone_lamp_of_a_camera_that_shakes_does_not_lean() -> None:
    view = replace(WALK, assets=tuple(a for a in WALK.assets if a.id == "L-2"))
    assert watch(lambda picture: np.roll(picture, 3, axis=1), view)[HAPPENS_AT] == [U]


@pytest.mark.parametrize(
    ("happens", "moved"),
    [
        pytest.param(leaning(5), False, id="it leans, and what is beside it stays"),
        pytest.param(lambda picture: np.roll(picture, 2, axis=1), True, id="the camera is shaken"),
        pytest.param(lambda picture: np.roll(picture, 1, axis=0), True, id="down"),
    ],
)
def test_a_camera_that_moves_moves_what_is_beside_a_lamp(happens: Callable[[Image], Image], moved: bool) -> None:
    second = LAMPS[1].region
    assert second is not None
    past = crop_grey(column_crop(day(), second))
    turn = best_turn(change_since(past, column_crop(happens(day()), second)), column_foot(len(past)))
    assert (turn.shaken > turn.standing) is moved


def test_a_lamp_is_learnt_anew_when_the_side_of_its_column_is_told() -> None:
    picture, lamps = row(-40, -40, -40)
    view, own = View("row", tuple(lamps)), lamps[2].region
    assert own is not None
    passer = Box(own.box.x0, own.box.y0, own.box.x1, own.box.y1 - 0.05)  # behind it
    inspector, told = LightsInspector(view), []
    for second in range(10):
        seen = replace(scene(noise(picture, second, 2.0), float(second), DAY), view=view)
        seen = replace(seen, movers=[passer] if second < 4 else [])
        told.append(verdicts([o for o in inspector.look(seen) if o.issue == "light_damaged"]))
    assert [said[2] for said in told] == [U, U, U, A, U, U, U, A, A, A]


def test_a_lamp_that_was_mended_stands_again() -> None:
    lamps, said = LampStance(), []
    for second in range(LOOKS):
        picture = noise(day(), second, 3.0)
        picture = leaning(14)(picture) if 4 <= second < 8 else picture
        seen = lamps.look(
            WALK.of_kind("street_light"), Scene(frame(picture, second), DAY, Detections.empty(), WALK, [])
        )
        said.append(verdicts(seen)[1])
    assert said == [U] * 3 + [A] + [P] * 4 + [A] * 4


def test_a_reference_picture_tells_of_a_lamp_that_leans_from_the_first_look() -> None:
    view = replace(WALK, references={LightState.DAY: day()})
    lamps = LampStance()
    picture = leaning(14)(noise(day(), 1, 3.0))
    seen = lamps.look(view.of_kind("street_light"), Scene(frame(picture, 0), DAY, Detections.empty(), view, []))
    assert verdicts(seen) == [A, P, A, A]


def test_another_light_is_learnt_anew() -> None:
    lamps = LampStance()
    said = []
    for second, light in enumerate([DAY] * 5 + [NIGHT] * 4):
        picture = noise(day() if light is DAY else (day() // 6).astype(np.uint8), second, 1.0)
        seen = lamps.look(
            WALK.of_kind("street_light"), Scene(frame(picture, second), light, Detections.empty(), WALK, [])
        )
        said.append(verdicts(seen)[0])
    assert said == [U, U, U, A, A, U, U, U, A]


def test_a_lamp_of_a_view_that_is_nudged_while_it_is_learnt_is_learnt_anew() -> None:
    lamp = Asset("L-9", "street_light", Region.rectangle(Box(0.4, 0.5, 0.44, 0.8)))  # so small that none is scaled down
    still, lamps, said = replace(WALK, assets=(lamp,)), LampStance(), []
    for second in range(6):
        view = still.nudged(Nudge(d=1.04)) if second == 1 else still  # its crop is a few pixels taller
        scene = Scene(frame(noise(day(), second, 3.0), second), DAY, Detections.empty(), view, [])
        said.append(verdicts(lamps.look(view.of_kind("street_light"), scene))[0])
    assert said == [U, U, U, U, U, A]


def test_a_lamp_behind_somebody_is_unknown() -> None:
    someone = Box(0.38, 0.2, 0.46, 0.8)
    lamps = LampStance()
    for second in range(4):
        hidden = [someone] if second == 3 else []
        seen = lamps.look(
            WALK.of_kind("street_light"),
            Scene(frame(noise(day(), second, 3.0), second), DAY, Detections.empty(), WALK, hidden),
        )
    assert verdicts(seen) == [A, U, A, A]


@pytest.mark.parametrize(("asked", "said"), [(True, True), (False, False)], ids=["asked", "a glance"])
def test_how_lamps_stand_waits_for_looks_at_which_the_detector_was_asked(asked: bool, said: bool) -> None:
    scene = Scene(frame(night((True,) * 4), 0), NIGHT, Detections.empty(), WALK, [], asked=asked)
    issues = {o.issue for o in LightsInspector(WALK).look(scene)}
    assert ("light_damaged" in issues, "light_out" in issues) == (said, True)
