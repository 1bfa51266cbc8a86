"""Covers, grates, patches and paint drawn on the ground: harmless things that a detector must not call damage."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.geometry import Box
from detectors.training.classes import CLASSES
from detectors.training.covers import KINDS, draw_cover, place_for
from detectors.training.recipe import build
from detectors.training.samples import read_rows
from tests.detectors.test_training_recipe import manifest, quiet

PAVING = np.random.default_rng(1).integers(110, 140, (180, 320, 3)).astype(np.uint8)
PLAIN = np.full_like(PAVING, 120)
GROUND = np.zeros((180, 320), bool)
GROUND[90:, 40:280] = True
PUDDLE = Box(0.4, 0.6, 0.6, 0.9)


@given(st.integers(0, 10_000))
def test_a_place_is_on_the_ground_and_clear_of_what_lies_there(seed: int) -> None:
    place = place_for(GROUND, [PUDDLE], np.random.default_rng(seed))
    if place is not None:
        x0, y0, x1, y1 = place.pixels(320, 180)
        assert GROUND[y0:y1, x0:x1].mean() > 0.9
        assert place.intersection(PUDDLE) == 0


def test_where_there_is_no_ground_there_is_no_place() -> None:
    assert place_for(np.zeros((180, 320), bool), [], np.random.default_rng(1)) is None


@pytest.mark.parametrize("light", [pytest.param(1.0, id="by day"), pytest.param(0.15, id="by night")])
@pytest.mark.parametrize("kind", sorted(set(KINDS)))
def test_what_is_drawn_shows_in_its_place_alone_and_in_the_light_of_the_ground(kind: str, light: float) -> None:
    ground, place = (PAVING * light).astype(np.uint8), Box(0.3, 0.6, 0.5, 0.8)
    drawn = draw_cover(ground, place, np.random.default_rng(5), kind)
    inside = np.zeros(ground.shape[:2], bool)
    x0, y0, x1, y1 = place.pixels(320, 180)
    inside[y0:y1, x0:x1] = True
    assert (drawn[~inside] == ground[~inside]).all()
    assert np.abs(drawn[inside].astype(float) - ground[inside]).mean() > 0.5
    assert drawn[inside].mean() < 2.0 * ground.mean() + 10, "no cover shines by night"


def test_covered_copies_of_training_stills_have_the_labels_of_their_originals_alone(tmp_path: Path) -> None:
    stills = tmp_path / "stills"
    for folder in ("images", "labels", "masks", "json"):
        (stills / folder).mkdir(parents=True)
    for scene in range(20):
        cv2.imwrite(str(stills / "images" / f"s{scene}_0.jpg"), PLAIN)
        cv2.imwrite(str(stills / "masks" / f"s{scene}_0.png"), GROUND.astype(np.uint8))  # 1 is path
        (stills / "labels" / f"s{scene}_0.txt").write_text(f"{CLASSES.index('puddle')} 0.5 0.75 0.2 0.3\n")
    (tmp_path / "data").mkdir()
    index = build(tmp_path / "data", tmp_path / "out", stills=stills, notice=quiet)
    named, names = manifest(index), dict(enumerate(CLASSES))
    trained = {n for n, entry in named.items() if entry["source"] == "rendered" and entry["split"] == "train"}
    covered = {n.removeprefix("covered__") for n, entry in named.items() if entry["source"] == "covered"}
    assert covered == trained
    for name in covered:
        copy, original = (index.parent / "labels" / "train" / f"{n}.txt" for n in (f"covered__{name}", name))
        assert read_rows(copy, names) == read_rows(original, names)
        assert named[f"covered__{name}"]["split"] == "train"
    shown = [cv2.imread(str(index.parent / "images" / "train" / f"covered__{name}.jpg")) for name in covered]
    apart = [np.abs(picture.astype(float) - PLAIN) for picture in shown]
    x0, y0, x1, y1 = PUDDLE.pixels(320, 180)
    assert np.mean([a[90:].max() > 15 for a in apart]) > 0.8, "something is drawn on the ground"
    assert max(a[y0:y1, x0:x1].max() for a in apart) < 15, "and nothing on what is labelled"
