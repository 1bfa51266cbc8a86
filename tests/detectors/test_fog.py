"""Fog that comes: it is told from darkness and from a soft lens, and nothing is missed in it."""

from __future__ import annotations

import pytest

from detectors.health import HealthCheck
from detectors.inspectors.fogged import without_fogged
from detectors.values import LightState, Observation, Presence
from tests.detectors.camera_cases import HEALTHY
from tests.detectors.fakes import frame
from tests.detectors.spoils import Moment, Spoil, blurred, cloth, exposed
from tests.detectors.test_health import dark_street, street

ONSET, LOOKS = 6, 12


def foggy(spoil: Spoil, light: LightState = LightState.DAY) -> list[bool]:
    """Whether each look is in fog, of a view that is as it should be before the onset."""
    check, view = HealthCheck("cam"), street if light is LightState.DAY else dark_street
    told = []
    past = [view(second) for second in range(ONSET)]
    for second in range(LOOKS):
        picture = view(second)
        if second >= ONSET:
            picture = spoil(picture, Moment(second - ONSET, past, street(99), seed=4))
        told.append(check.look(frame(picture, second), light).foggy)
    return told


@pytest.mark.parametrize("light", [LightState.DAY, LightState.NIGHT])
def test_fog_that_comes_is_told_while_it_lasts(light: LightState) -> None:
    assert foggy(HEALTHY["fog"], light) == [False] * ONSET + [True] * (LOOKS - ONSET)


@pytest.mark.parametrize("name", [n for n in HEALTHY if n != "fog"])
def test_other_weather_light_and_traffic_are_no_fog(name: str) -> None:
    assert not any(foggy(HEALTHY[name]))


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(exposed(0.3), id="a third as light"),
        pytest.param(blurred(3), id="out of focus"),
        pytest.param(cloth(120), id="a cloth before the lens"),
    ],
)
def test_darkness_a_soft_lens_and_a_cover_are_no_fog(spoil: Spoil) -> None:
    assert not any(foggy(spoil))


@pytest.mark.parametrize(
    ("issue", "in_fog", "presence"),
    [
        ("light_damaged", True, Presence.UNKNOWN),
        ("tree_bare", True, Presence.UNKNOWN),
        ("asset_missing", True, Presence.UNKNOWN),
        ("path_obstructed", True, Presence.PRESENT),
        ("light_damaged", False, Presence.PRESENT),
    ],
)
def test_in_fog_nothing_is_told_of_what_is_not_seen(issue: str, in_fog: bool, presence: Presence) -> None:
    said = Observation(issue, Presence.PRESENT, 0.9, "A-1", "street_light")
    assert [one.presence for one in without_fogged([said], in_fog)] == [presence]


def test_in_fog_what_is_seen_to_stand_is_said_as_ever() -> None:
    said = Observation("asset_missing", Presence.ABSENT, 0.0, "B-1", "bench")
    assert without_fogged([said], foggy=True) == [said]
