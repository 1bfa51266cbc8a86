"""Whether what changed at a thing is the thing itself, turned about its foot: its past picture against the present one.

Both pictures are taken at the picture's own sharpness, for a column is a few pixels wide. Only what no longer looks as
it did is asked: of a thing that leans it lies elsewhere, turned by one angle and made longer or shorter in one measure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.inspectors.crops import Crop
from detectors.inspectors.edges import crop_grey, crop_outline

Grey = NDArray[np.float32]
Point = tuple[float, float]

_WINDOW = 5  # px across which two pictures are compared
_NOISE, _CAP = 3.0, 25.0  # grey levels of texture that say nothing, and from which more says no more
_ALIKE, _UNLIKE = 0.6, 0.3  # likeness of a place that stayed, and of one that changed
_TILTS, _LENGTHS = range(-26, 28, 2), (0.84, 0.9, 0.96, 1.02)  # degrees, and times its height
_FINER_TILTS, _FINER_LENGTHS = (-1.0, -0.5, 0.0, 0.5, 1.0), (-0.04, -0.02, 0.0, 0.02, 0.04)
# px by which a camera may have moved the picture. None did where what is beside a thing is so much more like itself as
# it lay than so moved: a lamp of 70 px that leans is explained nearly as well by two pixels as by its turn.
_SHAKEN, _BESIDE_STAYS = range(-2, 3), 0.1
_RIM = 9  # px across which what is beside an outline may be the thing itself
_IN_VIEW = 0.3  # share of what changed that must still lie in the crop when it is turned


@dataclass(frozen=True, slots=True)
class Change:
    """What of a thing no longer looks as it did.

    Attributes:
        past: (h, w) grey levels of its crop as it was; `now` as it is.
        stays: (h, w) how like the two are round each pixel, -1 to 1.
        where: (h, w) texture of the thing that is no longer there, grey levels.
        share: of all its texture, 0-1.
        beside: (h, w) texture of what is beside it, grey levels.
    """

    past: Grey
    now: Grey
    stays: Grey
    where: Grey
    share: float
    beside: Grey


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn about its foot by which a thing's past explains its present best.

    Attributes:
        likeness: of what changed to where the turn puts it, -1 to 1.
        standing: of what changed to where it was.
        shaken: of what changed to the same moved by a pixel or two, as a camera moves a picture; `standing` where what
            is beside the thing shows that none did.
        arrived: share of that likeness where the past looked otherwise: what stood there before has not turned there.
        lead: by how much the turn is better than turns are here, in spreads of them all.
        tilt: degrees clockwise.
        length: times its height.
    """

    likeness: float
    standing: float
    shaken: float
    arrived: float
    lead: float
    tilt: float
    length: float

    @property
    def moved(self) -> float:
        """How far the top moved, in heights of the thing."""
        angle = np.radians(self.tilt)
        return float(np.hypot(self.length * np.sin(angle), self.length * np.cos(angle) - 1.0))


def change_since(past: Grey, now: Crop) -> Change:
    """What changed inside a thing's outline since its crop looked as it did in `past`, (h, w) grey levels."""
    there, outline = crop_grey(now), crop_outline(now)
    stays, texture, changed = _changed(past, there)
    thing, where = texture * outline, changed * outline
    beside = np.where(cv2.dilate(outline, np.ones((_RIM, _RIM), np.uint8)) < 0.5, texture, np.float32(0.0))
    return Change(past, there, stays, where, float(where.sum()) / max(float(thing.sum()), 1.0), beside)


def texture_changed(past: Grey, now: Crop) -> tuple[Grey, Grey]:
    """Texture (h, w) of what is no longer there since a crop looked as in `past`, and all its texture, grey levels."""
    _, texture, where = _changed(past, crop_grey(now))
    return where, texture


def _changed(past: Grey, now: Grey) -> tuple[Grey, Grey, Grey]:
    """How alike two pictures are round each pixel, the texture of the past one, and of this what no longer is there."""
    stays, texture = _local_likeness(now, past)
    shown = np.clip(texture - _NOISE, 0.0, _CAP)
    return stays, shown, shown * _unlike(stays)


