"""What goes wrong in a thread that reads is raised in the thread that waits for it."""

from __future__ import annotations

from types import TracebackType


class Handed:
    """A context manager round all that a thread does: it keeps what was raised there, to be raised elsewhere."""

    def __init__(self) -> None:
        self._error: BaseException | None = None

    def __enter__(self) -> Handed:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._error = error
        return True

    def raise_again(self) -> None:
        """Raise what was raised in the thread; nothing where it ended well."""
        if self._error is not None:
            raise self._error
