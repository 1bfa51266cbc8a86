"""Pictures at working size show what the whole picture shows, however the camera codes it."""

from __future__ import annotations

import av
import cv2
import numpy as np
import pytest

from detectors.sources.pictures import WorkingPictures, to_bgr
from tests.detectors.fakes import scenery

UNTOLD, BT709, BT601 = 2, 1, 6


def coded(width: int, height: int, layout: str, colours: int) -> av.VideoFrame:
    picture = scenery(120, width, height)
    picture[:, : width // 3] = (40, 60, 200)
    picture[: height // 3, width // 2 :] = (60, 180, 50)
    frame = av.VideoFrame.from_ndarray(picture, format="bgr24").reformat(format=layout)
    frame.colorspace = colours
    return frame


@pytest.mark.parametrize(
    ("width", "height", "layout", "colours", "size"),
    [
        pytest.param(1920, 1080, "yuv420p", UNTOLD, (960, 540), id="1080p as most cameras send it"),
        pytest.param(3840, 2160, "yuv420p", BT601, (960, 540), id="four times as large"),
        pytest.param(1920, 1080, "yuv420p", BT709, (960, 540), id="colours of television"),
        pytest.param(1920, 1080, "yuvj420p", UNTOLD, (960, 540), id="all grey levels used"),
        pytest.param(1280, 720, "yuv420p", UNTOLD, (960, 540), id="no whole number of times as large"),
        pytest.param(1924, 1082, "yuv420p", UNTOLD, (960, 540), id="nearly twice"),
        pytest.param(1080, 1920, "yuv420p", UNTOLD, (540, 960), id="upright"),
        pytest.param(1920, 1080, "nv12", UNTOLD, (960, 540), id="colours in pairs"),
        pytest.param(1920, 1080, "gray", UNTOLD, (960, 540), id="grey"),
        pytest.param(640, 360, "yuv420p", UNTOLD, (640, 360), id="small enough"),
    ],
)
def test_it_shows_what_the_whole_picture_shows(
    width: int, height: int, layout: str, colours: int, size: tuple[int, int]
) -> None:
    frame = coded(width, height, layout, colours)
    made, full = WorkingPictures().of(frame)
    whole = to_bgr(frame) if full is None else full()
    assert whole.shape[:2] == (height, width)
    assert made.shape[:2] == size[::-1]
    apart = made.astype(np.float32) - cv2.resize(whole, size, interpolation=cv2.INTER_AREA)
    assert np.abs(apart.mean((0, 1))).max() < 2.0, "no channel is lighter or darker"
    # Colours are coded at half size: only over a few pixels are they the same.
    assert np.percentile(np.abs(cv2.blur(apart, (9, 9))), 95) <= 3


def test_frames_of_several_sizes_may_follow_one_another() -> None:
    pictures = WorkingPictures()
    shapes = [
        pictures.of(coded(w, h, "yuv420p", UNTOLD))[0].shape for w, h in ((1280, 720), (1920, 1080), (2560, 1920))
    ]
    assert shapes == [(540, 960, 3), (540, 960, 3), (720, 960, 3)]
