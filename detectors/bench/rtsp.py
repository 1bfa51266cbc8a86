"""A small RTSP server for load tests: sends an H.264 clip to whoever asks, over TCP, in real time, again and again."""

from __future__ import annotations

import base64
import io
import random
import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av

from detectors.errors import LamplighterError

_CLOCK_HZ = 90_000
_MOST_BYTES = 1400  # of a packet's payload


@dataclass(frozen=True, slots=True)
class CodedClip:
    """An H.264 clip as it is sent: parameter sets, and for each picture its time in seconds and its units.

    Attributes:
        pictures: in the order of decoding; the clip must have no pictures out of order.
    """

    parameters: tuple[bytes, bytes]
    pictures: tuple[tuple[float, tuple[bytes, ...]], ...]
    seconds: float

    @classmethod
    def read(cls, path: Path) -> CodedClip:
        """Raises:
        LamplighterError: no H.264 in an MP4 file.
        """
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            header = stream.codec_context.extradata or b""
            if stream.codec_context.name != "h264" or header[:1] != b"\x01":
                raise LamplighterError(f"{path}: only H.264 in MP4 can be served.")
            pictures = [
                (float((p.dts or 0) * p.time_base), tuple(_units(bytes(p))))
                for p in container.demux(stream)
                if p.size and p.time_base
            ]
        first = pictures[0][0]
        step = (pictures[-1][0] - first) / max(1, len(pictures) - 1)
        timed = tuple((at - first, units) for at, units in pictures)
        return cls(_parameter_sets(header), timed, timed[-1][0] + step)


def _units(coded: bytes) -> Iterator[bytes]:
    at = 0
    while at + 4 <= len(coded):
        (size,) = struct.unpack_from(">I", coded, at)
        yield coded[at + 4 : at + 4 + size]
        at += 4 + size


def _parameter_sets(header: bytes) -> tuple[bytes, bytes]:
    """Sequence and picture parameter set from an avcC header with one of each."""
    (size,) = struct.unpack_from(">H", header, 6)
    sequence = header[8 : 8 + size]
    (size,) = struct.unpack_from(">H", header, 9 + len(sequence))
    start = 11 + len(sequence)
    return sequence, header[start : start + size]


def packets(unit: bytes) -> Iterator[bytes]:
    """Payloads that carry one unit (RFC 6184): itself, or its fragments (FU-A)."""
    if len(unit) <= _MOST_BYTES:
        yield unit
        return
    indicator, kind = (unit[0] & 0xE0) | 28, unit[0] & 0x1F
    pieces = [unit[i : i + _MOST_BYTES - 2] for i in range(1, len(unit), _MOST_BYTES - 2)]
    for n, piece in enumerate(pieces):
        flags = (0x80 if n == 0 else 0) | (0x40 if n == len(pieces) - 1 else 0)
        yield bytes((indicator, flags | kind)) + piece


class _Client(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        try:
            while (request := _request(self.rfile)) is not None:
                method, address, sequence = request
                self._answer(method, address, sequence)
                if method == "PLAY":
                    self._send()
                    return
        except OSError:
            return  # the client has gone

    def _answer(self, method: str, address: str, sequence: str) -> None:
        extra, body = "", ""
        if method == "OPTIONS":
            extra = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
        elif method == "DESCRIBE":
            body = _description(self.server.clip)
            extra = f"Content-Base: {address}/\r\nContent-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
        elif method == "SETUP":
            extra = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
        answer = f"RTSP/1.0 200 OK\r\nCSeq: {sequence}\r\nSession: 1\r\n{extra}\r\n{body}"
        self.wfile.write(answer.encode())

    def _send(self) -> None:
        """Everything again and again in real time, begun anywhere in the clip as cameras are not in step."""
        clip, number = self.server.clip, 0
        began, skip_s = time.monotonic(), random.random() * clip.seconds
        while not self.server.over.is_set():
            for at_s, units in clip.pictures:
                due_s = at_s - skip_s
                if due_s < 0:
                    continue
                if self.server.over.wait(max(0.0, began + due_s - time.monotonic())):
                    return
                number = self._send_picture(units, due_s, number)
            skip_s -= clip.seconds

    def _send_picture(self, units: tuple[bytes, ...], due_s: float, number: int) -> int:
        sets = self.server.clip.parameters if any(u[0] & 0x1F == 5 for u in units) else ()
        payloads = [p for unit in (*sets, *units) for p in packets(unit)]
        sent = bytearray()
        for n, payload in enumerate(payloads):
            last = 0x80 if n == len(payloads) - 1 else 0
            stamp = round(due_s * _CLOCK_HZ) & 0xFFFFFFFF
            header = struct.pack(">BBHII", 0x80, last | 96, number & 0xFFFF, stamp, 0x1A3B)
            sent += b"$\0" + struct.pack(">H", len(header) + len(payload)) + header + payload
            number += 1
        self.wfile.write(sent)
        return number


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, clip: CodedClip) -> None:
        super().__init__(("127.0.0.1", 0), _Client)
        self.clip, self.over = clip, threading.Event()


@contextmanager
def serve(clip: CodedClip) -> Iterator[str]:
    """The address of a server on this machine, `rtsp://127.0.0.1:port`; any path below it is a camera."""
    with _Server(clip) as server:
        threading.Thread(target=server.serve_forever, name="rtsp", daemon=True).start()
        try:
            yield f"rtsp://127.0.0.1:{server.server_address[1]}"
        finally:
            server.over.set()
            server.shutdown()


def _request(lines: io.BufferedIOBase) -> tuple[str, str, str] | None:
    """Method, address and sequence number of the next request; None when the client has left."""
    first = lines.readline().decode("latin-1").split()
    sequence = "0"
    while (line := lines.readline().decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        sequence = value.strip() if name.lower() == "cseq" else sequence
    return (first[0], first[1], sequence) if len(first) >= 2 else None


def _description(clip: CodedClip) -> str:
    sets = ",".join(base64.b64encode(s).decode() for s in clip.parameters)
    profile = clip.parameters[0][1:4].hex()
    return (
        "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=bench\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
        f"a=rtpmap:96 H264/{_CLOCK_HZ}\r\n"
        f"a=fmtp:96 packetization-mode=1;profile-level-id={profile};sprop-parameter-sets={sets}\r\na=control:track1\r\n"
    )
