"""What happened to an order, and what people wrote under it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import streamlit as st

from dashboard.edge import attempt
from dashboard.language import tr
from dashboard.pictures import picture
from dashboard.situation import Here, acting
from dashboard.times import ago, clock
from dashboard.told import told, told_actor
from dashboard.views.parts import refusal_for_viewers
from dashboard.words import DISMISS_TITLES, LOG_TITLES, STATE_TITLES, literal, plain, priority_title, short
from workorders.orders.remarks import LONGEST_COMMENT, attach, comment
from workorders.queries.order import LogLine, OrderDetail
from workorders.queries.people import people, teams
from workorders.words import Action, DismissReason, Event, Role

_SHOWN_AS_TEXT = {Event.COMMENTED.value}
_LARGEST_MB = 25
_PHOTOS = ("jpg", "jpeg", "png", "webp", "heic", "pdf", "mp4")


def history(at: Here, detail: OrderDetail) -> None:
    """The log and the comments in one line of time, the newest first."""
    st.subheader(tr("History"), anchor=False)
    names = {p.id: p.name for p in people(at.store, with_inactive=True)} | dict(teams(at.store))
    happened: list[tuple[datetime, int, str]] = []
    for n, line in enumerate(detail.log):
        if line.action not in _SHOWN_AS_TEXT:
            happened.append((line.at, n, _log_line(line, names)))
    for n, item in enumerate(detail.comments):
        said = tr("**{name}** wrote: {text}", name=literal(item.author), text=literal(short(item.text, 4_000)))
        happened.append((item.at, n, said))
    last_day = ""
    for moment, _, text in sorted(happened, reverse=True):
        day, time = clock(moment, at.zone, seconds=True).split(" ")
        if day != last_day:
            st.caption(f"**{day}** — {ago(moment, at.now)}")
            last_day = day
        st.markdown(f":gray[{time}] &nbsp; {text}")


def comment_box(at: Here, detail: OrderDetail) -> None:
    """Comments and attachments: what is there, and a place to add more."""
    st.subheader(tr("Comments and photos"), anchor=False)
    order = detail.row.id
    for item in detail.attachments:
        label = f"{literal(short(item.name, 60))} · {literal(item.author)}, {clock(item.at, at.zone)}"
        if item.file is None:
            st.caption(":orange[△] " + tr("{name}: the file is missing", name=label))
        elif item.media_type.startswith("image/") and (shown := picture(item.file)):
            st.image(shown, caption=label, alt=item.name, width=220)
        else:
            st.download_button(
                label, item.file.read_bytes(), file_name=item.name, mime=item.media_type, key=f"file_{item.id}",
                icon=":material/attach_file:",
            )  # fmt: skip
    if at.actor.role is Role.VIEWER:
        refusal_for_viewers(at)
        return
    with st.form(f"comment_{order}", clear_on_submit=True, border=False):
        st.text_area(tr("Comment"), key=f"comment_text_{order}", max_chars=LONGEST_COMMENT, height=80)
        st.file_uploader(
            tr("Photo or file, up to {mb} MB", mb=_LARGEST_MB),
            type=_PHOTOS,
            key=f"comment_file_{order}",
            max_upload_size=_LARGEST_MB,
        )
        st.form_submit_button(tr("Add"), icon=":material/add_comment:", on_click=_add, args=(at, order))


def _add(at: Here, order: int) -> None:
    said = st.session_state
    text, file = said.get(f"comment_text_{order}", "").strip(), said.get(f"comment_file_{order}")

    def act() -> str:
        if file is not None:
            attach(at.store, acting(at.store), order, file.name, file.getvalue())
        if text or file is None:
            comment(at.store, acting(at.store), order, text)
        return tr("Added.")

    attempt(act)


def _log_line(line: LogLine, names: Mapping[str, str]) -> str:
    text = f"**{literal(told_actor(line.actor))}** {_did(line, names)}"
    if line.action == Action.REOPEN:
        text += f" :gray[→ {STATE_TITLES[line.to_state].lower()}]"
    return text + (f": {literal(told(line.note))}" if line.note else "")


def _did(line: LogLine, names: Mapping[str, str]) -> str:
    plainly = LOG_TITLES.get(line.action, plain(line.action).lower())
    detail = line.detail
    if line.action == Action.ASSIGN:
        to = [names.get(str(detail[k]), str(detail[k])) for k in ("assignee", "team") if detail.get(k)]
        return tr("assigned it to **{name}**", name=literal(", ".join(to))) if to else plainly
    if line.action == Action.DISMISS and detail.get("reason") in set(DismissReason):
        return tr("dismissed it as {reason}", reason=DISMISS_TITLES[DismissReason(detail["reason"])].lower())
    if line.action == Action.MARK_DUPLICATE and detail.get("of"):
        return tr("marked it as a duplicate of order {number}", number=literal(str(detail["of"])))
    if line.action == Event.PRIORITY_CHANGED and isinstance(detail.get("to"), int):
        return tr("changed the priority to {priority}", priority=priority_title(detail["to"]))
    if line.action == Event.ATTACHED and detail.get("name"):
        return tr("attached {name}", name=literal(str(detail["name"])))
    return plainly
