"""Barriers on legs: of what stands so only the board, or its stripes, differ from the paving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from detectors.geometry import Box

# Barriers of boards and bars are about a metre high. Their boards are 0.1-0.5 m high, and what is wider than a row of
# a few is a kerb or a bed; stripes of the paving's own colour part what is seen of a board. Choices.
_HIGH_M, _BOARD_M, _WIDE_M, _APART_M = 1.0, (0.1, 0.5), (0.8, 4.0), 0.5
_LEVEL = 0.5  # of the lower one's height: so much of two stripes of a board is on the same lines
_STEPS = 3  # after so many the line that it stands on, and the metre measured there, agree

MetreAt = Callable[[float], float | None]
"""Picture height of a metre that stands on a line of the picture, None where nothing tells the scale."""


@dataclass(frozen=True, slots=True)
class _Board:
    """A board or a stripe of one, the line that it would stand on, and a metre there, both in picture heights."""

    box: Box
    foot: float
    metre: float

    def goes_on(self, stripe: Box, aspect: float) -> bool:
        """Whether a stripe to the right is of the same board."""
        level = min(self.box.y1, stripe.y1) - max(self.box.y0, stripe.y0)
        near = (stripe.x0 - self.box.x1) * aspect <= _APART_M * self.metre
        return near and level >= _LEVEL * min(self.box.height, stripe.height)

    def is_wide(self, aspect: float) -> bool:
        return self.box.width * aspect >= _WIDE_M[0] * self.metre


def on_legs(odd: Sequence[Box], metre_at: MetreAt, aspect: float) -> list[Box]:
    """Boxes of what may stand on legs, from its board down to the ground.

    Args:
        odd: places that differ from the paving round them.
        aspect: width of the picture over its height.
    """
    pieces = [board for box in odd if (board := _board(box, metre_at)) is not None]
    boards = [piece for piece in pieces if piece.is_wide(aspect)]
    rows: list[_Board] = []
    for stripe in sorted((p for p in pieces if not p.is_wide(aspect)), key=lambda p: p.box.x0):
        before = next((row for row in rows if row.goes_on(stripe.box, aspect)), None)
        if before is None:
            rows.append(stripe)
        else:
            rows[rows.index(before)] = replace(before, box=before.box.union(stripe.box))
    boards += [row for row in rows if row.is_wide(aspect)]
    return [replace(b.box, y1=b.foot) for b in boards if b.box.width * aspect <= _WIDE_M[1] * b.metre]


def _board(box: Box, metre_at: MetreAt) -> _Board | None:
    """What is as high as a board is, None where it is not or nothing tells."""
    foot, metre = box.y1, None
    for _ in range(_STEPS):
        metre = metre_at(foot)
        if metre is None:
            return None
        foot = box.y0 + _HIGH_M * metre
    low, high = _BOARD_M
    return _Board(box, foot, metre) if metre and low * metre <= box.height <= high * metre else None
