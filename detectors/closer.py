"""A second look, at the camera's own resolution, at what the detector is in doubt about.

The detector sees a picture at 640 px. A heap at a bin or a branch at 25 m has 30 px there and is called what it is
faintly; cut out of a picture of 960 px and more it has half as many again, and is called so surely or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from detectors.detector import Detector, calibrated
from detectors.geometry import Box
from detectors.values import Detections, Image

NAMES = ("litter", "fallen_tree")
"""What is looked at again. Of holes and water the detector sees no more from near, but more covers and shade."""
_DOUBT = (0.15, 0.7)  # scores that are neither nothing nor sure
_FINER = 1.2  # a picture that has not so many times the detector's pixels shows no more from near
_SAME = 0.3  # IoU of boxes of one place
_WHOLE = 0.99  # of a place, so that it was looked at
_LOOKS = 3  # second looks at a place before it is known
# What was known is forgotten after so many looks, and once nothing is called so there for some: a heap may be swept
# away, and what lies there later is another thing in another light.
_FRESH, _UNSEEN = 60, 3


@dataclass(slots=True)
class _Place:
    """What second looks at one place told."""

    name: str
    box: Box
    told: list[float] = field(default_factory=list)
    age: int = 0
    unseen: int = 0


@dataclass(slots=True)
class CloserLook:
    """Looks again at one place of a look at most, until three second looks tell what is there."""

    _known: list[_Place] = field(default_factory=list)

    def again(self, image: Image, found: Detections, detector: Detector, min_score: float, size: int) -> Detections:
        """What was found, surer where a second look sees it too.

        Args:
            image: (height, width, 3) BGR, whole.
            found: of the whole picture, on the scale of `calibrated`.
            min_score: asked of the detector, as `size`, its longer side in px.
        """
        if image.shape[1] < _FINER * size:
            return found
        self._forget()
        doubts = [(n, box, self._place(name, box)) for n, name, box in _in_doubt(found)]
        unknown = [box for _, box, place in doubts if len(place.told) < _LOOKS]
        if unknown:
            part, seen = _near(image, unknown[0], detector, min_score, size)
            for _, box, place in doubts:
                if box.shared(part) > _WHOLE:
                    place.told.append(_score_of(place.name, box, seen))
        scores = found.scores.copy()
        for n, _, place in doubts:
            scores[n] = max(scores[n], float(np.mean(place.told))) if place.told else scores[n]
        return Detections(found.boxes, scores, found.names)

    def _forget(self) -> None:
        for place in self._known:
            place.age, place.unseen = place.age + 1, place.unseen + 1
        self._known = [p for p in self._known if p.age <= _FRESH and p.unseen <= _UNSEEN]

    def _place(self, name: str, box: Box) -> _Place:
        same = (p for p in self._known if p.name == name and p.box.iou(box) >= _SAME)
        place = next(same, None) or _Place(name, box)
        if place not in self._known:
            self._known.append(place)
        place.unseen = 0
        return place


def _in_doubt(found: Detections) -> Iterator[tuple[int, str, Box]]:
    for n, (name, score, box) in enumerate(found):
        if name in NAMES and _DOUBT[0] <= score < _DOUBT[1]:
            yield n, name, box


def _near(image: Image, box: Box, detector: Detector, min_score: float, size: int) -> tuple[Box, Detections]:
    """What the detector sees in a part of the picture that is `size` px wide, and where that part lies."""
    height, width = image.shape[:2]
    wide, tall = size, min(height, round(size * height / width))
    x, y = box.centre
    x0 = int(np.clip(x * width - wide / 2, 0, width - wide))
    y0 = int(np.clip(y * height - tall / 2, 0, height - tall))
    part = np.ascontiguousarray(image[y0 : y0 + tall, x0 : x0 + wide])
    seen = calibrated(detector.predict([part], min_score, size)[0], detector.thresholds)
    scale = np.array([wide / width, tall / height] * 2, np.float32)
    offset = np.array([x0 / width, y0 / height] * 2, np.float32)
    where = Box(x0 / width, y0 / height, (x0 + wide) / width, (y0 + tall) / height)
    return where, Detections((seen.boxes * scale + offset).astype(np.float32), seen.scores, seen.names)


def _score_of(name: str, box: Box, seen: Detections) -> float:
    return max((score for _, score, other in seen.named(name) if box.iou(other) >= _SAME), default=0.0)
