"""What live streams do wrong, tried on loopback: each fault is survived, or named within the time stated."""

from __future__ import annotations

import io
import random
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import av
import cv2
import numpy as np
import pytest

from detectors.errors import SourceError
from detectors.pipeline import inspect_source
from detectors.settings import Settings
from detectors.sources.latest import LatestFrame
from detectors.sources.live import GroupOfLatest, LiveStream
from detectors.values import Frame, Image, Presence, View
from tests.detectors.fakes import ScriptedDetector, frame, noise, scenery

EACH = 1e-9
"""An interval so short that every picture is looked at."""


@cache
def transport_stream(
    pictures: int, width: int = 320, height: int = 180, first: int = 0, tune: str = "tune=zerolatency"
) -> bytes:
    """H.264 with a key frame every five pictures, as cameras send it.

    Args:
        tune: an option of x264.
    """
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mpegts") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.gop_size = 5
        stream.options = dict([tune.split("=", 1)])
        for n in range(first, first + pictures):
            image = noise(cv2.resize(scenery(110, 640, 360), (width, height)), n, 8.0)  # what a sensor gives, coded
            picture = av.VideoFrame.from_ndarray(image, format="bgr24")
            picture.pts, picture.time_base = n, Fraction(1, 10)
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return buffer.getvalue()


def broken_in_the_middle() -> bytes:
    data = bytearray(transport_stream(40))
    middle = len(data) // 2 // 188 * 188
    data[middle : middle + 188 * 20] = bytes(range(188)) * 20
    return bytes(data)


def smeared(data: bytes, one_in: int) -> bytes:
    """A stream of which here and there one byte is another, past the packets' headers."""
    dice, spoilt = random.Random(1), bytearray(data)
    for n in range(len(spoilt)):
        if n % 188 >= 20 and dice.random() < 1 / one_in:
            spoilt[n] = dice.randrange(256)
    return bytes(spoilt)


