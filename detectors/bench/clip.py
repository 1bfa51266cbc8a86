"""The clip that is measured on: a rendered plaza at 1080p with people walking through, coded as cameras do."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from detectors.errors import LamplighterError
from detectors.truth import read_truth
from detectors.values import Image, View

WIDTH, HEIGHT, FPS = 1920, 1080, 25
KEY_FRAME_EVERY = 50
"""Two seconds, a usual setting of cameras."""
FAR_KEY_FRAMES = 250
"""Ten seconds, what libx264 does when nobody says anything."""
SCENE_S = 60
"""Seconds that are encoded; a longer clip repeats them."""
_SAMPLES = Path(__file__).parents[2] / "sample_media"
_PLATE, _REGISTER = _SAMPLES / "plates" / "plaza-03_day.jpg", _SAMPLES / "clips" / "plaza_day_clean.truth.json"
_GRAINS, _GRAIN = 5, 2.5  # different grains in turn, and their strength in grey levels
_WALKERS = 6


def bench_view() -> View:
    """The register of the scene, so that every rule has something to judge."""
    known = read_truth(_REGISTER).view
    return View("bench", known.assets, known.latitude, known.longitude, known.time_zone)


def make_clip(folder: Path, seconds: int, key_frame_every: int = KEY_FRAME_EVERY) -> Path:
    """Write the clip, or take the one written before.

    Raises:
        LamplighterError: the sample media are not installed.
    """
    path = folder / f"{seconds}s-keys{key_frame_every}.mp4"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    scene = folder / f"scene-{min(seconds, SCENE_S)}s-keys{key_frame_every}.mp4"
    if not scene.exists():
        _encode(scene, min(seconds, SCENE_S), key_frame_every)
    draft = path.with_suffix(".part.mp4")
    _repeat(scene, draft, seconds)
    draft.replace(path)
    return path


def _encode(path: Path, seconds: int, key_frame_every: int) -> None:
    plate = cv2.imread(str(_PLATE), cv2.IMREAD_COLOR)
    if plate is None:
        raise LamplighterError(f"{_PLATE}: no such picture; the bench clip is made of the sample media.")
    scene = np.asarray(cv2.resize(plate, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), np.uint8)
    rng = np.random.default_rng(7)
    grains = [rng.normal(0, _GRAIN, (HEIGHT, WIDTH, 1)).astype(np.int16).repeat(3, 2) for _ in range(_GRAINS)]
    draft = path.with_suffix(".part.mp4")
    with av.open(str(draft), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.gop_size = key_frame_every
        # The rate of a usual camera at this size: 3 Mbit/s at most.
        stream.options = {"preset": "veryfast", "crf": "23", "sc_threshold": "0", "maxrate": "3M", "bufsize": "6M"}
        if key_frame_every == KEY_FRAME_EVERY:
            stream.options["bf"] = "0"  # cameras send no pictures out of order
        for n in range(seconds * FPS):
            image = cv2.add(_with_walkers(scene, n), grains[n % _GRAINS], dtype=cv2.CV_8U)
            picture = av.VideoFrame.from_ndarray(np.asarray(image, np.uint8), format="bgr24")
            picture.pts, picture.time_base = n, Fraction(1, FPS)
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    draft.replace(path)


def _with_walkers(scene: Image, number: int) -> Image:
    """People as dark shapes of a person's height at their line, who cross the plaza at a walking pace."""
    picture = scene.copy()
    for walker in range(_WALKERS):
        foot = round((0.48 + 0.08 * walker) * HEIGHT)
        tall = round(0.16 * (foot - 0.185 * HEIGHT))
        pace = tall / 38  # pixels a frame: 1.2 m/s for somebody 1.7 m tall, give or take
        x = round(number * pace + walker * WIDTH / 3) % (WIDTH + 4 * tall) - 2 * tall
        direction = x if walker % 2 else WIDTH - x
        shade = (40 + 20 * walker, 45, 120 - 15 * walker)
        cv2.ellipse(picture, (direction, foot - tall // 2), (tall // 6, tall // 2), 0, 0, 360, shade, -1, cv2.LINE_AA)
        cv2.circle(picture, (direction, foot - tall), tall // 9, (120, 150, 190), -1, cv2.LINE_AA)
    return picture


def _repeat(scene: Path, path: Path, seconds: int) -> None:
    """Copy the coded scene one time after the other, without decoding it."""
    with av.open(str(path), "w") as target:
        with av.open(str(scene)) as source:
            out = target.add_stream_from_template(source.streams.video[0])
        shift, ends = 0, 0
        for _ in range(-(-seconds // SCENE_S)):
            with av.open(str(scene)) as source:
                for packet in source.demux(video=0):
                    if packet.pts is None or packet.dts is None:
                        continue
                    length = round(1 / FPS / packet.time_base)
                    ends = max(ends, shift + packet.pts + length)
                    packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, out
                    target.mux(packet)
            shift = ends
