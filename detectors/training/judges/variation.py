"""Crops as other cameras would show them: trained on the same crop twice, a judge never sees the same pixels."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.inspectors.crops import Crop

Pixels = NDArray[np.float32]
Vary = Callable[[NDArray[np.uint8], np.random.Generator], Pixels]
"""From (n, side, side, layers) crops, 0-255, to as many varied ones, 0-1."""

# Shares of bins that are shown as by night, without colours or dark, and how much light they keep then.
_GREY, _DARK, _KEPT = 0.15, 0.3, (0.12, 0.6)
_LIGHT = 0.97  # what is so bright is light itself or lit by it, and far brighter than the picture tells
_MIDDLE = 0.3  # share of a crop's side, in its middle, that is the head's alone: nothing is put there


def varied(crops: NDArray[np.uint8], rng: np.random.Generator, hidden: float = 0.3) -> Pixels:
    """Other cameras, light and grain, somebody in the way, mirrored and moved by a pixel: of views of four layers.

    Args:
        hidden: share of crops in which something is drawn before the thing.
    """
    n, side = crops.shape[:2]
    views = _views(crops)
    seen, outline = views[..., :3].astype(np.float32) / 255, views[..., 3:].astype(np.float32) / 255

    def drawn(low: float, high: float, channels: int = 1) -> Pixels:
        return rng.uniform(low, high, (n, 1, 1, 1, channels)).astype(np.float32)

    for k in np.flatnonzero(rng.random(n) < 0.3):
        f = rng.uniform(0.35, 0.9)
        for view in range(seen.shape[3]):
            whole = np.ascontiguousarray(seen[k, :, :, view])
            small = cv2.resize(whole, None, fx=f, fy=f, interpolation=cv2.INTER_AREA)
            seen[k, :, :, view] = cv2.resize(small, (side, side))
    seen = seen ** drawn(0.6, 1.5) * drawn(0.7, 1.25) + drawn(-0.05, 0.05)
    seen = seen * drawn(0.92, 1.08, 3) + rng.standard_normal(seen.shape, dtype=np.float32) * drawn(0, 0.027)
    for k in np.flatnonzero(rng.random(n) < hidden):
        wide, tall = rng.integers(4, 15), rng.integers(9, 30)
        x, y = rng.integers(0, side - wide), rng.integers(side * 2 // 5, side * 4 // 5)
        seen[k, y : y + tall, x : x + wide] = rng.uniform(0, 0.6, 3)
    changed = np.concatenate([np.clip(seen, 0, 1), outline], axis=-1).reshape(crops.shape)
    for one in changed:
        if rng.random() < 0.5:
            one[:] = one[:, ::-1].copy()
        one[:] = np.roll(one, tuple(rng.integers(-1, 2, 2)), (0, 1))
    return np.asarray(changed, np.float32)


def varied_bins(crops: NDArray[np.uint8], rng: np.random.Generator) -> Pixels:
    """As `varied`, and as cameras see by night: without colours, or dark."""
    views = _views(crops).astype(np.float32)
    grey = rng.random(len(crops)) < _GREY
    views[grey, ..., :3] = views[grey, ..., :3].mean(axis=-1, keepdims=True)
    dark = rng.random(len(crops)) < _DARK
    views[dark, ..., :3] *= rng.uniform(*_KEPT, (int(dark.sum()), 1, 1, 1, 1)).astype(np.float32)
    return varied(np.rint(views).astype(np.uint8).reshape(crops.shape), rng, hidden=0.0)


def _views(crops: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(n, side, side, views, 4) of crops of some views side by side."""
    return crops.reshape(*crops.shape[:3], -1, 4)


def varied_heads(crops: NDArray[np.uint8], rng: np.random.Generator) -> Pixels:
    """Heads of lamps, two views of four layers each, before windows and behind poles, by cameras good and bad."""
    return np.stack([_varied_head(crop, rng) for crop in crops])


def _varied_head(crop: Crop, rng: np.random.Generator) -> Pixels:
    """One head and its lamp: what the camera does is the same in both views."""
    views = [np.ascontiguousarray(view[..., :3]) for view in (crop[..., :4], crop[..., 4:])]
    if rng.random() < 0.3:
        _put_beside(views[0], rng)
    levels = _exposure(rng)
    tint = np.exp(rng.normal(0, 0.09) * np.array([1.0, 0.0, -1.0]) + rng.normal(0, 0.03, 3)).astype(np.float32)
    grey = rng.random() < 0.12  # by night many cameras see no colours
    grain = rng.uniform(0, 0.035) * (rng.random() < 0.6)
    finer = rng.uniform(0.3, 0.9) if rng.random() < 0.4 else 1.0
    quality = int(rng.uniform(12, 70)) if rng.random() < 0.35 else 0
    mirrored = rng.random() < 0.5
    shown = []
    for view, outline in zip(views, (crop[..., 3], crop[..., 7]), strict=True):
        seen = np.clip(levels[_coarser(view, finer) if finer < 1.0 else view] * tint, 0, 1)
        if grey:
            seen = np.repeat(seen.mean(axis=2, keepdims=True), 3, axis=2)
        if grain:
            seen = np.clip(seen + rng.standard_normal(seen.shape, dtype=np.float32) * np.float32(grain), 0, 1)
        if quality:
            _, packed = cv2.imencode(".jpg", (seen * 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])
            seen = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.float32) / 255
        whole = np.dstack([seen, outline.astype(np.float32) / 255])
        whole = whole[:, ::-1] if mirrored else whole
        shown.append(np.roll(whole, tuple(rng.integers(-1, 2, 2)), (0, 1)))
    return np.asarray(np.concatenate(shown, axis=2), np.float32)


def _exposure(rng: np.random.Generator) -> Pixels:
    """(256,) what each grey level becomes: longer or shorter exposed, of another contrast; light stays white mostly."""
    before = np.arange(256, dtype=np.float32) / 255
    light = np.exp(rng.normal(0, 0.45))
    after = np.clip((before**2.2 * light) ** (1 / 2.2), 0, 1) ** np.exp(rng.normal(0, 0.15)) + rng.normal(0, 0.015)
    if rng.random() < 0.7:
        after = np.where(before >= _LIGHT, np.maximum(after, before), after)
    return np.asarray(np.clip(after, 0, 1), np.float32)


def _coarser(view: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """A view seen from farther away, or out of focus."""
    side = view.shape[0]
    small = cv2.resize(view, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (side, side), interpolation=cv2.INTER_LINEAR), np.uint8)


def _put_beside(view: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Windows, lights, signs and poles beside a head, never on it: they say nothing of its own light."""
    side = view.shape[0]
    for _ in range(rng.integers(1, 4)):
        wide, tall = rng.integers(2, side // 4), rng.integers(2, side // 3)
        x, y = rng.integers(0, side - wide), rng.integers(0, side - tall)
        low, high = (1 - _MIDDLE) / 2 * side, (1 + _MIDDLE) / 2 * side
        if x < high and x + wide > low and y < high and y + tall > low:
            continue
        colour = (rng.uniform(120, 255) * rng.uniform((0.5, 0.75, 0.9), 1.0)).tolist()
        if rng.random() < 0.3:
            colour = [rng.uniform(0, 60)] * 3
        if rng.random() < 0.5:
            cv2.rectangle(view, (int(x), int(y)), (int(x + wide), int(y + tall)), colour, -1)
        else:
            middle = (int(x + wide / 2), int(y + tall / 2))
            cv2.ellipse(view, middle, (max(1, int(wide / 2)), max(1, int(tall / 2))), 0, 0, 360, colour, -1)
