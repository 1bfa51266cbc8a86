"""Paths and lawns: things left behind, damage, standing water and litter."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from detectors.background import Change, DualBackground
from detectors.geometry import Box, Mask
from detectors.inspectors.base import Scene
from detectors.inspectors.glow import glowing_lamps
from detectors.inspectors.naming import PlaceNames
from detectors.inspectors.scale import Scale
from detectors.values import Asset, LightState, Observation, Presence, View

# What the detector's classes mean when they lie on a path or lawn.
_ON_PATH = {"pothole": "path_damaged", "crack": "path_damaged", "puddle": "path_flooded", "litter": "litter"}
_ON_LAWN = {"litter": "litter"}
_VEHICLES = ("bicycle", "motorcycle", "car", "truck")
_VEHICLE_SCORE = 0.6
# The backgrounds learn at most this often: three looks in one second would take whoever pauses for part of the scene.
_BACKGROUND_EVERY_S = 0.9
# People stop to talk and to look; on the PETS clip some stand for 3 s. What is in the way lies there this long before
# it counts, and as long again until it is confirmed.
_DWELL_S = {"path_obstructed": 2.0}
# A thing this high is in the way, a lower one is litter: a bag obstructs, a can does not. Where nothing tells the
# scale, the width of the path does: paths are 3-6 m wide.
_IN_THE_WAY_M = 0.25
_IN_THE_WAY_OF_PATH = 0.09
# Water lies flat, is much wider than high in the picture, and hides the texture of the paving.
_WATER_ASPECT, _WATER_TEXTURE = 1.8, 0.8
_CHANGE_MIN_FILL = 0.25
# Overlap from which two observations are of one thing.
_SAME_ISSUE_IOU, _OTHER_ISSUE_IOU = 0.3, 0.5
_WITHIN = 0.6  # share of the smaller that lies in the larger
# In a view without a registered path damage and water must be seen more surely, for they may lie anywhere.
_NO_PATH_SCORE = 0.6
_CHANGE_FULL_DIFFERENCE = 60.0
_LAWN_SHARE = 0.6  # of the score of a change on a lawn: sun through branches comes and goes there


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
    _names: PlaceNames = field(default_factory=PlaceNames)

    def look(self, scene: Scene) -> list[Observation]:
        """See `Inspector.look`."""
        self._scale.learn(scene)
        lit = glowing_lamps(scene)
        if (scene.light, lit) != (self._light, self._lit):
            self._background.restart()
            self._changes = []
            self._light, self._lit = scene.light, lit
        paths, lawns = scene.view.of_kind("path"), scene.view.of_kind("lawn")
        seen = [*self._detected(scene, paths, lawns), *self._changed(scene, paths, lawns)]
        return self._names.settle(_without_doubles(seen), scene.frame.offset_s, _DWELL_S)

    def _detected(self, scene: Scene, paths: list[Asset], lawns: list[Asset]) -> list[Observation]:
        observations = []
        people = [box for _, _, box in scene.detections.named("person", min_score=0.3)]
        for name, score, box in scene.detections:
            path = _lying_on(box, paths)
            if name in _VEHICLES:
                if path is not None and score >= _VEHICLE_SCORE and not scene.hidden(box, people):
                    observations.append(_say("path_obstructed", score, path, box))
            elif path is not None or not paths:
                sure = path is not None or name == "litter" or score >= _NO_PATH_SCORE
                if name in _ON_PATH and sure and not scene.hidden(box):
                    observations.append(_say(_ON_PATH[name], score, path, box))
            elif name in _ON_LAWN and not scene.hidden(box):
                observations.append(_say(_ON_LAWN[name], score, _lying_on(box, lawns), box))
        return observations

    def _changed(self, scene: Scene, paths: list[Asset], lawns: list[Asset]) -> list[Observation]:
        ground = _mask([*paths, *lawns], scene.frame.width, scene.frame.height)
        if ground is None:
            return []
        observations = []
        if scene.frame.offset_s - self._background_s >= _BACKGROUND_EVERY_S:
            self._changes = self._background.look(scene.frame.image, ground, scene.movers)
            self._background_s = scene.frame.offset_s
        for change in self._changes:
            if change.fill < _CHANGE_MIN_FILL or scene.hidden(change.box) or _detected_in(change.box, scene):
                continue
            score = float(np.clip(change.difference / _CHANGE_FULL_DIFFERENCE, 0.0, 0.9))
            path = _lying_on(change.box, paths)
            if path is None:
                observations.append(_say("litter", _LAWN_SHARE * score, _lying_on(change.box, lawns), change.box))
            else:
                high = self._scale.metres_high(change.box, scene)
                observations.append(_say(_kind_of(change, path, high), score, path, change.box))
        return observations


def _kind_of(change: Change, path: Asset, metres_high: float | None) -> str:
    box = change.box
    if box.width > _WATER_ASPECT * box.height and change.texture_gain < _WATER_TEXTURE:
        return "path_flooded"
    if metres_high is not None:
        return "path_obstructed" if metres_high >= _IN_THE_WAY_M else "litter"
    return "path_obstructed" if box.width >= _IN_THE_WAY_OF_PATH * _width_at(path, box.y1) else "litter"


def _width_at(path: Asset, y: float) -> float:
    """Width of a path's region on one line of the picture, 0-1: the yard-stick for what lies there."""
    assert path.region is not None
    points = path.region.points
    crossings = []
    for (x0, y0), (x1, y1) in zip(points, (*points[1:], points[0]), strict=True):
        if min(y0, y1) <= y < max(y0, y1):
            crossings.append(x0 + (y - y0) / (y1 - y0) * (x1 - x0))
    return max(crossings) - min(crossings) if len(crossings) >= 2 else path.region.box.width


def _lying_on(box: Box, assets: list[Asset]) -> Asset | None:
    """The asset on whose region a thing's foot lies."""
    for point in (box.foot, box.centre):
        for asset in assets:
            if asset.region is not None and asset.region.contains(point):
                return asset
    return None


def _detected_in(box: Box, scene: Scene) -> bool:
    """Whether the detector has a name for what lies here, so that the change need not guess one."""
    named = scene.detections.named("puddle", "litter", "pothole", "crack", "fallen_tree", *_VEHICLES, min_score=0.3)
    return any(box.iou(other) > 0.1 or other.contains(box.centre) for _, _, other in named)


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


def _say(issue: str, score: float, asset: Asset | None, box: Box) -> Observation:
    asset_id, kind = (asset.id, asset.kind) if asset else (None, None)
    return Observation(issue, Presence.PRESENT, score, asset_id, kind, box, by_place=True)
