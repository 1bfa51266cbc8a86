"""Trees whose trunk goes up aslant from their foot, and whose crown hangs to that side: leaning, whatever they were.

Neither asks for the tree's own past nor for a fine outline: what a city imports is often a plain box of the whole tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.inspectors.trunk import trunk_lines
from detectors.values import Asset, LightState

_MIN_PX = 60.0  # of lower trees no trunk is made out
_EDGE = 0.005  # of the picture: a tree that its sides or lower edge cut has its foot nobody knows where
_WHOLE = 0.5  # width over height, px, from which what its sides leave of a tree is most of it, its foot near the middle
# A box of the crown alone, or of the whole tree: its score, how high it is in heights of the tree, and how wide.
_SCORE, _HIGH, _WIDE = 0.4, (0.5, 1.25), 0.5
# A box that fits where the tree stood shows it upright: one that leaned by its own width in four fits with 0.60 to 0.62
# (walk 76, in view), a choice. The one that fits another registered tree best shows that.
_UPRIGHT_SCORE, _UPRIGHT_IOU, _ANOTHERS_IOU = 0.3, 0.65, 0.55
_UNMOVED_IOU = 0.7  # with a box seen before, from which it is the same
_THERE_IOU = 0.45  # with where it is registered, from which a box is of what is left of it there
_FOOT_UP = 0.15  # of the tree's height; a choice
_WORSE = 0.2  # by which a box must fit worse than it did, if the tree moved: of one that leans out of view much is cut
_ANOTHERS_PART = 0.7  # share of a box in another tree's from which it is what nearer ones leave of that one
# A crown that lost its leaves shrank within where it stood, at times to one side; of one on a trunk that leans by 14
# degrees about a quarter is outside. What hangs out of the picture tells neither. True boxes on walks: of 14 dead trees
# 0.85 and more are inside, of nine that lean and are wholly in the picture at most 0.61.
_SHRUNK = 0.8
_CROWN_AT, _BOX_AT = 0.65, 0.55  # of a tree's height above its foot, and of such a box above its lower edge: the crown
# In heights of the tree: by how much the crown may be off where the trunk leads, and must be off where it stood.
_ASTRAY, _ASIDE, _REACH = 0.25, 0.1, 1.0
# How strong the line of the trunk is, and by how much more so than any that is upright, grey levels.
_STRENGTH, _LEAD = 6.0, 4.0
_GONE_LOOKS = 3  # without a crown where it leaned, after which it leans no more: a choice
_SURELY_UPRIGHT = 0.5  # score of a box, from which it is known that the tree stood upright
_UNPROVED = 0.5  # two proofs agree, the box of the crown and the line of the trunk: a choice

Point = NDArray[np.float64]
Seen = tuple[float, Box]


@dataclass(frozen=True, slots=True)
class _Stood:
    """How a tree was surely seen upright: overlap of its box with where it is registered, and the trees beside."""

    fit: float
    beside: tuple[Box, ...]


@dataclass(slots=True)
class SlantedTrees:
    """Tells which trees lean by their trunk and crown; remembers it until they are seen upright, or are gone."""

    _stood: dict[str, _Stood] = field(default_factory=dict)
    _leaning: dict[str, Seen] = field(default_factory=dict)
    _unseen: dict[str, int] = field(default_factory=dict)

    def look(self, trees: Sequence[Asset], scene: Scene) -> dict[str, Seen]:
        """Score and box of each tree that leans, by its id."""
        if scene.light is not LightState.DAY:  # after dark a trunk is what lamps show of it
            return {}
        own = {t.id: t.region.box for t in trees if t.region is not None}
        crowns: dict[Box, tuple[str, float]] = {}
        # Before a row the trunk of a tree crosses the outlines of those behind, so the nearest comes last.
        for tree_id in sorted(own, key=lambda i: own[i].y1):
            others = [box for i, box in own.items() if i != tree_id]
            stood = self._stood.get(tree_id)
            fit, score, there = _in_place(own[tree_id], others, scene)
            least = _UPRIGHT_IOU if stood is None else max(_UPRIGHT_IOU, stood.fit - _WORSE)
            if fit >= least:
                self._leaning.pop(tree_id, None)
                if score >= _SURELY_UPRIGHT and (stood is None or fit > stood.fit):
                    self._stood[tree_id] = _Stood(fit, _beside(own[tree_id], scene))
            elif is_shown(own[tree_id], scene, stood is not None):
                seen = _aslant(own[tree_id], others, stood, there, scene)
                crowns |= {box: (tree_id, score) for score, box in seen}
        self._forget(scene)
        self._leaning |= {tree_id: (1 - (1 - score) * _UNPROVED, box) for box, (tree_id, score) in crowns.items()}
        return dict(self._leaning)

    def _forget(self, scene: Scene) -> None:
        """Forget crowns that are seen no more: who takes such a tree away leaves nothing that stands upright."""
        self._unseen = {
            tree_id: 0 if _is_still_there(crown, scene) else self._unseen.get(tree_id, 0) + 1
            for tree_id, (_, crown) in self._leaning.items()
        }
        self._leaning = {i: seen for i, seen in self._leaning.items() if self._unseen[i] < _GONE_LOOKS}


def _is_still_there(crown: Box, scene: Scene) -> bool:
    """Whether a crown that leaned may be there yet."""
    seen = any(crown.iou(box) >= _THERE_IOU for _, _, box in scene.detections.named("tree"))
    return seen or scene.hidden(crown)


def is_shown(own: Box, scene: Scene, stood: bool) -> bool:
    """Whether enough of a tree is seen to make out its trunk; of one that was seen upright less will do."""
    beside = own.x0 < _EDGE or own.x1 > 1.0 - _EDGE
    part = own.width * scene.frame.width < _WHOLE * own.height * scene.frame.height
    cut = (beside and part and not stood) or own.y1 > 1.0 - _EDGE
    return not cut and own.height * scene.frame.height >= _MIN_PX and not scene.hidden(own, foot=own.y1)


def _in_place(own: Box, others: Sequence[Box], scene: Scene) -> tuple[float, float, Box | None]:
    """Overlap, score and box of what is seen where a tree is registered, and is no other tree rather."""
    theirs = _of_others(others, scene)
    found = scene.detections.named("tree", min_score=_UPRIGHT_SCORE)
    fits = [(own.iou(box), score, box) for _, score, box in found if box not in theirs and _has_its_foot(box, own)]
    return max((f for f in fits if f[0] >= _THERE_IOU), key=lambda fit: fit[0], default=(0.0, 0.0, None))


def _has_its_foot(box: Box, own: Box) -> bool:
    """Whether a box ends where a tree meets the ground; of one that leaned away those behind it are seen there."""
    return box.y1 >= own.y1 - _FOOT_UP * own.height


def _of_others(others: Sequence[Box], scene: Scene) -> list[Box]:
    """The box that fits each of the other trees best, where it fits well."""
    found = [box for _, _, box in scene.detections.named("tree")]
    best = ((max(found, key=other.iou, default=other), other) for other in others)
    return [box for box, other in best if box.iou(other) >= _ANOTHERS_IOU]


def _beside(own: Box, scene: Scene) -> tuple[Box, ...]:
    return tuple(box for _, _, box in scene.detections.named("tree") if own.iou(box) < _UPRIGHT_IOU)


def _aslant(own: Box, others: Sequence[Box], stood: _Stood | None, there: Box | None, scene: Scene) -> list[Seen]:
    """The crown to which a slanting trunk leads from a tree's foot: its score and box; none where there is none.

    Args:
        own: where the tree stood.
        others: the other registered trees.
        stood: how it was surely seen upright, None where it never was.
        there: what is seen where it stood: that is the tree, and no crown elsewhere is its own.
    """
    aspect = scene.frame.width / scene.frame.height
    upright = np.array([own.centre[0], own.y1 - _CROWN_AT * own.height])
    theirs = _of_others(others, scene)
    crowns = [
        (score, box, np.array([box.centre[0], box.y1 - _BOX_AT * box.height]))
        for _, score, box in scene.detections.named("tree", min_score=_SCORE)
        if _HIGH[0] < box.height / own.height < _HIGH[1]
        and box.width > _WIDE * own.width
        and box not in theirs
        and there in (None, box)
        and not _is_shrunk(box, own)
        and (stood is None or all(box.iou(before) < _UNMOVED_IOU for before in stood.beside))
        and all(box.intersection(other) < _ANOTHERS_PART * box.area for other in others)
    ]
    aside = _ASIDE * own.height / aspect  # a crown that lost its leaves or its top is lower, but no farther to a side
    crowns = [c for c in crowns if abs(c[2][0] - upright[0]) > aside and _away(c[2], upright, own, aspect) < _REACH]
    lines = trunk_lines(scene.frame.image, own) if crowns else None
    if lines is None:
        return []
    # What stands upright there now may be another thing, where the tree was seen upright and is so no more.
    least = _STRENGTH if stood is not None else max(_STRENGTH, lines.upright + _LEAD)
    tops = [_top(foot, tilt, own, aspect) for strength, foot, tilt in lines.slanting() if strength >= least]
    led = [(min(_away(at, top, own, aspect) for top in tops), score, box) for score, box, at in crowns if tops]
    astray, score, box = min(led, key=lambda crown: crown[0], default=(1.0, 0.0, own))
    return [(score, box)] if astray < _ASTRAY else []


def _is_shrunk(crown: Box, own: Box) -> bool:
    """Whether a crown hangs within where its tree stood upright, as one does that lost its leaves."""
    whole = crown.x0 >= _EDGE and crown.x1 <= 1.0 - _EDGE
    return whole and crown.intersection(own) >= _SHRUNK * crown.area


def _top(foot: float, tilt: float, own: Box, aspect: float) -> Point:
    """Where the crown is on a trunk that slants by some degrees."""
    angle, up = np.radians(tilt), _CROWN_AT * own.height
    return np.array([foot + up * np.sin(angle) / aspect, own.y1 - up * np.cos(angle)])


def _away(at: Point, there: Point, own: Box, aspect: float) -> float:
    """Distance of two points, in heights of a tree."""
    return float(np.hypot((at[0] - there[0]) * aspect, at[1] - there[1])) / own.height
