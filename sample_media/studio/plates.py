"""Renders the plates of variants and writes what each shows: ids, assets and issues."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import bpy
import cv2
import numpy as np

from sample_media.studio import view
from sample_media.studio.boxes import area, around, lies_on, visible_box
from sample_media.studio.issues import make_issue
from sample_media.studio.labels import hull
from sample_media.studio.mesh import world_points
from sample_media.studio.plan import Lamp
from sample_media.studio.site import build
from sample_media.studio.stage import SURFACES, Item, Stage
from sample_media.studio.variants import CODES, Variant

LETTERS = {"street_light": "L", "tree": "T", "bench": "B", "bin": "W"}
# How far a lamp lights walk and leaves so that its failing is seen, in metres.
LIT_RADIUS, LIT_HEIGHT = 9.0, 7.5
# Things smaller than this many visible pixels at 960x540, or hidden but for this share of their height, are not on
# the register.
LEAST_PIXELS = {"street_light": 60, "tree": 500, "bench": 90, "bin": 90}
LEAST_HEIGHT = 0.35


def render_plate(variant: Variant, out: Path, samples: int, threads: int) -> None:
    """Renders a variant into out as KEY.png (16 bit), KEY.npz (ids and depth) and KEY.json, unless it is there already.

    A variant that changes only part of the frame is rendered in windows of its clean plate.
    """
    if (out / f"{variant.key}.json").exists():
        return
    out.mkdir(parents=True, exist_ok=True)
    if not variant.whole_frame:
        render_plate(variant.clean(), out, samples, threads)
    stage = build(variant.plan())
    view.set_quality(stage, variant.place.size, samples, threads)
    for name in variant.missing_items():
        _remove(stage, name)
    named = {item.name: item for item in stage.items if item.name.rsplit("_", 1)[-1].isdigit()}
    made: dict[str, list[Item]] = {}
    for issue in variant.issues:
        before = len(stage.items)
        make_issue(stage, issue)
        made[issue.kind] = stage.items[before:]
        if issue.kind == "overflow":
            made[issue.kind] += [item for item in stage.items if item.label == "bin_overflowing"]
    bpy.context.view_layer.update()
    with TemporaryDirectory() as folder:
        work = Path(folder)
        if variant.whole_frame:
            image = view.render(stage, work / "plate.png")
        else:
            image = _windows(stage, variant, out, work, made)
        ids, depth = view.id_pass(stage, work)
    np.savez_compressed(
        out / f"{variant.key}.npz", ids=ids.astype(np.int16), depth=np.minimum(depth, 6e4).astype(np.float16)
    )
    cv2.imwrite(str(out / f"{variant.key}.png"), (image * 65535).round().clip(0, 65535).astype(np.uint16))
    (out / f"{variant.key}.json").write_text(json.dumps(_about(stage, variant, ids, named, made, out)))


def _remove(stage: Stage, name: str) -> None:
    item = stage.find(name)
    if item is not None:
        for thing in item.things:
            bpy.data.objects.remove(thing)
        stage.items.remove(item)


def _windows(stage: Stage, variant: Variant, out: Path, work: Path, made: dict[str, list[Item]]) -> np.ndarray:
    """Renders what changed into the clean plate: where things stood, where they are now, and their shadows."""
    clean = out / variant.clean().key
    image = cv2.imread(f"{clean}.png", cv2.IMREAD_UNCHANGED).astype(np.float32) / 65535
    old = json.loads(Path(f"{clean}.json").read_text())["windows"]
    matrix, windows = view.projection(stage), []
    changed = list(variant.changed_items())
    windows += [tuple(old[name]) for name in changed if name in old]
    groups = [item.things for name in changed if (item := stage.find(name))]
    groups += [item.things for items in made.values() for item in items]
    groups += [[o] for o in bpy.data.objects if o.name.startswith(("damp", "rubble"))]
    margin = 40 if variant.lamps_lit else 8
    for things in groups:
        window = view.window_round(stage, world_points(things), matrix, margin)
        if window is not None:
            windows.append(window)
    darkened = variant.darkened()
    for k in darkened:
        window = view.window_round(stage, _pool(stage, variant.plan().lamps[k - 1]), matrix)
        if window is not None:
            windows.append(window)
    for window in view.merged(windows):
        feather = 0.05 * image.shape[1] if darkened else 6.0
        view.paste(image, view.render(stage, work / "window.png", window), window, feather)
    return image


def _pool(stage: Stage, lamp: Lamp) -> np.ndarray:
    """Returns points round all that a lamp lights visibly."""
    turns = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    foot = stage.course.at(lamp.s, lamp.t)
    ring = [(foot.x + LIT_RADIUS * np.cos(a), foot.y + LIT_RADIUS * np.sin(a)) for a in turns]
    return np.array([(x, y, z, 1.0) for x, y in ring for z in (0.0, LIT_HEIGHT)])


def _box(box: tuple[float, ...], shape: tuple[int, ...]) -> list[float]:
    h, w = shape
    return [round(float(v), 4) for v in (box[0] / w, box[1] / h, box[2] / w, box[3] / h)]


def _about(
    stage: Stage,
    variant: Variant,
    ids: np.ndarray,
    named: dict[str, Item],
    made: dict[str, list[Item]],
    out: Path,
) -> dict[str, Any]:
    """Returns the register, the issues' boxes, and the window of every named thing."""
    matrix, windows, trees = view.projection(stage), {}, []
    for name, item in named.items():
        if item in stage.items:
            window = view.window_round(stage, world_points(item.things), matrix)
            if window is not None:
                windows[name] = window
            if item.label == "tree":
                trees.append(item.index)
    trees += [item.index for item in stage.items if item.far]
    pools = [item.index for item in stage.items if item.label == "puddle"]
    about: dict[str, Any] = {"windows": windows, "trees": trees, "pools": pools}
    if variant.name == "clean":
        about["assets"] = _assets(stage, variant, ids, named)
        about["issues"] = []
        return about
    known = json.loads((out / f"{variant.clean().key}.json").read_text())["assets"]
    bare = np.load(out / f"{variant.clean().key}.npz")["ids"]
    about["assets"] = known
    about["issues"] = _issues(stage, variant, (ids, bare), made, known)
    return about


