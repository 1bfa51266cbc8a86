"""Walks drawn from seeds: a seed draws the same walk again, clips are named by rule, walkers leave no halo."""

import json
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from detectors.issues import ISSUES
from detectors.truth import read_truth
from sample_media.walk.film import Plate, Step, lay_over
from sample_media.walk.plan import HEIGHT, LAMP_MAKES, WIDTH, draw
from sample_media.walk.schedule import KINDS, LIGHTS, SECONDS, Clip, clips_of, walkers_of
from sample_media.walk.truth import asset_id, corners, region_of, truth_of

SEEDS = range(11, 41)
BOX = (80.0, 45.0, 160.0, 225.0)


def test_a_seed_draws_the_same_walk_again() -> None:
    assert draw(12) == draw(12)
    assert draw(12) != draw(13)
    assert clips_of(draw(12)) == clips_of(draw(12))
    assert walkers_of(draw(12), "day") == walkers_of(draw(12), "day")


def test_walks_differ_as_streets_do() -> None:
    plans = [draw(seed) for seed in SEEDS]
    assert {plan.lamp_make for plan in plans} == set(LAMP_MAKES)
    assert {plan.lamp_side for plan in plans} == {-1, 1}
    assert {plan.paths_registered for plan in plans} == {True, False}
    heights = [plan.camera.height for plan in plans]
    assert 3.8 <= min(heights) < 5.0
    assert 7.0 < max(heights) <= 8.0


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_stands_in_another_thing(seed: int) -> None:
    plan = draw(seed)
    places = [*plan.benches, plan.bin, *(plan.lamps if plan.lamp_side < 0 else ())]
    along = sorted(place.s for place in places)
    assert min(b - a for a, b in pairwise(along)) >= 1.5
    assert all(tree.t < bench.t - 1 for tree in plan.trees for bench in plan.benches)


def test_the_camera_shows_what_is_before_it() -> None:
    camera = draw(12).camera
    yaw = np.radians(camera.yaw)
    x, y = camera.pixel((camera.x - 30 * np.sin(yaw), 30 * np.cos(yaw), camera.height))
    assert x == pytest.approx(WIDTH / 2)
    assert 0 < y < HEIGHT / 2
    _, low = camera.pixel((camera.x - camera.nearest() * np.sin(yaw), camera.nearest() * np.cos(yaw), 0.0))
    assert low == pytest.approx(HEIGHT)


def test_clips_are_named_and_told_apart() -> None:
    clips = [clip for seed in SEEDS for clip in clips_of(draw(seed))]
    names = [clip.name for clip in clips]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"w\d+_(day|dusk|night)_[a-z_]+", name) for name in names)
    wrong = [clip for clip in clips if clip.kind]
    assert {clip.code for clip in wrong} <= set(ISSUES)
    assert all(clip.kind.startswith(clip.code) for clip in wrong)
    assert 0.3 < np.mean([bool(clip.walkers) for clip in wrong]) < 0.7
    assert 0.3 < np.mean([clip.sets_in > 0 for clip in wrong]) < 0.7


def test_every_light_has_a_clean_clip_with_and_without_walkers() -> None:
    clips = clips_of(draw(12))
    assert len(clips) == sum(2 + len(KINDS[light]) for light in LIGHTS)
    for light in LIGHTS:
        clean = [clip for clip in clips if clip.light == light and not clip.kind]
        assert sorted(bool(clip.walkers) for clip in clean) == [False, True]


@pytest.mark.parametrize(
    ("kind", "begins"),
    [
        pytest.param("", 0.0, id="nothing wrong"),
        pytest.param("litter", 0.0, id="from the start"),
        pytest.param("light_damaged_lean", 6.0, id="setting in"),
    ],
)
def test_truth_is_read_as_the_product_reads_it(tmp_path: Path, kind: str, begins: float) -> None:
    plan, clip = draw(12), Clip(12, "day", kind, begins, ())
    lamp = {"id": asset_id(12, "street_light", 0), "kind": "street_light", "region": corners(BOX)}
    written = truth_of(plan, clip, [lamp], BOX if kind else None, lamp["id"] if kind else None)
    path = tmp_path / f"{clip.name}.truth.json"
    path.write_text(json.dumps(written))
    truth = read_truth(path)
    assert [asset.id for asset in truth.view.assets] == ["L-1201"]
    assert [(issue.issue, issue.start_s, issue.end_s) for issue in truth.issues] == (
        [(clip.code, begins, SECONDS)] if kind else []
    )
    assert written["width"] * HEIGHT == written["height"] * WIDTH


def test_an_issue_without_a_box_is_refused() -> None:
    with pytest.raises(ValueError, match="w12_day_litter: an issue needs a box"):
        truth_of(draw(12), Clip(12, "day", "litter", 0.0, ()), [])


def test_a_surface_is_drawn_with_few_corners() -> None:
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[200:, 300:500] = True
    mask[300:306, 300:500] = False  # a branch over it
    mask[10:14, 10:14] = True
    region = region_of(mask)
    assert len(region) <= 6
    assert min(x for x, _ in region) == pytest.approx(300 / WIDTH, abs=0.01)
    assert region_of(np.zeros((HEIGHT, WIDTH), bool)) == []


def _step(picture: np.ndarray, distance: float = 10.0) -> Step:
    outline = np.zeros((80, 60), np.float32)
    outline[20:70, 25:35] = 1.0
    return Step((100, 200, 160, 280), picture, outline, distance)


def test_a_walker_leaves_no_halo() -> None:
    rng = np.random.default_rng(1)
    clean = np.full((HEIGHT, WIDTH, 3), 0.5, np.float32)
    seen = clean[200:280, 100:160] + rng.normal(0, 0.01, (80, 60, 3)).astype(np.float32)  # rendered anew: it wavers
    seen[20:70, 25:35] = 0.1
    image = clean.copy()
    lay_over(image, _step(seen), clean, Plate(clean, np.full((HEIGHT, WIDTH), np.inf)))
    assert np.allclose(image[220:270, 126:134], 0.1)
    image[220:270, 125:135] = 0.5
    assert np.allclose(image, 0.5)


def test_a_walker_casts_a_shadow_and_goes_behind_what_is_nearer() -> None:
    clean = np.full((HEIGHT, WIDTH, 3), 0.5, np.float32)
    seen = clean[200:280, 100:160].copy()
    seen[60:72, 40:52], seen[20:70, 25:35] = 0.2, 0.1
    nearer = np.full((HEIGHT, WIDTH), np.inf)
    nearer[200:250] = 5.0
    image = clean.copy()
    lay_over(image, _step(seen), clean, Plate(clean, nearer))
    assert image[265, 146].mean() < 0.3
    assert np.allclose(image[220:250, 125:135], 0.5)
    assert np.allclose(image[252:270, 126:134], 0.1)
