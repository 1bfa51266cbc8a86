"""Crops of lamps from labelled stills: those that stand in their outline, and outlines in which none stands.

Lamps that lean, snap or go are rare in stills, outlines without a lamp are not: turned, stretched or moved from the
lamp they were drawn of. So that what slants round it is no sign of a lamp that leans, all crops are turned a little.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from detectors.geometry import Region
from detectors.inspectors.crops import stance_crop
from detectors.training.judges.examples import Example, Examples
from detectors.training.judges.harmed import read_harmed
from detectors.training.judges.outlines import Outlined, Points, Still, as_region, moved, plan_of
from detectors.training.judges.plans import Standing, standing
from detectors.training.judges.street_lamps import photographed_lamps
from detectors.values import Image

_LEAST_PX = 36.0  # lower lamps show hardly more than their head
_RECTANGLES = 0.25  # share of rectangles: what `discover` registers has no finer outline
_TURN = 10.0  # degrees by which crops are turned, whatever they show
_STANDS_TIMES, _LEANS_TIMES = 2, 4  # each is cut so often; those that lean are rare
_TILT = (4.5, 22.0)  # degrees
_LEANS_FROM = 0.06  # of its height by which the top of one that leans is off; less cannot be told from a rough outline
_ASIDE, _SCALED, _HIGHER = (0.12, 0.8), (0.7, 1.2), (1.6, 2.3)  # of its height; of its size
_NEAR = 0.22  # of its height: what is nearer to a lamp is turned with it
_FOOT_SHARE, _SAME_FOOT = 0.03, 0.06  # of its height: the foot's rows, and how far a plan's foot may be off
_SAME_HEAD, _SAME_TOP = 0.05, 0.25  # of its height, across and down: nearer to another lamp's, that one is in it
_TRIES, _WEIGHT, _HARMED_WEIGHT = 6, 2.0, 6.0  # harmed stills: few crops, and most like what is asked for
_HIDDEN = 0.5  # share of a lamp behind crowns, from which nobody could tell that it leans or is gone


def lamp_stances(
    stills: list[Still], photographs: Path | None, rng: np.random.Generator, harmed: Path | None = None
) -> Examples:
    """All examples of some stills, of a folder of photographs, see `photographed_lamps`, and of harmed lamps.

    Args:
        harmed: folder of stills, see `read_harmed`.
    """
    rendered = [example for still in stills for example in _of_still(still, rng)]
    real = [] if photographs is None else list(photographed_lamps(photographs, rng))
    return Examples.of([*rendered, *real, *(() if harmed is None else harmed_lamps(harmed, rng))])


def harmed_lamps(folder: Path, rng: np.random.Generator) -> Iterator[Example]:
    """Lamps that came to harm, and those beside them that stand; state 1 is harmed.

    Raises:
        LamplighterError: see `read_harmed`.
    """
    for still in read_harmed(folder):
        for lamp in still.lamps:
            top, low = lamp.outline[:, 1].min(), lamp.outline[:, 1].max()
            slight = lamp.became == "leans" and lamp.off < _LEANS_FROM
            if slight or lamp.height < _LEAST_PX or top <= 1 or low > len(still.image) - 2:
                continue
            seen, stands = lamp.hidden <= _HIDDEN, lamp.became == "stands"
            # Of what is gone no label tells that it would be seen.
            if not stands and not (seen and (lamp.became == "gone" or len(lamp.boxes))):
                continue
            group = lamp.became if not stands or (seen and len(lamp.boxes)) else "hidden"
            for _ in range(_STANDS_TIMES if stands else _LEANS_TIMES):
                outline, told = _as_drawn(lamp.outline, rng), f"harmed: {group}"
                yield from _example(still.image, outline, float(not stands), still.scene, told, rng, _HARMED_WEIGHT)


def _of_still(still: Still, rng: np.random.Generator) -> Iterator[Example]:
    plan = plan_of(still.picture)
    planned = standing(plan, still.image.shape[1], still.image.shape[0]) if plan.is_file() else []
    lamps = [thing for thing in planned if thing.kind == "street_light"]
    for lamp in still.all_lamps:
        top = lamp.outline.min(axis=0)
        if lamp.height < _LEAST_PX or top[1] <= 1 or lamp.outline[:, 1].max() > len(still.image) - 2:
            continue
        of_plan = _planned(lamp, lamps)
        seen = any(lamp is other for other in still.lamps)
        if of_plan is None or not of_plan.leans:
            yield from _stands(lamp, seen, still, rng)
        elif seen:
            yield from _leans(lamp, of_plan, still, rng)


def _stands(lamp: Outlined, seen: bool, still: Still, rng: np.random.Generator) -> Iterator[Example]:
    """A lamp that stands, and its outline where it does not; one that is hidden stands all the same."""
    for _ in range(_STANDS_TIMES):
        group = "stands" if seen else "hidden"
        yield from _example(still.image, _as_drawn(lamp.outline, rng), 0.0, still.scene, group, rng)
    if seen:
        shown = bent(still.image, lamp.outline, rng.choice([-1, 1]) * rng.uniform(*_TILT))
        yield from _example(shown, _as_drawn(lamp.outline, rng), 1.0, still.scene, "bent", rng)
        tilt = rng.choice([-1, 1]) * rng.uniform(*_TILT)
        yield from _empty(moved(lamp.outline, tilt, rng.uniform(0.86, 1.04), np.zeros(2)), still, "turned", rng)
        foot = np.array([np.median(lamp.outline[:, 0]), lamp.outline[:, 1].max()])
        yield from _empty((lamp.outline - foot) * (1.0, rng.uniform(*_HIGHER)) + foot, still, "broken", rng)
    for _ in range(_TRIES):
        shift = np.array([rng.choice([-1, 1]) * rng.uniform(*_ASIDE), rng.normal(0, 0.05)]) * lamp.height
        found = list(_empty(moved(lamp.outline, 0.0, rng.uniform(*_SCALED), shift), still, "gone", rng))
        yield from found
        if found:
            return


def _foot(outline: Points) -> Points:
    low = outline[outline[:, 1] >= outline[:, 1].max() - _FOOT_SHARE * np.ptp(outline[:, 1])]
    return np.array([low[:, 0].mean(), outline[:, 1].max()])


def _planned(lamp: Outlined, planned: list[Standing]) -> Standing | None:
    """What the plan says of an outlined lamp."""
    foot = _foot(lamp.outline)
    near = [(float(np.hypot(*(thing.foot - foot))), thing) for thing in planned]
    best = min(near, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] < _SAME_FOOT * lamp.height else None


def _leans(lamp: Outlined, planned: Standing, still: Still, rng: np.random.Generator) -> Iterator[Example]:
    """A lamp that leans, in the outline that it had upright."""
    up, now = planned.upright - planned.foot, planned.top - planned.foot
    if np.hypot(*(up - now)) < _LEANS_FROM * lamp.height:
        return
    turn = np.degrees(np.arctan2(up[1], up[0]) - np.arctan2(now[1], now[0]))
    upright = moved(lamp.outline, float(turn), float(np.hypot(*up) / np.hypot(*now)), np.zeros(2))
    if upright[:, 1].min() <= 1:
        return
    for _ in range(_LEANS_TIMES):
        yield from _example(still.image, _as_drawn(upright, rng), 1.0, still.scene, "leans", rng)


def _empty(outline: Points, still: Still, group: str, rng: np.random.Generator) -> Iterator[Example]:
    """An outline in which no lamp stands, unless another one does."""
    height, width = still.image.shape[:2]
    inside = outline[:, 1].min() >= 2 and outline[:, 0].min() >= 2 and outline[:, 0].max() <= width - 2
    if inside and outline[:, 1].max() <= height - 2 and not any(_fits(outline, o.outline) for o in still.all_lamps):
        yield from _example(still.image, outline, 1.0, still.scene, group, rng)


def _fits(outline: Points, lamp: Points) -> bool:
    """Whether a lamp's head and foot are near those of an outline."""
    tall = np.ptp(outline[:, 1])
    top = abs(outline[:, 1].min() - lamp[:, 1].min())
    at = [
        points[points[:, 1] < points[:, 1].min() + 0.2 * np.ptp(points[:, 1]), 0].mean() for points in (outline, lamp)
    ]
    feet = [np.median(points[points[:, 1] > points[:, 1].max() - 0.05 * tall, 0]) for points in (outline, lamp)]
    return bool(max(abs(at[0] - at[1]), abs(feet[0] - feet[1])) < _SAME_HEAD * tall and top < _SAME_TOP * tall)


