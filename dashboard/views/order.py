"""One order: what it looks like, how late it is, what may be done, what happened."""

from __future__ import annotations

import streamlit as st

from dashboard.components.clocks import NamedClock, clocks
from dashboard.components.order_table import COMPACT, ClockFace, order_table
from dashboard.edge import guarded
from dashboard.language import Titles, in_this_language, mark, tr, trn
from dashboard.pages import ORDERS, open_order
from dashboard.situation import Here
from dashboard.times import ago, clock, epoch_ms, span
from dashboard.told import told_name
from dashboard.views.evidence import evidence
from dashboard.views.history import comment_box, history
from dashboard.views.lines import about, lines, what, who
from dashboard.views.order_actions import actions
from dashboard.views.order_news import order_news
from dashboard.views.order_plan import order_plan
from dashboard.views.parts import Fact, facts, heading
from dashboard.words import (
    DISMISS_TITLES,
    LIGHT_TITLES,
    PRIORITY_COLORS,
    STATE_COLORS,
    STATE_TITLES,
    issue_title,
    literal,
    priority_title,
    short,
)
from dashboard.worksheet import worksheet
from dashboard.worksheet_pdf import worksheet_pdf
from workorders.queries.order import Clock, OrderDetail, order_detail, order_pulse
from workorders.words import OrderState

_ANSWER, _REPAIR = "answer", "repair"
_WITHIN = Titles({_ANSWER: mark("Answer within {span}"), _REPAIR: mark("Repair within {span}")})


def show(at: Here) -> None:
    """The whole page, of the order that the address names."""
    asked = st.query_params.get("id", "")
    if not asked.isdecimal() or len(asked) > 9:
        st.info(tr("Choose an order in the table."), icon=":material/assignment:")
        st.page_link(ORDERS, label=tr("Work orders"), icon=":material/arrow_back:")
        return
    read = order_pulse(at.store, int(asked))
    detail = order_detail(at.store, int(asked), at.actor)
    _head(at, detail)
    order_news(detail.row.id, read)
    left, right = st.columns([1.65, 1], gap="medium")
    with left:
        evidence(at, detail)
    with right:
        _clocks(at, detail)
        guarded(actions)(at, detail)
        facts(_facts(at, detail))
        _sheets(at, detail)
    told, written = st.columns([1.65, 1], gap="medium")
    with told:
        history(at, detail)
    with written:
        order_plan(at, detail)
        comment_box(at, detail)
    _others(at, detail)


def _sheets(at: Here, detail: OrderDetail) -> None:
    """The work sheet, to print or to send to a crew."""
    number, about = detail.row.id, (detail, at.site.name, at.zone, at.now)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            tr("Work sheet, PDF"), in_this_language(lambda: worksheet_pdf(*about)), file_name=f"order-{number}.pdf",
            mime="application/pdf", icon=":material/picture_as_pdf:", type="tertiary", on_click="ignore",
            key="worksheet_pdf",
        )  # fmt: skip
        st.download_button(
            tr("Print view"), in_this_language(lambda: worksheet(*about)), file_name=f"order-{number}.html",
            mime="text/html", icon=":material/print:", type="tertiary", on_click="ignore", key="worksheet",
            help=tr("One HTML page with the pictures inside; print it, or send it."),
        )  # fmt: skip


def _head(at: Here, detail: OrderDetail) -> None:
    row = detail.row
    st.page_link(ORDERS, label=tr("Work orders"), icon=":material/arrow_back:")
    heading(
        f"{issue_title(row.issue)} · {literal(short(row.asset_label, 70))}", at, tr("Order {number}", number=row.id)
    )
    badges = [
        f":{PRIORITY_COLORS.get(row.priority, 'gray')}-badge[{priority_title(row.priority)}]",
        f":{STATE_COLORS.get(row.state, 'gray')}-badge[{STATE_TITLES[row.state]}]",
    ]
    if row.is_late:
        badges.append(f":red-badge[! {tr('Late')}]")
    if row.close_proposed:
        badges.append(f":green-badge[✓ {tr('Seems fixed')}]")
    if row.reopened:
        badges.append(f":orange-badge[↺ {tr('Re-opened {n} ×', n=row.reopened)}]")
    if detail.parent_id is not None:
        badges.append(f":gray-badge[{tr('Part of order {number}', number=detail.parent_id)}]")
    st.markdown(" ".join(badges) + f" &nbsp; {literal(short(what(row), 160))}")


