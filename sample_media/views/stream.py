"""Kinds of view that camera, recorder and network make: no colours, a clock drawn in, stalls."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from detectors.values import Image
from sample_media.views.film import Film

_SHOWN, _REPEATED = 0.8, 0.1  # shares of the pictures: that come through, and of these that come twice
_STALLS, _STALL_S = 2, (1.2, 2.0)
_LETTERS = 0.55


def without_colours(pictures: Iterator[Image], film: Film) -> Iterator[Image]:
    for picture in pictures:
        yield np.asarray(cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), np.uint8)


def with_clock(pictures: Iterator[Image], film: Film) -> Iterator[Image]:
    """A clock in the upper left corner, the camera's name in the lower right one."""
    for at, picture in zip(film.times, pictures, strict=True):
        drawn = picture.copy()
        _write(drawn, at.strftime("%Y-%m-%d %H:%M:%S"), film, lower_right=False)
        _write(drawn, film.camera, film, lower_right=True)
        yield drawn


def _write(picture: Image, text: str, film: Film, *, lower_right: bool) -> None:
    font, scale, edge = cv2.FONT_HERSHEY_SIMPLEX, _LETTERS * film.px, max(2, round(6 * film.px))
    (wide, tall), _ = cv2.getTextSize(text, font, scale, 1)
    width, height = film.size
    x, y = (width - wide - edge, height - edge) if lower_right else (edge, edge + tall)
    cv2.rectangle(picture, (x - edge, y - tall - edge), (x + wide + edge, y + edge), (0, 0, 0), -1)
    cv2.putText(picture, text, (x, y), font, scale, (255, 255, 255), 1, cv2.LINE_AA)


def stall(pictures: Iterator[Image], film: Film) -> Iterator[Image]:
    """Fewer pictures, some of them twice, and now and then none for a second or two: the last one stands meanwhile."""
    rng = film.rng()
    missing = rng.random(film.count) < _REPEATED
    due = np.floor(np.arange(film.count) * _SHOWN)
    missing[1:] |= due[1:] == due[:-1]
    for start in rng.uniform(0.15, 0.85, _STALLS) * film.count:
        missing[int(start) : int(start + rng.uniform(*_STALL_S) * film.fps)] = True
    held: Image | None = None
    for number, picture in enumerate(pictures):
        held = picture if held is None or not missing[number] else held
        yield held
