"""Which clips are filmed of a walk, and who walks in them. Pure numbers."""

import math
from dataclasses import dataclass

import numpy as np

from sample_media.walk.plan import Plan

LIGHTS = ("day", "dusk", "night")
SECONDS, FPS, SETS_IN = 14.0, 5, 6.0
WALKERS = {"day": 3, "dusk": 1, "night": 2}
KINDS = {
    "day": (
        *("light_on_by_day", "light_damaged_lean", "light_damaged_gone", "path_obstructed_branch"),
        *("path_obstructed_thing", "path_damaged", "path_flooded", "litter", "bin_overflowing", "tree_fallen"),
        *("tree_leaning", "tree_bare", "asset_missing_bench", "asset_missing_bin"),
    ),
    "dusk": (),
    "night": (
        *("light_out", "light_out_coming", "light_flickering", "path_obstructed_thing", "path_damaged"),
        *("path_flooded", "litter", "bin_overflowing"),
    ),
}
# Every kind is an issue's code, with what tells two of one code apart after it.
CODES = (
    *("light_on_by_day", "light_damaged", "light_out", "light_flickering", "path_obstructed", "path_damaged"),
    *("path_flooded", "litter", "bin_overflowing", "tree_fallen", "tree_leaning", "tree_bare", "asset_missing"),
)
Colour = tuple[float, float, float]
SKINS: tuple[Colour, ...] = ((0.45, 0.27, 0.19), (0.30, 0.17, 0.11), (0.55, 0.36, 0.27))
HAIRS: tuple[Colour, ...] = ((0.03, 0.02, 0.015), (0.012, 0.01, 0.01), (0.16, 0.10, 0.055))
TOPS: tuple[Colour, ...] = (
    *((0.045, 0.055, 0.085), (0.24, 0.10, 0.085), (0.20, 0.18, 0.145), (0.02, 0.02, 0.022)),
    *((0.42, 0.42, 0.40), (0.06, 0.12, 0.10), (0.34, 0.26, 0.06)),
)
BOTTOMS: tuple[Colour, ...] = ((0.03, 0.033, 0.042), (0.07, 0.08, 0.105), (0.035, 0.035, 0.04), (0.16, 0.14, 0.11))


@dataclass(frozen=True)
class Walker:
    """Someone who walks: where at the clip's start, how fast (m/s, below 0 towards the camera), in what."""

    s: float
    t: float
    speed: float
    height: float
    top: Colour
    legs: Colour
    skin: Colour
    hair: Colour
    coat: bool

    def place(self, seconds: float) -> tuple[float, float]:
        """Returns s and t at a time of the clip."""
        s = self.s + self.speed * seconds
        return s, self.t + 0.12 * math.sin(s * 0.25 + self.height * 9)


@dataclass(frozen=True)
class Clip:
    """One clip: its light, the kind of issue ('' for none), when that begins, and which walkers may come."""

    seed: int
    light: str
    kind: str
    sets_in: float
    walkers: tuple[int, ...]

    @property
    def name(self) -> str:
        """Returns the file's name without its ending."""
        kind = self.kind or ("clean_walkers" if self.walkers else "clean")
        return f"w{self.seed}_{self.light}_{kind}"

    @property
    def code(self) -> str:
        """Returns the issue's code, '' where nothing is wrong."""
        return max((code for code in CODES if self.kind.startswith(code)), key=len, default="")


def walkers_of(plan: Plan, light: str) -> tuple[Walker, ...]:
    """Returns who may walk there in a light."""
    rng = np.random.default_rng([plan.seed, 2, LIGHTS.index(light)])
    return tuple(_walker(plan, rng, k) for k in range(WALKERS[light]))


def _walker(plan: Plan, rng: np.random.Generator, k: int) -> Walker:
    speed, near = rng.uniform(1.05, 1.6) * (-1) ** k, plan.camera.nearest()
    start = near + (rng.uniform(-4, 14) if speed > 0 else rng.uniform(10, 30))

    def pick(colours: tuple[Colour, ...]) -> Colour:
        return colours[int(rng.integers(0, len(colours)))]

    return Walker(
        start, rng.uniform(-0.6, 0.6) * plan.course.half, speed, rng.uniform(1.58, 1.86),
        pick(TOPS), pick(BOTTOMS), pick(SKINS), pick(HAIRS), bool(rng.random() < 0.35),
    )  # fmt: skip


def clips_of(plan: Plan) -> list[Clip]:
    """Returns the clips of a walk, about half of them with walkers, half of the issues from the start."""
    rng, clips = np.random.default_rng([plan.seed, 3]), []
    for light in LIGHTS:
        all_of_them = tuple(range(WALKERS[light]))
        clips.append(Clip(plan.seed, light, "", 0.0, ()))
        clips.append(Clip(plan.seed, light, "", 0.0, all_of_them))
        for k, kind in enumerate(KINDS[light]):
            coming = (plan.seed + k) % 2 == 1
            if kind in ("light_out", "light_flickering", "light_out_coming"):
                coming = kind == "light_out_coming"
            some = tuple(w for w in all_of_them if rng.random() < 0.7) if rng.random() < 0.5 else ()
            clips.append(Clip(plan.seed, light, kind, SETS_IN if coming else 0.0, some))
    return clips
