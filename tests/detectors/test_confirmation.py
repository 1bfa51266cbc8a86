"""Confirmation, look by look."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.confirmation import Confirmation
from detectors.geometry import Box
from detectors.settings import ConfirmationSettings
from detectors.values import Change, FindingChange, Observation, Presence
from tests.detectors.fakes import START

SETTINGS = ConfirmationSettings(window=4, needed=3, keep=1, enter_score=0.5, exit_score=0.3, rejoin_s=60)
HERE, ELSEWHERE = Box(0.1, 0.1, 0.2, 0.2), Box(0.6, 0.6, 0.7, 0.7)
SEEN = {"P": Presence.PRESENT, "A": Presence.ABSENT, "?": Presence.UNKNOWN}
SAID = {Change.CONFIRMED: "C", Change.CONTINUED: "+", Change.CLEARED: "x"}


def lamp(presence: Presence, score: float = 0.9) -> Observation:
    return Observation("light_out", presence, score, "L-1", "street_light", HERE)


def thing(box: Box = HERE, score: float = 0.9, issue: str = "litter") -> Observation:
    return Observation(issue, Presence.PRESENT, score, None, None, box)


def feed(machine: Confirmation, second: int, *observations: Observation, hidden: tuple[Box, ...] = ()) -> str:
    changes = machine.update(observations, START + timedelta(seconds=second), float(second), hidden)
    return "".join(SAID[c.change] for c in changes) or "."


@pytest.mark.parametrize(
    ("looks", "said"),
    [
        pytest.param("PPP", "..C", id="confirmed by the third of three"),
        pytest.param("PAPP", "...C", id="three of four are enough"),
        pytest.param("PAPAPAPA", "........", id="two of any four are not"),
        pytest.param("P?P?P", "....C", id="unknown counts for nothing"),
        pytest.param("PPPAAAA", "..C...x", id="clears when the window holds none"),
        pytest.param("PPPAAAP", "..C...+", id="one sighting keeps it"),
        pytest.param("PPP????", "..C....", id="unknown never clears"),
        pytest.param("AAAA", "....", id="nothing seen, nothing said"),
    ],
)
def test_a_registered_asset_frame_by_frame(looks: str, said: str) -> None:
    machine = Confirmation("cam", SETTINGS)
    assert "".join(feed(machine, s, lamp(SEEN[p])) for s, p in enumerate(looks)) == said


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        pytest.param([0.45, 0.45, 0.45, 0.45], "....", id="faint: the mean stays under the enter score"),
        pytest.param([0.4, 0.5, 0.7], "..C", id="the mean decides, not each one"),
        pytest.param([0.9, 0.9, 0.9, 0.35], "..C+", id="once confirmed a lower score still counts"),
        pytest.param([0.9, 0.9, 0.9, 0.2], "..C.", id="below the exit score it counts as not seen"),
        pytest.param([0.2, 0.9, 0.9], "...", id="below the exit score it does not help to confirm"),
    ],
)
def test_scores_enter_high_and_leave_low(scores: list[float], said: str) -> None:
    machine = Confirmation("cam", SETTINGS)
    assert "".join(feed(machine, s, lamp(Presence.PRESENT, v)) for s, v in enumerate(scores)) == said


@given(st.lists(st.sampled_from("PA"), max_size=12), st.integers(1, 5), st.integers(0, 4))
def test_a_place_is_undecided_as_long_as_what_was_seen_there_helps_to_confirm(
    looks: list[str], needed: int, more: int
) -> None:
    settings = ConfirmationSettings(window=needed + more, needed=needed, rejoin_s=60)
    machine = Confirmation("cam", settings)
    for second, look in enumerate(looks):
        feed(machine, second, lamp(SEEN[look]))
        if machine.open_findings:
            return
    places, leaving = machine.undecided(lambda _: False)
    fewer = "".join(feed(machine, len(looks) + n, lamp(Presence.PRESENT)) for n in range(needed - 1))
    assert (bool(places), leaving) == ("C" in fewer, False)


def test_a_finding_is_on_its_way_out_from_the_first_miss() -> None:
    machine, said = Confirmation("cam", SETTINGS), []
    for second, look in enumerate("PPPPAPPPP"):
        feed(machine, second, lamp(SEEN[look]))
        said.append(machine.undecided(lambda _: False))
    on_its_way = ([HERE], False)
    assert said[:4] == [on_its_way, on_its_way, ([], False), ([], False)]
    assert said[4:] == [([], True)] * 4 + [([], False)]


def test_two_false_positives_in_different_places_do_not_add_up() -> None:
    machine = Confirmation("cam", SETTINGS)
    said = [feed(machine, s, thing(HERE if s % 2 else ELSEWHERE)) for s in range(8)]
    assert said == ["."] * 8


def test_one_thing_and_another_issue_in_the_same_place_are_two_findings() -> None:
    machine = Confirmation("cam", SETTINGS)
    for s in range(3):
        feed(machine, s, thing(), thing(issue="path_flooded"))
    assert sorted(f.issue for f in machine.open_findings) == ["litter", "path_flooded"]


def test_a_place_nobody_mentions_counts_as_not_seen_unless_hidden() -> None:
    machine = Confirmation("cam", SETTINGS)
    for s in range(3):
        feed(machine, s, thing())
    assert [feed(machine, s, hidden=(Box(0, 0, 0.5, 0.5),)) for s in range(3, 9)] == ["."] * 6
    assert [feed(machine, s) for s in range(9, 13)] == [".", ".", ".", "x"]


def test_back_in_the_same_place_soon_is_the_same_finding() -> None:
    machine = Confirmation("cam", SETTINGS)
    for s, p in enumerate("PPPAAAAPPP"):
        feed(machine, s, lamp(SEEN[p]))
    (finding,) = machine.open_findings
    assert (finding.start_s, finding.end_s, finding.observations) == (0.0, 9.0, 6)


def test_back_much_later_is_a_new_finding() -> None:
    machine = Confirmation("cam", SETTINGS)
    for s, p in zip((0, 1, 2, 3, 4, 5, 6, 200, 201, 202), "PPPAAAAPPP", strict=True):
        feed(machine, s, lamp(SEEN[p]))
    (finding,) = machine.open_findings
    assert (finding.start_s, finding.end_s, finding.observations) == (200.0, 202.0, 3)


def test_a_finding_tells_when_and_where_it_was_first_and_last_seen() -> None:
    machine = Confirmation("cam", SETTINGS)
    changes: tuple[FindingChange, ...] = ()
    for s in range(1, 5):
        changes = machine.update([lamp(Presence.PRESENT, 0.8)], START + timedelta(seconds=s), float(s))
    finding = changes[0].finding
    assert finding.first_seen == START + timedelta(seconds=1)
    assert finding.last_seen == START + timedelta(seconds=4)
    assert (finding.camera, finding.asset_id, finding.box) == ("cam", "L-1", HERE)
    assert finding.score == pytest.approx(0.8)


@given(st.lists(st.sampled_from("PA?"), max_size=60))
def test_confirmed_and_cleared_take_turns(looks: list[str]) -> None:
    machine = Confirmation("cam", SETTINGS)
    said = "".join(feed(machine, s, lamp(SEEN[p])) for s, p in enumerate(looks))
    turns = said.replace(".", "").replace("+", "")
    assert turns == ("Cx" * len(turns))[: len(turns)]
    assert len(machine.open_findings) == (1 if turns.endswith("C") else 0)


@given(st.lists(st.tuples(st.floats(0, 0.9), st.floats(0, 0.9), st.floats(0, 1)), max_size=40))
def test_any_observations_leave_sound_findings(rows: list[tuple[float, float, float]]) -> None:
    machine = Confirmation("cam", SETTINGS)
    for second, (x, y, score) in enumerate(rows):
        feed(machine, second, thing(Box.of((x, y, x + 0.1, y + 0.1)), score))
    for finding in machine.open_findings:
        assert finding.observations >= SETTINGS.needed
        assert finding.start_s <= finding.end_s
        assert 0 < finding.score <= 1


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"window": 2, "needed": 3}, id="needs more than it looks at"),
        pytest.param({"keep": 4, "needed": 3}, id="stays harder than it enters"),
        pytest.param({"exit_score": 0.6, "enter_score": 0.5}, id="leaves higher than it enters"),
        pytest.param({"windows": 4}, id="a misspelt setting"),
    ],
)
def test_settings_that_cannot_work_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        ConfirmationSettings.model_validate(wrong)


def test_a_part_of_a_thing_is_the_same_place() -> None:
    machine = Confirmation("cam", SETTINGS)
    heap, corner = Box(0.66, 0.56, 0.73, 0.68), Box(0.69, 0.64, 0.73, 0.68)
    for second, box in enumerate((heap, heap, heap, corner, corner, corner)):
        feed(machine, second, thing(box))
    assert len(machine.open_findings) == 1


WHOLE, LEFT, RIGHT = Box(0.3, 0.8, 0.5, 0.9), Box(0.3, 0.82, 0.35, 0.9), Box(0.4, 0.8, 0.5, 0.9)


@pytest.mark.parametrize(
    "parted", [pytest.param(1, id="before it is confirmed"), pytest.param(4, id="after it is confirmed")]
)
def test_somebody_who_walks_before_a_thing_makes_no_two_of_it(parted: int) -> None:
    machine = Confirmation("cam", SETTINGS)
    for second in range(9):
        pieces = [thing(RIGHT), thing(LEFT)] if parted <= second < parted + 4 else [thing(WHOLE)]
        feed(machine, second, *pieces)
    assert [f.box for f in machine.open_findings] == [WHOLE]


def test_what_is_small_where_a_larger_thing_went_is_no_piece_of_it() -> None:
    machine = Confirmation("cam", SETTINGS)
    for second in range(3):
        feed(machine, second, thing(WHOLE))
    for second in range(3, 8):
        feed(machine, second)
    for second in range(8, 11):
        feed(machine, second, thing(LEFT), thing(RIGHT))
    assert len(machine.open_findings) == 2


CONE, NEXT, FARTHER = Box(0.747, 0.541, 0.767, 0.604), Box(0.77, 0.54, 0.786, 0.601), Box(0.79, 0.54, 0.806, 0.601)
BELOW = Box(0.747, 0.7, 0.767, 0.77)


@pytest.mark.parametrize(
    ("issue", "looks", "findings"),
    [
        pytest.param("path_obstructed", [(CONE,)] * 3 + [(NEXT,)] * 3, 1, id="cones side by side, seen in turn"),
        pytest.param("path_obstructed", [(CONE, NEXT)] * 4, 1, id="both seen at once"),
        pytest.param("litter", [(CONE,)] * 3 + [(NEXT,)] * 3, 1, id="pieces of litter, seen in turn"),
        pytest.param("path_obstructed", [(CONE, FARTHER)] * 4, 2, id="a cone farther away"),
        pytest.param("path_obstructed", [(CONE, BELOW)] * 4, 2, id="a cone nearer to the camera"),
        pytest.param("path_damaged", [(CONE, NEXT)] * 4, 2, id="two holes are two jobs"),
        pytest.param(
            "path_obstructed", [(CONE,)] * 3 + [()] * 4 + [(NEXT,)] * 3, 1, id="one beside where one was before"
        ),
    ],
)
def test_things_right_beside_each_other_are_one_job(issue: str, looks: list[tuple[Box, ...]], findings: int) -> None:
    machine = Confirmation("cam", SETTINGS)
    for second, boxes in enumerate(looks):
        feed(machine, second, *(thing(box, issue=issue) for box in boxes))
    assert len(machine.open_findings) == findings


def test_what_comes_where_nothing_is_any_more_is_another_job() -> None:
    machine = Confirmation("cam", SETTINGS)
    said = [feed(machine, s, *([thing(CONE, issue="path_obstructed")] if s < 3 else [])) for s in range(8)]
    before = said.index("x")
    said += [feed(machine, s, thing(NEXT, issue="path_obstructed")) for s in range(8, 11)]
    assert before < 8
    assert said[-1] == "C"
    assert [f.box for f in machine.open_findings] == [NEXT]
    assert machine.open_findings[0].start_s == 8.0


@pytest.mark.parametrize("wide", [0.01, 0.02, 0.1], ids=["far", "near", "a cart"])
@pytest.mark.parametrize(
    ("place_iou", "widths"),
    [(0.2, w) for w in (0.7, 0.8, 0.9, 1.0, 1.05, 1.1, 1.2, 1.25, 1.5, 2.0)]
    + [(0.5, w) for w in (0.35, 0.4, 0.5, 0.6)],
)
def test_somebody_who_walks_slowly_is_no_row_of_things(widths: float, wide: float, place_iou: float) -> None:
    machine = Confirmation("cam", SETTINGS.model_copy(update={"place_iou": place_iou}))
    for second in range(5):
        x = 0.1 + second * widths * wide
        feed(machine, second, thing(Box(x, 0.54, x + wide, 0.603), issue="path_obstructed"))
        assert machine.open_findings == []
