"""The data recipe: from the sets as they come to one set for training, the same every time.

1. Read each set's labels under our class names; keep one picture in ten of its training part back ("hold").
2. Turn pictures upright that were stored on their side (trees only).
3. Complete movers and benches with a COCO checkpoint; add the street lamps marked on CamVid frames, and people of its
   masks whom the checkpoint does not see.
4. Draw lamps on copies of training photographs, and turn copies of the holes' upside down, half of them darkened.
5. Add rendered stills, also of many makes of benches and bins and of what was left on paths, split by scene so that
   none is on both sides.
6. Draw covers, grates, patches and paint on the ground of copies of training pictures: none of them is damage.
7. Draw cones, barriers, cartons and cases on the ground of others: those are obstacles.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import yaml

from detectors.errors import LamplighterError
from detectors.geometry import Box
from detectors.training.classes import CLASSES
from detectors.training.covers import draw_cover, place_for
from detectors.training.lamps import draw_lamp
from detectors.training.obstacles import on_stills, on_streets, standing_rows
from detectors.training.people import missed_people, read_mask
from detectors.training.samples import Row, Sample, fraction_of, pictures_in, read_rows
from detectors.training.scoring import read_picture
from detectors.training.sources import CAMVID_LAMPS, LEFT, MAKES, MAKES_FOLDER, SOURCES, STILLS, Source, sources_in
from detectors.training.splits import HOLD, plan_of, split_of_still
from detectors.training.teacher import complete, overlap
from detectors.values import Image

STILLS_LEAST_SIDE, STILLS_LEAST_AREA = 12 / 640, 40 / (640 * 360)
"""Smaller boxes are left out of rendered stills: less than 12 pixels long, or 40 in area, of 640 x 360."""
DRAWN = {"trees": 110, "road_damage": 110, "litter_bins": 90, "potholes": 40}
"""How many lamp pictures are drawn, by the set whose photographs they use."""
TURNED, DARK = "potholes", 0.18
"""The set of which copies are turned upside down, and how bright the darkened ones are."""
COVERED, MOST_COVERS = {"rendered": 240, "camvid": 120}, 4
"""How many pictures get covers and the like drawn on their ground, by set, and how many each at most."""
STREET_PAVING, STILLS_PAVING = (3, 4), (1, 8)
"""Numbers of roads and paths in the masks of CamVid and of rendered stills."""
SEED = 20260616


def build(
    data: Path, out: Path, *, stills: Path | None = None, teacher: Any = None, notice: Callable[[str], None] = print
) -> Path:
    """Write the merged set.

    Args:
        data: folder with one folder a source, each `images/{train,val}` and `labels/{train,val}`: the sets of
            `sources`, and one's own with a `data.yaml` that names their classes.
        out: where it is written: `images/`, `labels/`, `data.yaml`, `manifest.json`.
        stills: folder of rendered stills (`images`, `labels`, `json`), fully labelled.
        teacher: an ultralytics YOLO with COCO classes; without it movers are unlabelled.
        notice: told of each step.

    Returns:
        Path of `data.yaml`.

    Raises:
        LamplighterError: no pictures found, or a label file or picture that cannot be read.
    """
    samples: list[Sample] = []
    for folder, source in sources_in(data):
        part = list(_read_source(folder, source))
        for sample in part:
            _store(sample, out, _completing(teacher, sample, folder / "masks"))
        notice(f"{source.name}: {_counts(part)}")
        samples += part
    drawn = list(_drawn(samples, out))
    notice(f"drawn lamps: {len(drawn)} train")
    turned = list(_turned(samples, out))
    notice(f"holes upside down: {len(turned)} train")
    samples += drawn + turned
    for folder, source in _rendered(stills):
        rendered = list(_read_stills(folder, source))
        for sample in rendered:
            _store(sample, out, None)
        notice(f"{source.name}: {_counts(rendered)}")
        samples += rendered
    covered = list(_covered(samples, data / "camvid" / "masks" / "train", stills, out))
    notice(f"drawn covers: {len(covered)} train")
    samples += covered
    obstacles = list(_obstructed(samples, data / "camvid" / "masks" / "train", stills, out))
    notice(f"drawn obstacles: {len(obstacles)} train")
    samples += obstacles
    if not samples:
        expected = f"{SOURCES[0].name}/images/train, or a data.yaml beside images/train"
        raise LamplighterError(f"No training pictures under {data}: expected folders like {expected}.")
    return _write_index(samples, out)


def _counts(samples: Iterable[Sample]) -> str:
    listed = [s.split for s in samples]
    return ", ".join(f"{listed.count(split)} {split}" for split in ("train", "hold", "val"))


def _read_source(folder: Path, source: Source) -> Iterable[Sample]:
    lamps = _marked_lamps() if source.name == "camvid" else {}
    for split in ("train", "val"):
        pictures = pictures_in(folder / "images" / split)
        every = source.every if split == "train" else 1
        held = [split == "train" and i % every == 0 and _is_held(source, p) for i, p in enumerate(pictures)]
        for i, picture in enumerate(pictures):
            between = i % every != 0
            # A frame beside a held-back one shows nearly the same: it is neither trained on nor held back.
            if between and (source.between is None or any(held[max(i - every + 1, 0) : i + every])):
                continue
            unlabelled = source.unlabelled | (source.between if between and source.between else frozenset())
            rows = read_rows(folder / "labels" / split / f"{picture.stem}.txt", source.classes)
            rows += lamps.get(picture.stem, [])
            part = "hold" if held[i] else split
            yield Sample(_name_of(source, picture), picture, part, rows, source.name, set(unlabelled))


def _name_of(source: Source, picture: Path) -> str:
    return f"{source.name}__{picture.stem}"


def _is_held(source: Source, picture: Path) -> bool:
    return fraction_of(_name_of(source, picture)) < HOLD


def _marked_lamps() -> dict[str, list[Row]]:
    """Street lamps on CamVid training frames: pole masks whose top has an arm, each looked at by eye."""
    marked = json.loads(CAMVID_LAMPS.read_text(encoding="utf-8"))
    return {image: [Row("street_light", (b[0], b[1], b[2], b[3])) for b in boxes] for image, boxes in marked.items()}


def _rendered(stills: Path | None) -> list[tuple[Path, Source]]:
    """The folders of rendered stills: the one named, and those of many makes and of what was left, if beside it."""
    if stills is None:
        return []
    beside = [(stills.parent / MAKES_FOLDER, MAKES), (stills.parent / LEFT.name, LEFT)]
    return [(stills, STILLS), *((folder, source) for folder, source in beside if folder.is_dir())]


def _read_stills(folder: Path, source: Source) -> Iterable[Sample]:
    """Rendered stills, split by scene: the views of one are alike."""
    for picture in pictures_in(folder / "images"):
        labels = folder / "labels" / f"{picture.stem}.txt"
        if not labels.is_file():
            continue
        split = split_of_still(picture, folder / "json")
        known = [*read_rows(labels, source.classes), *standing_rows(folder / "json" / f"{picture.stem}.json")]
        rows = [r for r in known if _can_be_seen(r)]
        light = "night" if plan_of(picture, folder / "json").get("mode") == "night" else "day"
        yield Sample(f"{source.name}__{picture.stem}", picture, split, rows, source.name, set(source.unlabelled), light)


def _can_be_seen(row: Row) -> bool:
    """Whether a rendered thing is more than a speck: a renderer also knows of lamps that cover two pixels."""
    w, h = row.box[2] - row.box[0], row.box[3] - row.box[1]
    return max(w, h) >= STILLS_LEAST_SIDE and w * h >= STILLS_LEAST_AREA


def _completing(teacher: Any, sample: Sample, masks: Path) -> Callable[[Image], None]:
    """A step that adds the teacher's boxes to a sample, once its picture is upright, and people whom it missed."""

    def step(image: Image) -> None:
        if teacher is None:
            sample.unlabelled |= {"person", "bicycle", "motorcycle", "car", "truck", "bench", "dog"}
        else:
            rows, unsure = complete(teacher, [image])[0]
            # A COCO model takes some bins and lamps for benches or cars: the set's own label wins.
            sample.rows += [r for r in rows if all(overlap(r.box, own.box) < 0.6 for own in sample.rows)]
            sample.unlabelled |= unsure
        # The pictures' own stem: the copy that is trained on has the set's name before it.
        mask = masks / ("val" if sample.split == "val" else "train") / f"{sample.picture.stem}.png"
        if mask.is_file():
            sample.rows += missed_people(read_mask(mask), sample.rows)

    return step


