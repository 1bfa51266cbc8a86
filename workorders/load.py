"""A load test: many cameras watched by one worker in a process of its own, some of them RTSP streams on loopback."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from av.video.codeccontext import VideoCodecContext

from detectors.bench.clip import bench_view
from detectors.bench.rtsp import CodedClip, serve
from detectors.ready import detector_in_use
from detectors.sources import Source
from detectors.sources.pictures import WorkingPictures
from detectors.values import Asset, Frame, Look, View
from workorders.actors import SYSTEM
from workorders.eyes import DetectorEyes
from workorders.register.cameras import CameraDetails, ask_for_watch, put_camera, register_seen
from workorders.store import Store, open_store
from workorders.worker import run_worker

STREAMS = 8
"""Cameras that are RTSP streams; the others read the clip's file, one key frame a look, as those do too."""
COMPARED_S = 90.0
"""Runs of few and of many cameras are compared by their first so many seconds, whatever their length."""
_PACED = "paced:"
_SETTLING_S = 15.0
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """What a load test came to.

    Attributes:
        seconds: how long was measured, after the start.
        lag_p95_s: from the moment a frame was there to the end of its look.
        skipped: looks that nobody had time for.
        cpu_seconds: of the worker; cpu_seconds_at_first: the same of the first `COMPARED_S`, which are the dearest.
        peak_mb, grown_mb: resident memory of the worker: the most, and the last over that at half time.
    """

    cameras: int
    streams: int
    every_s: float
    seconds: float
    looks: int
    detector_passes: int
    skipped: int
    lag_p50_s: float
    lag_p95_s: float
    cpu_seconds: float
    cpu_seconds_at_first: float
    peak_mb: float
    grown_mb: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class PacedFile:
    """A clip's file as if it were live: a key frame at each look, taken where the clip would be by now."""

    path: Path
    spec: str
    name: str = "paced"
    live: bool = True
    duration_s: float | None = None
    fps: float | None = None

    def frames(self, every_s: float) -> Iterator[Frame]:
        """See `Source.frames`. It never ends."""
        began, number = time.monotonic(), 0
        offset_s = hash(self.spec) % 1000 / 1000 * every_s
        # Open all the time, as a stream's connection is: opening alone costs nearly as much as a look's picture.
        with av.open(str(self.path)) as container:
            while True:
                time.sleep(max(0.0, began + offset_s - time.monotonic()))
                yield _frame(container, offset_s, number)
                offset_s, number = offset_s + every_s, number + 1


def _frame(container: InputContainer, offset_s: float, number: int) -> Frame:
    """The key frame before a moment of the clip, which begins anew where it ends."""
    stream = container.streams.video[0]
    assert container.duration is not None
    container.seek(round((offset_s * av.time_base) % container.duration))
    decoder = av.CodecContext.create(stream.codec_context.name, "r")
    assert isinstance(decoder, VideoCodecContext)
    decoder.extradata, decoder.thread_count = stream.codec_context.extradata, 1
    pictures = decoder.decode(next(container.demux(stream))) + decoder.decode(None)
    image, full = WorkingPictures().of(pictures[0])
    return Frame(image, datetime.now(UTC), offset_s, number, full)


class _MeasuredEyes(DetectorEyes):
    """Note every look's lag; open paced files beside everything else."""

    noted: list[tuple[float, int, bool]]

    def open(self, spec: str, start: datetime | None = None) -> Source:
        if spec.startswith(_PACED):
            return PacedFile(Path(spec.removeprefix(_PACED).partition("#")[0]), spec)
        return super().open(spec, start)

    def looks(self, source: Source, view: View, every_s: float) -> Iterator[Look]:
        for look in super().looks(source, view, every_s):
            at, skipped, asked = look.frame.at, look.frame.skipped, bool(look.asked)
            seen = [look]
            del look
            yield seen.pop()
            self.noted.append(((datetime.now(UTC) - at).total_seconds(), skipped, asked))


