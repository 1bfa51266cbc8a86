"""What live cameras, networks and workers do wrong, tried on a real worker: what the cameras page says, and when.

`python -m tests.workorders.faults [SECONDS]`. Six RTSP cameras on this machine, five of them behind a relay, are
watched by `lamplighter worker --processes 2`, a look every 4 s. Each fault lasts SECONDS (default 60); then it is over.
After that the helper process is killed, the site's disk is filled and freed (where this may mount one: as root), and
the worker is killed, with nobody beside it and with another. Takes some six minutes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import av
import cv2

from detectors.bench.rtsp import CodedClip, serve
from detectors.console import home_folder
from detectors.geometry import Box, Region
from detectors.ready import detector_in_use
from detectors.values import Asset
from tests.detectors.fakes import noise, scenery
from tests.workorders.faulty_relay import Fault, Relay, relayed
from tests.workorders.small_disk import fill, small_disk
from workorders.actors import SYSTEM
from workorders.queries.cameras import CameraRow, cameras
from workorders.queries.jobs import workers
from workorders.register.cameras import CameraDetails, ask_for_watch, put_camera, register_seen
from workorders.store import Store, open_store

EVERY_S = 4.0
PICTURES, FPS = 450, 10
FAULTS = {
    "stalls": Fault.STALL,
    "refuses": Fault.REFUSE,
    "broken": Fault.SPOIL,
    "backwards": Fault.BACKWARDS,
    "well": Fault.NONE,
}
RESIZED = "resized"
"""The camera whose pictures are of another size every 45 seconds."""
_PATIENCE_S = 180.0
_SETTLED_S = 20.0  # a worker that joins takes cameras as they come free, which is seldom
_DISK_MB = 96  # of which a third must stay free, or the page says that it is full


Process = subprocess.Popen[bytes]


@dataclass(slots=True)
class Seen:
    """What the page said of one camera after a moment.

    Attributes:
        said: its words, "" while it says that all is well; after_s: when they came.
        again_s: when the camera had been looked at anew.
    """

    said: str = ""
    after_s: float | None = None
    again_s: float | None = None


def coded(folder: Path, width: int, height: int) -> CodedClip:
    """Three quarters of a minute of a view in which nothing happens, with a key frame every two seconds."""
    path, view = folder / f"{width}.mp4", cv2.resize(scenery(110, 640, 360), (width, height))
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.gop_size, stream.options = (
            2 * FPS,
            {"tune": "zerolatency", "x264-params": "sliced-threads=0"},
        )
        for n in range(PICTURES):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(noise(view, n, 8.0), format="bgr24")))
        container.mux(stream.encode())
    return CodedClip.read(path)


def changing(first: CodedClip, second: CodedClip) -> CodedClip:
    """One clip and then the other, which tells its size itself, as a camera does that is set to another."""
    later = tuple((first.seconds + at_s, (*second.parameters, *units)) for at_s, units in second.pictures)
    return replace(first, pictures=first.pictures + later, seconds=first.seconds + second.seconds)


def register(store: Store, camera: str, source: str) -> None:
    lamp = Asset(f"{camera}-L1", "street_light", Region.rectangle(Box(0.4, 0.2, 0.45, 0.9)))
    with store.write() as work:
        row = put_camera(work.session, camera, CameraDetails(camera, source, every_s=EVERY_S), store.now())
        register_seen(work.session, row, [lamp], store.now())
        work.commit()
    ask_for_watch(store, SYSTEM, camera, True)


def words_of(row: CameraRow) -> str:
    """What the page says is wrong; "" where nothing is."""
    return "" if not row.last_error and not row.in_trouble else f"{row.health.value}: {row.last_error}"


def watch_page(store: Store, over: Callable[[dict[str, Seen]], bool], seconds: float) -> dict[str, Seen]:
    """Read what the page shows twice a second until something holds, or for so long."""
    began, since = time.monotonic(), store.now()
    seen = {row.id: Seen() for row in cameras(store)}
    while (now_s := time.monotonic() - began) < seconds and not over(seen):
        for row in cameras(store):
            told, words = seen[row.id], words_of(row)
            if words and told.after_s is None:
                told.said, told.after_s = words, now_s
            if told.again_s is None and row.last_look_at is not None and row.last_look_at > since and not words:
                told.again_s = now_s
        time.sleep(0.5)
    return seen


def all_again(seen: dict[str, Seen]) -> bool:
    return all(told.again_s is not None for told in seen.values())


def last_again(seen: dict[str, Seen]) -> str:
    """When the last of all cameras had been looked at anew."""
    return f"all looked at again after {max(told.again_s or float('inf') for told in seen.values()):.0f} s"


def streams_fail(store: Store, relays: dict[str, Relay], fault_s: float) -> Iterator[str]:
    """Every fault of a stream at once, each on a camera of its own."""
    for name, relay in relays.items():
        relay.fault = FAULTS[name]
    during = watch_page(store, lambda _: False, fault_s)
    for relay in relays.values():
        relay.fault = Fault.NONE
    after = watch_page(store, all_again, _PATIENCE_S)
    for name, told in during.items():
        said = f"{told.after_s:.0f} s: {told.said}" if told.after_s is not None else "nothing"
        yield f"{name:10} {said}; looked at again after {after[name].again_s or float('inf'):.0f} s"


def helper_is_killed(store: Store, worker: Process) -> str:
    """The process beside the first."""
    helpers = {int(row.id.split(":")[1]) for row in workers(store)} - {worker.pid}
    os.kill(helpers.pop(), signal.SIGKILL)
    return f"helper killed: {last_again(watch_page(store, all_again, _PATIENCE_S))}"


def disk_fills(store: Store, disk: Path, fault_s: float) -> str:
    """The disk that database and evidence are on."""
    filler = fill(disk)
    during = watch_page(store, lambda _: False, fault_s)
    filler.unlink()
    after = watch_page(store, all_again, _PATIENCE_S)
    told = max(during.values(), key=lambda seen: seen.after_s or float("inf"))
    return f"disk full: {told.after_s or float('inf'):.0f} s: {told.said}; with room, {last_again(after)}"


def worker_is_killed(store: Store, worker: Process, start: Callable[[], Process]) -> tuple[str, Process]:
    """The first process, which takes its helper with it; another is started once the page says that none runs."""
    began = time.monotonic()
    os.kill(worker.pid, signal.SIGKILL)
    while any(row.alive for row in workers(store)) and time.monotonic() - began < _PATIENCE_S:
        time.sleep(0.5)
    said_s, another = time.monotonic() - began, start()
    again = last_again(watch_page(store, all_again, _PATIENCE_S))
    return f"worker killed: no worker runs, said after {said_s:.0f} s; another started then: {again}", another


def worker_beside_takes_over(store: Store, worker: Process, start: Callable[[], Process]) -> str:
    """A worker is killed that another command's runs beside."""
    beside = start()
    while not any(f":{beside.pid}:" in row.id for row in workers(store)):
        time.sleep(0.5)
    time.sleep(_SETTLED_S)
    os.kill(worker.pid, signal.SIGKILL)
    return f"worker killed, another beside it: {last_again(watch_page(store, all_again, _PATIENCE_S))}"


