"""Street lights on drawn walks by night: out, flickering, and what must not be mistaken for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.lights import LightsInspector
from detectors.values import Asset, Detections, Frame, Image, LightState, Observation, Presence, View
from tests.detectors.fakes import START, frame
from tests.detectors.scenes import LAMP_X, LAMPS, WALK, judged, night, scene, verdicts

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
DAY, NIGHT, TWILIGHT = LightState.DAY, LightState.NIGHT, LightState.TWILIGHT
ALL = (True, True, True, True)


def dusk(lit: tuple[bool, ...]) -> Image:
    """The walk after sunset: a grey sky still, and some lamps lit."""
    return np.clip(night(lit).astype(np.float32) + 28, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("lit", "said"),
    [
        pytest.param(ALL, [A, A, A, A], id="all lit"),
        pytest.param((True, False, True, True), [A, P, A, A], id="one out"),
        pytest.param((False, False, False, True), [P, P, P, A], id="a circuit out"),
        pytest.param((False, False, False, False), [P, P, P, P], id="all out"),
    ],
)
def test_lamps_by_night(lit: tuple[bool, ...], said: list[Presence]) -> None:
    assert verdicts(LightsInspector(WALK).look(scene(night(lit), 0, NIGHT)), "light_out") == said


@pytest.mark.parametrize(
    ("lit", "said"),
    [
        pytest.param((False, False, False, False), [U, U, U, U], id="the street is not switched on"),
        pytest.param((True, False, False, False), [U, U, U, U], id="one is early"),
        pytest.param((True, False, True, True), [A, P, A, A], id="one is out, the others are on"),
    ],
)
def test_in_twilight_a_lamp_is_out_only_where_the_street_is_on(lit: tuple[bool, ...], said: list[Presence]) -> None:
    assert verdicts(LightsInspector(WALK).look(scene(dusk(lit), 0, TWILIGHT)), "light_out") == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        pytest.param(3, [U, U, U, U], id="stragglers are given time"),
        pytest.param(20, [A, P, A, A], id="but not for ever"),
    ],
)
def test_lamps_of_one_street_switch_on_minutes_apart(minutes: int, said: list[Presence]) -> None:
    inspector = LightsInspector(WALK)
    last: list[Observation] = []
    for minute, lit in ((0, (False,) * 4), (1, (True, False, True, True)), (1 + minutes, (True, False, True, True))):
        at = START + timedelta(minutes=minute)
        look = Frame(dusk(lit), at, minute * 60.0, minute)
        last = inspector.look(Scene(look, TWILIGHT, Detections.empty(), WALK, []))
    assert verdicts(last, "light_out") == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [pytest.param(3, [], id="stragglers are given time"), pytest.param(20, [P], id="left on")],
)
def test_a_lamp_that_burns_on_at_dawn(minutes: int, said: list[Presence]) -> None:
    inspector = LightsInspector(WALK)
    last: list[Observation] = []
    one = (False, True, False, False)
    for minute, light, lit in ((0, NIGHT, ALL), (1, TWILIGHT, one), (1 + minutes, TWILIGHT, one)):
        look = Frame(dusk(lit), START + timedelta(minutes=minute), minute * 60.0, minute)
        last = inspector.look(Scene(look, light, Detections.empty(), WALK, []))
    assert verdicts(last, "light_on_by_day") == said


def globes(lit: tuple[bool, ...], seed: int, gain: float = 1.0) -> Image:
    """White globes by night: those that are out are lit by the others, and look it."""
    picture = night((True,) * 4, seed).astype(np.float32)
    for x, on in zip(LAMP_X, lit, strict=True):
        if not on:
            picture[50:72, x - 10 : x + 10] *= 0.6
    return np.clip(picture * gain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("looks", "said"),
    [
        pytest.param([(True, True)] * 3, A, id="all keep their light"),
        pytest.param([(True, True)] * 2 + [(False, True)], P, id="one loses much of its own"),
        pytest.param([(True, True)] * 2 + [(False, False)], A, id="all lose as much: the camera's iris"),
    ],
)
def test_a_lamp_that_loses_its_own_light_is_out_though_others_light_it(
    looks: list[tuple[bool, bool]], said: Presence
) -> None:
    inspector = LightsInspector(WALK)
    last: list[Observation] = []
    for second, (mine, others) in enumerate(looks):
        last = inspector.look(scene(globes((others, mine, others, others), second), second, NIGHT))
    assert verdicts(last, "light_out")[1] is said


def test_headlights_that_passed_were_not_a_lamps_own_light(monkeypatch: pytest.MonkeyPatch) -> None:
    judged(monkeypatch, {a.id: 0.7 for a in LAMPS})
    inspector = LightsInspector(WALK)
    last: list[Observation] = []
    for second in range(9):
        picture = night((True, False, True, True), second)
        if 3 <= second < 6:
            cv2.circle(picture, (LAMP_X[1], 62), 5, (225, 225, 225), -1)
        last = inspector.look(scene(picture, second, NIGHT))
    assert verdicts(last, "light_out") == [A, A, A, A]


def headlights(picture: Image) -> Image:
    """Two bright lights on the path, below the second lamp's head and beside its column."""
    shown = picture.copy()
    for x in (212, 232):
        cv2.circle(shown, (x, 175), 6, (255, 255, 255), -1)
    return shown


