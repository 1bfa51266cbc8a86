"""Makes a clean render look like a CCTV frame; geometry is left alone, so truth stays exact."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

# Bloom of clipped highlights: (sigma in pixels at 960 wide, weight).
NIGHT_GLOW = ((3, 0.5), (9, 0.6), (28, 0.8), (70, 0.6))
DAY_GLOW = ((2.5, 0.55), (8, 0.40), (26, 0.35))


@dataclass
class Grade:
    """A plate's fixed part of the look: the glow of its highlights and the lens' vignette."""

    glow: np.ndarray
    vignette: np.ndarray
    night: bool


def fogged(image: np.ndarray, depth: np.ndarray, reach: float, mode: str) -> np.ndarray:
    """Fades what lies far off into fog (BGR float 0-1, depth and the fog's reach in metres)."""
    thick = (1 - np.exp(-np.minimum(depth, 3000) / reach))[..., None]
    return (image * (1 - thick) + {"night": 0.12, "dusk": 0.30}.get(mode, 0.78) * thick).astype(np.float32)


def warm(image: np.ndarray) -> np.ndarray:
    """Pulls pools of lamp light, which AgX turns pink, back to warm white (BGR float 0-1)."""
    light = cv2.GaussianBlur(image.mean(2), (0, 0), 1.0)[..., None]
    m = np.clip((light - 0.22) / 0.35, 0, 1) * 0.8
    return image * (1 - m) + image.mean(2, keepdims=True) * np.array([0.84, 1.00, 1.10], np.float32) * m


def grade_of(plate: np.ndarray, night: bool) -> Grade:
    """Returns the fixed look of a plate (BGR float 0-1, warmed if night)."""
    h, w = plate.shape[:2]
    # By night only what is white hot blooms: warm light clips red long before, and its glow would dye the picture.
    high = np.clip((plate.mean(2, keepdims=True) if night else plate) - 0.93, 0, None) * (13.0 if night else 0.6)
    if night:  # skyline windows are too small to bloom
        high = cv2.morphologyEx(high, cv2.MORPH_OPEN, np.ones((3, 3)))[..., None] * np.array(
            [0.66, 0.93, 1.0], np.float32
        )
    glow = sum(cv2.GaussianBlur(high, (0, 0), s * w / 960) * g for s, g in (NIGHT_GLOW if night else DAY_GLOW))
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    r2 = ((xx - w / 2) ** 2 + (yy - h / 2) ** 2) / ((w / 2) ** 2 + (h / 2) ** 2)
    return Grade(glow.astype(np.float32), (1 - 0.22 * r2[..., None] ** 1.3).astype(np.float32), night)


def develop(image: np.ndarray, grade: Grade) -> np.ndarray:
    """Applies glow, sensor blur, the camera's sharpening, its colours and vignette."""
    k = image.shape[1] / 960.0
    image = cv2.GaussianBlur(image + grade.glow, (0, 0), 0.62 * k)
    image = np.clip(1.75 * image - 0.75 * cv2.GaussianBlur(image, (0, 0), 1.5 * k), 0, None)
    grey = image.mean(2, keepdims=True)
    image = grey + (image - grey) * (0.85 if grade.night else 0.92)
    return np.clip((image * 0.98 + 0.012) * grade.vignette, 0, 1).astype(np.float32)


class Sensor:
    """Adds sensor noise from a bank of fields, shifted at random for every frame."""

    def __init__(self, size: tuple[int, int], rng: np.random.Generator, fields: int = 6) -> None:
        self.rng, (w, h) = rng, size
        self.fields = []
        for _ in range(fields):
            fine = rng.standard_normal((h + 64, w + 64, 1), dtype=np.float32)
            fine = 0.6 * fine + 0.75 * cv2.GaussianBlur(fine, (0, 0), 0.8)[..., None]
            coarse = rng.standard_normal(((h + 64) // 3, (w + 64) // 3, 3), dtype=np.float32)
            self.fields.append(fine + 0.45 * cv2.resize(coarse, (w + 64, h + 64)))

    def expose(self, image: np.ndarray, strength: float) -> np.ndarray:
        """Returns the frame as uint8 with noise that grows with brightness."""
        h, w = image.shape[:2]
        field = self.fields[int(self.rng.integers(0, len(self.fields)))]
        y, x = (int(v) for v in self.rng.integers(0, 64, 2))
        field = field[y : y + h, x : x + w]
        if self.rng.random() < 0.5:
            field = field[:, ::-1]
        grain = strength * (0.55 + 0.9 * np.sqrt(np.clip(image.mean(2, keepdims=True), 0, 1)))
        return ((image + grain * field) * 255).round().clip(0, 255).astype(np.uint8)


def noise_strength(night: bool) -> float:
    """Returns how noisy the sensor is."""
    return 0.030 if night else 0.013


def stamp(frame: np.ndarray, clock: str, name: str) -> np.ndarray:
    """Writes the recorder's clock and the camera's name into the frame, in place."""
    h, w = frame.shape[:2]
    scale, margin = w / 960 * 0.62, int(14 * w / 960)
    name_width = cv2.getTextSize(name, cv2.FONT_HERSHEY_DUPLEX, scale, 1)[0][0]
    for text, at in ((clock, (margin, int(26 * w / 960))), (name, (w - name_width - margin, h - margin))):
        for colour, weight in (((0, 0, 0), max(2, int(4 * scale))), ((245, 245, 245), 1)):
            cv2.putText(frame, text, at, cv2.FONT_HERSHEY_DUPLEX, scale, colour, weight, cv2.LINE_AA)
    return frame


def swayed(image: np.ndarray, reach: float, time: float) -> np.ndarray:
    """Returns the image as a mast shows it that wind moves by up to so many pixels, mostly sideways."""
    x = reach * (0.65 * math.sin(2.3 * time) + 0.35 * math.sin(1.07 * time + 1))
    y = 0.4 * reach * math.sin(1.7 * time + 2)
    h, w = image.shape[:2]
    way = np.array([[1, 0, x], [0, 1, y]], np.float32)
    return cv2.warpAffine(image, way, (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
