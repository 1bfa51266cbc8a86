"""The evidence of an order: pictures before and after, the clip, and what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import streamlit as st

from dashboard.components.compare import compare
from dashboard.language import Titles, mark, tr
from dashboard.pictures import picture, size_of, whole_picture
from dashboard.situation import Here
from dashboard.times import clock
from dashboard.told import told
from dashboard.views.legend import legend
from dashboard.words import literal
from workorders.queries.order import EvidenceItem, OrderDetail
from workorders.words import EvidenceKind, Moment

_TITLES = Titles(
    {
        EvidenceKind.ANNOTATED: mark("Marked"),
        EvidenceKind.CLEAN: mark("Clean"),
        EvidenceKind.CROP: mark("Close up"),
        EvidenceKind.CLIP: mark("Clip"),
    }
)
_MOMENTS = Titles({Moment.BEFORE: mark("before"), Moment.AFTER: mark("after")})
_TALLEST = 460
BOTH = "both"


def evidence(at: Here, detail: OrderDetail) -> None:
    """One piece of evidence at a time, chosen by its kind; below it what is missing, and the files' checksums."""
    there = _there(detail)
    pair = _pair(detail)
    views = ([BOTH] if pair else []) + list(there)
    repaired = any(item.moment is Moment.AFTER for item in there.values())
    if not views:
        st.info(tr("There is no picture of this order on this machine."), icon=":material/hide_image:")
    else:
        chosen = st.segmented_control(
            tr("Evidence"), views, default=views[0], key=f"evidence_{detail.row.id}", required=True,
            format_func=lambda view: _view_title(view, repaired), label_visibility="collapsed", wrap=True,
        )  # fmt: skip
        if chosen == BOTH and pair:
            _compare(at, detail, pair)
        else:
            item = there[chosen if chosen in there else next(iter(there))]
            _one(at, item)
            if item.kind in (EvidenceKind.ANNOTATED, EvidenceKind.CLIP):
                legend([detail.row.issue], detail.light)
    for item in detail.evidence:
        if item.file is None:
            gone = tr(
                "{name} of {time}: {why}",
                name=_name(item),
                time=clock(item.taken_at, at.zone),
                why=literal(told(item.missing)),
            )
            st.caption(f":orange[△] {gone}")
    if detail.evidence:
        with st.expander(tr("Files and checksums")):
            for item in detail.evidence:
                size = tr("{n} bytes", n=f"{item.size:,}")
                st.caption(f"{_name(item)} · {clock(item.taken_at, at.zone, True)} · {size}")
                st.code(item.sha256, language=None)


def _there(detail: OrderDetail) -> dict[str, EvidenceItem]:
    """What can be shown, by kind and moment: the latest file of each."""
    found: dict[str, EvidenceItem] = {}
    for kind in _TITLES:
        for moment in Moment:
            items = [e for e in detail.evidence if e.kind is kind and e.moment is moment and e.file]
            if items:
                found[f"{kind.value} {moment.value}"] = items[-1]
    return found


def _view_title(view: str, repaired: bool) -> str:
    """Which moment a file is of needs saying only once there is one of after the repair."""
    if view == BOTH:
        return tr("Before and after")
    kind, _, moment = view.partition(" ")
    title = _TITLES[EvidenceKind(kind)]
    return f"{title}, {_MOMENTS[Moment(moment)]}" if repaired else title


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
        st.warning(tr("One of the two pictures cannot be read: its file is damaged."), icon=":material/broken_image:")
        return
    compare(before, after, _MOMENTS[Moment.BEFORE], _MOMENTS[Moment.AFTER], key=f"compare_{detail.row.id}")


def _one(at: Here, item: EvidenceItem) -> None:
    text = tr("{name}, taken {time}", name=_name(item), time=clock(item.taken_at, at.zone, True))
    if item.file is None:
        return
    if item.kind is EvidenceKind.CLIP:
        st.video(str(item.file), alt=text, muted=True)
        st.caption(text)
    elif shown := whole_picture(item.file):
        wide, high = size_of(item.file)
        # A lamp's close up is a tall strip: as wide as the page it would be metres high.
        width: int | Literal["stretch"] = "stretch" if wide >= high else max(120, round(_TALLEST * wide / high))
        st.image(shown, caption=text, alt=text, width=width)
    else:
        st.warning(tr("{name}: the file is damaged and cannot be shown.", name=text), icon=":material/broken_image:")


def _name(item: EvidenceItem) -> str:
    when = tr("before the repair") if item.moment is Moment.BEFORE else tr("after the repair")
    return tr("{what}, {when}", what=_TITLES[item.kind], when=when)