def best_turn(change: Change, foot: Point) -> Turn:
    """By what turn about its foot (px in the crop) a change is explained best; for changes of some share."""

    def likeness(tilt: float, length: float) -> float:
        return _moved_likeness(change, _about(foot, tilt, length))

    tried = {(float(tilt), length): likeness(tilt, length) for tilt in _TILTS for length in _LENGTHS}
    tilt, length = max(tried, key=lambda turn: tried[turn])
    finer = ((tilt + t, length + n) for t in _FINER_TILTS for n in _FINER_LENGTHS)
    best, (tilt, length) = max((likeness(*turn), turn) for turn in finer)
    usual = np.array(list(tried.values()))
    middle = float(np.median(usual))
    spread = 1.48 * float(np.median(np.abs(usual - middle))) + 0.001
    standing = float((change.where * change.stays).sum() / change.where.sum())
    shaken = _shaken(change, standing)
    arrived = _arrived(change, _about(foot, tilt, length))
    return Turn(best, standing, shaken, arrived, (best - middle) / spread, tilt, length)


def _shaken(change: Change, standing: float) -> float:
    """Likeness of what changed to the same moved as a camera may have moved the picture, see `Turn.shaken`."""
    moves = [np.array([[1.0, 0.0, x], [0.0, 1.0, y]]) for x in _SHAKEN for y in _SHAKEN]
    shaken = [_moved_likeness(change, move) for move in moves]
    best = int(np.argmax(shaken))
    rest = replace(change, where=change.beside)
    stays = float((change.beside * change.stays).sum()) / max(float(change.beside.sum()), 1.0)
    return standing if stays >= _moved_likeness(rest, moves[best]) + _BESIDE_STAYS else shaken[best]


def _about(foot: Point, tilt: float, length: float) -> NDArray[np.float64]:
    angle = np.radians(tilt)
    turn = np.array([[np.cos(angle), -length * np.sin(angle)], [np.sin(angle), length * np.cos(angle)]])
    return np.hstack([turn, (np.array(foot) - turn @ foot)[:, None]])


def _moved_likeness(change: Change, move: NDArray[np.float64]) -> float:
    """Likeness of the present to the moved past, where what changed would lie; -1 where that is out of view."""
    where, alike = _moved(change, move)
    return float((where * alike).sum() / where.sum()) if where.sum() >= _IN_VIEW * change.where.sum() else -1.0


def _arrived(change: Change, move: NDArray[np.float64]) -> float:
    """Share, 0-1, of what the moved past explains of the present that the past as it lay did not."""
    where, alike = _moved(change, move)
    explained = where * np.maximum(alike, 0.0)
    return float((explained * _unlike(change.stays)).sum()) / max(float(explained.sum()), 1.0)


def _moved(change: Change, move: NDArray[np.float64]) -> tuple[Grey, Grey]:
    """Where what changed would lie, texture as in `Change.where`, and how like the moved past the present is there."""
    size = (change.past.shape[1], change.past.shape[0])
    where = np.asarray(cv2.warpAffine(change.where, move, size), np.float32)
    past = np.asarray(cv2.warpAffine(change.past, move, size, borderMode=cv2.BORDER_REPLICATE), np.float32)
    return where, _local_likeness(change.now, past)[0]


def _unlike(alike: Grey) -> Grey:
    """How surely places of such likeness changed, 0-1."""
    return np.asarray(np.clip((_ALIKE - alike) / (_ALIKE - _UNLIKE), 0.0, 1.0), np.float32)


def _local_likeness(now: Grey, past: Grey) -> tuple[Grey, Grey]:
    """Correlation of two pictures round each pixel, -1 to 1, and the texture of the past one there, grey levels."""
    (now_mean, now_square), (past_mean, past_square) = _moments(now), _moments(past)
    together = cv2.blur(now * past, (_WINDOW, _WINDOW)) - now_mean * past_mean
    alike = together / np.sqrt((now_square + _NOISE**2) * (past_square + _NOISE**2))
    return np.asarray(alike, np.float32), np.sqrt(past_square)


def _moments(grey: Grey) -> tuple[Grey, Grey]:
    mean = cv2.blur(grey, (_WINDOW, _WINDOW))
    return mean, np.maximum(cv2.blur(grey * grey, (_WINDOW, _WINDOW)) - mean * mean, 0.0)