@contextmanager
def served(send: Callable[[io.BufferedIOBase], None]) -> Iterator[str]:
    """The address of a stream that a function sends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "video/mp2t")
            self.end_headers()
            send(self.wfile)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/camera.ts"
        server.shutdown()


def addresses(*streams: bytes) -> Iterator[str]:
    """The address of each, as long as it is asked of."""
    for data in streams:
        with served(lambda out, data=data: out.write(data) and None) as address:
            yield address


def gathered(address: str, timeout_s: float = 5.0) -> tuple[list[Frame], str]:
    """The frames a stream gave, and the line it ended with."""
    frames: list[Frame] = []
    try:
        for seen in LiveStream(address, timeout_s).frames(EACH):
            frames.append(seen)
    except SourceError as error:
        return frames, str(error)
    raise AssertionError("a live stream never ends without a word")


@pytest.mark.parametrize(
    ("coded", "least", "shapes"),
    [
        pytest.param(partial(transport_stream, 40), 36, {(180, 320)}, id="nothing wrong"),
        pytest.param(broken_in_the_middle, 20, {(180, 320)}, id="broken packets"),
        pytest.param(
            lambda: transport_stream(20) + transport_stream(20, 480, 270), 36, {(180, 320), (270, 480)},
            id="another resolution",
        ),
        pytest.param(
            lambda: transport_stream(20, first=50) + transport_stream(20), 36, {(180, 320)}, id="times going back"
        ),
    ],
)  # fmt: skip
def test_the_stream_is_read_past_its_faults(
    coded: Callable[[], bytes], least: int, shapes: set[tuple[int, int]]
) -> None:
    data = coded()
    with served(lambda out: out.write(data) and None) as address:
        frames, line = gathered(address)
    assert len(frames) >= least
    assert {f.image.shape[:2] for f in frames} == shapes
    assert "the stream" in line
    assert [f.at for f in frames] == sorted(f.at for f in frames), "times are those of arrival"


def test_a_stream_that_stalls_is_given_up_within_the_time_stated() -> None:
    over = threading.Event()
    enough = transport_stream(80)  # FFmpeg looks at the first five seconds before it says what a stream holds

    def stall(out: io.BufferedIOBase) -> None:
        out.write(enough)
        over.wait(30)

    with served(stall) as address:
        began = time.monotonic()
        frames, line = gathered(address, timeout_s=2.0)
        over.set()
    assert len(frames) > 10
    assert "broke off" in line
    assert time.monotonic() - began < 25


def test_a_camera_that_renews_its_picture_strip_by_strip_is_seen_on_and_on() -> None:
    data = transport_stream(240, tune="x264-params=intra-refresh=1:keyint=20")
    with served(lambda out: out.write(data) and None) as address:
        frames, _ = gathered(address)
    assert sum(f.index > 120 and not f.damaged for f in frames) > 60


def test_pictures_of_broken_packets_are_told_from_whole_ones_until_the_next_key_frame() -> None:
    data, spoilt = transport_stream(40), smeared(transport_stream(40), 20_000)
    whole, seen = (gathered(address)[0] for address in addresses(data, spoilt))
    assert not any(f.damaged for f in whole)
    apart = [float(np.abs(a.image.astype(int) - b.image).mean()) for a, b in zip(whole, seen, strict=True)]
    told = [d for d, f in zip(apart, seen, strict=True) if f.damaged]
    missed = [d for d, f in zip(apart, seen, strict=True) if not f.damaged]
    assert len(told) >= 5
    assert len(missed) >= 5
    assert max(missed) < 1.0 < max(told), "a byte that is another may go unnoticed, a smear does not"


def test_smeared_pictures_say_nothing_of_the_camera_or_the_place() -> None:
    looks = []
    with served(lambda out: out.write(smeared(transport_stream(60), 2_000)) and None) as address:
        stream = inspect_source(LiveStream(address), View("cam"), ScriptedDetector(), Settings(every_s=EACH))
        with pytest.raises(SourceError):
            looks += stream
    damaged = [look for look in looks if look.frame.damaged]
    assert len(damaged) > 1
    for look in damaged:
        assert look.suspended == "the picture came damaged: packets were lost or broken"
        assert not look.observations
        assert not look.changes
    assert {o.presence for look in looks for o in look.observations if o.issue == "camera_covered"} <= {
        Presence.ABSENT,
        Presence.UNKNOWN,
    }


def test_findings_go_on_when_the_resolution_changes() -> None:
    data = transport_stream(20) + transport_stream(20, 480, 270)
    looks = []
    with served(lambda out: out.write(data) and None) as address, pytest.raises(SourceError):
        for look in inspect_source(LiveStream(address), View("cam"), ScriptedDetector(), Settings(every_s=EACH)):
            looks.append(look)
            time.sleep(0.01)
    assert "the picture changed from 320x180 to 480x270" in {look.suspended for look in looks}
    assert not looks[-1].suspended


def test_what_nobody_has_time_for_is_passed_over_oldest_first_and_counted() -> None:
    gave = threading.Event()

    def camera() -> Iterator[Frame]:
        yield frame(scenery(), 0)
        first_taken.wait(5)
        yield from (frame(scenery(), n) for n in (1, 2, 3, 4))
        gave.set()
        over.wait(5)

    first_taken, over = threading.Event(), threading.Event()
    with LatestFrame(camera()) as latest:
        frames = iter(latest)
        assert next(frames).skipped == 0
        first_taken.set()
        assert gave.wait(5)
        newest = next(frames)
        assert (newest.offset_s, newest.skipped) == (4, 3)
        over.set()


class Whole:
    """A whole picture, as a decoder holds it."""

    def picture(self) -> Image:
        return scenery()


@dataclass
class Camera:
    """A live source that looks, before each further frame, whether the whole picture of the last was let go."""

    spec: str = "camera"
    name: str = "camera"
    live: bool = True
    duration_s: float | None = None
    fps: float | None = 1.0
    let_go: list[bool] = field(default_factory=list)

    def frames(self, every_s: float) -> Iterator[Frame]:
        for n in range(4):
            whole = Whole()
            known, seen = weakref.ref(whole), [replace(frame(scenery(), n), full=whole.picture)]
            del whole
            yield seen.pop()
            for _ in range(200):
                if known() is None:
                    break
                time.sleep(0.01)
            self.let_go.append(known() is None)


def test_whole_pictures_are_let_go_while_the_next_look_is_waited_for() -> None:
    camera, looked = Camera(), 0
    for look in inspect_source(camera, View("cam"), ScriptedDetector(), Settings()):
        looked += 1
        del look
    assert camera.let_go == [True] * looked


def test_only_what_is_wanted_is_decoded_and_it_is_the_picture_of_now() -> None:
    """Key frames come every half second: a look that is due shortly before one waits for it."""
    with av.open(io.BytesIO(transport_stream(40))) as whole:
        pictures = [p.to_ndarray(format="bgr24") for p in whole.decode(video=0)]
    now = 0.0
    with av.open(io.BytesIO(transport_stream(40))) as container:
        group = GroupOfLatest(container.streams.video[0], clock=lambda: now)
        for n, packet in enumerate(p for p in container.demux(video=0) if p.size):
            now = n / 10
            group.add(packet)
            if n in (10, 13, 14, 27):
                assert group.key_comes_within(0.25) is (n in (13, 14)), n
            if n in (10, 13, 27):
                picture = group.picture()
                assert picture is not None
                assert np.abs(picture.to_ndarray(format="bgr24").astype(int) - pictures[n]).max() == 0
