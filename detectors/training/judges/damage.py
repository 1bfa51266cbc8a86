"""Holes, cracks and broken paving, and what detectors take for them: shade, litter, water, covers, bare paving."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from detectors.backends import load_detector
from detectors.catalogue.entries import bundled
from detectors.detector import Detector
from detectors.errors import LamplighterError
from detectors.geometry import Box, Mask
from detectors.inspectors.body_crops import ground_crop
from detectors.training.covers import draw_cover, place_for
from detectors.training.judges.body_stills import BodyStill, in_shares, read_body_stills
from detectors.training.judges.examples import HELD_BACK, Example, Examples
from detectors.training.judges.outlines import read_labelled
from detectors.training.judges.shade import shaded
from detectors.training.people import read_mask
from detectors.training.samples import fraction_of, pictures_in
from detectors.training.scoring import read_picture
from detectors.values import Image

UNHARMED, DAMAGE = 0.0, 1.0
"""The states."""

_HOLE, _CRACK = 6, 7  # numbers of the stills' labels
# What else of the stills' labels a detector calls damage, and how often each is cut.
_OTHERS = {4: 1.0, 5: 1.0, 8: 2.0, 9: 1.0, 10: 0.3, 11: 1.0}
_SETS = {"potholes": {0: "holes"}, "road_damage": {0: "cracks", 1: "holes"}}  # numbers of the photographs' labels
_BESIDE = {"camvid": 2, "trees": 2, "litter_bins": 3}  # sets without a label for damage: one picture in so many
_ROAD = (3, 4)  # numbers of CamVid's masks
_HELD_SHARE = 0.2
_LEAST_PX = 5.0
_FAINTEST, _SIZE = 0.05, 640  # what is asked of the detector
_TIMES, _SHADED_TIMES, _RENDERED_TIMES = 4, 1, 4
_OFF = 0.1  # of a box's size, by which boxes are off
_CLEAR = 0.05  # of a claimed box that a label may share with it when it is none
_FLAT = (0.12, 0.9)  # height of bare places over their width
_BARE, _TRIES = 3, 12
_COVERS = 2  # covers, grates, patches and paint drawn on a picture's ground
_LEAST_GROUND = 0.95
_PICKED = 1000.0  # how often each of the four is picked: only that it is the same counts
_UNSURE, _DOUBTED = 0.5, 0.3  # of a weight: bare places on damaged roads; claims there, for labels miss damage


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture, what is damage in it, and where its ground is."""

    image: Image
    scene: str
    kind: str
    damage: tuple[tuple[str, Box], ...]
    others: tuple[tuple[float, Box], ...]
    ground: Mask
    times: int
    weight: float = 1.0
    covers: tuple[Box, ...] = ()


def damage(stills: Path, photographs: Path | None, rng: np.random.Generator) -> Examples:
    """All examples; what the bundled detector calls damage where none is labelled is among them, as none.

    Args:
        stills: folder of labelled stills.
        photographs: folder that may hold `potholes`, `road_damage`, `camvid`, `trees` and `litter_bins`; of their
            training parts one picture in five is held back.
    """
    claims = _claims(load_detector(bundled(), "auto", cache=None))
    found = [e for still in read_body_stills(stills) for e in _examples(_of_still(still), rng, claims)]
    if photographs is not None:
        found += [e for picture in _photographs(photographs) for e in _examples(picture, rng, claims)]
    if not found:
        raise LamplighterError(f"{stills}: no stills with masks.")
    return _balanced(Examples.of(found))


def _balanced(examples: Examples) -> Examples:
    """The same, so weighed that rendered and photographed damage is picked as often as what is none of each."""
    states = (examples.targets >= 0.5).astype(int)
    kinds = np.char.startswith(examples.groups, "rendered").astype(int)
    weights = examples.weights.copy()
    for kind, state in np.ndindex(2, 2):
        part = (kinds == kind) & (states == state)
        weights[part] *= _PICKED * np.sqrt((states == state).sum()) / max(1e-6, weights[part].sum())
    return replace(examples, weights=weights)


def _claims(detector: Detector) -> Callable[[Image], list[Box]]:
    """What a detector calls a hole or a crack in a picture, however faintly."""
    return lambda image: [box for _, _, box in detector.predict([image], _FAINTEST, _SIZE)[0].named("pothole", "crack")]


def _of_still(still: BodyStill) -> _Picture:
    names = {_HOLE: "holes", _CRACK: "cracks"}
    marks = tuple((names[number], box) for number, box in still.boxes if number in names)
    others = tuple((_OTHERS[number], box) for number, box in still.boxes if number in _OTHERS)
    return _Picture(
        still.image, still.scene, "rendered", marks, others, still.paved, _RENDERED_TIMES, covers=still.covers
    )


