"""Whether a thing leans from the first look: the detector's box of it against its registered outline, turned.

A register shows things as they stood, wide lenses, slanted trunks and arms included. A box that the outline fits badly
as it is, and well when it is turned about its foot, is the box of the thing leaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Region
from detectors.inspectors.base import Scene
from detectors.inspectors.crops import foot_of
from detectors.inspectors.darkness import is_dark
from detectors.inspectors.trunk import trunk_lean
from detectors.values import Asset, LightState, Observation, Presence

Boxes = NDArray[np.float64]

_KEPT = 2048
_UPRIGHT, _LEANING = (-2, 0, 2), tuple(d for d in range(-30, 32, 2) if abs(d) >= 6)  # degrees
_LEFT, _RIGHT = tuple(d for d in _LEANING if d < 0), tuple(d for d in _LEANING if d > 0)
_LENGTHS = (0.86, 0.93, 1.0, 1.07)  # what leans to or from the camera is shorter or longer
# A box is of a thing when its lower edge is no farther from the thing's foot than this share of its height, and when it
# is about as high.
_FOOT_DOWN, _FOOT_ASIDE, _HEIGHTS = 0.1, 0.03, (0.7, 1.3)
_EDGE = 0.005  # of the picture
_ANOTHERS = 0.5  # overlap with another registered thing from which a box may be that one's
# Share of a box in a nearer thing's outline from which it shows parts of both: on one place (750002, in view) the crown
# of a near tree and the tree behind it had one box, which fitted that one leaning. A choice.
_ANOTHERS_PART = 0.7
_STANDS = 0.6  # overlap from which a box shows the thing upright
# Lamps in a row do not lean together: where the boxes of several, and of such a share of those that have one, fit the
# outline rather turned, it is how the detector draws boxes here (with arms that reach to the next lamp's). Faint boxes
# tell too.
_HABIT_SCORE, _HABIT_LEAD, _HABIT_SHARE = 0.25, 0.1, 0.34


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """When a box is believed, for one kind of thing.

    Attributes:
        score: of the box, calibrated.
        fits: overlap with the turned outline, at least.
        lead: by how much less the upright one overlaps, at least.
        whole: whether the top must be in view: a crown that the picture cuts is round still, an arm is gone.
        trunk_lead: by how much less the upright one overlaps where a trunk leans to the same side; None for things
            without a trunk.
        shines: whether it can be told in the dark, by its own light. The boxes of trees that nobody can see wander
            between them: on 770001 (in view) by night one was told, of which half was darker than grey level 8.
    """

    score: float
    fits: float
    lead: float
    whole: bool
    trunk_lead: float | None = None
    shines: bool = True


# Measured with the present detector on 233 rendered clips of 28 proving places and the four sample cameras, all seen
# while rules were made. Lamps, 13,618 looks at such as stand: 58 pass, 53 of them of one row (a habit, see above) and
# five of two others; of 13 lamps that lean four have boxes of 0.81-0.93 that fit with 0.75-0.92 and lead by 0.39-0.57,
# the others are seen faintly or upright. Trees, 14,725 looks at such as stand: none has a box of 0.75 that fits with
# 0.75 and leads by 0.25. With a lead of 0.12 to 0.25 there are 12 in as many clips; but for one their trunks are within
# 7 degrees of the outline's axis, and that one has a lamp before it. Of six that lean the boxes have 0.80-0.90 (one
# 0.30-0.71), fit with 0.77-0.94 and lead by 0.12-0.36, and their trunks are off by 12 to 22 degrees.
# Measured again on the clean plates of 332 rendered scenes, which the detector had learnt from: none of 1,348 lamps and
# 1,265 trees that stand passes, and softer bars let about as many of them pass as they find more that lean.
LAMPS = Likelihoods(0.75, 0.75, 0.25, whole=True)
TREES = Likelihoods(0.75, 0.75, 0.25, whole=False, trunk_lead=0.12, shines=False)
# Where the judge of outlines doubts that a lamp stands its box need be no so sure witness: see `emptied`.
DOUBTED = Likelihoods(0.65, 0.65, 0.12, whole=True)
_TRUNK_ASIDE, _TRUNK_TALL = 0.15, 0.32  # where a trunk is looked for, in heights of its tree
_TRUNK_LEANS = 9.0  # degrees off the outline's axis from which a trunk is a witness


@dataclass(slots=True)
class PlumbLine:
    """Which things of one kind lean, by the detector's boxes; remembers it until a box shows them upright again."""

    kind: str
    believed: Likelihoods
    _leaning: set[str] = field(default_factory=set)

    def look(self, things: Sequence[Asset], scene: Scene, stance: Sequence[Observation]) -> list[Observation]:
        """What was said of how the things stand against their own past, and what their boxes add to it."""
        leaning = self._seen_leaning(things, scene)
        return [self._agreed(said, leaning.get(said.asset_id or "")) for said in stance]

    def _agreed(self, said: Observation, seen: tuple[float, Box] | None) -> Observation:
        if seen is not None and said.presence is not Presence.PRESENT:
            return replace(said, presence=Presence.PRESENT, score=seen[0], box=seen[1], reason="")
        if said.presence is Presence.ABSENT and self.leans(said.asset_id or ""):
            # As it was at the looks before: leaning.
            return replace(said, presence=Presence.UNKNOWN, score=0.0, reason="leant when it was last seen whole")
        return said

    def _seen_leaning(self, things: Sequence[Asset], scene: Scene) -> dict[str, tuple[float, Box]]:
        """Score and box of each thing that leans in this look."""
        found = [(score, box) for _, score, box in scene.detections.named(self.kind)]
        aspect = scene.frame.width / scene.frame.height
        shown = [t for t in things if not self._is_cut(t) and (self.believed.shines or not _in_dark(t, scene))]
        boxes = {t.id: boxes_of(t, things, found, aspect) for t in shown}
        leaning, turned = {}, 0
        for thing in things:
            assert thing.region is not None
            own = boxes.get(thing.id, [])
            turned += _fits_better_turned(own, thing.region, aspect)
            seen = leaning_box(own, thing.region, aspect, self._needed(own, thing.region, scene))
            if seen is not None:
                leaning[thing.id] = seen
            elif any(_overlap(box, thing.region, aspect, _UPRIGHT) >= _STANDS for _, box in own):
                self._leaning.discard(thing.id)
        drawn = sum(any(score >= _HABIT_SCORE for score, _ in own) for own in boxes.values())
        if turned > 1 and turned >= _HABIT_SHARE * drawn:
            return {}
        self._leaning |= leaning.keys()
        return leaning

    def _needed(self, own: list[tuple[float, Box]], region: Region, scene: Scene) -> Likelihoods:
        """What a box must show, less of it where the trunk leans to the side that the box fits best."""
        if self.believed.trunk_lead is None or not own or _lamp_at_trunk(region, scene):
            return self.believed
        _, box = max(own, key=lambda pair: pair[0])
        aspect = scene.frame.width / scene.frame.height
        upright, turned = (_overlap(box, region, aspect, tilts) for tilts in (_UPRIGHT, _LEANING))
        if not self.believed.trunk_lead <= turned - upright < self.believed.lead:
            return self.believed
        lean = trunk_lean(scene.frame.image, region)
        side = 1 if _overlap(box, region, aspect, _RIGHT) >= _overlap(box, region, aspect, _LEFT) else -1
        agrees = lean is not None and side * lean >= _TRUNK_LEANS
        return replace(self.believed, lead=self.believed.trunk_lead) if agrees else self.believed

    def _is_cut(self, thing: Asset) -> bool:
        """Whether the picture's edge cuts so much of a thing that its outline cannot be turned."""
        assert thing.region is not None
        own = thing.region.box
        beside = own.x0 < _EDGE or own.x1 > 1.0 - _EDGE or own.y1 > 1.0 - _EDGE
        return beside or (self.believed.whole and own.y0 < _EDGE)

    def leans(self, thing_id: str) -> bool:
        """Whether a thing was leaning when a box last showed it."""
        return thing_id in self._leaning


