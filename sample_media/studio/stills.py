"""Renders labelled, domain-randomised stills: one clean plate a seed, then issues in windows of it."""

import json
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import bpy
import cv2
import numpy as np

from sample_media.studio import look, view
from sample_media.studio.boxes import Label, contrast_seen, visible_box, yolo_lines
from sample_media.studio.draw import ISSUE_CHANCES, draw_issue
from sample_media.studio.hidden import made_out
from sample_media.studio.issues import make_issue
from sample_media.studio.labels import label_view
from sample_media.studio.mesh import world_points
from sample_media.studio.plan import CLUTTER, OBSTACLES, Issue, Plan
from sample_media.studio.rain import Rain
from sample_media.studio.site import build
from sample_media.studio.stage import FIRST_ITEM, SURFACES, Stage

SIZE = (640, 360)
NAMES = ("CAM 03  PARK", "IPC-12", "Camera 01", "PTZ 5 NORTH GATE", "")
SPLASHED = [SURFACES[name] for name in ("path", "road", "hard")]
# A second issue keeps this far from the first, in metres.
APART = 3.0
# What stands in the way and is no class of the detector: its boxes are noted beside the plan, where it shows this much.
# Pixels that a bin shows at least, their share of its box, and how much of that is in the picture.
LEAST_BIN, LEAST_SHOWN, LEAST_WITHIN = 30, 0.35, 0.7
LEAST_WASTE = 0.05  # share of a full bin's pixels that show what it holds, for it to be told from another
LEFT_STANDING, LEAST_STANDING = (*OBSTACLES, *CLUTTER, "suitcase"), 24


@dataclass(frozen=True)
class Picture:
    """A rendered view: BGR as float 0-1, object indices, depth in metres."""

    image: np.ndarray
    ids: np.ndarray
    depth: np.ndarray


def render_stills(root: Path, plan: Plan, variants: int, samples: int, threads: int, kinds: Sequence[str] = ()) -> int:
    """Renders a plan's plate and its variants into root; returns how many stills were written.

    Every variant shows the kinds of issues that are named, or where none is some that are drawn.

    Writes images/*.jpg, labels/*.txt (YOLO), masks/*.png (surface index, 255 a thing) and json/*.json, each to a
    hidden name first. A plan whose last variant exists is skipped, so that a stopped run goes on.
    """
    for folder in ("images", "labels", "masks", "json"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    if (root / "images" / f"s{plan.seed}_{variants}.jpg").exists():
        return 0
    stage = build(plan)
    view.set_quality(stage, SIZE, samples, threads)
    with TemporaryDirectory() as folder:
        work = Path(folder)
        plate = view.render(stage, work / "plate.png")
        clean = Picture(plate, *view.id_pass(stage, work))
        _write(stage, clean, root, f"s{plan.seed}_0", [])
        for k in range(1, variants + 1):
            _variant(stage, clean, work, root, k, kinds)
    return variants + 1


def _variant(stage: Stage, clean: Picture, work: Path, root: Path, k: int, kinds: Sequence[str]) -> None:
    placed = _place(stage.plan, np.random.default_rng([stage.plan.seed, 100 + k]), kinds)
    image = clean.image.copy()
    with added(stage, placed) as windows:
        for window in windows:
            view.paste(image, view.render(stage, work / "window.png", window), window)
        passes = view.ids_with(stage, (clean.ids, clean.depth), windows, work)
        _write(stage, Picture(image, *passes), root, f"s{stage.plan.seed}_{k}", placed)


@contextmanager
def added(stage: Stage, issues: list[Issue]) -> Iterator[list[view.Window]]:
    """Makes issues in a scene, gives the windows of the picture that they change, and takes them away again."""
    before = len(stage.items)
    made = [part for issue in issues for part in make_issue(stage, issue)]
    matrix = view.projection(stage)
    windows = [view.window_round(stage, world_points(part.things + part.beside), matrix) for part in made]
    yield view.merged([window for window in windows if window is not None])
    for part in made:
        if part.undo is not None:
            part.undo()
    for thing in {t for part in made for t in part.things + part.beside}:
        bpy.data.objects.remove(thing)
    del stage.items[before:]


def _place(plan: Plan, rng: np.random.Generator, named: Sequence[str] = ()) -> list[Issue]:
    kinds = list(named) or [kind for kind, chance in ISSUE_CHANCES if rng.random() < chance]
    kinds = kinds or [str(rng.choice(["puddle", "broken", "litter", "overflow"]))]
    placed: list[Issue] = []
    for kind in kinds:
        for _ in range(6):
            issue = draw_issue(rng, plan, kind)
            reach = APART * 2 if "fallen" in (kind, *(p.kind for p in placed)) else APART
            if all(math.hypot(issue.s - p.s, issue.t - p.t) > reach for p in placed):
                placed.append(issue)
                break
    people = [draw_issue(rng, plan, "person") for _ in range(int(rng.integers(0, 4)))]
    return placed + [p for p in people if all(math.hypot(p.s - q.s, p.t - q.t) > 1.5 for q in placed)]


def _write(stage: Stage, picture: Picture, root: Path, name: str, issues: list[Issue]) -> None:
    plan, image, parts, depth = stage.plan, picture.image, picture.ids, picture.depth
    ids = _with_held(stage, parts)
    rng = np.random.default_rng([plan.seed, len(name), int(name.rsplit("_", 1)[1])])
    labels, night = list(_as_seen(stage, parts, label_view(stage, ids))), plan.light.mode == "night"
    if plan.fog:
        image = look.fogged(image, depth, plan.fog, plan.light.mode)
    if plan.raining:
        image = Rain(np.isin(ids, SPLASHED), depth, np.random.default_rng([plan.seed, 7])).fall(image)
    gain = rng.uniform(0.65, 0.95) if night else rng.uniform(0.85, 1.15)
    image = (image * gain).astype(np.float32)
    image = look.warm(image) if night else image
    image = look.develop(image, look.grade_of(image, night))
    if plan.light.lamps_lit:
        grey = cv2.cvtColor((image * 255).astype(np.uint8), cv2.COLOR_BGR2GRAY)
        labels = [label for label in labels if can_be_made_out(grey, ids, label)]
    frame = look.Sensor(SIZE, rng, 1).expose(image, look.noise_strength(night))
    if rng.random() < 0.6:
        d = [int(rng.integers(low, high)) for low, high in ((20, 27), (1, 13), (1, 29), (0, 24), (0, 60), (0, 60))]
        clock = f"20{d[0]}-{d[1]:02d}-{d[2]:02d} {d[3]:02d}:{d[4]:02d}:{d[5]:02d}"
        look.stamp(frame, clock, str(rng.choice(NAMES)))
    seen = [visible_box(ids, item.index) for item in stage.items if item.label == "cover"]
    covers = [[v / size for v, size in zip(one[0], SIZE * 2, strict=True)] for one in seen if one is not None]
    about = {"name": name, "plan": asdict(plan), "issues": [asdict(issue) for issue in issues], "covers": covers}
    about["standing"], about["bins"] = list(_standing(stage, ids, image)), list(_bins(stage, parts, image))
    mask = np.where(ids >= FIRST_ITEM, 255, ids).astype(np.uint8)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(62, 93))]
    _atomically(root / "json" / f"{name}.json", json.dumps(about).encode())
    _atomically(root / "labels" / f"{name}.txt", yolo_lines(labels, SIZE).encode())
    _atomically(root / "masks" / f"{name}.png", cv2.imencode(".png", mask)[1].tobytes())
    _atomically(root / "images" / f"{name}.jpg", cv2.imencode(".jpg", frame, quality)[1].tobytes())


