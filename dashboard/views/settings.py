"""Settings: the site, service levels, people and teams, and places that are kept quiet."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from dashboard.edge import attempt
from dashboard.language import tr, trn
from dashboard.situation import Here, acting
from dashboard.times import ago, clock, span
from dashboard.views.camera_form import zones
from dashboard.views.parts import heading
from dashboard.words import DISMISS_TITLES, ROLE_TITLES, issue_title, literal, priority_title, short
from workorders.orders.policy import set_policy
from workorders.orders.suppression import lift
from workorders.queries.people import PolicyRow, SuppressionRow, policies, suppressions, teams
from workorders.queries.people import people as all_people
from workorders.register.sites import save_person, save_team, update_site
from workorders.words import Role

NO_TEAM = ""


def show(at: Here) -> None:
    """The whole page."""
    heading(tr("Settings"), at)
    if at.actor.role is not Role.MANAGER:
        st.caption(tr("{name} may look. Only an administrator changes settings.", name=literal(at.actor.name)))
    levels, site, people, quiet = st.tabs([tr("Service levels"), tr("Site"), tr("People and teams"), tr("Kept quiet")])
    with levels:
        _levels(at)
    with site:
        _site(at)
    with people:
        _people(at)
    with quiet:
        _quiet(at)


def _levels(at: Here) -> None:
    rows = policies(at.store)
    st.dataframe(
        pd.DataFrame(
            {
                tr("Priority"): [priority_title(row.priority) for row in rows],
                tr("Answer within"): [span(row.response) for row in rows],
                tr("Repair within"): [span(row.resolution) for row in rows],
                tr("Hours"): [tr("working hours") if row.calendar else tr("day and night") for row in rows],
                tr("Since"): [clock(row.valid_from, at.zone) for row in rows],
                tr("Set by"): [short(row.set_by, 60) for row in rows],
            }
        ),
        hide_index=True, width="content", alt=tr("Service levels in force"),
    )  # fmt: skip
    if at.actor.role is not Role.MANAGER:
        return
    with st.form("policy", border=True):
        st.markdown(tr("**New targets.** They hold for orders opened from now on; open orders keep theirs."))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(
                tr("Priority"), [row.priority for row in rows], format_func=priority_title, key="policy_priority",
                width=140,
            )  # fmt: skip
            st.number_input(tr("Answer within, minutes"), 1, 100_000, 5, key="policy_response", width=190)
            st.number_input(tr("Repair within, minutes"), 1, 1_000_000, 20, key="policy_resolution", width=190)
            st.form_submit_button(tr("Set"), type="primary", on_click=_set_policy, args=(at, rows))


def _set_policy(at: Here, rows: tuple[PolicyRow, ...]) -> None:
    said = st.session_state

    def act() -> str:
        priority = said["policy_priority"]
        calendar = next((row.calendar for row in rows if row.priority == priority), None)
        answer, repair = timedelta(minutes=said["policy_response"]), timedelta(minutes=said["policy_resolution"])
        set_policy(at.store, acting(at.store), priority, answer, repair, calendar)
        return tr(
            "{priority}: answer within {answer}, repair within {repair}.",
            priority=priority_title(priority), answer=span(answer), repair=span(repair),
        )  # fmt: skip

    attempt(act)


def _site(at: Here) -> None:
    names = zones()
    if at.site.time_zone not in names:
        names.append(at.site.time_zone)
    with st.form("site", border=False):
        st.text_input(tr("Name"), value=at.site.name, key="site_name", max_chars=120, width=420)
        st.selectbox(tr("Time zone"), names, index=names.index(at.site.time_zone), key="site_zone", width=420)
        st.form_submit_button(
            tr("Save"), type="primary", disabled=at.actor.role is not Role.MANAGER, on_click=_save_site, args=(at,)
        )
    st.caption(tr("Times are kept in UTC; pages and exports show them in this zone, whatever the browser's."))


def _save_site(at: Here) -> None:
    def act() -> str:
        update_site(at.store, acting(at.store), st.session_state["site_name"], st.session_state["site_zone"])
        return tr("The site is saved.")

    attempt(act)


def _people(at: Here) -> None:
    rows, crews = all_people(at.store, with_inactive=True), dict(teams(at.store))
    st.dataframe(
        pd.DataFrame(
            {
                tr("Person"): [short(row.name, 80) for row in rows],
                tr("Id"): [row.id for row in rows],
                tr("Role"): [ROLE_TITLES[row.role] for row in rows],
                tr("Team"): [short(crews.get(row.team_id or "", "—"), 60) for row in rows],
                tr("Active"): [row.active for row in rows],
            }
        ),
        hide_index=True, width="content", alt=tr("People and their roles"),
    )  # fmt: skip
    if at.actor.role is not Role.MANAGER:
        return
    left, right = st.columns([1.6, 1], gap="medium")
    with left, st.form("person", clear_on_submit=True):
        st.markdown(
            tr("**Add somebody, or change them** by giving the same id again. Nobody is deleted: the log names them.")
        )
        one, two = st.columns(2)
        one.text_input(tr("Id"), key="person_id", max_chars=60)
        two.text_input(tr("Name"), key="person_name", max_chars=80)
        roles = [role for role in Role if role is not Role.SYSTEM]
        one.selectbox(tr("Role"), roles, index=1, format_func=lambda role: ROLE_TITLES[role], key="person_role")
        choices = {NO_TEAM: "—"} | crews
        two.selectbox(
            tr("Team"), list(choices), format_func=lambda handle: short(choices[handle], 60), key="person_team"
        )
        st.checkbox(tr("Active"), value=True, key="person_active")
        st.form_submit_button(tr("Save person"), type="primary", on_click=_save_person, args=(at,))
    with right, st.form("team", clear_on_submit=True):
        st.markdown(tr("**Add a team**, or rename it."))
        st.text_input(tr("Team id"), key="team_id", max_chars=60)
        st.text_input(tr("Team name"), key="team_name", max_chars=80)
        st.form_submit_button(tr("Save team"), on_click=_save_team, args=(at,))


def _save_person(at: Here) -> None:
    said = st.session_state

    def act() -> str:
        save_person(
            at.store, acting(at.store), said["person_id"], said["person_name"] or said["person_id"],
            said["person_role"], said["person_team"] or None, said["person_active"],
        )  # fmt: skip
        return tr("{name} is saved.", name=said["person_id"])

    attempt(act)


def _save_team(at: Here) -> None:
    def act() -> str:
        save_team(at.store, acting(at.store), st.session_state["team_id"], st.session_state["team_name"])
        return tr("The team is saved.")

    attempt(act)


def _quiet(at: Here) -> None:
    rows = suppressions(at.store)
    if not rows:
        st.caption(tr("No place is kept quiet. Dismissing an order can keep its place quiet for a time."))
    for row in rows:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.markdown(_quiet_line(at, row), width="stretch")
            if at.actor.role is not Role.VIEWER:
                st.button(tr("End now"), key=f"lift_{row.id}", on_click=_lift, args=(at, row.id))


def _quiet_line(at: Here, row: SuppressionRow) -> str:
    told = tr(
        "**{issue}** of {subject}: {reason}, ends {ago} ({time})",
        issue=issue_title(row.issue), subject=literal(short(row.subject, 80)),
        reason=DISMISS_TITLES[row.reason].lower(), ago=ago(row.until, at.now), time=clock(row.until, at.zone),
    )  # fmt: skip
    order = f", {tr('order {number}', number=row.order_id)}" if row.order_id else ""
    hits = trn(
        "{n} finding raised nothing; set by {who}", "{n} findings raised nothing; set by {who}", row.hits,
        who=literal(short(row.set_by, 40)),
    )  # fmt: skip
    return f"{told}{order} · :gray[{hits}]"


def _lift(at: Here, number: int) -> None:
    def act() -> str:
        lift(at.store, acting(at.store), number)
        return tr("It raises orders again.")

    attempt(act)