def wet(picture: Image) -> Image:
    """The walk after rain: every light below the lamps' feet once more, blurred."""
    shown = picture.astype(np.float32)
    mirrored = cv2.GaussianBlur(shown[:85][::-1], (5, 31), 0)
    shown[185:270] = np.maximum(shown[185:270], 0.8 * mirrored)
    return shown.astype(np.uint8)


def brighter(picture: Image) -> Image:
    """A camera that opened its iris."""
    return np.clip(picture.astype(np.float32) * 1.8 + 10, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(headlights, id="headlights"),
        pytest.param(wet, id="wet"),
        pytest.param(brighter, id="an open iris: lit lamps may be unknown, never out"),
    ],
)
def test_other_light_does_not_make_a_dark_lamp_lit(changed: Callable[[Image], Image]) -> None:
    seen = LightsInspector(WALK).look(scene(changed(night((True, False, True, True))), 0, NIGHT))
    first, dark, third, fourth = verdicts(seen, "light_out")
    assert dark is P
    assert P not in (first, third, fourth)


def test_a_lit_lamp_beside_the_head_is_not_its_own_light() -> None:
    picture = night((True, False, True, True))
    cv2.circle(picture, (LAMP_X[1] + 22, 66), 4, (255, 255, 255), -1)
    assert verdicts(LightsInspector(WALK).look(scene(picture, 0, NIGHT)), "light_out") == [A, P, A, A]


