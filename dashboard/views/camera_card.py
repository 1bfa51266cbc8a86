"""What every list of cameras says of one: its health, how it stands, and the button that begins its watch."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from dashboard.edge import attempt
from dashboard.language import listed, tr, trn
from dashboard.situation import Here, acting
from dashboard.times import DAYS, days_text, roughly_ago
from dashboard.told import told
from dashboard.words import HEALTH_TITLES, LIGHT_TITLES
from detectors.issues import CAMERA_FAULTS
from workorders.queries.cameras import CameraRow
from workorders.register.cameras import ask_for_watch
from workorders.register.hours import EVERY_DAY
from workorders.words import CameraDesire, CameraHealth, Role


def health_badge(row: CameraRow) -> str:
    """Health as a badge: a mark, a word and a colour."""
    if not row.enabled:
        return f":gray-badge[■ {tr('Switched off')}]"
    if row.asleep:
        return f":blue-badge[☾ {tr('Asleep')}]"
    mark, tone = {CameraHealth.OK: ("●", "green"), CameraHealth.UNKNOWN: ("○", "gray")}.get(row.health, ("▲", "red"))
    return f":{tone}-badge[{mark} {HEALTH_TITLES[row.health]}]"


def problem(row: CameraRow) -> str:
    """What else is known of a camera's trouble; "" when its health says it all, or while it sleeps."""
    return "" if row.asleep or row.last_error in CAMERA_FAULTS else told(row.last_error)


def rhythm(row: CameraRow) -> str:
    """Whether a camera is watched, how often it is looked at, and within which hours."""
    if row.desired is not CameraDesire.WATCHED:
        return tr("not watched")
    often = tr("watched, a look every {seconds} s", seconds=f"{row.every_s:g}")
    if row.hours is None:
        return listed([often, tr("day and night")])
    parts = [often] if row.hours.days == EVERY_DAY else [often, days_text(row.hours.days)]
    if row.hours.by_sun:
        return listed([*parts, tr("from sunset to sunrise")])
    if row.hours.whole_days:
        return listed([*parts, tr("day and night")])
    begins, ends = (f"{wall:%H:%M}" for wall in (row.hours.begins, row.hours.ends) if wall)
    return listed([*parts, tr("from {begins} to {ends}", begins=begins, ends=ends)])


def sleep_line(row: CameraRow, at: Here) -> str:
    """Until when it sleeps or is watched, on the site's wall clock; "" where hours say nothing of that."""
    if row.turns_at is None:
        return tr("sleeps: the sun does not set today") if row.asleep else ""
    turns = row.turns_at.astimezone(at.zone)
    turn = f"{turns:%H:%M}" if row.turns_at - at.now < timedelta(days=1) else f"{DAYS[turns.weekday()]} {turns:%H:%M}"
    return tr("sleeps until {time}", time=turn) if row.asleep else tr("is watched until {time}", time=turn)


def status_line(row: CameraRow, at: Here) -> str:
    """Light, last look, assets and open orders in one line."""
    parts = [sleep_line(row, at)] if row.asleep else []
    if row.light and not row.asleep:
        parts.append(LIGHT_TITLES.get(row.light, row.light).lower())
    looked = tr("looked {ago}", ago=roughly_ago(row.last_look_at, at.now))
    parts.append(looked if row.last_look_at else tr("not looked yet"))
    parts.append(trn("{n} asset", "{n} assets", row.assets))
    parts.append(trn("{n} open order", "{n} open orders", row.waiting_orders))
    return listed(parts)


def watch_button(at: Here, row: CameraRow) -> None:
    """Begin or end the watch of a camera that has a source."""
    if not row.source or at.actor.role is Role.VIEWER:
        return
    watched = row.desired is CameraDesire.WATCHED
    st.button(
        tr("Stop watching") if watched else tr("Watch"), icon=":material/stop:" if watched else ":material/play_arrow:",
        key=f"watch_{row.id}", on_click=_watch, args=(at, row.id, not watched), type="tertiary",
    )  # fmt: skip


def _watch(at: Here, camera_id: str, watched: bool) -> None:
    def act() -> str:
        ask_for_watch(at.store, acting(at.store), camera_id, watched)
        if watched:
            return tr("Camera {camera} will be watched within seconds, or when its hours begin.", camera=camera_id)
        return tr("Camera {camera} will be left alone within seconds.", camera=camera_id)

    attempt(act)