def _work(url: str, home: str, results: Connection) -> None:
    """The worker's process: what it notes is sent whenever it is asked for."""
    store = open_store(url, home)
    eyes = _MeasuredEyes(detector_in_use(Path(os.environ["LAMPLIGHTER_BENCH_HOME"])))
    eyes.noted = []

    def answer() -> None:
        while True:
            results.recv()
            noted, eyes.noted = eyes.noted, []
            results.send(noted)

    threading.Thread(target=answer, daemon=True).start()
    run_worker(store, lambda: eyes)


def load_test(
    clip: Path, cameras: int, every_s: float, seconds: float, home: Path, say: Callable[[str], None]
) -> LoadFigures:
    """Watch many cameras for some time.

    Args:
        clip: H.264 in MP4 without pictures out of order.
        home: folder with the choice of detector and its exports.
    """
    streams = min(STREAMS, cameras)
    os.environ["LAMPLIGHTER_BENCH_HOME"] = str(home)
    with tempfile.TemporaryDirectory() as folder, serve(CodedClip.read(clip)) as address:
        url = f"sqlite:///{folder}/site.db"
        store = open_store(url, folder)
        sources = [f"{address}/{n}" for n in range(streams)]
        sources += [f"{_PACED}{clip}#{n}" for n in range(cameras - streams)]
        _fill(store, sources, every_s)
        with _worker(url, folder) as (results, pid):
            time.sleep(_SETTLING_S + every_s)
            _ask(results)
            figures = _measure(results, pid, seconds, lambda line: say(f"{cameras} cameras: {line}"))
        store.close()
    return LoadFigures(cameras=cameras, streams=streams, every_s=every_s, **figures)


def _fill(store: Store, sources: list[str], every_s: float) -> None:
    seen = bench_view()
    with store.write() as work:
        for n, source in enumerate(sources):
            details = CameraDetails(f"cam-{n}", source, seen.latitude, seen.longitude, every_s=every_s)
            camera = put_camera(work.session, f"cam-{n}", details, store.now())
            assets = [Asset(f"{n}-{a.id}", a.kind, a.region, a.name) for a in seen.assets]
            register_seen(work.session, camera, assets, store.now())
        work.commit()
    for n in range(len(sources)):
        ask_for_watch(store, SYSTEM, f"cam-{n}", True)


@contextmanager
def _worker(url: str, home: str) -> Iterator[tuple[Connection, int]]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(url, home, theirs))
    process.start()
    assert process.pid is not None
    try:
        yield ours, process.pid
    finally:
        process.terminate()
        process.join(60)


def _measure(results: Connection, pid: int, seconds: float, say: Callable[[str], None]) -> dict[str, Any]:
    began, cpu, memory = time.monotonic(), _cpu_seconds(pid), []
    noted: list[tuple[float, int, bool]] = []
    at_first = 0.0
    while (gone := time.monotonic() - began) < seconds:
        time.sleep(min(10.0, seconds - gone))
        if gone < COMPARED_S:
            at_first = _cpu_seconds(pid) - cpu
        noted += _ask(results)
        memory.append(_resident_mb(pid))
        say(f"{timedelta(seconds=round(gone))}, {len(noted)} looks, {memory[-1]:.0f} MB")
    lags = np.array([lag for lag, _, _ in noted] or [float("inf")])
    return {
        "seconds": round(time.monotonic() - began, 1),
        "looks": len(noted),
        "detector_passes": sum(asked for _, _, asked in noted),
        "skipped": sum(skipped for _, skipped, _ in noted),
        "lag_p50_s": round(float(np.percentile(lags, 50)), 3),
        "lag_p95_s": round(float(np.percentile(lags, 95)), 3),
        "cpu_seconds": round(_cpu_seconds(pid) - cpu, 2),
        "cpu_seconds_at_first": round(at_first, 2),
        "peak_mb": round(max(memory), 1),
        "grown_mb": round(memory[-1] - memory[len(memory) // 2], 1),
    }


def _ask(results: Connection) -> list[tuple[float, int, bool]]:
    results.send(None)
    noted: list[tuple[float, int, bool]] = results.recv()
    return noted


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _resident_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE / 2**20