def _as_drawn(outline: Points, rng: np.random.Generator) -> Points:
    """An outline as somebody else would have drawn it."""
    height = np.ptp(outline[:, 1])
    return moved(outline, rng.uniform(-0.8, 0.8), rng.uniform(0.98, 1.02), rng.normal(0, 0.006, 2) * height)


def _example(
    image: Image,
    outline: Points,
    target: float,
    scene: str,
    group: str,
    rng: np.random.Generator,
    weight: float = _WEIGHT,
) -> Iterator[Example]:
    region = as_region(outline, image)
    if region is None:
        return
    if rng.random() < _RECTANGLES:
        region = Region.rectangle(region.box)
    yield Example(stance_crop(image, region, rng.uniform(-_TURN, _TURN)), target, weight, scene, group)


def bent(image: Image, outline: Points, degrees: float) -> Image:
    """The picture with a lamp or tree turned about its foot, and less and less of what is farther from it."""
    tall, foot = float(np.ptp(outline[:, 1])), _foot(outline)
    turn = np.radians(degrees)
    x0, y0 = np.maximum((outline.min(axis=0) - 0.8 * tall).astype(int), 0)
    x1, y1 = np.minimum((outline.max(axis=0) + 0.8 * tall).astype(int), (image.shape[1], image.shape[0]))
    y, x = (v.astype(np.float32) for v in np.mgrid[y0:y1, x0:x1])
    # Distance from where the lamp will be, so that all of it is turned by the same angle.
    lean, middle = np.tan(turn), float(outline[:, 0].mean()) - foot[0]
    aside = (x - foot[0] - middle - lean * (foot[1] - y)) / tall
    share = np.exp(-((aside / (_NEAR + np.ptp(outline[:, 0]) / tall)) ** 4)) * (y < foot[1] + 2)
    shown = image.copy()
    from_x = x - share * lean * (foot[1] - y)
    shown[y0:y1, x0:x1] = cv2.remap(image, np.asarray(from_x, np.float32), y, cv2.INTER_LINEAR)
    return shown
