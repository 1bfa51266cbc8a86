"""Fog: it takes contrast from all edges of a view, leaves them where they were, and takes no light."""

from __future__ import annotations

from detectors.health.structure import Fit, Structure

# Strength of the view's edges over the reference's, and over the light there is, below which the view is foggy; and
# share of it that must still be there. In 35 clips in which fog was laid over the sample clips, thick enough that lamps
# and crowns were misjudged, it is 0.41-0.49. In the clips as they are it is 0.96 and more while the view is there, in
# the night of the time-lapse, whose light fails, 0.75, and of a camera that loses focus 0.81. Of the foggy views 0.89
# and more is still there.
_FOGGY, _KEPT = 0.65, 0.8


def is_foggy(reference: Structure, now: Structure, fit: Fit) -> bool:
    """Whether a view lies in fog that was clear when the reference was learnt."""
    return fit.kept >= _KEPT and fit.contrast < _FOGGY * min(1.0, lightness(reference, now))


def lightness(reference: Structure, now: Structure) -> float:
    """How many times as light as its reference a view is."""
    return (float(now.level.mean()) + 2) / (float(reference.level.mean()) + 2)
