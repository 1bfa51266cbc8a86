"""The form that adds an asset to the register, changes one, or takes one out of use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.edge import attempt
from dashboard.language import tr
from dashboard.situation import Here, acting
from dashboard.words import kind_title
from detectors.issues import ASSET_KINDS
from workorders.queries.assets import AssetRow
from workorders.register.assets import AssetDetails, retire_asset, save_asset


def asset_form(at: Here, row: AssetRow | None) -> None:
    """The form, filled with an asset's details, or empty for a new one."""
    kinds, field = list(ASSET_KINDS), _fields(row.id if row else None)
    with st.form("asset", border=False):
        left, right = st.columns(2)
        if row is None:
            left.text_input(tr("Id"), key=field("id"), max_chars=128, help=tr("As on its plate; stays for ever."))
        right.selectbox(
            tr("Kind"), kinds, index=kinds.index(row.kind) if row and row.kind in kinds else 0,
            format_func=kind_title, key=field("kind"),
        )  # fmt: skip
        left.text_input(tr("Name"), value=row.name if row else "", key=field("name"), max_chars=200)
        right.text_input(tr("Place"), value=row.place if row else "", key=field("place"), max_chars=200)
        left.number_input(
            tr("Latitude"), -90.0, 90.0, row.latitude if row else None, format="%.6f", key=field("latitude")
        )
        right.number_input(
            tr("Longitude"), -180.0, 180.0, row.longitude if row else None, format="%.6f", key=field("longitude")
        )
        left.selectbox(
            tr("Criticality"), (1, 2, 3), index=(row.criticality if row else 2) - 1, key=field("criticality"),
            help=tr("1 is the most critical"),
        )  # fmt: skip
        right.text_input(
            tr("Group"), value=(row.group_ref or "") if row else "", key=field("group"), max_chars=128,
            help=tr("circuit or cabinet"),
        )  # fmt: skip
        left.text_input(
            tr("External ref"), value=(row.external_ref or "") if row else "", key=field("ref"), max_chars=128
        )
        st.form_submit_button(tr("Save"), type="primary", on_click=_save, args=(at, row.id if row else None))
    if row is not None:
        st.button(
            tr("Take out of use"), icon=":material/archive:", key="asset_retire", on_click=_retire, args=(at, row.id),
            help=tr("It leaves tables, maps and views, and stays in the register for its history."),
        )  # fmt: skip


def _fields(asset_id: str | None) -> Callable[[str], str]:
    """Names a field's key: a key of its own for each asset, for what was typed for one says nothing of another."""
    return lambda name: f"asset_{name}" if asset_id is None else f"asset_{name}_{asset_id}"


def _save(at: Here, asset_id: str | None) -> None:
    field = _fields(asset_id)

    def said(name: str) -> Any:
        return st.session_state[field(name)]

    def act() -> str:
        handle = asset_id or said("id").strip()
        details = AssetDetails(
            kind=said("kind"),
            name=said("name"),
            place=said("place"),
            latitude=said("latitude"),
            longitude=said("longitude"),
            criticality=said("criticality"),
            external_ref=said("ref").strip() or None,
            group_ref=said("group").strip() or None,
        )
        save_asset(at.store, acting(at.store), handle, details)
        return tr("Asset {asset} is saved.", asset=handle)

    attempt(act)


def _retire(at: Here, asset_id: str) -> None:
    def act() -> str:
        retire_asset(at.store, acting(at.store), asset_id)
        return tr("Asset {asset} is out of use.", asset=asset_id)

    attempt(act)
