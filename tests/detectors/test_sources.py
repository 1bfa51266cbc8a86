"""Sources: true times, and one clear line for everything that cannot be read."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.errors import SourceError
from detectors.sources import open_source
from detectors.sources.folder import PictureFolder
from detectors.sources.live import LiveStream
from detectors.sources.video import VideoFile
from tests.detectors.fakes import START, noise, scenery, silent_stream, write_clip


@pytest.mark.parametrize(
    ("every_s", "offsets"),
    [
        pytest.param(1.0, [0, 1, 2, 3], id="each second"),
        pytest.param(0.5, [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5], id="twice a second"),
        pytest.param(60.0, [0], id="longer than the clip: still one look"),
    ],
)
def test_a_video_is_sampled_at_true_times(tmp_path: Path, every_s: float, offsets: list[float]) -> None:
    clip = write_clip(tmp_path / "clip.mp4", seconds=4)
    seen = list(open_source(str(clip), START).frames(every_s))
    assert [f.offset_s for f in seen] == pytest.approx(offsets)
    assert [f.at for f in seen] == [START + timedelta(seconds=s) for s in offsets]
    assert seen[0].image.shape == (180, 320, 3)


def test_every_frame_is_looked_at_when_the_interval_is_shorter_than_a_frame(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", seconds=2, fps=10)
    assert len(list(open_source(str(clip)).frames(0.001))) == 20


def _text(path: Path) -> Path:
    path.write_text("this is not a video\n" * 50)
    return path


def _cut_mp4(path: Path) -> Path:
    whole = write_clip(path.with_name("whole.mp4"), 8, picture=lambda t: noise(scenery(), int(t * 10), 25)).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def _headless_mp4(path: Path) -> Path:
    path.write_bytes(b"\0\0\0\x20ftypisom" + b"\0" * 4000)
    return path


def _audio_only(path: Path) -> Path:
    import wave

    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\0" * 8000)
    return path


@pytest.mark.parametrize(
    ("make", "name", "says"),
    [
        pytest.param(lambda p: p, "none.mp4", "no such file", id="missing"),
        pytest.param(lambda p: (p.touch(), p)[1], "empty.mp4", "empty", id="empty"),
        pytest.param(_text, "text.mp4", "not a video", id="text named mp4"),
        pytest.param(_headless_mp4, "head.mp4", "not a video", id="only a header"),
        pytest.param(_audio_only, "sound.wav", "no video", id="sound only"),
    ],
)
def test_what_is_no_video_says_so_in_one_line(tmp_path: Path, make, name: str, says: str) -> None:  # type: ignore[no-untyped-def]
    path = make(tmp_path / name)
    with pytest.raises(SourceError, match=says) as caught:
        open_source(str(path))
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_truncated_video_gives_what_it_holds_and_then_says_so(tmp_path: Path) -> None:
    clip = _cut_mp4(tmp_path / "cut.mp4")
    seen = []
    with pytest.raises(SourceError, match="ends early"):
        for frame in open_source(str(clip)).frames(1.0):
            seen.append(frame)
    assert [f.offset_s for f in seen] == pytest.approx([0, 1, 2, 3], abs=0.01)


def test_a_damaged_place_is_passed_over_and_named(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "hit.mp4", 8, picture=lambda t: noise(scenery(), int(t * 10), 25))
    data = bytearray(clip.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 60_000] = b"\xff" * 60_000
    clip.write_bytes(bytes(data))
    seen = []
    with pytest.raises(SourceError, match="damaged"):
        for frame in open_source(str(clip)).frames(1.0):
            seen.append(frame)
    assert seen[-1].offset_s == pytest.approx(7.0, abs=0.5)


def test_a_folder_is_read_in_the_natural_order_of_its_names(tmp_path: Path) -> None:
    for number in (10, 9, 1):
        cv2.imwrite(str(tmp_path / f"p{number}.png"), np.full((20, 30, 3), number, np.uint8))
    seen = list(open_source(str(tmp_path), START).frames(1.0))
    assert [int(f.image[0, 0, 0]) for f in seen] == [1, 9, 10]
    assert [f.offset_s for f in seen] == [0, 1, 2]


def test_times_in_the_names_are_the_times(tmp_path: Path) -> None:
    for stamp in ("20260601_120000", "20260601_121500", "20260601_123000"):
        cv2.imwrite(str(tmp_path / f"cam7_{stamp}.jpg"), scenery())
    seen = list(open_source(str(tmp_path)).frames(1.0))
    assert [f.at for f in seen] == [START, START + timedelta(minutes=15), START + timedelta(minutes=30)]


def test_a_broken_picture_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    for name in ("a.jpg", "c.jpg"):
        cv2.imwrite(str(tmp_path / name), scenery())
    (tmp_path / "b.jpg").write_bytes(b"\xff\xd8\xff broken")
    (tmp_path / "d.jpg").write_bytes(b"")
    seen = []
    with pytest.raises(SourceError, match=r"2 of 4 pictures .*b\.jpg, d\.jpg"):
        for frame in open_source(str(tmp_path)).frames(1.0):
            seen.append(frame)
    assert len(seen) == 2


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param({}, "no pictures", id="empty folder"),
        pytest.param({"notes.txt": b"x"}, "no pictures", id="no pictures in it"),
    ],
)
def test_a_folder_without_pictures_says_so(tmp_path: Path, content: dict[str, bytes], says: str) -> None:
    for name, data in content.items():
        (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError, match=says):
        open_source(str(tmp_path))


def test_times_must_be_as_many_as_pictures(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), scenery())
    with pytest.raises(SourceError, match="1 pictures but 2 times"):
        PictureFolder(tmp_path, times=(START, START))


@pytest.mark.parametrize(
    ("spec", "live"),
    [
        pytest.param("rtsp://user:secret@10.0.0.9/stream", True, id="rtsp"),
        pytest.param("http://127.0.0.1/mjpeg", True, id="http"),
        pytest.param("0", True, id="device number"),
        pytest.param("/dev/video3", True, id="device path"),
    ],
)
def test_streams_and_devices_are_live(spec: str, live: bool) -> None:
    source = open_source(spec)
    assert source.live is live
    assert "secret" not in source.name


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """A port that takes a connection and never answers."""
    server = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []
    thread = threading.Thread(target=lambda: held.append(server.accept()[0]), daemon=True)
    thread.start()
    yield server.getsockname()[1]
    server.close()
    for connection in held:
        connection.close()


def test_a_stream_that_does_not_answer_is_given_up_within_the_time_stated(deaf_port: int) -> None:
    with pytest.raises(SourceError, match="no answer within 1 s"):
        next(silent_stream(f"rtsp://127.0.0.1:{deaf_port}/x").frames(1.0))


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param("rtsp://127.0.0.1:9/none", id="nothing listens"),
        pytest.param("http://127.0.0.1:9/none.m3u8", id="nothing listens, http"),
        pytest.param("/dev/video97", id="no such device"),
    ],
)
def test_a_dead_stream_gives_one_line(spec: str) -> None:
    with pytest.raises(SourceError) as caught:
        next(LiveStream(spec, timeout_s=2).frames(1.0))
    assert "\n" not in str(caught.value)


def test_a_stream_over_http_is_read_as_it_comes(tmp_path: Path) -> None:
    import functools
    import http.server

    write_clip(tmp_path / "live.mp4", seconds=1, picture=lambda t: noise(scenery(), int(t * 10)))
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        source = open_source(f"http://127.0.0.1:{server.server_address[1]}/live.mp4")
        frame = next(source.frames(0.1))
        server.shutdown()
    assert frame.image.shape == (180, 320, 3)


def test_a_time_lapse_has_the_times_it_was_taken_at(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "night.mp4", seconds=2, fps=2)
    times = tuple(START + timedelta(minutes=5 * i) for i in range(4))
    seen = list(VideoFile(clip, times=times).frames(1.0))
    assert [f.offset_s for f in seen] == pytest.approx([0, 1])
    assert [f.at for f in seen] == [times[0], times[2]]
