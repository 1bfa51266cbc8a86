"""Films a real view in which something is laid, people walk and the light changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from detectors.geometry import Mask
from detectors.truth import SUFFIX
from detectors.values import Image
from detectors.video_writer import write_h264
from sample_media.laid.cutouts import Cutout
from sample_media.laid.laying import Laid, laid
from sample_media.laid.views import RealView
from sample_media.photographs import seen_by_camera

SECONDS = 16.0
_NOON = "2026-06-15T04:00:00Z"
_PACE_M, _TALL_M = 1.3, (1.6, 1.85)
_STRIDE_M, _BOB = 0.7, 0.012  # people go up and down a little at each step, in their height
_STIRS = 26  # grey levels from which a pixel of a moving view is not its ground


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody who walks across the view again and again, on the line `y` px."""

    who: Cutout
    y: float
    tall_m: float
    start: float
    rightwards: bool

    def at(self, view: RealView, at_s: float) -> Laid:
        """How the view shows them."""
        metre = view.metre_at(self.y)
        width = view.pictures[0].shape[1]
        gone = _PACE_M * at_s
        wide = self.who.size[0] / self.who.size[1] * self.tall_m * metre
        x = (self.start * width + gone * metre) % (width + 2 * wide) - wide
        lifted = abs(np.sin(np.pi * gone / _STRIDE_M)) * _BOB * self.tall_m * metre
        foot = (x if self.rightwards else width - x), self.y - lifted
        return laid(view, self.who, foot, wide, flip=not self.rightwards)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens in a clip.

    Attributes:
        thing: what is laid, None where nothing is wrong; `from_s`: since when.
        darkens: the light's share and the second from which it holds, for a cloud or the exposure; None for none.
    """

    issue: str
    thing: Laid | None
    from_s: float = 0.0
    walkers: Sequence[Walker] = ()
    darkens: tuple[float, float, float] | None = None


def film(view: RealView, scenario: Scenario, registered: bool, out: Path, name: str, rng: np.random.Generator) -> Path:
    """Write one clip and its truth file; returns the clip.

    Args:
        registered: whether the truth file holds the view's regions; without, the view must be discovered.
    """
    count = len(view.pictures) if len(view.pictures) > 1 else round(SECONDS * view.fps)
    pictures = _pictures(view, scenario, count)
    frames = list(pictures if len(view.pictures) > 1 else seen_by_camera(pictures, rng))
    clip = out / f"{name}.mp4"
    write_h264(clip, frames, view.fps)
    regions = list(enumerate(view.regions, 1)) if registered else []
    assets = [{"id": f"{kind[0].upper()}-{n}", "kind": kind, "region": r.as_list()} for n, (kind, r) in regions]
    ends = count / view.fps
    issues = [{"issue": i, "asset_id": None, "box": b.as_list(), "start_s": 0.0, "end_s": ends} for i, b in view.own]
    if scenario.thing is not None:
        box = scenario.thing.box()
        under = next((a["id"] for a, (_, (_, r)) in zip(assets, regions, strict=True) if r.contains(box.foot)), None)
        issues.append(
            {"issue": scenario.issue, "asset_id": under, "box": box.as_list(), "start_s": scenario.from_s,
             "end_s": ends}
        )  # fmt: skip
    height, width = frames[0].shape[:2]
    truth = {"camera": view.name, "start_utc": _NOON, "fps": view.fps, "width": width, "height": height,
             "assets": assets, "issues": issues}  # fmt: skip
    clip.with_suffix(SUFFIX).write_text(json.dumps(truth), encoding="utf-8")
    return clip


def _pictures(view: RealView, scenario: Scenario, count: int) -> Iterator[Image]:
    still, thing = view.still, scenario.thing
    ahead = {y: view.before(y) for y in [*(w.y for w in scenario.walkers), *([thing.y] if thing else [])]}
    for number in range(count):
        at_s = number / view.fps
        picture = view.pictures[number % len(view.pictures)]
        layers = [(w.y, w.at(view, at_s)) for w in scenario.walkers]
        if thing is not None and at_s >= scenario.from_s:
            layers.append((thing.y, thing))
        moving = len(view.pictures) > 1
        for y, layer in sorted(layers, key=lambda pair: pair[0]):
            picture = layer.over(picture, _moves_before(picture, still, y) if moving else ahead[y])
        yield _lit(picture, scenario, at_s)


def _lit(picture: Image, scenario: Scenario, at_s: float) -> Image:
    if scenario.darkens is None:
        return picture
    share, from_s, seconds = scenario.darkens
    now = 1 + (share - 1) * float(np.clip((at_s - from_s) / max(0.1, seconds), 0, 1))
    return np.asarray(cv2.convertScaleAbs(picture, alpha=now), np.uint8)


def _moves_before(picture: Image, still: Image, y: float) -> Mask:
    """Where somebody passes nearer than a line of the ground."""
    apart = cv2.absdiff(picture, still).max(2) > _STIRS
    solid = cv2.morphologyEx(apart.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(solid)
    ends = stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT]
    return np.isin(labels, [n for n in range(1, len(stats)) if ends[n] > y + 2])
