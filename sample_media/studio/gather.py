"""Gathers rendered stills into the committed set, small enough to be kept, and counts what it holds (no Blender)."""

import json
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import cv2

from sample_media.studio.boxes import CLASSES

REGISTERED = "registered"  # what lamps and trees of a scene were before they came to harm, beside stills of such
PARTS = (("images", "jpg"), ("masks", "png"), ("labels", "txt"), ("json", "json"))


@dataclass
class Holding:
    """What a set of stills holds: stills by site and by light, boxes by class, seeds and megabytes."""

    sites: Counter[str] = field(default_factory=Counter)
    lights: Counter[str] = field(default_factory=Counter)
    boxes: Counter[str] = field(default_factory=Counter)
    seeds: set[int] = field(default_factory=set)
    megabytes: float = 0.0


def gather(rendered: Path, stills: Path, quality: int) -> int:
    """Adds whole stills to the set, those that are there left as they are; returns how many were added.

    Masks are packed tighter; JPEGs are written again at a quality (1-100) where that makes them a tenth smaller.
    """
    new = sorted(path.stem for path in (rendered / "images").glob("s*.jpg"))
    new = [name for name in new if not (stills / "images" / f"{name}.jpg").exists() and _whole(rendered, name)]
    for name in new:
        for part, suffix in PARTS:
            (stills / part).mkdir(parents=True, exist_ok=True)
            source, target = (root / part / f"{name}.{suffix}" for root in (rendered, stills))
            shutil.copyfile(source, target)
        before = Path(REGISTERED) / f"{name.rsplit('_', 1)[0]}.json"
        if (rendered / before).exists():
            (stills / REGISTERED).mkdir(exist_ok=True)
            shutil.copyfile(rendered / before, stills / before)
        mask = stills / "masks" / f"{name}.png"
        picture = cv2.imread(str(mask), cv2.IMREAD_UNCHANGED)
        cv2.imwrite(str(mask), picture, [cv2.IMWRITE_PNG_COMPRESSION, 9, cv2.IMWRITE_PNG_STRATEGY, 0])
        image = stills / "images" / f"{name}.jpg"
        how = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1, cv2.IMWRITE_JPEG_PROGRESSIVE, 1]
        packed = cv2.imencode(".jpg", cv2.imread(str(image)), how)[1].tobytes()
        if len(packed) < 0.9 * image.stat().st_size:
            image.write_bytes(packed)
    return len(new)


def _whole(root: Path, name: str) -> bool:
    return all((root / part / f"{name}.{suffix}").exists() for part, suffix in PARTS)


def holding(stills: Path) -> Holding:
    """Counts what a set of stills holds."""
    found = Holding()
    for path in sorted((stills / "json").glob("s*.json")):
        plan = json.loads(path.read_text())["plan"]
        found.sites[plan["site"]] += 1
        found.lights[plan["light"]["mode"] if "light" in plan else plan["mode"]] += 1
        found.seeds.add(plan["seed"])
        lines = (stills / "labels" / f"{path.stem}.txt").read_text().splitlines()
        found.boxes.update(CLASSES[int(line.split()[0])] for line in lines)
    found.megabytes = sum(path.stat().st_size for path in stills.rglob("*") if path.is_file()) / 1e6
    return found
