"""One camera: its regions over its picture, what is known of it, and what it found."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard.edge import show_outcome
from dashboard.language import listed, tr, trn
from dashboard.pages import CAMERAS, ORDERS
from dashboard.pictures import picture
from dashboard.situation import Here
from dashboard.times import ago, clock
from dashboard.told import told_name
from dashboard.views.camera_card import health_badge, problem, rhythm, sleep_line, watch_button
from dashboard.views.camera_form import camera_form
from dashboard.views.legend import legend
from dashboard.views.parts import Fact, facts, heading
from dashboard.views.region_panel import region_panel
from dashboard.words import LIGHT_TITLES, issue_title, kind_title, literal, short
from workorders.queries.cameras import CameraRow, camera_view
from workorders.queries.views import camera_findings
from workorders.words import FindingState, Role

_REGIONS, _LATEST = "regions", "latest"


def camera_page(at: Here, row: CameraRow) -> None:
    """The whole page of one camera."""
    st.page_link(CAMERAS, label=tr("Cameras"), icon=":material/arrow_back:")
    heading(literal(short(told_name(row.name), 70)), at, row.id if row.name != row.id else "")
    show_outcome()
    told = f" :red[{literal(short(problem(row), 200))}]" if problem(row) else f" :gray[{sleep_line(row, at)}]"
    st.markdown(health_badge(row) + told)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        _picture(at, row)
    with right:
        facts(_facts(at, row))
        with st.container(horizontal=True):
            watch_button(at, row)
            st.page_link(
                ORDERS, label=tr("Its orders"), icon=":material/assignment:", query_params={"camera": row.id}
            )  # fmt: skip
        _assets(at, row)
    _findings(at, row)
    if at.actor.role is Role.MANAGER:
        with st.expander(tr("Change this camera"), icon=":material/edit:"):
            camera_form(at, row)


def _picture(at: Here, row: CameraRow) -> None:
    latest = picture(row.still)
    titles = {_REGIONS: tr("Regions"), _LATEST: tr("Latest picture")}
    chosen: str | None = _REGIONS
    if latest:
        chosen = st.segmented_control(
            tr("Picture"), list(titles), default=_REGIONS, required=True, label_visibility="collapsed",
            format_func=lambda code: titles[code], key="camera_picture",
        )  # fmt: skip
    if chosen == _LATEST and latest:
        st.image(latest, alt=tr("Latest picture of {camera}", camera=row.name), width="stretch")
        legend((f.issue for f in camera_findings(at.store, row.id) if f.state is FindingState.ACTIVE), row.light)
    else:
        region_panel(at, row)


def _assets(at: Here, row: CameraRow) -> None:
    assets = camera_view(at.store, row.id).assets
    st.subheader(trn("{n} asset seen", "{n} assets seen", len(assets)), anchor=False)
    named = {tr("Name"): [short(a.name, 80) for a in assets]} if any(a.name for a in assets) else {}
    st.dataframe(
        {tr("Asset"): [a.id for a in assets], tr("Kind"): [kind_title(a.kind) for a in assets]} | named,
        hide_index=True, height=220, alt=tr("Assets that this camera sees"),
    )  # fmt: skip


def _findings(at: Here, row: CameraRow) -> None:
    st.subheader(tr("What it found"), anchor=False)
    rows = camera_findings(at.store, row.id)
    if not rows:
        st.caption(tr("Nothing yet."))
        return
    states = {
        FindingState.ACTIVE: tr("seen now"),
        FindingState.CLEARED: tr("seen to clear"),
        FindingState.ENDED: tr("until the recording ended"),
    }
    st.dataframe(
        {
            tr("Issue"): [issue_title(f.issue) for f in rows],
            tr("Asset"): [f.asset_id or "—" for f in rows],
            tr("First seen"): [clock(f.first_seen, at.zone) for f in rows],
            tr("Last seen"): [clock(f.last_seen, at.zone) for f in rows],
            tr("Looks"): [f.observations for f in rows],
            tr("Score"): [round(f.score, 2) for f in rows],
            tr("How it ended"): [states[f.state] for f in rows],
            tr("Order"): [f"order?id={f.order_id}" if f.order_id else None for f in rows],
        },
        hide_index=True,
        column_config={
            tr("Order"): st.column_config.LinkColumn(display_text=r"id=(\d+)"),
            tr("Score"): st.column_config.NumberColumn(format="%.2f"),
        },
        alt=tr("Findings of this camera, the newest first"),
    )  # fmt: skip


def _when(at: Here, moment: datetime | None) -> str:
    return f"{ago(moment, at.now)}, {clock(moment, at.zone)}" if moment else "—"


def _facts(at: Here, row: CameraRow) -> list[Fact]:
    place = "—" if row.latitude is None or row.longitude is None else f"{row.latitude:.5f}, {row.longitude:.5f}"
    rows = [
        (tr("Source"), short(row.source, 120) or tr("given clips only"), row.source),
        (tr("Schedule"), rhythm(row), tr("{seconds} s between looks of a watch", seconds=f"{row.every_s:g}")),
        (tr("Light"), LIGHT_TITLES.get(row.light or "", tr("not judged yet")), tr("as judged from the picture")),
        (tr("Last look"), _when(at, row.last_look_at), ""),
        (tr("Last frame"), _when(at, row.last_frame_at), tr("capture time")),
        (tr("Position"), place, tr("latitude, longitude, WGS 84")),
        (tr("Time zone"), row.time_zone, tr("of the camera")),
        (tr("Open orders"), f"{row.waiting_orders}", ""),
    ]
    if row.heading_deg is not None:
        towards = tr("{degrees}° from north", degrees=f"{row.heading_deg:g}")
        if row.angle_deg is not None:
            towards = listed([towards, tr("{degrees}° wide", degrees=f"{row.angle_deg:g}")])
        rows.insert(6, (tr("Looks towards"), towards, tr("from north, clockwise; angle of view")))
    return rows
