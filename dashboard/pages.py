"""The pages and their addresses."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard.language import tr

_FOLDER = Path(__file__).parent / "app_pages"

OVERVIEW = _FOLDER / "overview.py"
ORDERS = _FOLDER / "orders.py"
ORDER = _FOLDER / "order.py"
INSPECT = _FOLDER / "inspect_clip.py"
CAMERAS = _FOLDER / "cameras.py"
ASSETS = _FOLDER / "assets.py"
MAP = _FOLDER / "site_map.py"
REPORTS = _FOLDER / "reports.py"
MODEL = _FOLDER / "model.py"
SETTINGS = _FOLDER / "settings.py"


def pages() -> dict[str, list[st.Page]]:
    """The pages by section, made anew for every run: a page belongs to the session that runs it."""
    return {
        tr("Work"): [
            st.Page(
                OVERVIEW, title=tr("Overview"), icon=":material/space_dashboard:", default=True,
                help=tr("What is broken, where, since when, who has it, and whether it is late."),
            ),
            st.Page(
                ORDERS, title=tr("Work orders"), icon=":material/assignment:", url_path="orders",
                help=tr("Every order: filter, search, sort, export, and act on many at once."),
            ),
            st.Page(
                ORDER, title=tr("One order"), icon=":material/assignment_turned_in:", url_path="order",
                visibility="hidden", help=tr("One order with its evidence, its clocks and its history."),
            ),
            st.Page(
                MAP, title=tr("Map"), icon=":material/map:", url_path="map",
                help=tr("The site from above: assets by condition, open orders by priority, cameras."),
            ),
        ],
        tr("Watch"): [
            st.Page(
                INSPECT, title=tr("Inspect a clip"), icon=":material/movie:", url_path="inspect",
                help=tr("Upload or choose a clip, and see what is wrong in it."),
            ),
            st.Page(
                CAMERAS, title=tr("Cameras"), icon=":material/videocam:", url_path="cameras",
                help=tr("Every camera with its latest picture, its health and its last look."),
            ),
            st.Page(
                ASSETS, title=tr("Assets"), icon=":material/streetview:", url_path="assets",
                help=tr("The register: every light, path, tree, bench and bin, and how it is. Import and export."),
            ),
        ],
        tr("Site"): [
            st.Page(
                REPORTS, title=tr("Reports"), icon=":material/query_stats:", url_path="reports",
                help=tr("Orders by time, issue and place; service levels; what keeps coming back."),
            ),
            st.Page(
                MODEL, title=tr("Model"), icon=":material/neurology:", url_path="model",
                help=tr("The detector in use: its scores, how people judged it, what it got wrong."),
            ),
            st.Page(
                SETTINGS, title=tr("Settings"), icon=":material/settings:", url_path="settings",
                help=tr("The site's name and zone, service levels, people and teams, places kept quiet."),
            ),
        ],
    }  # fmt: skip


def order_address(order_id: int) -> str:
    """Address of one order, relative to the dashboard's root."""
    return f"order?id={order_id}"


def open_order(order_id: int) -> None:
    """Go to one order."""
    st.switch_page(ORDER, query_params={"id": str(order_id)})
