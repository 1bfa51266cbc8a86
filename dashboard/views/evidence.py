"""The evidence of an order: pictures before and after, the clip, and what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import streamlit as st

from dashboard.components.compare import compare
from dashboard.pictures import picture, readable, size_of
from dashboard.situation import Here
from dashboard.times import clock
from dashboard.words import literal, plain
from workorders.queries.order import EvidenceItem, OrderDetail
from workorders.words import EvidenceKind, Moment

_TITLES = {
    EvidenceKind.ANNOTATED: "Marked",
    EvidenceKind.CLEAN: "Clean",
    EvidenceKind.CROP: "Close up",
    EvidenceKind.CLIP: "Clip",
}
_TALLEST = 460
BOTH = "Before and after"


def evidence(at: Here, detail: OrderDetail) -> None:
    """One piece of evidence at a time, chosen by its kind; below it what is missing, and the files' checksums."""
    there = _there(detail)
    pair = _pair(detail)
    views = ([BOTH] if pair else []) + list(there)
    if not views:
        st.info("There is no picture of this order on this machine.", icon=":material/hide_image:")
    else:
        chosen = st.segmented_control(
            "Evidence", views, default=views[0], key=f"evidence_{detail.row.id}", required=True,
            label_visibility="collapsed", wrap=True,
        )  # fmt: skip
        if chosen == BOTH and pair:
            _compare(at, detail, pair)
        else:
            _one(at, there[chosen if chosen in there else next(iter(there))])
    for item in detail.evidence:
        if item.file is None:
            st.caption(f":orange[△] {_name(item)} of {clock(item.taken_at, at.zone)}: {literal(item.missing)}")
    if detail.evidence:
        with st.expander("Files and checksums"):
            for item in detail.evidence:
                st.caption(f"{_name(item)} · {clock(item.taken_at, at.zone, True)} · {item.size:,} bytes")
                st.code(item.sha256, language=None)


def _there(detail: OrderDetail) -> dict[str, EvidenceItem]:
    """What can be shown, by its title: the latest file of each kind and moment."""
    found: dict[str, EvidenceItem] = {}
    several = any(item.moment is Moment.AFTER for item in detail.evidence)
    for kind, title in _TITLES.items():
        for moment in Moment:
            items = [e for e in detail.evidence if e.kind is kind and e.moment is moment and e.file]
            if items:
                found[f"{title}, {moment.value}" if several else title] = items[-1]
    return found


def _pair(detail: OrderDetail) -> tuple[Path, Path] | None:
    """A picture before and one after the repair, of the same kind."""
    for kind in (EvidenceKind.CLEAN, EvidenceKind.ANNOTATED, EvidenceKind.CROP):
        before, after = detail.file_of(kind, Moment.BEFORE), detail.file_of(kind, Moment.AFTER)
        if before and after:
            return before, after
    return None


def _compare(at: Here, detail: OrderDetail, pair: tuple[Path, Path]) -> None:
    before, after = picture(pair[0]), picture(pair[1])
    if before is None or after is None:
        st.warning("One of the two pictures cannot be read: its file is damaged.", icon=":material/broken_image:")
        return
    compare(before, after, "before", "after", key=f"compare_{detail.row.id}")


def _one(at: Here, item: EvidenceItem) -> None:
    text = f"{_name(item)}, taken {clock(item.taken_at, at.zone, True)}"
    if item.file is None:
        return
    if item.kind is EvidenceKind.CLIP:
        st.video(str(item.file), alt=text, muted=True)
        st.caption(text)
    elif readable(item.file):
        wide, high = size_of(item.file)
        # A lamp's close up is a tall strip: as wide as the page it would be metres high.
        width: int | Literal["stretch"] = "stretch" if wide >= high else max(120, round(_TALLEST * wide / high))
        st.image(str(item.file), caption=text, alt=text, width=width)
    else:
        st.warning(f"{text}: the file is damaged and cannot be shown.", icon=":material/broken_image:")


def _name(item: EvidenceItem) -> str:
    when = "before" if item.moment is Moment.BEFORE else "after the repair"
    return f"{_TITLES.get(item.kind, plain(item.kind.value))}, {when}"
