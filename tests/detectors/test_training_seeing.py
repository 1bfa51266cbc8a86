"""Judges that begin with the first layers of a detector."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from detectors.errors import LamplighterError
from detectors.inspectors.state_models import StateModel
from detectors.training.judges.examples import Examples
from detectors.training.judges.net import JudgeNet, export, odds_of, train_net
from detectors.training.judges.seeing import SeeingTower

BUNDLED = Path(__file__).parents[2] / "detectors" / "weights" / "lamplighter-n.pt"
SIDE = 48


def crops(count: int) -> torch.Tensor:
    return torch.rand(count, 4, SIDE, SIDE, generator=torch.Generator().manual_seed(1))


def layer(net: nn.Module) -> torch.Tensor:
    return next(net.parameters()).detach().clone()


@pytest.fixture(scope="module")
def tower() -> SeeingTower:
    return SeeingTower(BUNDLED, contrasts=False).eval()


def test_it_sees_colours_as_the_detector_does_and_no_outline_before_it_learns(tower: SeeingTower) -> None:
    """The detector's layers are shown red first, crops hold blue first."""
    from detectors.training.export import read_checkpoint

    shown = crops(2)
    other = shown.clone()
    other[:, 3] = 1 - other[:, 3]
    with torch.no_grad():
        layers = read_checkpoint(BUNDLED).model.eval()
        eighth, sixteenth = (layers[:count](shown[:, [2, 1, 0]]) for count in (5, 7))
        read = torch.cat([tower.narrow["4"](eighth), tower.narrow["6"](sixteenth)], dim=1)
        assert torch.allclose(tower(shown), read, atol=1e-4)
        assert torch.equal(tower(shown), tower(other))
        assert not torch.equal(tower(shown), tower(shown[:, [2, 1, 0, 3]]))


def test_contrasts_are_shown_to_it_as_colours_of_photographs() -> None:
    tower = SeeingTower(BUNDLED, contrasts=True).eval()
    plain = SeeingTower(BUNDLED, contrasts=False).eval()
    plain.load_state_dict(tower.state_dict())
    shown = crops(2)
    as_contrasts = torch.cat([(shown[:, :3] - 0.45) / 0.5, shown[:, 3:]], dim=1)
    with torch.no_grad():
        assert torch.allclose(tower(as_contrasts), plain(shown), atol=1e-4)


def coloured(count: int) -> Examples:
    """Crops that are red in one state and blue in the other."""
    rng = np.random.default_rng(3)
    targets = (np.arange(count) % 2).astype(np.float32)
    pixels = rng.integers(0, 90, (count, SIDE, SIDE, 4)).astype(np.uint8)
    pixels[targets == 0, ..., 0] += 120
    pixels[targets == 1, ..., 2] += 120
    names = np.array(["shown"] * count)
    return Examples(pixels, targets, np.ones(count, np.float32), names, names)


def as_they_are(some: NDArray[np.uint8], _: np.random.Generator) -> NDArray[np.float32]:
    return np.asarray(some / np.float32(255), np.float32)


def test_it_learns_and_its_graph_says_the_same(tmp_path: Path) -> None:
    shown = coloured(128)
    net = train_net(shown, shown, 10, 2, as_they_are, lambda _: None, start=BUNDLED)
    odds = odds_of(net, shown.crops)
    assert ((odds > 0.5) == (shown.targets > 0.5)).mean() > 0.95
    export(net, SIDE, tmp_path / "judge.onnx")
    said = StateModel(tmp_path / "judge.onnx").judge(list(shown.crops))[:, 1]
    assert np.abs(said - odds).max() < 1e-3


def test_what_was_learnt_before_is_kept_longer_than_what_is_new() -> None:
    net = JudgeNet(SIDE, 1, start=BUNDLED)
    optimiser, _ = net.optimiser(100)
    old, new = optimiser.param_groups
    first = net.towers[0]
    assert isinstance(first, SeeingTower)
    assert {id(p) for p in old["params"]} == {id(p) for p in first.layers.parameters()}
    assert old["max_lr"] < new["max_lr"]
    assert len(old["params"]) + len(new["params"]) == len(list(net.parameters()))


def test_each_view_has_layers_of_its_own() -> None:
    net = JudgeNet(SIDE, 2, start=BUNDLED)
    first, second = net.towers
    with torch.no_grad():
        next(first.parameters()).zero_()
    assert layer(second).abs().sum() > 0


def not_a_checkpoint(folder: Path) -> Path:
    (folder / "bad.pt").write_bytes(b"no checkpoint")
    return folder / "bad.pt"


def of_grey_pictures(folder: Path) -> Path:
    """A detector whose first layer sees one colour."""
    from detectors.training.export import read_checkpoint

    model = read_checkpoint(BUNDLED)
    model.model[0].conv = nn.Conv2d(1, 16, 3, 2, 1, bias=False)
    torch.save({"model": model, "train_args": {}}, folder / "grey.pt")
    return folder / "grey.pt"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(of_grey_pictures, "take yolo26n.pt", id="grey pictures"),
        pytest.param(lambda folder: folder / "none.pt", "no such checkpoint", id="missing"),
        pytest.param(not_a_checkpoint, "it may be damaged", id="damaged"),
    ],
)
def test_a_checkpoint_that_cannot_be_used_is_refused(make, said: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(LamplighterError, match=said):
        JudgeNet(SIDE, 1, start=make(tmp_path))
