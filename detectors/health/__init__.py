"""Camera health: frozen, covered, blurred or moved, and how far the view was nudged."""

from __future__ import annotations

from detectors.health.check import Health, HealthCheck

__all__ = ["Health", "HealthCheck"]
