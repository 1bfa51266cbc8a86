"""A judge's tower that begins with the first layers of a detector: they have learnt to see from photographs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch
from torch import nn

from detectors.errors import LamplighterError
from detectors.training.export import read_checkpoint

# Layers of a YOLO detector that see an eighth and a sixteenth of the pixels across, and how many features are kept of
# each place there. With the first alone the judge of empty outlines errs more, see docs/judges_from_a_detector.md.
_READ = {4: 40, 6: 60}
_COLOURS = 3
# Where a view holds contrasts round 0, they become colours as photographs have them: their spread and middle, 0-1.
_SPREAD, _MIDDLE = 0.5, 0.45


class SeeingTower(nn.Module):
    """Over (n, 4, side, side) views, blue, green, red and an outline; (n, features)."""

    def __init__(self, start: Path, contrasts: bool) -> None:
        """Take the layers of a checkpoint; the outline is a fourth colour, which counts nothing yet.

        Args:
            start: checkpoint of a YOLO detector, as ultralytics writes it.
            contrasts: whether the colours of the views are contrasts round 0 instead of 0-1.

        Raises:
            LamplighterError: it cannot be read, or its first layers are others.
        """
        super().__init__()
        self.contrasts = contrasts
        layers = read_checkpoint(start).model[: max(_READ) + 1].float()
        first = getattr(layers[0], "conv", None)
        if not isinstance(first, nn.Conv2d) or first.in_channels != _COLOURS:
            raise LamplighterError(f"{start}: no YOLO detector of pictures in colour; take yolo26n.pt or one like it.")
        layers[0].conv = _with_outline(first)
        self.layers = layers.requires_grad_(True).eval()
        self.narrow = nn.ModuleDict()
        with torch.no_grad():
            for number, seen in self._seen(torch.zeros(1, _COLOURS + 1, 64, 64)):
                self.narrow[str(number)] = _narrowed(seen.shape[1], _READ[number])

    def forward(self, view: torch.Tensor) -> torch.Tensor:
        colours, outline = view[:, [2, 1, 0]], view[:, _COLOURS:]
        if self.contrasts:
            colours = colours * _SPREAD + _MIDDLE
        read = self._seen(torch.cat([colours, outline], dim=1))
        return torch.cat([self.narrow[str(number)](seen) for number, seen in read], dim=1)

    def _seen(self, picture: torch.Tensor) -> Iterator[tuple[int, torch.Tensor]]:
        """What the layers that are read make of pictures, with their numbers."""
        for number, layer in enumerate(self.layers):
            picture = layer(picture)
            if number in _READ:
                yield number, picture


def _narrowed(features: int, kept: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(features, kept, 1, bias=False), nn.BatchNorm2d(kept), nn.ReLU(), nn.Flatten(), nn.Dropout(0.3)
    )


def _with_outline(first: nn.Conv2d) -> nn.Conv2d:
    """A first layer that sees an outline as well, of which it makes nothing before it learns to."""
    assert isinstance(first.padding, tuple)
    size, stride = (first.kernel_size[0], first.kernel_size[1]), (first.stride[0], first.stride[1])
    padding = (int(first.padding[0]), int(first.padding[1]))
    wider = nn.Conv2d(_COLOURS + 1, first.out_channels, size, stride, padding, bias=False)
    with torch.no_grad():
        wider.weight.zero_()
        wider.weight[:, :_COLOURS] = first.weight
    return wider
