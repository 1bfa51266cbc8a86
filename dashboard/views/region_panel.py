"""A camera's regions over its picture: looked at by everybody, drawn, moved, accepted and removed by administrators."""

from __future__ import annotations

import streamlit as st

from dashboard.components.region_editor import Shape, region_editor
from dashboard.edge import attempt, guarded
from dashboard.language import tr, trn
from dashboard.pictures import picture, size_of
from dashboard.settings import POLL_S
from dashboard.situation import Here, acting, here
from dashboard.told import told
from dashboard.words import kind_title, literal, short
from detectors.errors import LamplighterError
from detectors.geometry import Box, Region
from detectors.values import View
from workorders.jobs.queue import ask_discovery
from workorders.queries.cameras import CameraRow, camera_view
from workorders.queries.views import Proposals, proposals
from workorders.register.cameras import set_region
from workorders.register.regions import accept, add_region
from workorders.words import JobState, Role

KINDS = ("street_light", "path", "lawn", "tree", "bench", "bin")
_TONES = {
    "street_light": "#E3B23C", "path": "#4FA3D1", "lawn": "#6FBF73", "tree": "#2E8B57", "bench": "#B07CC6",
    "bin": "#D9734E",
}  # fmt: skip
_OTHER = "#9AA7AD"
_BEGINS_AS = Region.rectangle(Box(0.4, 0.35, 0.6, 0.65)).as_list()
_USUAL_SIZE = (16, 9)
CHOSEN, _NEXT, _ACCEPTED = "region_chosen", "region_next", "region_accepted"
_BUSY = (JobState.QUEUED, JobState.RUNNING)


def region_panel(at: Here, row: CameraRow) -> None:
    """The picture with its regions, and what may be done to them; followed while a worker looks for more."""
    busy = (found := proposals(at.store, camera_view(at.store, row.id))) is not None and found.state in _BUSY
    st.fragment(guarded(_panel), run_every=POLL_S if busy else None)(row, busy)


def _panel(row: CameraRow, was_busy: bool) -> None:
    at = here()
    view = camera_view(at.store, row.id)
    proposed = proposals(at.store, view)
    if was_busy and (proposed is None or proposed.state not in _BUSY):
        st.rerun()
    manages = at.actor.role is Role.MANAGER
    editing = _choice(at, view) if manages else None
    file = row.reference or row.still
    background = picture(file)
    shown = [*_shapes(view), *(_proposed_shapes(proposed) if manages else [])]
    edit = region_editor(
        shown, background, size_of(file) if file and background else _USUAL_SIZE, editing, key=f"regions_{row.id}"
    )
    if not background:
        st.caption(tr("There is no picture of this view yet; the regions lie where they were registered."))
    if not manages:
        return
    if edit.saved is not None:
        asset_id, points = edit.saved
        if attempt(lambda: _save(at, row.id, asset_id, points)):
            st.rerun()
        st.rerun(scope="fragment")
    if edit.picked is not None and any(asset.id == edit.picked for asset in view.assets):
        st.session_state[_NEXT] = edit.picked
        st.rerun(scope="fragment")
    _proposal_bar(at, row, proposed)


def _choice(at: Here, view: View) -> str | None:
    """Which region has handles; and beside it how to add one or take it away."""
    if _NEXT in st.session_state:
        st.session_state[CHOSEN] = st.session_state.pop(_NEXT)
    ids = [asset.id for asset in view.assets if asset.region is not None]
    if st.session_state.get(CHOSEN) not in ids:
        st.session_state[CHOSEN] = None
    kinds = {asset.id: asset.kind for asset in view.assets}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            tr("Region to change"), ids, index=None, key=CHOSEN, placeholder=tr("Choose, or click one in the picture"),
            format_func=lambda handle: f"{short(handle, 50)} · {kind_title(kinds[handle])}",
        )  # fmt: skip
        if chosen is not None:
            st.button(
                tr("Remove the region"), icon=":material/delete:", key="region_remove", on_click=_remove,
                args=(at, view.camera, chosen),
                help=tr("The asset stays registered; this camera looks for it no more."),
            )  # fmt: skip
        with st.popover(tr("New region"), icon=":material/add:"):
            st.text_input(tr("Id of the asset"), key="region_id", max_chars=64, help=tr("A new one is registered."))
            st.selectbox(tr("Kind"), KINDS, key="region_kind", format_func=kind_title)
            st.text_input(tr("Name"), key="region_name", max_chars=120)
            st.button(tr("Add"), type="primary", key="region_add", on_click=_add, args=(at, view.camera))
    return chosen


