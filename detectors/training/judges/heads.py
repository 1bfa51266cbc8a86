"""Crops of lamps' heads from labelled stills: lit, dark, and dark places beside lit heads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import cv2
import numpy as np

from detectors.geometry import Region
from detectors.inspectors.crops import head_box, head_crop
from detectors.inspectors.glow import head_peak
from detectors.training.judges.daylight import before_white_sky, in_the_sun, laid_over
from detectors.training.judges.drawn_heads import draw_head
from detectors.training.judges.examples import GROUPS, Example, Examples
from detectors.training.judges.outlines import Outlined, Points, Still, as_region, moved
from detectors.values import Image

_LEAST_PX = 20.0  # lamps lower than this have heads of three pixels
_RECTANGLES = 0.4  # share of rectangles: what `discover` registers has no finer outline
# Each lamp is cut so often: dark by day, lit by night, and those that are rare, lit by day and dark by night.
_DAY_TIMES, _NIGHT_TIMES, _RARE_TIMES = 1, 2, 4
_BESIDE = 0.5  # lamps by night beside which a dark place is cut
_DARKENED = 0.25  # lamps that are dark by day and are shown by night too, with no lamp on
_LIT_FROM_ELSEWHERE = 0.4  # lamps that are dark by day and are shown in the sun, and before a white sky
_MOVED_LIT, _MOVED_DARK = 4, 0.35  # how often lamps by day are laid over another picture, lit and dark ones
_NIGHT, _MOONLIT = (0.008, 0.06), (1.15, 1.0, 0.85)  # what is left of the day's light, and its colour
_CUT, _CUT_TO = 0.12, (0.25, 0.6)  # lamps whose foot is cut off, what is left of them
_PLAIN_WEIGHT = 6.0  # a real head counts so much more than a place beside one
# A lamp in made light, drawn, or made to stand elsewhere counts less than a real one: else nights are seldom picked.
_MADE_WEIGHTS = {"beside": 1.0, "in the sun": 2.0, "white sky": 2.0, "laid elsewhere": 2.0, "drawn": 4.0}
_DRAWN_TIMES, _DRAWN_DARK = 7, 0.3  # lamps drawn into each still; of those by day so many are shown in the dark
_DUSK, _AT_DUSK = (0.25, 0.6), 0.3  # of these so many by what is left of the day's levels at dusk
_GLOWS_FROM = 130.0  # a lit lamp whose head has nothing so bright, grey levels 0-255, is hidden
_TRIES = 6


def lamp_heads(stills: list[Still], rng: np.random.Generator) -> Examples:
    """All examples of some stills, outlines a little off as those drawn by hand are."""
    pictures = Counter(still.scene for still in stills)
    most = max(pictures.values())
    elsewhere = _by_group(stills)
    # A scene of few pictures is cut as much more often, or scenes of many would drown it.
    often = [still for still in stills for _ in range(most // pictures[still.scene])]
    own = rng.spawn(1)[0]
    rendered = (example for still in often for example in _examples_of(still, elsewhere, rng))
    drawn = (example for still in stills if still.scene in elsewhere for example in _drawn_into(still, own))
    return Examples.of(chain(rendered, drawn))


def _examples_of(still: Still, elsewhere: dict[str, list[Still]], rng: np.random.Generator) -> Iterator[Example]:
    yield from _heads_of(still, rng)
    if not still.after_dark:
        for lamp in still.lamps:
            if _is_usable(lamp):
                yield from _laid_elsewhere(lamp, still, elsewhere.get(still.scene, []), rng)


def _drawn_into(still: Still, rng: np.random.Generator) -> Iterator[Example]:
    """Lamps of other makes, drawn into a still as it is, or as it would be by night or at dusk."""
    for _ in range(_DRAWN_TIMES):
        image, dark = still.image, still.after_dark
        if not dark and rng.random() < _DRAWN_DARK:
            at_dusk = rng.random() < _AT_DUSK
            image = np.asarray(image * rng.uniform(*_DUSK), np.uint8) if at_dusk else _by_night(image, rng)
            dark = True
        drawn, outline, state = draw_head(image, rng, lit=rng.random() < 0.5, night=dark)
        shown = _shown(Outlined(outline, state), replace(still, image=drawn), rng)
        if shown is not None:
            yield _example(*shown, state, still.scene, "drawn, dark" if dark else "drawn", rng)


def _is_usable(lamp: Outlined) -> bool:
    return lamp.height >= _LEAST_PX and lamp.outline[:, 1].min() > 1


def _by_group(stills: list[Still]) -> dict[str, list[Still]]:
    """For each scene the pictures by day of its group, one in five of all: its lamps may be laid over these.

    One group is held back from training, so that no picture is both trained and scored on.
    """
    scenes = sorted({still.scene for still in stills if any(_is_usable(lamp) for lamp in still.lamps)})
    group_of = {scene: number % GROUPS for number, scene in enumerate(scenes)}
    groups: list[list[Still]] = [[] for _ in range(GROUPS)]
    for still in stills:
        if still.scene in group_of and not still.after_dark:
            groups[group_of[still.scene]].append(still)
    return {scene: groups[group] for scene, group in group_of.items()}


def _laid_elsewhere(lamp: Outlined, still: Still, over: list[Still], rng: np.random.Generator) -> Iterator[Example]:
    """A lamp by day before other things: those that burn by day are rare, and what is behind them tells nothing."""
    times = _MOVED_LIT if lamp.state == 1 else int(lamp.state == 0 and rng.random() < _MOVED_DARK)
    for _ in range(times if over else 0):
        image, outline = laid_over(still.image, lamp.outline, over[rng.integers(len(over))].image, rng)
        shown = _shown(replace(lamp, outline=outline), replace(still, image=image), rng)
        if shown is not None:
            hidden = lamp.state == 1 and head_peak(*shown) < _GLOWS_FROM
            yield _example(*shown, 0.5 if hidden else lamp.state, still.scene, "laid elsewhere", rng)


def _heads_of(still: Still, rng: np.random.Generator) -> Iterator[Example]:
    glowing = [lamp for lamp in still.lamps if lamp.state > 0 and lamp.outline[:, 1].min() > 1]
    for lamp in still.lamps:
        if not _is_usable(lamp):
            continue
        rare = lamp.state < 1 if still.after_dark else lamp.state > 0
        usual = _NIGHT_TIMES if still.after_dark else _DAY_TIMES
        for _ in range(_RARE_TIMES if rare else usual):
            shown = _shown(lamp, still, rng)
            if shown is not None:
                hidden = lamp.state == 1 and head_peak(*shown) < _GLOWS_FROM
                yield _example(*shown, 0.5 if hidden else lamp.state, still.scene, "heads", rng)
        if still.after_dark and rng.random() < _BESIDE:
            region = _beside(lamp, glowing, still, rng)
            if region is not None:
                yield _example(still.image, region, 0.0, still.scene, "beside", rng)
        if not still.after_dark and lamp.state == 0:
            yield from _in_other_light(lamp, still, rng)


def _in_other_light(lamp: Outlined, still: Still, rng: np.random.Generator) -> Iterator[Example]:
    """A lamp that is dark by day, as stills do not show it: by night, white in the sun, before an overexposed sky."""
    if rng.random() < _DARKENED:
        shown = _shown(lamp, still, rng)
        if shown is not None:
            yield _example(_by_night(shown[0], rng), shown[1], 0.0, still.scene, "darkened", rng)
    for group, light in (("in the sun", in_the_sun), ("white sky", before_white_sky)):
        if rng.random() < _LIT_FROM_ELSEWHERE:
            shown = _shown(lamp, replace(still, image=light(still.image, lamp.outline, rng)), rng)
            if shown is not None:
                yield _example(*shown, 0.0, still.scene, group, rng)


def _example(image: Image, region: Region, target: float, scene: str, group: str, rng: np.random.Generator) -> Example:
    weight = _MADE_WEIGHTS.get(group.split(",")[0], _PLAIN_WEIGHT)
    return Example(head_crop(image, region, rng.uniform(-6, 6)), target, weight, scene, group)


def _shown(lamp: Outlined, still: Still, rng: np.random.Generator) -> tuple[Image, Region] | None:
    """A lamp's outline as somebody else would have drawn it, now and then with its foot outside the picture."""
    off = rng.normal(0, 0.008, 2) * lamp.height
    points = moved(lamp.outline, rng.uniform(-1.5, 1.5), rng.uniform(0.97, 1.03), off)
    image = still.image
    if rng.random() < _CUT:
        lowest = round(points[:, 1].min() + rng.uniform(*_CUT_TO) * lamp.height)
        down = max(0, len(image) - lowest)
        image, points = (
            np.vstack([np.zeros_like(image[:down]), image[: len(image) - down]]),
            points + np.array([0, down]),
        )
    region = _region(points, image, rng)
    return None if region is None else (image, region)