def _store(sample: Sample, out: Path, step: Callable[[Image], None] | None) -> None:
    """Write a sample's picture and labels, upright and completed; the sample then points at the copy."""
    image = read_picture(sample.picture)
    if sample.source == "trees" and sample.split != "val" and lies_on_its_side(image):
        image = np.ascontiguousarray(np.rot90(image))
        sample.rows = [Row(r.name, (r.box[1], 1 - r.box[2], r.box[3], 1 - r.box[0])) for r in sample.rows]
    if step is not None:
        step(image)
    _write(sample, image, out)


def _write(sample: Sample, image: Image, out: Path) -> None:
    target = out / "images" / sample.split / f"{sample.name}.jpg"
    labels = out / "labels" / sample.split / f"{sample.name}.txt"
    for path in (target, labels):
        path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(target), image, [cv2.IMWRITE_JPEG_QUALITY, 95])
    labels.write_text("".join(row.as_line() + "\n" for row in sample.rows), encoding="utf-8")
    sample.picture = target


def lies_on_its_side(image: Image) -> bool:
    """Whether the sky is at the right edge: a portrait photograph stored without being turned.

    18 grey levels in favour of the top edge keep upright pictures with a bright right edge as they are. On a contact
    sheet of the 351 training pictures of trees it named 106; about one in twenty of those was upright, and about one
    in twenty of the others lay on its side.
    """
    lightness = cv2.cvtColor(image, cv2.COLOR_BGR2LAB)[..., 0].astype(float)
    sky = lightness + image[..., 0].astype(float) - image[..., 1].astype(float)
    k = max(8, int(0.12 * min(image.shape[:2])))
    edges = (sky[:k].mean() + 18, sky[-k:].mean(), sky[:, :k].mean(), sky[:, -k:].mean())
    return int(np.argmax(edges)) == 3


