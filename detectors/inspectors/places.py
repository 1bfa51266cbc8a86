"""What lies where: observations of paths and lawns, matched to the ground they lie on and to one another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from detectors.background import Change
from detectors.geometry import Box
from detectors.values import Asset, Observation, Presence

# Overlap from which two observations are of one thing.
SAME_ISSUE_IOU, OTHER_ISSUE_IOU = 0.3, 0.5
WITHIN = 0.6
"""Share of the smaller of two boxes in the larger from which it is a part of it."""
# Of the size of a larger thing: what is nearer is a piece of it, or its shadow.
_PIECE_GAP = 0.3
_FOOT_END = 0.2  # of a vehicle's width: boxes are wider than what stands on the ground
_SCRAP = 0.25  # of a heap's size: what is smaller, and touches it, is a piece of the heap
_WHOLES = {
    "litter": ("path_obstructed", 1.0),
    "path_flooded": ("path_obstructed", 1.0),  # by night a shadow is as dark and smooth as water
    "path_obstructed": ("litter", _SCRAP),
}
_ALIKE = 0.5  # of the taller one's height, that of the other, and what parts their feet
SURE_THING = 0.7
"""Score from which what the detector calls a thing is no heap, whatever its colours: one was called a bicycle with up
to 0.67 and an obstacle with up to 0.6 (walk 79, in view)."""
# Litter lies in heaps: pieces nearer to one another than this, m and share of the picture, are one job for whoever
# sweeps. Up and down the picture a camera on a mast shows somewhat more than half of a distance on the ground; choices.
_HEAP_M, _HEAP, _NEAREST, _FORESHORTENED = 0.8, 0.03, 0.15, 0.6
_SIDE_BY_SIDE = 0.8  # of a thing's height: cones and cartons nearer than this to one another are one job


def lying_on(box: Box, assets: Sequence[Asset]) -> Asset | None:
    """The asset on whose region a thing's foot lies."""
    for point in (box.foot, box.centre):
        for asset in assets:
            if asset.region is not None and asset.region.contains(point):
                return asset
    return None


def amid(box: Box, assets: Sequence[Asset]) -> Asset | None:
    """The asset that a thing lies or stands in the midst of: what leans at a wall has its middle beyond the edge."""
    points = (box.foot, box.centre)
    inside = (a for a in assets if a.region is not None and all(a.region.contains(point) for point in points))
    return next(inside, None)


def standing_on(box: Box, assets: Sequence[Asset]) -> Asset | None:
    """The asset on whose region all of a vehicle's foot lies: at the kerb its edge is nearer than it is known."""
    ends = [(box.x0 + share * box.width, box.y1) for share in (_FOOT_END, 1 - _FOOT_END)]
    asset = lying_on(box, assets)
    if asset is None or asset.region is None or not all(asset.region.contains(end) for end in ends):
        return None
    return asset


def reaches_on(box: Box, assets: Sequence[Asset]) -> Asset | None:
    """The asset on whose edge a thing stands: one end of its foot lies on the region."""
    for asset in assets:
        if asset.region is not None and any(asset.region.contains((x, box.y1)) for x in (box.x0, box.x1)):
            return asset
    return None


def belongs_to(piece: Box, whole: Box) -> bool:
    """Whether a box is so near to a larger one that it is its rim, its shadow or a part of it."""
    return piece.gap(whole) <= _PIECE_GAP * max(whole.width, whole.height)


def without_pieces(changes: Sequence[Change]) -> list[Change]:
    """Changes without the small ones that belong to a larger."""
    kept: list[Change] = []
    for change in sorted(changes, key=lambda c: -c.box.area):
        if not any(belongs_to(change.box, k.box) for k in kept):
            kept.append(change)
    return kept


def without_doubles(seen: Sequence[Observation]) -> list[Observation]:
    """Of observations that overlap, the surest: pieces of one thing are one thing, and it is of one kind."""
    kept: list[Observation] = []
    for o in sorted(seen, key=lambda o: -o.score):
        if not any(_one_thing(k, o) for k in kept):
            kept.append(o)
    return kept


