"""The register: every asset, filtered and paged by SQL, and one asset with its history."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.components.order_table import COMPACT, order_table
from dashboard.pages import ASSETS, INSPECT, open_order
from dashboard.situation import Here
from dashboard.times import ago, clock, zone_title
from dashboard.views.asset_import import import_panel
from dashboard.views.export import export_menu
from dashboard.views.fault_form import fault_form
from dashboard.views.lines import lines
from dashboard.views.parts import Fact, facts, heading
from dashboard.words import issue_title, kind_title, literal, plain, priority_title, short
from detectors.issues import ASSET_KINDS
from workorders.exports.assets import FORMATS, export_assets
from workorders.queries.assets import AssetDetail, AssetFilter, AssetRow, asset_detail, assets_page
from workorders.words import Condition, Power, Role

ROWS = 50
PAGE = "assets_page"
_MARKS = {Condition.OK: "● OK", Condition.FAULT: "▲ Fault", Condition.UNKNOWN: "○ Unknown"}
_ALL_KINDS, _ANY = "Every kind", "Any condition"


def show(at: Here) -> None:
    """The register, or the asset that the address names."""
    asked = st.query_params.get("id")
    if asked is not None:
        _one(at, asset_detail(at.store, asked))
        return
    heading("Assets", at)
    wanted = _filter_bar()
    _tools(at)
    number = max(1, int(st.session_state.get(PAGE, 1)))
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
        st.caption(f"{first:,}–{first + len(page.rows) - 1:,} of {page.total:,}", width="stretch")
        if pages > 1:
            st.pagination(pages, key=PAGE, bind="query-params")


def _filter_bar() -> AssetFilter:
    search, kinds, conditions, faults = st.columns([2, 1.2, 1.2, 1.2], gap="small", vertical_alignment="center")
    text = search.text_input(
        "Search", key="find", type="search", bind="query-params", max_chars=200, on_change=_first_page,
        placeholder="Id, name, place, external reference", label_visibility="collapsed",
    )  # fmt: skip
    titles = {kind_title(kind): kind for kind in ASSET_KINDS}
    kind = kinds.selectbox(
        "Kind",
        [_ALL_KINDS, *titles],
        key="kind",
        bind="query-params",
        on_change=_first_page,
        label_visibility="collapsed",
    )
    words = {plain(condition.value): condition for condition in Condition}
    condition = conditions.selectbox(
        "Condition", [_ANY, *words], key="condition", bind="query-params", on_change=_first_page,
        label_visibility="collapsed",
    )  # fmt: skip
    faulty = faults.toggle("With open orders", key="faulty", bind="query-params", on_change=_first_page)
    return AssetFilter(kind=titles.get(kind), condition=words.get(condition), faulty=faulty, text=text or "")


def _tools(at: Here) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        export_menu(
            "assets", FORMATS, lambda form: export_assets(at.store, form),
            "The whole register, in the columns that the import knows. GeoJSON carries the cameras' regions too.",
        )  # fmt: skip
        if at.actor.role is Role.MANAGER:
            st.toggle("Import a file", key="importing")
        else:
            st.caption("Only an administrator imports.", width="content")
    if at.actor.role is Role.MANAGER and st.session_state.get("importing"):
        with st.container(border=True):
            import_panel(at)


def _first_page() -> None:
    st.session_state[PAGE] = 1


def _nothing(wanted: AssetFilter) -> None:
    if wanted != AssetFilter():
        st.info("No asset matches. Change or clear the filters.", icon=":material/search_off:")
        return
    st.info(
        "The register is empty. Inspecting a clip proposes what it sees; a register file can be imported.",
        icon=":material/streetview:",
    )
    st.page_link(INSPECT, label="Inspect a clip", icon=":material/movie:")


def _table(at: Here, rows: tuple[AssetRow, ...]) -> None:
    zone = zone_title(at.zone, at.now)
    frame = pd.DataFrame(
        {
            "Asset": [row.id for row in rows],
            "Kind": [kind_title(row.kind) for row in rows],
            "Name": [short(row.name, 120) for row in rows],
            "Place": [short(row.place, 120) for row in rows],
            "Condition": [_MARKS[row.condition] for row in rows],
            "Power": [_power(row) for row in rows],
            "Open orders": [row.waiting_orders for row in rows],
            "Worst": [priority_title(row.worst_priority) if row.worst_priority else "" for row in rows],
            "Criticality": [row.criticality for row in rows],
            "Checked": [ago(row.last_checked_at, at.now) for row in rows],
            f"Checked at ({zone})": [clock(row.last_checked_at, at.zone) for row in rows],
        }
    )
    event = st.dataframe(
        frame, hide_index=True, height=min(720, 38 + 35 * len(rows)), key="assets_table", on_select="rerun",
        selection_mode="single-row", alt="Registered assets",
    )  # fmt: skip
    chosen = event.selection.rows
    if chosen:
        st.switch_page(ASSETS, query_params={"id": rows[chosen[0]].id})


def _power(row: AssetRow) -> str:
    return "" if row.power is Power.UNKNOWN else row.power.value


def _one(at: Here, detail: AssetDetail) -> None:
    row = detail.row
    st.page_link(ASSETS, label="Assets", icon=":material/arrow_back:")
    heading(literal(short(row.name or row.id, 70)), at, row.id)
    left, right = st.columns([1, 1.7], gap="medium")
    with left:
        facts(_facts(at, detail))
        if at.actor.role is not Role.VIEWER:
            with st.popover("Report a fault", icon=":material/add_alert:"):
                fault_form(at, row)
    with right:
        st.subheader("What cameras say", anchor=False)
        if detail.checks:
            st.dataframe(_checks(at, detail), hide_index=True, alt="Latest answers of the cameras")
        else:
            st.caption("No camera has judged it yet.")
    st.subheader("Orders", anchor=False)
    chosen = order_table(
        lines(detail.orders, at.zone), at.now, key="asset_orders", label="Orders of this asset",
        empty="There never was an order for it.", columns=("number", *COMPACT),
    )  # fmt: skip
    if chosen.opened is not None:
        open_order(chosen.opened)


def _facts(at: Here, detail: AssetDetail) -> list[Fact]:
    row = detail.row
    place = "—" if row.latitude is None or row.longitude is None else f"{row.latitude:.5f}, {row.longitude:.5f}"
    rows: list[Fact] = [
        ("Kind", kind_title(row.kind), ""),
        ("Condition", _MARKS[row.condition], ""),
        ("Power", row.power.value, "as a camera last saw it"),
        ("Last checked", f"{ago(row.last_checked_at, at.now)}, {clock(row.last_checked_at, at.zone)}", ""),
        ("Criticality", f"{row.criticality}", "1 is the most critical"),
        ("Place", row.place or "—", ""),
        ("Position", place, "latitude, longitude, WGS 84"),
        ("Group", row.group_ref or "—", "circuit or cabinet"),
        ("External ref", row.external_ref or "—", ""),
        ("Seen by", ", ".join(detail.cameras) or "no camera", ""),
    ]
    return rows + [(plain(str(name)), str(value), "") for name, value in detail.attributes.items()]


def _checks(at: Here, detail: AssetDetail) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Issue": [issue_title(check.issue) for check in detail.checks],
            "Camera": [check.camera_id for check in detail.checks],
            "Latest": [f"{check.presence}{f' ({check.reason})' if check.reason else ''}" for check in detail.checks],
            "Seen": [ago(check.at, at.now) for check in detail.checks],
            "Present": [check.present for check in detail.checks],
            "Absent": [check.absent for check in detail.checks],
            "Unknown": [check.unknown for check in detail.checks],
        }
    )
