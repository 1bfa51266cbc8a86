"""Several judges joined into one graph that says the mean of what they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from detectors.errors import LamplighterError
from detectors.inspectors.state_models import StateModel
from detectors.training.judges.mean import mean_of
from detectors.training.judges.net import JudgeNet, export


def graph(folder: Path, seed: int, side: int = 16, views: int = 1) -> Path:
    torch.manual_seed(seed)
    target = folder / f"{seed}_{side}.onnx"
    export(JudgeNet(side, views).eval(), side, target)
    return target


def test_the_joined_graph_says_the_mean_of_the_logits(tmp_path: Path) -> None:
    graphs = [graph(tmp_path, seed) for seed in (1, 2, 3)]
    joined = mean_of(graphs, tmp_path / "out" / "mean.onnx")
    crops = list(np.random.default_rng(1).integers(0, 255, (5, 16, 16, 4), np.uint8))
    logits = [np.log(StateModel(one).judge(crops)) for one in graphs]
    apart = np.mean([log[:, 1] - log[:, 0] for log in logits], axis=0)
    odds = StateModel(joined).judge(crops)[:, 1]
    assert np.allclose(np.log(odds / (1 - odds)), apart, atol=1e-3)


def test_a_judge_of_one_view_looks_at_the_first_of_two(tmp_path: Path) -> None:
    one, two = graph(tmp_path, 1), graph(tmp_path, 2, views=2)
    joined = mean_of([one, two], tmp_path / "mean.onnx")
    crops = np.random.default_rng(1).integers(0, 255, (5, 16, 16, 8), np.uint8)
    logits = [np.log(StateModel(g).judge(list(c))) for g, c in ((one, crops[..., :4]), (two, crops))]
    apart = np.mean([log[:, 1] - log[:, 0] for log in logits], axis=0)
    odds = StateModel(joined).judge(list(crops))[:, 1]
    assert np.allclose(np.log(odds / (1 - odds)), apart, atol=1e-3)


def test_what_cannot_be_joined_is_refused_with_a_reason(tmp_path: Path) -> None:
    torn = tmp_path / "torn.onnx"
    torn.write_bytes(b"no graph")
    for graphs, reason in (
        ([graph(tmp_path, 1)], "at least two"),
        ([graph(tmp_path, 1), torn], "torn.onnx: no graph"),
        ([graph(tmp_path, 1), graph(tmp_path, 1, 32)], "different sizes"),
        ([graph(tmp_path, 1), tmp_path / "none.onnx"], "none.onnx: no graph"),
    ):
        with pytest.raises(LamplighterError, match=reason):
            mean_of(graphs, tmp_path / "mean.onnx")
