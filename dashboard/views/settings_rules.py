"""When a finding raises an order: how long it must last and how sure it must be, with what that would have changed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.edge import attempt
from dashboard.language import tr, trn
from dashboard.situation import Here, acting
from dashboard.times import span
from dashboard.words import issue_title
from detectors.issues import ISSUES
from workorders.orders.rules import AT_ONCE, LONGEST_DWELL_S, Rule, set_rules
from workorders.queries.rules import RulePreview, preview, rules
from workorders.words import Role


def rules_panel(at: Here) -> None:
    """The rules in force, and one issue's rule to be changed."""
    kept = dict(rules(at.store))
    st.markdown(
        tr(
            "A confirmed finding raises its order at once, unless a rule of its issue asks that it lasts for a time or "
            "is surer. Until then it is watched on and raises nothing."
        )
    )
    if kept:
        st.dataframe(_table(kept), hide_index=True, width="content", alt=tr("Rules in force"))
    if at.actor.role is not Role.MANAGER:
        return
    with st.container(border=True):
        issue = st.selectbox(tr("Issue"), list(ISSUES), format_func=issue_title, key="rule_issue", width=320)
        now = kept.get(issue, AT_ONCE)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            # A field of its own for each issue: what was typed for one says nothing of another.
            dwell = st.number_input(
                tr("Must last, seconds"), 0.0, LONGEST_DWELL_S, now.dwell_s, 10.0, key=f"rule_dwell_{issue}", width=220
            )
            score = st.number_input(tr("Least score"), 0.0, 1.0, now.score, 0.05, key=f"rule_score_{issue}", width=220)
            st.button(tr("Put in force"), type="primary", key="set_rule", on_click=_set, args=(at, issue))
        found = next((one for one in preview(at.store, {issue: Rule(dwell, score)}) if one.issue == issue), None)
        st.markdown(_told(found))
        st.caption(
            tr(
                "Counted from the confirmed findings that are stored: how long each lasted in the end, and its mean "
                "score. What was never confirmed is not stored, so a lower limit brings back only what a rule held "
                "back. Places that are kept quiet stay so."
            )
        )


def _told(found: RulePreview | None) -> str:
    if found is None:
        return tr("In the last 7 days there was no finding of this issue: nothing would have changed.")
    orders = trn("In the last 7 days: {n} order.", "In the last 7 days: {n} orders.", found.orders)
    fewer = trn("**{n} fewer** with this rule", "**{n} fewer** with this rule", found.fewer)
    dismissed = trn("{n} of them dismissed by people", "{n} of them dismissed by people", found.fewer_dismissed)
    more = trn("**{n} more**", "**{n} more**", found.more)
    return f"{orders} {fewer} ({dismissed}), {more}."


def _table(kept: dict[str, Rule]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            tr("Issue"): [issue_title(issue) for issue in kept],
            tr("Must last"): [span(rule.dwell_s) for rule in kept.values()],
            tr("Least score"): [f"{rule.score:.2f}" for rule in kept.values()],
        }
    )


def _set(at: Here, issue: str) -> None:
    def act() -> str:
        # Asked for now: what was typed last may not have been drawn yet when the button was pressed.
        rule = Rule(st.session_state[f"rule_dwell_{issue}"], st.session_state[f"rule_score_{issue}"])
        set_rules(at.store, acting(at.store), {**rules(at.store), issue: rule})
        return tr("{issue}: the rule is in force.", issue=issue_title(issue))

    attempt(act)
