"""One night in under a minute: 17:00 to 07:00 from one camera, a frame every two minutes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from sample_media.studio import look
from sample_media.studio.cameras import FPS, SIZE
from sample_media.studio.clips import Clip
from sample_media.studio.film import GROUND, ZONE, load_stand_in, read_patch, truth, write_video
from sample_media.studio.overlay import Around, lay_over
from sample_media.studio.rain import Rain
from sample_media.studio.shot import Motion, load_shot
from sample_media.studio.variants import Variant

CAMERA = "riverside-07"
DAY, DUSK, NIGHT, WET = (Variant(CAMERA, mode) for mode in ("day", "dusk", "night", "wet_night"))
ONE_OUT = Variant(CAMERA, "night", "one_out", lamps_dark=(2,))
STAYS_ON = Variant(CAMERA, "day", "stays_on", lamps_lit=(3,))
NEEDED = (DAY, DUSK, NIGHT, WET, ONE_OUT, STAYS_ON)

START = datetime(2026, 9, 22, 17, 0, tzinfo=ZONE)
STEP_MINUTES, LENGTH_MINUTES = 2, 14 * 60
# Minutes after 17:00.
LAMPS_ON, NIGHT_FALLS, LAMP_FAILS, DAWN, LAMPS_OFF, SUN_UP = 66, 112, 370, 720, 760, 800
# Minutes after 17:00 by which rain sets in, the ground is wet, rain ends, and the ground has dried.
RAIN_FROM, SOAKED, RAIN_TO, DRY = 230, 238, 310, 350
# How wet a shower leaves the ground: all of it would be standing wet, with patches of other shades.
SHOWER = 0.45
# What is left of daylight when the lamps come on, and its blue cast (BGR).
TWILIGHT = np.array([0.42, 0.33, 0.29], np.float32)


def _mix(minute: int) -> tuple[Variant, Variant, float, np.ndarray]:
    """Returns two plates, how far between them the picture is, and the daylight's gain on the first."""
    full = np.ones(3, np.float32)
    if minute < LAMPS_ON:
        fade = np.clip((minute - 20) / (LAMPS_ON - 20), 0, 1)
        return DAY, DAY, 0.0, full * (1 - fade) + TWILIGHT * fade
    if minute < NIGHT_FALLS:
        return DUSK, NIGHT, (minute - LAMPS_ON) / (NIGHT_FALLS - LAMPS_ON), full
    if minute < LAMP_FAILS:
        return NIGHT, WET, SHOWER * float(np.interp(minute, (RAIN_FROM, SOAKED, RAIN_TO, DRY), (0, 1, 1, 0))), full
    if minute < DAWN:
        return ONE_OUT, ONE_OUT, 0.0, full
    if minute < LAMPS_OFF:
        return STAYS_ON, ONE_OUT, 1 - (minute - DAWN) / (LAMPS_OFF - DAWN), TWILIGHT
    rise = np.clip((minute - LAMPS_OFF) / (SUN_UP - LAMPS_OFF), 0, 1)
    return STAYS_ON, STAYS_ON, 0.0, TWILIGHT * (1 - rise) + full * rise


def frames(plates: Path) -> Iterator[np.ndarray]:
    """Yields the frames as BGR uint8; now and then somebody walks by."""
    shots = {variant: load_shot(variant, plates) for variant in NEEDED}
    rng, motion = np.random.default_rng(17), Motion(shots[DAY], np.random.default_rng(5))
    sensor = look.Sensor(SIZE, rng)
    people, nowhere = {mode: _people(plates, mode) for mode in ("day", "night")}, np.zeros(SIZE[::-1], bool)
    ground = np.isin(shots[DAY].ids, GROUND).astype(np.float32)
    rain = Rain(np.isin(shots[DAY].ids, GROUND[:3]), shots[DAY].depth, np.random.default_rng(18))
    for minute in range(0, LENGTH_MINUTES, STEP_MINUTES):
        first, second, far, gain = _mix(minute)
        image = shots[first].plate * gain * (1 - far) + shots[second].plate * far
        dark = NIGHT_FALLS - 20 < minute < DAWN + 10
        image = motion.move(image.astype(np.float32), minute * 7.3)
        if rng.random() < (0.15 if 300 < minute < 700 else 0.6):
            log, stand_in, folder = people["night" if dark else "day"]
            record = log[int(rng.integers(0, len(log)))]["people"]
            for person in record[:1]:
                patch = read_patch(folder / person["file"], dark)
                mirror = shots[first].mirror * (1 - far) + shots[second].mirror * far
                around = Around(shots[first].depth, nowhere, ground, mirror)
                lay_over(image, patch, image.copy(), stand_in, around, person)
        image = rain.fall(image) if RAIN_FROM <= minute < RAIN_TO else image
        image *= 1 + 0.02 * rng.standard_normal()
        grade = look.Grade(
            shots[first].grade.glow * float(gain.mean()) * (1 - far) + shots[second].grade.glow * far,
            shots[first].grade.vignette,
            dark,
        )
        noise = look.noise_strength(True) if dark else 0.013 + 0.012 * float(1 - gain.mean())
        frame = sensor.expose(look.develop(image, grade), noise)
        clock = (START + timedelta(minutes=minute)).strftime("%Y-%m-%d %H:%M:%S")
        yield look.stamp(frame, clock, DAY.place.stamp)


def _people(plates: Path, mode: str) -> tuple[list[dict[str, Any]], np.ndarray, Path]:
    folder = plates / f"{CAMERA}_{mode}_clean_walkers"
    return json.loads((folder / "log.json").read_text()), load_stand_in(folder, mode == "night"), folder


def write_timelapse(plates: Path, out: Path, quality: int = 30) -> Path:
    """Writes the time-lapse and its truth, which lists every frame's capture time; returns the clip's path."""
    path = out / "riverside_timelapse_night.mp4"
    write_video(path, frames(plates), FPS, quality)
    start = START.astimezone(UTC)
    about = truth(Clip("", DAY, start.strftime("%Y-%m-%dT%H:%M:%SZ"), seconds=0.0), plates)
    boxes = {a["id"]: a["box"] for a in json.loads((plates / f"{DAY.key}.json").read_text())["assets"]}
    second = STEP_MINUTES * FPS
    about["issues"] = [
        {"issue": code, "asset_id": asset, "box": boxes[asset], "start_s": low / second, "end_s": high / second}
        for code, asset, low, high in (
            ("light_out", "L-0702", LAMP_FAILS, LAMPS_OFF),
            ("light_on_by_day", "L-0703", SUN_UP, LENGTH_MINUTES),
        )
    ]
    minutes = range(0, LENGTH_MINUTES, STEP_MINUTES)
    about["times_utc"] = [(start + timedelta(minutes=m)).strftime("%Y-%m-%dT%H:%M:%SZ") for m in minutes]
    (out / "riverside_timelapse_night.truth.json").write_text(json.dumps(about, indent=1) + "\n")
    return path
