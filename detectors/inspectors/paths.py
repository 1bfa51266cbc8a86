"""Paths and lawns: things left behind, damage, standing water and litter."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from detectors.background import Change, DualBackground
from detectors.geometry import STILL, Box, Mask
from detectors.inspectors.base import Scene
from detectors.inspectors.glow import glowing_lamps
from detectors.inspectors.lying import is_upright, kind_of
from detectors.inspectors.mistaken import is_water, low_people
from detectors.inspectors.naming import PlaceNames
from detectors.inspectors.scale import Scale
from detectors.inspectors.trees import FALLEN_CLASS
from detectors.values import Asset, LightState, Observation, Presence, View, small_grey

# What the detector's classes mean when they lie on a path or lawn.
_ON_PATH = {"pothole": "path_damaged", "crack": "path_damaged", "puddle": "path_flooded", "litter": "litter"}
_ON_LAWN = {"litter": "litter"}
_VEHICLES = ("bicycle", "motorcycle", "car", "truck")
_THIN = ("bicycle", "motorcycle")  # all edges, unlike cars: what is calm is none
_VEHICLE_SCORE = 0.6
_FURNITURE, _FURNITURE_SCORE, _KNOWN_IOU = ("bin", "bench"), 0.5, 0.1
# The backgrounds learn at most this often: three looks in one second would take whoever pauses for part of the scene.
_BACKGROUND_EVERY_S = 0.9
# People stop to talk and to look; on the PETS clip some stand for 3 s. What is shaped like somebody who was there a
# moment ago must lie this long before it counts.
_LATELY_S, _STANDS_S, _LIKE_SOMEBODY = 6.0, 4.0, 0.3
_PEOPLE = 60  # boxes remembered
_PERSON_SCORE = 0.1  # even a faint guess counts here
# A bicycle or a car that the detector sees in one picture may just be passing.
_DWELL_S = {"path_obstructed": 2.0}
# What is low, and taken for somebody, must stand for longer than people who sit down or children do in one spot.
# It must not leave its place at all: far people who walk towards the camera hardly seem to move.
_LOW_IOU = 0.65
_LOW_DWELL_S, _LOW_SCORE = {"path_obstructed": 3.0}, 0.5
# A change was the same in several looks before it is told.
_CHANGE_LOOKS = 2
_CHANGE_MIN_FILL = 0.25
# Overlap from which two observations are of one thing.
_SAME_ISSUE_IOU, _OTHER_ISSUE_IOU = 0.3, 0.5
_WITHIN = 0.6  # share of the smaller that lies in the larger
_PIECE_GAP = 0.3  # of the size of a larger change: what is nearer is a piece of it
# Litter lies in heaps: pieces nearer to one another than this are one job for whoever sweeps.
_HEAP_M, _HEAP = 0.8, 0.03
# In a view without a registered path damage and water must be seen more surely, for they may lie anywhere.
_NO_PATH_SCORE = 0.6
_CHANGE_FULL_DIFFERENCE = 60.0
# Of the detector's score of litter on paving, where stains look like it: on the PETS clip a dark patch of the road
# reaches 0.67.
_PAVED_LITTER_SHARE = 0.75
_LAWN_SHARE = 0.6  # of the score of a change on a lawn: sun through branches comes and goes there
# What came to lie there need not be guessed when the detector has even a faint name for it.
_NAMING_SCORE, _NAMING_IOU = 0.15, 0.2


@dataclass(slots=True)
class PathsInspector:
    """path_obstructed, path_damaged, path_flooded and litter."""

    view: View
    _background: DualBackground = field(default_factory=DualBackground)
    _light: LightState | None = None
    _lit: frozenset[str] = frozenset()
    _changes: list[Change] = field(default_factory=list)
    _background_s: float = float("-inf")
    _scale: Scale = field(default_factory=Scale)
    _names: PlaceNames = field(default_factory=lambda: PlaceNames(parts=True))
    _parked: PlaceNames = field(default_factory=PlaceNames)
    _low: PlaceNames = field(default_factory=lambda: PlaceNames(_LOW_IOU, follows=False))
    _people: deque[tuple[float, Box]] = field(default_factory=lambda: deque(maxlen=_PEOPLE))
    _since: dict[Change, float] = field(default_factory=dict)

    def look(self, scene: Scene) -> list[Observation]:
        """See `Inspector.look`."""
        self._scale.learn(scene)
        at_s = scene.frame.offset_s
        self._people.extend((at_s, box) for _, _, box in scene.detections.named("person", min_score=_PERSON_SCORE))
        self._people = deque(
            (p for p in self._people if not any(p[1].iou(thing) >= _SAME_ISSUE_IOU for thing in scene.things)), _PEOPLE
        )
        lit = glowing_lamps(scene)
        if (scene.light, lit) != (self._light, self._lit):
            self._background.restart()
            self._changes = []
            self._light, self._lit = scene.light, lit
        paths, lawns = scene.view.of_kind("path"), scene.view.of_kind("lawn")
        parked = self._parked.settle(self._vehicles(scene, paths), at_s, _DWELL_S)
        low = self._settled_low(self._low_things(scene, paths), at_s)
        standing = self._standing(scene, paths)
        seen = [*parked, *low, *standing, *self._detected(scene, paths, lawns), *self._changed(scene, paths, lawns)]
        waiting = [o for o in seen if o.ask_again]
        told = _without_doubles([o for o in seen if not o.ask_again])
        named = self._names.settle(told, at_s, {})
        return waiting + self._heaped(_without_doubles(named), scene)

    def _vehicles(self, scene: Scene, paths: list[Asset]) -> list[Observation]:
        people = [box for _, _, box in scene.detections.named("person", min_score=0.3)]
        found = scene.detections.named(*_VEHICLES, min_score=_VEHICLE_SCORE)
        observations = []
        for name, score, box in found:
            path = None if scene.hidden(box, people) else _lying_on(box, paths)
            if path is not None:
                wet = name in _THIN and is_water(scene.frame.image, box)
                observations.append(_say("path_flooded" if wet else "path_obstructed", score, path, box))
        return observations

    def _settled_low(self, seen: list[Observation], at_s: float) -> list[Observation]:
        """What has stood for long enough; the others ask for another look soon, for a still view gets few."""
        told = self._low.settle(seen, at_s, _LOW_DWELL_S)
        boxes = [o.box for o in told]
        return told + [_ask_again(o.box) for o in seen if o.box is not None and o.box not in boxes]

    def _low_things(self, scene: Scene, paths: list[Asset]) -> list[Observation]:
        """Cases and bags, also those that lay there from the start, that are taken for people too low to be any."""
        observations = []
        for score, box in low_people(scene, self._scale):
            path = _lying_on(box, paths) or _reaches_on(box, paths)
            if path is not None:
                observations.append(_say("path_obstructed", max(_LOW_SCORE, score), path, box, _CHANGE_LOOKS))
        return observations

    def _standing(self, scene: Scene, paths: list[Asset]) -> list[Observation]:
        """Bins and benches on a path where the register, which knows such things, has none: cases, boxes, barriers."""
        things = [a for a in scene.view.assets if a.region is not None and a.kind not in ("path", "lawn")]
        if not any(a.kind in _FURNITURE for a in things):
            return []
        people = [box for _, _, box in scene.detections.named("person", min_score=_PERSON_SCORE)]
        known = [a.region.box for a in things if a.region is not None]
        found = []
        for _, score, box in scene.detections.named(*_FURNITURE, min_score=_FURNITURE_SCORE):
            path = _lying_on(box, paths)
            strange = not any(box.iou(k) > _KNOWN_IOU or box.shared(k) > _OTHER_ISSUE_IOU for k in known)
            if path is not None and strange and not scene.hidden(box, people):
                found.append(_say("path_obstructed", score, path, box))
        return found

    def _detected(self, scene: Scene, paths: list[Asset], lawns: list[Asset]) -> list[Observation]:
        observations = []
        for name, score, box in scene.detections:
            path = _lying_on(box, paths)
            if name == FALLEN_CLASS:
                if path is not None and self._scale.is_branch(box, scene):
                    observations.append(_say("path_obstructed", score, path, box))
            elif path is not None or not paths:
                sure = path is not None or name == "litter" or score >= _NO_PATH_SCORE
                if name in _ON_PATH and sure and not scene.hidden(box):
                    upright = name == "litter" and is_upright(box, self._scale.metre_at(box.y1, scene), scene)
                    issue = "path_obstructed" if upright and path is not None else _ON_PATH[name]
                    share = _PAVED_LITTER_SHARE if issue == "litter" and path is not None else 1.0
                    observations.append(_say(issue, share * score, path, box))
            elif name in _ON_LAWN and not scene.hidden(box):
                observations.append(_say(_ON_LAWN[name], score, _lying_on(box, lawns), box))
        return observations

    def _changed(self, scene: Scene, paths: list[Asset], lawns: list[Asset]) -> list[Observation]:
        at_s = scene.frame.offset_s
        if at_s - self._background_s >= _BACKGROUND_EVERY_S:
            before, self._changes = self._since, self._newly_there(scene, max(0.0, at_s - self._background_s))
            self._since = {
                c: min((s for p, s in before.items() if _same_place(p, c)), default=at_s) for c in self._changes
            }
            self._background_s = at_s
        observations = []
        for change in _without_pieces(self._changes):
            if change.fill < _CHANGE_MIN_FILL or scene.hidden(change.box):
                continue
            if not self._stayed(change, at_s):
                observations.append(_ask_again(change.box))
                continue
            score = float(np.clip(change.difference / _CHANGE_FULL_DIFFERENCE, 0.0, 0.9))
            path = _lying_on(change.box, paths)
            if self._of_fallen_tree(change.box, scene):
                continue
            named, sure = self._name_of(change.box, scene)
            if path is None:
                issue, score, asset = "litter", _LAWN_SHARE * score, _lying_on(change.box, lawns)
            else:
                asset, metres = path, self._scale.metre_at(change.box.y1, scene)
                unlike = named == "litter" and is_upright(change.box, metres, scene)
                issue = kind_of(change, path, metres, scene) if unlike or not named else named
            observations.append(_say(issue, max(score, sure), asset, change.box, _CHANGE_LOOKS))
        return observations

    def _of_fallen_tree(self, box: Box, scene: Scene) -> bool:
        """Whether a change is a fallen tree, or a piece of one, that the trees' inspector tells of."""
        fallen = scene.detections.named(FALLEN_CLASS, min_score=_NAMING_SCORE)
        return any(o.shared(box) > _WITHIN and not self._scale.is_branch(o, scene) for _, _, o in fallen)

    def _name_of(self, box: Box, scene: Scene) -> tuple[str, float]:
        """The issue the detector has a name for in this place, with its score; ("", 0) when it has none."""
        found = scene.detections.named(*_ON_PATH, FALLEN_CLASS, min_score=_NAMING_SCORE)
        near = [(score, n) for n, score, o in found if box.iou(o) >= _NAMING_IOU or o.contains(box.centre)]
        score, name = max(near, default=(0.0, ""))
        return _ON_PATH.get(name, "path_obstructed" if name else ""), score

    def _stayed(self, change: Change, at_s: float) -> bool:
        """Whether a change has been there for long enough not to be somebody who stands still."""
        like = any(at_s - seen <= _LATELY_S and change.box.iou(box) >= _LIKE_SOMEBODY for seen, box in self._people)
        return not like or at_s - self._since[change] >= _STANDS_S

    def _heaped(self, seen: list[Observation], scene: Scene) -> list[Observation]:
        """Pieces of litter that lie together as one."""
        heaps: list[Observation] = []
        others = [o for o in seen if o.issue != "litter" or o.box is None]
        for piece in sorted((o for o in seen if o.issue == "litter" and o.box is not None), key=lambda o: -o.score):
            assert piece.box is not None
            metre = self._scale.metre_at(piece.box.y1, scene)
            reach = _HEAP if metre is None else min(_HEAP_M * metre, 3 * _HEAP)
            near = [h for h in heaps if h.box is not None and _gap(h.box, piece.box) <= reach]
            for heap in near:
                assert heap.box is not None
                heaps.remove(heap)
                piece = replace(heap if heap.score >= piece.score else piece, box=heap.box.union(piece.box))
            heaps.append(piece)
        return others + heaps

    def _newly_there(self, scene: Scene, seconds: float) -> list[Change]:
        """What the backgrounds see. They know the registered view: a nudged picture is laid back on it first."""
        width, height = scene.frame.width, scene.frame.height
        ground = _mask([*self.view.of_kind("path"), *self.view.of_kind("lawn")], width, height)
        if ground is None:
            return []
        if scene.nudge == STILL:
            image, grey = scene.frame.image, scene.frame.grey
            return self._background.look(image, grey, ground, scene.movers, scene.things, seconds)
        back = scene.nudge.inverse()
        laid = cv2.warpAffine(
            scene.frame.image, back.pixels(width, height), (width, height), borderMode=cv2.BORDER_REPLICATE
        )
        found = self._background.look(
            np.asarray(laid, np.uint8),
            small_grey(np.asarray(laid, np.uint8)),
            ground,
            [back.box(m) for m in scene.movers],
            [back.box(t) for t in scene.things],
            seconds,
        )
        return [replace(c, box=scene.nudge.box(c.box)) for c in found]


