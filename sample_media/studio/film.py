"""Turns plates and walkers into a clip: wind, water, drifting exposure, sensor noise, clock, H.264."""

import json
import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import av
import cv2
import numpy as np

from sample_media.studio import look
from sample_media.studio.boxes import registered
from sample_media.studio.clips import Clip
from sample_media.studio.overlay import Around, lay_over
from sample_media.studio.rain import Rain
from sample_media.studio.shot import Motion, Shot, load_shot
from sample_media.studio.stage import SURFACES
from sample_media.studio.walkers import depth_file

ZONE = ZoneInfo("Asia/Shanghai")
# What headlights light up; rain splashes on the hard ones of it, which come first.
GROUND = [SURFACES[name] for name in ("path", "road", "hard", "lawn")]


def load_stand_in(folder: Path, night: bool) -> np.ndarray:
    """Reads the unplanted view that the walkers were rendered in."""
    image = cv2.imread(str(folder / "empty.png"), cv2.IMREAD_UNCHANGED)[..., :3].astype(np.float32) / 65535
    return look.warm(image).astype(np.float32) if night else image


def read_patch(path: Path, night: bool) -> tuple[np.ndarray, np.ndarray]:
    """Reads a walker's patch, its outline as fourth channel, and its depth in metres."""
    patch = cv2.imread(str(path), cv2.IMREAD_UNCHANGED).astype(np.float32) / 65535
    if night:
        patch[..., :3] = look.warm(patch[..., :3])
    return patch, cv2.imread(str(depth_file(path)), cv2.IMREAD_UNCHANGED).astype(np.float32) / 100