def _issues(
    stage: Stage,
    variant: Variant,
    passes: tuple[np.ndarray, np.ndarray],
    made: dict[str, list[Item]],
    known: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Returns every issue with its asset and box, from the object indices of the variant and of its clean view."""
    ids, bare = passes
    by_name = {asset["name"]: asset for asset in known}
    ground = {asset["kind"]: asset["id"] for asset in known if asset["kind"] in ("path", "lawn")}
    found = []
    for name, (code, _) in variant.changed_items().items():
        asset, item = by_name[name], stage.find(name)
        box = asset["box"]
        if item is not None and code not in ("light_out", "light_on_by_day"):
            seen = visible_box(ids, item.index)
            box = _box(seen[0], ids.shape) if seen else box
        found.append({"issue": code, "asset_id": asset["id"], "box": box})
    for issue in variant.issues:
        full = [item for item in made[issue.kind] if item.label == "bin_overflowing"]
        boxes = []
        for item in made[issue.kind]:
            seen = visible_box(ids, item.index)
            if seen is None or seen[1] < 4:
                continue
            if item in full:
                bin_id = by_name[item.name]["id"]
                found.append({"issue": CODES[issue.kind][0], "asset_id": bin_id, "box": _box(seen[0], ids.shape)})
            else:
                boxes.append(seen[0])
        if boxes:
            code, kind = CODES["litter"] if full else CODES[issue.kind]
            if full:  # litter round a bin falls to the walk or the lawn beside it
                strewn = [item.index for item in made[issue.kind] if item not in full]
                kind = lies_on(ids, bare, strewn, {name: SURFACES[name] for name in ground})
            found.append({"issue": code, "asset_id": ground[kind], "box": _box(around(boxes), ids.shape)})
    return found


def _assets(stage: Stage, variant: Variant, ids: np.ndarray, named: dict[str, Item]) -> list[dict[str, Any]]:
    number, assets, scale = variant.place.number, [], (variant.place.size[0] / 960) ** 2
    for name, item in named.items():
        seen = visible_box(ids, item.index)
        if item.label not in LETTERS or seen is None or seen[1] < scale * LEAST_PIXELS[item.label]:
            continue
        region = hull(stage, item)
        if len(region) < 3:
            continue
        xs, ys = [p[0] for p in region], [p[1] for p in region]
        visible = _box(seen[0], ids.shape)
        if visible[3] - visible[1] < LEAST_HEIGHT * (max(ys) - min(ys)):
            continue
        assets.append(
            {
                "id": f"{LETTERS[item.label]}-{number}{int(name.rsplit('_', 1)[1]):02d}",
                "kind": item.label,
                "region": region,
                "name": name,
                "box": [min(xs), min(ys), max(xs), max(ys)],
                "visible": visible,
                "filled": round(seen[1] / (ids.size * area(region)), 3),
            }
        )
    for kind, letter in (("path", "P"), ("lawn", "G")):
        region = surface_outline(ids, SURFACES[kind])
        if region:
            assets.append({"id": f"{letter}-{number}01", "kind": kind, "region": region, "name": kind, "box": None})
    return assets


def surface_outline(ids: np.ndarray, surface: int) -> list[list[float]]:
    """Returns the outline of the largest connected piece of a surface in 0-1, gaps of thin things closed."""
    h, w = ids.shape
    mask = cv2.morphologyEx((ids == surface).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((25, 25)))
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return []
    largest = max(outlines, key=cv2.contourArea)
    if cv2.contourArea(largest) < 0.01 * w * h:
        return []
    points = cv2.approxPolyDP(largest, 3.0, True).reshape(-1, 2)
    return [[round(min(1.0, float(x) / (w - 1)), 4), round(min(1.0, float(y) / (h - 1)), 4)] for x, y in points]
