"""Where the training pictures come from, and what each set labels.

Every set labels only its own classes. What a set does not label is either completed by a COCO checkpoint (movers and
benches), judged absent by eye on contact sheets of the set, or left out of the class loss (`unlabelled`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from detectors.errors import LamplighterError
from detectors.training.classes import CLASSES
from detectors.training.samples import plain_name, read_names


@dataclass(frozen=True, slots=True)
class Source:
    """One labelled set: its folder's name and its classes.

    Attributes:
        classes: number in the set's label files to our class name.
        unlabelled: our classes that its pictures may show without a label.
        every: take each n-th training picture (neighbouring frames of a drive show the same).
        between: take the others too, with these classes unlabelled; None leaves them out.
        repeat: how often one epoch shows each picture.
    """

    name: str
    classes: dict[int, str]
    unlabelled: frozenset[str]
    every: int = 1
    between: frozenset[str] | None = None
    repeat: int = 1

    def __post_init__(self) -> None:
        unknown = (set(self.classes.values()) | self.unlabelled | (self.between or set())) - set(CLASSES)
        if unknown:
            raise ValueError(f"Source {self.name} names classes that do not exist: {sorted(unknown)}.")


# Hardly a lamp is in these photographs but those marked in CamVid's. While street_light was unlabelled in three of the
# sets, nothing taught that bins and house fronts are none: the detector found 17 a picture in CamVid, and of the 219 it
# found in 90 photographs of bins all but a few were bins (by eye, at 0.3).
SOURCES: tuple[Source, ...] = (
    Source(
        "litter_bins",
        {0: "litter", 1: "bin", 2: "bin_overflowing"},
        frozenset({"tree", "crack"}),
    ),
    Source("trees", {0: "tree"}, frozenset()),
    Source("potholes", {0: "pothole"}, frozenset({"tree", "crack", "puddle"}), repeat=2),
    Source("road_damage", {0: "crack", 1: "pothole"}, frozenset({"tree"})),
    Source(
        "camvid",
        {},
        frozenset({"tree", "crack", "bin"}),
        every=2,
        between=frozenset({"street_light"}),  # lamps were marked on each second frame only
        repeat=2,
    ),
)

CAMVID_LAMPS = Path(__file__).parent / "camvid_lamps.json"
"""Street lamps of CamVid's training frames: name of the frame to boxes x0, y0, x1, y1 in 0-1."""

STILLS = Source("rendered", dict(enumerate(CLASSES)), frozenset(), repeat=2)
"""Rendered pictures, all labelled. Shown twice an epoch, some 800 stills weigh as much as the photographs."""

MAKES = Source("many_makes", STILLS.classes, frozenset(), repeat=3)
"""Rendered benches and bins of many makes, all labelled; those of the other stills are of one make each."""
MAKES_FOLDER = "makes"
"""Where they are, beside the folder of stills; not there for who has other stills."""
LEFT = Source("left", STILLS.classes, frozenset(), repeat=3)
"""Rendered stills of what was left standing on paths: obstacles. Their folder's name beside the other stills too."""
DRAWN_OBSTACLES, STREET_OBSTACLES = "drawn_obstacles", "street_obstacles"
"""Copies of rendered stills and of CamVid's frames with obstacles drawn on them."""
RENDERED = frozenset({STILLS.name, MAKES.name, LEFT.name, DRAWN_OBSTACLES})
"""The sets in which everything is labelled, movers too."""


def sources_in(data: Path) -> list[tuple[Path, Source]]:
    """The sets in a folder: the known ones by their folder's name, and one's own, which have a `data.yaml`.

    Raises:
        LamplighterError: a `data.yaml` that is none, or that names no class of ours.
    """
    known = {s.name for s in SOURCES}
    found = [(data / s.name, s) for s in SOURCES if (data / s.name).is_dir()]
    folders = [data, *sorted(p for p in data.iterdir() if p.is_dir() and p.name not in known)]
    return found + [(folder, own_source(folder)) for folder in folders if (folder / "data.yaml").is_file()]


def own_source(folder: Path) -> Source:
    """One's own labelled pictures, verdicts among them: classes by the names in its `data.yaml`, all others unlabelled.

    Raises:
        LamplighterError: the `data.yaml` is none, or names no class of ours.
    """
    _, names = read_names(folder / "data.yaml")
    classes = {number: plain_name(name) for number, name in names.items() if plain_name(name) in CLASSES}
    if not classes:
        raise LamplighterError(f"{folder / 'data.yaml'}: names none of our classes ({', '.join(CLASSES)}).")
    return Source(plain_name(folder.name), classes, frozenset(CLASSES) - set(classes.values()))
