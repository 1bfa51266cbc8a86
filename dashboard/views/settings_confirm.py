"""How findings are confirmed: looks, scores and times, for all issues or one, with what that would have changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.edge import attempt
from dashboard.language import Titles, listed, mark, tr, trn
from dashboard.situation import Here, acting
from dashboard.times import clock, span
from dashboard.told import told
from dashboard.words import issue_title, literal, short
from detectors.errors import LamplighterError
from detectors.issues import ISSUES
from detectors.settings import ConfirmationSettings
from workorders.queries.tuning import ChangeRow, TuningPreview, preview_confirmation, setting_changes
from workorders.register.tuning import BY_OUTAGE, Tuning, checked, set_confirmation, tuning
from workorders.words import Role, SiteSetting

_ALL = ""
_FIELDS = Titles(
    {
        "window": mark("Latest looks that count"),
        "needed": mark("Looks needed to confirm"),
        "keep": mark("Looks needed to last"),
        "enter_score": mark("Mean score to confirm"),
        "exit_score": mark("Score to last"),
        "rejoin_s": mark("Back within, seconds"),
        "place_iou": mark("Overlap of one place"),
    }
)
_MEANINGS = Titles(
    {
        "window": mark("Of one place; looks that cannot tell do not count."),
        "needed": mark("So many of the latest looks must have seen it. The camera's rhythm makes seconds of them."),
        "keep": mark("Once confirmed it lasts until fewer than this many of the latest looks saw it."),
        "enter_score": mark("Of the looks that saw it, 0 to 1."),
        "exit_score": mark("A look with less counts as one that did not see it."),
        "rejoin_s": mark("What comes back in the same place within this time is the same finding."),
        "place_iou": mark("From this overlap on two boxes are the same place."),
    }
)
_CHANGES = Titles({SiteSetting.CONFIRMATION: mark("confirmation"), SiteSetting.RULES: mark("when orders are raised")})
_PARTS = Titles({"dwell_s": mark("must last, s"), "score": mark("least score")})


def confirmation_panel(at: Here) -> None:
    """The settings in force, one issue's to be changed, and who changed what."""
    now = tuning(at.store)
    st.markdown(
        tr(
            "A finding is confirmed when enough of the latest looks at one place saw it, surely enough; it lasts until "
            "too few do. Workers confirm this way in watches and inspections of every camera of the site."
        )
    )
    st.dataframe(_table(now), hide_index=True, width="content", alt=tr("Settings of confirmation in force"))
    if at.actor.role is Role.MANAGER:
        with st.container(border=True):
            _form(at, now)
    _log(at, setting_changes(at.store))


def _form(at: Here, now: Tuning) -> None:
    choices = [_ALL, *(code for code in ISSUES if code != BY_OUTAGE)]
    issue = st.selectbox(tr("Issue"), choices, format_func=_title, key="confirm_issue", width=320)
    kept = now.of(issue) if issue else now.usual
    cells = st.columns(4)
    values: dict[str, float] = {}
    for n, (name, title) in enumerate(_FIELDS.items()):
        whole = isinstance(getattr(kept, name), int)
        # A field of its own for each issue: what was typed for one says nothing of another.
        values[name] = cells[n % 4].number_input(
            title, 1 if whole else 0.0, 100 if whole else 86_400.0 if name == "rejoin_s" else 1.0, getattr(kept, name),
            1 if whole else 30.0 if name == "rejoin_s" else 0.05, key=f"confirm_{name}_{issue}", help=_MEANINGS[name],
        )  # fmt: skip
    with st.container(horizontal=True):
        st.button(tr("Put in force"), type="primary", key="set_confirmation", on_click=_set, args=(at, issue or None))
        back = tr("As all other issues") if issue else tr("Back to the usual ones")
        own = issue in now.issues if issue else now.usual != ConfirmationSettings()
        st.button(back, key="reset_confirmation", on_click=_reset, args=(at, issue or None), disabled=not own)
    _preview(at, issue or None, values)


def _preview(at: Here, issue: str | None, values: Mapping[str, float]) -> None:
    try:
        wanted = checked(values)
    except LamplighterError as error:
        st.error(literal(told(str(error))), icon=":material/block:")
        return
    st.markdown(_told(at, _previewed(at.store, at.store.url, issue, wanted.model_dump_json())))
    st.caption(
        tr(
            "Counted again from what the looks of the last 7 days saw, place by place; workers keep that for 8 days. "
            "What an inspector did not report at all was never counted and cannot come back. Places are taken as they "
            "were matched then, so another overlap shows no effect here; and the detector was asked when it was asked."
        )
    )