def _by_night(image: Image, rng: np.random.Generator) -> Image:
    """A picture taken by day as it would be by night, with no lamp on."""
    left = rng.uniform(*_NIGHT) * np.array(_MOONLIT)
    levels = ((np.arange(256)[:, None] / 255) ** 2.2 * left) ** (1 / 2.2) * 255
    return np.dstack([cv2.LUT(image[..., k], levels[:, k].astype(np.uint8)) for k in range(3)])


def _beside(lamp: Outlined, glowing: list[Outlined], still: Still, rng: np.random.Generator) -> Region | None:
    """The lamp's outline moved to where no lit head is inside it, though one may be near."""
    height, width = still.image.shape[:2]
    for _ in range(_TRIES):
        shift, scale = rng.normal(0, (0.35, 0.2)) * lamp.height, rng.uniform(0.6, 1.3)
        points = moved(lamp.outline, 0.0, scale, shift)
        inside = points[:, 1].min() >= 2 and points[:, 0].min() >= 2 and points[:, 0].max() <= width - 2
        region = _region(points, still.image, rng) if inside else None
        if region is None:
            continue
        head = head_box(region)
        x, y = np.array(head.centre) * (width, height)
        tall = lamp.height * scale
        if not any(_covers(other, (x, y), tall, head.width * width, still) for other in glowing):
            return region
    return None


def _covers(lit: Outlined, at: tuple[float, float], tall: float, wide: float, still: Still) -> bool:
    """Whether a lit lamp's head reaches into a head of that size, px, at that place."""
    height, width = still.image.shape[:2]
    region = as_region(lit.outline, still.image)
    if region is None:
        return False
    x, y = np.array(head_box(region).centre) * (width, height)
    near = 0.10 * (tall + lit.height)
    return bool(abs(at[0] - x) < max(near, 0.6 * wide) and abs(at[1] - y) < near)


def _region(points: Points, image: Image, rng: np.random.Generator) -> Region | None:
    region = as_region(points, image)
    if region is None or rng.random() >= _RECTANGLES:
        return region
    return Region.rectangle(region.box)
