"""What a detector proposes in several looks, candidate by candidate; and which candidates are one thing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from detectors.geometry import Box

# Boxes of the first looks that overlap those of the others less than this, and one another as much, are of a thing that
# leant, lost its leaves or was filled meanwhile: it is registered as it stood at first. On eight walks 14 such trees
# have 0.48 to 0.71 between the two and 0.91 and more within each; far trees and lamps, whose boxes waver, 0.6 to 0.8 in
# all three.
_UNMOVED = 0.8
# A lamp that ends so much lower than another (heights), where both are seen with this score, is nearer. Choices.
_NEARER, _SURE_LAMP = 0.25, 0.65
# Two boxes are pieces of one lamp, head and column, when they share this much of the narrower one across, and so much
# of the lower one along. What shares more than the last is a part of it, or another of which the detector is sure; in
# between it is a farther lamp. Where 51 pairs that share more than the first were joined before, on 215 clips in view,
# 11 boxes came to fit better than the surer one alone, and 29 worse.
_PIECE_ACROSS, _PIECE_ALONG, _PART_ALONG = 0.6, (0.15, 0.3), 0.5
# But a box that lies within the other's height for the most part, and is as slender but for this ratio, is a farther
# lamp of the same row. Heads alone look so too: only what is seen with this score is a lamp beside the other.
_WITHIN, _AS_SLENDER, _ROW_SCORE = 0.5, 1.4, 0.4
# Two kinds, or two classes of one kind, that overlap this much are two names for one thing; boxes of one lamp less.
_ONE_THING, _ONE_LAMP = 0.6, 0.5
# Bins and benches hide one another at most in part: a box of one that lies this much within another's is part of it, as
# the lid of a bin, and the heap on it, in its box.
_COMPACT, _PART = ("bench", "bin"), 0.8
# What stands on one level does not stand within one another: boxes that share this much across, and end within this
# share of the lower one's height, are of one thing that a column parted. Of 545 clips in view 17 have such a pair;
# those of two things end at 0.29 and more.
_LEVEL_ACROSS, _LEVEL = 0.5, 0.15


def _middle(boxes: Sequence[Box]) -> Box:
    return Box.of(np.median([b.as_list() for b in boxes], axis=0))


def _agree(boxes: Sequence[Box]) -> bool:
    return min(_middle(boxes).iou(box) for box in boxes) >= _UNMOVED


@dataclass(slots=True)
class Candidate:
    """A thing as some looks show it.

    Attributes:
        boxes, scores: of the looks that show it, in their order.
        frames: the numbers of these looks.
        joined: its box where that is not the middle one of `boxes`.
    """

    kind: str
    boxes: list[Box] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    frames: set[int] = field(default_factory=set)
    joined: Box | None = None

    @property
    def box(self) -> Box:
        if self.joined is not None:
            return self.joined
        return _middle(self.boxes)

    def hold_to(self, first: Collection[int]) -> None:
        """Take the box of the first looks for the thing's, if it was seen in all of them and was elsewhere then."""
        if not self.frames.issuperset(first):
            return
        # Boxes lie in the order of their frames.
        at_first, later = self.boxes[: len(first)], self.boxes[len(first) :]
        if later and _middle(at_first).iou(_middle(later)) < _UNMOVED and _agree(at_first) and _agree(later):
            self.joined = _middle(at_first)

    @property
    def score(self) -> float:
        return float(np.mean(self.scores))


def is_before(lamp: Candidate, other: Candidate) -> bool:
    """Whether a lamp surely stands nearer than another, over which its arm may reach."""
    nearer = lamp.box.y1 - other.box.y1 >= _NEARER * min(lamp.box.height, other.box.height)
    return lamp.kind == "street_light" and nearer and min(lamp.score, other.score) >= _SURE_LAMP


def merged(chosen: list[Candidate]) -> list[Candidate]:
    """Join pieces of one lamp (head and column may be seen apart), and drop the fainter of two boxes of one thing."""
    kept: list[Candidate] = []
    for candidate in sorted(chosen, key=lambda c: (-len(c.frames), -c.score)):
        whole = next((m for m in kept if _are_pieces(m, candidate)), None)
        if whole is not None:
            whole.joined = whole.box.union(candidate.box)
        elif not any(_is_one(m, candidate) for m in kept):
            kept.append(candidate)
    return kept


def _is_one(known: Candidate, fainter: Candidate) -> bool:
    """Whether two boxes are of one thing; of lamps in a row each must be seen surely to be one more."""
    overlap = known.box.iou(fainter.box)
    if known.kind == fainter.kind and known.kind in _COMPACT:
        across, along = _shared(known.box, fainter.box)
        apart = abs(known.box.y1 - fainter.box.y1) / min(known.box.height, fainter.box.height)
        level = across > _LEVEL_ACROSS and apart <= _LEVEL
        return level or overlap > _ONE_THING or (across > 0 and across * along > _PART)
    if known.kind != "street_light" or fainter.kind != "street_light":
        return overlap > _ONE_THING
    if _in_row(known.box, fainter.box):
        return overlap > _ONE_LAMP or fainter.score < _ROW_SCORE
    across, along = _shared(known.box, fainter.box)
    part = across > _PIECE_ACROSS and along > _PART_ALONG and fainter.score < _SURE_LAMP
    return overlap > _ONE_LAMP or part


def _are_pieces(a: Candidate, b: Candidate) -> bool:
    if a.kind != "street_light" or b.kind != "street_light":
        return False
    across, along = _shared(a.box, b.box)
    return across > _PIECE_ACROSS and _PIECE_ALONG[0] < along <= _PIECE_ALONG[1]


def _in_row(a: Box, b: Box) -> bool:
    """Whether two boxes look like a near and a far lamp of one row, which stand before one another."""
    slender = [box.width / box.height for box in (a, b)]
    across, along = _shared(a, b)
    return across > _PIECE_ACROSS and along > _WITHIN and max(slender) <= _AS_SLENDER * min(slender)


def _shared(a: Box, b: Box) -> tuple[float, float]:
    """What two boxes share, as shares of the narrower one across and of the lower one along; below 0 where apart."""
    across, along = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    return across / min(a.width, b.width), along / min(a.height, b.height)
