"""The second look at the camera's own resolution: what it changes, where it looks, and when it is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from detectors.closer import CloserLook
from detectors.geometry import Box
from detectors.values import Detections, Image

SIZE = 640
HEAP = (0.70, 0.60, 0.74, 0.64)
OTHER = (0.10, 0.80, 0.14, 0.84)


@dataclass
class Near:
    """Sees, in any part of the picture, litter with a score wherever the part is red."""

    score: float
    classes: tuple[str, ...] = ("litter",)
    thresholds: dict[str, float] = field(default_factory=lambda: {"litter": 0.5})
    name: str = "near"
    asked: list[tuple[int, int]] = field(default_factory=list)

    def predict(self, images: Sequence[Image], min_score: float, image_size: int) -> list[Detections]:
        self.asked += [(image.shape[1], image.shape[0]) for image in images]
        return [self._seen(image) for image in images]

    def _seen(self, image: Image) -> Detections:
        rows, columns = np.nonzero(image[..., 2] > 200)
        if not len(rows):
            return Detections.empty()
        height, width = image.shape[:2]
        box = (columns.min() / width, rows.min() / height, (columns.max() + 1) / width, (rows.max() + 1) / height)
        return Detections.of([("litter", self.score, box)])


def picture(*red: Sequence[float], width: int = 960, height: int = 540) -> Image:
    image = np.full((height, width, 3), 90, np.uint8)
    for place in red:
        x0, y0, x1, y1 = Box.of(place).pixels(width, height)
        image[y0:y1, x0:x1] = (20, 20, 230)
    return image


def again(found: Detections, near: Near, image: Image, looks: int = 1) -> list[float]:
    closer = CloserLook()
    seen = [closer.again(image, found, near, 0.15, SIZE) for _ in range(looks)]
    return [round(float(score), 2) for score in seen[-1].scores]


@pytest.mark.parametrize(
    ("name", "score", "near", "becomes"),
    [
        pytest.param("litter", 0.3, 0.8, 0.8, id="surer from near"),
        pytest.param("litter", 0.6, 0.2, 0.6, id="a name from near that is fainter takes nothing away"),
        pytest.param("litter", 0.9, 0.95, 0.9, id="what is sure is not looked at again"),
        pytest.param("litter", 0.05, 0.9, 0.05, id="nor what is next to nothing"),
        pytest.param("fallen_tree", 0.3, 0.9, 0.3, id="another name from near is no proof"),
        pytest.param("pothole", 0.3, 0.9, 0.3, id="a hole, of which more pixels tell no more"),
    ],
)
def test_doubt_is_settled_from_near(name: str, score: float, near: float, becomes: float) -> None:
    found = Detections.of([(name, score, HEAP)])
    assert again(found, Near(near), picture(HEAP)) == [becomes]


def test_the_part_that_is_looked_at_is_not_shrunk_and_its_boxes_lie_where_the_thing_lies() -> None:
    near, corner = Near(0.9), (0.96, 0.95, 0.99, 0.99)
    assert again(Detections.of([("litter", 0.3, corner)]), near, picture(corner)) == [0.9]
    assert near.asked == [(640, 360)]


def test_a_place_is_looked_at_three_times_and_one_place_a_look() -> None:
    near, found = Near(0.9), Detections.of([("litter", 0.3, HEAP), ("litter", 0.3, OTHER)])
    assert again(found, near, picture(HEAP, OTHER), looks=12) == [0.9, 0.9]
    assert len(near.asked) == 6


def test_one_look_that_was_surer_than_the_others_counts_a_third() -> None:
    closer, found, scores = CloserLook(), Detections.of([("litter", 0.2, HEAP)]), []
    for score in (0.9, 0.3, 0.3, 0.9):
        scores.append(float(closer.again(picture(HEAP), found, Near(score), 0.15, SIZE).scores[0]))
    assert scores == pytest.approx([0.9, 0.6, 0.5, 0.5])


@pytest.mark.parametrize(
    ("between", "becomes"),
    [
        pytest.param([[]] * 2, 0.9, id="not named for two looks: the same thing"),
        pytest.param([[]] * 4, 0.2, id="swept away: what lies there then is another thing"),
        pytest.param([[("litter", 0.2, HEAP)]] * 70, 0.2, id="named all the while: looked at anew after a minute"),
    ],
)
def test_what_a_second_look_told_is_forgotten(
    between: list[list[tuple[str, float, tuple[float, ...]]]], becomes: float
) -> None:
    closer, found = CloserLook(), Detections.of([("litter", 0.2, HEAP)])
    for _ in range(3):
        closer.again(picture(HEAP), found, Near(0.9), 0.15, SIZE)
    for rows in between:
        closer.again(picture(HEAP), Detections.of(rows), Near(0.1), 0.15, SIZE)
    after = closer.again(picture(HEAP), found, Near(0.1), 0.15, SIZE)
    assert round(float(after.scores[0]), 2) == becomes


def test_a_picture_that_has_no_more_pixels_than_the_detector_sees_is_left_alone() -> None:
    near = Near(0.9)
    assert again(Detections.of([("litter", 0.3, HEAP)]), near, picture(HEAP, width=640, height=360)) == [0.3]
    assert near.asked == []
