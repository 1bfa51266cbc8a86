"""Small pieces that several pages show."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard.language import tr
from dashboard.situation import Here
from dashboard.times import zone_title
from dashboard.words import literal

Fact = tuple[str, str, str]
"""A name, a text, and what hovering over it says ("" for nothing)."""


def heading(title: str, at: Here, note: str = "") -> None:
    """The page's title, with the zone that its times are in."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.title(title, anchor=False, width="stretch")
        zone = tr("Times in {zone}", zone=zone_title(at.zone, at.now))
        st.caption(literal(f"{note} · {zone}" if note else zone), width="content")


def facts(rows: Sequence[Fact]) -> None:
    """Names and texts in two columns. Texts are shown as they are, whatever they hold."""
    cells = "".join(
        f'<div style="opacity:.68">{escape(name)}</div>'
        f'<div style="font-variant-numeric:tabular-nums;overflow-wrap:anywhere" title="{escape(hover)}">'
        f"{escape(text)}</div>"
        for name, text, hover in rows
    )
    st.html(
        f'<div style="display:grid;grid-template-columns:8.5rem 1fr;gap:.28rem .8rem;line-height:1.35">{cells}</div>'
    )


def refusal_for_viewers(at: Here) -> None:
    """Say why nothing can be done here."""
    st.caption(
        tr("{name} may look but not change anything. Act as an operator to work on it.", name=literal(at.actor.name))
    )


def range_text(first: int, last: int, total: int) -> str:
    """Which rows of how many a page shows."""
    return tr("{first}–{last} of {total}", first=f"{first:,}", last=f"{last:,}", total=f"{total:,}")
