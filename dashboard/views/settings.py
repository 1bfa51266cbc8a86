"""Settings: the site, service levels, people and teams, and places that are kept quiet."""

from __future__ import annotations

import streamlit as st

from dashboard.edge import attempt
from dashboard.language import LANGUAGES, tr, trn
from dashboard.situation import Here, acting
from dashboard.times import ago, clock
from dashboard.views.camera_form import zones
from dashboard.views.parts import heading
from dashboard.views.settings_confirm import confirmation_panel
from dashboard.views.settings_levels import levels_panel
from dashboard.views.settings_people import people_panel
from dashboard.views.settings_rules import rules_panel
from dashboard.words import DISMISS_TITLES, issue_title, literal, setter, short, subject_title
from workorders.orders.suppression import lift
from workorders.queries.people import SuppressionRow, suppressions
from workorders.register.sites import set_language, set_retention, update_site
from workorders.words import Role

BROWSERS = ""


def show(at: Here) -> None:
    """The whole page."""
    heading(tr("Settings"), at)
    if at.actor.role is not Role.MANAGER:
        st.caption(tr("{name} may look. Only an administrator changes settings.", name=literal(at.actor.name)))
    titles = (
        tr("Service levels"), tr("How findings are confirmed"), tr("When orders are raised"), tr("Site"),
        tr("People and teams"), tr("Retention"), tr("Kept quiet"),
    )  # fmt: skip
    panels = (levels_panel, confirmation_panel, rules_panel, _site, people_panel, _retention, _quiet)
    for tab, panel in zip(st.tabs(titles), panels, strict=True):
        with tab:
            panel(at)


def _site(at: Here) -> None:
    names = zones()
    if at.site.time_zone not in names:
        names.append(at.site.time_zone)
    with st.form("site", border=False):
        st.text_input(tr("Name"), value=at.site.name, key="site_name", max_chars=120, width=420)
        st.selectbox(tr("Time zone"), names, index=names.index(at.site.time_zone), key="site_zone", width=420)
        codes = [BROWSERS, *LANGUAGES]
        st.selectbox(
            tr("Language of whoever chooses none"), codes, index=codes.index(at.site.language or BROWSERS),
            format_func=lambda code: LANGUAGES.get(code) or tr("the browser's"), key="site_language", width=420,
        )  # fmt: skip
        st.form_submit_button(
            tr("Save"), type="primary", disabled=at.actor.role is not Role.MANAGER, on_click=_save_site, args=(at,)
        )
    st.caption(tr("Times are kept in UTC; pages and exports show them in this zone, whatever the browser's."))


def _save_site(at: Here) -> None:
    def act() -> str:
        said, actor = st.session_state, acting(at.store)
        update_site(at.store, actor, said["site_name"], said["site_zone"])
        set_language(at.store, actor, said["site_language"] or None)
        return tr("The site is saved.")

    attempt(act)


def _retention(at: Here) -> None:
    site = at.site
    st.markdown(
        tr("Pictures and clips of ended orders go when they are too old or take too much. Those of open orders stay.")
    )
    with st.form("retention", border=False):
        st.number_input(
            tr("Keep evidence for, days"), 1, 36_500, site.evidence_days, key="keep_days", width=260,
            placeholder=tr("no limit"),
        )  # fmt: skip
        st.number_input(
            tr("Keep at most, gigabytes"), 0.1, 1e6, site.evidence_gb, key="keep_gb", width=260,
            placeholder=tr("no limit"),
        )  # fmt: skip
        st.form_submit_button(
            tr("Set"), key="set_retention", disabled=at.actor.role is not Role.MANAGER, on_click=_set_retention,
            args=(at,),
        )  # fmt: skip
    st.caption(
        tr("Workers see to it every hour. Uploaded clips are cleared with `lamplighter evidence retain --days`.")
    )


def _set_retention(at: Here) -> None:
    def act() -> str:
        said = st.session_state
        set_retention(at.store, acting(at.store), said["keep_days"], said["keep_gb"])
        return tr("The limits are set.")

    attempt(act)


def _quiet(at: Here) -> None:
    rows = suppressions(at.store)
    if not rows:
        st.caption(
            tr("No place is kept quiet. Dismissing an order, or an asset's page, can keep a place quiet for a time.")
        )
    for row in rows:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.markdown(_quiet_line(at, row), width="stretch")
            if at.actor.role is not Role.VIEWER:
                st.button(tr("End now"), key=f"lift_{row.id}", on_click=_lift, args=(at, row.id))


def _quiet_line(at: Here, row: SuppressionRow) -> str:
    told = tr(
        "**{issue}** of {subject}: {reason}, ends {ago} ({time})",
        issue=issue_title(row.issue), subject=literal(short(subject_title(row.subject), 80)),
        reason=DISMISS_TITLES[row.reason].lower(), ago=ago(row.until, at.now), time=clock(row.until, at.zone),
    )  # fmt: skip
    order = f", {tr('order {number}', number=row.order_id)}" if row.order_id else ""
    if row.by_picture:
        order += f", {tr('while it looks as in that order')}"
    if row.since > at.now:
        order += f", :blue[{tr('begins {time}', time=clock(row.since, at.zone))}]"
    hits = trn(
        "{n} finding raised nothing; set by {who}", "{n} findings raised nothing; set by {who}", row.hits,
        who=literal(setter(row.set_by)),
    )  # fmt: skip
    return f"{told}{order} · :gray[{hits}]"


def _lift(at: Here, number: int) -> None:
    def act() -> str:
        lift(at.store, acting(at.store), number)
        return tr("It raises orders again.")

    attempt(act)
