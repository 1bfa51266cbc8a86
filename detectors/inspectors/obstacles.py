"""What stands in the way on a path by the detector's own word: obstacles, and furniture that nobody registered.

The detector knows cartons, cones, barriers, cases and the like by one name; what is new to it is told by the judge of
standing things, see `Claims.unnamed`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.inspectors.claims import FURNITURE, PERSON_SCORE, SURE_BIN, VEHICLES, Claims
from detectors.inspectors.for_good import OBSTACLE, stands_before
from detectors.inspectors.places import OTHER_ISSUE_IOU, lying_on, say
from detectors.inspectors.plates import is_plate
from detectors.inspectors.standing import STANDS
from detectors.values import Observation

_LEAST_SCORE = 0.3
# Of what came where nobody registered a path, or what stands on it for good: the detector's score, the share of its box
# that changed, and the score from which a vehicle is seen in its place. Choices.
_SURELY, _CHANGED, _VEHICLE = 0.5, 0.4, 0.3
_FURNITURE_SCORE, _KNOWN_IOU = 0.5, 0.1
_SURE_TREE, _OF_CHANGE_IOU = 0.5, 0.2
# Of a lamp's height its head and arm take the upper part and its base the lowest, and between them is the column, so
# many times as high as wide in any part that is called something; choices.
_HEAD, _BASE, _COLUMN = 0.4, 0.1, 1.5
# What is flat is called so too: a coloured slab of one place with 0.47 to 0.63 (740000, in view), 0.5 m high as the
# picture shows it, where things on paths were 0.6 m and more. Of the score of what is lower a share counts; a choice.
_HIGH_M, _SLIM_M, _SLIM, _LOW_SHARE = 0.6, 0.45, 1.1, 0.8
# What is low, or so much wider than high, and to the judge of standing things, with such odds, no thing is a cover or a
# patch let into the walk, and so is a plate, unless the judge is sure. On stills 107 of 123 covers have less than the
# first, 19 of 527 things on walks that are so wide; the judge has learnt from most of those scenes, so on others it
# tells the two apart less well. Heaps are as flat to it. Which plates are told from things, see `plates`.
_WIDE, _FLAT, _PLATE = 0.85, 0.2, 0.8
# What no change bears out must be surer than what confirms, as holes must be; a choice. Of 39 places two show a cover
# that is called a thing with 0.45 to 0.65 (in view); of 25 things told there and on walk 84 the faintest, 0.6, came.
_UNPROVED = 0.85
# What is as small as a shoe box lies there for whoever sweeps: one among cups was called so, 0.26 to 0.28 m high and
# 0.43 m wide (710000). On 64 clips with things in the way, all in view, the lowest are 0.39 m high and 0.8 m wide, 0.41
# and 1.3 (pallets), 0.47 and 0.7 (cartons by night).
_SMALL_HIGH_M, _SMALL_WIDE_M = 0.34, 0.8
# What the detector calls litter as well (so faintly, in a box so alike) is what the judge of standing things says: on
# held-back stills of 18 such places, called an obstacle with 0.5 and more, five are heaps, with odds of 0.02 to 0.39,
# and 13 things, one of them with less than 0.4 (0.38). On clips, in view, heaps have 0.02 to 0.27, things 0.5 and more.
# What it rather calls litter is litter, unless something surely stands there: of seven things on clips that have both
# names none has that of litter with the higher score, of four heaps two mostly (900006: 0.59 and 0.75, odds of 0.59).
_LITTER_TOO, _ALIKE, _HARDLY = 0.15, 0.5, 0.4


def obstacles(claims: Claims, changed: Callable[[Box], float]) -> list[Observation]:
    """Things in the way by the detector's own word; as litter where they are small, or called so as well and to the
    judge nothing stands there, or rather so and to the judge nothing surely does.

    Where the register does not know what stands there for good, or no path, a thing must have come.

    Args:
        changed: what share of a place is not as it was, 0-1.
    """
    scene, furnished = claims.scene, claims.is_furnished()
    # Of a tree's box the crown fills the most: what stands before it on the path is within it, and is no part of it.
    known = _Known.of(claims, "path", "lawn", "tree")
    found = []
    for _, score, box in scene.detections.named(OBSTACLE, min_score=_LEAST_SCORE):
        path = lying_on(box, claims.paths)
        if known.shows(box) or scene.hidden(box) or claims.at_bin(box, SURE_BIN):
            continue
        if claims.of_fallen_tree(box, _SURE_TREE):
            continue
        if (path is None or not furnished) and not (score >= _SURELY and _has_come(box, claims, changed)):
            continue
        litter, low = _litter_too(box, claims), _is_low(box, claims)
        if (low or _is_wide(box, claims)) and not litter and _is_flat(box, claims):
            continue
        came = changed(box) >= _CHANGED
        sure = score * (_LOW_SHARE if low else 1.0 if came else _UNPROVED)
        least = STANDS if litter > score else _HARDLY
        if _is_small(box, claims) or (litter and 0.0 < claims.odds_of_standing(box) < least):
            found.append(say("litter", 1 - (1 - score) * (1 - litter) if litter else sure, path, box))
        else:
            found.append(say("path_obstructed", sure, path, box))
    return found


def _is_wide(box: Box, claims: Claims) -> bool:
    frame = claims.scene.frame
    return box.height * frame.height < _WIDE * box.width * frame.width


def _is_flat(box: Box, claims: Claims) -> bool:
    """Whether what is called a thing, and no heap, lies flush in the walk."""
    image = claims.scene.frame.image
    odds = claims.standing.of(image, box)
    return odds < _FLAT or (odds < _PLATE and is_plate(image, box))


def _litter_too(box: Box, claims: Claims) -> float:
    """The score with which the detector calls a place litter, 0 where it does not."""
    litter = claims.scene.detections.named("litter", min_score=_LITTER_TOO)
    return max((score for _, score, other in litter if box.iou(other) >= _ALIKE), default=0.0)


def _has_come(box: Box, claims: Claims, changed: Callable[[Box], float]) -> bool:
    """Whether a thing is new where it stands, and neither lies on a lawn nor is a piece of a vehicle."""
    if lying_on(box, claims.lawns) is not None or changed(box) < _CHANGED:
        return False
    vehicles = claims.scene.detections.named(*VEHICLES, min_score=_VEHICLE)
    return all(box.intersection(vehicle) <= OTHER_ISSUE_IOU * box.area for _, _, vehicle in vehicles)


def _is_small(box: Box, claims: Claims) -> bool:
    metre, frame = claims.scale.metre_at(box.y1, claims.scene), claims.scene.frame
    width = box.width * frame.width / frame.height
    return metre is not None and box.height < _SMALL_HIGH_M * metre and width < _SMALL_WIDE_M * metre


def _is_low(box: Box, claims: Claims) -> bool:
    metre, frame = claims.scale.metre_at(box.y1, claims.scene), claims.scene.frame
    slim = box.height * frame.height >= _SLIM * box.width * frame.width
    return metre is not None and box.height < (_SLIM_M if slim else _HIGH_M) * metre


def furniture(claims: Claims) -> list[Observation]:
    """Bins and benches on a path where the register, which knows such things, has none: cases, boxes, barriers."""
    scene = claims.scene
    if not claims.is_furnished():
        return []
    people = [box for _, _, box in scene.detections.named("person", min_score=PERSON_SCORE)]
    known = _Known.of(claims, "path", "lawn")
    found = []
    for _, score, box in scene.detections.named(*FURNITURE, min_score=_FURNITURE_SCORE):
        path = lying_on(box, claims.paths)
        if path is not None and not known.shows(box) and not scene.hidden(box, people):
            found.append(say("path_obstructed", score, path, box))
    return found


def called_obstacle(change: Box, scene: Scene) -> tuple[float, Box]:
    """The score with which the detector calls a change an obstacle, and all of it; heaps are called so as well."""
    found = scene.detections.named(OBSTACLE, min_score=_LEAST_SCORE)
    near = [(score, box) for _, score, box in found if change.iou(box) >= _OF_CHANGE_IOU]
    return max(near, key=lambda one: one[0], default=(0.0, change))


@dataclass(frozen=True, slots=True)
class _Known:
    """Boxes of what is registered, and the picture's height over its width; of lamps' boxes the columns fill little."""

    things: tuple[Box, ...]
    lamps: tuple[Box, ...]
    aspect: float

    @classmethod
    def of(cls, claims: Claims, *but: str) -> _Known:
        frame = claims.scene.frame
        boxes = [(a.kind, a.region.box) for a in claims.scene.view.assets if a.region and a.kind not in but]
        lamps = tuple(box for kind, box in boxes if kind == "street_light")
        things = tuple(box for kind, box in boxes if kind != "street_light")
        return cls(things, lamps, frame.height / frame.width)

    def shows(self, box: Box) -> bool:
        return any(_is_one(box, k) for k in self.things) or any(
            _is_one(box, lamp) and not (stands_before(box, lamp) or self._is_beside_column(box, lamp))
            for lamp in self.lamps
        )

    def _is_beside_column(self, box: Box, lamp: Box) -> bool:
        """Whether a place under a lamp's arm is too wide for the column, which alone is seen there but for its base."""
        slim = box.height * self.aspect >= _COLUMN * box.width
        under = box.y0 >= lamp.y0 + _HEAD * lamp.height and box.y1 <= lamp.y1 - _BASE * lamp.height
        return under and not slim


def _is_one(box: Box, known: Box) -> bool:
    return box.iou(known) > _KNOWN_IOU or box.shared(known) > OTHER_ISSUE_IOU
