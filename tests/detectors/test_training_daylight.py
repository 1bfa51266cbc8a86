"""Lamps that are dark by day, shown as no still shows them: in the sun, before a white sky, before other things."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.training.judges.daylight import before_white_sky, in_the_sun, laid_over
from detectors.training.judges.examples import GROUPS
from detectors.training.judges.heads import lamp_heads
from detectors.training.judges.outlines import FILE, read_stills
from detectors.values import Image

HIGH, WIDE = 360, 640
POST = np.array([[310.0, 80.0], [330.0, 80.0], [330.0, 260.0], [310.0, 260.0]])
ARM = np.array([[250.0, 80.0], [330.0, 80.0], [330.0, 260.0], [324.0, 260.0]])
SKY = (slice(20, 60), slice(300, 340))
BELOW_THE_ARM = (slice(130, 150), slice(285, 300))


def street(ground: int = 70) -> Image:
    picture = np.full((HIGH, WIDE, 3), ground, np.uint8)
    picture[80:260, 310:330] = 90
    picture[80:112, 310:330] = 120
    return picture


def made(change: Callable[..., Image], outline: NDArray[np.float64]) -> list[Image]:
    return [change(street(), outline, np.random.default_rng(seed)) for seed in range(20)]


def test_in_the_sun_a_head_is_white_with_a_shaded_side_and_nothing_beside_it_changes() -> None:
    for shown in made(in_the_sun, POST):
        head = shown[82:110, 313:327].max(axis=2)
        assert head.max() >= 190
        assert np.percentile(head, 5) < 0.93 * head.max()
        assert (shown[:, :300] == 70).all()
        assert (shown[:, 340:] == 70).all()


def test_before_a_white_sky_a_lamp_stays_as_dark_as_it_was_but_for_the_veil() -> None:
    shown = made(before_white_sky, POST)
    assert all(one[85:105, 318:322].mean() < 195 for one in shown)
    white = [one[SKY].max() > 225 for one in shown]
    assert np.mean(white) > 0.6


def test_what_shows_through_under_an_arm_is_the_sky() -> None:
    assert any(one[BELOW_THE_ARM].min() > 225 for one in made(before_white_sky, ARM))


@pytest.mark.parametrize("seed", range(6))
def test_a_lamp_laid_over_another_picture_is_where_its_outline_is(seed: int) -> None:
    other = np.full((HIGH, WIDE, 3), 200, np.uint8)
    shown, outline = laid_over(street(), POST, other, np.random.default_rng(seed))
    assert outline.min() >= 0
    (left, top), (right, low) = outline.min(axis=0).astype(int), outline.max(axis=0).astype(int)
    assert abs(int(shown[top + 10, (left + right) // 2, 0]) - 120) < 6
    beside = np.ones((HIGH, WIDE), bool)
    beside[max(0, top - 4) : low + 5, max(0, left - 4) : right + 5] = False
    assert (shown[beside] == 200).all()


def test_lamps_are_laid_over_pictures_of_their_own_group_alone(tmp_path: Path) -> None:
    """Scenes of one group are held back together: else a picture were both trained and scored on."""
    scenes = {}
    for number in range(2 * GROUPS):
        name = f"s{number}"
        for folder in ("images", "labels"):
            (tmp_path / folder).mkdir(exist_ok=True)
        cv2.imwrite(str(tmp_path / "images" / f"{name}_0.jpg"), street(20 * (number % GROUPS) + 60))
        (tmp_path / "labels" / f"{name}_0.txt").write_text("0 0.5 0.472 0.0313 0.5")
        outline = (POST / (WIDE, HIGH)).tolist()
        scenes[name] = {"mode": "day", "things": [{"kind": "street_light", "state": 1, "outline": outline}]}
    (tmp_path / FILE).write_text(json.dumps(scenes))
    examples = lamp_heads(read_stills(tmp_path, 1), np.random.default_rng(1))
    elsewhere = examples.groups == "laid elsewhere"
    assert elsewhere.any()
    for crop, scene in zip(examples.crops[elsewhere], examples.scenes[elsewhere], strict=True):
        ground = np.median(crop[..., :3][crop[..., 3] == 0])
        assert ground in {0, *range(57 + 20 * (int(scene[1:]) % GROUPS), 64 + 20 * (int(scene[1:]) % GROUPS))}
