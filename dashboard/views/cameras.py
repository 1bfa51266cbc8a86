"""The cameras: a wall of their latest pictures, and one camera with what it is known to see."""

from __future__ import annotations

import streamlit as st

from dashboard.edge import attempt, guarded, show_outcome
from dashboard.pages import CAMERAS, ORDERS
from dashboard.pictures import picture
from dashboard.settings import POLL_S
from dashboard.situation import Here, acting, here
from dashboard.times import ago, clock
from dashboard.views.camera_form import camera_form
from dashboard.views.charts import CONFIG
from dashboard.views.parts import Fact, facts, heading
from dashboard.views.region_chart import regions
from dashboard.words import HEALTH_TITLES, LIGHT_TITLES, kind_title, literal, short
from detectors.issues import CAMERA_FAULTS
from workorders.errors import NotFound
from workorders.queries.cameras import CameraRow, camera_view, cameras
from workorders.register.cameras import ask_for_watch
from workorders.words import CameraDesire, CameraHealth, Role


def show(at: Here) -> None:
    """The wall, or the camera that the address names."""
    asked = st.query_params.get("id")
    if asked is None:
        heading("Cameras", at)
        _wall()
        if at.actor.role is Role.MANAGER:
            with st.expander("Add a camera", icon=":material/add:"):
                camera_form(at, None)
        else:
            st.caption("Only an administrator adds or changes cameras.")
        return
    row = next((row for row in cameras(at.store) if row.id == asked), None)
    if row is None:
        raise NotFound(f"There is no camera '{short(asked)}'.")
    _one(at, row)


@st.fragment(run_every=2 * POLL_S)
@guarded
def _wall() -> None:
    at = here()
    show_outcome()
    rows = cameras(at.store)
    if not rows:
        st.info(
            "No camera is registered yet. Inspecting a clip registers its camera; an administrator can add one below.",
            icon=":material/videocam:",
        )
        return
    grid = st.grid("auto", min_column_width=300, gap="small")
    for row in sorted(rows, key=lambda r: (r.health in (CameraHealth.OK, CameraHealth.UNKNOWN), r.name, r.id)):
        with grid.cell(), st.container(border=True, gap="small"):
            _card(at, row)


def _card(at: Here, row: CameraRow) -> None:
    shown = picture(row.still) or picture(row.reference)
    if shown:
        st.image(shown, alt=f"Latest picture of {row.name}", width="stretch")
    else:
        st.caption(":material/image_not_supported: No picture yet")
    st.markdown(f"{health_badge(row)} **{literal(short(row.name, 60))}**")
    st.caption(literal(status_line(row, at)), help=f"Last look: {clock(row.last_look_at, at.zone, True)}")
    if problem(row):
        st.caption(f":red[{literal(short(problem(row), 160))}]")
    with st.container(horizontal=True, gap="small"):
        st.page_link(CAMERAS, label="Open", query_params={"id": row.id}, icon=":material/zoom_in:")
        _watch_button(at, row)


def health_badge(row: CameraRow) -> str:
    """Health as a badge: a mark, a word and a colour."""
    if not row.enabled:
        return ":gray-badge[■ Switched off]"
    mark, tone = {CameraHealth.OK: ("●", "green"), CameraHealth.UNKNOWN: ("○", "gray")}.get(row.health, ("▲", "red"))
    return f":{tone}-badge[{mark} {HEALTH_TITLES[row.health]}]"


def problem(row: CameraRow) -> str:
    """What else is known of a camera's trouble; "" when its health says it all."""
    return "" if row.last_error in CAMERA_FAULTS else row.last_error


def status_line(row: CameraRow, at: Here) -> str:
    """Light, last look, assets and open orders in one line."""
    parts = [LIGHT_TITLES.get(row.light, row.light).lower()] if row.light else []
    parts.append(f"looked {ago(row.last_look_at, at.now)}" if row.last_look_at else "not looked yet")
    parts.append(f"{row.assets} asset{'s' if row.assets != 1 else ''}")
    parts.append(f"{row.waiting_orders} open order{'s' if row.waiting_orders != 1 else ''}")
    return ", ".join(parts)