def without_parts(seen: Sequence[Observation], wholes: Sequence[Observation]) -> list[Observation]:
    """Observations without litter and water that are a part or the shadow of what is in the way, without scraps at
    a heap of litter that would be in the way by themselves, and without what is at a larger thing in the way: its
    shadow, or one job with it. Of upright things side by side each stays, see `joined`.
    """
    boxes = {issue: [o.box for o in wholes if o.issue == issue and o.box is not None] for issue in _WHOLES}
    there = [o.box for o in wholes if o.issue == "path_obstructed" and o.box is not None and not o.ask_again]

    def is_part(o: Observation) -> bool:
        if o.box is None or o.issue not in _WHOLES:
            return False
        other, share = _WHOLES[o.issue]
        larger = [whole for whole in boxes[other] if o.box.area < share * whole.area]
        if o.issue == "path_obstructed":
            larger += [whole for whole in there if o.box.area < whole.area and not _in_a_row(o.box, whole)]
        return any(belongs_to(o.box, whole) for whole in larger)

    return [o for o in seen if not is_part(o)]


def without_heaps(seen: Sequence[Observation], heaps: Sequence[Box]) -> list[Observation]:
    """Observations without those that are not sure, and of what is a heap by its colours and its shape."""

    def is_heap(o: Observation) -> bool:
        return o.box is not None and any(o.box.intersection(heap) > WITHIN * o.box.area for heap in heaps)

    return [o for o in seen if o.score >= SURE_THING or not is_heap(o)]


def tightest(seen: Sequence[Observation]) -> list[Observation]:
    """Of boxes in one another the inner ones: the outer ones hold a thing's shadow too."""
    return [
        o
        for o in seen
        if not any(p.box.area < o.box.area and p.box.shared(o.box) > WITHIN for p in seen if p.box and o.box)
    ]


def joined(seen: Sequence[Observation]) -> list[Observation]:
    """Observations with upright things in the way that stand side by side as one: a row of cones."""
    rows: list[Observation] = []
    for o in seen:
        for row in [r for r in rows if _is_one_row(r, o)]:
            assert row.box is not None
            assert o.box is not None
            rows.remove(row)
            o = replace(row if row.score >= o.score else o, box=row.box.union(o.box))
        rows.append(o)
    return rows


def heaped(seen: Sequence[Observation], metre_at: Callable[[float], float | None]) -> list[Observation]:
    """Observations with pieces of litter that lie together as one.

    Args:
        metre_at: how high a metre is at a line of the picture, both 0-1; None where that is not known.
    """
    heaps: list[Observation] = []
    others = [o for o in seen if o.issue != "litter" or o.box is None]
    for piece in sorted((o for o in seen if o.issue == "litter" and o.box is not None), key=lambda o: -o.score):
        assert piece.box is not None
        metre = metre_at(piece.box.y1)
        reach = _HEAP if metre is None else min(_HEAP_M * metre, _NEAREST)
        near = [h for h in heaps if h.box is not None and _apart(h.box, piece.box) <= reach]
        for heap in near:
            assert heap.box is not None
            heaps.remove(heap)
            piece = replace(heap if heap.score >= piece.score else piece, box=heap.box.union(piece.box))
        heaps.append(piece)
    return others + heaps


def _apart(a: Box, b: Box) -> float:
    """Distance of two places on the ground."""
    across, along = replace(a, y0=b.y0, y1=b.y1).gap(b), replace(a, x0=b.x0, x1=b.x1).gap(b)
    return max(across, along / _FORESHORTENED)


def _is_one_row(a: Observation, b: Observation) -> bool:
    if a.issue != "path_obstructed" or b.issue != a.issue or a.box is None or b.box is None:
        return False
    return _in_a_row(a.box, b.box)


def _in_a_row(a: Box, b: Box) -> bool:
    taller = max(a.height, b.height)
    alike = min(a.height, b.height) > _ALIKE * taller and abs(a.y1 - b.y1) < _ALIKE * taller
    return alike and a.gap(b) <= _SIDE_BY_SIDE * taller


def same_place(a: Change, b: Change) -> bool:
    """Whether two changes are of one place."""
    return a.box.iou(b.box) >= SAME_ISSUE_IOU


def ask_again(box: Box) -> Observation:
    """Somebody may stand here, or have left something: the next looks tell."""
    return Observation("path_obstructed", Presence.UNKNOWN, 0.0, box=box, by_place=True, ask_again=True)


def say(issue: str, score: float, asset: Asset | None, box: Box, looks: int = 1) -> Observation:
    """An issue seen in a place, on a path or lawn if it lies on one."""
    asset_id, kind = (asset.id or None, asset.kind) if asset else (None, None)
    return Observation(issue, Presence.PRESENT, score, asset_id, kind, box, by_place=True, looks=looks)


def _one_thing(a: Observation, b: Observation) -> bool:
    if a.box is None or b.box is None:
        return False
    if a.issue != b.issue:
        return a.box.iou(b.box) > OTHER_ISSUE_IOU
    return a.box.shared(b.box) > WITHIN or a.box.iou(b.box) > SAME_ISSUE_IOU
