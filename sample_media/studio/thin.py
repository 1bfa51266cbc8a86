"""Takes the least telling views out of a set of stills until it is small enough: more scenes beat more views of one.

Runs in Lamplighter's own environment, without Blender: ``python -m sample_media.studio.thin --help``. It asks how
training splits the scenes, and leaves those that training does not learn from whole, so that scores stay comparable.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from detectors.training.splits import split_of_still
from sample_media.studio.gather import PARTS, holding

# A scene keeps its clean plate and at least one view with issues.
LEAST_VIEWS = 2


def thin(stills: Path, megabytes: float) -> Iterator[str]:
    """Takes views out, always one of the scene with most of them, and yields the name of each.

    Clean plates (``_0``) stay. Of a scene's others that one goes whose things are the commonest in the whole set.
    """
    boxes, left = _boxes(stills), round(1e6 * (holding(stills).megabytes - megabytes))
    common = sum(boxes.values(), Counter[str]())
    scenes: dict[str, list[str]] = defaultdict(list)
    for name in boxes:
        if split_of_still(stills / "images" / f"{name}.jpg", stills / "json") == "train":
            scenes[name.rsplit("_", 1)[0]].append(name)
    while left > 0:
        views = max(scenes.values(), key=len, default=[])
        if len(views) <= LEAST_VIEWS:
            return
        others = [name for name in views if not name.endswith("_0")]
        name = min(others, key=lambda other: sum(number / common[kind] for kind, number in boxes[other].items()))
        views.remove(name)
        common -= boxes[name]
        left -= _remove(stills, name)
        yield name


def _boxes(stills: Path) -> dict[str, Counter[str]]:
    """Counts each still's boxes by the number of their class."""
    files = sorted((stills / "labels").glob("s*.txt"))
    return {file.stem: Counter(line.split()[0] for line in file.read_text().splitlines()) for file in files}


def _remove(stills: Path, name: str) -> int:
    """Removes a still; returns how many bytes that freed."""
    files = [file for part, suffix in PARTS if (file := stills / part / f"{name}.{suffix}").exists()]
    freed = sum(file.stat().st_size for file in files)
    for file in files:
        file.unlink()
    return freed


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(prog="python -m sample_media.studio.thin", description=__doc__)
    parser.add_argument("stills", type=Path)
    parser.add_argument("--megabytes", type=float, default=59.9, help="take views out until the set is this small")
    args = parser.parse_args()
    gone = list(thin(args.stills, args.megabytes))
    found = holding(args.stills)
    print(f"{len(gone)} taken out; {sum(found.sites.values())} of {len(found.seeds)} seeds, {found.megabytes:.1f} MB")


if __name__ == "__main__":
    main()
