"""Lamps of which the judge alone tells that they no longer stand: by day, and by night while they burn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detectors.geometry import Box, Region
from detectors.inspectors.emptied import EmptyOutlines
from detectors.values import Asset, Detections, LightState, Presence
from tests.detectors.scenes import LAMPS, day, night, scene
from tests.detectors.test_emptied import DAY, NIGHT, A, P, Said, Seen, box_of, standing
from tests.detectors.test_lights import verdicts


def lower(share: float) -> Seen:
    """What the detector sees of the second lamp, but for so much of its top."""
    name, score, (x0, y0, x1, y1) = box_of(2, 0.6)
    return name, score, [x0, y0 + share * (y1 - y0), x1, y1]


def second(
    odds: float,
    *boxes: Seen,
    light: LightState = DAY,
    burning: tuple[str, ...] = (),
    lamps: tuple[Asset, ...] = LAMPS,
    others: float = 0.02,
) -> Presence:
    """What is said of the second lamp of the walk, whose columns all show."""
    watch = EmptyOutlines()
    watch._judge = Said({"L-2": odds, "L-3": others})  # type: ignore[assignment]
    picture = day() if light is DAY else night((True,) * 4)
    seen = scene(picture, 0.0, light, Detections.of(boxes))
    seen = replace(seen, view=replace(seen.view, assets=lamps))
    return verdicts(watch.look(lamps, seen, standing(), burning), "light_damaged")[1]


def behind(share: float) -> tuple[Asset, ...]:
    """The lamps of the walk, so much of the second one in the outline of another."""
    own = LAMPS[1].region
    assert own is not None
    box = own.box
    other = Box(box.x0 - box.width, box.y0, box.x0 + share * box.width, box.y1)
    return (*LAMPS, Asset("L-9", "street_light", Region.rectangle(other)))


@pytest.mark.parametrize(
    ("odds", "boxes", "said"),
    [
        pytest.param(0.92, [], P, id="to the judge it hardly stands"),
        pytest.param(0.88, [], A, id="to the judge it may stand"),
        pytest.param(0.92, [box_of(2, 0.6, aside=0.6)], P, id="what the detector sees does not fit it"),
        pytest.param(0.92, [lower(0.08)], A, id="what it sees fits it"),
        pytest.param(0.96, [lower(0.08)], P, id="what it sees fits it, but to the judge it surely does not stand"),
        pytest.param(0.96, [box_of(2, 0.6)], A, id="what it sees begins where it does"),
    ],
)
def test_by_day_a_column_that_shows_may_be_one_that_leans(odds: float, boxes: list[Seen], said: Presence) -> None:
    assert second(odds, *boxes) is said


@pytest.mark.parametrize(("share", "said"), [(0.3, P), (0.6, A)])
def test_in_the_outline_of_another_lamp_its_column_shows(share: float, said: Presence) -> None:
    assert second(0.96, lamps=behind(share)) is said


@pytest.mark.parametrize(
    ("odds", "burning", "others", "boxes", "said"),
    [
        pytest.param(0.88, ("L-2", "L-3"), 0.02, [], P, id="it burns, and to the judge it leans"),
        pytest.param(0.88, ("L-3",), 0.02, [], A, id="it does not burn: what cannot be seen of it is dark"),
        pytest.param(0.80, ("L-2", "L-3"), 0.02, [], A, id="to the judge it may stand"),
        pytest.param(0.88, ("L-2", "L-3"), 0.02, [box_of(2, 0.6)], A, id="what the detector sees begins where it does"),
        pytest.param(0.88, ("L-2", "L-3"), 0.88, [], A, id="so does another: lamps do not lean together"),
    ],
)
def test_by_night_one_that_burns_may_lean(
    odds: float, burning: tuple[str, ...], others: float, boxes: list[Seen], said: Presence
) -> None:
    assert second(odds, *boxes, light=NIGHT, burning=burning, others=others) is said


def test_by_day_one_that_burns_is_judged_as_others_are() -> None:
    assert second(0.88, burning=("L-2",)) is A


@pytest.mark.parametrize(("odds", "said"), [(0.5, A), (0.7, P)])
def test_a_box_that_leans_counts_where_the_judge_rather_doubts_the_lamp(odds: float, said: Presence) -> None:
    name, score, (x0, y0, _, y1) = box_of(2, 0.8)
    assert second(odds, (name, score, [x0, y0, x0 + 0.1, y1])) is said
