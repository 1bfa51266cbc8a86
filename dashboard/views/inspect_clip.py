"""Inspect a clip: choose or upload it, name its camera, follow the job, land on its findings."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from dashboard.clips import title_of
from dashboard.edge import guarded, show_outcome
from dashboard.language import Titles, mark, tr
from dashboard.settings import POLL_S
from dashboard.situation import Here, here
from dashboard.times import roughly_ago
from dashboard.views.ask import JOB, ask_panel
from dashboard.views.job import job_panel
from dashboard.views.parts import heading
from dashboard.words import literal, short
from workorders.queries.jobs import JobRow, job, jobs
from workorders.words import JobKind, JobState

SHOWN_JOBS = 12
_MARKS = {
    JobState.QUEUED: ":gray[○]",
    JobState.RUNNING: ":blue[◐]",
    JobState.DONE: ":green[●]",
    JobState.FAILED: ":red[▲]",
    JobState.CANCELLED: ":gray[■]",
}

JOB_STATES = Titles(
    {JobState.DONE: mark("done"), JobState.FAILED: mark("failed"), JobState.CANCELLED: mark("cancelled")}
)


def show(at: Here) -> None:
    """The whole page; the address names the job that is shown."""
    heading(tr("Inspect a clip"), at)
    started = st.session_state.pop(JOB, None)
    if started is not None:
        st.query_params["job"] = str(started)
    asked = st.query_params.get("job", "")
    chosen = job(at.store, int(asked)) if asked.isdecimal() and len(asked) < 10 else None
    if chosen is not None and chosen.kind is not JobKind.INSPECT:
        chosen = None
    left, right = st.columns([1, 2.1], gap="medium")
    with left:
        with st.expander(tr("New inspection"), expanded=chosen is None, icon=":material/add:"):
            guarded(ask_panel)(at)
        _list(chosen.id if chosen else None)
    with right:
        if chosen is None:
            st.info(
                tr(
                    "Choose a clip or upload one. A worker looks at it frame by frame; what it confirms becomes a "
                    "finding, and each finding raises a work order, or joins the one that is open."
                ),
                icon=":material/movie:",
            )
        else:
            job_panel(at, chosen)


@st.fragment(run_every=POLL_S)
@guarded
def _list(shown: int | None) -> None:
    """The latest inspections; several may run at once."""
    at = here()
    show_outcome()
    rows = jobs(at.store, JobKind.INSPECT, SHOWN_JOBS)
    st.subheader(tr("Inspections"), anchor=False)
    if not rows:
        st.caption(tr("Nothing was inspected yet."))
    for row in rows:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            title = f"{_MARKS[row.state]} {literal(short(title_of(row.source), 30))}"
            with st.container(width="stretch"):
                kind: Literal["secondary", "tertiary"] = "secondary" if row.id == shown else "tertiary"
                if st.button(title, key=f"job_{row.id}", type=kind):
                    st.query_params["job"] = str(row.id)
                    st.rerun()
            st.caption(_state(row, at), width="content")


def _state(row: JobRow, at: Here) -> str:
    if row.state is JobState.RUNNING:
        return f"{row.progress:.0%}"
    if row.state is JobState.QUEUED:
        return tr("waiting")
    return f"{JOB_STATES[row.state]}, {roughly_ago(row.finished_at, at.now)}"
