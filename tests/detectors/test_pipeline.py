"""The pipeline from frames to findings, discovery of a view, and the report with its film."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from detectors.annotate import draw
from detectors.discover import discover, spread_frames
from detectors.errors import SourceError
from detectors.geometry import Box, Nudge
from detectors.pipeline import Inspection, inspect_source
from detectors.report import inspect_to_report, view_of
from detectors.settings import Settings
from detectors.sources import open_source
from detectors.values import Change, Detections, Frame, Image, LightState, Look, Observation, Presence, View
from detectors.video_writer import write_h264
from tests.detectors.fakes import FramesSource, ScriptedDetector, frame, frames, noise, scenery, write_clip
from tests.detectors.scenes import WALK, day, night
from tests.detectors.test_grounds import DrawnSurfaces

SETTINGS = Settings()
ALL = (True, True, True, True)
ONE_OUT = (True, False, True, True)


def looks_of(pictures: list[Image], view: View = WALK, detector: ScriptedDetector | None = None):  # type: ignore[no-untyped-def]
    return list(inspect_source(FramesSource(frames(pictures)), view, detector or ScriptedDetector(), SETTINGS))


def said(looks) -> list[tuple[int, str, str, str | None]]:  # type: ignore[no-untyped-def]
    return [
        (look.frame.index, c.change.value, c.finding.issue, c.finding.asset_id)
        for look in looks
        for c in look.changes
        if c.change is not Change.CONTINUED
    ]


def test_a_lamp_that_fails_is_found_on_the_third_look_and_cleared_after_its_repair() -> None:
    pictures = [night(ALL, s) for s in range(3)] + [night(ONE_OUT, s) for s in range(3, 9)]
    pictures += [night(ALL, s) for s in range(9, 15)]
    assert said(looks_of(pictures)) == [(5, "confirmed", "light_out", "L-2"), (12, "cleared", "light_out", "L-2")]


def test_every_look_says_what_it_took() -> None:
    looks = looks_of([night(ALL, s) for s in range(3)])
    assert all(0 < look.took_s < 30 for look in looks)


def test_a_clean_night_and_a_clean_day_raise_nothing() -> None:
    assert said(looks_of([night(ALL, s) for s in range(12)])) == []
    assert said(looks_of([day(seed=s) for s in range(12)])) == []


def test_a_camera_fault_suspends_every_other_finding() -> None:
    black = [noise(np.full((270, 480, 3), 3, np.uint8), s, 1) for s in range(6)]
    looks = looks_of([night(ALL, s) for s in range(4)] + black)
    assert {(i, a) for _, _, i, a in said(looks)} == {("camera_covered", "walk")}
    assert looks[-1].suspended == "camera_covered"


def test_the_light_going_out_everywhere_at_once_confirms_nothing_in_that_look() -> None:
    looks = looks_of([day(seed=s) for s in range(4)] + [night(ALL, s) for s in range(4, 12)])
    assert looks[4].suspended
    assert said(looks) == []


def test_a_picture_of_another_size_is_passed_over_with_the_reason() -> None:
    looks = looks_of([day(seed=0), day(seed=1), scenery(120, 320, 180), scenery(121, 320, 180)])
    assert looks[2].suspended == "the picture changed from 480x270 to 320x180"


@pytest.mark.parametrize(
    "pictures",
    [
        pytest.param([np.zeros((270, 480, 3), np.uint8)] * 5, id="black frames"),
        pytest.param([day()], id="one frame only"),
        pytest.param([np.full((2, 2, 3), 9, np.uint8)] * 4, id="two pixels by two"),
    ],
)
def test_poor_pictures_raise_nothing_of_assets(pictures: list[Image]) -> None:
    assert all(issue.startswith("camera_") for _, _, issue, _ in said(looks_of(pictures)))


def test_the_detector_is_not_asked_about_a_covered_lens() -> None:
    detector = ScriptedDetector()
    looks_of([noise(np.full((270, 480, 3), 3, np.uint8), s, 1) for s in range(5)], detector=detector)
    assert detector.asked == 0


def proposals_of(script: list[Detections]) -> list[tuple[str, str]]:
    detector = ScriptedDetector(script)
    found = discover([frame(day(seed=s), s) for s in range(len(script))], detector, SETTINGS, "cam")
    return [(p.asset.id, p.asset.kind) for p in found]


LAMP = ("street_light", 0.6, (0.4, 0.1, 0.43, 0.6))
LAWN = np.full((90, 160), 2, np.uint8)


def test_paths_and_lawns_are_proposed_only_with_a_surface_model() -> None:
    looks = [frame(day(seed=s), s) for s in range(3)]
    detector = ScriptedDetector([Detections.of([LAMP])])
    without = discover(looks, detector, SETTINGS, "cam")
    with_model = discover(looks, detector, SETTINGS, "cam", DrawnSurfaces([LAWN] * 3))
    assert [p.asset.id for p in without] == ["cam-L01"]
    assert [(p.asset.id, p.asset.kind) for p in with_model[1:]] == [("cam-G01", "lawn")]


@pytest.mark.parametrize(
    ("post", "people", "lamps"),
    [
        pytest.param((0.6, 0.4, 0.63, 0.62), True, ["cam-L01"], id="no higher than people: a tripod, a signpost"),
        pytest.param((0.6, 0.1, 0.63, 0.62), True, ["cam-L01", "cam-L02"], id="a lamp of usual height"),
        pytest.param((0.6, 0.4, 0.63, 0.62), False, ["cam-L01", "cam-L02"], id="nobody tells how high it is"),
    ],
)
def test_what_is_as_low_as_people_is_no_lamp(post: tuple[float, ...], people: bool, lamps: list[str]) -> None:
    walker = [("person", 0.9, (0.3, 0.4, 0.35, 0.6))] * people
    seen = Detections.of([LAMP, ("street_light", 0.6, post), *walker])
    assert proposals_of([seen] * 3) == [(lamp, "street_light") for lamp in lamps]


def turned(picture: Image) -> Image:
    """The same place after the camera was turned to the side."""
    return np.ascontiguousarray(np.roll(picture, picture.shape[1] // 4, axis=1))


@pytest.mark.parametrize(
    ("later", "assets"),
    [
        pytest.param(turned, ["cam-L01"], id="turned aside"),
        pytest.param(lambda picture: np.full_like(picture, 4), ["cam-L01"], id="covered"),
        pytest.param(
            lambda picture: picture,
            ["cam-B01", "cam-L01"],
            id="the same view: what most frames show, and what stood there",
        ),
    ],
)
def test_a_view_is_registered_as_it_was_before_the_camera_was_turned(
    later: Callable[[Image], Image], assets: list[str]
) -> None:
    aside = ("bench", 0.8, (0.7, 0.6, 0.9, 0.8))
    looks = [frame(day(seed=s) if s < 4 else later(day(seed=s)), s) for s in range(9)]
    seen = [[LAMP]] * 3 + [[LAMP, aside], [aside]]
    found = discover(looks, ScriptedDetector([Detections.of(rows) for rows in seen]), SETTINGS, "cam")
    assert [p.asset.id for p in found] == assets


class SizedDetector(ScriptedDetector):
    """Sees a lamp, a tree and what looks like a bench at 640 px; two lamps, a bin, two trees in any larger picture."""

    sizes: frozenset[int] = frozenset()

    def predict(self, images: Sequence[Image], min_score: float, image_size: int) -> list[Detections]:
        tree, far_tree = ("tree", 0.8, (0.1, 0.1, 0.3, 0.8)), ("tree", 0.8, (0.8, 0.1, 0.9, 0.4))
        far_lamp, bin_ = ("street_light", 0.6, (0.7, 0.3, 0.71, 0.5)), ("bin", 0.6, (0.5, 0.6, 0.53, 0.7))
        bench = ("bench", 0.6, (0.6, 0.8, 0.7, 0.9))
        coarse, fine = Detections.of([LAMP, tree, bench]), Detections.of([LAMP, far_lamp, bin_, tree, far_tree])
        self.sizes |= {image_size}
        return [coarse if image_size <= 640 else fine for _ in images]


@pytest.mark.parametrize(
    ("width", "sizes", "assets"),
    [
        pytest.param(1920, {640, 960}, ["L01", "L02", "T01", "W01"], id="full HD: small things in a larger picture"),
        pytest.param(768, {640}, ["B01", "L01", "T01"], id="an old camera: it has no more to show"),
    ],
)
def test_small_assets_are_looked_for_in_a_larger_picture(width: int, sizes: set[int], assets: list[str]) -> None:
    detector = SizedDetector()
    looks = [frame(scenery(width=width, height=width * 9 // 16, seed=s), s) for s in range(3)]
    found = discover(looks, detector, SETTINGS, "cam")
    assert detector.sizes == sizes
    assert sorted(p.asset.id.removeprefix("cam-") for p in found) == assets


def test_without_guards_a_covered_lens_is_not_noticed() -> None:
    unguarded = SETTINGS.model_copy(update={"guards": False})
    pictures = [day(seed=s) for s in range(3)] + [noise(np.full((270, 480, 3), 3, np.uint8), s, 1) for s in range(6)]
    looks = list(inspect_source(FramesSource(frames(pictures)), WALK, ScriptedDetector(), unguarded))
    assert not any(o.issue.startswith("camera_") for look in looks for o in look.observations)
    assert {look.suspended for look in looks} == {""}


WALKER = [("person", 0.9, (0.1 * s, 0.4, 0.1 * s + 0.05, 0.6)) for s in range(6)]


@pytest.mark.parametrize(
    ("script", "assets"),
    [
        pytest.param([Detections.of([LAMP])] * 6, [("cam-L01", "street_light")], id="a lamp in every frame"),
        pytest.param(
            [Detections.of([LAMP])] * 4 + [Detections.empty()] * 2, [("cam-L01", "street_light")], id="mostly"
        ),
        pytest.param([Detections.of([LAMP])] + [Detections.empty()] * 5, [], id="once is no vote"),
        pytest.param([Detections.of([w]) for w in WALKER], [], id="people are no assets"),
        pytest.param([Detections.of([("tree", 0.2, (0, 0, 0.3, 0.5))])] * 6, [], id="too faint"),
        pytest.param(
            [Detections.of([LAMP, ("street_light", 0.6, (0.7, 0.1, 0.73, 0.6))])] * 6,
            [("cam-L01", "street_light"), ("cam-L02", "street_light")],
            id="two lamps, left to right",
        ),
        pytest.param(
            [Detections.of([("bin", 0.5, (0.4, 0.5, 0.45, 0.7)), ("bin_overflowing", 0.5, (0.4, 0.49, 0.45, 0.7))])]
            * 6,
            [("cam-W01", "bin")],
            id="a bin that is also called a full one is one bin",
        ),
    ],
)
def test_a_view_is_registered_by_vote(script: list[Detections], assets: list[tuple[str, str]]) -> None:
    assert proposals_of(script) == assets


def test_frames_for_discovery_are_spread_over_the_clip(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mp4", seconds=14, fps=5)
    offsets = [f.offset_s for f in spread_frames(open_source(str(clip)), SETTINGS)]
    assert offsets == pytest.approx([0, 2, 4, 6, 8, 10, 12], abs=0.21)


def test_a_report_holds_the_documented_fields(tmp_path: Path) -> None:
    pictures = [night(ONE_OUT, s) for s in range(6)]
    source = FramesSource(frames(pictures))
    film = tmp_path / "film.mp4"
    report = inspect_to_report(source, WALK, ScriptedDetector(), SETTINGS, film=film)
    document = json.loads(json.dumps(report.as_json()))
    assert {"source", "frames", "video_seconds", "wall_seconds", "findings"} == set(document)
    (finding,) = document["findings"]
    assert finding["issue"] == "light_out"
    assert finding["first_seen"] == "2026-06-01T12:00:00Z"
    assert set(finding) == {
        "issue", "asset_id", "asset_kind", "camera", "first_seen", "last_seen",
        "start_s", "end_s", "score", "box", "observations",
    }  # fmt: skip
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert sum(1 for _ in container.decode(stream)) == 6


def test_what_was_found_before_a_source_broke_off_is_kept() -> None:
    class Breaking(FramesSource):
        def frames(self, every_s: float):  # type: ignore[no-untyped-def]
            yield from self.prepared
            raise SourceError("cut.mp4: the video ends early.")

    report = inspect_to_report(
        Breaking(frames([night(ONE_OUT, s) for s in range(6)])), WALK, ScriptedDetector(), SETTINGS
    )
    assert report.problem == "cut.mp4: the video ends early."
    assert [f.issue for f in report.findings] == ["light_out"]


def test_a_clip_without_a_register_is_discovered(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "north gate.mp4", seconds=8, fps=2)
    view = view_of(open_source(str(clip)), ScriptedDetector([Detections.of([LAMP])]), SETTINGS)
    assert (view.camera, [a.id for a in view.assets]) == ("north gate", ["north gate-L01"])


def test_drawing_marks_the_finding_and_leaves_the_frame_clean() -> None:
    inspection = Inspection(WALK, ScriptedDetector(), SETTINGS)
    look = None
    for f in frames([night(ONE_OUT, s) for s in range(4)]):
        look = inspection.look(f)
    assert look is not None
    before = look.frame.image.copy()
    drawn = draw(look, WALK, inspection.open_findings)
    assert (look.frame.image == before).all()
    box = inspection.open_findings[0].box.grown(0.1)
    x0, y0, x1, y1 = box.pixels(480, 270)
    assert np.abs(drawn[y0:y1, x0:x1].astype(int) - before[y0:y1, x0:x1]).max() > 100
    assert look.light is LightState.NIGHT


def test_drawing_says_why_nothing_can_be_said_and_follows_a_nudge() -> None:
    light = LightState.TWILIGHT
    why = Observation("light_out", Presence.UNKNOWN, 0.0, "L-1", "street_light", None, "twilight")
    seen = Observation("litter", Presence.PRESENT, 0.4, None, None, Box(0.6, 0.8, 0.65, 0.85), by_place=True)
    plain = Look(frame(day(), 0), light, Detections.empty(), (), ())
    told = replace(plain, observations=(why, seen))
    assert (draw(plain, WALK) != draw(told, WALK)).any()
    assert (draw(plain, WALK) != draw(replace(plain, nudge=Nudge(dx=0.03)), WALK)).any()


def test_a_film_that_fails_leaves_no_file(tmp_path: Path) -> None:
    def pictures():  # type: ignore[no-untyped-def]
        yield scenery()
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError):
        write_h264(tmp_path / "a.mp4", pictures(), 5)
    assert list(tmp_path.iterdir()) == []


def test_an_odd_size_is_encoded_all_the_same(tmp_path: Path) -> None:
    write_h264(tmp_path / "odd.mp4", [scenery(100, 321, 181)] * 3, 5)
    (first, *_rest) = open_source(str(tmp_path / "odd.mp4")).frames(0.1)
    assert isinstance(first, Frame)
    assert first.image.shape == (180, 320, 3)


def test_an_older_frame_changes_no_time_of_a_finding() -> None:
    inspection = Inspection(WALK, ScriptedDetector(), SETTINGS)
    for f in frames([night(ONE_OUT, s) for s in range(4)]):
        inspection.look(f)
    inspection.look(frame(night(ONE_OUT, 9), 1))
    (finding,) = inspection.open_findings
    assert finding.first_seen <= finding.last_seen
    assert (finding.start_s, finding.end_s) == (0.0, 3.0)
    assert finding.box.iou(Box(*WALK.assets[1].region.box.as_list())) == pytest.approx(1.0)  # type: ignore[union-attr]


def test_head_and_column_seen_apart_are_one_lamp() -> None:
    pieces = [("street_light", 0.6, (0.51, 0.03, 0.57, 0.4)), ("street_light", 0.5, (0.53, 0.33, 0.58, 0.7))]
    found = discover(
        [frame(day(seed=s), s) for s in range(4)], ScriptedDetector([Detections.of(pieces)]), SETTINGS, "cam"
    )
    (lamp,) = found
    assert lamp.asset.region is not None
    assert lamp.asset.region.box.as_list() == pytest.approx([0.51, 0.03, 0.58, 0.7], abs=1e-6)


def test_two_names_for_one_thing_become_the_surer_one() -> None:
    named = [("bin", 0.7, (0.4, 0.5, 0.44, 0.6)), ("bench", 0.4, (0.4, 0.49, 0.44, 0.6))]
    assert proposals_of([Detections.of(named)] * 4) == [("cam-W01", "bin")]
