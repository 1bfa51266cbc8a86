"""Changes clips with truth files into other kinds of view, to try inspectors on.

    python -m sample_media.views DIR --out OUT --kinds fog,drops
    lamplighter evaluate OUT/fog

Every clip in DIR that has a truth file beside it is written to OUT/KIND, its truth file with it: regions and boxes
where the view shows them. A clip with a fault of the camera is left out of a kind in which the fault would not stay
what it is, such as a frozen picture in rain. The same clip, by its name, always comes out the same.
"""

from __future__ import annotations

import argparse
import json
import zlib
from datetime import datetime
from itertools import chain
from pathlib import Path

from detectors.errors import LamplighterError
from detectors.sources import Source, open_source
from detectors.truth import SUFFIX, Truth, clip_beside, read_truth
from detectors.video_writer import H264Writer
from sample_media.views.film import Film, Kind
from sample_media.views.kinds import KINDS, kinds_of
from sample_media.views.truths import moved

_EVERY_S = 1e-3  # each picture is wanted: less than the time between two


def change(truth_path: Path, name: str, kind: Kind, out: Path) -> Path | None:
    """Write a clip in a kind of view, and its truth file; returns the clip, None where its fault would be spoiled.

    Raises:
        LamplighterError: the truth file is not one, or there is no clip beside it, or it cannot be read.
    """
    known = read_truth(truth_path)
    if kind.spoils & {issue.issue for issue in known.issues}:
        return None
    taken, stem = clip_beside(truth_path), truth_path.name.removesuffix(SUFFIX)
    source = open_source(str(taken))
    film = _film(source, known, zlib.crc32(f"{name}/{stem}".encode()))
    pictures = kind.change((frame.whole() for frame in source.frames(_EVERY_S)), film)
    clip, first = out / f"{stem}.mp4", next(pictures)
    height, width = first.shape[:2]
    with H264Writer(clip, width, height, film.fps, kind.coding) as writer:
        for picture in chain([first], pictures):
            writer.write(picture)
    raw = {"assets": [], "issues": []} | json.loads(truth_path.read_text(encoding="utf-8"))
    if taken.is_dir():  # its pictures may have their times in their names, which a clip made of them has not
        raw |= {"times_utc": [at.isoformat() for at in film.times]}
    truth = moved(raw, kind, film.size, (width, height))
    clip.with_suffix(SUFFIX).write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    return clip


def _film(source: Source, known: Truth, seed: int) -> Film:
    """What there is to know of a clip before its pictures are changed."""
    times: list[datetime] = []
    size = (0, 0)
    for frame in source.frames(_EVERY_S):
        if not times:
            whole = frame.whole()
            size = (int(whole.shape[1]), int(whole.shape[0]))
        times.append(frame.at)
    return Film(known.view.camera, tuple(times), known.fps, size, seed)


def change_folder(folder: Path, out: Path, kinds: dict[str, Kind]) -> dict[str, tuple[int, int]]:
    """Write every clip of a folder in every kind; returns by kind how many were written, and how many left out.

    Raises:
        LamplighterError: no such folder, or no truth file in it, or a clip or truth file cannot be read.
    """
    if not folder.is_dir():
        raise LamplighterError(f"{folder}: no such folder.")
    truths = sorted(folder.glob(f"*{SUFFIX}"))
    if not truths:
        raise LamplighterError(f"{folder}: no *{SUFFIX} files in this folder, so there is nothing to change.")
    made = {}
    for name, kind in kinds.items():
        clips = [change(path, name, kind, out / name) for path in truths]
        made[name] = (sum(clip is not None for clip in clips), clips.count(None))
    return made


def main() -> None:
    """Changes a folder of clips."""
    parser = argparse.ArgumentParser(prog="python -m sample_media.views", description=__doc__.splitlines()[0])
    parser.add_argument("dir", type=Path, help="folder of clips with truth files")
    parser.add_argument("--out", type=Path, required=True, help="where a folder for each kind of view goes")
    parser.add_argument("--kinds", default="", help=f"with commas between them, of {', '.join(KINDS)}; all by default")
    args = parser.parse_args()
    try:
        made = change_folder(args.dir, args.out, kinds_of(args.kinds))
    except LamplighterError as error:
        parser.exit(1, f"{error}\n")
    for name, (written, left_out) in made.items():
        print(f"{name}: {written} clips" + (f", {left_out} left out for a fault of the camera" if left_out else ""))


if __name__ == "__main__":
    main()
