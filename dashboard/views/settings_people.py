"""People and teams: who they are, and what each may do."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import identity
from dashboard.edge import attempt
from dashboard.language import tr
from dashboard.situation import Here, acting
from dashboard.words import ROLE_TITLES, short
from workorders.queries.people import people, teams
from workorders.register.sites import save_person, save_team
from workorders.words import Role

NO_TEAM = ""


def people_panel(at: Here) -> None:
    """Everybody, and the forms that add or change somebody."""
    rows, crews = people(at.store, with_inactive=True), dict(teams(at.store))
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
    if identity.login_configured():
        st.caption(
            tr("Whoever signs in is known by their address: give it as the id. Roles of the provider come first.")
        )
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
