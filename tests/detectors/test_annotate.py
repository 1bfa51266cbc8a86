"""What is written on a look's picture: in the words of the pages, and once."""

from __future__ import annotations

from typing import Any

import pytest

from detectors import annotate
from detectors.geometry import Box, Region
from detectors.values import Asset, Detections, Finding, LightState, Look, Observation, Presence, View
from tests.detectors.fakes import frame, scenery

BOX, ELSEWHERE = Box(0.4, 0.3, 0.5, 0.6), Box(0.7, 0.7, 0.9, 0.9)
OUT = Observation("light_out", Presence.PRESENT, 0.8, "L-1", "street_light", BOX)
HERE = Observation("litter", Presence.PRESENT, 0.6, "P-1", "path", BOX, by_place=True)
VIEW = View("cam-1", tuple(Asset(o.asset_id or "", o.asset_kind or "", Region.rectangle(BOX)) for o in (OUT, HERE)))
FRAME = frame(scenery())


def found(issue: str, asset_id: str, box: Box = BOX) -> Finding:
    return Finding("key", issue, "cam-1", asset_id, None, FRAME.at, FRAME.at, 0.0, 3.0, 0.9, box, 3)


@pytest.mark.parametrize(
    ("seen", "findings", "written"),
    [
        pytest.param(OUT, [], "Light out 0.80", id="not confirmed yet"),
        pytest.param(OUT, [found("light_out", "L-1")], "", id="its finding says so"),
        pytest.param(OUT, [found("light_out", "L-2")], "Light out 0.80", id="a finding of another light"),
        pytest.param(HERE, [], "Litter 0.60", id="a place not confirmed yet"),
        pytest.param(HERE, [found("litter", "P-1")], "", id="that place's finding says so"),
        pytest.param(
            HERE,
            [found("litter", "P-1", ELSEWHERE)],
            "Litter 0.60",
            id="one at another place",
        ),
    ],
)
def test_what_was_seen_is_written_unless_its_finding_says_so(
    seen: Observation, findings: list[Finding], written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _words(seen, findings, monkeypatch) - {"night", ""} == ({written} if written else set())


def test_trouble_is_written_by_its_title(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "night - suspended: Camera blurred" in _words(OUT, [], monkeypatch, suspended="camera_blurred")


def _words(
    seen: Observation, findings: list[Finding], monkeypatch: pytest.MonkeyPatch, suspended: str = ""
) -> set[str]:
    """All that is written on the picture, but for the labels of findings."""
    words: set[str] = set()

    def note(image: Any, text: str, *rest: Any) -> None:
        words.add(text)

    monkeypatch.setattr(annotate, "_text", note)
    annotate.draw(Look(FRAME, LightState.NIGHT, Detections.empty(), (seen,), (), suspended), VIEW, findings)
    return words