def _photographs(folder: Path) -> Iterator[_Picture]:
    for name, numbers in _SETS.items():
        for picture in pictures_in(folder / name / "images" / "train"):
            image, labels = read_labelled(picture)
            marks = tuple((numbers[number], box) for number, box in in_shares(labels, image))
            ground = np.zeros(image.shape[:2], bool)
            ground[len(ground) // 2 :, image.shape[1] // 6 : -image.shape[1] // 6] = True
            yield _Picture(image, _scene(name, picture), "photographed", marks, (), ground, _TIMES, _UNSURE)
    for name, every in _BESIDE.items():
        for picture in pictures_in(folder / name / "images" / "train")[::every]:
            image = read_picture(picture)
            ground = np.zeros(image.shape[:2], bool)
            if name == "camvid":
                ground = np.isin(read_mask(folder / name / "masks" / "train" / f"{picture.stem}.png"), _ROAD)
            yield _Picture(image, _scene(name, picture), "photographed", (), (), ground, 0)


def _scene(source: str, picture: Path) -> str:
    name = f"{source}__{picture.stem}"
    return f"{HELD_BACK if fraction_of(name) < _HELD_SHARE else 'train/'}{name}"


def _examples(picture: _Picture, rng: np.random.Generator, claims: Callable[[Image], list[Box]]) -> Iterator[Example]:
    """Damage and no damage of a picture, as it is and with shade drawn on it."""
    for image, shade in ((picture.image, ""), (shaded(picture.image, rng), " in shade")):
        for name, box in picture.damage:
            times = _SHADED_TIMES if shade else picture.times
            yield from _cut(image, box, DAMAGE, times, 1.0, picture, f"{name}{shade}", rng)
        for box in picture.covers:
            times = _SHADED_TIMES if shade else picture.times
            yield from _cut(image, box, UNHARMED, times, 1.0, picture, f"covers let in{shade}", rng)
        for box in _bare(picture, image, rng):
            yield from _cut(image, box, UNHARMED, 1, picture.weight, picture, f"ground{shade}", rng)
        for box in claims(image):
            if all(box.shared(mark) <= _CLEAR for _, mark in picture.damage):
                weight = picture.weight if shade else _DOUBTED * picture.weight
                yield from _cut(image, box, UNHARMED, 1, weight, picture, f"claims{shade}", rng)
    for image, box in _covered(picture, rng):
        yield from _cut(image, box, UNHARMED, 1, picture.weight, picture, "covers", rng)
    for often, box in picture.others:
        if all(box.shared(mark) <= _CLEAR for _, mark in picture.damage):
            times = int(often) if often >= 1 else int(rng.random() < often)
            yield from _cut(picture.image, box, UNHARMED, times, 1.0, picture, "other things", rng)


def _covered(picture: _Picture, rng: np.random.Generator) -> Iterator[tuple[Image, Box]]:
    """The picture with one thing after another drawn on its ground, and where the latest is."""
    image, taken = picture.image, [box for _, box in (*picture.damage, *picture.others)]
    for _ in range(_COVERS):
        place = place_for(picture.ground, taken, rng)
        if place is not None:
            image, taken = draw_cover(image, place, rng), [*taken, place]
            yield image, place


def _cut(
    image: Image,
    box: Box,
    state: float,
    times: int,
    weight: float,
    picture: _Picture,
    name: str,
    rng: np.random.Generator,
) -> Iterator[Example]:
    if box.height * image.shape[0] < _LEAST_PX or box.width * image.shape[1] < _LEAST_PX:
        return
    for _ in range(times):
        off = rng.normal(0, _OFF, 4).clip(-0.25, 0.25) * np.array([box.width, box.height] * 2)
        moved = Box.of((np.array(box.as_list()) + off).tolist())
        yield Example(ground_crop(image, moved), state, 2 * weight, picture.scene, f"{picture.kind} {name}")


def _bare(picture: _Picture, image: Image, rng: np.random.Generator) -> Iterator[Box]:
    """Places of ground without a label; of some the one with most contrast, where shade ends."""
    height, width = picture.ground.shape
    rows, columns = np.nonzero(picture.ground)
    for _ in range(_BARE if len(rows) else 0):
        fit = []
        for _ in range(_TRIES):
            n = int(rng.integers(len(rows)))
            wide = float(np.exp(rng.uniform(np.log(0.03), np.log(0.35)))) * width * (0.3 + 0.7 * rows[n] / height)
            tall = wide * float(rng.uniform(*_FLAT))
            x0, y0 = int(columns[n] - wide / 2), int(rows[n] - tall / 2)
            x1, y1 = int(x0 + wide), int(y0 + tall)
            if min(x0, y0) < 0 or x1 > width or y1 > height or tall < _LEAST_PX:
                continue
            box = Box(x0 / width, y0 / height, x1 / width, y1 / height)
            known = [b for _, b in (*picture.damage, *picture.others)]
            if picture.ground[y0:y1, x0:x1].mean() >= _LEAST_GROUND and not any(box.intersection(b) > 0 for b in known):
                fit.append((float(image[y0:y1, x0:x1].std()), box))
        if fit:
            yield max(fit, key=lambda f: f[0])[1] if rng.random() < 0.5 else fit[0][1]
