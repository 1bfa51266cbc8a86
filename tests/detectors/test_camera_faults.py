"""Every fault and every harmless thing that can be laid over a view, over a drawn street: what is told of it."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.values import Image
from tests.detectors.camera_cases import FAULTS, HEALTHY
from tests.detectors.fakes import noise
from tests.detectors.fault_rounds import LOOKS, confirmed, told
from tests.detectors.scenes import HEIGHT, WIDTH
from tests.detectors.spoils import Moment, Spoil, as_it_is, cloth, held_with_clock, with_clock
from tests.detectors.test_health import dark_street, elsewhere, street

STREET: list[Image] = [street(second) for second in range(LOOKS)]
OTHER: list[Image] = [elsewhere(picture, second) for second, picture in enumerate(STREET)]
SEED = 1


@pytest.mark.parametrize(("fault", "spoil"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_confirmed_and_no_other(fault: str, spoil: Spoil) -> None:
    assert confirmed(told(STREET, spoil, OTHER, SEED)) == {fault}


@pytest.mark.parametrize("spoil", HEALTHY.values(), ids=HEALTHY)
def test_what_is_no_fault_confirms_none(spoil: Spoil) -> None:
    assert confirmed(told(STREET, spoil, OTHER, SEED)) == set()


def test_a_clock_that_runs_on_does_not_hide_that_the_picture_stands() -> None:
    clocked = [with_clock(picture, second) for second, picture in enumerate(STREET)]
    assert confirmed(told(clocked, held_with_clock, OTHER, SEED)) == {"camera_frozen"}
    assert confirmed(told(clocked, lambda picture, moment: picture, OTHER, SEED)) == set()


def test_what_hides_a_part_and_lifts_again_and_again_is_no_cover() -> None:
    def flag(picture: Image, moment: Moment) -> Image:
        return cloth(25, 3, 0.45)(picture, moment) if moment.since % 3 else picture

    assert confirmed(told(STREET, flag, OTHER, SEED)) == set()


def test_a_quiet_night_without_noise_is_not_frozen_at_once() -> None:
    quiet = [dark_street(0)] * 5 + [dark_street(second) for second in range(5, LOOKS)]
    assert confirmed(told(quiet, as_it_is, OTHER, SEED)) == set()


@pytest.mark.parametrize("strength", [0.0, 3.0, 8.0])
def test_a_lid_on_the_lens_is_told_from_a_dark_street_whatever_the_noise(strength: float) -> None:
    lid = [noise(np.full((HEIGHT, WIDTH, 3), 14, np.uint8), s, strength) for s in range(LOOKS)]
    assert confirmed(told(lid, as_it_is, OTHER, SEED)) == {"camera_covered"}
