"""What lies in a place keeps its name, whatever its parts look like."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detectors.geometry import Box
from detectors.inspectors.naming import PlaceNames
from detectors.inspectors.places import ask_again, without_parts
from detectors.values import Observation, Presence

HEAP = Box(0.40, 0.50, 0.52, 0.60)


def seen(issue: str, box: Box) -> Observation:
    return Observation(issue, Presence.PRESENT, 0.7, "P-1", "path", box, by_place=True)


@pytest.mark.parametrize(
    ("box", "parts", "name"),
    [
        pytest.param(Box(0.41, 0.51, 0.43, 0.59), True, "litter", id="a part of the heap"),
        pytest.param(Box(0.41, 0.51, 0.43, 0.59), False, "path_obstructed", id="where parts are things of their own"),
        pytest.param(Box(0.50, 0.50, 0.62, 0.60), True, "path_obstructed", id="a thing that reaches out of it"),
        pytest.param(Box(0.70, 0.51, 0.72, 0.59), True, "path_obstructed", id="a thing elsewhere"),
    ],
)
def test_a_part_of_what_lies_there_takes_its_name(box: Box, parts: bool, name: str) -> None:
    names = PlaceNames(parts=parts)
    for second in range(3):
        names.settle([seen("litter", HEAP)], float(second), {})
    told = names.settle([seen("path_obstructed", box)], 3.0, {})
    assert [o.issue for o in told] == [name]
    assert told[0].box == box


def test_a_name_is_kept_until_another_is_clearly_ahead() -> None:
    names = PlaceNames()
    issues = ["path_flooded", "path_damaged", "path_damaged", "path_damaged"]
    told = [names.settle([seen(issue, HEAP)], float(n), {})[0].issue for n, issue in enumerate(issues)]
    assert told == ["path_flooded", "path_flooded", "path_damaged", "path_damaged"]


@pytest.mark.parametrize(
    ("first", "score", "told"),
    [
        pytest.param(2, 0.8, "path_obstructed", id="told by its first name: that stays"),
        pytest.param(2, 0.3, "path_damaged", id="its first name was a guess"),
        pytest.param(1, 0.8, "path_damaged", id="its first name was seen once"),
    ],
)
def test_a_place_that_was_told_keeps_its_name(first: int, score: float, told: str) -> None:
    names = PlaceNames()
    looks = [replace(seen("path_obstructed", HEAP), score=score)] * first + [seen("path_damaged", HEAP)] * 5
    assert [names.settle([o], float(n), {})[0].issue for n, o in enumerate(looks)][-1] == told


def test_a_place_that_was_told_gets_another_name_when_nearly_all_looks_say_so() -> None:
    names = PlaceNames()
    issues = ["path_obstructed"] * 2 + ["path_damaged"] * 9
    assert [names.settle([seen(i, HEAP)], float(n), {})[0].issue for n, i in enumerate(issues)][-1] == "path_damaged"


DWELL = {"path_obstructed": 3.0}


def test_what_has_not_dwelt_waits_also_when_it_was_missed_once() -> None:
    names = PlaceNames()
    looks = [[seen("path_obstructed", HEAP)], [], [], [seen("path_obstructed", HEAP)]]
    said = [(bool(names.settle(look, float(n), DWELL)), names.waiting()) for n, look in enumerate(looks)]
    assert said == [(False, [HEAP]), (False, [HEAP]), (False, []), (True, [])]


@pytest.mark.parametrize(
    ("asked_at", "told"),
    [
        pytest.param([0, 1, 2, 3], [False, False, False, True], id="seen at every look"),
        pytest.param([0, 3], [False, True], id="seen again soon"),
        pytest.param([0, 30], [False, False], id="nobody knows what was there meanwhile"),
        pytest.param([0, 30, 31, 33], [False, False, False, True], id="it stays this time"),
        pytest.param([0, 3, 33], [False, True, True], id="it stood there before, and was seen at each asking"),
    ],
)
def test_a_thing_has_dwelt_when_it_was_seen_from_look_to_look(asked_at: list[int], told: list[bool]) -> None:
    """A look a second; the detector is asked at some only."""
    names, last, said = PlaceNames(), -1, []
    for second in asked_at:
        said.append(bool(names.settle([seen("path_obstructed", HEAP)], float(second), DWELL, second - last)))
        last = second
    assert said == told


def test_what_stood_there_and_was_gone_for_a_long_time_has_only_just_come() -> None:
    names = PlaceNames()
    for second in range(4):
        names.settle([seen("path_obstructed", HEAP)], float(second), DWELL)
    names.settle([], 33.0, DWELL, looks=30)
    assert names.settle([seen("path_obstructed", HEAP)], 63.0, DWELL, looks=30) == []
    assert names.waiting() == [HEAP]


def test_what_never_was_sure_does_not_wait_for_ever() -> None:
    names = PlaceNames(sure=0.8)
    waits = []
    for second in range(5):
        assert not names.settle([seen("path_obstructed", HEAP)], float(second), DWELL)
        waits.append(bool(names.waiting()))
    assert waits == [True, True, True, False, False]


def test_a_heap_of_which_only_a_part_was_seen_for_a_while_is_the_same_heap() -> None:
    names = PlaceNames(parts=True)
    half, strip = Box(0.40, 0.50, 0.46, 0.60), Box(0.42, 0.50, 0.44, 0.60)
    for second, box in enumerate([HEAP, HEAP, HEAP, half, strip]):
        names.settle([seen("litter", box)], float(second), {})
    told = names.settle([seen("path_obstructed", HEAP)], 5.0, {})
    assert [o.issue for o in told] == ["litter"]


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        pytest.param(Box(0.52, 0.56, 0.54, 0.60), ["litter"], id="a scrap at its rim"),
        pytest.param(Box(0.52, 0.50, 0.60, 0.60), ["litter", "path_obstructed"], id="a case beside it"),
        pytest.param(Box(0.70, 0.56, 0.72, 0.60), ["litter", "path_obstructed"], id="a small thing elsewhere"),
    ],
)
def test_scraps_at_a_heap_are_pieces_of_it(other: Box, kept: list[str]) -> None:
    said = [seen("litter", HEAP), seen("path_obstructed", other)]
    assert [o.issue for o in without_parts(said, said)] == kept


SHADOW = Box(0.52, 0.56, 0.56, 0.60)


@pytest.mark.parametrize(
    ("whole", "kept"),
    [
        pytest.param(seen("path_obstructed", HEAP), 1, id="the shadow of a case, or a thing at it: one job"),
        pytest.param(seen("path_obstructed", Box(0.70, 0.50, 0.80, 0.60)), 2, id="a case elsewhere"),
        pytest.param(ask_again(HEAP), 2, id="somebody who stands beside it for a moment"),
    ],
)
def test_what_is_at_a_larger_thing_in_the_way_is_one_job_with_it(whole: Observation, kept: int) -> None:
    said = [whole, seen("path_obstructed", SHADOW)]
    assert len(without_parts(said, said)) == kept


@pytest.mark.parametrize(
    ("guess", "name"),
    [pytest.param(0.2, "path_obstructed", id="a faint guess"), pytest.param(0.9, "litter", id="a sure name")],
)
def test_a_faint_guess_names_no_surer_part_of_it(guess: float, name: str) -> None:
    names, case = PlaceNames(parts=True), Box(0.41, 0.51, 0.43, 0.59)
    names.settle([replace(seen("litter", HEAP), score=guess)], 0.0, {})
    assert [o.issue for o in names.settle([seen("path_obstructed", case)], 1.0, {})] == [name]


def test_an_observation_that_several_looks_agree_in_has_as_many_votes() -> None:
    names = PlaceNames()
    names.settle([seen("litter", HEAP)], 0.0, {})
    proof = replace(seen("path_obstructed", HEAP), looks=2)
    assert [o.issue for o in names.settle([proof], 1.0, {})] == ["path_obstructed"]


@pytest.mark.parametrize(
    ("hidden_for", "by", "told"),
    [
        pytest.param(7, HEAP, True, id="somebody stood before it"),
        pytest.param(7, Box(0.8, 0.5, 0.9, 0.6), False, id="somebody stood elsewhere: it was gone meanwhile"),
        pytest.param(15, HEAP, False, id="somebody stood before it for long"),
    ],
)
def test_what_somebody_hid_stood_there_all_the_while(hidden_for: int, by: Box, told: bool) -> None:
    names, thing = PlaceNames(), [seen("path_obstructed", HEAP)]
    names.settle(thing, 0.0, DWELL)
    for second in range(hidden_for):
        names.settle([], 1.0 + second, DWELL, hidden=lambda box: box.iou(by) > 0.5)
    assert bool(names.settle(thing, 1.0 + hidden_for, DWELL)) is told


@pytest.mark.parametrize(
    ("seen_at", "looks"),
    [
        pytest.param({0, 1, 7}, 3, id="before and after somebody hid it"),
        pytest.param({0, 7}, 2, id="once before"),
        pytest.param({0, 1, 3}, 1, id="no longer there than somebody who pauses"),
        pytest.param({0, 1, 2, 3, 4, 5}, 1, id="told at each look"),
    ],
)
def test_what_was_seen_before_somebody_hid_it_counts_once_it_has_stood(seen_at: set[int], looks: int) -> None:
    names, last = PlaceNames(), []
    for second in range(max(seen_at) + 1):
        now = [seen("path_obstructed", HEAP)] if second in seen_at else []
        last = names.settle(now, float(second), DWELL, hidden=lambda _: True)
    assert [o.looks for o in last] == [looks]


def test_looks_at_what_stood_there_before_do_not_count_for_what_came_after() -> None:
    names, told = PlaceNames(), []
    for second in (0, 1, 8, 9, 10, 11, 12, 13):
        told += names.settle([seen("path_obstructed", HEAP)], float(second), {"path_obstructed": 5.0}, looks=1)
        for empty in range(2, 8) if second == 1 else ():
            names.settle([], float(empty), {"path_obstructed": 5.0})
    assert [o.looks for o in told] == [6]
