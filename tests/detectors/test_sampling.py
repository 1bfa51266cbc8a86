"""Sampling: true times whatever the key frames, and no more decoded than that takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.errors import SourceError
from detectors.sources.ahead import ReadAhead
from detectors.sources.pictures import WORKING_PX
from detectors.sources.sampling import Group, Plan
from detectors.sources.video import VideoFile
from tests.detectors.fakes import START, noise

FPS = 25
_NO_OTHERS = {"sc_threshold": "0"}


def write(
    path: Path,
    seconds: int,
    gop: int,
    width: int = 320,
    options: dict[str, str] = _NO_OTHERS,
    container: dict[str, str] | None = None,
) -> Path:
    """A clip whose brightness grows with time, with a key frame every `gop` pictures and no others.

    Args:
        options: of the encoder; container: of the file.
    """
    height, fps = width * 9 // 16 // 2 * 2, FPS
    with av.open(str(path), "w", options=container or {}) as file:
        stream = file.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.gop_size = gop
        stream.options = {"preset": "veryfast", **options}
        for n in range(seconds * fps):
            level = 40 + 160 * n // (seconds * fps)
            image = noise(np.full((height, width, 3), level, np.uint8), n % 8)
            picture = av.VideoFrame.from_ndarray(image, format="bgr24")
            picture.pts, picture.time_base = n, Fraction(1, fps)
            file.mux(stream.encode(picture))
        file.mux(stream.encode())
    return path


@pytest.mark.parametrize(
    ("suffix", "gop", "every_s", "late_s"),
    [
        pytest.param(".mp4", 50, 2.0, 0.0, id="a key frame at each look"),
        pytest.param(".mp4", 50, 1.0, 0.2, id="a look between two key frames"),
        pytest.param(".mp4", 250, 2.0, 0.2, id="key frames far apart"),
        pytest.param(".mp4", 1000, 0.2, 0.0, id="one key frame, looks close together"),
        pytest.param(".mp4", 51, 2.0, 1.0, id="key frames out of step"),
        pytest.param(".ts", 50, 2.0, 0.2, id="transport stream, which cannot seek"),
        pytest.param(".mkv", 250, 1.0, 0.2, id="matroska"),
    ],
)
def test_looks_come_in_time_and_carry_the_time_of_their_picture(
    tmp_path: Path, suffix: str, gop: int, every_s: float, late_s: float
) -> None:
    clip = write(tmp_path / f"clip{suffix}", 14, gop)
    seen = list(VideoFile(clip, START).frames(every_s))
    whole = {f.index: f for f in VideoFile(clip, START).frames(0.001)}
    assert len(whole) == 14 * FPS
    assert len(seen) == pytest.approx(14 / every_s, abs=1)
    for number, frame in enumerate(seen):
        assert -1e-6 <= frame.offset_s - number * every_s <= late_s + 1e-6
        twin = whole[frame.index]
        assert (frame.at, frame.offset_s) == (twin.at, pytest.approx(twin.offset_s))
        assert np.abs(frame.image.astype(int) - twin.image).max() == 0, "not the picture of its time"


def test_only_key_frames_are_decoded_where_they_will_do(tmp_path: Path) -> None:
    clip = write(tmp_path / "clip.mp4", 10, 50)
    with av.open(str(clip)) as container:
        keys = [p.pts for p in container.demux(video=0) if p.is_keyframe]
    data = bytearray(clip.read_bytes())
    with av.open(str(clip)) as container:
        for packet in container.demux(video=0):
            if packet.size and not packet.is_keyframe and packet.pos is not None:
                data[packet.pos + 8 : packet.pos + packet.size] = b"\xff" * (packet.size - 8)
    clip.write_bytes(bytes(data))
    assert len(list(VideoFile(clip).frames(2.0))) == len(keys) == 5
    with pytest.raises(SourceError, match="damaged"):
        list(VideoFile(clip).frames(0.5))


def test_a_bare_stream_without_times_is_counted_through(tmp_path: Path) -> None:
    seen = list(VideoFile(write(tmp_path / "bare.h264", 4, 25), START).frames(1.0))
    assert [f.index for f in seen] == [0, 25, 50, 75]
    assert seen[-1].at == START + timedelta(seconds=3)


def test_large_pictures_are_looked_at_small_and_kept_whole(tmp_path: Path) -> None:
    clip = write(tmp_path / "clip.mp4", 1, 25, width=1280)
    frame = next(VideoFile(clip).frames(1.0))
    assert (frame.width, frame.height) == (WORKING_PX, WORKING_PX * 9 // 16)
    assert frame.whole().shape == (720, 1280, 3)
    assert frame.whole().mean() == pytest.approx(frame.image.mean(), abs=1)


times = st.lists(st.integers(1, 400), min_size=1, max_size=40, unique=True).map(lambda t: [n / 10 for n in sorted(t)])


@given(keys=times, every=st.integers(1, 100))
def test_a_plan_leaves_no_gap_that_the_pictures_do_not_force(keys: list[float], every: int) -> None:
    """Pictures every 0.1 s for 40 s with key frames anywhere: each look is at most half an interval late."""
    every_s, starts = every / 10, [0.0, *keys]
    plan, needed = Plan(every_s), []
    for at_s, ends_s in zip(starts, [*starts[1:], None], strict=True):
        shown = [n / 10 for n in range(round(at_s * 10), round((ends_s or 40.1) * 10))]
        fed = plan.feed(Group([], shown, True, ends_s))
        needed += [t for t in shown[:fed] if plan.take(t)]
    assert needed[0] == 0.0
    for before, after in zip(needed, [*needed[1:], 40.0], strict=True):
        assert after - before <= 1.5 * every_s + 1e-6
    assert all(b - a >= every_s / 2 - 1e-6 for a, b in pairwise(needed))


def failing() -> Iterator[int]:
    yield from range(3)
    raise SourceError("cut off")


def test_reading_ahead_gives_everything_and_then_the_error() -> None:
    seen = []
    with pytest.raises(SourceError, match="cut off"), ReadAhead(failing()) as items:
        for item in items:
            seen.append(item)
    assert seen == [0, 1, 2]


def test_reading_ahead_stops_when_nobody_reads_on() -> None:
    read = []

    def endless() -> Iterator[int]:
        for n in range(1_000_000):
            read.append(n)
            yield n

    with ReadAhead(endless(), ahead=2) as items:
        assert next(iter(items)) == 0
    assert len(read) <= 5
