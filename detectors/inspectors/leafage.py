"""Trees that lost their leaves before the camera's eyes: each crown against its own past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np

from detectors.inspectors.crops import THING_FOOT, THING_TALL, Crop
from detectors.inspectors.edges import crop_grey, edge_likeness

# A crown that lost its leaves is another one, while its trunk and what is beside it are as they were: what falls or
# leans moves the trunk, and what passes before it or a change of light changes the rest too. And the judge finds it far
# barer than it was, though green trees behind may keep it from being sure. Of 230 trees of rendered clips by day in
# which something happens, five become bare: their crowns are 0.29-0.75 like before, trunks 0.56-0.96, surrounds
# 0.99-1.0, and the odds of being bare rise 325 times and more. Of the others whose crowns changed as much, they rise at
# most 10 times. By the present judge 17 that become bare, on walks and known places: where green crowns stand right
# behind them crowns are up to 0.93 like before, and the odds rise 98 times and more. Of the others on their clean clips
# and those of trees, up to 0.95 and with trunk and surrounds as before, they rise 13 times at most; up to 62 where a
# tree is seen through the boughs of a dead one, and up to 158 for two that leant and fell. All were seen when the bars
# were set.
_CROWN_BELOW, _TRUNK_FROM, _BESIDE_FROM, _RISE = 0.95, 0.5, 0.95, 80.0
_CROWN_SHARE, _TRUNK_SHARE = 0.65, 0.26  # of a tree's height: the crown from the top, the trunk from the foot
_BESIDE_PX = 5  # of a crop: nearer to the outline its own twigs may reach
# A tree is compared with the latest look at which it was as surely in leaf as ever, or nearly.
SURELY_IN_LEAF, _AS_LEAFY = 0.1, 3.0
_LEAST_SCORE, _A_DOUBLING, _MOST_SCORE = 0.6, 0.05, 0.9  # a choice


@dataclass(slots=True)
class LeafWatch:
    """Remembers how trees looked in leaf, and tells those whose leaves are gone."""

    _in_leaf: dict[str, tuple[Crop, float]] = field(default_factory=dict)

    def look(self, crops: Mapping[str, Crop], bare: Mapping[str, float]) -> dict[str, float]:
        """Take in one look.

        Args:
            crops: by the tree's id (`thing_crop`).
            bare: settled odds of being bare, 0-1, of the same trees.

        Returns:
            Score of each tree that lost its leaves, 0-1.
        """
        lost = {}
        for tree, crop in crops.items():
            if tree not in bare:
                continue
            odds = _odds(bare[tree])
            known = self._in_leaf.get(tree)
            if known is not None and _crown_alone_changed(crop, known[0]):
                if odds >= _RISE * known[1]:
                    doublings = float(np.log2(odds / known[1] / _RISE))
                    lost[tree] = min(_MOST_SCORE, _LEAST_SCORE + _A_DOUBLING * doublings)
            elif bare[tree] < SURELY_IN_LEAF and (known is None or odds <= _AS_LEAFY * known[1]):
                self._in_leaf[tree] = crop, odds if known is None else min(odds, known[1])
        return lost


def _odds(share: float) -> float:
    return max(share, 1e-3) / max(1.0 - share, 1e-3)


def _crown_alone_changed(now: Crop, past: Crop) -> bool:
    inside = np.asarray(now[..., 3] / 255, np.float32)
    crown, trunk = inside.copy(), inside.copy()
    top = THING_FOOT - THING_TALL
    crown[round(top + _CROWN_SHARE * THING_TALL) :] = 0
    trunk[: round(THING_FOOT - _TRUNK_SHARE * THING_TALL)] = 0
    beside = np.asarray(1 - cv2.dilate(inside, np.ones((_BESIDE_PX, _BESIDE_PX), np.uint8)), np.float32)
    a, b = crop_grey(now), crop_grey(past)
    stays = edge_likeness(a, b, beside) >= _BESIDE_FROM and edge_likeness(a, b, trunk) >= _TRUNK_FROM
    return stays and edge_likeness(a, b, crown) < _CROWN_BELOW
