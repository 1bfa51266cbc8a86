"""What a look shows of lamps' heads: how likely they burn, and how bright they and what is beside them are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from detectors.geometry import Box, Region
from detectors.inspectors.base import Scene
from detectors.inspectors.captions import is_captioned
from detectors.inspectors.crops import KEPT, head_box, head_crop
from detectors.inspectors.glow import beside_head, ground_level, head_level, head_peak, head_surround
from detectors.inspectors.state_models import state_model
from detectors.values import Asset, Image, LightState, Observation, Presence

LIT_FROM = 0.5
"""Odds from which the judge holds a lamp for lit."""
# Lower lamps have heads of less than five pixels. On stills by night no lit lamp from 30 to 45 px was called out (334
# in 64 scenes) and 85 of 104 that were; below that there were six in two scenes.
_LEAST_TALL_PX = 30.0
_OVERGROWN = 0.9  # share of a head
# A crown reaches to the camera from its trunk, on the ground of the picture by so much of its height; a choice.
_REACHES = 0.07
# A head that reaches so far down, or up, is cut off by the picture's edge: boxes end within a pixel of it.
_CUT_FROM, _CUT_ABOVE = 0.985, 0.003


@dataclass(frozen=True, slots=True)
class Head:
    """A lamp's head in one look; brightness in grey levels, 0-255.

    Attributes:
        lit: what the judge says, as odds that the lamp burns, 0-1.
        peak: the brightest part of the head.
        level: the head on the whole.
        surround: the head and what is round it: their median.
        beside: the brightest part of what is round it, without the head.
        ground: the ground under it; 0 where that is out of view.
    """

    lit: float
    peak: float = 0.0
    level: float = 0.0
    surround: float = 0.0
    beside: float = 0.0
    ground: float = 0.0

    @property
    def burns(self) -> bool:
        """Whether the judge holds it for lit."""
        return self.lit >= LIT_FROM

    @property
    def outshines(self) -> float:
        """By how many grey levels it is brighter than all that is beside it."""
        return self.peak - self.beside


Heads = Mapping[str, Head]
"""Heads by the lamps' ids; of those that can be seen."""


def heads_seen(lamps: Iterable[Asset], scene: Scene) -> dict[str, Head]:
    """The heads that a look shows: neither out of the picture, nor too small, nor behind somebody or a caption."""
    seen = [a for a in lamps if a.region is not None and _is_seen(a, scene)]
    return heads_in(seen, scene.frame.image, by_day=scene.light is LightState.DAY)


def heads_in(lamps: Iterable[Asset], image: Image, *, by_day: bool) -> dict[str, Head]:
    """The heads of some lamps in a picture; lamps without a region have none."""
    seen = [(a.id, a.region) for a in lamps if a.region is not None]
    if not seen:
        return {}
    judge = state_model("lamp_lit_by_day" if by_day else "lamp_lit")
    odds = judge.judge([head_crop(image, region) for _, region in seen])[:, 1]
    return {
        lamp_id: Head(
            float(lit),
            head_peak(image, region),
            head_level(image, region),
            head_surround(image, region),
            beside_head(image, region),
            ground_level(image, region) or 0.0,
        )
        for (lamp_id, region), lit in zip(seen, odds, strict=True)
    }


def is_overgrown(lamp: Asset, scene: Scene, share: float = _OVERGROWN) -> bool:
    """Whether a registered tree's crown, nearer or hardly farther off, covers so large a share of a lamp's head."""
    assert lamp.region is not None
    head, foot = head_box(lamp.region), lamp.region.box.y1
    trees = [tree.region for tree in scene.view.of_kind("tree") if tree.region is not None]
    return any(tree.box.y1 + _REACHES * tree.box.height > foot and _covered(tree, head) >= share for tree in trees)


@lru_cache(maxsize=KEPT)
def _covered(tree: Region, head: Box) -> float:
    """Share of a head that is inside a tree's outline."""
    across, down = np.linspace(head.x0, head.x1, 9), np.linspace(head.y0, head.y1, 9)
    inside = [tree.contains((float(x), float(y))) for x in across for y in down]
    return float(np.mean(inside))


def others_than(lamp: Asset, heads: Heads) -> list[Head]:
    """The heads of all other lamps."""
    return [head for lamp_id, head in heads.items() if lamp_id != lamp.id]


def said(lamp: Asset, issue: str, presence: Presence, score: float, reason: str = "") -> Observation:
    """A verdict on a lamp that has a region."""
    assert lamp.region is not None
    return Observation(issue, presence, score, lamp.id, lamp.kind, lamp.region.box, reason)


def unsure(lamp: Asset, issue: str, reason: str) -> Observation:
    """That nothing can be said of a lamp, and why."""
    return said(lamp, issue, Presence.UNKNOWN, 0.0, reason)


def _is_seen(lamp: Asset, scene: Scene) -> bool:
    assert lamp.region is not None
    whole, head = lamp.region.box, head_box(lamp.region)
    if whole.y0 <= _CUT_ABOVE or whole.height * scene.frame.height < _LEAST_TALL_PX:
        return False
    if head.y1 >= _CUT_FROM or head.centre[0] <= 0.0 or head.centre[0] >= 1.0:
        return False
    return not scene.hidden(head, foot=whole.y1) and not is_captioned(scene.frame.image, head)
