"""The guided play on the overview of a demo site: a button, then the night as it passes."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.edge import attempt, guarded, show_outcome
from dashboard.language import Titles, mark, tr
from dashboard.pages import ORDER
from dashboard.pictures import picture
from dashboard.settings import POLL_S
from dashboard.situation import Here, acting, here
from dashboard.told import told
from dashboard.views.legend import legend
from dashboard.words import STATE_TITLES, literal
from workorders.clock import zone
from workorders.play.stage import ask_play, reset_play
from workorders.queries.play import PlayRow, latest_play
from workorders.store import Store
from workorders.words import JobState, PlayStep, Role

_FAILS = "light_out"
"""The issue that the night shows."""
STEP_TITLES = Titles(
    {
        PlayStep.EVENING: mark("Evening: the lamps come on"),
        PlayStep.DARK: mark("A lamp goes out: the camera makes sure"),
        PlayStep.ORDER: mark("Its order is here: take it, or the crew does"),
        PlayStep.MENDED: mark("Repaired, it is said: the camera looks"),
        PlayStep.VERIFIED: mark("The camera has verified the repair"),
        PlayStep.MORNING: mark("Morning: what still burns is found too"),
    }
)


@st.fragment(run_every=POLL_S)
@guarded
def play_panel() -> None:
    """One line while nothing is played; the picture, the night's clock and the steps while a night passes."""
    at = here()
    show_outcome()
    row = _latest(at.store, at.store.url, at.store.version())
    with st.container(border=True):
        if row is None or not (row.running or row.on_stage):
            _invite(at, row)
        else:
            _stage(at, row)


@st.cache_data(max_entries=4, ttl=600, show_spinner=False)
def _latest(_store: Store, url: str, version: int) -> PlayRow | None:
    return latest_play(_store)


def _invite(at: Here, row: PlayRow | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            tr(
                "**Guided play** — a night in three minutes: a lamp fails, an order comes, "
                "the camera verifies the repair."
            ),
            width="stretch",
        )
        _button(at, tr("Play a night"), ":material/nights_stay:", _play, "play_start")
    if row is not None and row.state is JobState.FAILED:
        st.caption(f":red[{literal(told(row.message))}]")


def _stage(at: Here, row: PlayRow) -> None:
    left, right = st.columns([1, 1.35], gap="medium")
    shown = picture(row.still)
    with left:
        if shown:
            st.image(shown, alt=tr("Latest picture of the guided play"), width="stretch")
            legend([_FAILS])
        else:
            st.caption(":material/hourglass_empty: " + tr("Waiting for a worker to load the detector…"))
    with right:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{tr('Guided play')}** :violet-badge[{_clock(row)}]", width="stretch")
            if row.running:
                _button(at, tr("Stop and reset"), ":material/stop:", _reset, "play_reset")
            else:
                _button(at, tr("Reset"), ":material/restart_alt:", _reset, "play_reset")
                _button(at, tr("Play again"), ":material/nights_stay:", _play, "play_start")
        st.progress(min(1.0, row.share))
        st.markdown(_steps(row))
        if row.state is JobState.FAILED:
            st.caption(f":red[{literal(told(row.message))}]")
        if row.order is not None:
            state = STATE_TITLES[row.order_state].lower() if row.order_state else "…"
            st.page_link(
                ORDER, label=tr("Order {number}: {state}", number=row.order, state=state), icon=":material/assignment:",
                query_params={"id": str(row.order)},
            )  # fmt: skip


def _clock(row: PlayRow) -> str:
    """The night's own time; pictures carry it too."""
    if row.at is None:
        return tr("about to begin")
    return tr("{time} in the play", time=f"{row.at.astimezone(zone(row.time_zone)):%H:%M}")


def _steps(row: PlayRow) -> str:
    order = list(STEP_TITLES)
    reached = len(order) if row.step is PlayStep.OVER else order.index(row.step) if row.step else -1
    lines = []
    for n, step in enumerate(order):
        mark = ":green[✓]" if n < reached else ":blue[●]" if n == reached else ":gray[○]"
        text = STEP_TITLES[step] if n <= reached else f":gray[{STEP_TITLES[step]}]"
        lines.append(f"{mark} {'**' + text + '**' if n == reached else text}")
    return "  \n".join(lines)


def _button(at: Here, label: str, icon: str, act: Callable[[Here], None], key: str) -> None:
    st.button(
        label, icon=icon, key=key, on_click=act, args=(at,), type="primary" if key == "play_start" else "secondary",
        disabled=at.actor.role is Role.VIEWER,
        help=tr("A viewer may look only.") if at.actor.role is Role.VIEWER else None,
    )  # fmt: skip


def _play(at: Here) -> None:
    def act() -> str:
        ask_play(at.store, acting(at.store))
        return tr("The night begins as soon as a worker is free.")

    attempt(act)


def _reset(at: Here) -> None:
    def act() -> str:
        reset_play(at.store, acting(at.store))
        return tr("The guided play is reset.")

    attempt(act)
