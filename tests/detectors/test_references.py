"""Reference pictures of a view: one for each light state, and what the inspectors make of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.errors import LamplighterError
from detectors.inspectors.lights import LightsInspector
from detectors.references import reference_pictures, write_references
from detectors.values import Frame, Image, LightState, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import WALK, day, night, scene
from tests.detectors.test_lights import verdicts

D, N, TWILIGHT = LightState.DAY, LightState.NIGHT, LightState.TWILIGHT
LIT = (True,) * 4


def walked(picture: Image, second: int) -> Image:
    """Somebody in red a little farther on at each look."""
    passed = picture.copy()
    passed[150:190, 60 * second : 60 * second + 20] = (0, 0, 255)
    return passed


def frames() -> list[Frame]:
    by_day = [frame(walked(day(seed=second), second), second) for second in range(5)]
    return [*by_day, *(frame(night(LIT, second), 10 + second) for second in range(4))]


def test_each_light_state_has_a_picture_and_who_passes_is_in_none() -> None:
    pictures = reference_pictures(frames())
    assert set(pictures) == {D, N}
    red = (pictures[D][..., 2] > 220) & (pictures[D][..., 0] < 60)
    assert not red.any()
    assert float(np.abs(pictures[D].astype(int) - day(seed=99)).mean()) < 3


def test_they_are_written_by_camera_and_light(tmp_path: Path) -> None:
    kept = write_references(frames(), tmp_path / "new", "cam-7")
    assert {light: Path(file).name for light, file in kept.items()} == {
        "day": "cam-7.day.png",
        "night": "cam-7.night.png",
    }
    assert cv2.imread(kept["night"]).shape == night(LIT).shape


def test_a_folder_that_cannot_be_written_to_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LamplighterError, match="reference pictures cannot be written to"):
        write_references(frames(), tmp_path / "file" / "below", "cam")


@pytest.mark.parametrize(
    ("light", "like", "shape"),
    [
        pytest.param(D, (270, 480, 3), (270, 480, 3), id="of this light and size"),
        pytest.param(D, (540, 960, 3), (540, 960, 3), id="brought to the size of the frame"),
        pytest.param(D, (480, 480, 3), None, id="of another shape"),
        pytest.param(TWILIGHT, (270, 480, 3), None, id="none of this light"),
    ],
)
def test_a_view_gives_the_picture_that_fits(
    light: LightState, like: tuple[int, ...], shape: tuple[int, ...] | None
) -> None:
    view = View("walk", references={D: day(), N: night(LIT)})
    found = view.reference(light, np.zeros(like, np.uint8))
    assert (None if found is None else found.shape) == shape


@pytest.mark.parametrize(
    ("registered", "said"),
    [
        pytest.param({}, Presence.PRESENT, id="no picture by day"),
        pytest.param({D: day()}, Presence.PRESENT, id="it was dark when it was registered"),
        pytest.param({D: day((False, True, False, False))}, Presence.UNKNOWN, id="it was as bright then"),
        pytest.param({N: night(LIT)}, Presence.PRESENT, id="a picture by night says nothing of the day"),
    ],
)
def test_by_day_a_lamp_that_looked_so_when_it_was_registered_is_not_told(
    registered: dict[LightState, Image], said: Presence
) -> None:
    look = scene(day((False, True, False, False)), 0, D)
    look = replace(look, view=replace(WALK, references=registered))
    assert verdicts(LightsInspector(WALK).look(look), "light_on_by_day")[1] is said
