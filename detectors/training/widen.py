"""The small model from the nano one: each layer twice as wide, computing the same until it is trained.

After Chen, Goodfellow and Shlens, "Net2Net" (2016): each channel is doubled, and what follows it shares the old weight
between the two at random, so that they learn different things from the first step. No checkpoint of the small size is
needed, and nothing that the nano model knows is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn
from ultralytics.nn.modules.block import Attention
from ultralytics.nn.tasks import DetectionModel

from detectors.errors import LamplighterError
from detectors.training.surgery import with_our_classes

SMALL = "s"
"""The scale in ultralytics' terms: as deep as nano, twice as wide."""
SEED = 26


def start_of(model: Any, *, small: bool) -> Any:
    """A copy of a checkpoint's model with our classes, as a training starts from it.

    Args:
        small: make a nano model twice as wide; one that is small stays as it is.
    """
    ours = with_our_classes(model)
    return widened(ours) if small and ours.yaml.get("scale") != SMALL else ours


def widened(model: Any) -> Any:
    """A detector twice as wide that computes the same.

    Args:
        model: an ultralytics DetectionModel of the nano scale, without a one-to-one head (see `surgery`).

    Returns:
        A DetectionModel of the small scale with the same classes, in full precision.

    Raises:
        LamplighterError: the model is not of the nano scale.
    """
    if model.yaml.get("scale") != "n":
        raise LamplighterError(
            "Only a nano model can be widened to a small one: start from one, or train without --small."
        )
    wide = DetectionModel({**model.yaml, "scale": SMALL}, nc=model.nc, verbose=False)
    wide = with_our_classes(wide)
    draw = torch.Generator().manual_seed(SEED)
    old, layouts = model.float().state_dict(), _attention_layouts(wide, model)
    grown = {name: _grown(old[name], value, layouts, name, draw) for name, value in wide.state_dict().items()}
    wide.load_state_dict(grown)
    wide.names = dict(model.names)
    return wide


Layouts = Mapping[str, torch.Tensor]
"""Which old channel each new one comes from, by the layer's name and side, where channels do not simply double."""


def _attention_layouts(wide: nn.Module, narrow: nn.Module) -> Layouts:
    """Layouts of the attentions: channels of a head belong together, so whole heads are doubled there."""
    before = dict(narrow.named_modules())
    layouts: dict[str, torch.Tensor] = {}
    for name, module in wide.named_modules():
        if isinstance(module, Attention):
            small: Any = before[name]
            heads = torch.arange(module.num_heads) * small.num_heads // module.num_heads
            asked = 2 * small.key_dim + small.head_dim
            layouts[f"{name}.qkv out"] = _blocks(heads, asked)
            layouts[f"{name}.pe out"] = layouts[f"{name}.proj in"] = _blocks(heads, small.head_dim)
    return layouts


def _blocks(heads: torch.Tensor, size: int) -> torch.Tensor:
    return (heads[:, None] * size + torch.arange(size)).flatten()


def _grown(old: torch.Tensor, new: torch.Tensor, layouts: Layouts, name: str, draw: torch.Generator) -> torch.Tensor:
    """An old weight, bias or statistic in the shape of the new one."""
    if old.dim() == 0:
        return old
    layer = name.rsplit(".", 2)[0]  # "model.10.m.0.attn.qkv" of "model.10.m.0.attn.qkv.conv.weight"
    grown = old[layouts.get(f"{layer} out", _spread(len(old), len(new)))]
    if old.dim() < 2:
        return grown
    source = layouts.get(f"{layer} in", _spread(old.shape[1], new.shape[1]))
    parts = 0.5 + torch.rand(len(new), len(source), generator=draw)
    whole = torch.zeros(len(new), old.shape[1]).index_add_(1, source, parts)
    return grown[:, source] * (parts / whole[:, source])[:, :, None, None]


def _spread(old: int, new: int) -> torch.Tensor:
    """Each old channel as often in a row as there is room: 0, 0, 1, 1, ... for twice as many."""
    return torch.arange(new) * old // new
