"""Drawn scenes: a walk with lamps by night and by day, simple enough that the right answer is beyond doubt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.lamp_heads import Head, heads_seen
from detectors.inspectors.movers import MoverWatch
from detectors.values import Asset, Detections, Image, LightState, Observation, Presence, View
from tests.detectors.fakes import frame, noise

WIDTH, HEIGHT = 480, 270
LAMP_X = (100, 200, 300, 400)
PATH = Region.of([[0.35, 0.3], [0.55, 0.3], [0.95, 1.0], [0.1, 1.0]])
LAMPS = tuple(
    Asset(f"L-{i}", "street_light", Region.rectangle(Box.of((x / WIDTH - 0.02, 0.2, x / WIDTH + 0.02, 0.7))))
    for i, x in enumerate(LAMP_X, 1)
)
TREE_BOXES = (Box(0.02, 0.05, 0.17, 0.6), Box(0.82, 0.05, 0.98, 0.6))
TREES = tuple(Asset(f"T-{i}", "tree", Region.rectangle(b)) for i, b in enumerate(TREE_BOXES, 1))
WALK = View("walk", (*LAMPS, Asset("P-1", "path", PATH), *TREES))


def night(lit: Sequence[bool], seed: int = 0, strength: float = 4.0) -> Image:
    """The walk by night with some lamps lit: bright heads, a halo, a pool of light."""
    picture = np.full((HEIGHT, WIDTH, 3), 10, np.float32)
    for x, on in zip(LAMP_X, lit, strict=True):
        cv2.line(picture, (x, 65), (x, 185), (18, 18, 18), 2)
        if on:
            glow = np.zeros((HEIGHT, WIDTH), np.float32)
            cv2.circle(glow, (x, 60), 5, 255.0, -1)
            halo = cv2.GaussianBlur(glow, (0, 0), 9) * 0.8
            picture += np.maximum(glow, halo)[..., None]
            cv2.ellipse(picture, (x, 220), (40, 14), 0, 0, 360, (90, 95, 100), -1)
    return noise(np.clip(picture, 0, 255).astype(np.uint8), seed, strength)


def day(lit: Sequence[bool] = (False,) * 4, bare: Sequence[bool] = (False, False), seed: int = 0) -> Image:
    """The walk by day, with grey glass heads, a paved path and two trees."""
    picture = np.full((HEIGHT, WIDTH, 3), (130, 135, 130), np.uint8)
    corners = np.array([[round(x * WIDTH), round(y * HEIGHT)] for x, y in PATH.points])
    cv2.fillPoly(picture, [corners], (150, 155, 160))
    for y in range(90, HEIGHT, 18):
        cv2.line(picture, (0, y), (WIDTH, y), (118, 120, 122), 1)
    for box, leafless in zip(TREE_BOXES, bare, strict=True):
        x0, y0, x1, y1 = box.pixels(WIDTH, HEIGHT)
        colour = (135, 138, 140) if leafless else (50, 120, 60)
        cv2.ellipse(picture, ((x0 + x1) // 2, y0 + 50), ((x1 - x0) // 2, 50), 0, 0, 360, colour, -1)
        cv2.line(picture, ((x0 + x1) // 2, y0 + 60), ((x0 + x1) // 2, y1), (60, 70, 80), 5)
    for x, on in zip(LAMP_X, lit, strict=True):
        cv2.line(picture, (x, 65), (x, 185), (60, 60, 60), 2)
        cv2.circle(picture, (x, 62), 7, (255, 255, 255) if on else (150, 150, 150), -1)
        cv2.ellipse(picture, (x, 56), (8, 2), 0, 0, 360, (50, 50, 50), -1)
    return noise(picture, seed, 2.0)


def bag(picture: Image, x: int = 230, y: int = 180, size: int = 22) -> Image:
    """A dark bag set down with its foot at (x, y)."""
    drawn = picture.copy()
    cv2.ellipse(drawn, (x, y - size // 2), (size // 2, size // 2), 0, 0, 360, (25, 25, 28), -1)
    return drawn


def scene(picture: Image, second: float, light: LightState, detections: Detections | None = None) -> Scene:
    found = detections or Detections.empty()
    return Scene(frame(picture, second), light, found, WALK, MoverWatch().look(found))


def verdicts(observations: Iterable[Observation], issue: str) -> list[Presence]:
    """What was said of an issue, by asset."""
    return [o.presence for o in sorted(observations, key=lambda o: o.asset_id or "") if o.issue == issue]


def judged(monkeypatch: pytest.MonkeyPatch, odds: Mapping[str, float]) -> None:
    """Let the judge say this of each lamp."""
    # The judge of gone lamps has learnt none as plain as those drawn here.
    monkeypatch.setattr("detectors.inspectors.emptied._is_empty", lambda *_: False)

    def heads(lamps: Iterable[Asset], scene: Scene) -> dict[str, Head]:
        return {lamp: replace(head, lit=odds[lamp]) for lamp, head in heads_seen(lamps, scene).items()}

    monkeypatch.setattr("detectors.inspectors.lights.heads_seen", heads)
