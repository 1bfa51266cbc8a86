"""Columns that are gone: by day the upright edges of a lamp are no longer there, and what is round it still is."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box
from detectors.inspectors.base import Scene, is_behind
from detectors.inspectors.column_lines import STANDS, column_at
from detectors.levels import median, middle_of, quantiles
from detectors.values import Asset, LightState, Observation, Presence

Grey = NDArray[np.float32]
Part = tuple[float, float]

_MIN_PX = 60.0  # lower lamps have columns of a pixel
_TALL = 96  # px at which a lamp is compared
_BESIDE = 0.12  # of its height on either side is what is round it
_RIM = 0.015  # of its height by which an outline may be off
_LEARNING_LOOKS = 3
_FORGOTTEN_S = 900.0  # by then the sun has moved, and lights the column from another side
# How much of the upright edges is still there: their strength along what they were, and how like they are. What is
# round them must have stayed: middle difference in grey levels. Shares of the height, from above. Painted out of day
# clips of 22 places, 60 of 61 lamps were told as gone, and none of the 92 that stood.
_GONE, _UNLIKE, _THERE = 0.2, 0.3, 0.6
_STEADY, _ROUND_STAYS, _LIGHTER = 0.8, 6.0, 25.0
_MIN_EDGES = 8.0  # grey levels a pixel, the strongest twentieth
# The head, and the upper and lower half: before a row of others half of the edges in a lamp's upper half may be theirs.
_PARTS = ((0.0, 0.25), (0.04, 0.5), (0.5, 0.92))
# Outlines take in what stands beside or behind, whose edges stay: then what changed inside must be thin, as tall as
# the part, and show other edges than it had, no stronger ones, while those round the outline are as they were, which
# fog's are not. What is left there of its old edges: on day clips of 19 places, 6,003 looks at parts, at most 0.30 at
# three lamps that went or snapped, one of them before a tree and cars, 0.46 at a fourth, and 0.81 and more of those
# that stand. Swaying by a hundredth of its height a lamp keeps 0.69, by a hundredth and a half 0.49.
_CHANGED, _NOISES = 8.0, 6.0  # grey levels, and times the noise
_TALL_SHARE, _THIN, _OLD_EDGES, _EDGES_LEFT, _LOST_EDGES = 0.8, 6.0, 0.35, 1.0, 60.0
# How far a swaying mast moves a lamp across, in its own heights: 2 px of one of 80 px. One that leans by 4.5 degrees is
# off by 0.08 at its head.
_SWAY, _SWAY_STEPS = 0.025, 9
_SAME = 0.5  # overlap with what stood behind a lamp when it was learnt
_SCORE = 0.7


@dataclass(slots=True)
class _Known:
    """What a part of a lamp and its surround looked like in the last looks in which it stood; and what was behind."""

    recent: deque[Grey] = field(default_factory=lambda: deque(maxlen=_LEARNING_LOOKS))
    at: datetime | None = None
    behind: list[Box] = field(default_factory=list)

    def learn(self, look: Grey, at: datetime) -> None:
        """Take in a look in which the part stood."""
        self.recent.append(look)
        self.at = at

    def forget(self) -> None:
        """It is to be learnt anew."""
        self.recent.clear()
        self.behind.clear()

    def hides(self, lamp: Box, place: Box, boxes: Iterable[Box]) -> bool:
        """Whether people or vehicles are in the way. Those behind it are not, if they were there when it was learnt."""
        there = [box for box in boxes if place.intersection(box) > 0]
        if any(not is_behind(box, lamp.y1) for box in there):
            return True
        if len(self.recent) < _LEARNING_LOOKS:
            self.behind += there
        return any(all(box.iou(known) < _SAME for known in self.behind) for box in there)


@dataclass(slots=True)
class ColumnWatch:
    """Tells of each lamp whether its column, or a half of it, is gone."""

    _known: dict[tuple[str, Part], _Known] = field(default_factory=dict)

    def look(self, lamps: Sequence[Asset], scene: Scene, stance: list[Observation]) -> list[Observation]:
        """What was said of how the lamps stand, and what their edges add to it."""
        if scene.light is not LightState.DAY:
            self._known.clear()
            return stance
        gone = {lamp.id: lamp.region.box for lamp in lamps if lamp.region is not None and self._is_gone(lamp, scene)}
        # A lamp that went takes its edges from the outline of one before it that holds it, whose own column shows, and
        # of one behind it.
        fell = {i for i in gone if len(gone) > 1 and not _shows(i, lamps, scene)}
        gone = {i: own for i, own in gone.items() if i in fell or not any(own.intersection(gone[j]) > 0 for j in fell)}
        told = {
            i for i, own in gone.items() if not any(b.y1 > own.y1 and b.intersection(own) > 0 for b in gone.values())
        }
        return [self._added(said, said.asset_id in told) for said in stance]

    def _added(self, said: Observation, gone: bool) -> Observation:
        if not gone or said.presence is Presence.PRESENT:
            return said
        return replace(said, presence=Presence.PRESENT, score=_SCORE, reason="")

    def _is_gone(self, lamp: Asset, scene: Scene) -> bool:
        assert lamp.region is not None
        box = lamp.region.box
        if box.height * scene.frame.height < _MIN_PX or _is_cut(box):
            return False
        now, inside = _pictured(lamp, scene)
        kept = [self._seen(lamp, part, now[_rows(part)], inside[_rows(part)], scene) for part in _PARTS]
        return any(share is not None and share < _GONE for share in kept)

    def _seen(self, lamp: Asset, part: Part, now: Grey, inside: Grey, scene: Scene) -> float | None:
        """What is still there of a part of a column, see `_kept`; None while it is hidden or not known."""
        assert lamp.region is not None
        box, at = lamp.region.box, scene.frame.at
        known = self._known.setdefault((lamp.id, part), _Known())
        old = known.at is not None and (at - known.at).total_seconds() > _FORGOTTEN_S
        if old or (known.recent and known.recent[0].shape != now.shape):
            known.forget()
        place = Box(box.x0, box.y0 + part[0] * box.height, box.x1, box.y0 + part[1] * box.height).grown(0.1)
        if known.hides(box, place, (*scene.movers, *scene.things)):
            return None
        if known.recent:
            now = _laid_on(now, known.recent[-1])
        if len(known.recent) < _LEARNING_LOOKS:
            known.learn(now, at)
            return None
        share = _kept(now, known.recent, inside)
        if share is None or share >= _THERE:
            known.learn(now, at)
        return share


def _shows(lamp_id: str, lamps: Sequence[Asset], scene: Scene) -> bool:
    """Whether a lamp's column shows where it is registered."""
    region = next(lamp.region for lamp in lamps if lamp.id == lamp_id)
    return region is not None and column_at(scene.frame.image, region).shows >= STANDS


