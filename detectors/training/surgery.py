"""Give a COCO checkpoint our classes without losing what it knows."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import torch
from torch import nn

from detectors.training.classes import CLASSES, COCO_SEEDS


def _reseeded(conv: nn.Conv2d, rows: list[int], own: list[bool]) -> nn.Conv2d:
    """A 1x1 output layer whose rows are chosen rows of another; rows not our own start less sure."""
    new = nn.Conv2d(conv.in_channels, len(rows), 1)
    assert conv.bias is not None
    assert new.bias is not None
    with torch.no_grad():
        new.weight.copy_(conv.weight[rows])
        new.bias.copy_(conv.bias[rows])
        for i, same_thing in enumerate(own):
            if not same_thing:
                new.weight[i].mul_(0.5)
                new.bias[i] = min(float(new.bias[i]), -6.0)
    return new


def with_our_classes(model: Any) -> Any:
    """A copy of a COCO detection model that has our classes.

    A head built anew for another number of classes has other widths and would start from nothing; here the head stays
    and only its last layer is cut: rows of the same thing are kept, the others start from the nearest COCO class.
    The second, one-to-one head is dropped: we predict with the one-to-many head, which scored better in nearly
    every class (docs/model_card.md), and nothing else would train it.

    Args:
        model: an ultralytics DetectionModel with the 80 COCO classes, or one that has ours already; one that has some
            of ours, as older weights have, keeps those.
    """
    new = deepcopy(model).float()
    head = new.model[-1]
    if getattr(head, "one2one_cv2", None) is not None:
        head.one2one_cv2 = head.one2one_cv3 = None
    new.end2end = False
    if head.nc == len(CLASSES):
        return new
    before = [model.names[i] for i in sorted(model.names)]
    rows, own = _of_ours(before) if set(before) <= set(CLASSES) else _of_coco()
    for level in head.cv3:
        level[-1] = _reseeded(level[-1], rows, own)
    head.nc = len(CLASSES)
    head.no = head.nc + head.reg_max * 4
    new.nc = head.nc
    new.yaml = {**new.yaml, "nc": head.nc}
    new.names = dict(enumerate(CLASSES))
    return new


def _of_coco() -> tuple[list[int], list[bool]]:
    """For each of our classes the row of a COCO model that starts it, and whether it is the same thing."""
    rows = [COCO_SEEDS[name] for name in CLASSES]
    used_before = [rows.index(r) != i for i, r in enumerate(rows)]
    coco_names = {"person", "bicycle", "motorcycle", "car", "truck", "bench", "dog"}
    return rows, [name in coco_names and not again for name, again in zip(CLASSES, used_before, strict=True)]


def _of_ours(before: list[str]) -> tuple[list[int], list[bool]]:
    """The same of a model that has some of our classes: what it lacks starts from a bin, which stands on paths too."""
    like = before.index("bin") if "bin" in before else 0
    return [before.index(n) if n in before else like for n in CLASSES], [n in before for n in CLASSES]
