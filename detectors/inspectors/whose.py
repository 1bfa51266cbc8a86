"""Changes on the ground in which nothing was left there: of a lamp, a bin, a crown or a thing that is known."""

from __future__ import annotations

from detectors.background import Change
from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.inspectors.claims import FURNITURE, SPRAWLING
from detectors.inspectors.places import SAME_ISSUE_IOU, belongs_to

_GAP = 0.8  # share of a change in the place of a thing from which it is that thing's going
_LAMP_FOOT = 0.33  # share of a lamp's height near the ground, where things may lie before it
_BARE_TRUNK = 0.4  # share of a tree's height near the ground, below which no crown hides the lawn behind
# What heaps up on a bin lies on no ground: so much of it (or of the bin) is before the bin, and it ends this share of
# the bin's height above the foot. On one clip it was told as litter of the lawn behind. Choices.
_AT_BIN, _BIN_FOOT = 0.4, 0.2
_SURELY = 0.5  # score of what sprawls, from which its parts are its own


def of_lamp(box: Box, scene: Scene) -> bool:
    """Whether a change is a registered lamp's head or column seen against the ground behind: it went on, or swayed."""
    for lamp in scene.view.of_kind("street_light"):
        if lamp.region is not None and lamp.region.contains(box.centre):
            return box.centre[1] < lamp.region.box.y1 - _LAMP_FOOT * lamp.region.box.height
    return False


def of_bin(box: Box, scene: Scene) -> bool:
    """Whether a change is what a registered bin does not hold: it ends clearly above where the bin stands."""
    return any(box.y1 < place.y1 - _BIN_FOOT * place.height for place in bins_at(box, scene))


def bins_at(box: Box, scene: Scene) -> list[Box]:
    """Where registered bins are that a place is at."""
    places = [a.region.box for a in scene.view.of_kind("bin") if a.region is not None]
    return [place for place in places if box.shared(place) > _AT_BIN]


def of_sprawling(box: Box, scene: Scene) -> bool:
    """Whether a change is the rest of a surely seen branch, bicycle or puddle: its rim, or somebody stands between."""
    sprawling = scene.detections.named(*SPRAWLING, "puddle", min_score=_SURELY)
    return any(belongs_to(box, thing) and box.area < thing.area for _, _, thing in sprawling)


def of_crown(box: Box, scene: Scene) -> bool:
    """Whether a change lies behind a registered tree's crown: that went or thinned out, and the lawn behind shows."""
    trees = [tree.region for tree in scene.view.of_kind("tree") if tree.region is not None]
    return any(r.contains(box.centre) and box.y1 < r.box.y1 - _BARE_TRUNK * r.box.height for r in trees)


def of_gap(change: Change, scene: Scene) -> bool:
    """Whether a change is where a bench or bin is registered and not seen: it went."""
    for kind in FURNITURE:
        seen = [box for _, _, box in scene.detections.named(kind)]
        places = [a.region.box for a in scene.view.of_kind(kind) if a.region is not None]
        gaps = [p for p in places if all(p.iou(box) < SAME_ISSUE_IOU for box in seen)]
        if any(change.box.intersection(gap) >= _GAP * change.box.area for gap in gaps):
            return True
    return False