def main() -> None:
    """Set everything up, and take it down."""
    fault_s = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    detector_in_use(home_folder())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        disk = folder / "site"
        may_fill = stack.enter_context(small_disk(disk, _DISK_MB))
        (disk / "models").symlink_to((home_folder() / "models").resolve())
        usual = coded(folder, 640, 360)
        address = stack.enter_context(serve(usual))
        relays = {name: stack.enter_context(relayed(address)) for name in FAULTS}
        store = open_store(f"sqlite:///{disk}/site.db", disk)
        stack.callback(store.close)
        for name, relay in relays.items():
            register(store, name, f"rtsp://127.0.0.1:{relay.server_address[1]}/{name}")
        register(store, RESIZED, f"{stack.enter_context(serve(changing(usual, coded(folder, 480, 270))))}/resized")

        def start() -> Process:
            command = [sys.executable, "-m", "lamplighter", "worker", "--processes", "2", "--db", store.url]
            log = stack.enter_context((folder / "log").open("ab"))
            worker = subprocess.Popen(command, env={**os.environ, "LAMPLIGHTER_FILES": str(disk)}, stderr=log)
            stack.callback(worker.wait)
            stack.callback(worker.terminate)
            return worker

        worker = start()
        say(f"started: {last_again(watch_page(store, all_again, _PATIENCE_S))}")
        say(*streams_fail(store, relays, fault_s))
        say(helper_is_killed(store, worker))
        say(disk_fills(store, disk, fault_s) if may_fill else "disk full: not tried, that takes root")
        line, worker = worker_is_killed(store, worker, start)
        say(line, worker_beside_takes_over(store, worker, start))


def say(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
