"""The studio's plans, labels and look, which need no Blender."""

import subprocess
import sys
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from sample_media.studio.boxes import (
    CLASSES,
    Label,
    contrast_seen,
    cut,
    heaps,
    lies_on,
    registered,
    visible_box,
    yolo_lines,
)
from sample_media.studio.cameras import PLACES, Register
from sample_media.studio.clips import CLIPS
from sample_media.studio.draw import ISSUE_CHANCES, draw_issue, draw_plan
from sample_media.studio.drawn import STREETWISE_FROM, drawn_place, find_place, hour_of, kinds_of, start_of
from sample_media.studio.look import Sensor, develop, grade_of, swayed
from sample_media.studio.plan import OBSTACLES, SITES, Camera, Plan
from sample_media.studio.rain import Rain
from sample_media.studio.sight import Sight
from sample_media.studio.skeleton import Skeleton
from sample_media.studio.variants import CODES, Variant


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
            if kind in ("puddle", "crack", "broken", "bicycle", "car"):
                assert abs(issue.t) < plan.half


def test_random_plans_cover_every_site_and_hour() -> None:
    plans = [draw_plan(seed) for seed in range(200)]
    assert {plan.site for plan in plans} == set(SITES)
    assert {plan.light.mode for plan in plans} == {"day", "overcast", "dusk", "night"}


def test_rain_falls_on_wet_ground_and_never_from_a_clear_sky() -> None:
    plans = [draw_plan(seed) for seed in range(200)]
    rainy = [plan for plan in plans if plan.raining]
    assert 0.02 < len(rainy) / len(plans) < 0.15
    assert all(plan.wet and plan.light.mode != "day" for plan in rainy)


@pytest.mark.parametrize("seed", range(500_000, 500_016))
def test_nothing_is_wrong_at_a_drawn_camera_and_its_id_finds_it_again(seed: int) -> None:
    place = drawn_place(seed)
    assert all(lamp.lit is None and lamp.lean == 0 for lamp in place.plan.lamps)
    for tree in place.plan.trees:
        sheds = not place.plan.forms[tree.form].evergreen
        assert (tree.lean, tree.bare) == (0, place.plan.bare_season and sheds)
    assert find_place(place.camera) == place
    hour = int(start_of(seed)[11:13]) + 8
    assert {"night": 20 < hour < 24, "dusk": 17 <= hour <= 19}.get(hour_of(seed), 8 < hour < 16)


def test_every_drawn_camera_starts_at_a_time_of_the_day() -> None:
    # At dusk some minutes after sunset, which may be in the next hour.
    starts = [datetime.fromisoformat(start_of(seed)) for seed in range(900_011, 904_011, 16)]
    assert {start.minute // 15 for start in starts} == {0, 1, 2, 3}
    assert all(8 <= start.hour <= 11 for start in starts)


def test_sixteen_drawn_cameras_cover_every_site_surface_lamp_and_hour() -> None:
    places = [drawn_place(seed) for seed in range(510_000, 510_016)]
    assert {place.plan.site for place in places} == set(SITES)
    assert {(p.plan.site, p.plan.light.lamps_lit) for p in places} == {(s, lit) for s in SITES for lit in (True, False)}
    assert {place.plan.light.mode for place in places} == {"day", "overcast", "dusk", "night"}
    assert {place.plan.lamp_style for place in places} == {"lantern", "arm", "blade", "globe"}
    assert len({place.plan.surface for place in places}) == 4


def test_camera_sees_where_it_points_at_in_the_middle() -> None:
    camera = Camera(x=0.0, z=5.0, yaw=0.0, pitch=14.0, lens=36.0)
    sight, ahead = Sight(Plan(1, camera=camera), (640, 360)), 5.0 / np.tan(np.radians(14.0))
    x, y, scale = sight.at((0.0, ahead, 0.0))
    assert (round(x), round(y)) == (320, 180)
    assert scale == pytest.approx(640 / np.hypot(5.0, ahead))
    assert sight.at((1.0, ahead, 0.0))[0] == pytest.approx(320 + scale)
    assert sight.at((0.0, ahead, 1.0))[1] < 180


def test_every_frame_has_rain_of_its_own_and_stays_within_range() -> None:
    ground, depth = np.zeros((54, 96), bool), np.full((54, 96), 20.0)
    ground[30:] = True
    picture = np.full((54, 96, 3), 0.3, np.float32)
    rain = Rain(ground, depth, np.random.default_rng(1))
    first, second = rain.fall(picture), rain.fall(picture)
    assert (first != second).any()
    assert first.min() >= 0
    assert 0.3 < first.mean() < 0.5
    assert first.max() <= 1


def test_it_rains_where_no_ground_is_seen() -> None:
    sky = Rain(np.zeros((54, 96), bool), np.full((54, 96), 900.0), np.random.default_rng(1))
    picture = np.full((54, 96, 3), 0.5, np.float32)
    assert (sky.fall(picture) != picture).any()


def test_clips_keep_their_seeds_apart_from_the_stills() -> None:
    assert all(place.plan.seed < 100_000 for place in PLACES.values())
    assert len({place.plan.seed for place in PLACES.values()}) == len(PLACES)


def test_clip_names_are_unique_and_tell_the_weather_and_each_clip_stays_with_one_camera_and_hour() -> None:
    assert len({clip.name for clip in CLIPS}) == len(CLIPS)
    for clip in CLIPS:
        assert f"_{clip.weather}_" in clip.name
        if clip.after is not None:
            assert (clip.after.camera, clip.after.mode) == (clip.before.camera, clip.before.mode)
            assert clip.at is not None


@pytest.mark.parametrize(("mode", "light"), [("rain", "overcast"), ("wet_night", "night")])
def test_ground_is_wet_in_rain_by_day_and_by_night_and_nothing_else_is_changed(mode: str, light: str) -> None:
    dry, wet = Variant("riverside-07", light).plan(), Variant("riverside-07", mode).plan()
    assert (dry.wet, wet.light.mode) == (0.0, light)
    assert wet.wet > 0.5
    assert replace(wet, wet=dry.wet) == dry


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


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        pytest.param(slice(0, 6), "path", id="mostly on the walk"),
        pytest.param(slice(3, 10), "lawn", id="mostly on grass"),
    ],
)
def test_litter_belongs_to_the_ground_that_most_of_it_lies_on(columns: slice, expected: str) -> None:
    bare = np.full((4, 10), 3)
    bare[:, :5] = 1
    ids = bare.copy()
    ids[1:3, columns] = 120
    assert lies_on(ids, bare, [120, 121], {"path": 1, "lawn": 3}) == expected