def _in_dark(thing: Asset, scene: Scene) -> bool:
    """Whether no lamp shows a thing after dark; by day a crown against the sky is as black."""
    assert thing.region is not None
    return scene.light is not LightState.DAY and is_dark(thing.region.box, scene)


def boxes_of(
    thing: Asset, things: Iterable[Asset], found: Iterable[tuple[float, Box]], aspect: float
) -> list[tuple[float, Box]]:
    """Those of the scores and boxes found that may be of a thing, not of another one."""
    assert thing.region is not None
    others = [o.region.box for o in things if o is not thing and o.region is not None]
    return [(score, box) for score, box in found if _is_of(box, thing.region, others, aspect)]


def leaning_box(
    own: Sequence[tuple[float, Box]], region: Region, aspect: float, believed: Likelihoods
) -> tuple[float, Box] | None:
    """Score and box that show a thing leaning, of those that may be its own; None where none does."""
    score, box = max(own, key=lambda pair: pair[0], default=(0.0, Box(0.0, 0.0, 0.0, 0.0)))
    if score < believed.score:
        return None
    upright, turned = (_overlap(box, region, aspect, tilts) for tilts in (_UPRIGHT, _LEANING))
    rivals = (other for s, other in own if other is not box and s >= 0.5)
    if any(_overlap(other, region, aspect, _UPRIGHT) >= max(upright, _STANDS) for other in rivals):
        return None
    return (score, box) if turned >= max(believed.fits, upright + believed.lead) else None


