"""Keeping an asset quiet ahead of time: works are planned, and what cameras see of them shall raise nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st

from dashboard.edge import attempt
from dashboard.language import tr
from dashboard.situation import Here, acting
from dashboard.times import clock
from dashboard.words import DISMISS_TITLES, issue_title
from detectors.issues import ISSUES
from workorders.orders.suppression import suppress
from workorders.queries.assets import AssetRow
from workorders.words import DismissReason

_REASONS = (DismissReason.PERMITTED_WORKS, DismissReason.TEMPORARY, DismissReason.KNOWN)


def quiet_form(at: Here, row: AssetRow) -> None:
    """Which issue, from when until when, and why."""
    possible = [code for code, kind in ISSUES.items() if not kind.asset_kinds or row.kind in kind.asset_kinds]
    tomorrow = (at.now + timedelta(days=1)).astimezone(at.zone).replace(second=0, microsecond=0, tzinfo=None)
    with st.form("quiet", border=False):
        st.selectbox(tr("Issue"), possible, format_func=issue_title, key="quiet_issue")
        st.datetime_input(
            tr("From ({zone})", zone=at.zone.key), value=None, key="quiet_since", help=tr("Empty: from now on.")
        )
        st.datetime_input(tr("Until ({zone})", zone=at.zone.key), value=tomorrow, key="quiet_until")
        st.selectbox(tr("Why"), _REASONS, format_func=DISMISS_TITLES.__getitem__, key="quiet_reason")
        st.caption(tr("What cameras see of it in that time raises nothing; orders that are open stay."))
        st.form_submit_button(tr("Keep quiet"), type="primary", on_click=_suppress, args=(at, row.id))


def _suppress(at: Here, asset_id: str) -> None:
    def act() -> str:
        said = st.session_state
        until: datetime = said["quiet_until"].replace(tzinfo=at.zone)
        begins: datetime | None = said["quiet_since"]
        since = begins.replace(tzinfo=at.zone) if begins else None
        suppress(at.store, acting(at.store), asset_id, said["quiet_issue"], until, said["quiet_reason"], since)
        return tr("It is kept quiet until {time}; Settings → Kept quiet ends it sooner.", time=clock(until, at.zone))

    attempt(act)
