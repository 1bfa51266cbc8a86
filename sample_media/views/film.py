"""What a kind of view is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from detectors.issues import CAMERA_FAULTS
from detectors.values import Image

Points = NDArray[np.float64]
"""Points (n, 2): x and y in 0-1 image coordinates; outside of it they are out of view."""
REFERENCE_PX = 960
"""Sizes in pixels are those of a picture this wide."""


@dataclass(frozen=True, slots=True)
class Film:
    """What a kind of view may go by.

    Attributes:
        camera: its id.
        times: when each picture was taken, UTC.
        fps: pictures a second.
        size: width and height in pixels, as the clip was.
        seed: of this clip in this kind of view; the same clip always comes out the same.
    """

    camera: str
    times: tuple[datetime, ...]
    fps: float
    size: tuple[int, int]
    seed: int

    @property
    def count(self) -> int:
        return len(self.times)

    @property
    def seconds(self) -> float:
        return self.count / self.fps

    @property
    def px(self) -> float:
        """Pixels of this clip in one of `REFERENCE_PX`."""
        return self.size[0] / REFERENCE_PX

    def rng(self) -> np.random.Generator:
        """Random numbers, the same at each call."""
        return np.random.default_rng(self.seed)


def same_pictures(pictures: Iterator[Image], film: Film) -> Iterator[Image]:
    return pictures


def same_place(points: Points, size: tuple[int, int]) -> Points:
    return points


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of view.

    Attributes:
        change: the clip's pictures in, as many of the view out.
        place: where points of a clip of a size (width, height in pixels) lie in the view.
        bends: whether straight lines come out bent.
        spoils: camera faults that do not stay what they are in it: clips that show one of them are left out.
        coding: options of the H.264 encoder.
    """

    change: Callable[[Iterator[Image], Film], Iterator[Image]] = same_pictures
    place: Callable[[Points, tuple[int, int]], Points] = same_place
    bends: bool = False
    spoils: frozenset[str] = frozenset()
    coding: Mapping[str, str] = field(default_factory=lambda: coded(20))


def coded(quantiser: int) -> dict[str, str]:
    """Options of the encoder: with one quantiser for all, for x264 does not always choose its own alike."""
    return {"qp": str(quantiser), "preset": "veryfast"}


LAID_OVER = CAMERA_FAULTS - {"camera_offline"}
"""What is laid over pictures goes on over a frozen one, and lies sharp on a cloth before the lens."""
