"""Pictures of the moments before a look: made for whoever asks, and what they tell of a lamp that looks alone miss."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.errors import SourceError
from detectors.inspectors import Scene
from detectors.inspectors.lights import LightsInspector
from detectors.pipeline import inspect_source
from detectors.settings import Settings
from detectors.sources.folder import PictureFolder
from detectors.sources.glimpses import Moments, glimpsed
from detectors.sources.live import LiveStream
from detectors.sources.video import VideoFile
from detectors.values import Change, Detections, Frame, Image, LightState
from tests.detectors.fakes import START, ScriptedDetector
from tests.detectors.scenes import WALK, night
from tests.detectors.test_live_faults import served, transport_stream
from tests.detectors.test_sampling import FPS, write

TENTHS = [n / 10 for n in range(100)]


@pytest.mark.parametrize(
    ("earlier_s", "later_s", "times"),
    [
        pytest.param(2.0, 3.0, [2.2, 2.5, 2.8], id="a second"),
        pytest.param(2.0, 6.0, [5.2, 5.5, 5.8], id="four seconds: the last of them"),
        pytest.param(2.0, 2.4, [2.1, 2.2, 2.3], id="less than half a second"),
        pytest.param(2.0, 2.1, [], id="nothing lies between"),
    ],
)
def test_glimpses_are_taken_at_uneven_times_of_the_last_second(
    earlier_s: float, later_s: float, times: list[float]
) -> None:
    assert list(glimpsed(earlier_s, later_s, zip(TENTHS, TENTHS, strict=True))) == times


@pytest.mark.parametrize(
    ("name", "gop", "every_s"),
    [
        pytest.param("a.mp4", 25, 1.0, id="key frames alone are looked at"),
        pytest.param("a.mp4", 1000, 1.0, id="one key frame"),
        pytest.param("a.mp4", 50, 2.0, id="looks far apart"),
        pytest.param("a.ts", 25, 1.0, id="transport stream"),
        pytest.param("a.mkv", 40, 1.0, id="matroska"),
    ],
)
def test_glimpses_of_a_video_are_pictures_of_the_second_before_a_look(
    tmp_path: Path, name: str, gop: int, every_s: float
) -> None:
    frames = list(VideoFile(write(tmp_path / name, 4, gop), START).frames(every_s))
    assert list(frames[0].glimpses()) == []
    for earlier, later in pairwise(frames):
        before = [second_of(image) for image in later.glimpses()]
        start_s = max(earlier.offset_s, later.offset_s - 1.0)
        wanted = [start_s + share * (later.offset_s - start_s) for share in (0.2, 0.45, 0.75)]
        assert before == pytest.approx(wanted, abs=2.5 / FPS)


def second_of(image: Image) -> float:
    """When a picture was taken of a clip of four seconds that grows brighter."""
    return float((image.mean() - 40) / 160 * 4)


def test_a_video_that_is_gone_has_no_glimpses(tmp_path: Path) -> None:
    clip = write(tmp_path / "a.mp4", 2, 25)
    frames = list(VideoFile(clip, START).frames(1.0))
    clip.unlink()
    assert list(frames[1].glimpses()) == []


def test_glimpses_of_a_folder_are_its_pictures_between_that_can_be_read(tmp_path: Path) -> None:
    for n in range(11):
        cv2.imwrite(str(tmp_path / f"{n:02}.png"), np.full((90, 160, 3), 20 * n, np.uint8))
    (tmp_path / "08.png").write_bytes(b"broken")
    first, second, third = PictureFolder(tmp_path, START, fps=5).frames(1.0)
    assert [int(image[0, 0, 0]) // 20 for image in second.glimpses()] == [1, 3, 4]
    assert [int(image[0, 0, 0]) // 20 for image in third.glimpses()] == [6, 9]
    assert list(first.glimpses()) == []


def test_a_live_source_keeps_glimpses_for_a_look_after_one_that_asked() -> None:
    moments, kept = Moments(), []
    for look, asks in enumerate([False, True, True, False, True]):
        before = moments.before(float(look), look + 1.0)
        kept.append([int(image[0, 0, 0]) for image in before()] if asks else None)
        for tenth in range(1, 10):
            if moments.is_due(look + tenth / 10):
                moments.keep(np.full((2, 2, 3), tenth, np.uint8))
    assert kept == [None, [], [2, 5, 8], None, []]


def test_a_stream_gives_glimpses_once_a_look_asked() -> None:
    each_s, data = 0.3, transport_stream(60)

    def paced(out: io.BufferedIOBase) -> None:
        part = len(data) // 40
        for at in range(0, len(data), part):
            out.write(data[at : at + part])
            time.sleep(0.05)

    counts = []
    with served(paced) as address, pytest.raises(SourceError):
        for seen in LiveStream(address).frames(each_s):
            counts.append(len(seen.glimpses()))
    assert counts[0] == 0
    assert max(counts) >= 1


@dataclass
class FastLamp:
    """A source whose second lamp switches faster than it is looked at.

    Attributes:
        states: whether it burns, "1" or "0", at each look, after its states in the glimpses before it.
        asked: the looks whose glimpses were asked for.
    """

    states: str
    asked: list[int] = field(default_factory=list)
    spec: str = "lamp"
    name: str = "lamp"
    live: bool = False
    duration_s: float | None = None
    fps: float | None = None

    def frames(self, every_s: float) -> Iterator[Frame]:
        for look, state in enumerate(self.states.split()):
            *between, now = state
            at = START + timedelta(hours=10, seconds=look)
            glimpses = partial(self._glimpses, look, "".join(between))
            yield Frame(self._picture(now, look), at, float(look), look, glimpses=glimpses)

    def _glimpses(self, look: int, between: str) -> list[Image]:
        self.asked.append(look)
        return [self._picture(state, 100 * look + n) for n, state in enumerate(between)]

    def _picture(self, state: str, seed: int) -> Image:
        return night((True, state == "1", True, True), seed)


def told(source: FastLamp) -> set[str]:
    """The issues that are confirmed of the lamp that switches."""
    looks = inspect_source(source, WALK, ScriptedDetector(), Settings())
    changes = [change for look in looks for change in look.changes if change.change is Change.CONFIRMED]
    return {change.finding.issue for change in changes if change.finding.asset_id == "L-2"}


@pytest.mark.parametrize(
    ("states", "found"),
    [
        pytest.param("1 1 1 1 0 0 0 1 1 1 1 1", {"light_out"}, id="three looks in the dark, nothing between"),
        pytest.param(
            "1 1111 1111 1111 0110 0100 1010 0111 1111 1111", {"light_flickering"}, id="three in the dark, lit between"
        ),
        pytest.param("0 0010 1010 0100 1101 1111", {"light_flickering"}, id="dark from the first look, lit between"),
        pytest.param("1 1111 1111 1111 1110 1011 1111 0111 1111 1111", {"light_flickering"}, id="dark in one look"),
        pytest.param("1 1111 1111 1111 1110 0000 0000 0000", {"light_out"}, id="it fails, and is dark between as well"),
        pytest.param("0 0000 0000 0000", {"light_out"}, id="it was out before"),
        pytest.param(
            "1 1111 1111 1111 0100 1010 0000 0000 0000 0000 0000",
            {"light_out"},
            id="it stutters for a second and fails",
        ),
        pytest.param("1 1111 1111 1111 1111 1101 1111 1011", set(), id="it looks lit: nothing is asked"),
    ],
)
def test_what_a_lamp_does_between_looks_tells_whether_it_flickers_or_is_out(states: str, found: set[str]) -> None:
    assert told(FastLamp(states)) == found


@pytest.mark.parametrize(
    ("states", "asked"),
    [
        pytest.param("1 " + "1111 " * 12, [], id="it burns"),
        pytest.param("1 1111 1110 " + "0000 " * 12, [2, 3, 4, 5, 6, 7], id="it is out for good"),
        pytest.param("1 1110 " + "1111 " * 16 + "1110 1111", [1, 2, 3, 4, 5, 6, 18, 19], id="anew once it burned long"),
    ],
)
def test_glimpses_are_asked_for_only_while_it_is_in_doubt_whether_a_lamp_flickers(
    states: str, asked: list[int]
) -> None:
    source = FastLamp(states)
    told(source)
    assert source.asked == asked


@pytest.mark.parametrize("light", LightState)
def test_glimpses_are_asked_for_by_night_alone(light: LightState) -> None:
    source, inspector = FastLamp("1 0000 0000"), LightsInspector(WALK)
    for look in source.frames(1.0):
        inspector.look(Scene(look, light, Detections.empty(), WALK, []))
    assert source.asked == ([1, 2] if light is LightState.NIGHT else [])
