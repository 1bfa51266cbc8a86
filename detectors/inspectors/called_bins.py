"""Heaps that the detector calls full bins, where bins are registered and none is there: bags, as bins are full of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.inspectors.bins import full_strange, knows_bins, strange_bins
from detectors.inspectors.paving import twice
from detectors.inspectors.places import SAME_ISSUE_IOU

_FULL = 0.5  # how surely a bin is full, by all witnesses of it, from which that is a second proof

Heap = tuple[float, Box]
"""The score of a heap that is called a full bin, and its box."""


def heaps_called_bins(scene: Scene) -> list[Heap]:
    """Bins do not come to stand of themselves; a register that has none at all may just not know them."""
    strange = strange_bins(scene) if knows_bins(scene) else []
    told = zip(strange, full_strange(strange, scene), strict=True)
    return [(twice(score) if full >= _FULL else score, box) for (score, box), full in told]


def with_heaps(scene: Scene, heaps: Sequence[Heap]) -> Iterator[tuple[str, float, Box]]:
    """What the detector calls by a name; heaps as litter, surer where it calls them both."""
    for name, score, box in scene.detections:
        if name == "litter":
            score = 1 - (1 - score) * (1 - max((s for s, b in heaps if _is_same(b, box)), default=0.0))
        yield name, score, box
    litter = [box for _, _, box in scene.detections.named("litter")]
    yield from (("litter", score, box) for score, box in heaps if not any(_is_same(box, b) for b in litter))


def is_one_of(box: Box, heaps: Sequence[Heap]) -> bool:
    """Whether a place is one that is called a full bin."""
    return any(_is_same(box, b) for _, b in heaps)


def _is_same(a: Box, b: Box) -> bool:
    return a.iou(b) >= SAME_ISSUE_IOU
