"""Makes clips of real still cameras with an issue that is laid in their view, to try inspectors on.

    python -m sample_media.laid DATA OUT --split train --views streets --count 44
    lamplighter evaluate OUT

DATA holds labelled sets that the training knows by name: `camvid` (streets, cars, people), `litter_bins` (heaps) and
`potholes` (holes); what is laid comes from the part of the split too. Branches and bicycles are cut out of this
project's rendered stills, cases and puddles are drawn. `--views campus` lays them over the PETS clip. Half of the clips
have their ground registered, the others have an empty register. OUT holds parts of others' pictures: mind their
licences.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np

from detectors.errors import LamplighterError
from sample_media.laid import gather
from sample_media.laid.cutouts import Cutout
from sample_media.laid.films import Scenario, Walker, film
from sample_media.laid.laying import Laid, find_place, hole, laid, puddle
from sample_media.laid.views import RealView, campus, streets

_STILLS = Path(__file__).parent.parent / "stills"
_PETS = Path("/usr/share/doc/opencv-doc/examples/data/vtest.avi")
_SHARP = 1.7  # what is enlarged more is softer than the view
_EACH = 24  # cut-outs of a kind
_TRIES, _APART, _SEEN = 3, 18, 0.15  # grey levels by which a share of its box must differ to be seen
_VIEWS_TRIED = 12  # for a place that suits
_COMES_S, _FROM_START = 5.0, 0.3  # when it comes; share of clips in which it is there from the start
_CLOUDS, _CLOUD_S, _LIGHT = 0.3, 9.0, (0.65, 0.8, 1.25)  # share of clips whose light changes, when, and to what
_EMPTY = 0.35  # share of clips in which nobody walks
T = TypeVar("T")

KINDS = ("litter", "case", "clean", "hole", "puddle", "branch", "litter", "car", "bicycle", "clean", "case")
"""What is laid, in turn; eleven, so that each kind comes with and without a register."""


class Things:
    """The cut-outs of one part of the data, gathered when they are first needed."""

    def __init__(self, data: Path, split: str, rng: np.random.Generator) -> None:
        """Gather nothing yet."""
        self._rng = rng
        self._sources: dict[str, Callable[[], Iterator[object]]] = {
            "litter": lambda: gather.heaps(data / "litter_bins", split, rng),
            "hole": lambda: gather.holes(data / "potholes", split, rng),
            "car": lambda: gather.cars(data / "camvid", split, rng),
            "person": lambda: gather.people(data / "camvid", split, rng),
            "case": lambda: gather.cases(rng),
            "branch": lambda: gather.rendered(_STILLS, ["fallen_tree"], rng),
            "bicycle": lambda: gather.rendered(_STILLS, ["bicycle"], rng),
        }
        self._kept: dict[str, list[object]] = {}

    def any(self, kind: str, of: type[T]) -> T:
        """One of a kind.

        Raises:
            LamplighterError: there is none.
        """
        if kind not in self._kept:
            self._kept[kind] = list(islice(self._sources[kind](), _EACH))
        if not self._kept[kind]:
            raise LamplighterError(f"Nothing of the kind '{kind}' is to be had in this part of the data.")
        thing = self._kept[kind][int(self._rng.integers(len(self._kept[kind])))]
        assert isinstance(thing, of)
        return thing


# Width in metres of what is laid, and by how much it is squeezed because it was seen from higher up.
_WIDE = {"litter": (0.7, 1.3), "branch": (2.0, 3.2), "bicycle": (1.6, 1.8), "hole": (0.6, 1.2), "puddle": (1.2, 2.6)}
_FLAT = {"branch": 0.75, "bicycle": 0.6}
_ISSUES = {"litter": "litter", "hole": "path_damaged", "puddle": "path_flooded"}


def lay(view: RealView, kind: str, things: Things, rng: np.random.Generator) -> Laid | None:
    """Something of a kind on the view's ground that can be seen; None where no place is found for it."""
    return next((t for t in (_laid(view, kind, things, rng) for _ in range(_TRIES)) if t and seen(view, t)), None)


def seen(view: RealView, thing: Laid) -> bool:
    """Whether a thing makes a difference to the picture."""
    if not (thing.cover > 0.5).any():
        return False
    x0, y0, x1, y1 = thing.box().pixels(view.still.shape[1], view.still.shape[0])
    apart = cv2.absdiff(thing.over(view.still), view.still)[y0:y1, x0:x1].max(2)
    return float((apart > _APART).mean()) >= _SEEN


