"""The score from which a detection of a class is worth believing, chosen on held-back training pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detectors.training.scoring import ENOUGH, Truth, hits_of
from detectors.values import Detections

DEFAULT = 0.25
"""For a class with too few held-back boxes to choose on."""
LEAST, MOST = 0.12, 0.6
_AS_GOOD = 0.01
"""F1 this little under the best is as good: lamps once had 0.699 at 0.44, and 0.005 less at 0.24."""


def choose(pairs: Sequence[tuple[Truth, Detections]], classes: Sequence[str]) -> dict[str, float]:
    """For each class the middle of the thresholds whose F1 at IoU 0.5 is as good as the best, within LEAST and MOST."""
    chosen = {}
    for name in classes:
        hits, scores, boxes, _ = hits_of(pairs, name)
        if boxes < ENOUGH or not hits.any():
            chosen[name] = DEFAULT
            continue
        order = np.argsort(-scores, kind="stable")
        right = np.cumsum(hits[order, 0])
        f1 = 2 * right / (np.arange(1, len(order) + 1) + boxes)
        as_good = scores[order][f1 >= f1.max() - _AS_GOOD]
        middle = float(as_good.max() + as_good.min()) / 2
        chosen[name] = round(min(MOST, max(LEAST, middle)), 3)
    return chosen