def _shapes(view: View) -> list[Shape]:
    return [
        Shape(a.id, _label(a.id, a.kind, a.name), _TONES.get(a.kind, _OTHER), a.region.as_list())
        for a in view.assets
        if a.region is not None
    ]


def _proposed_shapes(found: Proposals | None) -> list[Shape]:
    return [
        Shape(f"?{p.id}", tr("Proposed: {what}", what=_label(p.id, p.kind, "")), _TONES.get(p.kind, _OTHER),
              p.region.as_list(), proposed=True)
        for p in (found.open if found else ())
    ]  # fmt: skip


def _label(handle: str, kind: str, name: str) -> str:
    return " · ".join(part for part in (short(handle, 40), kind_title(kind), short(name, 60)) if part)


def _proposal_bar(at: Here, row: CameraRow, found: Proposals | None) -> None:
    busy = found is not None and found.state in _BUSY
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            tr("Look for assets"), icon=":material/search:", key="region_discover", on_click=_discover,
            args=(at, row.id), disabled=busy,
            help=tr("A worker looks at the view and proposes what is not registered yet."),
        )  # fmt: skip
        if busy:
            st.caption(tr("A worker looks at the view…"))
        elif found is not None and found.state is JobState.FAILED:
            st.caption(f":red[{literal(told(found.message))}]")
        elif found is not None and not found.open:
            st.caption(tr("The last look found nothing that is not registered."))
    if found is None or busy or not found.open:
        return
    titles = {p.id: _label(p.id, p.kind, "") for p in found.open}
    st.multiselect(
        trn("{n} proposal", "{n} proposals", len(titles)), list(titles), default=list(titles), key=_ACCEPTED,
        placeholder=tr("None chosen"),
        format_func=lambda handle: titles.get(handle, handle),
    )  # fmt: skip
    st.button(
        tr("Accept the chosen ones"), icon=":material/check:", key="region_accept", on_click=_accept,
        args=(at, row.id, found),
    )  # fmt: skip


def _save(at: Here, camera_id: str, asset_id: str, points: list[list[float]]) -> str:
    set_region(at.store, acting(at.store), camera_id, asset_id, points)
    return tr("The region of {asset} is saved.", asset=asset_id)


def _remove(at: Here, camera_id: str, asset_id: str) -> None:
    def act() -> str:
        set_region(at.store, acting(at.store), camera_id, asset_id, None)
        return tr("Camera {camera} does not look for {asset} any more.", camera=camera_id, asset=asset_id)

    attempt(act)


def _add(at: Here, camera_id: str) -> None:
    said = st.session_state

    def act() -> str:
        handle = said["region_id"].strip()
        if not handle:
            raise LamplighterError(tr("Give the asset an id, the one on its plate for instance."))
        new = add_region(
            at.store, acting(at.store), camera_id, handle, said["region_kind"], _BEGINS_AS, said["region_name"]
        )
        said[_NEXT] = handle
        if new:
            return tr("{asset} is registered; now draw where it is seen.", asset=handle)
        return tr("Now draw where {asset} is seen.", asset=handle)

    attempt(act)


def _discover(at: Here, camera_id: str) -> None:
    def act() -> str:
        ask_discovery(at.store, acting(at.store), camera_id)
        return tr("A worker will look at the view.")

    attempt(act)


def _accept(at: Here, camera_id: str, found: Proposals) -> None:
    chosen = set(st.session_state.get(_ACCEPTED, ()))

    def act() -> str:
        taken = [(p.id, p.kind, p.region.as_list()) for p in found.open if p.id in chosen]
        ids = accept(at.store, acting(at.store), camera_id, taken)
        return trn("{n} asset is registered.", "{n} assets are registered.", len(ids))

    attempt(act)
