"""What may be done to an order now: plain actions as buttons, those that need something said as small forms."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import streamlit as st

from dashboard.edge import attempt
from dashboard.language import Titles, mark, tr, trn
from dashboard.situation import Here, acting
from dashboard.views.parts import refusal_for_viewers
from dashboard.words import ACTION_ICONS, ACTION_TITLES, DISMISS_TITLES, PRIORITY_MARKS, STATE_TITLES, priority_title
from workorders.orders.desk import Request, perform, set_priority
from workorders.orders.usual import LONGEST
from workorders.queries.order import OrderDetail
from workorders.queries.people import people, teams
from workorders.words import WAITING_STATES, Action, DismissReason, Role

NOBODY = ""
WHILE_ALIKE = -1
QUIET_TITLES = Titles(
    {
        0: mark("not at all"), 1: mark("for a day"), 7: mark("for a week"), 30: mark("for 30 days"),
        WHILE_ALIKE: mark("while it looks like this, 90 days at most"),
    }
)  # fmt: skip
"""How many days a dismissed place can be kept quiet."""
_FORWARD = (Action.ACKNOWLEDGE, Action.START, Action.RESUME, Action.RESOLVE, Action.VERIFY, Action.CLOSE)
_AT_ONCE = {Action.ACKNOWLEDGE, Action.START, Action.RESUME, Action.VERIFY, Action.CLOSE}
_RARE = {Action.MARK_DUPLICATE, Action.MARK_NOT_OURS}
_NOTES = Titles(
    {
        Action.RESOLVE: mark("What was done"),
        Action.HOLD: mark("What it waits for"),
        Action.MARK_NOT_OURS: mark("Whose it is"),
        Action.REOPEN: mark("Why"),
        Action.DISMISS: mark("Note"),
        Action.MARK_DUPLICATE: mark("Note"),
        Action.ASSIGN: mark("Note"),
    }
)


def actions(at: Here, detail: OrderDetail) -> None:
    """Buttons and forms for what this person may do to this order in its state."""
    if not detail.allowed:
        if at.actor.role is Role.VIEWER:
            refusal_for_viewers(at)
        return
    main = next((action for action in _FORWARD if action in detail.allowed), None)
    with st.container(horizontal=True, gap="small"):
        for action in sorted(set(detail.allowed) - _RARE, key=lambda a: (a is not main, list(Action).index(a))):
            kind: Literal["primary", "secondary"] = "primary" if action is main else "secondary"
            if action in _AT_ONCE:
                st.button(
                    ACTION_TITLES[action], icon=ACTION_ICONS[action], type=kind, key=f"do_{action.value}",
                    on_click=_do, args=(at, detail, action),
                )  # fmt: skip
            else:
                with st.popover(ACTION_TITLES[action], icon=ACTION_ICONS[action], type=kind):
                    _form(at, detail, action)
        _more(at, detail)


def _more(at: Here, detail: OrderDetail) -> None:
    """What is seldom needed, behind one button."""
    rare = [action for action in Action if action in _RARE and action in detail.allowed]
    can_rank = detail.row.state in WAITING_STATES
    titles = [ACTION_TITLES[action] for action in rare] + ([tr("Priority")] if can_rank else [])
    if not titles:
        return
    with st.popover(tr("More"), icon=":material/more_horiz:"):
        tabs = st.tabs(titles)
        for tab, action in zip(tabs, rare, strict=False):
            with tab:
                _form(at, detail, action)
        if can_rank:
            with tabs[-1]:
                _priority_form(at, detail)


def _form(at: Here, detail: OrderDetail, action: Action) -> None:
    with st.form(f"form_{action.value}", border=False):
        fill_in(at, action, _prefix(detail, action), detail)
        st.form_submit_button(
            ACTION_TITLES[action], type="primary", key=f"do_{action.value}", on_click=_do, args=(at, detail, action)
        )


def _prefix(detail: OrderDetail, action: Action) -> str:
    """Fields of their own for each order: what was said of one says nothing of another."""
    return f"{action.value}_{detail.row.id}"


def fill_in(at: Here, action: Action, prefix: str, detail: OrderDetail | None = None) -> None:
    """The fields that an action needs, their keys beginning with a prefix; of one order, or of several for None."""
    if action is Action.ASSIGN:
        persons = {NOBODY: "—"} | _persons(at)
        crews = {NOBODY: "—"} | dict(teams(at.store))
        st.selectbox(tr("Person"), list(persons), format_func=lambda i: persons[i], key=f"{prefix}_person")
        st.selectbox(tr("Team"), list(crews), format_func=lambda i: crews[i], key=f"{prefix}_team")
    if action is Action.DISMISS:
        st.selectbox(tr("Reason"), list(DismissReason), format_func=lambda r: DISMISS_TITLES[r], key=f"{prefix}_reason")
        _quiet_field(prefix, detail)
    if action is Action.MARK_DUPLICATE:
        st.number_input(tr("Order that goes on"), min_value=1, step=1, value=None, key=f"{prefix}_of")
    st.text_input(_NOTES[action], key=f"{prefix}_note", max_chars=500)


def _quiet_field(prefix: str, detail: OrderDetail | None) -> None:
    """How long to keep quiet; what was a false alarm here before is proposed to stay quiet while it looks the same."""
    comparable = detail is not None and detail.comparable
    offered = [days for days in QUIET_TITLES if days != WHILE_ALIKE or comparable]
    before = detail.false_before if detail is not None else 0
    st.selectbox(
        tr("Keep quiet about this place"), offered, format_func=QUIET_TITLES.__getitem__, key=f"{prefix}_quiet",
        index=offered.index(WHILE_ALIKE) if comparable and before else 0,
        help=tr(
            "The same issue of the same asset or place raises no order for that long. While it looks like this: each "
            "look is compared with this order's picture, and an order comes as soon as the place looks otherwise."
        ),
    )  # fmt: skip
    if before:
        st.caption(trn("A false alarm here {n} time before.", "A false alarm here {n} times before.", before))


def _persons(at: Here) -> dict[str, str]:
    """Who can be given an order, whoever asks first: on a phone most take it themselves."""
    named = {p.id: p.name for p in people(at.store) if p.role is not Role.VIEWER}
    own = {at.actor.id: tr("{name} (me)", name=named[at.actor.id])} if at.actor.id in named else {}
    return own | {handle: name for handle, name in named.items() if handle not in own}


def request_of(action: Action, prefix: str) -> Request:
    """What the fields of `fill_in` say."""
    said = st.session_state
    of, quiet = said.get(f"{prefix}_of"), said.get(f"{prefix}_quiet")
    return Request(
        action,
        note=said.get(f"{prefix}_note") or "",
        assignee=said.get(f"{prefix}_person") or None,
        team=said.get(f"{prefix}_team") or None,
        reason=said.get(f"{prefix}_reason") if action is Action.DISMISS else None,
        suppress_for=LONGEST if quiet == WHILE_ALIKE else timedelta(days=quiet) if quiet else None,
        while_alike=quiet == WHILE_ALIKE,
        duplicate_of=int(of) if of else None,
    )


def _priority_form(at: Here, detail: OrderDetail) -> None:
    with st.form("form_priority", border=False):
        st.radio(
            tr("Priority"), list(PRIORITY_MARKS), index=detail.row.priority - 1, format_func=priority_title,
            key=f"priority_to_{detail.row.id}", horizontal=True,
        )  # fmt: skip
        st.text_input(tr("Why"), key=f"priority_note_{detail.row.id}", max_chars=500)
        st.form_submit_button(tr("Change"), type="primary", on_click=_change_priority, args=(at, detail))


def _do(at: Here, detail: OrderDetail, action: Action) -> None:
    row, request = detail.row, request_of(action, _prefix(detail, action))

    def act() -> str:
        # The version that the person was looking at: a button on an outdated page is refused, naming who was first.
        done = perform(at.store, acting(at.store), row.id, request, row.version)
        return tr("Order {number}: {state}.", number=row.id, state=STATE_TITLES[done.state].lower())

    attempt(act)


def _change_priority(at: Here, detail: OrderDetail) -> None:
    row, said = detail.row, st.session_state

    def act() -> str:
        priority, why = said[f"priority_to_{row.id}"], said[f"priority_note_{row.id}"]
        done = set_priority(at.store, acting(at.store), row.id, priority, why, row.version)
        return tr("Order {number} is {priority} now.", number=done.order_id, priority=priority_title(priority))

    attempt(act)
