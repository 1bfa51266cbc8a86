"""Settings: the site, service levels, people and teams, and places that are kept quiet."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from dashboard.edge import attempt
from dashboard.situation import Here, acting
from dashboard.times import ago, clock, span
from dashboard.views.camera_form import zones
from dashboard.views.parts import heading
from dashboard.words import DISMISS_TITLES, ROLE_TITLES, issue_title, literal, priority_title, short
from workorders.orders.policy import set_policy
from workorders.orders.suppression import lift
from workorders.queries.people import PolicyRow, policies, suppressions, teams
from workorders.queries.people import people as all_people
from workorders.register.sites import save_person, save_team, update_site
from workorders.words import Role

NO_TEAM = ""


def show(at: Here) -> None:
    """The whole page."""
    heading("Settings", at)
    if at.actor.role is not Role.MANAGER:
        st.caption(f"{literal(at.actor.name)} may look. Only an administrator changes settings.")
    levels, site, people, quiet = st.tabs(["Service levels", "Site", "People and teams", "Kept quiet"])
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
                "Priority": [priority_title(row.priority) for row in rows],
                "Answer within": [span(row.response) for row in rows],
                "Repair within": [span(row.resolution) for row in rows],
                "Hours": ["working hours" if row.calendar else "day and night" for row in rows],
                "Since": [clock(row.valid_from, at.zone) for row in rows],
                "Set by": [short(row.set_by, 60) for row in rows],
            }
        ),
        hide_index=True, width="content", alt="Service levels in force",
    )  # fmt: skip
    if at.actor.role is not Role.MANAGER:
        return
    with st.form("policy", border=True):
        st.markdown("**New targets.** They hold for orders opened from now on; open orders keep theirs.")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(
                "Priority", [row.priority for row in rows], format_func=priority_title, key="policy_priority", width=140
            )
            st.number_input("Answer within, minutes", 1, 100_000, 5, key="policy_response", width=190)
            st.number_input("Repair within, minutes", 1, 1_000_000, 20, key="policy_resolution", width=190)
            st.form_submit_button("Set", type="primary", on_click=_set_policy, args=(at, rows))


def _set_policy(at: Here, rows: tuple[PolicyRow, ...]) -> None:
    said = st.session_state

    def act() -> str:
        priority = said["policy_priority"]
        calendar = next((row.calendar for row in rows if row.priority == priority), None)
        answer, repair = timedelta(minutes=said["policy_response"]), timedelta(minutes=said["policy_resolution"])
        set_policy(at.store, acting(at.store), priority, answer, repair, calendar)
        return f"{priority_title(priority)}: answer within {span(answer)}, repair within {span(repair)}."

    attempt(act)


def _site(at: Here) -> None:
    names = zones()
    if at.site.time_zone not in names:
        names.append(at.site.time_zone)
    with st.form("site", border=False):
        st.text_input("Name", value=at.site.name, key="site_name", max_chars=120, width=420)
        st.selectbox("Time zone", names, index=names.index(at.site.time_zone), key="site_zone", width=420)
        st.form_submit_button(
            "Save", type="primary", disabled=at.actor.role is not Role.MANAGER, on_click=_save_site, args=(at,)
        )
    st.caption("Times are kept in UTC; pages and exports show them in this zone, whatever the browser's.")


def _save_site(at: Here) -> None:
    def act() -> str:
        update_site(at.store, acting(at.store), st.session_state["site_name"], st.session_state["site_zone"])
        return "The site is saved."

    attempt(act)


def _people(at: Here) -> None:
    rows, crews = all_people(at.store, with_inactive=True), dict(teams(at.store))
    st.dataframe(
        pd.DataFrame(
            {
                "Person": [short(row.name, 80) for row in rows],
                "Id": [row.id for row in rows],
                "Role": [ROLE_TITLES[row.role] for row in rows],
                "Team": [short(crews.get(row.team_id or "", "—"), 60) for row in rows],
                "Active": [row.active for row in rows],
            }
        ),
        hide_index=True, width="content", alt="People and their roles",
    )  # fmt: skip
    if at.actor.role is not Role.MANAGER:
        return
    left, right = st.columns([1.6, 1], gap="medium")
    with left, st.form("person", clear_on_submit=True):
        st.markdown(
            "**Add somebody, or change them** by giving the same id again. Nobody is deleted: the log names them."
        )
        one, two = st.columns(2)
        one.text_input("Id", key="person_id", max_chars=60)
        two.text_input("Name", key="person_name", max_chars=80)
        roles = [role for role in Role if role is not Role.SYSTEM]
        one.selectbox("Role", roles, index=1, format_func=lambda role: ROLE_TITLES[role], key="person_role")
        choices = {NO_TEAM: "—"} | crews
        two.selectbox("Team", list(choices), format_func=lambda handle: short(choices[handle], 60), key="person_team")
        st.checkbox("Active", value=True, key="person_active")
        st.form_submit_button("Save person", type="primary", on_click=_save_person, args=(at,))
    with right, st.form("team", clear_on_submit=True):
        st.markdown("**Add a team**, or rename it.")
        st.text_input("Team id", key="team_id", max_chars=60)
        st.text_input("Team name", key="team_name", max_chars=80)
        st.form_submit_button("Save team", on_click=_save_team, args=(at,))


def _save_person(at: Here) -> None:
    said = st.session_state

    def act() -> str:
        save_person(
            at.store, acting(at.store), said["person_id"], said["person_name"] or said["person_id"],
            said["person_role"], said["person_team"] or None, said["person_active"],
        )  # fmt: skip
        return f"{said['person_id']} is saved."

    attempt(act)


def _save_team(at: Here) -> None:
    def act() -> str:
        save_team(at.store, acting(at.store), st.session_state["team_id"], st.session_state["team_name"])
        return "The team is saved."

    attempt(act)


def _quiet(at: Here) -> None:
    rows = suppressions(at.store)
    if not rows:
        st.caption("No place is kept quiet. Dismissing an order can keep its place quiet for a time.")
    for row in rows:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            order = f", order {row.order_id}" if row.order_id else ""
            st.markdown(
                f"**{issue_title(row.issue)}** of {literal(short(row.subject, 80))}: "
                f"{DISMISS_TITLES[row.reason].lower()}, ends {ago(row.until, at.now)} "
                f"({clock(row.until, at.zone)}){order}. "
                f":gray[{row.hits} findings raised nothing; set by {literal(short(row.set_by, 40))}.]",
                width="stretch",
            )
            if at.actor.role is not Role.VIEWER:
                st.button("End now", key=f"lift_{row.id}", on_click=_lift, args=(at, row.id))


def _lift(at: Here, number: int) -> None:
    def act() -> str:
        lift(at.store, acting(at.store), number)
        return "It raises orders again."

    attempt(act)