def _cloth(rng: np.random.Generator, w: int, h: int) -> np.ndarray:
    """Returns what a lens sees that something dark hangs over."""
    folds = cv2.resize(rng.standard_normal((5, 8, 1)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
    return np.clip(0.055 + 0.012 * folds[..., None], 0, 1) * np.array([0.9, 0.95, 1.1], np.float32)


def frames(clip: Clip, plates: Path) -> Iterator[np.ndarray]:
    """Yields the clip's frames as BGR uint8."""
    rng = np.random.default_rng([int.from_bytes(clip.name.encode()[:8], "little"), 5])
    night, place = clip.before.mode == "night", clip.before.place
    before = load_shot(clip.before, plates)
    after = load_shot(clip.after, plates) if clip.after else before
    motion = {id(shot): Motion(shot, np.random.default_rng(5)) for shot in (before, after)}
    folder = plates / f"{clip.before.clean().key}_walkers"
    log = json.loads((folder / "log.json").read_text()) if clip.walkers else []
    stand_in = load_stand_in(folder, night) if clip.walkers else before.plate
    sensor, cloth = look.Sensor(place.size, rng), clip.severity * _cloth(rng, *place.size)
    rain = Rain(np.isin(before.ids, GROUND[:3]), before.depth, rng)
    start = datetime.fromisoformat(clip.start_utc).astimezone(ZONE)
    held: np.ndarray | None = None
    for n in range(round(clip.seconds * place.fps)):
        time = n / place.fps
        changed = clip.at is not None and time >= clip.at
        if clip.fault == "frozen" and changed and held is not None:
            yield held
            continue
        level = _level(clip, time, rng)
        shot = after if level >= 0.5 else before
        image = shot.plate if level in (0.0, 1.0) else before.plate * (1 - level) + after.plate * level
        image = motion[id(shot)].move(image, time)
        if not (clip.fault == "moved" and changed):
            _walk(clip, image, log, n, shot, stand_in, plates)
        image = look.fogged(image, shot.depth, clip.fog, clip.before.mode) if clip.fog else image
        image = rain.fall(image) if clip.rain else image
        image *= 1 + 0.012 * math.sin(time * 0.5) + 0.004 * rng.standard_normal()
        if clip.fault == "covered" and changed:
            image = _covered(image, cloth, time - (clip.at or 0.0))
        if clip.fault == "blurred" and changed:
            image = cv2.GaussianBlur(
                image,
                (0, 0),
                place.size[0] / 960 * (1.0 + 4.5 * clip.severity * min(1.0, (time - (clip.at or 0.0)) / 1.5)),
            )
        image = look.swayed(image, place.sway * place.size[0] / 960, time) if place.sway else image
        # In the dark under a cloth the camera turns its gain up.
        noise = place.grain * look.noise_strength(night) * (3.0 if clip.fault == "covered" and changed else 1.0)
        frame = sensor.expose(look.develop(image, shot.grade), noise)
        clock = (start + timedelta(seconds=int(time))).strftime("%Y-%m-%d %H:%M:%S")
        held = look.stamp(frame, clock, place.stamp) if place.stamp else frame
        yield held


def _covered(image: np.ndarray, cloth: np.ndarray, since: float) -> np.ndarray:
    """Slides a cloth over the lens within a second; a rim of light stays at the lower edge."""
    h = len(image)
    down = np.clip((np.arange(h)[:, None, None] / h - 1.15 * min(1.0, since / 0.8)) * 8 + 1, 0, 1).astype(np.float32)
    veil = cv2.GaussianBlur(image, (0, 0), 25) * 0.05 + cloth
    return image * down + veil * (1 - down)


def _level(clip: Clip, time: float, rng: np.random.Generator) -> float:
    """Returns how far the picture has gone from the clip's first plate to its second."""
    if clip.after is None or clip.at is None or time < clip.at:
        return 0.0
    if clip.flicker:
        often, dark_above = clip.beat
        beat = math.sin(time * 2 * math.pi * often) + 0.7 * math.sin(time * 2 * math.pi * 0.285 * often + 1)
        return 1.0 if beat + 0.35 * rng.standard_normal() > dark_above else 0.0
    if clip.fades and time < clip.at + 1.6:
        return float(rng.choice([0.15, 0.6, 1.0]))
    return 1.0


def _walk(
    clip: Clip, image: np.ndarray, log: list[dict[str, Any]], n: int, shot: Shot, stand_in: np.ndarray, plates: Path
) -> None:
    """Lays the clip's walkers over the image, the farthest first."""
    k = n + round(clip.walkers_from * clip.before.place.fps)
    if k >= len(log):
        return
    folder = plates / f"{clip.before.clean().key}_walkers"
    people = sorted(log[k]["people"], key=lambda p: -p["distance"])
    # A window shows others too: they and their shadows count once, or not at all.
    taken = np.zeros(image.shape[:2], bool)
    ground = cv2.GaussianBlur(np.isin(shot.ids, GROUND).astype(np.float32), (0, 0), 1.0)
    for person in people:
        if person["walker"] not in clip.walkers:
            _mark(taken, person["window"])
    for person in people:
        if person["walker"] in clip.walkers:
            patch = read_patch(folder / person["file"], clip.before.mode == "night")
            others = taken.copy()
            for other in people:
                if other is not person:
                    _mark(others, other["box"])
            around = Around(shot.depth, others, ground, shot.mirror)
            lay_over(image, patch, shot.plate, stand_in, around, person)
            _mark(taken, person["window"])


def _mark(mask: np.ndarray, box: list[float]) -> None:
    x0, y0, x1, y1 = (max(0, round(v)) for v in box)
    mask[max(0, y0 - 2) : y1 + 2, max(0, x0 - 2) : x1 + 2] = True


def encode(clip: Clip, plates: Path, out: Path) -> Path:
    """Writes the clip and its truth beside it; returns the clip's path."""
    path = out / f"{clip.name}.mp4"
    write_video(path, frames(clip, plates), clip.before.place.fps, clip.before.place.quality)
    (out / f"{clip.name}.truth.json").write_text(json.dumps(truth(clip, plates), indent=1) + "\n")
    return path


def write_video(path: Path, pictures: Iterator[np.ndarray], fps: int, quality: int) -> None:
    """Writes BGR pictures as H.264 that browsers play, first under a hidden name."""
    hidden = path.with_name("." + path.name)
    with av.open(str(hidden), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.options = {"crf": str(quality), "preset": "medium", "g": str(fps * 4)}
        for picture in pictures:
            stream.height, stream.width, stream.pix_fmt = *picture.shape[:2], "yuv420p"
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode())
    hidden.replace(path)


def truth(clip: Clip, plates: Path) -> dict[str, Any]:
    """Returns the clip's truth in the product's format."""
    about = json.loads((plates / f"{clip.before.key}.json").read_text())
    end = clip.seconds
    issues = [i | {"start_s": 0.0, "end_s": end} for i in about["issues"]]
    if clip.after is not None:
        was = {(i["issue"], i["asset_id"]) for i in about["issues"]}
        later = json.loads((plates / f"{clip.after.key}.json").read_text())["issues"]
        if clip.fault == "moved":
            later = []
        code = {"light_out": "light_flickering"} if clip.flicker else {}
        new = [i | {"issue": code.get(i["issue"], i["issue"])} for i in later]
        issues += [i | {"start_s": clip.at, "end_s": end} for i in new if (i["issue"], i["asset_id"]) not in was]
    if clip.fault:
        box = [0.0, 0.0, 1.0, 1.0]
        issues.append(
            {
                "issue": f"camera_{clip.fault}",
                "asset_id": None,
                "box": box,
                "start_s": clip.at,
                "end_s": end,
            }
        )
    place = clip.before.place
    assets = registered(about["assets"], place.register)
    known = {asset["id"] for asset in assets}
    return {
        "camera": place.camera,
        "start_utc": clip.start_utc,
        "fps": place.fps,
        "width": place.size[0],
        "height": place.size[1],
        "latitude": place.latitude,
        "longitude": place.longitude,
        "time_zone": str(ZONE),
        "assets": assets,
        "issues": [i | {"asset_id": i["asset_id"] if i["asset_id"] in known else None} for i in issues],
    }
