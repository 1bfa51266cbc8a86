"""Confirmation played again gives what it gave the first time, and what other settings would have given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.confirmation import Confirmation
from detectors.geometry import Box
from detectors.replay import Counted, replay
from detectors.settings import ConfirmationSettings
from detectors.values import Mark, Observation, Presence

START = datetime(2026, 6, 16, 12, tzinfo=UTC)
USUAL = ConfirmationSettings(rejoin_s=20)
BOX = Box(0.4, 0.3, 0.5, 0.6)


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


def counted(script: str) -> list[Counted]:
    """`3` a look that saw it with 0.3, `.` one that did not, `-` one at which it was not looked at anew."""
    marks = []
    for second, sign in enumerate(script):
        score = int(sign) / 10 if sign.isdecimal() else None
        marks.append(Counted(at(second), score, 0 if sign == "-" else 1))
    return marks


@pytest.mark.parametrize(
    ("script", "settings", "findings"),
    [
        pytest.param("888....", USUAL, [(0, 2, 2)], id="three of four"),
        pytest.param("88.....", USUAL, [], id="two are not enough"),
        pytest.param("88.....", USUAL.model_copy(update={"needed": 2}), [(0, 1, 1)], id="two, where two are asked for"),
        pytest.param("888....", USUAL.model_copy(update={"needed": 4}), [], id="four, where four are asked for"),
        pytest.param("44444", USUAL, [], id="too faint"),
        pytest.param("44444", USUAL.model_copy(update={"enter_score": 0.4}), [(0, 2, 4)], id="as faint as asked for"),
        pytest.param("888....888", USUAL, [(0, 2, 9)], id="back in time: the same one"),
        pytest.param("888....888", USUAL.model_copy(update={"rejoin_s": 2}), [(0, 2, 2), (7, 9, 9)], id="too late"),
        pytest.param("888---", USUAL, [(0, 2, 5)], id="it holds while nobody looks anew"),
        pytest.param("---", USUAL, [], id="nothing holds that never began"),
        pytest.param("", USUAL, [], id="nothing"),
    ],
)  # fmt: skip
def test_other_settings(script: str, settings: ConfirmationSettings, findings: list[tuple[int, int, int]]) -> None:
    found = replay(counted(script), settings)

    assert [(f.first_seen, f.confirmed_at, f.last_seen) for f in found] == [
        tuple(at(second) for second in moments) for moments in findings
    ]


SEEN = st.sampled_from([None, 0.2, 0.4, 0.6, 0.9])


@given(st.lists(st.tuples(SEEN, SEEN, st.integers(1, 3)), max_size=60))
def test_the_marks_of_an_inspection_play_it_again(looks: list[tuple[float | None, float | None, int]]) -> None:
    """Two issues with settings of their own, one of a registered asset and one of a place."""
    own = {"litter": USUAL.model_copy(update={"needed": 2, "window": 3})}
    machine = Confirmation("cam", USUAL, own)
    marks: list[tuple[datetime, Mark]] = []
    real: dict[tuple[str, datetime], tuple[datetime, float]] = {}
    for second, (lamp, litter, agree) in enumerate(looks):
        presence = Presence.ABSENT if lamp is None else Presence.PRESENT
        seen = [Observation("light_out", presence, lamp or 0.0, "L-1", "street_light", BOX, looks=agree)]
        if litter is not None:
            seen.append(Observation("litter", Presence.PRESENT, litter, box=BOX, by_place=True))
        for change in machine.update(seen, at(second), second):
            real[change.finding.key, change.finding.first_seen] = (change.finding.last_seen, change.finding.score)
        marks += [(at(second), mark) for mark in machine.marks]
    again = {}
    for key in {mark.key for _, mark in marks}:
        of_place = [Counted(moment, mark.score, mark.looks) for moment, mark in marks if mark.key == key]
        settings = own.get(key.partition(":")[0], USUAL)
        again |= {(key, f.first_seen): (f.last_seen, f.score) for f in replay(of_place, settings)}

    assert again == real