def _clocks(at: Here, detail: OrderDetail) -> None:
    row = detail.row
    named = [
        _named(_ANSWER, detail.response, at, detail, None),
        _named(_REPAIR, detail.resolution, at, detail, epoch_ms(row.held_at)),
    ]
    with st.container(border=True):
        clocks(named, at.now, key=f"clocks_{row.id}")


def _named(which: str, found: Clock, at: Here, detail: OrderDetail, held: float | None) -> NamedClock:
    opened, due = detail.row.opened_at.timestamp() * 1000, found.due.timestamp() * 1000
    told = mark("Target {span}, working hours only") if detail.has_calendar else mark("Target {span}")
    hint = tr(told, span=span(found.target))
    face: ClockFace | None = None
    if found.met is not None:
        face = ClockFace(opened, due, None, found.met, (found.target - found.left).total_seconds() * 1000)
    elif found.running or held is not None:
        face = ClockFace(opened, due, held, None, None)
    title = _WITHIN[which].format(span=span(found.target))
    return NamedClock(title, tr("by {time}", time=clock(found.due, at.zone)), hint, face)


def _facts(at: Here, detail: OrderDetail) -> list[Fact]:
    row = detail.row
    rows: list[Fact] = [
        (tr("Has it"), who(row) or tr("nobody"), ""),
        (tr("Asset"), about(row), ""),
        (tr("Camera"), told_name(row.camera_name or "—"), row.camera_id or ""),
        (
            tr("First seen"),
            f"{ago(detail.first_seen, at.now)}, {clock(detail.first_seen, at.zone)}",
            tr("capture time"),
        ),
        (tr("Last seen"), f"{ago(row.last_seen, at.now)}, {clock(row.last_seen, at.zone)}", tr("capture time")),
        (tr("Opened"), f"{ago(row.opened_at, at.now)}, {clock(row.opened_at, at.zone)}", ""),
        (
            tr("Sightings"),
            tr("{n}, score {score}", n=f"{row.sightings:,}", score=f"{row.score:.2f}"),
            tr("how often it was confirmed, and how sure"),
        ),
    ]
    if detail.light:
        rows.append((tr("Light"), LIGHT_TITLES.get(detail.light, detail.light), tr("as the camera judged it")))
    if detail.paused.total_seconds() >= 1:
        rows.append((tr("On hold"), span(detail.paused), tr("in all")))
    if detail.dismiss_reason:
        rows.append((tr("Dismissed as"), DISMISS_TITLES[detail.dismiss_reason], ""))
    if row.state is OrderState.RESOLVED and detail.watch_until:
        until = clock(detail.watch_until, at.zone)
        looks = trn(
            "{n} clean look so far, until {time}",
            "{n} clean looks so far, until {time}",
            detail.clean_looks,
            time=until,
        )
        rows.append((tr("Camera watches"), looks, tr("after enough clean looks the camera verifies the repair")))
    if row.latitude is not None and row.longitude is not None:
        rows.append((tr("Position"), f"{row.latitude:.5f}, {row.longitude:.5f}", tr("latitude, longitude, WGS 84")))
    return rows


def _others(at: Here, detail: OrderDetail) -> None:
    for title, rows, key in (
        (tr("Taken in by this order"), detail.children, "children"),
        (tr("Other orders of this asset or place"), detail.similar, "similar"),
    ):
        if not rows:
            continue
        st.subheader(title, anchor=False)
        chosen = order_table(
            lines(rows, at.zone),
            at.now,
            key=f"{key}_{detail.row.id}",
            label=title,
            empty="",
            columns=("number", *COMPACT),
        )
        if chosen.opened is not None:
            open_order(chosen.opened)