def _laid_on(now: Grey, known: Grey) -> Grey:
    """A part moved across by what the mast sways, so that its upright edges lie where they are known to be."""
    edges, flags = _upright(known), {"flags": cv2.INTER_CUBIC, "borderMode": cv2.BORDER_REPLICATE}
    moved = [
        np.asarray(cv2.warpAffine(now, np.array([[1.0, 0, shift], [0, 1, 0]]), now.shape[::-1], **flags), np.float32)
        for shift in np.linspace(-_SWAY * _TALL, _SWAY * _TALL, _SWAY_STEPS)
    ]
    return max(moved, key=lambda look: _likeness(_upright(look), edges))


def _kept(now: Grey, recent: Sequence[Grey], inside: Grey) -> float | None:
    """Share of the upright edges of a part of a column that is still there; None where that cannot be told."""
    past = middle_of(*recent)
    apart = (now - past)[inside < 0.5]
    lighter = median(apart)
    if abs(lighter) > _LIGHTER or median(np.abs(apart - np.float32(lighter))) > _ROUND_STAYS:
        return None
    edges = _upright(past) * inside
    if quantiles(np.abs(edges[inside > 0]), 0.95)[0] < _MIN_EDGES:
        return None
    if min(_likeness(_upright(look) * inside, edges) for look in recent) < _STEADY:
        return None
    noise = max(median(np.abs(look - past)) for look in recent)
    if _went(past, now - np.float32(lighter), inside > 0.5, noise):
        return 0.0
    found = _upright(now) * inside
    share, likeness = abs(float((found * edges).sum() / (edges * edges).sum())), abs(_likeness(found, edges))
    return share if share >= _GONE or likeness < _UNLIKE else None


