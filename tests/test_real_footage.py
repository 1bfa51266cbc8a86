"""The PETS campus clip of Debian's opencv-doc: a real street lamp, real people, by day."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from detectors.detector import Detector
from detectors.discover import discover
from detectors.geometry import Box, Region
from detectors.health import HealthCheck
from detectors.light import LightMeter
from detectors.pipeline import inspect_source
from detectors.ready import detector_in_use, surfaces_in_use
from detectors.report import inspect_to_report
from detectors.settings import Settings
from detectors.sources import open_source
from detectors.values import Asset, Image, View
from tests.detectors.camera_cases import FAULTS, HEALTHY
from tests.detectors.fakes import FramesSource, RememberingDetector
from tests.detectors.fault_rounds import confirmed, pictures_of, told

ROOT = Path(__file__).resolve().parent.parent
CLIP = Path(os.environ.get("LAMPLIGHTER_PETS_CLIP", "/usr/share/doc/opencv-doc/examples/data/vtest.avi"))
LAMP = Box(0.515, 0.03, 0.575, 0.685)
"""The lamp in the middle of the picture, column and head, as a person draws it."""

pytestmark = [
    pytest.mark.real_footage,
    pytest.mark.skipif(not CLIP.exists(), reason="the PETS clip is not here: apt-get install opencv-doc"),
]


def on_the_lamp(box: Box) -> bool:
    """Whether a box covers the lamp's head and much of its column."""
    head = Box(0.515, 0.03, 0.575, 0.12)
    return box.intersection(head) > 0.5 * head.area and box.iou(LAMP) > 0.3


@pytest.fixture(scope="module")
def detector(ready_home: Path) -> Detector:
    return RememberingDetector(detector_in_use(ready_home))


@pytest.fixture(scope="module")
def result(ready_home: Path) -> dict[str, Any]:
    home = ready_home
    environment = {**os.environ, "LAMPLIGHTER_FILES": str(home), "LAMPLIGHTER_DATABASE_URL": f"sqlite:///{home}/s.db"}
    command = [sys.executable, "-m", "lamplighter", "inspect", str(CLIP), "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    document["home"] = home
    return document


def test_the_whole_clip_is_inspected(result: dict[str, Any]) -> None:
    assert result["frames"] == 80
    assert result["video_seconds"] == pytest.approx(79.5, abs=0.2)


def test_the_lamp_is_registered(result: dict[str, Any]) -> None:
    from workorders.queries.cameras import camera_view
    from workorders.store import open_store

    store = open_store(f"sqlite:///{result['home']}/s.db")
    lamps = camera_view(store, "vtest").of_kind("street_light")
    store.close()
    assert any(on_the_lamp(lamp.region.box) for lamp in lamps if lamp.region)


def test_nothing_is_wrong_but_perhaps_the_things_on_the_lawn(result: dict[str, Any]) -> None:
    assert {f["issue"] for f in result["findings"]} <= {"litter"}
    for finding in result["findings"]:
        assert finding["box"][1] > 0.4, "litter is only to be seen on the near lawn"


def test_the_lamp_is_seen_in_nearly_every_frame(detector: Detector) -> None:
    frames = list(open_source(str(CLIP)).frames(2.0))
    seen = 0
    for frame in frames:
        found = detector.predict([frame.image], Settings().min_score, Settings().image_size)[0]
        seen += any(on_the_lamp(box) for _, _, box in found.named("street_light"))
    assert seen >= 0.95 * len(frames)


ROAD = [(0, 205), (300, 215), (480, 195), (620, 130), (735, 95), (767, 100), (690, 200), (700, 260), (767, 300),
        (767, 490), (430, 370), (330, 300), (0, 240)]  # fmt: skip
LAWN = [(0, 245), (330, 305), (430, 375), (767, 495), (767, 575), (0, 575)]


def _asset(asset_id: str, kind: str, pixels: list[tuple[int, int]]) -> Asset:
    return Asset(asset_id, kind, Region.of([[x / 768, y / 576] for x, y in pixels]))


@pytest.mark.parametrize("every_s", [1.0, 2.0])
def test_people_on_a_registered_road_and_lawn_raise_nothing(detector: Detector, every_s: float) -> None:
    view = View("pets", (_asset("P-1", "path", ROAD), _asset("G-1", "lawn", LAWN)))
    report = inspect_to_report(open_source(str(CLIP)), view, detector, Settings(every_s=every_s))
    assert {(f.issue, f.asset_id) for f in report.findings} <= {("litter", "G-1")}


@pytest.fixture(scope="module")
def healthy() -> list[Image]:
    return pictures_of(str(CLIP))


def _mirrored(image: Image, second: int) -> Image:
    return np.ascontiguousarray(image[:, ::-1])


def _exposed(image: Image, second: int) -> Image:
    return np.clip(image * (1 + 0.25 * math.sin(second / 6)), 0, 255).astype(np.uint8)


def _swaying(image: Image, second: int) -> Image:
    shift = np.array([[1, 0, 1.5 * math.sin(1.4 * second)], [0, 1, math.cos(2 * second)]])
    size = (image.shape[1], image.shape[0])
    return np.asarray(cv2.warpAffine(image, shift, size, borderMode=cv2.BORDER_REFLECT), np.uint8)


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(_mirrored, id="mirrored"),
        pytest.param(_exposed, id="exposure goes up and down"),
        pytest.param(_swaying, id="the mast sways"),
    ],
)
def test_the_same_place_shown_otherwise_raises_nothing_either(
    detector: Detector, shown: Callable[[Image, int], Image]
) -> None:
    seconds = open_source(str(CLIP)).frames(1.0)
    looks = [replace(frame, image=shown(frame.image, number)) for number, frame in enumerate(seconds)]
    settings = Settings()
    proposed = discover(looks[::12], detector, settings, "pets", surfaces_in_use())
    view = View("pets", tuple(p.asset for p in proposed))
    assert "street_light" in {asset.kind for asset in view.assets}
    findings = [
        c.finding for look in inspect_source(FramesSource(looks), view, detector, settings) for c in look.changes
    ]
    assert {finding.issue for finding in findings} <= {"litter"}


@pytest.mark.parametrize(
    "case",
    ["a cap on the lens", "a hand over 60 %", "black spray over 40 %", "out of focus by 3 px", "moved by 10 %"],
)
def test_faults_of_the_camera_are_told_over_real_pictures(case: str, healthy: list[Image]) -> None:
    code, spoil = FAULTS[case]
    assert confirmed(told(healthy, spoil, healthy[::-1], seed=1)) == {code}


@pytest.mark.parametrize("case", ["as it is", "a crowd", "a bus", "fog", "rain", "half as light", "poorly compressed"])
def test_weather_and_traffic_over_real_pictures_are_no_fault(case: str, healthy: list[Image]) -> None:
    assert confirmed(told(healthy, HEALTHY[case], healthy[::-1], seed=1)) == set()


def test_people_who_stand_where_others_stood_cover_nothing() -> None:
    check, meter, faults = HealthCheck("right half"), LightMeter(), []
    for frame in open_source(str(CLIP)).frames(1.0):
        half = replace(frame, image=np.ascontiguousarray(frame.image[60:420, 330:]))
        faults.append(check.look(half, meter.look(half.image, half.at)).fault)
    assert confirmed(faults) == set()
