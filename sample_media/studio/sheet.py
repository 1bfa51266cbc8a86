"""Writes the clean plates as JPEG and a contact sheet of the clips with their truth drawn in."""

import json
from pathlib import Path

import av
import cv2
import numpy as np

from sample_media.studio import look
from sample_media.studio.clips import Clip
from sample_media.studio.shot import load_shot

TILE = (320, 180)
COLUMNS = 5


def save_clean_view(clip: Clip, plates: Path, out: Path) -> None:
    """Writes a clip's clean plate as its camera shows it in that weather, without noise, rain drops or walkers."""
    out.mkdir(parents=True, exist_ok=True)
    variant = clip.before.clean()
    shot = load_shot(variant, plates)
    plate = look.fogged(shot.plate, shot.depth, clip.fog, variant.mode) if clip.fog else shot.plate
    image = (look.develop(plate, shot.grade) * 255).round().astype(np.uint8)
    cv2.imwrite(str(out / f"{variant.camera}_{clip.weather}.jpg"), image, [cv2.IMWRITE_JPEG_QUALITY, 90])


def contact_sheet(clips: Path, path: Path) -> None:
    """Writes one tile for each clip: a late frame with the issues present then boxed, and its name."""
    tiles = [_tile(clip) for clip in sorted(clips.glob("*.mp4"))]
    while len(tiles) % COLUMNS:
        tiles.append(np.zeros_like(tiles[0]))
    rows = [np.hstack(tiles[k : k + COLUMNS]) for k in range(0, len(tiles), COLUMNS)]
    cv2.imwrite(str(path), np.vstack(rows), [cv2.IMWRITE_JPEG_QUALITY, 85])


def _tile(clip: Path) -> np.ndarray:
    truth = json.loads(clip.with_suffix(".truth.json").read_text())
    with av.open(str(clip)) as container:
        count = container.streams.video[0].frames
        shown = count * 7 // 10
        frame = next(f for k, f in enumerate(container.decode(video=0)) if k >= shown)
    image = frame.to_ndarray(format="bgr24")
    h, w = image.shape[:2]
    present = [i for i in truth["issues"] if i["start_s"] <= shown / truth["fps"] < i["end_s"]]
    for issue in present:
        x0, y0, x1, y1 = (np.array(issue["box"]) * [w, h, w, h]).round().astype(int)
        cv2.rectangle(image, (int(x0), int(y0)), (int(x1), int(y1)), (40, 40, 235), 4)
    small = cv2.resize(image, TILE, interpolation=cv2.INTER_AREA)
    band = np.full((22, TILE[0], 3), 24, np.uint8)
    cv2.putText(band, clip.stem, (5, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (235, 235, 235), 1, cv2.LINE_AA)
    return np.vstack([small, band])
