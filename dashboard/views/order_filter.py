"""The filters over the table of orders. Each is kept in the address, so that a view can be sent to somebody."""

from __future__ import annotations

import streamlit as st

from dashboard import address
from dashboard.language import Titles, mark, tr
from dashboard.situation import Here
from dashboard.told import told_name
from dashboard.words import issue_title, short
from detectors.issues import ISSUES
from workorders.queries.cameras import camera_names
from workorders.queries.orders import Lateness, OrderFilter
from workorders.queries.people import people
from workorders.words import ENDED_STATES, WAITING_STATES, OrderState, Role

PAGE = "page"
VIEW, PRIORITY, ISSUE, CAMERA, WHO, TEXT = "view", "priority", "issue", "camera", "who", "q"
FILTERS = (VIEW, PRIORITY, ISSUE, CAMERA, WHO, TEXT)
LONGEST_SEARCH = 200

OPEN, LATE, SOON, TO_VERIFY, FIXED, ENDED, ALL = "open", "late", "soon", "to-verify", "fixed", "ended", "all"
VIEWS = Titles(
    {
        OPEN: mark("Open orders"),
        LATE: mark("Late"),
        SOON: mark("Soon late"),
        TO_VERIFY: mark("To verify"),
        FIXED: mark("Seem fixed"),
        ENDED: mark("Ended"),
        ALL: mark("All"),
    }
)
ANY, ME, NOBODY = "", "@me", "@nobody"
PRIORITIES = {f"P{number}": number for number in (1, 2, 3, 4)}
_STATES: dict[str, frozenset[OrderState]] = {
    OPEN: WAITING_STATES,
    TO_VERIFY: frozenset({OrderState.RESOLVED}),
    ENDED: ENDED_STATES,
}
_LATENESS = {LATE: Lateness.LATE, SOON: Lateness.SOON}


def view_bar() -> None:
    """The choice between the usual views: open, late, to verify and so on."""
    address.one(VIEW, VIEWS, OPEN)
    st.segmented_control(
        tr("Show"), list(VIEWS), format_func=VIEWS.__getitem__, key=VIEW, required=True,
        label_visibility="collapsed", on_change=address.keeper(VIEW, OPEN, forget=[PAGE]),
    )  # fmt: skip


def filter_bar(at: Here) -> None:
    """Show the filters, set to what the address says."""
    cameras, persons = _cameras(at), _people(at)
    with st.container(horizontal=True, gap="small"):  # on a phone two stand side by side
        _filters(cameras, persons)


def _filters(cameras: dict[str, str], persons: dict[str, str]) -> None:
    address.text(TEXT, LONGEST_SEARCH)
    st.text_input(
        tr("Search"), key=TEXT, type="search", max_chars=LONGEST_SEARCH, on_change=_keep(TEXT),
        placeholder=tr("Number, asset, place, comment"), label_visibility="collapsed",
    )  # fmt: skip
    address.several(PRIORITY, PRIORITIES)
    st.multiselect(
        tr("Priority"), list(PRIORITIES), key=PRIORITY, on_change=_keep(PRIORITY),
        placeholder=tr("Any priority"), label_visibility="collapsed", width=160,
    )  # fmt: skip
    address.several(ISSUE, ISSUES)
    st.multiselect(
        tr("Issue"), list(ISSUES), format_func=issue_title, key=ISSUE, on_change=_keep(ISSUE),
        placeholder=tr("Any issue"), label_visibility="collapsed", width=170,
    )  # fmt: skip
    address.one(CAMERA, cameras, ANY)
    st.selectbox(
        tr("Camera"), list(cameras), format_func=lambda handle: short(cameras[handle], 60), key=CAMERA,
        on_change=_keep(CAMERA), label_visibility="collapsed", width=170,
    )  # fmt: skip
    address.one(WHO, persons, ANY)
    st.selectbox(
        tr("Who"), list(persons), format_func=lambda handle: short(persons[handle], 40), key=WHO,
        on_change=_keep(WHO), label_visibility="collapsed", width=150,
    )  # fmt: skip


def chosen_filter(at: Here) -> OrderFilter:
    """What the filters say."""
    said = st.session_state
    view, who = said.get(VIEW) or OPEN, said.get(WHO) or ANY
    return OrderFilter(
        states=_STATES.get(view, frozenset()),
        priorities=frozenset(PRIORITIES[name] for name in said.get(PRIORITY) or () if name in PRIORITIES),
        issues=frozenset(said.get(ISSUE) or ()),
        lateness=_LATENESS.get(view),
        assignee={ANY: None, ME: at.actor.id, NOBODY: ""}.get(who, who),
        camera=said.get(CAMERA) or None,
        close_proposed=view == FIXED,
        text=(said.get(TEXT) or "")[:LONGEST_SEARCH],
    )


def _keep(key: str) -> address.Keeper:
    return address.keeper(key, forget=[PAGE])


def _cameras(at: Here) -> dict[str, str]:
    """Cameras by their ids, with titles that tell equal names apart."""
    named = {
        handle: name if name == handle else f"{told_name(name)} ({handle})" for handle, name in camera_names(at.store)
    }
    return {ANY: tr("Any camera")} | named


def _people(at: Here) -> dict[str, str]:
    named = {p.id: f"{p.name} ({p.id})" for p in people(at.store) if p.role is not Role.VIEWER}
    return {ANY: tr("Anybody"), ME: tr("Me"), NOBODY: tr("Nobody")} | named
