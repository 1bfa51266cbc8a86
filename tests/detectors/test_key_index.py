"""Where a file's index says that key frames will do, nothing else is read; and what is seen is what was seen before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from detectors.errors import SourceError
from detectors.sources import keys
from detectors.sources.keys import KeyIndex
from detectors.sources.sampling import Plan
from detectors.sources.video import VideoFile
from tests.detectors.fakes import START
from tests.detectors.test_sampling import write

IN_ORDER = {"bf": "0", "sc_threshold": "0"}


def index_of(clip: Path) -> KeyIndex | None:
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        return KeyIndex.of(stream, next(container.demux(stream)), clip.stat().st_size)


@pytest.mark.parametrize(
    ("gop", "every_s", "read"),
    [
        pytest.param(50, 2.0, 7, id="a key frame at each look"),
        pytest.param(25, 2.0, 14, id="two key frames a look"),
        pytest.param(51, 2.0, 7, id="key frames out of step"),
        pytest.param(50, 5.0, 7, id="looks far apart"),
    ],
)
def test_key_frames_alone_are_read_and_seen_as_if_everything_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gop: int, every_s: float, read: int
) -> None:
    clip, packets = write(tmp_path / "clip.mp4", 14, gop, options=IN_ORDER), []

    def counted(*arguments: object, of: Callable[..., object] = keys.next_packet) -> object:
        packets.append(of(*arguments))
        return packets[-1]

    with monkeypatch.context() as patch:
        patch.setattr(keys, "next_packet", counted)
        seen = list(VideoFile(clip, START).frames(every_s))
    assert sum(1 for p in packets if p is not None and p.size) == read  # type: ignore[attr-defined]
    monkeypatch.setattr(KeyIndex, "of", lambda *_: None)
    before = list(VideoFile(clip, START).frames(every_s))
    assert [(f.at, f.offset_s, f.index) for f in seen] == [(f.at, f.offset_s, f.index) for f in before]
    assert all(np.array_equal(a.image, b.image) for a, b in zip(seen, before, strict=True))


@pytest.mark.parametrize(
    ("gop", "every_s", "suffices"),
    [
        pytest.param(50, 2.0, True, id="a key frame at each look"),
        pytest.param(50, 1.0, False, id="a look between two"),
        pytest.param(250, 2.0, False, id="far apart"),
        pytest.param(350, 60.0, True, id="one look of two key frames"),
    ],
)
def test_an_index_says_beforehand_whether_key_frames_will_do(
    tmp_path: Path, gop: int, every_s: float, suffices: bool
) -> None:
    index = index_of(write(tmp_path / "clip.mp4", 14, gop, options=IN_ORDER))
    assert index is not None
    assert index.suffices(Plan(every_s)) is suffices


@pytest.mark.parametrize(
    ("name", "options"),
    [
        pytest.param("clip.mp4", {"sc_threshold": "0"}, id="pictures out of order"),
        pytest.param("clip.mkv", IN_ORDER, id="an index of key frames alone"),
        pytest.param("clip.ts", IN_ORDER, id="no index"),
    ],
)
def test_an_index_that_does_not_tell_all_is_not_used(tmp_path: Path, name: str, options: dict[str, str]) -> None:
    assert index_of(write(tmp_path / name, 4, 50, options=options)) is None


def test_a_file_that_was_cut_off_is_read_whole_to_tell_where(tmp_path: Path) -> None:
    clip = write(tmp_path / "clip.mov", 14, 50, options=IN_ORDER, container={"movflags": "faststart"})
    whole = clip.read_bytes()
    clip.write_bytes(whole[: len(whole) * 9 // 10])
    with pytest.raises(SourceError, match=r"ends early, after 12\.\d of 14\.0 s"):
        list(VideoFile(clip).frames(2.0))