def _rows(part: Part) -> slice:
    """Rows of a part in a picture of a lamp, see `_pictured`."""
    top = round(_BESIDE * _TALL)
    return slice(top + round(part[0] * _TALL), top + round(part[1] * _TALL))


def _is_cut(box: Box) -> bool:
    return box.x0 < _BESIDE * box.height or box.x1 > 1 - _BESIDE * box.height or box.y0 <= 0


def _pictured(lamp: Asset, scene: Scene) -> tuple[Grey, Grey]:
    """A lamp and what is beside it, `_TALL` px high with a margin of `_BESIDE`; and its outline, 0-1."""
    assert lamp.region is not None
    box, image = lamp.region.box, scene.frame.image
    height, width = image.shape[:2]
    margin = _BESIDE * box.height * height
    scale = _TALL / (box.height * height)
    size = (round((box.width * width + 2 * margin) * scale), _TALL + 2 * round(_BESIDE * _TALL))
    shift = scale * np.array([[1.0, 0.0, margin - box.x0 * width], [0.0, 1.0, margin - box.y0 * height]])
    x0, y0 = max(0, int(box.x0 * width - margin) - 2), max(0, int(box.y0 * height - margin) - 2)
    x1, y1 = int(box.x1 * width + margin) + 3, int(box.y1 * height + margin) + 3
    shift[:, 2] += scale * np.array([x0, y0])
    grey = cv2.cvtColor(np.ascontiguousarray(image[y0:y1, x0:x1]), cv2.COLOR_BGR2GRAY).astype(np.float32)
    if scale < 1.0:
        grey = cv2.GaussianBlur(grey, (0, 0), 0.4 / scale)
    part = cv2.warpAffine(grey, shift, size, borderMode=cv2.BORDER_REPLICATE)
    outline = np.zeros(size[::-1], np.float32)
    points = (np.array(lamp.region.points) * (width, height) - (x0, y0)) * scale + shift[:, 2]
    cv2.fillPoly(outline, [np.rint(points).astype(np.int32)], 1.0)
    grown = 2 * max(1, round(_RIM * _TALL)) + 1
    return np.asarray(part, np.float32), np.asarray(cv2.dilate(outline, np.ones((1, grown))), np.float32)


def _went(past: Grey, shown: Grey, inside: NDArray[np.bool_], noise: float) -> bool:
    """Whether something thin and upright inside an outline is no longer there."""
    changed = (np.abs(shown - past) > max(_CHANGED, _NOISES * noise)) & inside
    rows = changed.any(axis=1)
    if rows.mean() < _TALL_SHARE or changed.sum() > _THIN * rows.sum():
        return False
    were, are = _upright(past), _upright(shown)
    lost, round_it = float((were[changed] ** 2).sum()), float((were[~inside] ** 2).sum())
    if min(lost, round_it) < _LOST_EDGES**2 or float((are[~inside] * were[~inside]).sum()) < _STEADY * round_it:
        return False
    left, old = float((are[changed] ** 2).sum()), abs(float((are[changed] * were[changed]).sum()))
    return left <= _EDGES_LEFT * lost and old <= _OLD_EDGES * lost


def _upright(grey: Grey) -> Grey:
    """Change across the picture, grey levels a pixel, softened along the column."""
    return np.asarray(cv2.Sobel(cv2.blur(grey, (1, 5)), cv2.CV_32F, 1, 0, scale=0.125), np.float32)


def _likeness(a: Grey, b: Grey) -> float:
    return float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum() + 1.0))
