"""Every committed clip: it decodes, moves, is small, and shows what its truth file says."""

import itertools
import json
import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from detectors.issues import ISSUES
from detectors.truth import read_truth

MEDIA = Path(__file__).parents[2] / "sample_media"
CLIPS = sorted((MEDIA / "clips").glob("*.mp4"))
# A pixel has changed when its grey value differs by more than the sensor's noise and drift (0-255).
CHANGED = 14.0

# A time-lapse runs through every light: the clean plate it is measured by is that of the hour.
LAPSES = [clip for clip in CLIPS if "timelapse" in clip.stem]
STEADY = [clip for clip in CLIPS if clip not in LAPSES]

every_clip = pytest.mark.parametrize("clip", CLIPS, ids=lambda p: p.stem)


class _Asset(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str = Field(pattern=r"^[A-Z]-\d{4}$")
    kind: str = Field(pattern="^(street_light|path|lawn|tree|bench|bin)$")
    region: list[tuple[float, float]] = Field(min_length=3)


class _Issue(BaseModel):
    model_config = ConfigDict(extra="forbid")
    issue: str
    asset_id: str | None
    box: tuple[float, float, float, float]
    start_s: float = Field(ge=0)
    end_s: float


class _Truth(BaseModel):
    model_config = ConfigDict(extra="forbid")
    camera: str = Field(pattern=r"^[a-z]+-\d{2}$")
    start_utc: AwareDatetime
    fps: float
    width: int
    height: int
    latitude: float
    longitude: float
    time_zone: str
    assets: list[_Asset] = Field(min_length=5)
    issues: list[_Issue]
    times_utc: list[AwareDatetime] = []


def _truth(clip: Path) -> dict[str, Any]:
    return json.loads(clip.with_suffix(".truth.json").read_text(encoding="utf-8"))


@cache
def _frames(clip: Path) -> np.ndarray:
    """All frames, grey, at a third of the size, so that noise averages out: shape (n, 180, 320)."""
    with av.open(str(clip)) as container:
        grey = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    return np.stack([cv2.resize(g, (320, 180), interpolation=cv2.INTER_AREA) for g in grey]).astype(np.float32)


def _mode(clip: Path) -> str:
    return next((mode for mode in ("night", "rain", "fog") if f"_{mode}_" in clip.stem), "day")


def _hour(clip: Path, issue: dict[str, Any]) -> str:
    """The hour whose clean plate shows the camera as it would be: night for a lamp out in a time-lapse, then day."""
    if clip not in LAPSES:
        return _mode(clip)
    return "day" if issue["issue"] == "light_on_by_day" else "night"


def _clean_plate(clip: Path, mode: str) -> np.ndarray:
    path = MEDIA / "plates" / f"{_truth(clip)['camera']}_{mode}.jpg"
    grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    return cv2.resize(grey, (320, 180), interpolation=cv2.INTER_AREA).astype(np.float32)


def _changed(clip: Path, start_s: float, end_s: float, mode: str | None = None) -> np.ndarray:
    """Where the clip differs from its clean plate for most of a span: walkers pass, issues stay."""
    frames = _frames(clip)
    part = frames[round(start_s * 10) : round(end_s * 10)]
    steady = np.median(part[:: max(1, len(part) // 25)], axis=0)
    return np.abs(steady - _clean_plate(clip, mode or _mode(clip))) > CHANGED


def _inside(box: list[float]) -> np.ndarray:
    mask = np.zeros((180, 320), bool)
    x0, y0, x1, y1 = box
    mask[int(y0 * 180) : max(int(np.ceil(y1 * 180)), 1), int(x0 * 320) : max(int(np.ceil(x1 * 320)), 1)] = True
    return mask


def test_there_are_clips_of_several_cameras_within_the_size_agreed() -> None:
    assert len({_truth(clip)["camera"] for clip in CLIPS}) >= 4
    assert sum(clip.stat().st_size for clip in CLIPS) <= 40e6


@every_clip
def test_clip_plays_in_browsers(clip: Path) -> None:
    truth = _truth(clip)
    with av.open(str(clip)) as container:
        video = container.streams.video[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (video.width, video.height) == (truth["width"], truth["height"]) == (960, 540)
        assert video.average_rate == truth["fps"] == 10
    content = clip.read_bytes()
    assert len(content) <= 3e6
    assert content.index(b"moov") < content.index(b"mdat")
    assert 20 <= len(_frames(clip)) / truth["fps"] <= 60


@every_clip
def test_clip_moves_unless_its_camera_froze(clip: Path) -> None:
    frozen_from = next((i["start_s"] for i in _truth(clip)["issues"] if i["issue"] == "camera_frozen"), None)
    steps = np.abs(np.diff(_frames(clip), axis=0)).mean((1, 2))
    alive = steps if frozen_from is None else steps[: round(frozen_from * 10) - 1]
    assert alive.min() > 0.05
    if frozen_from is not None:
        # The encoder lets a still picture settle for a frame or two.
        assert np.median(steps[round(frozen_from * 10) + 5 :]) < 0.01


@every_clip
def test_truth_has_the_documented_form(clip: Path) -> None:
    truth = _Truth.model_validate(_truth(clip))
    ids = [asset.id for asset in truth.assets]
    assert len(set(ids)) == len(ids)
    assert {"path", "street_light"} <= {asset.kind for asset in truth.assets}
    assert all(0 <= v <= 1 for asset in truth.assets for point in asset.region for v in point)
    known = set(ISSUES)
    for issue in truth.issues:
        x0, y0, x1, y1 = issue.box
        assert 0 <= x0 < x1 <= 1
        assert 0 <= y0 < y1 <= 1
        assert issue.issue in known
        assert issue.asset_id in ids or (issue.asset_id is None and issue.issue.startswith("camera_"))
        assert issue.start_s < issue.end_s <= len(_frames(clip)) / truth.fps + 1e-6


@every_clip
def test_product_reads_the_truth(clip: Path) -> None:
    read = read_truth(clip.with_suffix(".truth.json"))
    assert len(read.issues) == len(_truth(clip)["issues"])


def _of(issues: str, from_s: float = 0.0, clips: list[Path] = STEADY) -> list[Any]:
    pattern = re.compile(issues)
    return [
        pytest.param(clip, issue, id=f"{clip.stem}-{issue['issue']}-{issue['asset_id']}")
        for clip in clips
        for issue in _truth(clip)["issues"]
        if pattern.match(issue["issue"]) and issue["start_s"] >= from_s
    ]


@pytest.mark.parametrize(("clip", "issue"), _of("(?!camera_|light_flickering)", clips=CLIPS))
def test_issue_lies_on_pixels_that_differ_from_the_clean_plate(clip: Path, issue: dict[str, Any]) -> None:
    settled = min(issue["start_s"] + 2.0, (issue["start_s"] + issue["end_s"]) / 2)
    changed = _changed(clip, settled, issue["end_s"], _hour(clip, issue))
    inside = _inside(issue["box"])
    assert changed[inside].mean() > 0.03
    # With a lamp goes all the light it gave, over half the walk where three go: its box need only change the more.
    lead = 1.2 if issue["issue"] == "light_out" else 1.5
    assert changed[inside].mean() > lead * changed[~inside].mean()


@pytest.mark.parametrize(("clip", "issue"), _of("(?!camera_|light_flickering)", from_s=3.0))
def test_place_is_clean_before_an_issue_sets_in(clip: Path, issue: dict[str, Any]) -> None:
    assert _changed(clip, 0.0, issue["start_s"] - 0.5)[_inside(issue["box"])].mean() < 0.03


@pytest.mark.parametrize(("clip", "issue"), _of("light_flickering"))
def test_flickering_light_goes_on_and_off_again_and_again(clip: Path, issue: dict[str, Any]) -> None:
    level = _frames(clip)[:, _inside(issue["box"])].max(1)
    lit = level > (level.min() + level.max()) / 2
    assert np.count_nonzero(np.diff(lit.astype(int))) >= 8


@pytest.mark.parametrize(("clip", "issue"), _of("camera_(covered|blurred|moved)"))
def test_camera_fault_changes_the_whole_picture(clip: Path, issue: dict[str, Any]) -> None:
    frames, start = _frames(clip), round(issue["start_s"] * 10)
    before, after = np.median(frames[: start - 2], axis=0), np.median(frames[start + 25 :], axis=0)
    if issue["issue"] == "camera_blurred":
        assert cv2.Laplacian(after[20:160], cv2.CV_32F).std() < 0.5 * cv2.Laplacian(before[20:160], cv2.CV_32F).std()
    else:
        assert (np.abs(after - before) > CHANGED).mean() > 0.4


@pytest.mark.parametrize("clip", [pytest.param(c, id=c.stem) for c in STEADY if not _truth(c)["issues"]])
def test_clean_clip_looks_like_its_clean_plate(clip: Path) -> None:
    assert _changed(clip, 0.0, len(_frames(clip)) / 10).mean() < 0.02


@pytest.mark.parametrize("clip", [pytest.param(c, id=c.stem) for c in CLIPS if _mode(c) == "rain"])
def test_rain_falls_anew_in_every_frame(clip: Path) -> None:
    dry = next(c for c in CLIPS if "_day_clean" in c.stem and _truth(c)["camera"] == _truth(clip)["camera"])
    rain, still = (np.median(np.abs(np.diff(_frames(c), axis=0)).mean((1, 2))) for c in (clip, dry))
    assert rain > 1.3 * still


@pytest.mark.parametrize("clip", [pytest.param(c, id=c.stem) for c in LAPSES])
def test_timelapse_tells_when_each_frame_was_taken(clip: Path) -> None:
    times = read_truth(clip.with_suffix(".truth.json")).times
    assert len(times) == len(_frames(clip))
    assert {b - a for a, b in itertools.pairwise(times)} == {timedelta(minutes=2)}


@pytest.mark.parametrize("clip", [pytest.param(c, id=c.stem) for c in LAPSES])
def test_lamp_of_the_timelapse_is_dark_only_while_it_is_out(clip: Path) -> None:
    issue = next(i for i in _truth(clip)["issues"] if i["issue"] == "light_out")
    start, end = round(issue["start_s"] * 10), round(issue["end_s"] * 10)
    level = np.percentile(_frames(clip)[:, _inside(issue["box"])], 98, axis=1)
    assert np.median(level[start - 40 : start - 2]) > np.median(level[start + 2 : end - 40]) + 60