@pytest.mark.parametrize(
    ("odds", "said"),
    [
        pytest.param(0.6, A, id="lit"),
        pytest.param(0.4, U, id="neither lit nor dark"),
        pytest.param(0.2, P, id="surely dark"),
    ],
)
def test_where_no_ground_is_lit_the_judge_must_be_sure(
    odds: float, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(monkeypatch, {a.id: odds if a is LAMPS[1] else 0.95 for a in LAMPS})
    picture = dusk((True, False, True, True))
    assert verdicts(LightsInspector(WALK).look(scene(picture, 0, TWILIGHT)), "light_out") == [A, said, A, A]


@pytest.mark.parametrize(
    ("pools", "odds", "said"),
    [
        pytest.param((0, 1, 2, 3), 0.05, U, id="lit as under the others: its glass may be hidden"),
        pytest.param((0, 1, 2, 3), 0.01, P, id="lit by the others, whose glass is seen as its own would be"),
        pytest.param((0, 2, 3), 0.01, P, id="dark"),
        pytest.param((0, 2, 3), 0.45, P, id="dark, though its head is before a light"),
        pytest.param((1,), 0.01, P, id="no other lamp lights the ground: it is headlights"),
    ],
)
def test_the_ground_under_a_lamp_tells_whether_it_is_out(
    pools: tuple[int, ...], odds: float, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(monkeypatch, {a.id: odds if a is LAMPS[1] else 0.95 for a in LAMPS})
    picture = night((True, False, True, True))
    for number in pools:
        cv2.ellipse(picture, (LAMP_X[number], 190), (40, 18), 0, 0, 360, (150, 150, 150), -1)
    assert verdicts(LightsInspector(WALK).look(scene(picture, 0, NIGHT)), "light_out") == [A, said, A, A]


@pytest.mark.parametrize(
    ("own_pool", "odds", "nearer", "burned", "said"),
    [
        pytest.param(60, 0.01, True, 0, U, id="some light on the ground: the crown hides its head and shades the rest"),
        pytest.param(30, 0.01, True, 0, P, id="little on the ground, and the judge is surely right: it is out"),
        pytest.param(30, 0.1, True, 0, U, id="as little, and the judge is not so sure"),
        pytest.param(15, 0.1, True, 0, P, id="next to none on the ground: it is out, crown or not"),
        pytest.param(60, 0.01, False, 0, P, id="the tree stands behind it: its head would show"),
        pytest.param(60, 0.01, True, 3, P, id="its head was seen to burn: the crown does not hide it"),
        pytest.param(60, 0.01, True, 1, U, id="it was seen to burn once: leaves sway"),
    ],
)
def test_a_lamp_behind_a_crown_is_out_where_the_ground_is_dark(
    own_pool: int, odds: float, nearer: bool, burned: int, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = night((True, False, True, True))
    for number in range(4):
        cv2.ellipse(picture, (LAMP_X[number], 190), (40, 18), 0, 0, 360, (own_pool if number == 1 else 150,) * 3, -1)
    lamp = LAMPS[1].region
    assert lamp is not None
    crown = Region.rectangle(
        Box(lamp.box.x0 - 0.05, 0.0, lamp.box.x1 + 0.05, lamp.box.y1 + (0.05 if nearer else -0.05))
    )
    view = replace(WALK, assets=(*WALK.assets, Asset("T-1", "tree", crown)))
    inspector, last = LightsInspector(view), list[Observation]()
    for second in range(burned + 1):
        judged(monkeypatch, {a.id: odds if a is LAMPS[1] and second == burned else 0.95 for a in LAMPS})
        last = inspector.look(replace(scene(picture, second, NIGHT), view=view))
    assert verdicts(last, "light_out")[1] is said


@pytest.mark.parametrize(
    ("pools", "odds", "said"),
    [
        pytest.param({0: 150, 2: 150, 3: 150}, 0.8, P, id="the ground under it alone is dark"),
        pytest.param({0: 150, 2: 150, 3: 150}, 0.95, A, id="it is surely lit: something dark lies there"),
        pytest.param({0: 150, 1: 100, 2: 150, 3: 150}, 0.8, A, id="it lights the ground, if less"),
        pytest.param({0: 150, 2: 150, 3: 60}, 0.8, A, id="the ground is not alike under the others either"),
        pytest.param({0: 150, 2: 150}, 0.8, A, id="few others light it"),
    ],
)
def test_a_lamp_before_lit_ones_is_out_where_the_ground_under_it_alone_is_dark(
    pools: dict[int, int], odds: float, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its arm lies before the lit arms of others: the judge takes their light for its own."""
    judged(monkeypatch, {a.id: odds if a is LAMPS[1] else 0.95 for a in LAMPS})
    picture = night((True, False, True, True))
    for number, level in pools.items():
        cv2.ellipse(picture, (LAMP_X[number], 190), (40, 18), 0, 0, 360, (level,) * 3, -1)
    assert verdicts(LightsInspector(WALK).look(scene(picture, 0, NIGHT)), "light_out")[1] is said


def test_a_lamp_whose_light_stands_out_burns_though_bushes_hide_its_ground(monkeypatch: pytest.MonkeyPatch) -> None:
    judged(monkeypatch, {a.id: 0.8 if a is LAMPS[1] else 0.95 for a in LAMPS})
    picture = night(ALL)
    for number, x in enumerate(LAMP_X):
        cv2.ellipse(picture, (x, 190), (40, 18), 0, 0, 360, (20 if number == 1 else 150,) * 3, -1)
    assert verdicts(LightsInspector(WALK).look(scene(picture, 0, NIGHT)), "light_out") == [A, A, A, A]


@pytest.mark.parametrize("there", ["fallen_tree", "puddle"])
def test_what_lies_under_a_lamp_darkens_its_ground(there: str, monkeypatch: pytest.MonkeyPatch) -> None:
    judged(monkeypatch, {a.id: 0.8 if a is LAMPS[1] else 0.95 for a in LAMPS})
    picture = night((True, False, True, True))
    for number in (0, 2, 3):
        cv2.ellipse(picture, (LAMP_X[number], 190), (40, 18), 0, 0, 360, (150, 150, 150), -1)
    lies = Detections.of([(there, 0.6, (0.25, 0.5, 0.6, 0.8))])
    assert verdicts(LightsInspector(WALK).look(scene(picture, 0, NIGHT, lies)), "light_out")[1] is A


@pytest.mark.parametrize(
    ("tall", "said"),
    [
        pytest.param((0.5, 0.5, 0.3, 0.6), P, id="nearer and farther ones show their light"),
        pytest.param((0.6, 0.5, 0.4, 0.3), P, id="the same, the nearest first"),
        pytest.param((0.4, 0.5, 0.4, 0.3), U, id="it is the nearest: from above its shade may hide its glass"),
        pytest.param((0.6, 0.5, 0.6, 0.6), U, id="it is the farthest"),
    ],
)
def test_a_lamp_that_others_light_is_out_where_it_would_show_its_glass(
    tall: tuple[float, ...], said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(monkeypatch, {a.id: 0.01 if a is LAMPS[1] else 0.95 for a in LAMPS})
    regions = [
        Region.rectangle(Box.of((x / 480 - 0.02, 0.7 - t, x / 480 + 0.02, 0.7)))
        for x, t in zip(LAMP_X, tall, strict=True)
    ]
    view = replace(WALK, assets=tuple(replace(a, region=r) for a, r in zip(LAMPS, regions, strict=True)))
    picture = night((True, False, True, True))
    for x in LAMP_X:
        cv2.ellipse(picture, (x, 190), (40, 18), 0, 0, 360, (150, 150, 150), -1)
    look = replace(scene(picture, 0, NIGHT), view=view)
    assert verdicts(LightsInspector(view).look(look), "light_out")[1] is said


def light_at(picture: Image, *xs: int) -> Image:
    """Small bright lights at the height of the heads."""
    shown = picture.copy()
    for x in xs:
        cv2.circle(shown, (x, 62), 6, (255, 255, 255), -1)
    return shown


@pytest.mark.parametrize(
    ("lights", "said"),
    [
        pytest.param((0,), U, id="one at its very head, which may be its own"),
        pytest.param((0, -40, -27, 27, 40), P, id="a row of lamps behind it"),
        pytest.param((22,), P, id="one beside its head"),
    ],
)
def test_a_light_that_stands_out_at_a_dark_head_may_be_its_own(
    lights: tuple[int, ...], said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(monkeypatch, {a.id: 0.05 for a in LAMPS})
    picture = light_at(night((False,) * 4), *(LAMP_X[1] + x for x in lights))
    assert verdicts(LightsInspector(WALK).look(scene(picture, 0, NIGHT)), "light_out") == [P, said, P, P]


@pytest.mark.parametrize(
    ("feet", "said"),
    [pytest.param(0.8, U, id="before it"), pytest.param(0.5, P, id="behind it: a car across the road")],
)
def test_only_who_stands_before_a_lamp_hides_it(feet: float, said: Presence) -> None:
    someone = Detections.of([("car", 0.9, (0.15, 0.1, 0.28, feet))])
    seen = LightsInspector(WALK).look(scene(night((False, True, True, True)), 0, NIGHT, someone))
    assert verdicts(seen, "light_out") == [said, A, A, A]


@pytest.mark.parametrize(
    "region",
    [
        pytest.param(Box(0.2, 0.0, 0.24, 0.4), id="its head is above the picture"),
        pytest.param(Box(0.2, 0.002, 0.24, 0.4), id="its head is above the picture, and its box ends within a pixel"),
        pytest.param(Box(0.2, 0.2, 0.205, 0.25), id="too small"),
        pytest.param(Box(0.2, 0.9, 0.24, 1.0), id="all but its head is below the picture"),
    ],
)
def test_a_head_that_cannot_be_seen_is_unknown(region: Box) -> None:
    view = View("walk", (Asset("L-9", "street_light", Region.rectangle(region)),))
    seen = LightsInspector(view).look(Scene(frame(night(ALL), 0), NIGHT, Detections.empty(), view, []))
    assert [(o.presence, o.reason) for o in seen if o.issue == "light_out"] == [(U, "its head cannot be seen")]
