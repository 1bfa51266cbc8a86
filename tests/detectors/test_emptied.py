"""Outlines in which no lamp stands: what the judge says of them, and the detector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors.crops import Crop, stance_crop
from detectors.inspectors.emptied import EmptyOutlines
from detectors.inspectors.lights import LightsInspector
from detectors.inspectors.state_models import Odds, state_model
from detectors.values import Asset, Detections, Image, LightState, Observation, Presence
from tests.detectors.scenes import HEIGHT, LAMP_X, LAMPS, WALK, WIDTH, day, night, scene
from tests.detectors.test_lights import verdicts

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
DAY, NIGHT = LightState.DAY, LightState.NIGHT
STANDS = [A, A, A, A]
Seen = tuple[str, float, list[float]]


@dataclass
class Said:
    """A judge that says this of each lamp."""

    by_lamp: Mapping[str, float]

    def look(self, crops: dict[str, Crop]) -> None:
        return None

    def odds(self, thing: str) -> Odds:
        return np.array([1 - self.by_lamp.get(thing, 0.02), self.by_lamp.get(thing, 0.02)], np.float32)


def box_of(number: int, score: float, aside: float = 0.0) -> Seen:
    """What the detector sees of a lamp, by its number from 1, so many of its widths aside."""
    region = LAMPS[number - 1].region
    assert region is not None
    own = region.box
    return "street_light", score, [own.x0 + aside * own.width, own.y0, own.x1 + aside * own.width, own.y1]


def topped(number: int, score: float, lean: float = 0.0, lower: float = 0.0) -> Seen:
    """A box that ends at the middle of the lamp; its top so many heights aside and lower."""
    region = LAMPS[number - 1].region
    assert region is not None
    own = region.box
    aside, top = lean * own.height * HEIGHT / WIDTH, own.y0 + lower * own.height
    return "street_light", score, [own.x0, top, own.x1 + aside, own.y0 + 0.5 * own.height]


def half(number: int, score: float) -> Seen:
    """A box of the left half of a lamp, and a little more."""
    region = LAMPS[number - 1].region
    assert region is not None
    own = region.box
    return "street_light", score, [own.x0, own.y0, own.x0 + 0.55 * own.width, own.y1]


def bare(picture: Image, *numbers: int) -> Image:
    """The walk without some of its lamps, by their numbers from 1: what is beside them shows."""
    for x in (LAMP_X[number - 1] for number in numbers or (2,)):
        picture[30:200, x - 14 : x + 14] = picture[30:200, x + 16 : x + 44].copy()
    return picture


def look(
    odds: Mapping[str, float], *boxes: Seen, movers: tuple[Box, ...] = (), picture: Image | None = None
) -> list[Presence]:
    watch = EmptyOutlines()
    watch._judge = Said(odds)  # type: ignore[assignment]
    shown = bare(day()) if picture is None else picture
    seen = replace(scene(shown, 0.0, DAY, Detections.of(boxes)), movers=list(movers))
    return verdicts(watch.look(LAMPS, seen, standing()), "light_damaged")


def standing() -> list[Observation]:
    """What is said of lamps that stand as they did."""
    return [Observation("light_damaged", A, 0.9, a.id, a.kind, a.region.box) for a in LAMPS if a.region]


@pytest.mark.parametrize(
    ("proposed", "before", "second"),
    [
        pytest.param(False, 0.98, P, id="registered: it was gone at the first look"),
        pytest.param(
            True, 0.98, A, id="proposed from these pictures, and a puzzle to the judge from the first look on"
        ),
        pytest.param(True, 0.02, P, id="proposed from these pictures, and stood at first"),
    ],
)
def test_a_lamp_that_was_proposed_here_is_gone_only_after_it_stood(
    proposed: bool, before: float, second: Presence
) -> None:
    watch, seen = EmptyOutlines(), scene(bare(day()), 0.0, DAY, Detections.empty())
    seen = replace(seen, view=replace(seen.view, proposed=proposed))
    for odds in (before, 0.98):
        watch._judge = Said({"L-2": odds})  # type: ignore[assignment]
        told = watch.look(LAMPS, seen, standing())
    assert verdicts(told, "light_damaged")[1] is second


@pytest.mark.parametrize(
    ("odds", "boxes", "second"),
    [
        pytest.param(0.98, [], P, id="surely empty"),
        pytest.param(0.98, [box_of(2, 0.6)], A, id="the detector sees it"),
        pytest.param(0.98, [box_of(2, 0.8, aside=0.6)], P, id="the detector sees one beside it"),
        pytest.param(0.98, [box_of(2, 0.3)], P, id="the detector hardly sees it"),
        pytest.param(0.98, [topped(2, 0.6)], A, id="its upper half is seen, down to a sign on its column"),
        pytest.param(0.98, [topped(2, 0.6, lean=0.1)], P, id="an upper half that leans"),
        pytest.param(0.98, [topped(2, 0.6, lower=0.2)], P, id="what is left of a snapped one"),
        pytest.param(0.98, [topped(2, 0.3)], P, id="an upper half, hardly seen"),
        pytest.param(0.93, [box_of(1, 0.8)], P, id="likely empty, and the detector sees another lamp"),
        pytest.param(0.8, [], P, id="no column stands in it, where others stand in theirs"),
        pytest.param(0.8, [box_of(2, 0.2)], A, id="no column stands in it, but it is faintly seen"),
        pytest.param(0.7, [box_of(1, 0.8)], A, id="no column stands in it, and to the judge one may"),
        pytest.param(0.88, [box_of(1, 0.8), box_of(2, 0.2)], A, id="likely empty, but faintly seen"),
        pytest.param(0.8, [box_of(1, 0.8), box_of(2, 0.2, aside=0.6)], P, id="rather empty, and no box fits"),
        pytest.param(0.8, [box_of(1, 0.8), half(2, 0.4)], A, id="rather empty, but one stands there"),
        pytest.param(0.8, [box_of(1, 0.8), half(2, 0.25)], P, id="rather empty, and that one is faint"),
        pytest.param(0.35, [box_of(1, 0.8)], A, id="rather there, though the detector does not see it"),
        pytest.param(0.03, [], A, id="stands"),
    ],
)
def test_an_outline(odds: float, boxes: list[Seen], second: Presence) -> None:
    assert look({"L-2": odds}, *boxes) == [A, second, A, A]


@pytest.mark.parametrize("odds", [0.45, 0.7, 0.88])
def test_where_a_column_stands_in_an_outline_it_is_not_empty(odds: float) -> None:
    assert look({"L-2": odds}, box_of(1, 0.8), picture=day()) == STANDS


def bent(picture: Image, *numbers: int, aside: int = 45, foot: int = 0) -> Image:
    """The walk where some lamps lean so many px to the right, or a line goes up from so many px beside their feet."""
    shown = bare(picture, *numbers)
    for x in (LAMP_X[number - 1] + foot for number in numbers):
        cv2.line(shown, (x, 188), (x + aside, 60), (60, 60, 60), 2)
    return shown


@pytest.mark.parametrize(
    ("odds", "picture", "second"),
    [
        pytest.param(0.3, bent(day(), 2), P, id="its column leans"),
        pytest.param(0.3, bent(day(), 2, aside=-45), P, id="to the other side"),
        pytest.param(0.1, bent(day(), 2), A, id="rather surely there, to the judge"),
        pytest.param(0.3, bare(day(), 2), A, id="no line goes up from its foot"),
        pytest.param(0.3, bent(day(), 2, foot=20), A, id="what leans stands beside it"),
        pytest.param(0.3, bent(day(), 2, aside=8), A, id="within its outline, as a wide lens makes columns lean"),
        pytest.param(0.98, bent(day(), 2, 3), A, id="two lean, others are gone: the register is off"),
    ],
)
def test_a_column_that_leaves_its_outline_leans(odds: float, picture: Image, second: Presence) -> None:
    doubted = {f"L-{number}": odds for number in ((1, 2, 3) if odds > 0.9 else (2,))}
    assert look(doubted, picture=bare(picture, 1) if odds > 0.9 else picture)[1] is second


def test_one_lamp_that_leans_is_no_register_that_is_off() -> None:
    doubted = {"L-1": 0.9, "L-2": 0.9, "L-3": 0.9, "L-4": 0.9}
    assert look(doubted, picture=bent(bare(day(), 1, 3), 2)) == [A, P, A, A]


@pytest.mark.parametrize(
    ("gone", "second"),
    [
        pytest.param((2,), P, id="a column stands in the other outline that is doubted"),
        pytest.param((1, 2, 3), A, id="more are empty than stand: the register is off"),
    ],
)
def test_where_most_outlines_look_empty_the_register_is_off(gone: tuple[int, ...], second: Presence) -> None:
    doubted = {f"L-{number}": 0.98 for number in (*gone, 3)}
    assert look(doubted, picture=bare(day(), *gone))[1] is second


@pytest.mark.parametrize(
    ("other", "boxes", "second"),
    [
        pytest.param(0.7, [box_of(4, 0.8)], A, id="that one as well is none to the judge"),
        pytest.param(0.2, [box_of(4, 0.8)], P, id="the judge knows that one"),
        pytest.param(0.7, [box_of(4, 0.2), box_of(1, 0.8)], P, id="it is faintly seen: nothing proves the judge wrong"),
    ],
)
def test_a_judge_that_misses_a_lamp_which_the_detector_sees_proves_nothing(
    other: float, boxes: list[Seen], second: Presence
) -> None:
    told = look({"L-2": 0.98, "L-4": other}, *boxes, picture=bare(day(), 2, 4))
    assert told[:3] == [A, second, A]


def test_one_lamp_that_leans_is_told_whatever_the_judge_makes_of_others() -> None:
    told = look({"L-2": 0.98, "L-4": 0.7}, box_of(4, 0.8), picture=bent(bare(day(), 4), 2))
    assert told[1] is P


@pytest.mark.parametrize(
    ("share", "second"),
    [
        pytest.param(0.2, P, id="beside it"),
        pytest.param(0.8, A, id="before it: the detector draws one box for both"),
    ],
)
def test_of_lamps_one_before_the_other_the_detector_is_no_witness(share: float, second: Presence) -> None:
    assert LAMPS[0].region is not None
    assert LAMPS[1].region is not None
    own = LAMPS[1].region.box
    nearer = Box(own.x0 + (1 - share) * own.width, own.y0 - 0.02, own.x1 + 0.05, own.y1 + 0.02)
    watch = EmptyOutlines()
    watch._judge = Said({"L-2": 0.8})  # type: ignore[assignment]
    lamps = [replace(LAMPS[0], region=Region.rectangle(nearer)), *LAMPS[1:]]
    picture, half = bare(day()), slice(125, 200)
    picture[half] = day()[half]  # the lower half of its column shows still
    seen = scene(picture, 0.0, DAY, Detections.of([("street_light", 0.8, nearer.as_list())]))
    assert verdicts(watch.look(lamps, seen, standing()), "light_damaged")[1] is second


@pytest.mark.parametrize(
    ("mover", "second"),
    [
        pytest.param(1.0, P, id="behind it: cars park along every street"),
        pytest.param(None, A, id="before it"),
        pytest.param(0.1, P, id="before its foot"),
    ],
)
def test_what_stands_before_a_lamp_hides_it_and_what_parks_behind_does_not(
    mover: float | None, second: Presence
) -> None:
    assert LAMPS[1].region is not None
    own = LAMPS[1].region.box
    boxes = {
        1.0: Box(own.x0 - 0.05, own.y0 + 0.1, own.x1 + 0.05, own.y1 - 0.1),
        None: Box(own.x0 - 0.05, own.y0 + 0.1, own.x1 + 0.05, own.y1 + 0.05),
        0.1: Box(own.x0 - 0.05, own.y1 - 0.1 * own.height, own.x1 + 0.05, own.y1 + 0.05),
    }
    assert look({"L-2": 0.98}, movers=(boxes[mover],)) == [A, second, A, A]


def test_a_lamp_that_does_not_stand_is_none_that_is_out() -> None:
    inspector, last = LightsInspector(WALK), list[Observation]()
    inspector._outlines._judge = Said({"L-2": 0.98})  # type: ignore[assignment]
    for second in range(4):
        last = inspector.look(
            scene(bare(night([True, False, True, True], second)), float(second), NIGHT, Detections.empty())
        )
    assert verdicts(last, "light_damaged")[1] is P
    assert verdicts(last, "light_out")[1] is U


@pytest.mark.parametrize(
    ("ground", "odds", "second"),
    [(120, 0.7, P), (120, 0.3, A), (14, 0.7, A)],
    ids=["before lit ground", "rather there, to the judge", "in the dark a column shows nothing"],
)
def test_by_night_a_column_is_missed_where_the_ground_is_lit(ground: int, odds: float, second: Presence) -> None:
    watch, picture = EmptyOutlines(), bare(night((False,) * 4, strength=1.0))
    picture[100:200][picture[100:200] < 15] = ground
    watch._judge = Said({"L-2": odds})  # type: ignore[assignment]
    told = watch.look(LAMPS, scene(picture, 0.0, NIGHT, Detections.of([box_of(1, 0.8)])), standing())
    assert verdicts(told, "light_damaged")[1] is second


def test_the_bundled_judge_tells_a_lamp_from_its_bare_place() -> None:
    picture = day()
    stands = [lamp.region for lamp in LAMPS if lamp.region is not None]
    bare = [Region.of([[x + 0.1, y] for x, y in region.points]) for region in stands[:3]]
    odds = state_model("lamp_gone").judge([stance_crop(picture, region) for region in stands + bare])[:, 1]
    assert odds[:4].max() < 0.5 < 0.75 < odds[4:].min()


ASKEW = ("street_light", 0.8, [0.408, 0.24, 0.45, 0.7])
"""A box that fits the second lamp by 0.7, and begins lower."""


@pytest.mark.parametrize(
    ("light", "odds", "boxes", "second"),
    [
        pytest.param(NIGHT, 0.93, [box_of(1, 0.8)], A, id="by night likely is not enough"),
        pytest.param(NIGHT, 0.98, [box_of(1, 0.8)], P, id="by night surely is"),
        pytest.param(NIGHT, 0.98, [ASKEW], A, id="by night the boxes of lamps that are out fit badly"),
        pytest.param(DAY, 0.98, [ASKEW], P, id="by day a box that fits so badly is of one that leans"),
    ],
)
def test_what_the_dark_hides(light: LightState, odds: float, boxes: list[Seen], second: Presence) -> None:
    watch = EmptyOutlines()
    watch._judge = Said({"L-2": odds})  # type: ignore[assignment]
    seen = scene(bare(night((True,) * 4) if light is NIGHT else day()), 0.0, light, Detections.of(boxes))
    assert verdicts(watch.look(LAMPS, seen, standing()), "light_damaged")[1] is second


@pytest.mark.parametrize(
    ("burning", "later", "second"),
    [
        pytest.param(["L-2"], NIGHT, A, id="it burned, and went out: it is dark, not gone"),
        pytest.param([], NIGHT, P, id="nobody saw it burn"),
        pytest.param(["L-2"], DAY, P, id="it burned by night, and is not there in the morning"),
    ],
)
def test_a_lamp_that_burned_stands(burning: list[str], later: LightState, second: Presence) -> None:
    watch = EmptyOutlines()
    watch._judge = Said({"L-2": 0.98})  # type: ignore[assignment]
    for light, lit in ((NIGHT, burning), (later, [])):
        seen = scene(bare(night((True,) * 4) if light is NIGHT else day()), 0.0, light, Detections.empty())
        said = watch.look(LAMPS, seen, standing(), lit)
    assert verdicts(said, "light_damaged")[1] is second


@pytest.mark.parametrize(
    ("leaning", "odds", "second"),
    [
        pytest.param((2,), 0.8, P, id="its column leans since"),
        pytest.param((2,), 0.5, A, id="a column leans before it, the judge wavers"),
        pytest.param((2, 3), 0.8, A, id="two lean at once: the camera moved"),
        pytest.param((), 0.8, A, id="it stands, and went out"),
    ],
)
def test_a_lamp_that_burned_leans_where_its_column_is_seen_to(
    leaning: tuple[int, ...], odds: float, second: Presence
) -> None:
    watch, seen = EmptyOutlines(), scene(day(), 0.0, NIGHT, Detections.empty())
    watch._judge = Said({})  # type: ignore[assignment]
    assert verdicts(watch.look(LAMPS, seen, standing(), ["L-2", "L-3"]), "light_damaged") == STANDS
    watch._judge = Said({f"L-{number}": odds for number in leaning or (2,)})  # type: ignore[assignment]
    later = scene(bent(day(), *leaning) if leaning else day(), 1.0, NIGHT, Detections.empty())
    assert verdicts(watch.look(LAMPS, later, standing()), "light_damaged")[1] is second


@pytest.mark.parametrize(
    ("smaller", "nearer", "second"),
    [
        pytest.param(0.75, 0.05, A, id="far off, behind the crown of a nearer tree: it is not seen well enough"),
        pytest.param(0.75, -0.05, P, id="far off, before the crown"),
        pytest.param(1.0, 0.05, P, id="near by, behind the crown"),
    ],
)
def test_a_far_lamp_behind_a_crown_is_not_missed(smaller: float, nearer: float, second: Presence) -> None:
    region = LAMPS[1].region
    assert region is not None
    own, watch = region.box, EmptyOutlines()
    watch._judge = Said({"L-2": 0.98})  # type: ignore[assignment]
    crown = Region.rectangle(Box(own.x0 - 0.05, 0.0, own.x1 + 0.05, own.y1 + nearer))
    shown = np.asarray(cv2.resize(bare(day()), None, fx=smaller, fy=smaller), np.uint8)
    seen = scene(shown, 0.0, DAY, Detections.empty())
    seen = replace(seen, view=replace(WALK, assets=(*WALK.assets, Asset("T-9", "tree", crown))))
    assert verdicts(watch.look(LAMPS, seen, standing()), "light_damaged")[1] is second
