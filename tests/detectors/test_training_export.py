"""Published weights say nothing of the machine that trained them, whatever description of layers they started from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from detectors.catalogue.entries import bundled
from detectors.training.export import export_weights, read_checkpoint


@pytest.mark.parametrize(
    ("layers", "described"),
    [
        pytest.param({"scale": "n", "yaml_file": "/home/somebody/yolo26n.yaml"}, "yolo26n.yaml", id="one of a family"),
        pytest.param(
            {"yaml_file": "/home/somebody/own.yaml"}, "own.yaml", id="a description of one's own, without scales"
        ),
        pytest.param({}, "", id="none is named"),
    ],
)
def test_only_the_name_of_the_description_is_kept(layers: dict[str, Any], described: str, tmp_path: Path) -> None:
    model = read_checkpoint(bundled().path)
    model.yaml = {k: v for k, v in model.yaml.items() if k not in ("scale", "yaml_file")} | layers
    torch.save({"model": model, "ema": None, "train_args": {}}, tmp_path / "last.pt")
    published = export_weights(tmp_path / "last.pt", tmp_path / "out" / "own.pt", about={})
    assert read_checkpoint(published).yaml["yaml_file"] == described
