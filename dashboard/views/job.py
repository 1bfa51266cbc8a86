"""One inspection: how far it is, what it found, where in the clip, and which orders that raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.clips import title_of
from dashboard.components.order_table import COMPACT, order_table
from dashboard.components.timeline import Lane, timeline
from dashboard.edge import attempt, guarded, show_outcome
from dashboard.language import listed, tr, trn
from dashboard.pages import open_order, order_address
from dashboard.settings import POLL_S
from dashboard.situation import Here, acting, here
from dashboard.times import ago, clock, span
from dashboard.told import told
from dashboard.views.legend import legend
from dashboard.views.lines import lines
from dashboard.words import PRIORITY_COLORS, issue_title, literal, short
from detectors.issues import ISSUES
from workorders.evidence.files import inside
from workorders.jobs.queue import cancel
from workorders.queries.jobs import JobRow, job, workers
from workorders.queries.order import OrderDetail, order_detail
from workorders.words import JobState, Role

_RUNNING = {JobState.QUEUED, JobState.RUNNING}
PLAYER = "job_player"
MOST_LANES = 60


def job_panel(at: Here, row: JobRow) -> None:
    """The job as it stands; followed while it runs."""
    st.subheader(literal(short(title_of(row.source), 70)), anchor=False)
    st.caption(
        literal(
            tr(
                "Job {number}, camera {camera}, asked for {ago} by {who}",
                number=row.id,
                camera=row.camera_id or "—",
                ago=ago(row.created_at, at.now),
                who=row.created_by,
            )
        ),
        help=f"{clock(row.created_at, at.zone, True)}",
    )
    if row.state in _RUNNING:
        _follow(row.id)
        return
    if row.state is JobState.FAILED:
        # Whoever uploaded a clip knows it by its name, not by where it is kept.
        st.error(literal(told(row.message).replace(row.source, title_of(row.source))), icon=":material/error:")
    elif row.state is JobState.CANCELLED:
        st.warning(tr("Cancelled. What was seen until then is kept."), icon=":material/cancel:")
    if row.result is not None:
        _outcome(at, row.id, row.result)


@st.fragment(run_every=POLL_S / 2)
@guarded
def _follow(job_id: int) -> None:
    """Progress with the time that is left; the whole page again as soon as the job ends."""
    at = here()
    show_outcome()
    row = job(at.store, job_id)
    if row.state not in _RUNNING:
        st.rerun()
    alive = any(worker.alive for worker in workers(at.store))
    if not alive:
        st.warning(
            tr("No worker is running, so this waits. Start one with `lamplighter worker`."),
            icon=":material/hourglass_disabled:",
        )
    st.progress(row.progress, text=literal(_progress_line(at, row)))
    if row.attempts > 1 or (row.state is JobState.QUEUED and row.attempts):
        st.caption(tr("Attempt {n} of {most}", n=row.attempts, most=row.max_attempts))
    if row.cancel_asked:
        st.caption(tr("Stopping at the next look…"))
    elif at.actor.role is not Role.VIEWER:
        st.button(tr("Cancel"), icon=":material/cancel:", key=f"cancel_{job_id}", on_click=_cancel, args=(at, job_id))


def _progress_line(at: Here, row: JobRow) -> str:
    if row.state is JobState.QUEUED:
        return told(row.message) or tr("Waiting for a worker")
    parts = [f"{row.progress:.0%}", told(row.message)]
    if row.started_at is not None and row.progress > 0.02:
        elapsed = (at.now - row.started_at).total_seconds()
        parts.append(tr("about {span} left", span=span(elapsed * (1 - row.progress) / row.progress)))
    return listed(part for part in parts if part)


def _cancel(at: Here, job_id: int) -> None:
    def act() -> str:
        cancel(at.store, acting(at.store), job_id)
        return tr("The job stops at its next look.")

    attempt(act)


def _outcome(at: Here, job_id: int, result: Mapping[str, Any]) -> None:
    findings: Sequence[Mapping[str, Any]] = result.get("findings", ())
    orders = [order_detail(at.store, number, at.actor) for number in result.get("orders", ())[:50]]
    opened = len(result.get("opened", ()))
    st.markdown(_summary(result, len(findings), len(orders), opened))
    video = inside(at.store.files, str(result["video"])) if result.get("video") else None
    with st.container(key=PLAYER):
        if video is not None:
            st.video(str(video), alt=tr("The clip with everything that was seen marked"), muted=True)
        elif result.get("video"):
            st.caption(":orange[△] " + tr("The marked video is missing from the disk."))
    if video is not None:
        legend(str(finding["issue"]) for finding in findings)
    length = float(result.get("video_seconds") or 0.0)
    if findings:
        clicked = timeline(_lanes(findings, orders), length, PLAYER, key=f"timeline_{job_id}")
        if clicked is not None:
            open_order(clicked)
    else:
        st.success(tr("Nothing wrong was found in this clip."), icon=":material/check_circle:")
    if orders:
        st.subheader(tr("Orders"), anchor=False)
        chosen = order_table(
            lines([detail.row for detail in orders], at.zone),
            at.now,
            key=f"job_orders_{job_id}",
            label=tr("Orders of this inspection"),
            empty="",
            columns=("number", *COMPACT),
        )
        if chosen.opened is not None:
            open_order(chosen.opened)


def _summary(result: Mapping[str, Any], findings: int, orders: int, opened: int) -> str:
    seconds, wall = float(result.get("video_seconds") or 0), float(result.get("wall_seconds") or 0)
    told = [trn("**{n} finding**", "**{n} findings**", findings), trn("{n} new order", "{n} new orders", opened)]
    if orders > opened:
        told.append(trn("{n} already open", "{n} already open", orders - opened))
    frames = int(result.get("frames", 0))
    looked = trn(
        "{n} look at {video} of video in {wall}",
        "{n} looks at {video} of video in {wall}",
        frames,
        video=literal(span(seconds)),
        wall=literal(span(wall)),
    )
    if wall > 0 and seconds > 0:
        looked = listed([looked, tr("{n} × real time", n=literal(f"{seconds / wall:.1f}"))])
    return f"{listed(told)} · :gray[{looked}]"


def _lanes(findings: Sequence[Mapping[str, Any]], orders: Sequence[OrderDetail]) -> list[Lane]:
    return [_lane(finding, orders) for finding in findings[:MOST_LANES]]


def _lane(finding: Mapping[str, Any], orders: Sequence[OrderDetail]) -> Lane:
    code = str(finding["issue"])
    known = ISSUES.get(code)
    order = finding.get("order_id") or _order_of(finding, orders)
    where = str(finding.get("asset_id") or tr("no registered asset"))
    title = f"{issue_title(code)}, {where}"
    return Lane(
        title=f"{issue_title(code)} · {where}",
        hint=tr(
            "{what}, score {score}, {n} observations",
            what=title,
            score=f"{float(finding['score']):.2f}",
            n=finding["observations"],
        ),
        tone=PRIORITY_COLORS.get(known.priority, "gray") if known else "gray",
        start=float(finding["start_s"]),
        end=float(finding["end_s"]),
        order=order,
        href=order_address(order) if order else "",
    )


def _order_of(finding: Mapping[str, Any], orders: Sequence[OrderDetail]) -> int | None:
    """The order of a finding: of the same issue and asset, or the circuit that took it in; of several the nearest."""
    alike = [o for o in orders if o.row.issue == finding["issue"]]
    same = [o for o in alike if o.row.asset_id == finding.get("asset_id")] or [o for o in alike if _is_circuit(o)]
    if not same:
        return None
    return min(same, key=lambda o: _apart(o.box, finding["box"])).row.id


def _is_circuit(order: OrderDetail) -> bool:
    return order.row.asset_id is None and order.row.asset_kind is not None


def _apart(one: Sequence[float] | None, other: Sequence[float]) -> float:
    if one is None:
        return float("inf")
    return abs(one[0] + one[2] - other[0] - other[2]) + abs(one[1] + one[3] - other[1] - other[3])
