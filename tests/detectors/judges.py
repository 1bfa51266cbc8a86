"""Judges of trees that say what a test tells them."""

from __future__ import annotations

import numpy as np

from detectors.inspectors.crops import Crop
from detectors.inspectors.state_models import Odds


class Crowns:
    """Says how likely each crown is bare."""

    def __init__(self, *bare: float) -> None:
        self._bare = {f"T-{i}": share for i, share in enumerate(bare, 1)}

    def turn(self, tree: str, bare: float) -> None:
        """From now on it is that bare."""
        self._bare[tree] = bare

    def look(self, crops: dict[str, Crop]) -> None:
        """Learns nothing."""

    def odds(self, thing: str) -> Odds:
        return np.array([1 - self._bare[thing], self._bare[thing]], np.float32)


class Bare:
    """Says that no crown is in blossom."""

    def look(self, crops: dict[str, Crop]) -> None:
        """Learns nothing."""

    def odds(self, thing: str) -> Odds:
        return np.array([0.1, 0.9], np.float32)


class Upright:
    """Says that a tree stands in every outline; what is said of empty ones is in test_felled."""

    def look(self, crops: dict[str, Crop]) -> None:
        """Learns nothing."""

    def odds(self, thing: str) -> Odds:
        return np.array([0.98, 0.02], np.float32)


class Leaning:
    """Says how likely each tree leans; remembers of which it was asked last."""

    def __init__(self, *leans: float) -> None:
        self._leans = {f"T-{i}": odds for i, odds in enumerate(leans, 1)}
        self.asked: set[str] = set()

    def look(self, crops: dict[str, Crop]) -> None:
        self.asked = set(crops)

    def odds(self, thing: str) -> Odds:
        return np.array([1 - self._leans[thing], self._leans[thing]], np.float32)
