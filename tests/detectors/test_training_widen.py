"""The small model starts as the nano one: twice as wide, the same answers, and layers that learn apart."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from detectors.catalogue.entries import bundled
from detectors.errors import LamplighterError
from detectors.training.export import read_checkpoint
from detectors.training.surgery import with_our_classes
from detectors.training.widen import start_of, widened


@pytest.fixture(scope="module")
def nano() -> Any:
    return with_our_classes(read_checkpoint(bundled().path)).eval()


@pytest.fixture(scope="module")
def small(nano: Any) -> Any:
    return widened(nano).eval()


@pytest.mark.parametrize("size", [pytest.param((96, 160), id="wide"), pytest.param((128, 64), id="tall")])
def test_the_widened_model_computes_the_same(nano: Any, small: Any, size: tuple[int, int]) -> None:
    picture = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        before, after = nano(picture)[1], small(picture)[1]
    for part in ("boxes", "scores"):
        torch.testing.assert_close(after[part], before[part], atol=1e-3, rtol=1e-3)


def test_it_is_four_times_as_large_and_knows_the_same_classes(nano: Any, small: Any) -> None:
    count = [sum(p.numel() for p in m.parameters()) for m in (nano, small)]
    assert 3.5 < count[1] / count[0] < 4.5
    assert small.names == nano.names
    assert small.yaml["scale"] == "s"


def test_the_two_copies_of_a_channel_learn_apart(small: Any) -> None:
    small.zero_grad()
    small.train()
    small(torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(2)))["scores"].sum().backward()
    gradient = small.model[3].conv.weight.grad
    small.eval()
    assert gradient is not None
    assert not torch.allclose(gradient[0::2], gradient[1::2], rtol=0.05)


def test_a_small_start_stays_as_it_is(small: Any) -> None:
    again = start_of(small, small=True)
    assert sum(p.numel() for p in again.parameters()) == sum(p.numel() for p in small.parameters())


def test_only_a_nano_model_is_widened(small: Any) -> None:
    with pytest.raises(LamplighterError, match="Only a nano model"):
        widened(small)
