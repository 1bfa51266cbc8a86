"""The panel that asks for an inspection: which clip, which camera, how often to look."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard.clips import Clip, keep_upload, known_clips
from dashboard.edge import attempt
from dashboard.language import Titles, mark, tr
from dashboard.settings import CLIP_SUFFIXES, LARGEST_UPLOAD_MB
from dashboard.situation import Here, acting
from dashboard.told import told_name
from dashboard.views.camera_form import zones
from dashboard.views.parts import refusal_for_viewers
from dashboard.words import short
from detectors.errors import LamplighterError
from workorders.clock import zone
from workorders.jobs.queue import ask_inspection
from workorders.queries.cameras import camera_names, cameras
from workorders.register.cameras import CameraDetails, save_camera
from workorders.words import Role

JOB = "job_started"
NEW_CAMERA, OWN_CAMERA = "+new", "+own"
_CHOICES = Titles({NEW_CAMERA: mark("A new camera…"), OWN_CAMERA: mark("The sample's own camera")})
UPLOAD, KNOWN = "upload", "known"
_WAYS = Titles({UPLOAD: mark("Upload"), KNOWN: mark("Samples and earlier uploads")})
_TURN = "upload_turn"


def ask_panel(at: Here) -> None:
    """Fields and the button."""
    if at.actor.role is Role.VIEWER:
        refusal_for_viewers(at)
        return
    way = st.segmented_control(
        tr("Clip"), list(_WAYS), format_func=_WAYS.__getitem__, default=UPLOAD, required=True, key="ask_way", wrap=True
    )
    clip: Clip | None = None
    if way == UPLOAD:
        st.file_uploader(
            tr("Clip, up to {mb} MB", mb=LARGEST_UPLOAD_MB), type=CLIP_SUFFIXES, key=_upload_key(),
            max_upload_size=LARGEST_UPLOAD_MB, help=tr("One of: {forms}.", forms=", ".join(CLIP_SUFFIXES)),
        )  # fmt: skip
    else:
        clips = known_clips(at.store)
        clip = st.selectbox(tr("Clip"), clips, format_func=_clip_title, key="ask_clip")
    camera = _camera(at, clip)
    zone_name = _zone_of(at, camera)
    if way == UPLOAD or (clip is not None and not clip.is_sample):
        st.datetime_input(
            tr("Recording began ({zone})", zone=zone_name), value=None, key="ask_began",
            help=tr("The camera's wall clock at the first frame. Empty: the present moment is taken for it."),
        )  # fmt: skip
    st.number_input(
        tr("Seconds between looks"), 0.1, 60.0, 1.0, 0.5, key="ask_every",
        help=tr("Of the recording. Less finds shorter events."),
    )  # fmt: skip
    st.button(
        tr("Inspect"), type="primary", icon=":material/play_arrow:", width="stretch", key="ask_go",
        on_click=_ask, args=(at, clip, zone_name),
    )  # fmt: skip


def _clip_title(clip: Clip) -> str:
    title = short(clip.title, 60)
    return title if clip.is_sample else tr("{name} (uploaded)", name=title)


def _camera(at: Here, clip: Clip | None) -> str | None:
    names = {handle: told_name(name) for handle, name in camera_names(at.store)}
    own = [OWN_CAMERA] if clip is not None and clip.camera is not None else []
    new = [NEW_CAMERA] if at.actor.role is Role.MANAGER else []
    # Nobody's clip goes to a camera by accident: where there are several, one has to be chosen.
    choice = st.selectbox(
        tr("Camera"), [*own, *names, *new], index=0 if own or len(names) == 1 else None, key=_camera_key(clip),
        placeholder=tr("Which camera took it?"),
        format_func=lambda handle: _CHOICES.get(handle) or short(names[handle], 60),
        help=tr(
            "Findings are matched to the assets that this camera is registered to see. "
            "A camera without assets gets those that the clip shows."
        ),
    )  # fmt: skip
    if not new:
        st.caption(tr("An administrator adds cameras."))
    if choice == NEW_CAMERA:
        st.text_input(tr("Name of the new camera"), key="ask_name", max_chars=60)
        options = zones()
        home = at.site.time_zone
        st.selectbox(tr("Its time zone"), options, index=options.index(home) if home in options else 0, key="ask_zone")
    return choice


def _camera_key(clip: Clip | None) -> str:
    return "ask_camera" if clip is None or clip.camera is None else "ask_camera_of_sample"


def _zone_of(at: Here, camera: str | None) -> str:
    if camera == NEW_CAMERA:
        return str(st.session_state.get("ask_zone") or at.site.time_zone)
    return next((row.time_zone for row in cameras(at.store) if row.id == camera), at.site.time_zone)


def _upload_key() -> str:
    return f"ask_upload_{st.session_state.get(_TURN, 0)}"


def _ask(at: Here, clip: Clip | None, zone_name: str) -> None:
    said = st.session_state

    def act() -> str:
        actor = acting(at.store)
        upload = said.get(_upload_key()) if clip is None else None
        if clip is None and upload is None:
            raise LamplighterError(tr("Choose a clip to upload first."))
        camera = _chosen_camera(at, said[_camera_key(clip)], clip)
        path, began = clip.path if clip else Path(), None
        if upload is not None:
            path = keep_upload(at.store, upload.name, upload, upload.size)
        if clip is None or not clip.is_sample:
            began = _aware(said.get("ask_began"), zone(zone_name))
        said[JOB] = ask_inspection(at.store, actor, str(path), camera, said["ask_every"], start=began)
        said[_TURN] = said.get(_TURN, 0) + 1
        return tr("The clip waits for a worker.")

    attempt(act)


def _chosen_camera(at: Here, choice: str | None, clip: Clip | None) -> str:
    known = dict(camera_names(at.store))
    if choice is None:
        raise LamplighterError(tr("Say which camera took the clip; an administrator adds new ones."))
    if choice == OWN_CAMERA and clip is not None and clip.camera is not None:
        own = clip.camera
        if own.id not in known:
            details = CameraDetails(own.id, "", own.latitude, own.longitude, own.time_zone)
            save_camera(at.store, acting(at.store), own.id, details)
        return own.id
    if choice != NEW_CAMERA:
        return choice
    name = str(st.session_state.get("ask_name") or "").strip()
    handle = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
    if not handle:
        raise LamplighterError(tr("Give the new camera a name with at least one letter or digit."))
    if handle in known:
        raise LamplighterError(
            tr("There is a camera '{handle}' already; choose it, or give the new one another name.", handle=handle)
        )
    save_camera(at.store, acting(at.store), handle, CameraDetails(name, time_zone=st.session_state["ask_zone"]))
    return handle


def _aware(moment: datetime | None, local: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=local)
