"""What a judge learns from: crops, the state that each shows, and how surely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.inspectors.crops import Crop

GROUPS = 5
"""Scenes, in the order of their names, are dealt to so many groups; the first is held back from training."""
HELD_BACK = "held back/"
"""Scenes whose name begins so are photographs that are never trained on."""


@dataclass(frozen=True, slots=True)
class Example:
    """One crop.

    Attributes:
        target: how surely the thing is in the second state, 0-1; a half where nobody could tell.
        weight: how much it counts.
        scene: the picture it is from: crops of one scene are all trained on, or all held back.
        group: what it is, in the table of scores.
    """

    crop: Crop
    target: float
    weight: float
    scene: str
    group: str


@dataclass(frozen=True, slots=True)
class Examples:
    """Many of them: crops (n, side, side, 4) uint8 and (n,) arrays of the rest."""

    crops: NDArray[np.uint8]
    targets: NDArray[np.float32]
    weights: NDArray[np.float64]
    scenes: NDArray[np.str_]
    groups: NDArray[np.str_]

    @classmethod
    def of(cls, examples: Iterable[Example]) -> Examples:
        """Stack examples; there must be at least one."""
        rows = list(examples)
        return cls(
            np.stack([e.crop for e in rows]),
            np.array([e.target for e in rows], np.float32),
            np.array([e.weight for e in rows]),
            np.array([e.scene for e in rows]),
            np.array([e.group for e in rows]),
        )

    def part(self, which: NDArray[np.bool_]) -> Examples:
        """Those that a mask (n,) picks."""
        return Examples(
            self.crops[which], self.targets[which], self.weights[which], self.scenes[which], self.groups[which]
        )
