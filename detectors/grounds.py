"""Paths and lawns of a view, as regions: what the surface model says in most of several frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Mask, Region
from detectors.surfaces import SURFACES, SurfaceModel
from detectors.values import Detections, Frame
from detectors.walked import driven_on, parked_on, stood_on, walked

KINDS = ("path", "lawn")
"""Surfaces that are assets: things lie on them that should not."""

_WIDTH = 320
_LEAST = 0.008  # share of the picture below which ground is not worth registering: pavements of streets are strips
_REACHES = 0.5  # ground that ends above this line is far off, or heaps and walls taken for ground in close pictures
_AGREED = 0.6  # share of the frames that must agree: where they do not, a rule had better not look
# What is burnt out in more than this share of it is sky behind leaves or a lamp's glare, whatever the model says: a
# white sky in OpenCV's tree.avi was registered as a path, and found flooded when the leaves moved. Levels of 0-255.
_BURNT, _BURNT_SHARE = 245, 0.5
# A path so small, of the picture, of which standing vehicles cover so much is a kerb, or what the model makes of
# the ground below a car: on 54 pictures of CamVid's streets such pieces (0.01 to 0.03) are covered by 0.3 to 0.9, all
# others, and those of 60 rendered places some of which have a car on the path, by 0.22 at most.
_SMALL, _PARKED = 0.05, 0.3
_SMOOTH = 9  # px: gaps that people and poles leave are closed, frayed edges cut
_TOLERANCE = 0.006  # of the outline's length by which a region may differ from it


@dataclass(frozen=True, slots=True)
class Ground:
    """A piece of ground.

    Attributes:
        kind: one of KINDS.
        agreement: share of the frames that agree, over the region, 0-1.
    """

    kind: str
    region: Region
    agreement: float


def find_grounds(frames: Sequence[Frame], model: SurfaceModel, seen: Sequence[Detections] = ()) -> list[Ground]:
    """The paths and lawns that most of the frames show, the largest first; people who pass are voted out.

    Args:
        seen: what the detector sees in them: a road that people walk on, and nobody drives on, is a path.
    """
    maps = [_small(model.look(frame.image).classes) for frame in frames]
    if not maps:
        return []
    burnt = np.mean([_small(frame.image.min(axis=2)) >= _BURNT for frame in frames], axis=0)
    votes = np.stack([np.mean([m == n for m in maps], axis=0) for n in range(len(SURFACES))])
    paths, roads = SURFACES.index("path"), SURFACES.index("road")
    winner = votes.argmax(axis=0)
    by_foot = walked(seen, winner == paths) & ~driven_on(seen, winner == roads)
    votes[paths] += np.where(by_foot, votes[roads], 0.0)  # of equals the first wins, and that is the path
    winner = votes.argmax(axis=0)
    hidden = stood_on(seen, winner == paths)
    winner[hidden], votes[paths][hidden] = paths, 1.0  # what stands there does not speak against the path
    parked = parked_on(seen, winner.shape)
    grounds = []
    for kind in KINDS:
        number = SURFACES.index(kind)
        for piece in _pieces(winner == number):
            under_cars = number == paths and piece.mean() < _SMALL and parked[piece].mean() >= _PARKED
            if under_cars or burnt[piece].mean() > _BURNT_SHARE:
                continue
            region = _outline(piece)
            agreement = float(votes[number][piece].mean())
            if region is not None and region.box.y1 >= _REACHES and agreement >= _AGREED:
                grounds.append((float(piece.mean()), Ground(kind, region, agreement)))
    return [ground for _, ground in sorted(grounds, key=lambda g: -g[0])]


def _small(classes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height = max(1, round(classes.shape[0] * _WIDTH / classes.shape[1]))
    return np.asarray(cv2.resize(classes, (_WIDTH, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def _pieces(mask: Mask) -> list[Mask]:
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_SMOOTH, _SMOOTH))
    solid = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, brush)
    solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, brush)
    count, labels = cv2.connectedComponents(solid)
    pieces = [np.asarray(labels == n, bool) for n in range(1, count)]
    return [p for p in pieces if p.mean() >= _LEAST]


def _outline(piece: Mask) -> Region | None:
    contours, _ = cv2.findContours(piece.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    longest = max(contours, key=cv2.contourArea)
    corners = cv2.approxPolyDP(longest, _TOLERANCE * cv2.arcLength(longest, True), True).reshape(-1, 2)
    if len(corners) < 3:
        return None
    # Pixels of the last column and row reach to the picture's edge.
    scale = np.array([piece.shape[1] - 1, piece.shape[0] - 1], np.float64)
    return Region.of((corners / scale).tolist())
