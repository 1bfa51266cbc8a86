"""What can happen to a camera's picture: faults, and weather, light and traffic that are none. Laid over any view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.values import Image
from tests.detectors.fakes import speckle

Levels = NDArray[np.float32]
"""A mask (height, width, 1) of 0-1, or grey levels (height, width, 3)."""

_NEAR = 0.02  # what lies on the lens is out of focus: by this share of the picture's width
_REFERENCE_PX = 640  # sizes in pixels below are those of a picture this wide


@dataclass(frozen=True, slots=True)
class Moment:
    """What a spoil may go by.

    Attributes:
        since: looks since it set in, from 0.
        past: the camera's pictures before that.
        other: what another camera shows now.
        seed: of this run; what must not change from look to look is drawn from it.
    """

    since: int
    past: Sequence[Image]
    other: Image
    seed: int

    @property
    def lasting(self) -> np.random.Generator:
        return np.random.default_rng(self.seed)

    @property
    def fleeting(self) -> np.random.Generator:
        return np.random.default_rng((self.seed, self.since))


Spoil = Callable[[Image, Moment], Image]


def grain(picture: Image | Levels, moment: Moment, sigma: float = 1.2) -> Image:
    """With the sensor's noise, as a picture of its own."""
    added = (sigma * speckle(picture.shape, (moment.seed, moment.since))).astype(np.float32)
    return np.clip(picture + added, 0, 255).astype(np.uint8)


def _side(shape: tuple[int, ...], side: str, share: float) -> Levels:
    """Part of the picture along a side, softly bounded."""
    mask = np.zeros(shape[:2], np.float32)
    height, width = shape[:2]
    if side in "lr":
        mask[:, : round(share * width)] = 1
    else:
        mask[: round(share * height)] = 1
    mask = np.asarray(mask[:, ::-1] if side == "r" else mask[::-1] if side == "b" else mask, np.float32)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), _NEAR * width), np.float32)[..., None]


def _blots(shape: tuple[int, ...], rng: np.random.Generator, share: float) -> Levels:
    """Round blots over a share of the picture."""
    height, width = shape[:2]
    mask = np.zeros((height, width), np.float32)
    while float((mask > 0.5).mean()) < share:
        middle = (int(rng.uniform(0.2, 0.8) * width), int(rng.uniform(0.2, 0.8) * height))
        axes = (int(width * rng.uniform(0.12, 0.3)), int(height * rng.uniform(0.12, 0.35)))
        cv2.ellipse(mask, middle, axes, float(rng.uniform(0, 180)), 0, 360, 1.0, -1)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), _NEAR * width), np.float32)[..., None]


def _cloth(shape: tuple[int, ...], rng: np.random.Generator, level: float, folds: float) -> Levels:
    rough = rng.normal(0, folds, (6, 8, 3)).astype(np.float32)
    return level + np.asarray(cv2.resize(rough, shape[1::-1], interpolation=cv2.INTER_CUBIC), np.float32)


def cloth(level: float, folds: float = 4.0, share: float = 1.2, sides: str = "lrtb") -> Spoil:
    """Something before the lens, from one side or over all of it."""

    def spoil(picture: Image, moment: Moment) -> Image:
        rng = moment.lasting
        mask = _side(picture.shape, str(rng.choice(list(sides))), share)
        return grain(picture * (1 - mask) + _cloth(picture.shape, rng, level, folds) * mask, moment, 2)

    return spoil


def woven(level: float, weave: float) -> Spoil:
    """A cloth right before the lens, whose weave shows as grain that stays where it is."""

    def spoil(picture: Image, moment: Moment) -> Image:
        pattern = moment.lasting.normal(level, weave, picture.shape[:2])
        return grain(np.repeat(pattern[..., None], 3, 2).astype(np.float32), moment, 2)

    return spoil


def sprayed(level: float, share: float, thick: float = 1.0) -> Spoil:
    """Paint, mud or leaves in blots; thin paint lets a little through."""

    def spoil(picture: Image, moment: Moment) -> Image:
        rng = moment.lasting
        mask = _blots(picture.shape, rng, share) * thick
        return grain(picture * (1 - mask) + _cloth(picture.shape, rng, level, 6) * mask, moment)

    return spoil


def film(level: float, thick: float) -> Spoil:
    """Dirt all over the lens."""
    return lambda picture, moment: grain(picture * (1 - thick) + level * thick, moment)


def flat(level: int) -> Spoil:
    return lambda picture, _: np.full_like(picture, level)


