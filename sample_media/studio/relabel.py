"""Labels the lamps of stills anew after a change of what is labelled: the scene is built again, not rendered."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import numpy as np

from sample_media.studio import view
from sample_media.studio.boxes import CLASSES, Label, yolo_lines
from sample_media.studio.labels import label_view
from sample_media.studio.plan import Issue, Plan, read_plan
from sample_media.studio.site import build
from sample_media.studio.stage import FIRST_ITEM, SURFACES, Stage
from sample_media.studio.stills import SIZE, added, can_be_made_out

# Of a still that comes out again, at most this share of the mask differs; house fronts, what is behind them and the
# outlines of cars are other ones by now.
MOST_DIFFERENT = 0.002
BACKDROP = (0, SURFACES["building"], SURFACES["lawn"])


def relabel(root: Path, seed: int) -> Iterator[tuple[str, bool]]:
    """Yields each still of a seed and whether its lamps were labelled anew: not if it does not come out again."""
    notes = {path.stem: json.loads(path.read_text()) for path in sorted((root / "json").glob(f"s{seed}_*.json"))}
    plan = plan_of(next(iter(notes.values())))
    if plan is None:
        yield from ((name, False) for name in notes)
        return
    stage = build(plan)
    view.set_quality(stage, SIZE, 1, 1)
    cars = [item.index for item in stage.items if item.label == "car"]
    with TemporaryDirectory() as folder:
        clean = view.id_pass(stage, Path(folder))
        for name, about in notes.items():
            with added(stage, [Issue(**issue) for issue in about["issues"]]) as windows:
                ids, _ = view.ids_with(stage, clean, windows, Path(folder))
            alike = _alike(root / "masks" / f"{name}.png", ids, np.isin(ids, cars))
            if alike:
                _write(root, name, stage, ids)
            yield name, alike


def plan_of(about: dict[str, Any]) -> Plan | None:
    """Returns the plan of a still by its JSON file, or None where that does not tell all of it."""
    noted = about["plan"]
    return read_plan(noted) if "camera" in noted else None  # an early generator noted less


def _alike(path: Path, ids: np.ndarray, cars: np.ndarray) -> bool:
    """Tells whether things stand where the mask of a still says."""
    mask = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    now = np.where(ids >= FIRST_ITEM, 255, ids)
    near_cars = cv2.dilate(cars.astype(np.uint8), np.ones((11, 11))) > 0
    differs = (mask != now) & ~(np.isin(mask, BACKDROP) | np.isin(now, BACKDROP) | near_cars)
    return bool(differs.mean() <= MOST_DIFFERENT)


def _write(root: Path, name: str, stage: Stage, ids: np.ndarray) -> None:
    path, lamp = root / "labels" / f"{name}.txt", CLASSES.index("street_light")
    kept = [line for line in path.read_text().splitlines(keepends=True) if int(line.split()[0]) != lamp]
    labels: list[Label] = [label for label in label_view(stage, ids) if label.name == "street_light"]
    if stage.plan.light.lamps_lit:
        grey = cv2.imread(str(root / "images" / f"{name}.jpg"), cv2.IMREAD_GRAYSCALE)
        labels = [label for label in labels if can_be_made_out(grey, ids, label)]
    path.write_text(yolo_lines(labels, SIZE) + "".join(kept))
