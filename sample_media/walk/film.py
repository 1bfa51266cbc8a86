"""Turns plates and walkers into a clip: wind, water, breathing exposure, noise, clock, H.264."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import cv2
import numpy as np

from sample_media.studio import look
from sample_media.walk.indices import SHRUB, TREE, WATER
from sample_media.walk.plan import HEIGHT, WIDTH
from sample_media.walk.schedule import FPS, SECONDS, Clip
from sample_media.walk.truth import BEGINS

# How dark a lamp is while it flickers: its light in full, dimmed, nearly gone (0 burns, 1 is out).
FLICKER = (0.0, 0.4, 0.9)
# Ratios of a walker's window to the plate nearer to 1 than this are the denoiser's wavering, not shadow.
WAVERING = 0.06


Window = tuple[int, int, int, int]


@dataclass
class Plate:
    """A rendered view: picture (BGR float 0-1), and how far off in metres is what is wrong (inf elsewhere)."""

    picture: np.ndarray
    wrong: np.ndarray


@dataclass
class Step:
    """A walker in one frame: its window, the picture there (BGR float 0-1), its outline (0-1), how far off (m)."""

    window: Window
    picture: np.ndarray
    outline: np.ndarray
    distance: float


class Wind:
    """Crowns that sway and water that moves, as displacements of the picture."""

    def __init__(self, clean: np.ndarray, ids: np.ndarray, rng: np.random.Generator) -> None:
        self.y, self.x = (v.astype(np.float32) for v in np.mgrid[0:HEIGHT, 0:WIDTH])
        crowns = ((ids >= TREE) & (ids < TREE + 20)) | (ids == SHRUB)
        green = clean[..., 1] - np.maximum(clean[..., 0], clean[..., 2])  # trunks are grey, and stand still
        leafy = cv2.GaussianBlur((green > 0.012).astype(np.float32), (0, 0), 5)
        self.crowns = cv2.GaussianBlur(crowns.astype(np.float32), (0, 0), 3) * np.clip(leafy * 2.2, 0, 1)
        water = cv2.erode((ids == WATER).astype(np.uint8), np.ones((3, 3))).astype(np.float32)
        top = float(np.flatnonzero((ids == WATER).any(1)).min()) if (ids == WATER).any() else 0.0
        self.water = cv2.GaussianBlur(water, (0, 0), 1.2) * np.clip((self.y - top) / (HEIGHT - top), 0.03, 1)
        self.sway = [_field(rng, 38) for _ in range(4)]
        self.waves = [_field(rng, cell) for cell in (8, 8, 18, 18)]
        self.force = rng.uniform(0.3, 0.8)

    def blow(self, picture: np.ndarray, time: float) -> np.ndarray:
        """Returns the picture as it is displaced at a time (seconds)."""
        gust = self.force * (0.65 + 0.35 * math.sin(time * 0.7) * math.sin(time * 0.23 + 1))
        sway = sum(f * (math.sin(time * (2.1 + 0.7 * k) + 1.7 * k) * gust) for k, f in enumerate(self.sway))
        wave = sum(f * math.sin(time * (3.1 - 0.4 * k) + 1.3 * k) for k, f in enumerate(self.waves))
        dx = sway[..., 0] * self.crowns + wave[..., 0] * self.water * 1.3
        dy = sway[..., 1] * self.crowns * 0.6 + wave[..., 1] * self.water * 0.7
        return cv2.remap(picture, self.x + dx, self.y + dy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def _field(rng: np.random.Generator, cell: int) -> np.ndarray:
    rough = rng.standard_normal((HEIGHT // cell + 3, WIDTH // cell + 3, 2)).astype(np.float32)
    return cv2.resize(rough, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)


def _smoothed(grey: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Returns a grey picture smoothed over the pixels where something counts (0-1)."""
    return cv2.GaussianBlur(grey * where, (0, 0), 1.2) / (cv2.GaussianBlur(where, (0, 0), 1.2) + 1e-4)