def web(picture: Image, moment: Moment) -> Image:
    """A spider's web close to the lens: bright soft threads, so close together that they veil most of the view."""
    rng, (height, width) = moment.lasting, picture.shape[:2]
    threads = np.zeros((height, width), np.float32)
    middle = np.array([rng.uniform(0.3, 0.7) * width, rng.uniform(0.3, 0.7) * height])
    spokes = [middle + width * np.array([np.cos(a), np.sin(a)]) for a in np.linspace(0, 2 * np.pi, 30)]
    for spoke in spokes:
        cv2.line(threads, middle.astype(int).tolist(), spoke.astype(int).tolist(), 1.0, max(2, width // 60))
    for share in np.linspace(0.05, 0.9, 20):
        ring = np.array([middle + share * (spoke - middle) for spoke in spokes], np.int32)
        cv2.polylines(threads, [ring], True, 1.0, max(2, width // 60))
    veil = np.clip(1.6 * cv2.GaussianBlur(threads, (0, 0), width / 90), 0, 0.96)[..., None]
    return grain(picture * (1 - veil) + 150 * veil, moment)


def blurred(px: float) -> Spoil:
    """Out of focus by so many pixels of a picture 640 wide."""
    return lambda picture, moment: grain(_soft(picture, px), moment)


def losing_focus(picture: Image, moment: Moment) -> Image:
    return grain(_soft(picture, min(4.0, 0.3 + 0.5 * moment.since)), moment)


def drops(share: float) -> Spoil:
    """Water on the lens: blots through which everything is blurred."""

    def spoil(picture: Image, moment: Moment) -> Image:
        mask = _blots(picture.shape, moment.lasting, share)
        return grain(picture * (1 - mask) + _soft(picture, 8.0) * mask, moment)

    return spoil


def warped(across: float = 0, down: float = 0, degrees: float = 0, zoom: float = 1) -> Spoil:
    """The view shifted by shares of its width, turned and zoomed."""

    def spoil(picture: Image, moment: Moment) -> Image:
        sign = 1 if moment.seed % 2 else -1
        return grain(_warp(picture, sign * across, sign * down, sign * degrees, zoom), moment)

    return spoil


def elsewhere(picture: Image, moment: Moment) -> Image:
    return np.asarray(cv2.resize(moment.other, picture.shape[1::-1], interpolation=cv2.INTER_AREA), np.uint8)


def held(picture: Image, moment: Moment) -> Image:
    return moment.past[-1].copy()


def held_and_compressed(picture: Image, moment: Moment) -> Image:
    """The same picture, coded anew: blocks differ by less than a grey level."""
    height, width = picture.shape[:2]
    rough = moment.fleeting.normal(0, 0.6, (height // 8, width // 8, 3)).astype(np.float32)
    return np.clip(moment.past[-1] + cv2.resize(rough, (width, height)), 0, 255).round().astype(np.uint8)


def held_with_clock(picture: Image, moment: Moment) -> Image:
    """The same picture with a clock that runs on, over where the clock of the past stood."""
    return with_clock(moment.past[-1].copy(), len(moment.past) + moment.since)


def with_clock(picture: Image, second: int) -> Image:
    """With a clock in its upper corner."""
    drawn = picture.copy()
    cv2.rectangle(drawn, (0, 0), (190, 22), (0, 0, 0), -1)
    white = (255, 255, 255)
    cv2.putText(drawn, f"2026-06-01 12:00:{second:02d}", (4, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.45, white, 1)
    return drawn


def clouds(picture: Image, moment: Moment) -> Image:
    across = np.linspace(0, 4.5, picture.shape[1], dtype=np.float32) - 0.5 * moment.since
    return np.asarray(picture * (1 - 0.35 * np.clip(np.sin(across), 0, 1))[None, :, None], np.uint8)


def exposed(gain: float, looks: int = 99) -> Spoil:
    """Lighter or darker by a factor: at once and for good, or to and fro every few looks."""

    def spoil(picture: Image, moment: Moment) -> Image:
        return grain(picture * (gain if moment.since // looks % 2 == 0 else 1.0), moment)

    return spoil


def lamps_go_on(picture: Image, moment: Moment) -> Image:
    """Many lamps light up together: glare and pools of light where there was little."""
    rng, (height, width) = moment.lasting, picture.shape[:2]
    light = np.zeros((height, width), np.float32)
    for _ in range(8):
        cv2.circle(light, (int(rng.uniform(0, width)), int(rng.uniform(0.3, 0.7) * height)), width // 90, 900.0, -1)
    pools = 1.0 + 0.012 * cv2.GaussianBlur(light, (0, 0), width / 12)
    return grain(picture * pools[..., None] + cv2.GaussianBlur(light, (0, 0), width / 90)[..., None], moment)


def headlights(picture: Image, moment: Moment) -> Image:
    height, width = picture.shape[:2]
    light = np.zeros((height, width), np.float32)
    for aside in (0, width // 25):
        cv2.circle(light, (int(moment.since % 6 / 6 * width) + aside, int(0.6 * height)), 5, 3000.0, -1)
    halo = 0.9 * cv2.GaussianBlur(light, (0, 0), 0.05 * width) + cv2.GaussianBlur(light, (0, 0), 6)
    return grain(picture + np.minimum(halo, 255)[..., None], moment)


def low_sun(picture: Image, moment: Moment) -> Image:
    """The sun at the edge of the picture: a glow over half of it."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32) / width
    glow = 160 * np.exp(-((x - 0.1) ** 2 + (y - 0.05) ** 2) / 0.12)
    return grain(picture + glow[..., None], moment)


def fog(picture: Image, moment: Moment) -> Image:
    return grain(picture * 0.45 + 110.0, moment, 1.5)


def streaks(length: int, bright: float, count: int = 350) -> Spoil:
    """Rain, or snow where they are short and thick."""

    def spoil(picture: Image, moment: Moment) -> Image:
        rng, (height, width) = moment.fleeting, picture.shape[:2]
        lines = np.zeros((height, width), np.float32)
        for x, y in rng.uniform(0, (width, height), (count, 2)).astype(int).tolist():
            cv2.line(lines, (x, y), (x - 1, y + int(rng.uniform(0.4, 1) * length)), 1.0, 1 if length > 8 else 3)
        return grain(picture * 0.9 + 10 + bright * cv2.GaussianBlur(lines, (0, 0), 0.7)[..., None], moment)

    return spoil


def noisy(sigma: float, gain: float = 1.0) -> Spoil:
    return lambda picture, moment: grain(picture * gain, moment, sigma)


def bus(share: float, step: float = 0.25) -> Spoil:
    """A vehicle with windows that passes and takes up so much of the picture."""

    def spoil(picture: Image, moment: Moment) -> Image:
        passed, (height, width) = picture.copy(), picture.shape[:2]
        long, tall = int(share * width), int(min(0.85, share + 0.2) * height)
        side = np.full((tall, long, 3), moment.lasting.integers(40, 200, 3), np.uint8)
        side[tall // 5 : tall // 2, :: max(1, long // 9)] = 30
        side[tall // 5 : tall // 2] = np.where(np.arange(long)[None, :, None] // max(1, long // 9) % 2, 40, side[0, 0])
        left = int((moment.since * step - share) * width)
        first, last = max(0, left), min(width, left + long)
        if last > first:
            passed[height - tall :, first:last] = side[:, first - left : last - left]
        return grain(passed, moment, 2)

    return spoil


def crowd(picture: Image, moment: Moment) -> Image:
    rng, crowded, (height, width) = moment.fleeting, picture.copy(), picture.shape[:2]
    for _ in range(18):
        middle = (int(rng.uniform(0, width)), int(rng.uniform(0.3, 0.9) * height))
        cv2.ellipse(crowded, middle, (width // 60, height // 9), 0, 0, 360, rng.integers(20, 220, 3).tolist(), -1)
    return crowded


def insect(picture: Image, moment: Moment) -> Image:
    """Something small, lit and out of focus that walks over the lens."""
    height, width = picture.shape[:2]
    body = np.zeros((height, width), np.float32)
    middle = (int((0.2 + 0.06 * moment.since) * width), int((0.5 + 0.2 * np.sin(moment.since)) * height))
    cv2.ellipse(body, middle, (width // 8, height // 9), 40.0 * moment.since, 0, 360, 1.0, -1)
    body = np.asarray(cv2.GaussianBlur(body, (0, 0), _NEAR * width), np.float32)[..., None]
    return grain(picture * (1 - body) + 170 * body, moment)


def swaying(px: float) -> Spoil:
    """A mast in the wind: by up to so many pixels of a picture 640 wide, another way at each look."""

    def spoil(picture: Image, moment: Moment) -> Image:
        across, down = moment.fleeting.uniform(-px, px, 2) / _REFERENCE_PX
        return grain(_warp(picture, across, down, 0, 1), moment)

    return spoil


def compressed(quality: int, every: int = 1) -> Spoil:
    """Few bits: at every look, or at each key frame, after which the picture grows sharp again."""

    def spoil(picture: Image, moment: Moment) -> Image:
        if moment.since % every:
            return picture
        coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)

    return spoil


def as_it_is(picture: Image, moment: Moment) -> Image:
    return picture


def _soft(picture: Image, px: float) -> Image:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), px * picture.shape[1] / _REFERENCE_PX), np.uint8)


def _warp(picture: Image, across: float, down: float, degrees: float, zoom: float) -> Image:
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, zoom)
    matrix[:, 2] += (across * width, down * width)
    return np.asarray(cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8)
