"""Times, words and names as the screen shows them."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.clips import keep_upload, known_clips, title_of
from dashboard.settings import LARGEST_UPLOAD_MB
from dashboard.times import ago, clock, roughly_ago, span, zone_title
from dashboard.words import (
    ACTION_TITLES,
    CLASS_TITLES,
    DISMISS_TITLES,
    HEALTH_TITLES,
    LOG_TITLES,
    STATE_TITLES,
    literal,
    short,
)
from detectors.catalogue.entries import bundled
from detectors.errors import LamplighterError
from workorders.store import Store
from workorders.words import Action, CameraHealth, DismissReason, Event, OrderState

NOON = datetime(2026, 6, 16, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        pytest.param(0, "0 s", id="nothing"),
        pytest.param(59, "59 s", id="under a minute"),
        pytest.param(65, "1 min 05 s", id="a short while, to the second"),
        pytest.param(605, "10 min", id="longer, to the minute"),
        pytest.param(3600, "1 h", id="a whole hour"),
        pytest.param(3 * 3600 + 61, "3 h 01 min", id="hours and minutes"),
        pytest.param(26 * 3600, "1 d 2 h", id="a day and hours"),
        pytest.param(86_400, "1 d", id="a whole day"),
        pytest.param(40 * 86_400 + 7200, "40 d", id="weeks, to the day"),
        pytest.param(-65, "1 min 05 s", id="never negative"),
    ],
)
def test_span(seconds: float, text: str) -> None:
    assert span(seconds) == text


@pytest.mark.parametrize(
    ("moment", "told", "rough"),
    [
        pytest.param(None, "—", "—", id="never"),
        pytest.param(NOON - timedelta(seconds=4), "just now", "just now", id="this moment"),
        pytest.param(NOON - timedelta(minutes=7), "7 min ago", "7 min ago", id="past"),
        pytest.param(NOON - timedelta(minutes=3, seconds=31), "3 min 31 s ago", "3 min ago", id="two units"),
        pytest.param(NOON + timedelta(hours=2), "in 2 h", "in 2 h", id="ahead"),
    ],
)
def test_ago(moment: datetime | None, told: str, rough: str) -> None:
    assert ago(moment, NOON) == told
    assert roughly_ago(moment, NOON) == rough


@pytest.mark.parametrize(
    ("zone", "title", "wall"),
    [
        pytest.param("Asia/Shanghai", "Asia/Shanghai, UTC+8", "2026-06-16 20:00", id="east"),
        pytest.param("America/St_Johns", "America/St_Johns, UTC−2:30", "2026-06-16 09:30", id="west, half an hour"),
        pytest.param("UTC", "UTC+0", "2026-06-16 12:00", id="UTC"),
    ],
)
def test_zone(zone: str, title: str, wall: str) -> None:
    assert zone_title(ZoneInfo(zone), NOON) == title
    assert clock(NOON, ZoneInfo(zone)) == wall


def test_every_word_has_a_title() -> None:
    assert set(STATE_TITLES) == set(OrderState)
    assert set(ACTION_TITLES) == set(Action)
    assert set(DISMISS_TITLES) == set(DismissReason)
    assert set(HEALTH_TITLES) == set(CameraHealth)
    assert set(LOG_TITLES) == set(Action) | set(Event)


@given(st.text(max_size=300))
def test_literal_leaves_no_live_markup(text: str) -> None:
    shown = literal(text)
    stripped = shown.replace("\\\\", "")
    for mark in "`*_{}[]()<>#!|~$:&":
        assert stripped.count(mark) == stripped.count("\\" + mark)


@given(st.text(max_size=300), st.integers(2, 80))
def test_short_is_never_longer(text: str, longest: int) -> None:
    assert len(short(text, longest)) <= longest


@pytest.mark.parametrize(
    ("name", "size", "line"),
    [
        pytest.param("notes.txt", 10, "is not a clip", id="another kind of file"),
        pytest.param("clip", 10, "is not a clip", id="no suffix"),
        pytest.param("clip.mp4.exe", 10, "is not a clip", id="a second suffix"),
        pytest.param("clip.mp4", 0, "is empty", id="an empty file"),
        pytest.param("clip.mp4", LARGEST_UPLOAD_MB * 2**20 + 1, "is larger than", id="too large"),
    ],
)
def test_upload_that_is_refused(site: Store, name: str, size: int, line: str) -> None:
    with pytest.raises(LamplighterError, match=line):
        keep_upload(site, name, io.BytesIO(b"x"), size)

    assert not list(site.uploads.glob("*")) if site.uploads.exists() else True


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("../../etc/passwd.mp4", id="a path upwards"),
        pytest.param("C:\\clips\\night.MP4", id="a Windows path"),
        pytest.param("夜 🌉 <b>.mp4", id="letters of anywhere"),
        pytest.param("." * 300 + ".mp4", id="nothing but dots"),
    ],
)
def test_upload_is_kept_whole_inside_its_folder(site: Store, name: str) -> None:
    kept = [keep_upload(site, name, io.BytesIO(b"frames"), 6) for _ in range(2)]

    assert kept[0] != kept[1]
    for path in kept:
        assert path.parent == site.uploads
        assert path.read_bytes() == b"frames"
        assert len(path.name) < 100
    assert {clip.path for clip in known_clips(site)} >= set(kept)


def test_a_source_is_named_without_its_token() -> None:
    assert title_of("/var/uploads/0123456789ab-night.mp4") == "night.mp4"
    assert title_of("night.mp4") == "night.mp4"
    assert title_of("rtsp://camera/1") == "rtsp://camera/1"
    assert Path(title_of("/a/b-c.mp4")).name == "b-c.mp4"


def test_every_class_of_the_bundled_detector_has_a_title() -> None:
    assert set(CLASS_TITLES) == set(bundled().thresholds)
