"""Real views: a picture, the ground in it, and how large a metre is where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Mask, Region
from detectors.training.people import read_mask
from detectors.training.scoring import read_picture
from detectors.values import Image

# Of CamVid's drives: the line of the horizon (share of the height) and the camera's height, m, from the feet and
# heights of 401 people in the masks of the training part, taken for 1.7 m high. The third drive is nearly dark.
DRIVES = {"0006R0": (0.489, 1.32), "0016E5": (0.501, 1.16)}
_ROAD, _PAVEMENT, _CAR = 3, 4, 8
_STANDS = (2, 5, 6, 7, 8, 9, 10)  # poles, trees, signs, fences, cars, people, riders: what may stand before a thing
_LEAST = 0.025  # share of a picture below which ground is no place to lay things on
_NEAR = 0.66  # and it must come so near, 0-1 of the height
_SMOOTH = 7
_STRETCH = 160  # frames
_JACKETS = Box(0.09, 0.86, 0.21, 0.92)  # they lie on the lawn throughout
_POSTS = [(412, 20, 446, 392), (460, 336, 525, 482)]  # the lamp with its sign, and a tripod; px
_CAMPUS = {
    "path": [(0, 205), (300, 215), (480, 195), (620, 130), (735, 95), (767, 100), (690, 200), (700, 260), (767, 300),
             (767, 490), (430, 370), (330, 300), (0, 240)],
    "lawn": [(0, 245), (330, 305), (430, 375), (767, 495), (767, 575), (0, 575)],
}  # fmt: skip


@dataclass(frozen=True)
class RealView:
    """A fixed view.

    Attributes:
        pictures: what it shows, at `fps`; one picture of a view where nothing moves.
        ground: masks of `path` and `lawn`, where things may be laid; and of `road`, where only holes are.
        horizon: its line, px.
        camera_m: height of the camera, m.
        stands: (h, w) numbers of the parts that stand on the ground, 0 elsewhere.
        own: the issues that the view itself shows, and where.
    """

    name: str
    pictures: tuple[Image, ...]
    ground: dict[str, Mask]
    horizon: float
    camera_m: float
    stands: NDArray[np.int32]
    fps: float = 5.0
    regions: tuple[tuple[str, Region], ...] = field(default=())
    own: tuple[tuple[str, Box], ...] = ()

    def metre_at(self, y: float) -> float:
        """Picture height of a metre that stands on a line, px."""
        return max(0.0, y - self.horizon) / self.camera_m

    def flat_at(self, y: float) -> float:
        """Picture height over width of a square metre on the ground: how much it is foreshortened."""
        focal = 1.1 * self.pictures[0].shape[1]  # px, of a lens that sees 49 degrees across
        return min(0.9, (y - self.horizon) / focal)

    @cached_property
    def still(self) -> Image:
        """The view without what moves."""
        return self.pictures[0] if len(self.pictures) == 1 else _middle_of(self.pictures)

    def before(self, y: float) -> Mask:
        """Where something stands nearer than a line of the ground."""
        nearer = [n for n in range(1, int(self.stands.max()) + 1) if (rows := np.where(self.stands == n)[0]).size
                  and rows.max() > y + 2]  # fmt: skip
        return np.isin(self.stands, nearer)


def streets(camvid: Path, split: str) -> Iterator[RealView]:
    """The daylight pictures of CamVid with enough pavement, or road without cars, in the foreground."""
    for picture in sorted((camvid / "images" / split).glob("*.jpg")):
        drive = DRIVES.get(picture.stem[:6])
        mask_file = camvid / "masks" / split / f"{picture.stem}.png"
        if drive is None or not mask_file.is_file():
            continue
        mask = read_mask(mask_file)
        clear = not (mask == _CAR).any()
        ground = {"path": mask == _PAVEMENT, "road": mask == _ROAD}
        if clear:  # a square, not a road in use
            ground = {"path": (mask == _PAVEMENT) | (mask == _ROAD), "road": np.zeros(mask.shape, bool)}
        regions = tuple(("path", region) for region in outlines_of(ground["path"]))
        if regions:
            image = read_picture(picture)
            yield RealView(
                picture.stem, (image,), ground, drive[0] * mask.shape[0], drive[1], _standing(mask), 5.0, regions
            )


def campus(clip: Path) -> Iterator[RealView]:
    """Stretches of the PETS clip (`vtest.avi` of Debian's `opencv-doc`), where people and cars really move.

    Road and lawn were outlined by hand; scale and horizon are from 107 people whom the detector sees.
    """
    film = cv2.VideoCapture(str(clip))
    pictures: list[Image] = []
    while (read := film.read())[0]:
        pictures.append(np.asarray(read[1], np.uint8))
    film.release()
    for start in range(0, len(pictures) - _STRETCH + 1, _STRETCH):
        part = tuple(pictures[start : start + _STRETCH])
        height, width = part[0].shape[:2]
        regions = [(kind, Region.of([[x / 768, y / 576] for x, y in corners])) for kind, corners in _CAMPUS.items()]
        ground = {kind: region.mask(width, height) for kind, region in regions}
        stands = np.zeros((height, width), np.int32)
        for n, (x0, y0, x1, y1) in enumerate(_POSTS, 1):
            stands[y0:y1, x0:x1] = n
        own = (("litter", _JACKETS),)
        yield RealView(f"campus{start}", part, ground, -73.0, 7.17, stands, 10.0, tuple(regions), own)


def near_enough(ground: Mask) -> bool:
    """Whether ground is large enough, and comes near enough, to lay things on."""
    rows = np.flatnonzero(ground.any(1))
    return bool(ground.mean() >= _LEAST and rows[-1] >= _NEAR * ground.shape[0])


def outlines_of(ground: Mask) -> list[Region]:
    """The near pieces of ground as a person would outline them."""
    brush = np.ones((_SMOOTH, _SMOOTH), np.uint8)
    solid = cv2.morphologyEx(ground.astype(np.uint8), cv2.MORPH_CLOSE, brush)
    solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, brush)
    count, labels = cv2.connectedComponents(solid)
    regions = []
    for n in range(1, count):
        piece = labels == n
        if not near_enough(piece):
            continue
        contours, _ = cv2.findContours(piece.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        longest = max(contours, key=cv2.contourArea)
        corners = cv2.approxPolyDP(longest, 0.006 * cv2.arcLength(longest, True), True).reshape(-1, 2)
        if len(corners) >= 3:
            regions.append(Region.of((corners / (np.array(ground.shape[::-1]) - 1)).tolist()))
    return regions


def _middle_of(pictures: tuple[Image, ...]) -> Image:
    return np.median(np.stack(pictures[:: max(1, len(pictures) // 15)]), axis=0).astype(np.uint8)


def _standing(mask: NDArray[np.uint8]) -> NDArray[np.int32]:
    numbers, last = np.zeros(mask.shape, np.int32), 0
    for kind in _STANDS:
        count, labels = cv2.connectedComponents((mask == kind).astype(np.uint8))
        numbers[labels > 0] = labels[labels > 0] + last
        last += count
    return numbers
