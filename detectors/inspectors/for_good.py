"""What stands on a path for good, or is called by its name and judged elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detectors.geometry import Box
from detectors.inspectors.base import Scene, is_behind
from detectors.inspectors.mistaken import SURE_PERSON
from detectors.inspectors.places import WITHIN

OBSTACLE = "obstacle"
"""The detector's class of whatever was left standing on a path."""
_SHOWN = 0.1  # share of the smaller of two boxes in the other from which a place shows some of a thing
_NAMED = 0.3
_SURE_OBSTACLE = 0.5  # what confirms in the mean


@dataclass(frozen=True, slots=True)
class ForGood:
    """Boxes of what is there for good; lamps by themselves, for of their boxes the columns fill little."""

    things: tuple[Box, ...]
    lamps: tuple[Box, ...]

    @classmethod
    def of(cls, scene: Scene, *named: str) -> ForGood:
        """What is registered, and people and what else the detector calls by some names."""
        things = [*_registered(scene), *_seen(scene, *named)]
        people = [box for _, _, box in scene.detections.named("person", min_score=SURE_PERSON)]
        lamps = [*_registered(scene, lamps=True), *_seen(scene, "street_light")]
        return cls((*things, *people), tuple(lamps))

    def shows(self, place: Box, others: Sequence[Box] = ()) -> bool:
        """Whether a place shows some of it, or of others; of a lamp also where what stands before it hides its foot."""
        return any(place.shared(box) > _SHOWN for box in (*self.things, *others)) or any(
            place.shared(lamp) > _SHOWN and not stands_before(place, lamp) for lamp in self.lamps
        )


def is_called_obstacle(scene: Scene, place: Box) -> bool:
    """Whether the detector itself is sure of a thing there that is in the way, whatever else it calls the place."""
    sure = scene.detections.named(OBSTACLE, min_score=_SURE_OBSTACLE)
    return any(place.shared(box) > WITHIN for _, _, box in sure)


def _registered(scene: Scene, lamps: bool = False) -> Iterator[Box]:
    for asset in scene.view.assets:
        thing = asset.kind not in ("path", "lawn") and (asset.kind == "street_light") is lamps
        if thing and asset.region is not None:
            yield asset.region.box


def _seen(scene: Scene, *names: str) -> Iterator[Box]:
    return (box for _, _, box in scene.detections.named(*names, min_score=_NAMED))


def stands_before(place: Box, lamp: Box) -> bool:
    """Whether a place is wider than a lamp and reaches clearly nearer than its foot: the column is behind."""
    return place.width > lamp.width and is_behind(lamp, place.y1)