def _watch_button(at: Here, row: CameraRow) -> None:
    if not row.source or at.actor.role is Role.VIEWER:
        return
    watched = row.desired is CameraDesire.WATCHED
    st.button(
        "Stop watching" if watched else "Watch", icon=":material/stop:" if watched else ":material/play_arrow:",
        key=f"watch_{row.id}", on_click=_watch, args=(at, row.id, not watched), type="tertiary",
    )  # fmt: skip


def _watch(at: Here, camera_id: str, watched: bool) -> None:
    def act() -> str:
        ask_for_watch(at.store, acting(at.store), camera_id, watched)
        return f"Camera {camera_id} {'will be watched' if watched else 'will be left alone'} within seconds."

    attempt(act)


def _one(at: Here, row: CameraRow) -> None:
    st.page_link(CAMERAS, label="Cameras", icon=":material/arrow_back:")
    heading(literal(short(row.name, 70)), at, row.id)
    st.markdown(health_badge(row) + (f" :red[{literal(short(problem(row), 200))}]" if problem(row) else ""))
    view = camera_view(at.store, row.id)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        shown = {"Regions": picture(row.reference) or picture(row.still), "Latest picture": picture(row.still)}
        kinds = [name for name, address in shown.items() if address]
        chosen = st.segmented_control(
            "Picture", kinds, default=kinds[0] if kinds else None, required=bool(kinds), label_visibility="collapsed"
        ) if len(kinds) > 1 else (kinds[0] if kinds else None)  # fmt: skip
        if chosen == "Latest picture":
            st.image(shown[chosen] or "", alt=f"Latest picture of {row.name}", width="stretch")
        else:
            st.plotly_chart(regions(view, shown["Regions"]), config=CONFIG, key="regions", alt="Registered regions")
            if not shown["Regions"]:
                st.caption("There is no picture of this view yet; the regions lie where they were registered.")
    with right:
        facts(_facts(at, row))
        with st.container(horizontal=True):
            _watch_button(at, row)
            st.page_link(ORDERS, label="Its orders", icon=":material/assignment:", query_params=_orders_query(row))
        st.subheader(f"{len(view.assets)} assets seen", anchor=False)
        st.dataframe(
            {
                "Asset": [a.id for a in view.assets],
                "Kind": [kind_title(a.kind) for a in view.assets],
                "Name": [short(a.name, 80) for a in view.assets],
            },
            hide_index=True, height=260, alt="Assets that this camera sees",
        )  # fmt: skip
    if at.actor.role is Role.MANAGER:
        with st.expander("Change this camera", icon=":material/edit:"):
            camera_form(at, row)


def _orders_query(row: CameraRow) -> dict[str, str]:
    return {"camera": row.name if row.name == row.id else f"{row.name} ({row.id})"}


def _facts(at: Here, row: CameraRow) -> list[Fact]:
    place = "—" if row.latitude is None or row.longitude is None else f"{row.latitude:.5f}, {row.longitude:.5f}"
    return [
        ("Source", short(row.source, 120) or "given clips only", row.source),
        ("Light", LIGHT_TITLES.get(row.light or "", "not judged yet"), "as judged from the picture"),
        ("Last look", f"{ago(row.last_look_at, at.now)}, {clock(row.last_look_at, at.zone)}", ""),
        ("Last frame", f"{ago(row.last_frame_at, at.now)}, {clock(row.last_frame_at, at.zone)}", "capture time"),
        ("Looks every", f"{row.every_s:g} s", ""),
        ("Place", place, "latitude, longitude, WGS 84"),
        ("Time zone", row.time_zone, "of the camera"),
        ("Watch", "on" if row.desired is CameraDesire.WATCHED else "off", ""),
        ("Open orders", f"{row.waiting_orders}", ""),
    ]
