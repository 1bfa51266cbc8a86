"""Small learned judges of one registered thing's crop: lit or dark, upright or leaning, in leaf or bare."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from detectors.inspectors.crops import Crop

Odds = NDArray[np.float32]

_LOOKS = 5  # the median of so many looks: one passer-by or one gust says nothing
_FOLDER = Path(__file__).parent.parent / "weights"


class StateModel:
    """An ONNX graph with input (n, 4, side, side) in 0-1 and output (n, states) of logits."""

    def __init__(self, graph: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # crops are so small that threads cost more than they give
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])

    def judge(self, crops: Sequence[Crop]) -> Odds:
        """Probability of every state for each crop, (n, states); rows sum to 1."""
        pixels = np.stack(crops).transpose(0, 3, 1, 2).astype(np.float32) / 255
        (logits,) = self._session.run(None, {"crops": pixels})
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float32)


@cache
def state_model(name: str) -> StateModel:
    """The bundled judge of a name, loaded once for all cameras of a process."""
    return StateModel(_FOLDER / f"{name}.onnx")


@dataclass(slots=True)
class SettledJudge:
    """A state model with a memory: each thing's odds are the median over its last looks."""

    model: str
    _past: dict[str, deque[Odds]] = field(default_factory=dict)

    def look(self, crops: dict[str, Crop]) -> None:
        """Take in one look at some things, by id."""
        if not crops:
            return
        for thing, odds in zip(crops, state_model(self.model).judge(list(crops.values())), strict=True):
            self._past.setdefault(thing, deque(maxlen=_LOOKS)).append(odds)

    def odds(self, thing: str) -> Odds | None:
        """Settled probability of every state, None for a thing never looked at."""
        past = self._past.get(thing)
        return np.median(np.stack(past), axis=0) if past else None
