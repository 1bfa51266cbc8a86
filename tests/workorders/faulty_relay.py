"""A relay between an RTSP server and those who watch it, that does on demand what networks and cameras do wrong."""

from __future__ import annotations

import random
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from io import BufferedReader

_RTP_HEADER, _NAL_HEADER = 12, 2
_SPOILT_ONE_IN = 400  # bytes
_BACK = 3600 * 90_000  # ticks of the stream's clock: an hour


class Fault(StrEnum):
    """What the relay does to everything that passes."""

    NONE = "none"
    STALL = "stall"
    REFUSE = "refuse"
    SPOIL = "spoil"
    BACKWARDS = "backwards"


class _Link(socketserver.StreamRequestHandler):
    server: Relay

    def handle(self) -> None:
        if self.server.fault is Fault.REFUSE:
            return
        with socket.create_connection(self.server.upstream) as camera:
            threading.Thread(target=self._ask, args=(camera,), daemon=True).start()
            try:
                for part in _parts(camera.makefile("rb")):
                    self.wfile.write(self._pass(part))
            except OSError:
                return  # either side has gone

    def _ask(self, camera: socket.socket) -> None:
        try:
            while said := self.request.recv(4096):
                camera.sendall(said)
            camera.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def _pass(self, part: bytes) -> bytes:
        while self.server.fault is Fault.STALL:
            if self.server.over.wait(0.1):
                raise ConnectionError
        if self.server.fault is Fault.REFUSE:
            raise ConnectionError
        if part[:1] != b"$":
            return part
        changed = bytearray(part)
        if self.server.fault is Fault.BACKWARDS:
            (stamp,) = struct.unpack_from(">I", part, 4 + 4)
            struct.pack_into(">I", changed, 4 + 4, (stamp - _BACK) % 2**32)
        if self.server.fault is Fault.SPOIL:
            for n in range(4 + _RTP_HEADER + _NAL_HEADER, len(changed)):
                if self.server.dice.random() < 1 / _SPOILT_ONE_IN:
                    changed[n] = self.server.dice.randrange(256)
        return bytes(changed)


class Relay(socketserver.ThreadingTCPServer):
    """Passes everything on, and does what `fault` says from then on."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, upstream: tuple[str, int]) -> None:
        super().__init__(("127.0.0.1", 0), _Link)
        self.upstream, self.fault, self.over = upstream, Fault.NONE, threading.Event()
        self.dice = random.Random(1)


@contextmanager
def relayed(address: str) -> Iterator[Relay]:
    """A relay to the server at an address, `rtsp://host:port`."""
    host, port = address.removeprefix("rtsp://").split(":")
    with Relay((host, int(port))) as relay:
        threading.Thread(target=relay.serve_forever, daemon=True).start()
        try:
            yield relay
        finally:
            relay.over.set()
            relay.shutdown()


def _parts(stream: BufferedReader) -> Iterator[bytes]:
    """Answers of the server and packets of the stream, one by one."""
    while (first := stream.read(1)) != b"":
        if first == b"$":
            head = stream.read(3)
            yield first + head + stream.read(struct.unpack(">H", head[1:])[0])
            continue
        lines = [first + stream.readline()]
        while lines[-1] not in (b"\r\n", b""):
            lines.append(stream.readline())
        told = [int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length")]
        yield b"".join(lines) + stream.read(sum(told))