def _laid(view: RealView, kind: str, things: Things, rng: np.random.Generator) -> Laid | None:
    grounds = {"litter": ("path", "lawn"), "hole": ("path", "road")}.get(kind, ("path",))
    if kind in ("hole", "puddle"):
        wide_m = float(rng.uniform(*_WIDE[kind]))
        foot = find_place(view, grounds, wide_m, 0.35, rng)
        if foot is None or (kind == "puddle" and view.horizon < 0):  # what water would show is not in the picture
            return None
        wide = wide_m * view.metre_at(foot[1])
        return (
            puddle(view, foot, wide, rng)
            if kind == "puddle"
            else hole(view, things.any(kind, np.ndarray), foot, wide, rng)
        )
    thing = things.any(kind, Cutout)
    flat, shape = _FLAT.get(kind, 1.0), thing.size[1] / thing.size[0]
    if thing.metre is not None:
        wide_m = thing.size[0] / thing.metre
    else:
        wide_m = float(rng.uniform(*_WIDE[kind])) if kind in _WIDE else float(rng.uniform(0.5, 0.95)) / shape
    foot = find_place(view, grounds, wide_m, shape * flat, rng, _SHARP * thing.size[0] / wide_m)
    if foot is None:
        return None
    wide = wide_m * view.metre_at(foot[1])
    return laid(view, thing, foot, wide, flat, bool(rng.integers(2)), under=kind not in _FLAT)


def walkers(view: RealView, things: Things, rng: np.random.Generator, count: int) -> list[Walker]:
    """People who walk about on the ground of a view in which nothing moves."""
    found = []
    for _ in range(count):
        foot = find_place(view, ("path", "road", "lawn"), 0.6, 2.7, rng)
        if foot is not None:
            who, tall = things.any("person", Cutout), float(rng.uniform(1.6, 1.85))
            if tall * view.metre_at(foot[1]) > _SHARP * who.size[1]:
                continue
            found.append(Walker(who, foot[1], tall, float(rng.random()), bool(rng.integers(2))))
    return found


def make(views: list[RealView], things: Things, out: Path, count: int, rng: np.random.Generator) -> int:
    """Film clips of a spread of views; returns how many."""
    made = 0
    for turn, at in enumerate(np.linspace(0, len(views) - 1, count).astype(int) if views else []):
        kind = KINDS[turn % len(KINDS)]
        tried = ((view, None if kind == "clean" else lay(view, kind, things, rng)) for view in _near(views, at))
        fit = next(((view, thing) for view, thing in tried if kind == "clean" or thing is not None), None)
        if fit is None:
            continue
        view, thing = fit
        registered = bool(view.regions) and turn % 2 == 0
        name = f"{turn:03d}_{kind}_{'registered' if registered else 'discover'}"
        film(view, _scenario(view, kind, thing, things, rng), registered, out, name, rng)
        made += 1
    return made


def _near(views: list[RealView], at: int) -> Iterator[RealView]:
    return (views[(at + step) % len(views)] for step in range(_VIEWS_TRIED))


def _scenario(view: RealView, kind: str, thing: Laid | None, things: Things, rng: np.random.Generator) -> Scenario:
    from_s = 0.0 if rng.random() < _FROM_START else _COMES_S
    darkens = (float(rng.choice(_LIGHT)), _CLOUD_S, float(rng.choice([0.3, 3.0]))) if rng.random() < _CLOUDS else None
    alone = len(view.pictures) > 1 or rng.random() < _EMPTY
    people = [] if alone else walkers(view, things, rng, int(rng.integers(1, 3)))
    return Scenario(_ISSUES.get(kind, "path_obstructed"), thing, from_s, people, darkens)


def main() -> None:
    """Films a set."""
    parser = argparse.ArgumentParser(prog="python -m sample_media.laid", description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="folder of the labelled sets")
    parser.add_argument("out", type=Path, help="where clips and truth files go")
    parser.add_argument("--split", choices=("train", "val"), default="val")
    parser.add_argument("--views", choices=("streets", "campus"), default="streets")
    parser.add_argument("--pets", type=Path, default=_PETS, help="the PETS clip, for --views campus")
    parser.add_argument("--count", type=int, default=22)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    try:
        views = {
            "streets": lambda: streets(args.data / "camvid", args.split),
            "campus": lambda: campus(args.pets),
        }[args.views]()
        made = make(list(views), Things(args.data, args.split, rng), args.out, args.count, rng)
    except LamplighterError as error:
        parser.exit(1, f"{error}\n")
    if not made:
        parser.exit(1, "No view with ground in its foreground was found there.\n")


if __name__ == "__main__":
    main()
