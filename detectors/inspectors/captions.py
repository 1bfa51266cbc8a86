"""Lines of text that a camera writes over its pictures: what is behind the letters cannot be seen."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box
from detectors.values import Image

Grey = NDArray[np.uint8]

# Cameras write at the upper and the lower edge: so much of the picture's height, in letters so high (px) and of such a
# share of the picture. Their strokes are narrower than such a share, and brighter than what is beside them by so many
# grey levels. In pictures of 196 drawn views, all in view, 172 times of day are found and 82 names of cameras, most of
# the others being shorter than six letters; no window, leaf or lamp makes a line, by day or night. With 140 it is the
# same, with 80 thirteen of the times of day are missed.
_EDGE, _LETTER_PX, _LARGEST, _STROKE, _STANDS_OUT = 0.14, 6, 0.08, 0.02, 120
# Letters of a line end on one line, above as below, and are so near (in their height); a line has so many. Gaps between
# leaves before the sky are of all sizes. Choices.
_ON_LINE, _APART, _LETTERS = 0.15, 1.2, 6
# Letters fill their boxes in part, on the average of a line: in all lines of those views less than 0.65. Windows of a
# far house, in a row as even, fill theirs.
_FILLED = 0.8
_COVERED = 0.1  # share of a place over which letters go that hides what is there; a choice


def is_captioned(image: Image, place: Box) -> bool:
    """Whether a line that the camera writes goes over a place, so that it cannot be seen."""
    if place.y0 >= _EDGE and place.y1 <= 1 - _EDGE:
        return False
    return any(line.intersection(place) >= _COVERED * place.area for line in captions(image))


def captions(image: Image) -> list[Box]:
    """Lines of text at the upper and lower edge of a picture (BGR), 0-1."""
    height, width = image.shape[:2]
    rows = round(_EDGE * height)
    found = []
    for top in (0, height - rows):
        band = np.ascontiguousarray(image[top : top + rows].min(axis=2))
        for x0, y0, x1, y1 in _lines(_letters(band, height)):
            found.append(Box(x0 / width, (y0 + top) / height, x1 / width, (y1 + top) / height))
    return found


def _letters(band: Grey, height: int) -> NDArray[np.int32]:
    """What is as bright and as small as letters are, from the left to the right: boxes in px and areas, (n, 5)."""
    wide = 2 * round(_STROKE * height / 2) + 1
    stands_out = cv2.morphologyEx(band, cv2.MORPH_TOPHAT, np.ones((wide, wide))) >= _STANDS_OUT
    _, _, stats, _ = cv2.connectedComponentsWithStats(stands_out.astype(np.uint8), connectivity=4)
    x, y, across, down, area = stats[1:].T
    fits = (down >= _LETTER_PX) & (down <= _LARGEST * height)
    boxes = np.stack([x, y, x + across, y + down, area], axis=1)[fits]
    return np.asarray(boxes[np.argsort(boxes[:, 0])], np.int32)


def _lines(letters: NDArray[np.int32]) -> Iterator[tuple[int, int, int, int]]:
    """Rows of letters that stand beside one another on one line."""
    left = [tuple(int(v) for v in letter) for letter in letters]
    while left:
        line = [left.pop(0)]
        for letter in list(left):
            if _goes_on(line[-1], letter):
                line.append(letter)
                left.remove(letter)
        x0, y0, x1, y1, area = np.array(line).T
        if len(line) >= _LETTERS and np.mean(area / ((x1 - x0) * (y1 - y0))) < _FILLED:
            yield int(x0.min()), int(y0.min()), int(x1.max()), int(y1.max())


def _goes_on(last: tuple[int, ...], letter: tuple[int, ...]) -> bool:
    high = last[3] - last[1]
    on_line = max(abs(letter[3] - last[3]), abs(letter[1] - last[1])) <= max(1.0, _ON_LINE * high)
    return on_line and letter[0] - last[2] <= _APART * high