def test_cameras_drawn_as_streets_are_have_what_streets_have_and_those_before_do_not() -> None:
    before = [drawn_place(seed) for seed in range(STREETWISE_FROM - 12, STREETWISE_FROM)]
    since = [drawn_place(seed) for seed in range(STREETWISE_FROM, STREETWISE_FROM + 12)]
    assert all((place.plan.marks, place.sway, place.register) == ((), 0.0, "outlines") for place in before)
    assert {mark.kind for place in since for mark in place.plan.marks} == {"cover", "hairline"}
    assert all(abs(mark.t) < place.plan.half for place in since for mark in place.plan.marks)
    assert {place.register for place in since} == {"outlines", "boxes", "boxes_alone"}
    assert {place.sway > 0 for place in since} == {True, False}


@pytest.mark.parametrize("lit", [True, False])
def test_things_without_a_name_are_left_where_cameras_are_drawn_as_streets_are(lit: bool) -> None:
    before, since = kinds_of(STREETWISE_FROM - 1, lit), kinds_of(STREETWISE_FROM, lit)
    assert sorted(since) == sorted([*before, *OBSTACLES])
    assert all(CODES[kind] == ("path_obstructed", "path") for kind in OBSTACLES)


OUTLINE = [[0.2, 0.1], [0.3, 0.5], [0.25, 0.6]]
KNOWN = [
    {"id": "T-1", "kind": "tree", "region": OUTLINE, "box": [0.2, 0.1, 0.3, 0.6]},
    {"id": "P-1", "kind": "path", "region": OUTLINE, "box": None},
]


@pytest.mark.parametrize(
    ("register", "regions"),
    [
        pytest.param("outlines", [OUTLINE, OUTLINE], id="outlines"),
        pytest.param("boxes", [[[0.2, 0.1], [0.3, 0.1], [0.3, 0.6], [0.2, 0.6]], OUTLINE], id="ground has an outline"),
        pytest.param("boxes_alone", [[[0.2, 0.1], [0.3, 0.1], [0.3, 0.6], [0.2, 0.6]]], id="no ground"),
    ],
)
def test_a_register_knows_outlines_or_boxes(register: Register, regions: list[list[list[float]]]) -> None:
    assert [asset["region"] for asset in registered(KNOWN, register)] == regions


def test_a_mast_sways_the_picture_by_no_more_than_its_reach() -> None:
    picture = np.zeros((60, 80, 3), np.float32)
    picture[29:32, 39:42] = 1.0
    places = [_middle(swayed(picture, 1.5, time)) for time in np.arange(0, 30, 0.2)]
    away = np.abs(np.array(places) - (40, 30)).max(axis=0)
    assert 1.0 < away[0] <= 1.5
    assert 0.3 < away[1] <= 0.6


def _middle(picture: np.ndarray) -> tuple[float, float]:
    light = picture.mean(2)
    y, x = np.mgrid[0 : light.shape[0], 0 : light.shape[1]]
    return float((x * light).sum() / light.sum()), float((y * light).sum() / light.sum())


@pytest.mark.parametrize(
    ("radii", "leafy"),
    [
        pytest.param([0.2, 0.05, 0.015, 0.009], [2, 3], id="of_many_branches"),
        pytest.param([0.2, 0.06, 0.0246, 0.0237], [2, 3], id="of_few_thick_branches"),
    ],
)
def test_every_tree_has_branches_that_bear_leaves(radii: list[float], leafy: list[int]) -> None:
    tree = Skeleton(np.zeros((4, 3)), np.arange(-1, 3), np.array(radii))
    assert tree.thin(0.022).tolist() == leafy
