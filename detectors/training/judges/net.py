"""The judges' small network: how it is trained on crops, and how it becomes an ONNX graph."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from detectors.training.judges.examples import Examples
from detectors.training.judges.seeing import SeeingTower
from detectors.training.judges.variation import Pixels, Vary

_BATCH, _SMOOTHING = 64, 0.03
# Rates at the start and at most, and the decay of weights. What has been learnt before is to be kept: layers that come
# from a detector learn at a quarter of the rate of those that are new.
_RATES, _DECAY = (2e-3, 4e-3), 1e-3
_SEEING_RATES, _SEEING_DECAY, _KEPT = (7.5e-4, 3e-3), 1e-2, 1 / 4
_TOLD_EACH = 5
_SURE = 0.6  # odds from which the inspectors take a state for sure
_STATES = 2
_LAYERS, _WIDTHS = 4, (12, 20, 32, 40, 40)
# Where only contrasts count, a crop's spread of colours becomes this; the least keeps noise in the dark from counting.
_SPREAD, _LEAST_SPREAD = 0.5, 0.04


class JudgeNet(nn.Module):
    """Over (n, 4 views, side, side) crops in 0-1; (n, 2) logits. Each view of a thing has its tower."""

    def __init__(self, side: int, views: int, contrasts: bool = False, start: Path | None = None) -> None:
        """Build a network that has not learnt from crops yet.

        Args:
            side: of a crop, px.
            contrasts: whether only the contrasts within a crop count, not how bright it is.
            start: checkpoint of a detector whose first layers see for the judge; small new layers if None.

        Raises:
            LamplighterError: a checkpoint that cannot be read, or without such layers.
        """
        super().__init__()
        self.contrasts = contrasts
        self.towers = nn.ModuleList(_tower() if start is None else SeeingTower(start, contrasts) for _ in range(views))
        with torch.no_grad():
            seen = self.towers.eval()[0](torch.zeros(1, _LAYERS, side, side)).shape[1]
        self.last = nn.Linear(views * seen, _STATES)

    def forward(self, crops: torch.Tensor) -> torch.Tensor:
        parts = torch.split(crops, _LAYERS, dim=1)
        if self.contrasts:
            parts = tuple(_contrasts(part) for part in parts)
        seen = [tower(part) for tower, part in zip(self.towers, parts, strict=True)]
        states: torch.Tensor = self.last(torch.cat(seen, dim=1))
        return states

    def optimiser(self, steps: int) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
        """How it learns in so many steps."""
        old = [p for tower in self.towers if isinstance(tower, SeeingTower) for p in tower.layers.parameters()]
        if not old:
            optimiser = torch.optim.AdamW(self.parameters(), _RATES[0], weight_decay=_DECAY)
            return optimiser, torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATES[1], total_steps=steps)
        known = {id(p) for p in old}
        groups = [{"params": old}, {"params": [p for p in self.parameters() if id(p) not in known]}]
        optimiser = torch.optim.AdamW(groups, _SEEING_RATES[0], weight_decay=_SEEING_DECAY)
        most = [_KEPT * _SEEING_RATES[1], _SEEING_RATES[1]]
        return optimiser, torch.optim.lr_scheduler.OneCycleLR(optimiser, most, total_steps=steps)


def _contrasts(view: torch.Tensor) -> torch.Tensor:
    """A (n, 4, side, side) view with the colours of each crop less their mean, over their spread."""
    colours, outline = view[:, :3], view[:, 3:]
    level = colours - colours.mean(dim=(1, 2, 3), keepdim=True)
    spread = (level * level).mean(dim=(1, 2, 3), keepdim=True).sqrt()
    return torch.cat([level * _SPREAD / (spread + _LEAST_SPREAD), outline], dim=1)


def _tower() -> nn.Sequential:
    """Five layers over (n, 4, side, side)."""
    widths = (_LAYERS, *_WIDTHS)
    layers: list[nn.Module] = []
    for k, (before, after) in enumerate(pairwise(widths)):
        stride = 2 if k < 4 else 1
        layers += [nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), nn.Dropout(0.3))


def train_net(
    learn: Examples,
    held_back: Examples,
    epochs: int,
    seed: int,
    vary: Vary,
    notice: Callable[[str], None],
    contrasts: bool = False,
    start: Path | None = None,
) -> JudgeNet:
    """Train a new network on some examples, each time varied; `notice` hears its scores on others."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = JudgeNet(learn.crops.shape[1], learn.crops.shape[-1] // _LAYERS, contrasts, start)
    steps = max(1, len(learn.crops) // _BATCH)
    optimiser, schedule = net.optimiser(epochs * steps)
    loss_of = nn.CrossEntropyLoss(label_smoothing=_SMOOTHING)
    odds = _odds_of_picking(learn)
    for epoch in range(1, epochs + 1):
        net.train()
        for _ in range(steps):
            picked = rng.choice(len(odds), _BATCH, p=odds)
            second = torch.from_numpy(learn.targets[picked])
            loss = loss_of(net(_tensor(vary(learn.crops[picked], rng))), torch.stack([1 - second, second], dim=1))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        if epoch % _TOLD_EACH == 0 or epoch == epochs:
            notice(f"epoch {epoch}/{epochs}  {told(net, held_back)}")
    return net.eval()


def odds_of(net: JudgeNet, crops: NDArray[np.uint8]) -> Pixels:
    """(n,) odds of the second state."""
    net.eval()
    with torch.no_grad():
        return np.asarray(
            net(_tensor(np.asarray(crops / np.float32(255), np.float32))).softmax(1)[:, 1].numpy(), np.float32
        )


def told(net: JudgeNet, examples: Examples) -> str:
    """Share judged rightly of each state, among examples that are surely in it and lie where things are."""
    odds, parts = odds_of(net, examples.crops), []
    for state in (0, 1):
        of_state = (examples.targets == state) & (examples.weights > 1)
        if of_state.any():
            right = float(((odds[of_state] >= 0.5) == state).mean())
            parts.append(f"state {state}: {right:.3f} of {int(of_state.sum())}")
    return ", ".join(parts)


def table(net: JudgeNet, examples: Examples) -> str:
    """Scores of some examples, a row for each group and state: how many, and how they are judged."""
    odds = odds_of(net, examples.crops)
    rows = [f"{'held back':<24}{'state':>6}{'crops':>7}{'right':>8}{'surely':>8}{'surely wrong':>14}"]
    for group in sorted(set(examples.groups.tolist())):
        for state in (0, 1):
            which = (examples.groups == group) & (examples.targets == state)
            if which.any():
                own = odds[which] if state else 1 - odds[which]
                shares = (own >= 0.5).mean(), (own >= _SURE).mean(), (own <= 1 - _SURE).mean()
                rows.append(
                    f"{group:<24}{state:>6}{which.sum():>7}{shares[0]:>8.3f}{shares[1]:>8.3f}{shares[2]:>14.3f}"
                )
    return "\n".join(rows)


def export(net: JudgeNet, side: int, target: Path) -> None:
    """Write the graph that `detectors.inspectors.state_models` loads."""
    target.parent.mkdir(parents=True, exist_ok=True)
    free = {"crops": {0: "n"}, "states": {0: "n"}}
    sample = torch.zeros(2, _LAYERS * len(net.towers), side, side)
    torch.onnx.export(
        net.eval(),
        (sample,),
        str(target),
        input_names=["crops"],
        output_names=["states"],
        dynamic_axes=free,
        dynamo=False,
    )


def _odds_of_picking(examples: Examples) -> NDArray[np.float64]:
    """Rare states are picked more often than they occur, by the root of their rarity."""
    state = (examples.targets >= 0.5).astype(int)
    weights = examples.weights / np.sqrt(np.bincount(state, minlength=_STATES))[state]
    return np.asarray(weights / weights.sum())


def _tensor(crops: Pixels) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(crops)).permute(0, 3, 1, 2).float()
