"""The form that adds or changes a camera."""

from __future__ import annotations

from zoneinfo import available_timezones

import streamlit as st

from dashboard.edge import attempt
from dashboard.situation import Here, acting
from workorders.queries.cameras import CameraRow
from workorders.register.cameras import CameraDetails, save_camera


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
    with st.form("camera", border=False, clear_on_submit=row is None):
        left, right = st.columns(2)
        left.text_input("Name", value=row.name if row else "", key="camera_name", max_chars=120)
        if row is None:
            right.text_input(
                "Id", key="camera_id", max_chars=64, help="Letters, digits, dots and hyphens; stays for ever."
            )
        left.text_input(
            "Source", value=row.source if row else "", key="camera_source", max_chars=500,
            help="rtsp:// or http:// address, a path on the worker's machine, or a device number. "
            "Empty for a camera that is only given clips.",
        )  # fmt: skip
        right.selectbox("Time zone", names, index=names.index(current), key="camera_zone")
        left.number_input("Latitude", -90.0, 90.0, row.latitude if row else None, format="%.5f", key="camera_latitude")
        right.number_input(
            "Longitude", -180.0, 180.0, row.longitude if row else None, format="%.5f", key="camera_longitude"
        )
        left.number_input("Seconds between looks", 0.04, 86_400.0, row.every_s if row else 1.0, key="camera_every")
        right.checkbox("Switched on", value=row.enabled if row else True, key="camera_enabled")
        st.form_submit_button("Save", type="primary", on_click=_save, args=(at, row.id if row else None))


def _save(at: Here, camera_id: str | None) -> None:
    said = st.session_state
    handle = camera_id or said["camera_id"].strip()

    def act() -> str:
        details = CameraDetails(
            name=said["camera_name"],
            source=said["camera_source"],
            latitude=said["camera_latitude"],
            longitude=said["camera_longitude"],
            time_zone=said["camera_zone"],
            every_s=said["camera_every"],
            enabled=said["camera_enabled"],
        )
        save_camera(at.store, acting(at.store), handle, details)
        return f"Camera {handle} is saved."

    attempt(act)
