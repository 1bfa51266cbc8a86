"""What every source of pictures offers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from detectors.values import Frame


class Source(Protocol):
    """Pictures from one camera, in the order of their capture.

    Attributes:
        spec: what the user named: a path or an address.
        name: short name for the screen.
        live: whether the pictures come as they are taken, without an end.
        duration_s: length in seconds, None where unknown.
        fps: pictures a second in the source itself, None where unknown.
    """

    @property
    def spec(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def live(self) -> bool: ...

    @property
    def duration_s(self) -> float | None: ...

    @property
    def fps(self) -> float | None: ...

    def frames(self, every_s: float) -> Iterator[Frame]:
        """Yield a frame about every `every_s` seconds of source time, each with its true time.

        All that can be read is yielded before an error is raised, so that nothing seen is lost.

        Raises:
            SourceError: the source cannot be read, or not to its end.
        """
        ...