def _drawn(samples: list[Sample], out: Path) -> Iterable[Sample]:
    """Copies of training photographs with lamps drawn on them."""
    rng = np.random.default_rng(SEED)
    for source, count in DRAWN.items():
        bases = [s for s in samples if s.source == source and s.split == "train"]
        for i in range(min(count, len(bases))):
            base = bases[int(rng.integers(len(bases)))]
            image, rows = read_picture(base.picture), list(base.rows)
            for _ in range(int(rng.integers(1, 4))):
                image, box = draw_lamp(image, rng, lamp=bool(rng.random() < 0.75))
                if box is not None:
                    rows.append(Row("street_light", (box[0], box[1], box[2], box[3])))
            sample = Sample(f"drawn__{source}_{i:03d}", base.picture, "train", rows, "drawn", set(base.unlabelled))
            _write(sample, image, out)
            yield sample


def _turned(samples: list[Sample], out: Path) -> Iterable[Sample]:
    """Copies of the holes' training photographs upside down, each second one as dark as a quarter of that set is.

    The set came with pictures turned and darkened by whoever collected it.
    """
    originals = [s for s in samples if s.source == TURNED and s.split == "train"]
    for i, original in enumerate(originals):
        image = np.ascontiguousarray(read_picture(original.picture)[::-1, ::-1])
        if i % 2:
            image = np.asarray(cv2.convertScaleAbs(image, alpha=DARK), np.uint8)
        rows = [Row(r.name, (1 - r.box[2], 1 - r.box[3], 1 - r.box[0], 1 - r.box[1])) for r in original.rows]
        copy = Sample(f"turned__{original.name}", original.picture, "train", rows, "turned", set(original.unlabelled))
        _write(copy, image, out)
        yield copy


def _covered(samples: list[Sample], streets: Path, stills: Path | None, out: Path) -> Iterable[Sample]:
    """Copies of training pictures with what is flat and harmless drawn on their paved ground."""
    rng = np.random.default_rng(SEED)
    folders = {"camvid": (streets, STREET_PAVING), "rendered": (stills / "masks" if stills else None, STILLS_PAVING)}
    for source, count in COVERED.items():
        folder, paving = folders[source]
        known = {} if folder is None else {f"{source}__{mask.stem}": mask for mask in folder.glob("*.png")}
        bases = [s for s in samples if s.source == source and s.split == "train" and s.name in known]
        for base in (bases[int(i)] for i in rng.permutation(len(bases))[:count]):
            ground = np.asarray(np.isin(read_mask(known[base.name]), paving), bool)
            image, taken = read_picture(base.picture), [Box.of(r.box) for r in base.rows]
            for _ in range(int(rng.integers(1, MOST_COVERS + 1))):
                place = place_for(ground, taken, rng)
                if place is not None:
                    image, taken = draw_cover(image, place, rng), [*taken, place]
            sample = Sample(f"covered__{base.name}", base.picture, "train", base.rows, "covered", set(base.unlabelled))
            _write(sample, image, out)
            yield sample


def _obstructed(samples: list[Sample], streets: Path, stills: Path | None, out: Path) -> Iterable[Sample]:
    """Copies of training pictures with what is in the way drawn on their paved ground."""
    rng = np.random.default_rng(SEED)
    on_paths = on_stills(samples, stills, rng) if stills is not None else ()
    for sample, image in chain(on_paths, on_streets(samples, streets, rng)):
        _write(sample, image, out)
        yield sample


def _write_index(samples: list[Sample], out: Path) -> Path:
    repeats = {s.name: s.repeat for s in (STILLS, MAKES, LEFT, *SOURCES)}
    for split in ("train", "hold", "val"):
        lines = []
        for sample in samples:
            if sample.split == split:
                times = repeats.get(sample.source, 1) if split == "train" else 1
                lines += [str(sample.picture.resolve())] * times
        (out / f"{split}.txt").write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    manifest = {
        s.name: {"source": s.source, "split": s.split, "unlabelled": sorted(s.unlabelled), "light": s.light}
        for s in samples
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=0), encoding="utf-8")
    index = out / "data.yaml"
    names = dict(enumerate(CLASSES))
    index.write_text(
        yaml.safe_dump({"path": str(out.resolve()), "train": "train.txt", "val": "hold.txt", "names": names}),
        encoding="utf-8",
    )
    return index