def lay_over(image: np.ndarray, step: Step, clean: np.ndarray, plate: Plate) -> None:
    """Lays a walker over an image in place: its body by its outline, its shadow by how it darkens the clean plate."""
    x0, y0, x1, y1 = step.window
    part = np.s_[y0:y1, x0:x1]
    picture, body = step.picture.astype(np.float32), step.outline.astype(np.float32)
    # Seen without the body, whose darkness would else spread round it as a halo.
    beside = (body < 0.02).astype(np.float32)
    light, usual = (_smoothed(view.mean(2), beside) + 0.015 for view in (picture, clean[part]))
    rows, columns = np.arange(y1 - y0), np.arange(x1 - x0)
    edge = np.minimum(np.minimum(rows, rows[::-1])[:, None], np.minimum(columns, columns[::-1])[None])
    shade = np.clip(light / usual + WAVERING, 0.25, 1.0)
    shade = 1 - (1 - shade) * np.clip(edge / 5, 0, 1) * beside
    free = (plate.wrong[part] > step.distance + 0.2).astype(np.float32)
    # Where the light of this plate is another than that of the clean one, so is the walker's.
    foot = np.s_[max(0, y1 - 16) : y1, x0:x1]
    other = float(np.clip((np.median(plate.picture[foot]) + 0.01) / (np.median(clean[foot]) + 0.01), 0.15, 1.2))
    mask = (body * free)[..., None]
    image[part] = image[part] * shade[..., None] * (1 - mask) + np.clip(picture * other, 0, 1) * mask


def _level(clip: Clip, time: float, rng: np.random.Generator) -> float:
    """Returns how far the picture has gone from the clean plate to that with the issue."""
    if not clip.code or time < clip.sets_in:
        return 0.0
    if clip.code == "light_flickering":
        return FLICKER[int(rng.choice(3, p=(0.45, 0.25, 0.30)))]
    if clip.kind == "light_out_coming" and time < clip.sets_in + 1.2:
        return float(rng.choice([0.15, 0.6, 1.0]))
    return 1.0


def pictures(
    clip: Clip, clean: Plate, wrong: Plate | None, wind: Wind, walkers: Sequence[dict[int, Step]], width: int
) -> Iterator[np.ndarray]:
    """Yields the clip's frames as BGR uint8."""
    rng, night = np.random.default_rng([clip.seed, 4, *clip.name.encode()]), clip.light == "night"
    wrong = wrong or clean
    size = (width, width * HEIGHT // WIDTH)
    grades = [look.grade_of(cv2.resize(p.picture, size), night) for p in (clean, wrong)]
    sensor = look.Sensor(size, rng)
    begins = datetime.fromisoformat(BEGINS[clip.light]) + timedelta(hours=8)
    for n in range(round(SECONDS * FPS)):
        time = n / FPS
        level = _level(clip, time, rng)
        plate = wrong if level >= 0.5 else clean
        mixed = plate.picture if level in (0.0, 1.0) else clean.picture * (1 - level) + wrong.picture * level
        image = wind.blow(mixed, time)
        for step in sorted((w[n] for w in walkers if n in w), key=lambda s: -s.distance):
            lay_over(image, step, clean.picture, Plate(mixed, plate.wrong))
        image *= 1 + 0.012 * math.sin(time * 0.5) + 0.004 * rng.standard_normal()
        image = cv2.resize(image, size, interpolation=cv2.INTER_CUBIC) if size[0] != WIDTH else image
        frame = sensor.expose(look.develop(image, grades[int(level >= 0.5)]), look.noise_strength(night))
        clock = (begins + timedelta(seconds=int(time))).strftime("%Y-%m-%d %H:%M:%S")
        yield look.stamp(frame, clock, f"CAM {clip.seed:02d}  RIVERSIDE WALK")
