"""The studio's plans, labels and look, which need no Blender."""

import subprocess
import sys

import numpy as np
import pytest

from sample_media.studio.boxes import CLASSES, Label, contrast_seen, cut, heaps, visible_box, yolo_lines
from sample_media.studio.cameras import PLACES
from sample_media.studio.clips import CLIPS
from sample_media.studio.draw import ISSUE_CHANCES, draw_issue, draw_plan
from sample_media.studio.look import Sensor, develop, grade_of
from sample_media.studio.plan import SITES
from sample_media.studio.variants import Variant


def test_same_seed_draws_the_same_plan_and_another_seed_another() -> None:
    assert draw_plan(200_001) == draw_plan(200_001)
    assert draw_plan(200_001) != draw_plan(200_002)


@pytest.mark.parametrize("site", SITES)
def test_plans_of_every_site_place_their_issues_where_they_can_be_built(site: str) -> None:
    for seed in range(20):
        plan = draw_plan(seed, site)
        rng = np.random.default_rng(seed)
        assert plan.lamps
        assert plan.benches
        for kind, _ in ISSUE_CHANCES:
            issue = draw_issue(rng, plan, kind)
            assert 6 <= issue.s <= 36
            if kind in ("puddle", "crack", "broken", "bicycle"):
                assert abs(issue.t) < plan.half


def test_random_plans_cover_every_site_and_hour() -> None:
    plans = [draw_plan(seed) for seed in range(200)]
    assert {plan.site for plan in plans} == set(SITES)
    assert {plan.light.mode for plan in plans} == {"day", "overcast", "dusk", "night"}


def test_clips_keep_their_seeds_apart_from_the_stills() -> None:
    assert all(place.plan.seed < 100_000 for place in PLACES.values())
    assert len({place.plan.seed for place in PLACES.values()}) == len(PLACES)


def test_clip_names_are_unique_and_each_clip_stays_with_one_camera_and_hour() -> None:
    assert len({clip.name for clip in CLIPS}) == len(CLIPS)
    for clip in CLIPS:
        if clip.after is not None:
            assert (clip.after.camera, clip.after.mode) == (clip.before.camera, clip.before.mode)
            assert clip.at is not None


def test_plates_have_different_names_when_they_differ() -> None:
    variants = {v for clip in CLIPS for v in (clip.before, clip.after) if v is not None}
    assert len({v.key for v in variants}) == len(variants)


def test_variant_changes_only_what_it_names() -> None:
    clean, out = Variant("riverside-07", "night").plan(), Variant("riverside-07", "night", "x", lamps_dark=(2,)).plan()
    assert out.lamps[1].lit is False
    assert out.lamps[:1] + out.lamps[2:] == clean.lamps[:1] + clean.lamps[2:]
    assert out.trees == clean.trees


def test_pieces_of_litter_that_touch_become_one_heap() -> None:
    pieces = [
        Label("litter", (0, 0, 10, 10), 50),
        Label("litter", (12, 0, 20, 10), 30),
        Label("litter", (90, 90, 99, 99), 9),
    ]
    joined = sorted(heaps(pieces), key=lambda v: v.box)
    assert joined == [Label("litter", (0, 0, 20, 10), 80), Label("litter", (90, 90, 99, 99), 9)]


def test_yolo_lines_give_class_centre_and_size() -> None:
    assert yolo_lines([Label("bench", (160, 90, 480, 270), 1)], (640, 360)) == "2 0.500000 0.500000 0.500000 0.500000\n"
    assert CLASSES.index("puddle") == 8


def test_visible_box_ends_after_the_last_pixel() -> None:
    ids = np.zeros((10, 10), int)
    ids[2:5, 3:7] = 101
    assert visible_box(ids, 101) == ((3, 2, 7, 5), 12)
    assert visible_box(ids, 102) is None


def test_thing_in_even_black_is_not_seen() -> None:
    grey = np.full((40, 40), 12, np.uint8)
    label = Label("tree", (5, 5, 30, 30), 100)
    assert not contrast_seen(grey, label)
    grey[10:20, 10:20] = 60
    assert contrast_seen(grey, label)


def test_outline_is_cut_at_the_edge_of_the_frame() -> None:
    outline = np.array([[-50, 100], [100, 100], [100, 200], [-50, 200]], np.float32)
    points = cut(outline, (200, 400))
    assert {tuple(p) for p in points} == {(0.0, 0.25), (0.5, 0.25), (0.5, 0.5), (0.0, 0.5)}
    assert cut(outline - 1000, (200, 400)) == []


def test_developed_picture_keeps_its_geometry() -> None:
    plate = np.full((54, 96, 3), 0.2, np.float32)
    plate[20:30, 40:60] = 0.6
    out = develop(plate, grade_of(plate, night=False))
    bright = out.mean(2) > 0.4
    assert abs(int(bright.sum()) - 200) < 40
    assert bright[25, 50]
    assert not bright[10, 10]


def test_no_two_frames_of_the_sensor_are_alike() -> None:
    sensor = Sensor((96, 54), np.random.default_rng(1))
    image = np.full((54, 96, 3), 0.5, np.float32)
    first, second = sensor.expose(image, 0.03), sensor.expose(image, 0.03)
    assert (first != second).any()
    assert abs(float(first.mean()) - 127.5) < 4


def test_nothing_here_imports_blender() -> None:
    code = "import sys, sample_media.studio.clips, sample_media.studio.draw; sys.exit('bpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