def _lying_on(box: Box, assets: list[Asset]) -> Asset | None:
    """The asset on whose region a thing's foot lies."""
    for point in (box.foot, box.centre):
        for asset in assets:
            if asset.region is not None and asset.region.contains(point):
                return asset
    return None


def _reaches_on(box: Box, assets: list[Asset]) -> Asset | None:
    """The asset on whose edge a thing stands: one end of its foot lies on the region."""
    for asset in assets:
        if asset.region is not None and any(asset.region.contains((x, box.y1)) for x in (box.x0, box.x1)):
            return asset
    return None


def _without_pieces(changes: list[Change]) -> list[Change]:
    """Changes without the small ones close to a larger: its shadow, its rim, or a part of it."""
    kept: list[Change] = []
    for change in sorted(changes, key=lambda c: -c.box.area):
        if not any(_gap(change.box, k.box) <= _PIECE_GAP * max(k.box.width, k.box.height) for k in kept):
            kept.append(change)
    return kept


def _same_place(a: Change, b: Change) -> bool:
    return a.box.iou(b.box) >= _SAME_ISSUE_IOU


def _gap(a: Box, b: Box) -> float:
    """Distance between two boxes, 0 where they overlap."""
    return max(a.x0 - b.x1, b.x0 - a.x1, a.y0 - b.y1, b.y0 - a.y1, 0.0)


