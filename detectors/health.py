"""Camera health: frozen, covered, blurred or moved. A camera fault suspends every other finding of that camera."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box
from detectors.issues import CAMERA_KIND
from detectors.values import Frame, Image, LightState, Observation, Presence

_WIDTH = 320
_WHOLE = Box(0.0, 0.0, 1.0, 1.0)
# A live sensor never gives the same picture twice. Mean grey levels; a choice, tried on the frozen clip.
_FROZEN_DIFFERENCE = 0.05
# A covered lens leaves a picture without detail: standard deviation of grey levels, and mean gradient. Both are
# choices, tried on the covered clip and the drawn scenes of the tests.
_COVERED_DEVIATION, _COVERED_DETAIL = 7.0, 1.5
# Against the camera's own reference: unlike a blurred picture a covered one loses its coarse contrast too.
_COVERED_DEVIATION_SHARE, _COVERED_DETAIL_SHARE = 0.4, 0.25
# Sharpness (variance of the Laplacian over variance) against the camera's own reference. Healthy clips stay over 0.91
# of it, real and rendered, by day and by night; a lens out of focus leaves 0.15-0.18.
_BLURRED_SHARE = 0.4
# Share of a view that may shift before regions no longer fit: 4 % of its width. Correlation below which nothing fits.
_MOVED_SHARE = 0.04
_MATCH_RESPONSE = 0.15
# A sudden change: this share of all pixels by this many grey levels from one look to the next.
_SUDDEN_SHARE, _SUDDEN_LEVELS = 0.5, 30

Grey = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Health:
    """What a look says of the camera itself.

    Attributes:
        observations: one for each camera fault.
        fault: code of the fault present, "" when there is none.
        sudden: whether the whole picture changed since the last look.
    """

    observations: tuple[Observation, ...]
    fault: str
    sudden: bool


class HealthCheck:
    """Compares each frame of one camera with the one before and with a reference kept for each light state."""

    def __init__(self, camera: str, reference: Image | None = None, light: LightState = LightState.DAY) -> None:
        self._camera = camera
        self._references: dict[LightState, Grey] = {}
        if reference is not None:
            self._references[light] = _grey(reference)
        self._last: Grey | None = None

    def look(self, frame: Frame, light: LightState) -> Health:
        """Judge one frame."""
        now = _grey(frame.image)
        last, self._last = self._last, now
        comparable = last is not None and last.shape == now.shape
        difference = np.abs(now - last) if comparable and last is not None else None
        covered = self._covered(now)
        reference = self._references.get(light)
        if reference is not None and reference.shape != now.shape:
            reference = None
        answers = {
            "camera_covered": covered,
            "camera_frozen": None if difference is None else bool(difference.mean() < _FROZEN_DIFFERENCE),
            "camera_blurred": None
            if reference is None or covered
            else _sharpness(now) < _BLURRED_SHARE * _sharpness(reference),
            "camera_moved": None if reference is None or covered else _moved(now, reference),
        }
        if reference is None and not covered:
            self._references[light] = now
        sudden = difference is not None and float((difference > _SUDDEN_LEVELS).mean()) > _SUDDEN_SHARE
        fault = next((code for code, present in answers.items() if present), "")
        return Health(tuple(self._say(code, present) for code, present in answers.items()), fault, sudden)

    def _covered(self, now: Grey) -> bool:
        deviation, detail = float(now.std()), _detail(now)
        usual = [(float(r.std()), _detail(r)) for r in self._references.values()]
        lost = bool(usual) and all(
            deviation < _COVERED_DEVIATION_SHARE * d and detail < _COVERED_DETAIL_SHARE * e for d, e in usual
        )
        return lost or (deviation < _COVERED_DEVIATION and detail < _COVERED_DETAIL)

    def _say(self, code: str, present: bool | None) -> Observation:
        presence = Presence.UNKNOWN if present is None else Presence.PRESENT if present else Presence.ABSENT
        return Observation(code, presence, 0.9 if present else 0.0, self._camera, CAMERA_KIND, _WHOLE)


def _grey(image: Image) -> Grey:
    height = max(2, round(image.shape[0] * _WIDTH / image.shape[1]))
    small = cv2.resize(image, (_WIDTH, height), interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32)


def _detail(grey: Grey) -> float:
    soft = cv2.GaussianBlur(grey, (0, 0), 1.5)
    return float(np.abs(cv2.Laplacian(soft, cv2.CV_32F)).mean())


def _sharpness(grey: Grey) -> float:
    return float(cv2.Laplacian(cv2.GaussianBlur(grey, (0, 0), 1.0), cv2.CV_32F).var() / (grey.var() + 1.0))


def _moved(now: Grey, reference: Grey) -> bool:
    """Whether the edges of the view fit the reference only after a large shift, or not at all."""
    window = cv2.createHanningWindow((now.shape[1], now.shape[0]), cv2.CV_32F)
    (dx, dy), response = cv2.phaseCorrelate(_normal(reference), _normal(now), window)
    shift = float(np.hypot(dx, dy)) / now.shape[1]
    if response >= _MATCH_RESPONSE:
        return shift > _MOVED_SHARE
    return _edge_overlap(now, reference) < _MATCH_RESPONSE


def _normal(grey: Grey) -> Grey:
    edges = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    return np.minimum(edges / (edges.mean() + 1e-6), 4.0).astype(np.float32)


def _edge_overlap(now: Grey, reference: Grey) -> float:
    """Correlation of the blurred edges of two pictures, -1 to 1."""
    a, b = (cv2.GaussianBlur(_normal(g), (0, 0), 2.0).ravel() for g in (now, reference))
    return float(np.corrcoef(a, b)[0, 1])
