"""Falling rain: streaks in the air and rings of spray where drops strike wet ground."""

import cv2
import numpy as np

# (streaks at 960x540, length in pixels, how much they lighten), near to far.
LAYERS = ((70, (34, 66), 0.30), (260, (16, 32), 0.26), (900, (6, 14), 0.22))
SLANT = 0.10
# Rings in one frame, and how far off one can still be seen, in metres.
SPLASHES, SPLASHES_TO = 260, 45.0


class Rain:
    """Rain over one view; every frame's drops are new, as they are between two frames of a camera."""

    def __init__(self, ground: np.ndarray, depth: np.ndarray, rng: np.random.Generator) -> None:
        """Takes where the view shows ground (bool) and its depth in metres, both (height, width)."""
        self.rng, self.shape = rng, ground.shape
        ground = ground & (depth < SPLASHES_TO)
        self.ground, self.depth = np.argwhere(ground), depth
        # Far ground is small in the picture, yet a square metre of it takes as many drops.
        self.chances = np.maximum(depth[ground], 3.0) ** 2
        self.chances /= self.chances.sum()

    def fall(self, image: np.ndarray) -> np.ndarray:
        """Returns the image (BGR float 0-1) with a frame's rain in it."""
        (h, w), light = self.shape, np.zeros(self.shape, np.float32)
        for count, (short, long), strength in LAYERS:
            layer = np.zeros(self.shape, np.float32)
            for _ in range(round(count * w * h / (960 * 540))):
                x, y = self.rng.uniform(0, w), self.rng.uniform(-long, h)
                length = self.rng.uniform(short, long) * w / 960
                end = (round(x + SLANT * length), round(y + length))
                cv2.line(layer, (round(x), round(y)), end, float(self.rng.uniform(0.5, 1)), 1, cv2.LINE_AA)
            light += strength * cv2.GaussianBlur(layer, (0, 0), 0.8 if long > 40 else 0.5)
        light += 0.45 * self._splashes()
        # Drops gather the light about them: they show where it is light, less in the dark.
        about = cv2.GaussianBlur(cv2.resize(image.mean(2), (w // 8, h // 8)), (0, 0), 5)
        bright = np.clip(0.42 + 0.75 * cv2.resize(about, (w, h)), 0, 1)[..., None]
        return image * (1 - light[..., None]) + light[..., None] * bright

    def _splashes(self) -> np.ndarray:
        layer = np.zeros(self.shape, np.float32)
        if not len(self.ground):
            return layer
        for y, x in self.ground[self.rng.choice(len(self.ground), SPLASHES, p=self.chances)]:
            radius = 42.0 / self.depth[y, x] * self.rng.uniform(0.3, 1.0) * self.shape[1] / 960
            axes = (max(1, round(radius)), max(1, round(radius * 0.4)))
            cv2.ellipse(layer, (int(x), int(y)), axes, 0, 0, 360, float(self.rng.uniform(0.3, 1)), 1, cv2.LINE_AA)
        return layer