def _mask(assets: list[Asset], width: int, height: int) -> Mask | None:
    masks = [a.region.mask(width, height) for a in assets if a.region is not None]
    return np.logical_or.reduce(masks) if masks else None


def _without_doubles(seen: list[Observation]) -> list[Observation]:
    """Of observations that overlap, keep the surest: pieces of one thing are one thing, and it is of one kind."""
    kept: list[Observation] = []
    for o in sorted(seen, key=lambda o: -o.score):
        if not any(_one_thing(k, o) for k in kept):
            kept.append(o)
    return kept


def _one_thing(a: Observation, b: Observation) -> bool:
    if a.box is None or b.box is None:
        return False
    if a.issue != b.issue:
        return a.box.iou(b.box) > _OTHER_ISSUE_IOU
    return a.box.shared(b.box) > _WITHIN or a.box.iou(b.box) > _SAME_ISSUE_IOU


def _ask_again(box: Box) -> Observation:
    """Somebody may stand here, or have left something: the next looks tell."""
    return Observation("path_obstructed", Presence.UNKNOWN, 0.0, box=box, by_place=True, ask_again=True)


def _say(issue: str, score: float, asset: Asset | None, box: Box, looks: int = 1) -> Observation:
    asset_id, kind = (asset.id, asset.kind) if asset else (None, None)
    return Observation(issue, Presence.PRESENT, score, asset_id, kind, box, by_place=True, looks=looks)