def _standing(stage: Stage, ids: np.ndarray, image: np.ndarray) -> Iterator[dict[str, Any]]:
    """Yields kind and box, 0-1, of each thing left standing that can be made out."""
    grey = cv2.cvtColor((image * 255).clip(0, 255).astype(np.uint8), cv2.COLOR_BGR2GRAY)
    for item in stage.items:
        seen = visible_box(ids, item.index) if item.label in LEFT_STANDING else None
        if seen is not None and seen[1] >= LEAST_STANDING and contrast_seen(grey, Label(item.label, *seen, item.index)):
            box = [v / size for v, size in zip(seen[0], SIZE * 2, strict=True)]
            yield {"kind": item.label, "box": box}


def _with_held(stage: Stage, parts: np.ndarray) -> np.ndarray:
    """Returns object indices in which what a thing holds is a part of it."""
    ids = parts.copy()
    for item in stage.items:
        if item.held:
            ids[parts == item.held] = item.index
    return ids


def _as_seen(stage: Stage, parts: np.ndarray, labels: list[Label]) -> Iterator[Label]:
    """Yields labels, those of full bins that show nothing of what they hold as plain ones."""
    held = {item.index: item.held for item in stage.items if item.held}
    for label in labels:
        few = label.index in held and (parts == held[label.index]).sum() < LEAST_WASTE * label.pixels
        yield replace(label, name="bin") if few else label


def _bins(stage: Stage, parts: np.ndarray, image: np.ndarray) -> Iterator[dict[str, Any]]:
    """Yields each bin that can be made out: whether it is full, its box without what it holds (0-1), and its name."""
    grey = cv2.cvtColor((image * 255).clip(0, 255).astype(np.uint8), cv2.COLOR_BGR2GRAY)
    ids, matrix = _with_held(stage, parts), view.projection(stage)
    for item in stage.items:
        if item.label not in ("bin", "bin_overflowing"):
            continue
        seen, own = visible_box(ids, item.index), view.bounds(view.project(world_points(item.things[:1]), matrix, SIZE))
        if seen is None or own is None or not contrast_seen(grey, Label(item.label, *seen, item.index)):
            continue
        box = [min(max(v, 0.0), float(size)) for v, size in zip(own, SIZE * 2, strict=True)]
        area, whole = (box[2] - box[0]) * (box[3] - box[1]), (own[2] - own[0]) * (own[3] - own[1])
        if area >= LEAST_WITHIN * whole and seen[1] >= max(LEAST_BIN, LEAST_SHOWN * area):
            share = [v / size for v, size in zip(box, SIZE * 2, strict=True)]
            waste = float((parts == item.held).sum()) / area if item.held else 0.0
            yield {"full": item.label == "bin_overflowing", "box": share, "name": item.name, "waste": round(waste, 3)}


def can_be_made_out(grey: np.ndarray, ids: np.ndarray, label: Label) -> bool:
    """Tells whether a thing is seen after dark, from the picture (grey 0-255) and its object indices."""
    thin = label.name == "street_light"
    return made_out(grey, ids == label.index) if thin else contrast_seen(grey, label)


def _atomically(path: Path, content: bytes) -> None:
    hidden = path.with_name("." + path.name)
    hidden.write_bytes(content)
    hidden.replace(path)
