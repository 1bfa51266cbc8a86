"""The inspectors: one module for each kind of asset. A new kind is a new module and a row in INSPECTORS."""

from __future__ import annotations

from collections.abc import Callable

from detectors.inspectors.base import Inspector, Scene
from detectors.inspectors.furniture import FurnitureInspector
from detectors.inspectors.lights import LightsInspector
from detectors.inspectors.paths import PathsInspector
from detectors.inspectors.trees import TreesInspector
from detectors.values import View

__all__ = ["INSPECTORS", "ON_EVERY_LOOK", "Inspector", "Scene"]

INSPECTORS: tuple[Callable[[View], Inspector], ...] = (
    LightsInspector,
    PathsInspector,
    TreesInspector,
    FurnitureInspector,
)

ON_EVERY_LOOK: tuple[type, ...] = (LightsInspector,)
"""Those that judge the picture itself; the others wait for looks at which the detector was asked."""
