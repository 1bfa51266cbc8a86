"""A drop on the lens: what lies behind it is not judged, and it is no thing of its own."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors.drops import Drops, blurred_share
from detectors.pipeline import Inspection
from detectors.settings import Settings
from detectors.values import Asset, Detections, Image, Observation, Presence, View
from tests.detectors.fakes import ScriptedDetector, frame, noise

PLACE = Box(0.45, 0.4, 0.55, 0.6)
SIZE = (640, 360)


def street(seed: int = 1) -> Image:
    """Paving with joints, and a bin in the middle."""
    rough = np.random.default_rng(seed).normal(0, 14, (SIZE[1], SIZE[0], 1))
    picture = np.clip(130 + cv2.GaussianBlur(rough, (0, 0), 0.8)[..., None] * np.ones(3), 0, 255).astype(np.uint8)
    picture[::24] = picture[:, ::24] = 95
    x0, y0, x1, y1 = PLACE.pixels(*SIZE)
    cv2.rectangle(picture, (x0 + 8, y0 + 8), (x1 - 8, y1), (40, 50, 40), -1)
    return picture


def with_drop(picture: Image, radius: int) -> Image:
    """With a drop in the middle, too near to be sharp; the sensor's grain is over it too."""
    hides = np.zeros(picture.shape[:2], np.float32)
    cv2.circle(hides, (SIZE[0] // 2, SIZE[1] // 2), radius, 1.0, -1)
    hides = cv2.GaussianBlur(hides, (0, 0), radius / 8)[..., None]
    behind = cv2.GaussianBlur(picture, (0, 0), radius / 2)
    return noise((picture * (1 - hides) + behind * hides).astype(np.uint8), 5, 1.5)


def plain_box() -> Image:
    """A black box, which has no edges but its own."""
    picture = street()
    x0, y0, x1, y1 = PLACE.pixels(*SIZE)
    picture[y0:y1, x0:x1] = 20
    return picture


def said(issue: str, asset_id: str | None = "W-1", box: Box = PLACE, *, by_place: bool = False) -> Observation:
    return Observation(issue, Presence.PRESENT, 0.9, asset_id, "bin", box, by_place=by_place)


@pytest.mark.parametrize("radius", [25, 45])
def test_of_an_asset_behind_a_drop_nothing_is_known(radius: int) -> None:
    kept, places = Drops(with_drop(street(), radius)).without_hidden([said("asset_missing")])
    assert [(one.presence, one.reason) for one in kept] == [(Presence.UNKNOWN, "blurred, as by a drop on the lens")]
    assert not places


@pytest.mark.parametrize("issue", ["path_obstructed", "path_flooded"])
def test_a_drop_is_nothing_that_lies_on_a_path(issue: str) -> None:
    kept, places = Drops(with_drop(street(), 40)).without_hidden([said(issue, "P-1", by_place=True)])
    assert (kept, places) == ([], [PLACE])


@pytest.mark.parametrize(
    ("picture", "issue"),
    [
        pytest.param(street(), "asset_missing", id="a sharp view"),
        pytest.param(noise(street(), 3, 5.0), "asset_missing", id="a noisy one"),
        pytest.param(plain_box(), "path_obstructed", id="a plain box with sharp edges"),
        pytest.param(with_drop(street(), 40), "camera_blurred", id="of the camera itself"),
        pytest.param(cv2.GaussianBlur(street(), (0, 0), 3), "asset_missing", id="a view that is soft all over"),
    ],
)
def test_elsewhere_what_was_said_stands(picture: Image, issue: str) -> None:
    assert Drops(picture).without_hidden([said(issue)]) == ([said(issue)], [])


def test_a_lamp_is_not_judged_where_a_drop_hides_a_quarter_of_it() -> None:
    lamp = Box(0.49, 0.2, 0.51, 0.75)
    wet = with_drop(street(), 30)
    assert 0.2 <= blurred_share(wet, lamp) < 0.36
    for issue, presence in (("light_damaged", Presence.UNKNOWN), ("bin_overflowing", Presence.PRESENT)):
        kept, _ = Drops(wet).without_hidden([said(issue, "L-1", lamp)])
        assert [one.presence for one in kept] == [presence]


def test_what_lay_on_a_path_is_neither_found_nor_cleared_behind_a_drop() -> None:
    region = Region.of([(0.1, 0.1), (0.9, 0.1), (0.9, 0.95), (0.1, 0.95)])
    view = View("cam", (Asset("P-1", "path", region),))
    litter = Detections.of([("litter", 0.9, PLACE.as_list())])
    dry, wet = [noise(street(), n) for n in range(12)], [with_drop(noise(street(), n), 40) for n in range(12)]
    found = Inspection(view, ScriptedDetector(), Settings())
    for n in range(12):
        found.look(frame(dry[n] if n < 6 else wet[n], n), litter if n < 6 else Detections.empty())
    assert [one.issue for one in found.open_findings] == ["litter"]
    never = Inspection(view, ScriptedDetector(), Settings())
    for n in range(12):
        never.look(frame(wet[n], n), litter)
    assert never.open_findings == []
