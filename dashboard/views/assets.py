"""The register: every asset, filtered and paged by SQL, and one asset with its history."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import address
from dashboard.components.order_table import COMPACT, order_table
from dashboard.language import tr
from dashboard.pages import ASSETS, INSPECT, open_order
from dashboard.situation import Here
from dashboard.times import ago, clock, zone_title
from dashboard.told import told, told_name
from dashboard.views.asset_form import asset_form
from dashboard.views.asset_import import import_panel
from dashboard.views.export import column_word, export_menu
from dashboard.views.fault_form import fault_form
from dashboard.views.lines import lines
from dashboard.views.parts import Fact, facts, heading, range_text
from dashboard.views.quiet_form import quiet_form
from dashboard.words import (
    CONDITION_TITLES,
    POWER_TITLES,
    PRESENCE_TITLES,
    condition_text,
    issue_title,
    kind_title,
    literal,
    plain,
    priority_title,
    short,
)
from detectors.issues import ASSET_KINDS
from workorders.exports.assets import FORMATS, export_assets
from workorders.queries.assets import AssetDetail, AssetFilter, AssetRow, CheckRow, asset_detail, assets_page
from workorders.words import Condition, Power, Role

ROWS = 50
PAGE = "assets_page"
_ANY = ""


def show(at: Here) -> None:
    """The register, or the asset that the address names."""
    asked = st.query_params.get("id")
    address.hold("id", asked)
    if asked is not None:
        _one(at, asset_detail(at.store, asked))
        return
    heading(tr("Assets"), at)
    wanted = _filter_bar()
    _tools(at)
    number = address.page_number(PAGE)
    page = assets_page(at.store, wanted, ROWS, (number - 1) * ROWS)
    pages = max(1, -(-page.total // ROWS))
    if number > pages:
        st.session_state[PAGE] = number = pages
        page = assets_page(at.store, wanted, ROWS, (number - 1) * ROWS)
    if not page.rows:
        _nothing(wanted)
        return
    _table(at, page.rows)
    with st.container(horizontal=True, vertical_alignment="center"):
        first = (number - 1) * ROWS + 1
        st.caption(range_text(first, first + len(page.rows) - 1, page.total), width="stretch")
        if pages > 1:
            st.pagination(pages, key=PAGE, bind="query-params")


def _filter_bar() -> AssetFilter:
    search, kinds, conditions, faults = st.columns([2, 1.2, 1.2, 1.2], gap="small", vertical_alignment="center")
    text = address.text("find", 200)
    search.text_input(
        tr("Search"), key="find", type="search", max_chars=200, on_change=address.keeper("find", forget=[PAGE]),
        placeholder=tr("Id, name, place, external reference"), label_visibility="collapsed",
    )  # fmt: skip
    kind = address.one("kind", ASSET_KINDS, _ANY)
    kinds.selectbox(
        tr("Kind"), [_ANY, *ASSET_KINDS], key="kind", label_visibility="collapsed",
        format_func=lambda code: kind_title(code) if code else tr("Every kind"),
        on_change=address.keeper("kind", forget=[PAGE]),
    )  # fmt: skip
    condition = address.one("condition", [c.value for c in Condition], _ANY)
    conditions.selectbox(
        tr("Condition"), [_ANY, *(c.value for c in Condition)], key="condition", label_visibility="collapsed",
        format_func=lambda code: CONDITION_TITLES[Condition(code)] if code else tr("Any condition"),
        on_change=address.keeper("condition", forget=[PAGE]),
    )  # fmt: skip
    faulty = address.flag("faulty")
    faults.toggle(tr("With open orders"), key="faulty", on_change=address.keeper("faulty", forget=[PAGE]))
    return AssetFilter(
        kind=kind or None, condition=Condition(condition) if condition else None, faulty=faulty, text=text
    )


def _tools(at: Here) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        export_menu(
            "assets", FORMATS, lambda form: export_assets(at.store, form, column_word),
            tr("The whole register, in the columns that the import knows. GeoJSON carries the cameras' regions too."),
        )  # fmt: skip
        if at.actor.role is Role.MANAGER:
            st.toggle(tr("Import a file"), key="importing")
        else:
            st.caption(tr("Only an administrator imports."), width="content")
    if at.actor.role is not Role.MANAGER:
        return
    if st.session_state.get("importing"):
        with st.container(border=True):
            import_panel(at)
    with st.expander(tr("Add an asset"), icon=":material/add:"):
        asset_form(at, None)


def _nothing(wanted: AssetFilter) -> None:
    if wanted != AssetFilter():
        st.info(tr("No asset matches. Change or clear the filters."), icon=":material/search_off:")
        return
    st.info(
        tr("The register is empty. Inspecting a clip proposes what it sees; a register file can be imported."),
        icon=":material/streetview:",
    )
    st.page_link(INSPECT, label=tr("Inspect a clip"), icon=":material/movie:")


def _table(at: Here, rows: tuple[AssetRow, ...]) -> None:
    zone = zone_title(at.zone, at.now)
    frame = pd.DataFrame(
        {
            tr("Asset"): [row.id for row in rows],
            tr("Kind"): [kind_title(row.kind) for row in rows],
            **({tr("Name"): [short(row.name, 120) for row in rows]} if any(row.name for row in rows) else {}),
            tr("Place"): [short(told_name(row.place), 120) for row in rows],
            tr("Condition"): [condition_text(row.condition) for row in rows],
            tr("Power"): [_power(row) for row in rows],
            tr("Open orders"): [row.waiting_orders for row in rows],
            tr("Worst"): [priority_title(row.worst_priority) if row.worst_priority else "" for row in rows],
            tr("Criticality"): [row.criticality for row in rows],
            tr("Checked"): [ago(row.last_checked_at, at.now) for row in rows],
            tr("Checked at ({zone})", zone=zone): [clock(row.last_checked_at, at.zone) for row in rows],
        }
    )
    event = st.dataframe(
        frame, hide_index=True, height=min(720, 38 + 35 * len(rows)), key="assets_table", on_select="rerun",
        selection_mode="single-row", alt=tr("Registered assets"),
        # Streamlit measures the first rows only; further down longer words would be cut.
        column_config={
            tr("Kind"): st.column_config.Column(width=105), tr("Condition"): st.column_config.Column(width=130)
        },
    )  # fmt: skip
    chosen = event.selection.rows
    if chosen:
        st.switch_page(ASSETS, query_params={"id": rows[chosen[0]].id})


def _power(row: AssetRow) -> str:
    return "" if row.power is Power.UNKNOWN else POWER_TITLES[row.power]


def _one(at: Here, detail: AssetDetail) -> None:
    row = detail.row
    st.page_link(ASSETS, label=tr("Assets"), icon=":material/arrow_back:")
    heading(literal(short(row.name or row.id, 70)), at, row.id if row.name else "")
    left, right = st.columns([1, 1.8], gap="medium")
    with left:
        facts(_facts(at, detail))
        if at.actor.role is not Role.VIEWER:
            with st.container(horizontal=True):
                with st.popover(tr("Report a fault"), icon=":material/add_alert:"):
                    fault_form(at, row)
                with st.popover(tr("Keep quiet"), icon=":material/notifications_off:"):
                    quiet_form(at, row)
    with right:
        st.subheader(tr("What cameras say"), anchor=False)
        if detail.checks:
            st.dataframe(_checks(at, detail), hide_index=True, alt=tr("Latest answers of the cameras"))
        else:
            st.caption(tr("No camera has judged it yet."))
    st.subheader(tr("Orders"), anchor=False)
    chosen = order_table(
        lines(detail.orders, at.zone), at.now, key="asset_orders", label=tr("Orders of this asset"),
        empty=tr("There never was an order for it."), columns=("number", *COMPACT),
    )  # fmt: skip
    if chosen.opened is not None:
        open_order(chosen.opened)
    if at.actor.role is Role.MANAGER:
        with st.expander(tr("Change this asset"), icon=":material/edit:"):
            asset_form(at, row)


def _facts(at: Here, detail: AssetDetail) -> list[Fact]:
    row = detail.row
    place = "—" if row.latitude is None or row.longitude is None else f"{row.latitude:.5f}, {row.longitude:.5f}"
    rows: list[Fact] = [
        (tr("Kind"), kind_title(row.kind), ""),
        (tr("Condition"), condition_text(row.condition), ""),
        (tr("Power"), POWER_TITLES[row.power], tr("as a camera last saw it")),
        (tr("Last checked"), f"{ago(row.last_checked_at, at.now)}, {clock(row.last_checked_at, at.zone)}", ""),
        (tr("Criticality"), f"{row.criticality}", tr("1 is the most critical")),
        (tr("Place"), told_name(row.place or "—"), ""),
        (tr("Position"), place, tr("latitude, longitude, WGS 84")),
        (tr("Group"), row.group_ref or "—", tr("circuit or cabinet")),
        (tr("External ref"), row.external_ref or "—", ""),
        (tr("Seen by"), ", ".join(detail.cameras) or tr("no camera"), ""),
    ]
    return rows + [(plain(str(name)), str(value), "") for name, value in detail.attributes.items()]


def _answer(check: CheckRow) -> str:
    said = PRESENCE_TITLES.get(check.presence, check.presence)
    return f"{said} ({told(check.reason)})" if check.reason else said


def _checks(at: Here, detail: AssetDetail) -> pd.DataFrame:
    return pd.DataFrame(
        {
            tr("Issue"): [issue_title(check.issue) for check in detail.checks],
            **({tr("Camera"): [check.camera_id for check in detail.checks]} if len(detail.cameras) > 1 else {}),
            tr("Latest"): [_answer(check) for check in detail.checks],
            tr("Seen"): [ago(check.at, at.now) for check in detail.checks],
            tr("Present"): [check.present for check in detail.checks],
            tr("Absent"): [check.absent for check in detail.checks],
            tr("Unknown"): [check.unknown for check in detail.checks],
        }
    )
