"""What stands on a path for good, or is called by its name and judged elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detectors.geometry import Box, Region
from detectors.inspectors.base import Scene, is_behind
from detectors.inspectors.mistaken import SURE_PERSON
from detectors.inspectors.places import WITHIN
from detectors.values import Asset

OBSTACLE = "obstacle"
"""The detector's class of whatever was left standing on a path."""
_GRID = 8  # points across and down a place at which it is told how much of it a lamp's outline takes
_SAME_LAMP = 0.3  # IoU of the box of a lamp that is registered, whose outline is narrower than any box
_SHOWN = 0.1  # share of the smaller of two boxes in the other from which a place shows some of a thing
_NAMED = 0.3
_SURE_OBSTACLE = 0.5  # what confirms in the mean


@dataclass(frozen=True, slots=True)
class ForGood:
    """What is there for good: boxes of things, and outlines of lamps, for of their boxes the columns fill little."""

    things: tuple[Box, ...]
    lamps: tuple[Region, ...]

    @classmethod
    def of(cls, scene: Scene, *named: str) -> ForGood:
        """What is registered, and people and what else the detector calls by some names."""
        things = [a.region.box for a in _registered(scene) if a.region is not None]
        things += _seen(scene, *named)
        things += [box for _, _, box in scene.detections.named("person", min_score=SURE_PERSON)]
        lamps = [a.region for a in _registered(scene, lamps=True) if a.region is not None]
        seen = [box for box in _seen(scene, "street_light") if all(box.iou(r.box) < _SAME_LAMP for r in lamps)]
        return cls(tuple(things), (*lamps, *map(Region.rectangle, seen)))

    def shows(self, place: Box, others: Sequence[Box] = ()) -> bool:
        """Whether a place shows some of it, or of others; of a lamp also where what stands before it hides its foot."""
        return any(place.shared(box) > _SHOWN for box in (*self.things, *others)) or any(
            place.shared(lamp.box) > _SHOWN and _outlined(place, lamp) > _SHOWN and not stands_before(place, lamp.box)
            for lamp in self.lamps
        )


def is_called_obstacle(scene: Scene, place: Box, least: float = 0.0) -> bool:
    """Whether the detector itself is sure of a thing there that is in the way, whatever else it calls the place.

    Args:
        least: score that it must have at least, such as that of another name.
    """
    sure = scene.detections.named(OBSTACLE, min_score=max(_SURE_OBSTACLE, least))
    return any(place.shared(box) > WITHIN for _, _, box in sure)


def _registered(scene: Scene, lamps: bool = False) -> Iterator[Asset]:
    for asset in scene.view.assets:
        if asset.kind not in ("path", "lawn") and (asset.kind == "street_light") is lamps:
            yield asset


def _outlined(place: Box, lamp: Region) -> float:
    """The share of a place that lies in a lamp's outline, or of the outline's box if that is smaller."""
    steps = [(n + 0.5) / _GRID for n in range(_GRID)]
    points = [(place.x0 + x * place.width, place.y0 + y * place.height) for x in steps for y in steps]
    inside = sum(map(lamp.contains, points)) / len(points)
    return inside * place.area / min(place.area, lamp.box.area)


def _seen(scene: Scene, *names: str) -> Iterator[Box]:
    return (box for _, _, box in scene.detections.named(*names, min_score=_NAMED))


def stands_before(place: Box, lamp: Box) -> bool:
    """Whether a place is wider than a lamp and reaches clearly nearer than its foot: the column is behind."""
    return place.width > lamp.width and is_behind(lamp, place.y1)
