"""The cameras: a wall of their latest pictures, and one camera with what it is known to see."""

from __future__ import annotations

import streamlit as st

from dashboard.address import hold, page_number
from dashboard.edge import guarded, show_outcome
from dashboard.language import tr, trc
from dashboard.pages import CAMERAS
from dashboard.pictures import picture
from dashboard.settings import POLL_S
from dashboard.situation import Here, here
from dashboard.times import clock
from dashboard.told import told_name
from dashboard.views.camera import camera_page
from dashboard.views.camera_card import health_badge, problem, status_line, watch_button
from dashboard.views.camera_form import camera_form
from dashboard.views.legend import legend
from dashboard.views.parts import heading
from dashboard.words import literal, short
from workorders.errors import NotFound
from workorders.queries.cameras import CameraRow, cameras
from workorders.words import Role

CARDS = 48
"""Cameras on one page of the wall, those in trouble first: every card is drawn anew while the wall is looked at."""
_PAGE = "cameras_page"


def show(at: Here) -> None:
    """The wall, or the camera that the address names."""
    asked = st.query_params.get("id")
    hold("id", asked)
    if asked is None:
        heading(tr("Cameras"), at)
        _wall()
        if at.actor.role is Role.MANAGER:
            with st.expander(tr("Add a camera"), icon=":material/add:"):
                camera_form(at, None)
        else:
            st.caption(tr("Only an administrator adds or changes cameras."))
        return
    row = next((row for row in cameras(at.store) if row.id == asked), None)
    if row is None:
        raise NotFound(tr("There is no camera '{name}'.", name=short(asked)))
    camera_page(at, row)


@st.fragment(run_every=2 * POLL_S)
@guarded
def _wall() -> None:
    at = here()
    show_outcome()
    rows = cameras(at.store)
    if not rows:
        st.info(
            tr(
                "No camera is registered yet. Inspecting a clip registers its camera; "
                "an administrator can add one below."
            ),
            icon=":material/videocam:",
        )
        return
    rows = tuple(sorted(rows, key=lambda r: (not r.in_trouble, not r.enabled, r.name, r.id)))
    pages = -(-len(rows) // CARDS)
    number = min(pages, page_number(_PAGE))
    grid = st.grid("auto", min_column_width=300, gap="small")
    for row in rows[(number - 1) * CARDS : number * CARDS]:
        with grid.cell(), st.container(border=True, gap="small"):
            _card(at, row)
    if pages > 1:
        st.pagination(pages, key=_PAGE, bind="query-params")
    if any(row.still for row in rows):
        legend()


def _card(at: Here, row: CameraRow) -> None:
    shown = picture(row.still) or picture(row.reference)
    if shown:
        st.image(shown, alt=tr("Latest picture of {camera}", camera=row.name), width="stretch")
    else:
        st.caption(f":material/image_not_supported: {tr('No picture yet')}")
    st.markdown(f"{health_badge(row)} **{literal(short(told_name(row.name), 60))}**")
    st.caption(literal(status_line(row, at)), help=tr("Last look: {time}", time=clock(row.last_look_at, at.zone, True)))
    if problem(row):
        st.caption(f":red[{literal(short(problem(row), 160))}]")
    with st.container(horizontal=True, gap="small"):
        st.page_link(CAMERAS, label=trc("button", "Open"), query_params={"id": row.id}, icon=":material/zoom_in:")
        watch_button(at, row)
