"""The surface model: a map of the picture's size, by name, and one clear line when its weights are no good."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
import torch
from ultralytics.nn.tasks import SemanticSegmentationModel

from detectors.backends.graph_backends import open_session
from detectors.errors import ModelError
from detectors.ready import LazySurfaces
from detectors.surfaces import SURFACES, SurfaceGraph, SurfaceMap, load_surfaces
from detectors.training.export import write_facts
from detectors.training.surface_graph import write_graph
from tests.detectors.fakes import PaintedSurfaces, scenery

PLATES = Path(__file__).parents[2] / "sample_media" / "plates"


class Halves(torch.nn.Module):
    """Sees sky in the bright part of a picture and path in the dark part, at an eighth of its size."""

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        light = torch.nn.functional.avg_pool2d(pixels.mean(1, keepdim=True), 8)
        none = torch.zeros_like(light)
        shown = {"sky": light - 0.5, "path": 0.5 - light}
        return torch.cat([shown.get(name, none) for name in SURFACES], 1)


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> SurfaceGraph:
    return SurfaceGraph(write_graph(Halves(), tmp_path_factory.mktemp("halves") / "halves.onnx"))


@pytest.mark.parametrize(
    ("width", "height"),
    [
        pytest.param(640, 360, id="16:9"),
        pytest.param(300, 500, id="upright"),
        pytest.param(1920, 1080, id="larger than the model's own size"),
        pytest.param(64, 64, id="small"),
    ],
)
def test_a_map_lies_on_its_picture(halves: SurfaceGraph, width: int, height: int) -> None:
    picture = np.full((height, width, 3), 20, np.uint8)
    picture[: height // 2] = 240
    seen = halves.look(picture)
    assert seen.classes.shape == (height, width)
    assert seen.classes.dtype == np.uint8
    sky = seen.mask("sky")
    edge = max(2, round(height * 0.06))
    assert sky[: height // 2 - edge].all()
    assert seen.mask("path")[height // 2 + edge :].all()


def test_the_model_in_use_is_read_when_it_is_first_asked_and_once() -> None:
    read: list[PaintedSurfaces] = []

    def load() -> PaintedSurfaces:
        read.append(PaintedSurfaces(("sky", "path")))
        return read[-1]

    surfaces = LazySurfaces(load)
    assert read == []
    assert [surfaces.look(scenery()).share("path") for _ in range(2)] == [pytest.approx(0.5)] * 2
    assert len(read) == 1


def test_masks_and_shares_are_asked_by_name() -> None:
    seen = PaintedSurfaces(("sky", "lawn", "path", "path")).look(scenery())
    assert seen.share("path") == pytest.approx(0.5)
    assert seen.share("path", "lawn") == pytest.approx(0.75)
    assert seen.share("water") == 0
    with pytest.raises(ValueError, match="not in tuple"):
        seen.mask("lava")


@pytest.mark.parametrize(
    ("plate", "shown", "absent"),
    [
        pytest.param("riverside-07_day", ("path", "water", "vegetation"), ("road",), id="a promenade by day"),
        pytest.param("riverside-07_night", ("path", "water"), ("road",), id="a promenade at night"),
        pytest.param("park-12_day", ("path", "lawn", "vegetation"), ("water", "road"), id="a park"),
        pytest.param("plaza-03_day", ("path", "lawn", "building"), ("water",), id="a plaza"),
    ],
)
def test_the_bundled_model_tells_what_a_view_shows(plate: str, shown: tuple[str, ...], absent: tuple[str, ...]) -> None:
    picture = cv2.imread(str(PLATES / f"{plate}.jpg"))
    assert picture is not None
    seen = load_surfaces().look(np.asarray(picture, np.uint8))
    assert all(seen.share(name) > 0.05 for name in shown)
    assert all(seen.share(name) < 0.03 for name in absent)


def network(classes: int = len(SURFACES)) -> torch.nn.Module:
    torch.manual_seed(0)
    model: torch.nn.Module = SemanticSegmentationModel("yolo26n-sem.yaml", nc=classes, verbose=False).eval()
    return model


def published(folder: Path, classes: tuple[str, ...] = SURFACES) -> Path:
    weights = write_graph(network(), folder / "surfaces.onnx")
    write_facts(weights, classes, 384, {})
    return weights


def test_published_weights_look(tmp_path: Path) -> None:
    seen = load_surfaces(published(tmp_path)).look(scenery())
    assert isinstance(seen, SurfaceMap)
    assert set(np.unique(seen.classes)) <= set(range(len(SURFACES)))


def test_a_graph_says_what_the_network_does_in_half_the_bytes(tmp_path: Path) -> None:
    graph, picture = write_graph(network(), tmp_path / "surfaces.onnx"), torch.rand(1, 3, 96, 160)
    session = open_session(graph)
    with torch.inference_mode():
        wanted = network()(picture).numpy()
    (seen,) = session.run(None, {"picture": picture.numpy()})
    assert seen.shape == wanted.shape == (1, len(SURFACES), 12, 20)
    assert np.abs(seen - wanted).max() < 0.02 * np.ptp(wanted)
    numbers = sum(int(np.prod(constant.dims)) for constant in onnx.load(str(graph)).graph.initializer)
    assert graph.stat().st_size < 2.5 * numbers


def without_weights(weights: Path) -> None:
    weights.unlink()


def cut_short(weights: Path) -> None:
    weights.write_bytes(weights.read_bytes()[:50_000])


def without_facts(weights: Path) -> None:
    weights.with_suffix(".json").unlink()


def spoilt_facts(weights: Path) -> None:
    weights.with_suffix(".json").write_text("[]")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(without_weights, "surface model is missing", id="no weights"),
        pytest.param(without_facts, "surface model is missing", id="no facts"),
        pytest.param(cut_short, "damaged or changed", id="cut short"),
        pytest.param(spoilt_facts, "not the facts of a model", id="spoilt facts"),
    ],
)
def test_weights_that_are_no_good_give_one_line(tmp_path: Path, spoil: Callable[[Path], None], said: str) -> None:
    weights = published(tmp_path)
    spoil(weights)
    with pytest.raises(ModelError, match=said):
        load_surfaces(weights)


def test_a_model_with_other_classes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not a surface model"):
        load_surfaces(published(tmp_path, ("cat", "dog")))
    with pytest.raises(ModelError, match="not a surface model"):
        SurfaceGraph(write_graph(network(2), tmp_path / "two.onnx"))
