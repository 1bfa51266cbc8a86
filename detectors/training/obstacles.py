"""What stands in the way: labels of what was left in rendered stills, and copies of pictures with such things drawn.

No set of photographs labels cartons, cones and barriers; drawn on real roads they show at least what real ground round
them looks like.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from detectors.errors import LamplighterError
from detectors.geometry import Box
from detectors.training.judges.barriers import draw_obstacle
from detectors.training.judges.body_stills import BodyStill, free_foot, read_body_stills
from detectors.training.judges.cases import Span, draw_case
from detectors.training.people import read_mask
from detectors.training.samples import Row, Sample
from detectors.training.scoring import read_picture
from detectors.training.sources import DRAWN_OBSTACLES, STREET_OBSTACLES
from detectors.values import Image

OBSTACLE = "obstacle"
_STILLS, _STREETS, _MOST, _CASES = 220, 200, 3, 0.25
"""How many stills and street pictures get things drawn, how many each at most, and the share of cases among them."""
_PAVEMENT, _ROAD = 4, 3
_ON_PAVEMENT, _TRIES = 0.7, 20
# CamVid's camera looks over a bonnet: its horizon, 0-1 from above, and how high it is, m. Guesses.
_HORIZON, _CAMERA_M, _OFF = 0.42, 1.35, (0.85, 1.2)
_LEAST_PX = 10

Drawn = tuple[Sample, Image]
Foot = tuple[float, float, float]


def standing_rows(plan: Path) -> list[Row]:
    """The things that a rendered still's maker left standing on the ground, by its plan; none where it names none.

    Raises:
        LamplighterError: the plan cannot be read.
    """
    if not plan.is_file():
        return []
    try:
        left = json.loads(plan.read_text(encoding="utf-8")).get("standing", [])
        boxes = [Box.of(one["box"]).as_list() for one in left]
    except (ValueError, KeyError, TypeError) as error:
        raise LamplighterError(f"{plan}: the plan of this still cannot be read.") from error
    return [Row(OBSTACLE, (b[0], b[1], b[2], b[3])) for b in boxes]


def on_stills(samples: Sequence[Sample], stills: Path, rng: np.random.Generator) -> Iterator[Drawn]:
    """Copies of rendered training stills with cones, barriers, cartons and cases on their paving.

    Args:
        samples: the set so far, the stills `stills` among them as `rendered`.
        stills: their folder; without plans (`json`), which tell how their cameras look, nothing is drawn.
    """
    if not any((stills / "json").glob("*.json")):
        return
    bases = {s.name: s for s in samples if s.source == "rendered" and s.split == "train"}
    drawn = 0
    for picture, still in zip(sorted((stills / "masks").glob("*.png")), read_body_stills(stills), strict=True):
        base = bases.get(f"rendered__{picture.stem}")
        if base is None or drawn >= _STILLS or rng.random() > _STILLS / max(_STILLS, len(bases)):
            continue
        image, rows = _with_things(still.image, base.rows, partial(_on_paving, still, rng), rng)
        if len(rows) > len(base.rows):
            drawn += 1
            yield _copy(base, rows, DRAWN_OBSTACLES), image


def on_streets(samples: Sequence[Sample], masks: Path, rng: np.random.Generator) -> Iterator[Drawn]:
    """Copies of CamVid's training frames with such things on road and pavement.

    Args:
        masks: folder of its training masks.
    """
    bases = [s for s in samples if s.source == "camvid" and s.split == "train"]
    for base in (bases[int(i)] for i in rng.permutation(len(bases))[:_STREETS]):
        file = masks / f"{base.name.removeprefix('camvid__')}.png"
        if not file.is_file():
            continue
        image = read_picture(base.picture)
        size = image.shape[1], image.shape[0]
        surfaces = cv2.resize(read_mask(file), size, interpolation=cv2.INTER_NEAREST)
        image, rows = _with_things(image, base.rows, partial(_on_ground, surfaces, rng), rng)
        if len(rows) > len(base.rows):
            yield _copy(base, rows, STREET_OBSTACLES), image


def _on_paving(still: BodyStill, rng: np.random.Generator) -> Foot | None:
    """A free foot on a still's paving, px, and a metre there, px; None where there is no room."""
    foot = free_foot(still, rng)
    return None if foot is None else (*foot, still.metre(foot[1]))


def _on_ground(surfaces: Image, rng: np.random.Generator) -> Foot | None:
    """A foot on CamVid's ground, px, and a metre there, px; None where there is no room."""
    kind = _PAVEMENT if rng.random() < _ON_PAVEMENT and (surfaces == _PAVEMENT).any() else _ROAD
    rows, columns = np.nonzero(surfaces == kind)
    for _ in range(_TRIES if len(rows) else 0):
        n = int(rng.integers(len(rows)))
        metre = (rows[n] - _HORIZON * surfaces.shape[0]) / _CAMERA_M * float(rng.uniform(*_OFF))
        if metre >= _LEAST_PX:
            return float(columns[n]), float(rows[n]), float(metre)
    return None


def _with_things(
    image: Image,
    rows: Sequence[Row],
    place: Callable[[], Foot | None],
    rng: np.random.Generator,
) -> tuple[Image, list[Row]]:
    height, width = image.shape[:2]
    labelled, taken = list(rows), [Box.of(r.box) for r in rows if r.box[3] - r.box[1] < 0.5]
    for _ in range(int(rng.integers(1, _MOST + 1))):
        at = place()
        if at is None:
            continue
        draw = partial(draw_case, bags=0.0) if rng.random() < _CASES else draw_obstacle
        changed, span = draw(image, at[:2], at[2], rng)
        box = _clipped(span, width, height)
        if box.height * height >= _LEAST_PX and not any(box.intersection(other) > 0 for other in taken):
            image, taken = changed, [*taken, box]
            labelled.append(Row(OBSTACLE, (box.x0, box.y0, box.x1, box.y1)))
    return image, labelled


def _clipped(span: Span, width: int, height: int) -> Box:
    return Box.of(np.clip(np.array(span) / (width, height, width, height), 0.0, 1.0).tolist())


def _copy(base: Sample, rows: list[Row], source: str) -> Sample:
    name = f"{source}__{base.name}"
    return Sample(name, base.picture, "train", rows, source, set(base.unlabelled), base.light)
