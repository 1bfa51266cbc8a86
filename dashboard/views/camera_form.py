"""The form that adds or changes a camera."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any
from zoneinfo import available_timezones

import streamlit as st

from dashboard.edge import attempt, guarded
from dashboard.language import Titles, mark, tr
from dashboard.pictures import picture
from dashboard.settings import POLL_S
from dashboard.situation import Here, acting, here
from dashboard.times import DAYS
from dashboard.told import told
from dashboard.words import literal, short
from workorders.jobs.queue import ask_probe
from workorders.queries.cameras import CameraRow
from workorders.queries.views import probe_answer
from workorders.register.cameras import CameraDetails, save_camera
from workorders.register.hours import EVERY_DAY, Hours
from workorders.words import JobState

_PROBE = "probe"
_BUSY = (JobState.QUEUED, JobState.RUNNING)
ALWAYS, BY_CLOCK, BY_SUN = "always", "clock", "sun"
_KINDS = Titles({ALWAYS: mark("day and night"), BY_CLOCK: mark("from – to"), BY_SUN: mark("from sunset to sunrise")})


def zones() -> list[str]:
    """Names of all time zones that places use, by continent."""
    named = (name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [*sorted(named), "UTC"]


def camera_form(at: Here, row: CameraRow | None) -> None:
    """The form, filled with a camera's details, or empty for a new one."""
    names = zones()
    current = row.time_zone if row else at.site.time_zone
    if current not in names:
        names.append(current)
    field = _fields(row.id if row else None)
    with st.form("camera", border=False):
        left, right = st.columns(2)
        left.text_input(tr("Name"), value=row.name if row else "", key=field("name"), max_chars=120)
        if row is None:
            right.text_input(
                tr("Id"), key=field("id"), max_chars=64, help=tr("Letters, digits, dots and hyphens; stays for ever.")
            )
        left.text_input(
            tr("Source"), value=row.source if row else "", key=field("source"), max_chars=500,
            help=tr(
                "rtsp:// or http:// address, a path on the worker's machine, or a device number. "
                "Empty for a camera that is only given clips."
            ),
        )  # fmt: skip
        right.selectbox(tr("Time zone"), names, index=names.index(current), key=field("zone"))
        left.number_input(
            tr("Latitude"), -90.0, 90.0, row.latitude if row else None, format="%.5f", key=field("latitude")
        )
        right.number_input(
            tr("Longitude"), -180.0, 180.0, row.longitude if row else None, format="%.5f", key=field("longitude")
        )
        left.number_input(
            tr("Looks towards, degrees from north"), 0.0, 360.0, row.heading_deg if row else None, 5.0,
            key=field("heading"), help=tr("0 is north, 90 is east. The map draws the view as a cone."),
        )  # fmt: skip
        right.number_input(
            tr("Angle of view, degrees"), 1.0, 360.0, row.angle_deg if row else None, 5.0, key=field("angle")
        )
        left.number_input(tr("Seconds between looks"), 0.04, 86_400.0, row.every_s if row else 1.0, key=field("every"))
        _hours(at, row, field)
        right.checkbox(tr("Switched on"), value=row.enabled if row else True, key=field("enabled"))
        with st.container(horizontal=True):
            st.form_submit_button(tr("Save"), type="primary", on_click=_save, args=(at, row.id if row else None))
            st.form_submit_button(
                tr("Test the source"), icon=":material/network_check:", on_click=_test,
                args=(at, row.id if row else None),
                help=tr("A worker tries to get a picture from it."),
            )  # fmt: skip
    asked = st.session_state.get(field(_PROBE))
    if asked is not None:
        waiting = (found := probe_answer(at.store, asked)) is not None and found.state in _BUSY
        st.fragment(guarded(_answer), run_every=POLL_S / 2 if waiting else None)(asked)


def _hours(at: Here, row: CameraRow | None, field: Callable[[str], str]) -> None:
    """When the camera is watched. Both fields of the clock are always there: a form is not drawn anew meanwhile."""
    kept = row.hours if row else None
    kind = ALWAYS if kept is None or kept.whole_days else BY_SUN if kept.by_sun else BY_CLOCK
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            tr("Watched"), list(_KINDS), index=list(_KINDS).index(kind), format_func=_KINDS.__getitem__,
            key=field("hours"), width=220,
            help=tr("Outside its hours a camera sleeps: nobody looks, and nothing is raised."),
        )  # fmt: skip
        zone_help = tr(
            "On the site's wall clock, {zone}. An end before the beginning is on the next day.", zone=at.zone.key
        )
        by_clock = kept is not None and kind == BY_CLOCK
        begins, ends = (kept.begins, kept.ends) if kept and by_clock else (time(18), time(6))
        st.time_input(tr("From"), begins, key=field("begins"), width=130, help=zone_help)
        st.time_input(tr("To"), ends, key=field("ends"), width=130)
    st.pills(
        tr("On these days"), list(DAYS), selection_mode="multi", default=sorted(kept.days if kept else EVERY_DAY),
        format_func=DAYS.__getitem__, key=field("days"), help=tr("A night belongs to the day of its evening."),
    )  # fmt: skip


def _chosen(kind: str, begins: time, ends: time, days: frozenset[int]) -> Hours | None:
    if kind == BY_SUN:
        return Hours(days=days)
    if kind == BY_CLOCK:
        return Hours(begins, ends, days)
    return None if days == EVERY_DAY else Hours(time(), time(), days)


def _fields(camera_id: str | None) -> Callable[[str], str]:
    """Names a field's key: a key of its own for each camera, for what was typed for one says nothing of another."""
    return lambda name: f"camera_{name}" if camera_id is None else f"camera_{name}_{camera_id}"


def _answer(asked: int) -> None:
    """What came of the test: the picture, or the one line of why there is none."""
    found = probe_answer(here().store, asked)
    if found is None:
        return
    if found.state in _BUSY:
        st.caption(":material/hourglass_empty: " + tr("A worker tries {source}…", source=literal(short(found.source))))
        return
    shown = picture(found.picture)
    if found.state is JobState.DONE and shown:
        size = f"{found.width} x {found.height}"
        st.success(tr("It answers: {size} pixels, after {seconds} s.", size=size, seconds=found.took_s))
        st.image(shown, width=420, alt=tr("First picture of {source}", source=short(found.source)))
    else:
        st.error(literal(told(found.message)), icon=":material/error:")


def _test(at: Here, camera_id: str | None) -> None:
    field = _fields(camera_id)

    def act() -> str:
        st.session_state[field(_PROBE)] = ask_probe(at.store, acting(at.store), st.session_state[field("source")])
        return tr("A worker tries the source.")

    attempt(act)


def _save(at: Here, camera_id: str | None) -> None:
    field = _fields(camera_id)

    def said(name: str) -> Any:
        return st.session_state[field(name)]

    handle = camera_id or said("id").strip()

    def act() -> str:
        details = CameraDetails(
            name=said("name"),
            source=said("source"),
            latitude=said("latitude"),
            longitude=said("longitude"),
            time_zone=said("zone"),
            every_s=said("every"),
            enabled=said("enabled"),
            heading_deg=said("heading"),
            angle_deg=said("angle"),
            hours=_chosen(said("hours"), said("begins"), said("ends"), frozenset(said("days"))),
        )
        save_camera(at.store, acting(at.store), handle, details)
        return tr("Camera {name} is saved.", name=handle)

    attempt(act)
