"""Heaps that the detector calls full bins or benches, where such things are registered and none is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.inspectors.bins import full_strange, knows_bins, strange_bins
from detectors.inspectors.paving import twice
from detectors.inspectors.places import SAME_ISSUE_IOU, WITHIN

_FULL = 0.5  # how surely a bin is full, by all witnesses of it, from which that is a second proof
# What is faintly called a bench, and litter as well (scores), is none that nobody registered. A carton among bags by a
# bench (walk 81 mirrored, in view) is called both with 0.34 to 0.43. Choices.
_FAINT_BENCH, _LITTER_TOO = (0.25, 0.5), 0.25

Heap = tuple[float, Box]
"""The score of a heap that is called a full bin, and its box."""


def heaps_called_bins(scene: Scene) -> list[Heap]:
    """Bins do not come to stand of themselves; a register that has none at all may just not know them."""
    strange = strange_bins(scene) if knows_bins(scene) else []
    told = zip(strange, full_strange(strange, scene), strict=True)
    return [(twice(score) if full >= _FULL else score, box) for (score, box), full in told]


def with_heaps(scene: Scene, heaps: Sequence[Heap]) -> Iterator[tuple[str, float, Box]]:
    """What the detector calls by a name; heaps as litter, surer where it calls them both."""
    benches = _strange_benches(scene)
    for name, score, box in scene.detections:
        if name == "litter":
            proofs = [*heaps, *(benches if score >= _LITTER_TOO else ())]
            score = 1 - (1 - score) * (1 - max((s for s, b in proofs if _is_same(b, box)), default=0.0))
        yield name, score, box
    litter = [box for _, _, box in scene.detections.named("litter")]
    yield from (("litter", score, box) for score, box in heaps if not any(_is_same(box, b) for b in litter))


def is_one_of(box: Box, heaps: Sequence[Heap]) -> bool:
    """Whether a place is one that is called a full bin."""
    return any(_is_same(box, b) for _, b in heaps)


def _strange_benches(scene: Scene) -> list[Heap]:
    """What is faintly called a bench where the register, which knows benches, has none."""
    known = [a.region.box for a in scene.view.of_kind("bench") if a.region is not None]
    least, most = _FAINT_BENCH
    seen = [(s, b) for _, s, b in scene.detections.named("bench", min_score=least) if s < most] if known else []
    return [(s, b) for s, b in seen if not any(_is_same(b, k) or b.shared(k) > WITHIN for k in known)]


def _is_same(a: Box, b: Box) -> bool:
    return a.iou(b) >= SAME_ISSUE_IOU
