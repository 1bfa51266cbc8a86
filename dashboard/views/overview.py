"""The first screen: what is broken, where, since when, who has it, is it late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import streamlit as st

from dashboard.components.order_table import COMPACT, order_table
from dashboard.edge import guarded
from dashboard.language import listed, tr, trn
from dashboard.pages import CAMERAS, INSPECT, ORDERS, open_order
from dashboard.settings import POLL_S
from dashboard.situation import Here, here
from dashboard.times import clock, roughly_ago
from dashboard.told import told_name
from dashboard.views.camera_card import sleep_line
from dashboard.views.charts import CONFIG, orders_a_week, share_text
from dashboard.views.lines import lines, what
from dashboard.views.parts import heading
from dashboard.views.play import play_panel
from dashboard.words import HEALTH_TITLES, LIGHT_TITLES, PRIORITY_COLORS, issue_title, literal, priority_title, short
from workorders.queries.attainment import WeekRow, by_week
from workorders.queries.cameras import CameraRow, cameras
from workorders.queries.orders import OrderFilter, OrdersPage, Sort, orders_page
from workorders.queries.overview import Overview, overview
from workorders.store import Store
from workorders.words import WAITING_STATES, CameraHealth

SHOWN_ORDERS = 12
FRESH = timedelta(minutes=2)
"""A line this young is marked."""
_WEEKS = 14
_SEEN = "overview_seen"


def show(at: Here) -> None:
    """The whole page."""
    heading(tr("Overview"), at, short(at.site.name, 40))
    if at.site.is_demo:
        play_panel()
    _live()


@st.fragment(run_every=POLL_S)
@guarded
def _live() -> None:
    """Everything that changes by itself. Asks for one row, and for the rest only when that row grew."""
    at = here()
    version, minute = at.store.version(), int(at.now.timestamp() // 20)
    figures = _figures(at.store, at.store.url, version, minute)
    _tiles(figures)
    left, right = st.columns([2.15, 1], gap="medium")
    with left:
        page = _urgent_rows(at.store, at.store.url, version, minute)
        _announce(page)
        _urgent(at, figures, page)
    with right:
        _camera_list(at, _camera_rows(at.store, at.store.url, version))
        _week_chart(_week_rows(at.store, at.store.url, version))


# What costs more than a row is remembered by the store's version; the time slot lets lateness come true by itself.
@st.cache_data(max_entries=4, ttl=60, show_spinner=False)
def _figures(_store: Store, url: str, version: int, minute: int) -> Overview:
    return overview(_store)


@st.cache_data(max_entries=4, ttl=60, show_spinner=False)
def _urgent_rows(_store: Store, url: str, version: int, minute: int) -> OrdersPage:
    return orders_page(_store, OrderFilter(states=WAITING_STATES), Sort.DUE, limit=SHOWN_ORDERS)


@st.cache_data(max_entries=4, ttl=60, show_spinner=False)
def _camera_rows(_store: Store, url: str, version: int) -> tuple[CameraRow, ...]:
    return tuple(row for row in cameras(_store) if row.enabled)


@st.cache_data(max_entries=4, ttl=600, show_spinner=False)
def _week_rows(_store: Store, url: str, version: int) -> tuple[WeekRow, ...]:
    return by_week(_store, _WEEKS)


def _tiles(figures: Overview) -> None:
    with st.grid(6, min_column_width=128, gap="small"):
        st.metric(
            tr("Open orders"),
            figures.waiting,
            border=True,
            height="stretch",
            delta_color="off",
            delta_arrow="off",
            delta=trn("{n} nobody has", "{n} nobody has", figures.unassigned) if figures.unassigned else None,
            help=tr("Orders whose repair is still owed."),
        )
        st.metric(
            tr("Late"),
            figures.late,
            border=True,
            height="stretch",
            delta_arrow="off",
            delta=tr("{n} within 10 min", n=figures.soon_late) if figures.soon_late else None,
            delta_color="inverse",
            help=tr("Past the time to answer or the time to repair. Below: about to be late."),
        )
        st.metric(
            tr("To verify"),
            figures.to_verify,
            border=True,
            height="stretch",
            delta_color="off",
            delta_arrow="off",
            delta=trn("{n} seems fixed", "{n} seem fixed", figures.close_proposed) if figures.close_proposed else None,
            help=tr("Resolved, waiting for a camera or a person to see that the repair holds."),
        )
        st.metric(
            tr("Within 20 minutes"),
            share_text(figures.settled_in_target, figures.settled),
            border=True,
            height="stretch",
            delta_color="off",
            delta_arrow="off",
            delta=tr("of {n} in 30 days", n=f"{figures.settled:,}") if figures.settled else tr("none resolved yet"),
            help=tr(
                "Orders resolved within 20 minutes of running clock in the last 30 days. "
                "Within their own target: {share}.",
                share=share_text(figures.settled_in_policy, figures.settled),
            ),
        )
        st.metric(
            tr("Assets under watch"),
            f"{figures.assets_seen:,}",
            border=True,
            height="stretch",
            delta_color="off",
            delta_arrow="off",
            delta=tr("of {n} registered", n=f"{figures.assets:,}"),
            help=tr("Assets that a camera has a region for."),
        )
        working = figures.cameras_by_health.get(CameraHealth.OK, 0)
        st.metric(
            tr("Cameras working"), f"{working} / {figures.cameras}", border=True, height="stretch", delta_color="off",
            delta_arrow="off", delta=_health_line(figures), help=tr("By the latest look of each camera."),
        )  # fmt: skip


def _health_line(figures: Overview) -> str | None:
    others = [
        f"{count} {HEALTH_TITLES[health].lower()}"
        for health, count in figures.cameras_by_health.items()
        if health is not CameraHealth.OK and count
    ]
    if figures.cameras_asleep:
        others.append(f"{figures.cameras_asleep} {tr('Asleep').lower()}")
    return listed(others) or None


def _urgent(at: Here, figures: Overview, page: OrdersPage) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.subheader(tr("Needs somebody"), anchor=False, width="stretch")
        if figures.waiting:
            st.markdown(_counts(figures), width="content")
    rows = [
        replace(line, fresh=at.now - row.opened_at < FRESH)
        for line, row in zip(lines(page.rows, at.zone), page.rows, strict=True)
    ]
    chosen = order_table(
        rows, at.now, key="urgent", label=tr("Open orders, the next to fall due first"), columns=COMPACT,
        empty=tr("Nothing is broken that anybody knows of. Inspect a clip, or start a camera's watch."),
    )  # fmt: skip
    if page.total > len(page.rows):
        st.page_link(
            ORDERS, label=trn("All {n} open orders", "All {n} open orders", page.total), icon=":material/arrow_forward:"
        )
    if page.total == 0:
        st.page_link(INSPECT, label=tr("Inspect a clip"), icon=":material/movie:")
    if chosen.opened is not None:
        open_order(chosen.opened)


def _counts(figures: Overview) -> str:
    """Open orders by priority, as badges."""
    return " ".join(
        f":{PRIORITY_COLORS.get(priority, 'gray')}-badge[{priority_title(priority)} · {count}]"
        for priority, count in figures.waiting_by_priority.items()
    )


def _announce(page: OrdersPage) -> None:
    """Say once that a new order has come while this page was open."""
    newest = max(page.rows, key=lambda row: row.id, default=None)
    if newest is None:
        st.session_state.setdefault(_SEEN, 0)
    elif newest.id > st.session_state.setdefault(_SEEN, newest.id):
        st.session_state[_SEEN] = newest.id
        line = f"{priority_title(newest.priority)} {issue_title(newest.issue)}: {short(what(newest), 60)}"
        st.toast(tr("New order {number}", number=newest.id) + f" — {literal(line)}", icon=":material/notifications:")


def _camera_list(at: Here, rows: tuple[CameraRow, ...]) -> None:
    st.subheader(tr("Cameras"), anchor=False)
    if not rows:
        st.caption(tr("No camera is registered yet."))
        st.page_link(CAMERAS, label=tr("Cameras"), icon=":material/videocam:")
    for row in sorted(rows, key=lambda r: (not r.in_trouble, r.asleep, r.health is CameraHealth.UNKNOWN, r.name))[:5]:
        st.markdown(camera_line(row, at), help=tr("Last look: {time}", time=clock(row.last_look_at, at.zone, True)))
    if len(rows) > 5:
        st.page_link(
            CAMERAS, label=trn("All {n} cameras", "All {n} cameras", len(rows)), icon=":material/arrow_forward:"
        )


def camera_line(row: CameraRow, at: Here) -> str:
    """One camera in one line of Markdown: health, name, light, last look."""
    mark = {CameraHealth.OK: ":green[●]", CameraHealth.UNKNOWN: ":gray[○]"}.get(row.health, ":red[▲]")
    parts = [HEALTH_TITLES[row.health].lower()]
    if row.asleep:
        mark, parts = ":blue[☾]", [sleep_line(row, at)]
    elif row.light:
        parts.append(LIGHT_TITLES.get(row.light, row.light).lower())
    if row.last_look_at:
        parts.append(roughly_ago(row.last_look_at, at.now))
    return f"{mark} **{literal(short(told_name(row.name), 40))}** :gray[{literal(listed(parts))}]"


def _week_chart(weeks: tuple[WeekRow, ...]) -> None:
    st.subheader(tr("Orders a week"), anchor=False)
    if not any(week.opened or week.resolved for week in weeks):
        st.caption(tr("No orders in the last weeks."))
        return
    st.plotly_chart(
        orders_a_week(weeks), config=CONFIG, key="weeks", alt=tr("Orders opened each week and their attainment")
    )
