"""Crops of places of benches and bins: with the thing there, and where nothing but ground is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detectors.training.judges.examples import Example, Examples
from detectors.training.judges.laid import MOST_HIDDEN, CutOut, cut_outs, laid_before
from detectors.training.judges.many_bins import is_dark, read_bins
from detectors.training.judges.outlines import Points, Still
from detectors.training.judges.shots import Photograph, Told, examples, labelled, overlap, photographs, shared_areas
from detectors.values import Image

_STANDING = ("bench", "bin", "bin_overflowing")
_ON_GROUND = (*_STANDING, "litter", "fallen_tree", "person", "bicycle", "motorcycle", "car", "truck", "dog")
_OTHERS = ("litter", "person", "bicycle", "car")  # what stands where the thing was is not the ground
_GROUND, _WALKS = (1, 3, 5, 8), (1, 8)  # surfaces of the masks: path, lawn, paving, road
_THING = 255
_EDGE_PX = 2.0
_TIMES = {"bench": 1, "bin": 2}  # each thing is cut so often, and so many places without it; bins are rarer
_TRIES = 4
# Walks are swept and lit, and nothing stands on them: places beside them, where benches and bins stand, count for more.
_WEIGHT, _WALK_WEIGHT, _OTHERS_WEIGHT, _BESIDE_WEIGHT = 6.0, 2.0, 3.0, 1.0
# An empty place: its lower third is nearly all ground, and nothing stands in its upper part but what is behind it.
_GROUND_SHARE, _THINGS_BELOW, _THINGS_ABOVE, _COVERED = 0.85, 0.03, 0.5, 0.04
_LEAFY = 0.85  # share of a place that a crown hides; trees are all that is so large and not on the ground
_BEHIND = 0.25  # what stands so much farther up in the picture, in heights of the place, is behind it
_DARK = 22.0  # of a place darker than this, grey levels 0-255, nobody could tell what is there
# Shares of empty places behind a lamp's column, before another bench or bin, and between two things of a kind, where
# such things stand; others are beside one.
_AT_LAMP, _BEFORE, _BEHIND_ANOTHER, _BETWEEN = 0.2, 0.15, 0.2, 0.25
# Bins stand beside benches, so one is often seen before the place of another: a thing cut out elsewhere is laid before
# so many places, taken and bare ones alike. Not all things are registered: so many are not marked.
_LAID, _UNMARKED = 0.35, 0.1
_THE_SAME = 0.3  # what overlaps a thing of the scene's other still by so much stands in both


def bare_places(
    stills: list[Still], folder: Path | None, rng: np.random.Generator, makes: Path | None = None
) -> Examples:
    """All examples; state 1 is a place where nothing stands.

    Args:
        folder: photographs, see `shots.photographs`.
        makes: stills of benches and bins of many makes, see `read_bins`.

    Raises:
        LamplighterError: photographs that are missing or cannot be read.
    """
    every = [e for still in stills for e in _rendered(still, rng)]
    for picture in photographs(folder) if folder is not None else ():
        every += _photographed(picture, rng)
    if makes is not None:
        every += _of_makes(makes, rng)
    return Examples.of(every)


def _of_makes(makes: Path, rng: np.random.Generator) -> Iterator[Example]:
    """Benches and bins of many makes, and their places in the still of the scene in which they do not stand yet."""
    clean: Still | None = None
    for still, _ in read_bins(makes):
        if clean is None or clean.scene != still.scene:
            clean = still
            continue
        before, on_ground = labelled(clean, *_STANDING), labelled(clean, *_ON_GROUND)
        for kind in _TIMES:
            group = f"{kind} of many makes {'by night' if still.after_dark else 'by day'}"
            told = Told(0.0, _WEIGHT, still.scene, group)
            for box in labelled(still, *(name for name in _STANDING if name.startswith(kind))):
                if overlap(box, before).max(initial=0.0) >= _THE_SAME or is_dark(still.image, box):
                    continue
                yield from _place(box, told, still, [], rng)
                if _is_inside(box, clean.image) and _is_bare(box, before, on_ground, clean):
                    yield from _place(box, replace(told, state=1.0), clean, [], rng)


def _rendered(still: Still, rng: np.random.Generator) -> Iterator[Example]:
    light = "by night" if still.after_dark else "by day"
    on_ground, cuts = labelled(still, *_ON_GROUND), cut_outs(still)
    for kind, times in _TIMES.items():
        own = labelled(still, *(name for name in _STANDING if name.startswith(kind)))
        for box in own:
            for _ in range(times):
                yield from _place(box, Told(0.0, _WEIGHT, still.scene, f"{kind} {light}"), still, cuts, rng)
                empty = _empty(box, own, on_ground, still, rng)
                if empty is not None:
                    weight = _WALK_WEIGHT if _on_walk(empty, still) else _WEIGHT
                    yield from _place(empty, Told(1.0, weight, still.scene, f"{kind} {light}"), still, cuts, rng)
            for leaves in _leaves(box, on_ground, still, rng):
                yield from examples(
                    still.image, leaves, Told(0.0, _OTHERS_WEIGHT, still.scene, f"leaves {light}"), 1, rng
                )
    for name in _OTHERS:
        for box in labelled(still, name):
            yield from examples(still.image, box, Told(0.0, _OTHERS_WEIGHT, still.scene, f"others {light}"), 1, rng)


def _place(box: Points, told: Told, still: Still, cuts: list[CutOut], rng: np.random.Generator) -> Iterator[Example]:
    """One place, perhaps with another thing laid before it; where others are is marked."""
    image, standing = still.image, labelled(still, *_STANDING)
    others = standing[(standing != box).any(axis=1)]
    if cuts and rng.random() < _LAID:
        laid = laid_before(image, box, cuts[int(rng.integers(len(cuts)))], rng)
        if laid is not None:
            image, others = laid[0], np.concatenate([others, laid[1][None]])
    if shared_areas(box, others).any():
        told = replace(told, group=f"{told.group}, shared")
    marked = others[rng.random(len(others)) >= _UNMARKED]
    yield from examples(image, box, told, 1, rng, others=marked)


def _photographed(picture: Photograph, rng: np.random.Generator) -> Iterator[Example]:
    every = np.concatenate(list(picture.boxes.values()))
    for name in ("bin", "bin_overflowing"):
        for box in picture.boxes[name]:
            yield from examples(picture.image, box, Told(0.0, _WEIGHT, picture.scene, "photographs"), 1, rng)
            empty = _beside(box, rng)
            if _is_inside(empty, picture.image) and not shared_areas(empty, every).any():
                # What else is in photographs is not labelled: most of these show ground, some do not.
                yield from examples(
                    picture.image, empty, Told(1.0, _BESIDE_WEIGHT, picture.scene, "photographs"), 1, rng
                )


def _empty(box: Points, own: Points, on_ground: Points, still: Still, rng: np.random.Generator) -> Points | None:
    """A place for a thing like this where nothing stands, and which is light enough to see that."""
    lamps, standing = labelled(still, "street_light"), labelled(still, *_STANDING)
    near = lamps[np.abs(lamps[:, 3] - box[3]) < box[3] - box[1]]
    for _ in range(_TRIES):
        way = rng.random()
        if way < _AT_LAMP and len(near):
            place = _at_lamp(box, near[int(rng.integers(len(near)))], rng)
        elif way < _AT_LAMP + _BEFORE + _BEHIND_ANOTHER:
            low, high = (0.3, 0.8) if way < _AT_LAMP + _BEFORE else (-0.6, -0.02)
            place = _at_another(box, standing[int(rng.integers(len(standing)))], (low, high), rng)
        elif way > 1 - _BETWEEN and len(own) > 1:
            place = _between(box, own[int(rng.integers(len(own)))], rng)
        else:
            place = _beside(box, rng)
        if _is_inside(place, still.image) and _is_bare(place, standing, on_ground, still):
            return place
    return None


def _leaves(box: Points, on_ground: Points, still: Still, rng: np.random.Generator) -> Iterator[Points]:
    """A place as large as this that a crown hides: leaves show nothing of it, and look like lawn."""
    if still.surfaces is None or not len(still.tree_boxes):
        return
    for _ in range(_TRIES):
        tree, size = still.tree_boxes[int(rng.integers(len(still.tree_boxes)))], box[2:] - box[:2]
        corner = rng.uniform(tree[:2], np.maximum(tree[:2] + 1, tree[2:] - size))
        place = np.concatenate([corner, corner + size])
        x0, y0, x1, y1 = np.rint(place).astype(int)
        inside = _is_inside(place, still.image) and not shared_areas(place, on_ground).any()
        if inside and (still.surfaces[y0:y1, x0:x1] == _THING).mean() >= _LEAFY:
            yield place
            return


def _between(box: Points, other: Points, rng: np.random.Generator) -> Points:
    """Where a thing would stand, and how large, between two of its kind along the same walk."""
    share = rng.uniform(0.15, 0.85)
    return np.asarray(box + share * (other - box))


def _at_lamp(box: Points, lamp: Points, rng: np.random.Generator) -> Points:
    wide, tall = box[2:] - box[:2]
    foot = np.array([(lamp[0] + lamp[2]) / 2, lamp[3]]) + rng.uniform((-0.6, -0.3), (0.6, 0.3)) * (wide, tall)
    return np.array([foot[0] - wide / 2, foot[1] - tall, foot[0] + wide / 2, foot[1]])


def _at_another(box: Points, other: Points, nearer: tuple[float, float], rng: np.random.Generator) -> Points:
    """A place for a thing so near before another that this one is seen over it, or so near behind that it hides it."""
    wide, tall = box[2:] - box[:2]
    aside = rng.uniform((-0.7, nearer[0]), (0.7, nearer[1])) * (wide, tall)
    foot = np.array([(other[0] + other[2]) / 2, other[3]]) + aside
    return np.array([foot[0] - wide / 2, foot[1] - tall, foot[0] + wide / 2, foot[1]])


def _beside(box: Points, rng: np.random.Generator) -> Points:
    wide, tall = box[2:] - box[:2]
    shift = np.array([rng.choice((-1, 1)) * rng.uniform(1.05, 4.0) * wide, rng.uniform(-0.3, 0.5) * tall])
    return np.asarray(box + np.tile(shift, 2))


def _is_inside(place: Points, image: Image) -> bool:
    height, width = image.shape[:2]
    low, high = _EDGE_PX, (width - _EDGE_PX, height - _EDGE_PX)
    return bool((place[:2] >= low).all() and (place[2:] <= high).all())


def _is_bare(place: Points, standing: Points, on_ground: Points, still: Still) -> bool:
    wide, tall = place[2:] - place[:2]
    near = on_ground[on_ground[:, 3] > place[3] - _BEHIND * tall]
    before = standing[standing[:, 3] > place[3]]
    hiding = shared_areas(place, before).sum()
    if shared_areas(place, near).sum() - hiding > _COVERED * wide * tall or hiding > MOST_HIDDEN * wide * tall:
        return False
    x0, y0, x1, y1 = np.rint(place).astype(int)
    if still.image[y0:y1, x0:x1].mean() < _DARK:
        return False
    if still.surfaces is None:
        return not hiding
    within = np.where(_columns(still)[y0:y1, x0:x1], _GROUND[0], still.surfaces[y0:y1, x0:x1])
    hidden = _filled(before, still.image)[y0:y1, x0:x1]
    low = (2 * within.shape[0]) // 3
    above, below = within[:low][~hidden[:low]], within[low:][~hidden[low:]]
    return bool(
        len(above)
        and len(below)
        and np.isin(below, _GROUND).mean() >= _GROUND_SHARE
        and (below == _THING).mean() <= _THINGS_BELOW
        and (above == _THING).mean() <= _THINGS_ABOVE
    )


def _columns(still: Still) -> NDArray[np.bool_]:
    """Where lamps are: a column before a place hides little of it."""
    return _filled(labelled(still, "street_light"), still.image)


def _filled(boxes: Points, image: Image) -> NDArray[np.bool_]:
    """Where boxes (n, 4) px are, and a little below them, (h, w)."""
    filled = np.zeros(image.shape[:2], bool)
    for x0, y0, x1, y1 in np.rint(boxes).astype(int):
        filled[max(0, y0) : y1 + 2, max(0, x0) : x1] = True
    return filled


def _on_walk(place: Points, still: Still) -> bool:
    if still.surfaces is None:
        return False
    x0, y0, x1, y1 = np.rint(place).astype(int)
    return bool(np.isin(still.surfaces[(y0 + y1) // 2 : y1, x0:x1], _WALKS).mean() > 0.5)
