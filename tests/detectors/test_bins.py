"""Whether a bin overflows: what the detector calls it, what the judge of its crop says, and how it looked before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.bins import Bins
from detectors.inspectors.crops import Crop, bin_crop
from detectors.inspectors.rims import rim_alone
from detectors.inspectors.state_models import Odds
from detectors.values import Asset, Detections, LightState, Observation, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import day

PLACE = Box(0.40, 0.60, 0.44, 0.74)
VIEW = View("walk", (Asset("W-1", "bin", Region.rectangle(PLACE)),))
HEAPED = Box(0.39, 0.57, 0.45, 0.74)
ON_TOP, AT_FOOT = Box(0.395, 0.56, 0.445, 0.63), Box(0.42, 0.70, 0.50, 0.77)

Row = tuple[str, float, Box]


class Judge:
    """Says of every crop what it is told to say; of a rim by itself something else where that is told."""

    def __init__(self) -> None:
        self.odds = 0.0
        self.rim: float | None = None

    def judge(self, crops: Sequence[Crop]) -> Odds:
        is_rim = crops[0].shape[-1] == 4
        odds = self.rim if is_rim and self.rim is not None else self.odds
        return np.array([[1 - odds, odds]] * len(crops), np.float32)


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Judge:
    fake = Judge()
    monkeypatch.setattr("detectors.inspectors.bins.state_model", lambda _: fake)
    return fake


def judged(
    bins: Bins,
    *rows: Row,
    view: View = VIEW,
    passing: Sequence[Box] = (),
    light: float = 1.0,
    bags: Box | None = None,
    colour: tuple[int, int, int] = (40, 60, 30),
) -> Observation:
    """What is said of the bin in one look, in which bags may lie somewhere."""
    found = Detections.of([(name, score, box.as_list()) for name, score, box in rows])
    shown = day()
    x0, y0, x1, y1 = PLACE.pixels(shown.shape[1], shown.shape[0])
    shown[y0:y1, x0:x1] = colour
    if bags is not None:
        x0, y0, x1, y1 = bags.pixels(shown.shape[1], shown.shape[0])
        shown[y0:y1, x0:x1] = np.random.default_rng(3).integers(0, 255, (y1 - y0, x1 - x0, 1))
    picture = (shown * light).astype(np.uint8)
    (said,) = bins.look(Scene(frame(picture, 0), LightState.NIGHT, found, view, list(passing)))
    return said


def is_told(said: Observation) -> bool:
    return said.presence is Presence.PRESENT and said.score >= 0.5


@pytest.mark.parametrize(
    ("rows", "odds", "told"),
    [
        pytest.param([("bin_overflowing", 0.8, HEAPED)], 0.9, True, id="both are sure"),
        pytest.param([("bin_overflowing", 0.3, HEAPED)], 0.1, False, id="a faint word, and the judge sees but a bin"),
        pytest.param([("bin", 0.8, PLACE)], 0.8, False, id="the detector sees but a bin"),
        pytest.param([("bin_overflowing", 0.5, HEAPED), ("bin", 0.5, PLACE)], 0.7, True, id="either name, judge sure"),
        pytest.param([("bin_overflowing", 0.5, HEAPED), ("bin", 0.5, PLACE)], 0.3, False, id="either name, judge not"),
        pytest.param([("bin_overflowing", 0.45, HEAPED), ("bin", 0.75, PLACE)], 0.7, False, id="much surer of a bin"),
        pytest.param([("litter", 0.3, HEAPED)], 0.9, True, id="litter over it, and the judge is sure"),
        pytest.param([("litter", 0.8, HEAPED), ("bin", 0.6, PLACE)], 0.6, False, id="a bin, and a heap beside it"),
        pytest.param([("litter", 0.8, HEAPED), ("bin", 0.3, PLACE)], 0.6, True, id="a heap that hides the bin"),
        pytest.param([("bin", 0.9, PLACE)], 0.1, False, id="a bin"),
    ],
)
def test_one_look_at_a_registered_bin(rows: list[Row], odds: float, told: bool, judge: Judge) -> None:
    judge.odds = odds
    said = judged(Bins(), *rows)
    assert is_told(said) is told
    assert said.asset_id == "W-1"


@pytest.mark.parametrize(
    ("rows", "rim", "told"),
    [
        pytest.param([("litter", 0.8, HEAPED), ("bin", 0.3, PLACE)], 0.1, False, id="litter before a free rim"),
        pytest.param([("litter", 0.99, HEAPED), ("bin", 0.2, PLACE)], 0.25, False, id="sure litter before a free rim"),
        pytest.param([("litter", 0.8, HEAPED), ("bin", 0.3, PLACE)], 0.6, True, id="litter, and something on the rim"),
        pytest.param([("litter", 0.8, HEAPED)], 0.2, True, id="litter that hides the bin"),
        pytest.param([("bin_overflowing", 0.6, HEAPED), ("bin", 0.4, PLACE)], 0.1, False, id="a free rim"),
        pytest.param([("bin_overflowing", 0.6, HEAPED), ("bin", 0.4, PLACE)], 0.8, True, id="something on the rim"),
        pytest.param([("bin_overflowing", 0.9, HEAPED)], 0.1, True, id="the detector sees nothing but a full bin"),
    ],
)
def test_what_fills_a_bin_lies_on_its_rim(rows: list[Row], rim: float, told: bool, judge: Judge) -> None:
    judge.odds, judge.rim = 0.6, rim
    assert is_told(judged(Bins(), *rows)) is told


@pytest.mark.parametrize(
    ("score", "lies", "told"),
    [
        pytest.param(0.6, Box(0.3, 0.5, 0.6, 0.8), False, id="a crown before it"),
        pytest.param(0.6, Box(0.3, 0.5, 0.6, 0.62), True, id="a crown behind it"),
        pytest.param(0.3, Box(0.3, 0.5, 0.6, 0.8), True, id="hardly a tree"),
    ],
)
def test_of_a_bin_that_a_fallen_tree_hides_nothing_is_told(score: float, lies: Box, told: bool, judge: Judge) -> None:
    judge.odds = 0.9
    assert is_told(judged(Bins(), ("bin_overflowing", 0.8, HEAPED), ("fallen_tree", score, lies))) is told


@pytest.mark.parametrize("wide", [0.02, 0.04, 0.1])
def test_of_a_rim_alone_nothing_on_the_ground_round_the_bin_is_seen(wide: float) -> None:
    place = Box(0.40, 0.40, 0.40 + wide, 0.40 + 3 * wide)
    x0, y0, x1, y1 = place.pixels(*day().shape[1::-1])
    beside, before, on_top = day(), day(), day()
    tall = y1 - y0
    beside[y0 + tall // 2 : y1, x1 + 4 : x1 + tall] = beside[y0 + tall // 2 : y1, x0 - tall : x0 - 4] = (200, 90, 40)
    before[y1 - tall // 4 : y1 + tall, x0 - tall : x1 + tall] = (200, 90, 40)
    on_top[y0 - tall // 8 : y0 + tall // 8, x0:x1] = (200, 90, 40)
    plain, *heaped = (
        rim_alone(bin_crop(image, Region.rectangle(place))[..., 4:]) for image in (day(), beside, before, on_top)
    )
    assert [np.array_equal(plain, rim) for rim in heaped] == [True, True, False]


@pytest.mark.parametrize(
    ("place", "rim", "told"),
    [
        pytest.param(0.9, 0.3, True, id="the place is full, the rim in doubt"),
        pytest.param(0.1, 0.3, False, id="the place is free, the rim in doubt"),
        pytest.param(0.3, 0.9, True, id="the rim is full, the place in doubt"),
        pytest.param(0.3, 0.1, False, id="the rim is free, the place in doubt"),
    ],
)
def test_where_the_detector_is_in_two_minds_both_judges_count(
    place: float, rim: float, told: bool, judge: Judge
) -> None:
    judge.odds, judge.rim = place, rim
    assert is_told(judged(Bins(), ("bin_overflowing", 0.6, HEAPED), ("bin", 0.5, PLACE))) is told


def test_a_black_bin_on_lit_ground_is_not_in_the_dark(judge: Judge) -> None:
    bins = Bins()
    judge.odds = 0.05
    for _ in range(4):
        judged(bins, ("bin", 0.8, PLACE), colour=(3, 5, 2))
    seen = [("bin_overflowing", 0.6, HEAPED), ("bin", 0.5, PLACE)]
    assert is_told(judged(bins, *seen, colour=(3, 5, 2), bags=ON_TOP))


@pytest.mark.parametrize(
    ("place", "before", "told"),
    [
        pytest.param(Box(0.40, 0.96, 0.44, 1.0), 0.85, False, id="only its lid is in the picture"),
        pytest.param(Box(0.40, 0.96, 0.44, 1.0), 0.02, True, id="its lid, but it got fuller"),
        pytest.param(Box(0.40, 0.86, 0.44, 1.0), 0.85, True, id="most of it is"),
        pytest.param(Box(0.0, 0.60, 0.02, 0.74), 0.85, False, id="the picture's side leaves a strip"),
        pytest.param(Box(0.1, 0.60, 0.12, 0.74), 0.85, True, id="it is slim, but whole"),
    ],
)
def test_of_a_bin_that_the_picture_cuts_only_a_change_tells(
    place: Box, before: float, told: bool, judge: Judge
) -> None:
    bins, view = Bins(), View("walk", (Asset("W-1", "bin", Region.rectangle(place)),))
    for odds in (before, before, before, 0.9):
        judge.odds = odds
        said = judged(bins, ("litter", 0.6, place), view=view)
    assert is_told(said) is told


def test_what_the_detector_cannot_make_out_is_not_told_by_the_judge_alone(judge: Judge) -> None:
    judge.odds = 0.95
    assert judged(Bins()).presence is Presence.UNKNOWN


def test_behind_somebody_nothing_is_said(judge: Judge) -> None:
    judge.odds = 0.95
    said = judged(Bins(), ("bin_overflowing", 0.9, HEAPED), passing=[PLACE])
    assert (said.presence, said.reason) == (Presence.UNKNOWN, "hidden")


@pytest.mark.parametrize(
    ("before", "looks", "now", "told"),
    [
        pytest.param(0.02, 4, 0.9, True, id="surely emptier before"),
        pytest.param(0.02, 2, 0.9, False, id="seen too seldom before"),
        pytest.param(0.30, 4, 0.7, False, id="hardly emptier before"),
        pytest.param(0.10, 4, 0.55, False, id="somewhat emptier before, and the detector sees but a bin"),
        pytest.param(0.85, 4, 0.85, False, id="it always looked like that"),
    ],
)
def test_a_bin_that_got_fuller_needs_no_word_of_the_detector(
    before: float, looks: int, now: float, told: bool, judge: Judge
) -> None:
    bins = Bins()
    judge.odds = before
    for _ in range(looks):
        judged(bins, ("bin", 0.8, PLACE))
    judge.odds, judge.rim = now, 0.4
    assert is_told(judged(bins, ("bin", 0.8, PLACE), bags=ON_TOP)) is told


@pytest.mark.parametrize(
    ("light", "said"),
    [
        pytest.param(0.04, Presence.UNKNOWN, id="all of them"),
        pytest.param(0.4, Presence.ABSENT, id="some: it shows still, but looks another"),
        pytest.param(0.9, Presence.PRESENT, id="none: it got fuller"),
    ],
)
def test_a_bin_whose_lamps_went_out_did_not_get_fuller(light: float, said: Presence, judge: Judge) -> None:
    bins = Bins()
    judge.odds = 0.02
    for _ in range(4):
        judged(bins, ("bin", 0.8, PLACE))
    judge.odds = 0.9
    seen = [("bin", 0.5, PLACE)] if said is not Presence.UNKNOWN else []
    assert judged(bins, *seen, light=light, bags=ON_TOP).presence is said


def test_a_full_bin_is_told_where_it_stands_and_not_where_its_litter_lies(judge: Judge) -> None:
    judge.odds = 0.9
    assert judged(Bins(), ("litter", 0.8, Box(0.3, 0.65, 0.5, 0.8))).box == PLACE


@pytest.mark.parametrize(("odds", "told"), [pytest.param(0.9, True, id="full"), pytest.param(0.1, False, id="not")])
def test_a_bin_that_nobody_registered_is_judged_too(odds: float, told: bool, judge: Judge) -> None:
    judge.odds = odds
    said = judged(Bins(), ("bin_overflowing", 0.4, Box(0.7, 0.6, 0.74, 0.74)), view=View("walk", ()))
    assert is_told(said) is told
    assert said.asset_id is None


def test_what_the_place_alone_takes_for_a_full_bin_is_told_of_registered_ones_only(judge: Judge) -> None:
    judge.odds, judge.rim = 0.98, 0.05
    seen = [("bin_overflowing", 0.45, PLACE)]
    assert is_told(judged(Bins(), *seen))
    assert not is_told(judged(Bins(), *seen, view=View("walk", ())))


@pytest.mark.parametrize(
    ("heap", "registered", "bins"),
    [
        pytest.param(Box(0.435, 0.66, 0.48, 0.78), True, ["W-1"], id="bags beside a registered bin are no bin"),
        pytest.param(Box(0.435, 0.66, 0.48, 0.78), False, [None], id="a bin where no bin is registered"),
    ],
)
def test_where_bins_are_registered_there_are_no_others(
    heap: Box, registered: bool, bins: list[str | None], judge: Judge
) -> None:
    found = Detections.of([("bin", 0.8, PLACE.as_list()), ("bin_overflowing", 0.9, heap.as_list())])
    view = VIEW if registered else View("walk", ())
    said = Bins().look(Scene(frame(day(), 0), LightState.DAY, found, view, []))
    assert [o.asset_id for o in said] == bins


def test_what_is_called_a_full_bin_where_a_bench_is_registered_is_the_bench(judge: Judge) -> None:
    judge.odds = 0.9
    place = Box(0.6, 0.6, 0.7, 0.7)
    view = View("walk", (*VIEW.assets, Asset("B-1", "bench", Region.rectangle(place))))
    found = Detections.of([("bin_overflowing", 0.9, place.as_list())])
    said = Bins().look(Scene(frame(day(), 0), LightState.NIGHT, found, view, []))
    assert [(o.asset_id, is_told(o)) for o in said] == [("W-1", False)]


@pytest.mark.parametrize("wide", [0.03, 0.1])
def test_the_bundled_judge_sees_a_heap_on_a_bin(wide: float) -> None:
    """Drawn, and so coarse that only the order counts."""
    from detectors.inspectors.state_models import state_model

    box = Box(0.5, 0.4, 0.5 + wide, 0.4 + 3 * wide)
    assert all(Path(f"detectors/weights/{judge}.onnx").is_file() for judge in ("bin_full", "bin_rim"))
    empty = day()
    x0, y0, x1, y1 = box.pixels(empty.shape[1], empty.shape[0])
    empty[y0:y1, x0:x1] = (50, 60, 40)
    full = empty.copy()
    tall = (y1 - y0) // 3
    for shift, colour in ((0, (240, 240, 235)), (tall, (160, 90, 40))):
        full[y0 - tall // 2 + shift : y0 + tall // 2 + shift, x0 - 2 : x1 + 2] = colour
    crops = [bin_crop(image, Region.rectangle(box)) for image in (empty, full)]
    odds = state_model("bin_full").judge(crops)[:, 1]
    rims = state_model("bin_rim").judge([rim_alone(crop[..., 4:]) for crop in crops])[:, 1]
    assert odds[0] < odds[1]
    assert rims[0] < rims[1]


def test_a_full_bin_is_not_the_one_beside_it(judge: Judge) -> None:
    judge.odds = 0.5
    beside = Box(0.42, 0.60, 0.46, 0.74)
    view = View("walk", tuple(Asset(f"W-{n}", "bin", Region.rectangle(b)) for n, b in enumerate((PLACE, beside), 1)))
    found = Detections.of([("bin_overflowing", 0.8, PLACE.as_list()), ("bin", 0.8, beside.as_list())])
    seen = Bins().look(Scene(frame(day(), 0), LightState.DAY, found, view, []))
    assert [o.asset_id for o in seen if is_told(o)] == ["W-1"]


def test_of_a_bin_that_is_gone_nothing_is_said(judge: Judge) -> None:
    judge.odds = 0.9
    found = Detections.of([("bin", 0.3, PLACE.as_list())])
    assert Bins().look(Scene(frame(day(), 0), LightState.DAY, found, VIEW, []), gone={"W-1"}) == []
