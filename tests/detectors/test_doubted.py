"""Lamps of which the judge of empty outlines doubts that they stand: what else must be seen, or not be in the way."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.geometry import Box
from detectors.inspectors.column_lines import STANDS, column_at
from detectors.inspectors.emptied import EmptyOutlines
from detectors.values import Detections, LightState, Presence
from tests.detectors.scenes import HEIGHT, LAMPS, WIDTH, day, scene
from tests.detectors.test_emptied import Said, Seen, bare, box_of, look, standing
from tests.detectors.test_lights import verdicts

P, A = Presence.PRESENT, Presence.ABSENT
DAY, NIGHT = LightState.DAY, LightState.NIGHT


@pytest.mark.parametrize(
    ("light", "odds", "gap", "second"),
    [
        pytest.param(DAY, 0.98, 14, P, id="a line with gaps: the judge is sure"),
        pytest.param(DAY, 0.98, 0, P, id="a column: of one that leans"),
        pytest.param(DAY, 0.88, 14, A, id="a line with gaps: the judge is not"),
        pytest.param(NIGHT, 0.98, 14, A, id="by night lamps that are out puzzle it"),
    ],
)
def test_a_line_with_gaps_may_be_others_columns(light: LightState, odds: float, gap: int, second: Presence) -> None:
    assert LAMPS[1].region is not None
    picture, empty, watch = day(), bare(day()), EmptyOutlines()
    picture[110 : 110 + gap] = empty[110 : 110 + gap]
    assert (STANDS <= column_at(picture, LAMPS[1].region).shows < 0.9) is (gap > 0)
    watch._judge = Said({"L-2": odds})  # type: ignore[assignment]
    told = watch.look(LAMPS, scene(picture, 0.0, light, Detections.empty()), standing())
    assert verdicts(told, "light_damaged")[1] is second


@pytest.mark.parametrize(
    ("odds", "mover", "second"),
    [
        pytest.param(0.8, None, P, id="neither a line nor a box shows"),
        pytest.param(0.8, (0.5, 0.02), A, id="somebody before its foot takes both"),
        pytest.param(0.8, (0.5, -0.1), P, id="somebody behind it"),
        pytest.param(0.8, (1.2, 0.02), P, id="somebody beside it"),
        pytest.param(0.98, (0.5, 0.02), P, id="surely empty, whoever is before its foot"),
    ],
)
def test_who_is_before_a_lamp_keeps_it_from_being_missed(
    odds: float, mover: tuple[float, float] | None, second: Presence
) -> None:
    assert LAMPS[1].region is not None
    own = LAMPS[1].region.box
    movers = []
    if mover is not None:
        x, foot = own.x0 + mover[0] * own.width, own.y1 + mover[1]
        movers = [Box(x, foot - 0.25 * own.height, x + 0.5 * own.width, foot)]
    assert look({"L-2": odds}, box_of(1, 0.8), movers=tuple(movers))[1] is second


def turned(number: int, score: float, degrees: float) -> Seen:
    """The box of a lamp, by its number from 1, that leans to the right."""
    region = LAMPS[number - 1].region
    assert region is not None
    own, angle = region.box, np.radians(degrees)
    aside = (own.y1 - own.y0) * HEIGHT / WIDTH * float(np.sin(angle))
    return "street_light", score, [own.x0, own.y1 - own.height * float(np.cos(angle)), own.x1 + aside, own.y1]


@pytest.mark.parametrize(
    ("odds", "boxes", "second"),
    [
        pytest.param(0.7, [turned(2, 0.7, 12)], P, id="judge and detector doubt that it stands"),
        pytest.param(0.5, [turned(2, 0.7, 12)], A, id="the judge does not"),
        pytest.param(0.7, [turned(2, 0.6, 12)], A, id="the detector hardly sees it lean"),
        pytest.param(0.7, [turned(2, 0.7, 2)], A, id="its box is upright"),
        pytest.param(0.7, [turned(2, 0.7, 12), box_of(2, 0.55)], A, id="it has an upright box as well"),
        pytest.param(0.7, [turned(2, 0.7, 12), turned(3, 0.7, 12)], A, id="two lean: so the detector draws boxes"),
    ],
)
def test_a_doubted_lamp_leans_where_its_box_does_whatever_lines_are_there(
    odds: float, boxes: list[Seen], second: Presence
) -> None:
    assert look({"L-2": odds, "L-3": odds}, *boxes, picture=day())[1] is second


@pytest.mark.parametrize(
    ("others", "second"),
    [
        pytest.param(0.02, P, id="to the judge they surely stand"),
        pytest.param(0.2, A, id="to nobody: here lamps do not show"),
    ],
)
def test_where_no_other_is_seen_the_judge_must_find_one_that_stands(others: float, second: Presence) -> None:
    odds = {"L-1": others, "L-2": 0.8, "L-3": others, "L-4": others}
    assert look(odds, picture=np.full_like(day(), 120))[1] is second
