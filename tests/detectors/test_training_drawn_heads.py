"""Lamps drawn into pictures to train the judge of lit and dark: what is said of them is what they show."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.inspectors.glow import head_peak
from detectors.inspectors.lamp_heads import heads_in
from detectors.training.judges.drawn_heads import draw_head
from detectors.training.judges.lamp_shapes import lamp_shape
from detectors.training.judges.outlines import as_region
from detectors.values import Asset

HIGH, WIDE = 180, 320
SEEDS = range(60)


def peaks(*, lit: bool, night: bool, level: int) -> list[tuple[float, float]]:
    """The brightest part of each head drawn into an even picture, and the state that is said of it."""
    found = []
    for seed in SEEDS:
        picture = np.full((HIGH, WIDE, 3), level, np.uint8)
        shown, outline, state = draw_head(picture, np.random.default_rng(seed), lit=lit, night=night)
        region = as_region(outline, shown)
        assert region is not None
        found.append((head_peak(shown, region), state))
    return found


@pytest.mark.parametrize(("night", "level"), [(True, 20), (False, 110)], ids=["by night", "by day"])
def test_lamps_that_burn_are_bright(night: bool, level: int) -> None:
    burning = [peak for peak, state in peaks(lit=True, night=night, level=level) if state == 1.0]
    assert len(burning) > 0.8 * len(SEEDS)
    assert np.mean(np.array(burning) >= 170) > 0.8


def test_by_night_dark_lamps_are_hardly_brighter_than_the_night() -> None:
    dark = peaks(lit=False, night=True, level=20)
    assert all(state == 0.0 for _, state in dark)
    assert np.mean([peak < 100 for peak, _ in dark]) > 0.8  # the others burn beside it


def test_by_day_white_glass_may_be_as_bright_as_glass_that_burns() -> None:
    dark = [peak for peak, _ in peaks(lit=False, night=False, level=110)]
    assert 0.1 < np.mean(np.array(dark) >= 200) < 0.6


@pytest.mark.parametrize(("lit", "least"), [(True, 0.55), (False, 0.85)], ids=["burning", "dark"])
def test_the_judge_of_the_day_tells_glass_before_a_pale_picture(lit: bool, least: float) -> None:
    """Four in ten of those that burn were told by the judge of before, which had seen fewer makes."""
    right = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        pale = np.clip(190 + rng.normal(0, 6, (360, 640, 3)), 0, 255).astype(np.uint8)
        shown, outline, state = draw_head(pale, rng, lit=lit, night=False)
        if state in (0.0, 1.0):
            lamp = Asset("L", "street_light", as_region(outline, shown))
            right.append(heads_in([lamp], shown, by_day=True)["L"].burns is lit)
    assert np.mean(right) >= least


@pytest.mark.parametrize("seed", range(20))
def test_a_lamp_stands_in_its_outline(seed: int) -> None:
    shape = lamp_shape(np.random.default_rng(seed))
    assert shape.outline[:, 1].min() == 0.0
    assert shape.outline[:, 1].max() == 1.0
    low, high = shape.outline.min(axis=0), shape.outline.max(axis=0)
    for glass in shape.glass:
        assert (glass >= low - 0.03).all()
        assert (glass <= high + 0.03).all()
