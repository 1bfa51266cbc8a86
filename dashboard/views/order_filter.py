"""The filters over the table of orders. Each is kept in the address, so that a view can be sent to somebody."""

from __future__ import annotations

import streamlit as st

from dashboard.situation import Here
from dashboard.words import issue_title, short
from detectors.issues import ISSUES
from workorders.queries.cameras import camera_names
from workorders.queries.orders import Lateness, OrderFilter
from workorders.queries.people import people
from workorders.words import ENDED_STATES, WAITING_STATES, OrderState, Role

PAGE = "page"
VIEW, PRIORITY, ISSUE, CAMERA, WHO, TEXT = "view", "priority", "issue", "camera", "who", "q"
LONGEST_SEARCH = 200

VIEWS = ("Open", "Late", "Soon late", "To verify", "Seem fixed", "Ended", "All")
NOBODY, ANYBODY, ME = "Nobody", "Anybody", "Me"
ANY_CAMERA = "Any camera"


def filter_bar(at: Here) -> None:
    """Show the filters."""
    st.segmented_control(
        "Show", VIEWS, default=VIEWS[0], key=VIEW, bind="query-params", required=True, label_visibility="collapsed",
        on_change=_first_page,
    )  # fmt: skip
    left, *middle, right = st.columns([1.7, 1.2, 1.7, 1.3, 1.1], gap="small")
    left.text_input(
        "Search", key=TEXT, type="search", bind="query-params", max_chars=LONGEST_SEARCH, on_change=_first_page,
        placeholder="Number, asset, place, comment", label_visibility="collapsed",
    )  # fmt: skip
    middle[0].multiselect(
        "Priority", ("P1", "P2", "P3", "P4"), key=PRIORITY, bind="query-params", on_change=_first_page,
        placeholder="Any priority", label_visibility="collapsed",
    )  # fmt: skip
    middle[1].multiselect(
        "Issue", [issue_title(code) for code in ISSUES], key=ISSUE, bind="query-params", on_change=_first_page,
        placeholder="Any issue", label_visibility="collapsed",
    )  # fmt: skip
    middle[2].selectbox(
        "Camera", [ANY_CAMERA, *_cameras(at)], key=CAMERA, bind="query-params", on_change=_first_page,
        format_func=lambda handle: short(handle, 60), label_visibility="collapsed",
    )  # fmt: skip
    right.selectbox(
        "Who", [ANYBODY, ME, NOBODY, *_people(at)], key=WHO, bind="query-params", on_change=_first_page,
        format_func=lambda handle: short(handle, 40), label_visibility="collapsed",
    )  # fmt: skip


def chosen_filter(at: Here) -> OrderFilter:
    """What the filters say."""
    said = st.session_state
    codes = {issue_title(code): code for code in ISSUES}
    who = said.get(WHO) or ANYBODY
    camera = said.get(CAMERA) or ANY_CAMERA
    view = said.get(VIEW) or VIEWS[0]
    return OrderFilter(
        states=_states(view),
        priorities=frozenset(int(name[1:]) for name in said.get(PRIORITY) or ()),
        issues=frozenset(codes[title] for title in said.get(ISSUE) or () if title in codes),
        lateness={"Late": Lateness.LATE, "Soon late": Lateness.SOON}.get(view),
        assignee={ANYBODY: None, ME: at.actor.id, NOBODY: ""}.get(who, _people(at).get(who)),
        camera=None if camera == ANY_CAMERA else _cameras(at).get(camera),
        close_proposed=view == "Seem fixed",
        text=(said.get(TEXT) or "")[:LONGEST_SEARCH],
    )


def _states(view: str) -> frozenset[OrderState]:
    match view:
        case "Open":
            return WAITING_STATES
        case "To verify":
            return frozenset({OrderState.RESOLVED})
        case "Ended":
            return frozenset(ENDED_STATES)
    return frozenset()


def _cameras(at: Here) -> dict[str, str]:
    """Cameras by a title that tells equal names apart."""
    return {(name if name == handle else f"{name} ({handle})"): handle for handle, name in camera_names(at.store)}


def _people(at: Here) -> dict[str, str]:
    return {f"{p.name} ({p.id})": p.id for p in people(at.store) if p.role is not Role.VIEWER}


def _first_page() -> None:
    st.session_state[PAGE] = 1