@st.cache_data(max_entries=32, ttl=60, show_spinner=False)
def _previewed(_store: Any, url: str, issue: str | None, wanted: str) -> TuningPreview:
    return preview_confirmation(_store, issue, ConfirmationSettings.model_validate_json(wanted))


def _told(at: Here, found: TuningPreview) -> str:
    if found.since is None:
        return tr("In the last 7 days no look saw anything of this: there is nothing to count again.")
    looks = trn("Since {time}, {n} look counted:", "Since {time}, {n} looks counted:", found.looks,
                time=clock(found.since, at.zone))  # fmt: skip
    parts = [
        trn("{n} finding as it is now", "{n} findings as it is now", found.findings),
        trn("**{n} fewer** with these settings", "**{n} fewer** with these settings", found.fewer) + _lost(found),
        trn("**{n} more**", "**{n} more**", found.more) + _gained(found),
    ]
    if found.later_s:
        moved = tr("confirmed {span} later") if found.later_s > 0 else tr("confirmed {span} earlier")
        parts.append(moved.format(span=span(found.later_s)))
    return f"{looks} {listed(parts)}."


def _lost(found: TuningPreview) -> str:
    if not found.fewer:
        return ""
    return tr(
        " ({orders} fewer, {dismissed})",
        orders=trn("{n} order", "{n} orders", found.fewer_orders),
        dismissed=trn("{n} of them dismissed by people", "{n} of them dismissed by people", found.fewer_dismissed),
    )


def _gained(found: TuningPreview) -> str:
    if not found.more:
        return ""
    return tr(" (at most {orders} more)", orders=trn("{n} order", "{n} orders", found.more_orders))


def _title(issue: str) -> str:
    return issue_title(issue) if issue else tr("All issues without settings of their own")


def _table(now: Tuning) -> pd.DataFrame:
    rows = [(tr("All other issues") if now.issues else tr("All issues"), now.usual)]
    rows += [(issue_title(code), settings) for code, settings in now.issues.items()]
    columns = {title: [f"{getattr(one, name):g}" for _, one in rows] for name, title in _FIELDS.items()}
    return pd.DataFrame({tr("Issue"): [title for title, _ in rows], **columns})


def _log(at: Here, rows: Sequence[ChangeRow]) -> None:
    with st.expander(tr("Who changed what"), icon=":material/history:"):
        if not rows:
            st.caption(tr("Nobody has changed how findings are confirmed or when orders are raised."))
            return
        st.dataframe(
            {
                tr("When"): [clock(row.at, at.zone) for row in rows],
                tr("Who"): [short(row.actor_name, 60) for row in rows],
                tr("Setting"): [_CHANGES[row.setting] for row in rows],
                tr("Issue"): [issue_title(row.issue) if row.issue else tr("All issues") for row in rows],
                tr("Change"): [_changed(row) for row in rows],
            },
            hide_index=True, alt=tr("Changes of settings, the newest first"),
        )  # fmt: skip


def _changed(row: ChangeRow) -> str:
    """What a change changed, field by field: `Looks needed to confirm 3 → 5`."""
    confirming = row.setting is SiteSetting.CONFIRMATION
    usual: dict[str, Any] = ConfirmationSettings().model_dump() if confirming else {"dwell_s": 0.0, "score": 0.0}
    before, after = row.before or usual, row.after or usual
    parts = [
        f"{_FIELDS.get(name) or _PARTS.get(name) or name} {before.get(name):g} → {value:g}"
        for name, value in after.items()
        if before.get(name) != value
    ]
    if row.after is None:
        parts.insert(0, tr("back to the usual ones"))
    return listed(parts) or tr("settings of its own, as the usual ones")


def _set(at: Here, issue: str | None) -> None:
    # Asked for now: what was typed last may not have been drawn yet when the button was pressed.
    _put(at, issue, {name: st.session_state[f"confirm_{name}_{issue or _ALL}"] for name in _FIELDS})


def _reset(at: Here, issue: str | None) -> None:
    if _put(at, issue, None):
        for name in _FIELDS:  # what was typed is given up: the fields show what is kept
            st.session_state.pop(f"confirm_{name}_{issue or _ALL}", None)


def _put(at: Here, issue: str | None, values: Mapping[str, float] | None) -> bool:
    def act() -> str:
        set_confirmation(at.store, acting(at.store), issue, values)
        return tr("{issue}: findings are confirmed this way from now on.", issue=_title(issue or _ALL))

    return attempt(act)
