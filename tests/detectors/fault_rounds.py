"""Lays every fault and every harmless spoil over recordings and photographs, and says which are told: not a test.

python -m tests.detectors.fault_rounds CLIP_OR_PICTURE... [--only WORDS]
"""

from __future__ import annotations

import argparse
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

import cv2
import numpy as np

from detectors.health import HealthCheck
from detectors.light import LightMeter
from detectors.sources import open_source
from detectors.values import GREY_WIDTH, Frame, Image
from tests.detectors.camera_cases import FAULTS, HEALTHY
from tests.detectors.spoils import Moment, Spoil, grain

ONSET, LOOKS = 6, 20
_WINDOW, _NEEDED = 4, 3  # confirmed by three of four looks
_START = datetime(2026, 6, 1, 4, tzinfo=UTC)
_PASSER_BY = (0.03, 0.16)  # width and height of who walks through a photograph


def pictures_of(path: str) -> list[Image]:
    """A look a second at a recording, played to and fro; a photograph with noise, and somebody who walks through."""
    frames = [_fit(f.image) for f in islice(open_source(path).frames(1.0), LOOKS)]
    if len(frames) == 1:
        return [_walked_through(frames[0], look) for look in range(LOOKS)]
    there_and_back = [*frames, *frames[-2:0:-1]]
    return [there_and_back[n % len(there_and_back)] for n in range(LOOKS)]


def told(pictures: Sequence[Image], spoil: Spoil, other: Sequence[Image], seed: int) -> list[str]:
    """The fault told at each look, "" for none; the spoil sets in at look `ONSET`."""
    check, meter, faults = HealthCheck("camera"), LightMeter(), []
    for look, healthy in enumerate(pictures):
        moment = Moment(look - ONSET, pictures[:ONSET], other[look], seed)
        picture = healthy if look < ONSET else spoil(healthy, moment)
        frame = Frame(picture, _START + timedelta(seconds=look), float(look), look)
        faults.append(check.look(frame, meter.look(frame.grey, frame.at)).fault)
    return faults


def confirmed(faults: Sequence[str]) -> set[str]:
    """The faults that enough looks in a row of a few agree in."""
    windows = (Counter(faults[n : n + _WINDOW]) for n in range(len(faults)))
    return {code for window in windows for code, looks in window.items() if code and looks >= _NEEDED}


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("views", nargs="+")
    arguments.add_argument("--only", default="")
    asked = arguments.parse_args()
    cases = [*((n, {c}, s) for n, (c, s) in FAULTS.items()), *((n, set[str](), s) for n, s in HEALTHY.items())]
    cases = [case for case in cases if asked.only in case[0]]
    views = {path: pictures_of(path) for path in asked.views}
    wrong: dict[str, list[str]] = defaultdict(list)
    single: Counter[str] = Counter()
    for number, (path, pictures) in enumerate(views.items()):
        other = views[asked.views[number - 1]]
        for name, expected, spoil in cases:
            faults = told(pictures, spoil, other, zlib.crc32(f"{path} {name}".encode()))
            if confirmed(faults) != expected:
                wrong[name].append(f"{path}: {','.join(f.removeprefix('camera_')[:2] or '-' for f in faults[ONSET:])}")
            elif not expected and any(faults):
                single[name] += 1
    for name, _, _ in cases:
        passing = f", told for a look or two on {single[name]}" * bool(single[name])
        print(f"{name:36s} {len(views) - len(wrong[name])} of {len(views)}{passing}")  # noqa: T201
        for line in wrong[name]:
            print("     ", line)  # noqa: T201
    for what, names in (("faults told, and no other", FAULTS), ("no fault confirmed", HEALTHY)):
        runs = [name for name, _, _ in cases if name in names]
        right = sum(len(views) - len(wrong[name]) for name in runs)
        print(f"{what}: {right} of {len(runs) * len(views)}")  # noqa: T201


def _fit(image: Image) -> Image:
    height = round(image.shape[0] * GREY_WIDTH / image.shape[1])
    return np.asarray(cv2.resize(image, (GREY_WIDTH, height), interpolation=cv2.INTER_AREA), np.uint8)


def _walked_through(photograph: Image, look: int) -> Image:
    picture, (height, width) = photograph.copy(), photograph.shape[:2]
    wide, tall = (round(share * side) for share, side in zip(_PASSER_BY, (width, height), strict=True))
    left = round(look / LOOKS * (width - wide))
    picture[height // 2 : height // 2 + tall, left : left + wide] = (60, 50, 70)
    return grain(picture, Moment(look, (), photograph, 1), 1.5)


if __name__ == "__main__":
    main()
