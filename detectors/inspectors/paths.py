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
from detectors.inspectors.paving import GUESS, STAIN_SHARE, is_shade, surer
from detectors.inspectors.places import (
    OTHER_ISSUE_IOU,
    SAME_ISSUE_IOU,
    WITHIN,
    ask_again,
    gap,
    lying_on,
    reaches_on,
    same_place,
    say,
    without_doubles,
    without_parts,
    without_pieces,
)
from detectors.inspectors.scale import Scale
from detectors.inspectors.trees import FALLEN_CLASS
from detectors.values import Asset, LightState, Observation, View, small_grey

# What the detector's classes mean when they lie on a path or lawn.
_ON_PATH = {"pothole": "path_damaged", "crack": "path_damaged", "puddle": "path_flooded", "litter": "litter"}
_MARKS = ("pothole", "crack", "puddle")
_BINS = ("bin", "bin_overflowing")
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
# Litter lies in heaps: pieces nearer to one another than this are one job for whoever sweeps.
_HEAP_M, _HEAP = 0.8, 0.03
# In a view without a registered path damage and water must be seen more surely, for they may lie anywhere.
_NO_PATH_SCORE = 0.6
_CHANGE_FULL_DIFFERENCE = 60.0
# Water and holes that the detector is less sure of than this must not look like the shade of a tree: on a rendered
# walk shade is called a puddle with up to 0.6, puddles mostly with more.
_FAINT_WATER = 0.65
_SOLID_M = 0.5  # litter is low: over eleven clips its parts are up to 0.43 m high, cases and branches 0.55 m and more
_FAINT_NAME = 0.4  # a shape overrules only a name that the detector is less sure of than this
# What is wider is no heap that its colours could prove: on the PETS clip cones and a tape, 4 m wide, are called litter.
_WIDEST_HEAP_M = 3.0
_LAMP_FOOT = 0.33  # share of a lamp's height near the ground, where things may lie before it
_LAWN_SHARE = 0.6  # of the score of a change on a lawn: sun through branches comes and goes there
# What came to lie there need not be guessed when the detector has even a faint name for it.
# A name that is not sure must be of a box of about its extent.
_NAMING_SCORE, _NAMING_IOU, _SURE_NAME = 0.15, 0.2, 0.5


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
            (p for p in self._people if not any(p[1].iou(thing) >= SAME_ISSUE_IOU for thing in scene.things)), _PEOPLE
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
        told = without_doubles(without_parts([o for o in seen if not o.ask_again], seen))
        named = self._names.settle(told, at_s, {})
        return waiting + self._heaped(without_doubles(without_parts(named, named)), scene)

    def _vehicles(self, scene: Scene, paths: list[Asset]) -> list[Observation]:
        people = [box for _, _, box in scene.detections.named("person", min_score=0.3)]
        riders = [box for _, _, box in scene.detections.named("person", min_score=_PERSON_SCORE)]
        found = scene.detections.named(*_VEHICLES, min_score=_VEHICLE_SCORE)
        observations = []
        for name, score, box in found:
            path = None if scene.hidden(box, riders if name in _THIN else people) else lying_on(box, paths)
            if path is not None:
                wet = name in _THIN and is_water(scene.frame.image, box)
                observations.append(say("path_flooded" if wet else "path_obstructed", score, path, box))
        return observations

    def _settled_low(self, seen: list[Observation], at_s: float) -> list[Observation]:
        """What has stood for long enough; the others ask for another look soon, for a still view gets few."""
        told = self._low.settle(seen, at_s, _LOW_DWELL_S)
        return told + [ask_again(box) for box in self._low.waiting()]

    def _low_things(self, scene: Scene, paths: list[Asset]) -> list[Observation]:
        """Cases and bags, also those that lay there from the start, that are taken for people too low to be any."""
        observations = []
        for score, box in low_people(scene, self._scale):
            path = lying_on(box, paths) or reaches_on(box, paths)
            if path is not None:
                observations.append(say("path_obstructed", max(_LOW_SCORE, score), path, box, _CHANGE_LOOKS))
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
            path = lying_on(box, paths)
            strange = not any(box.iou(k) > _KNOWN_IOU or box.shared(k) > OTHER_ISSUE_IOU for k in known)
            if path is not None and strange and not scene.hidden(box, people):
                found.append(say("path_obstructed", score, path, box))
        return found

    def _detected(self, scene: Scene, paths: list[Asset], lawns: list[Asset]) -> list[Observation]:
        observations = []
        for name, score, box in scene.detections:
            path = lying_on(box, paths)
            if name == FALLEN_CLASS:
                if path is not None and self._scale.is_branch(box, scene):
                    sure = max(score, surer(score, scene.frame.image, box, scene.movers))
                    observations.append(say("path_obstructed", sure, path, box))
            elif scene.hidden(box):
                continue
            elif name == "litter":
                observations += self._litter(score, box, path, lawns, scene)
            elif (
                name in _ON_PATH
                and (path is not None or (not paths and score >= _NO_PATH_SCORE))
                and (score >= _FAINT_WATER or not is_shade(scene.frame.image, box, scene.movers))
            ):
                observations.append(say(_ON_PATH[name], score, path, box))
        return observations

    def _litter(
        self, score: float, box: Box, path: Asset | None, lawns: list[Asset], scene: Scene
    ) -> list[Observation]:
        """What the detector calls litter: a case where it stands too high, but for heaps round a bin."""
        sure = surer(score, scene.frame.image, box, scene.movers)
        marks = scene.detections.named(*_MARKS)
        doubtful = is_water(scene.frame.image, box) or any(box.iou(o) >= SAME_ISSUE_IOU for _, _, o in marks)
        metre = self._scale.metre_at(box.y1, scene, box)
        if metre is not None and box.width * scene.frame.width / scene.frame.height > _WIDEST_HEAP_M * metre:
            sure = min(score, sure)
        if doubtful:
            sure = min(sure, STAIN_SHARE * score)
        if path is None or doubtful:
            return [say("litter", min(score, sure), path or lying_on(box, lawns), box)]
        at_bin = any(box.intersection(b) > 0 for _, _, b in scene.detections.named(*_BINS))
        if not at_bin and is_upright(box, metre, scene):
            return [say("path_obstructed", max(score, sure), path, box)]
        return [say("litter", sure, path, box)]

    def _changed(self, scene: Scene, paths: list[Asset], lawns: list[Asset]) -> list[Observation]:
        at_s = scene.frame.offset_s
        if at_s - self._background_s >= _BACKGROUND_EVERY_S:
            before, self._changes = self._since, self._newly_there(scene, max(0.0, at_s - self._background_s))
            self._since = {
                c: min((s for p, s in before.items() if same_place(p, c)), default=at_s) for c in self._changes
            }
            self._background_s = at_s
        observations = []
        for change in without_pieces(self._changes):
            if change.fill < _CHANGE_MIN_FILL or scene.hidden(change.box):
                continue
            if not self._stayed(change, at_s):
                observations.append(ask_again(change.box))
                continue
            score = float(np.clip(change.difference / _CHANGE_FULL_DIFFERENCE, 0.0, 0.9))
            path = lying_on(change.box, paths)
            if self._of_fallen_tree(change.box, scene) or _of_lamp(change.box, scene):
                continue
            named, sure, box = self._name_of(change.box, scene)
            if path is None:
                issue, score, asset = "litter", _LAWN_SHARE * score, lying_on(change.box, lawns)
            else:
                asset, metres = path, self._scale.metre_at(change.box.y1, scene)
                solid = metres is not None and change.solid >= _SOLID_M * metres
                unlike = named == "litter" and sure < _FAINT_NAME and solid
                issue = kind_of(change, path, metres, scene) if unlike or not named else named
            # Two proofs that agree, the change and the detector's name, are surer than either; a faint name is none.
            both = 1 - (1 - score) * (1 - sure) if sure >= GUESS else max(score, sure)
            observations.append(say(issue, both, asset, box, _CHANGE_LOOKS))
        return observations

    def _of_fallen_tree(self, box: Box, scene: Scene) -> bool:
        """Whether a change is a fallen tree, or a piece of one, that the trees' inspector tells of."""
        fallen = scene.detections.named(FALLEN_CLASS, min_score=_NAMING_SCORE)
        return any(o.shared(box) > WITHIN and not self._scale.is_branch(o, scene) for _, _, o in fallen)

    def _name_of(self, box: Box, scene: Scene) -> tuple[str, float, Box]:
        """The issue the detector has a name for in this place, its score, and all of the thing.

        The name is "" and the score 0 when it has none.
        """
        found = scene.detections.named(*_ON_PATH, *_VEHICLES, FALLEN_CLASS, min_score=_NAMING_SCORE)
        near = [
            (score, name, o)
            for name, score, o in found
            if box.iou(o) >= _NAMING_IOU or (score >= _SURE_NAME and o.contains(box.centre))
        ]
        if not near:
            return "", 0.0, box
        score, name, whole = max(near, key=lambda found: found[0])
        return _ON_PATH.get(name, "path_obstructed"), score, whole if box.shared(whole) > WITHIN else box

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
            near = [h for h in heaps if h.box is not None and gap(h.box, piece.box) <= reach]
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


def _mask(assets: list[Asset], width: int, height: int) -> Mask | None:
    masks = [a.region.mask(width, height) for a in assets if a.region is not None]
    return np.logical_or.reduce(masks) if masks else None


def _of_lamp(box: Box, scene: Scene) -> bool:
    """Whether a change is a registered lamp's head or column seen against the ground behind: it went on, or swayed."""
    for lamp in scene.view.of_kind("street_light"):
        if lamp.region is not None and lamp.region.contains(box.centre):
            return box.centre[1] < lamp.region.box.y1 - _LAMP_FOOT * lamp.region.box.height
    return False