def _lamp_at_trunk(tree: Region, scene: Scene) -> bool:
    """Whether a lamp stands before or right beside a trunk: its column may be what slants there."""
    (x, y), tall = foot_of(tree), tree.box.height
    aside = _TRUNK_ASIDE * tall * scene.frame.height / scene.frame.width
    trunk = Box(x - aside, y - _TRUNK_TALL * tall, x + aside, y)
    lamps = (lamp.region.box for lamp in scene.view.of_kind("street_light") if lamp.region is not None)
    return any(lamp.intersection(trunk) > 0 for lamp in lamps)


def _fits_better_turned(own: list[tuple[float, Box]], region: Region, aspect: float) -> bool:
    """Whether the surest box, be it faint, fits the outline rather turned than as it is."""
    score, box = max(own, key=lambda pair: pair[0], default=(0.0, Box(0.0, 0.0, 0.0, 0.0)))
    if score < _HABIT_SCORE:
        return False
    return _overlap(box, region, aspect, _LEANING) >= _overlap(box, region, aspect, _UPRIGHT) + _HABIT_LEAD


def _is_of(box: Box, region: Region, others: list[Box], aspect: float) -> bool:
    """Whether a box stands where the thing does and is as high, and is not another's."""
    own, (x, y) = region.box, foot_of(region)
    aside = _FOOT_ASIDE * own.height / aspect
    here = abs(box.y1 - y) <= _FOOT_DOWN * own.height and box.x0 - aside <= x <= box.x1 + aside
    as_high = _HEIGHTS[0] < box.height / own.height < _HEIGHTS[1]
    behind = any(box.intersection(o) >= _ANOTHERS_PART * box.area for o in others if o.y1 > own.y1)
    return here and as_high and not behind and all(box.iou(o) <= max(_ANOTHERS, box.iou(own)) for o in others)


def upright_fit(box: Box, region: Region, aspect: float) -> float:
    """How well a box fits an outline as it is, a degree or two off and somewhat longer or shorter: 0-1.

    Args:
        aspect: width over height of the picture.
    """
    return _overlap(box, region, aspect, _UPRIGHT)


def _overlap(box: Box, region: Region, aspect: float, tilts: tuple[int, ...]) -> float:
    """How well a box fits an outline turned by some degrees, at best: intersection over union."""
    turned = _turned(region, aspect, tilts)
    width = np.minimum(turned[:, 2], box.x1) - np.maximum(turned[:, 0], box.x0)
    height = np.minimum(turned[:, 3], box.y1) - np.maximum(turned[:, 1], box.y0)
    shared = np.maximum(width, 0) * np.maximum(height, 0)
    areas = (turned[:, 2] - turned[:, 0]) * (turned[:, 3] - turned[:, 1])
    return float((shared / (areas + box.area - shared)).max())


@lru_cache(maxsize=_KEPT)
def _turned(region: Region, aspect: float, tilts: tuple[int, ...]) -> Boxes:
    """Boxes of an outline turned about its foot and lengthened, (n, 4), clipped to the picture."""
    foot = np.array(foot_of(region))
    boxes = []
    for tilt in np.radians(tilts):
        turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
        for length in _LENGTHS:
            points = (np.array(region.points) - foot) * (aspect, length) @ turn.T / (aspect, 1.0) + foot
            boxes.append(np.clip([*points.min(axis=0), *points.max(axis=0)], 0.0, 1.0))
    return np.array(boxes)
