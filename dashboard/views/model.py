"""The model: which detector is in use, what it scored, how people judged it, and what it got wrong."""

from __future__ import annotations

import json

import streamlit as st

from dashboard.language import tr, trn
from dashboard.pages import ORDER, order_address
from dashboard.pictures import picture
from dashboard.situation import Here
from dashboard.times import ago
from dashboard.told import told
from dashboard.views.charts import share_text
from dashboard.views.parts import heading
from dashboard.words import DISMISS_TITLES, class_title, issue_title, literal, short, subject_title
from detectors.catalogue import list_models
from detectors.catalogue.entries import BUNDLED, WEIGHTS
from workorders.places import MODEL_CARD
from workorders.queries.model import Judged, Mistake, Repeat, judged_by_issue, mistakes, repeats
from workorders.store import Store


def show(at: Here) -> None:
    """The whole page."""
    heading(tr("Model"), at)
    version = at.store.version()
    judged = _judged(at.store, at.store.url, version)
    _in_use(at)
    left, right = st.columns([1.75, 1], gap="medium")
    with left:
        _verdicts(judged)
    with right:
        _scores(at)
    _again(at, _repeats(at.store, at.store.url, version))
    _wrong(at, _mistakes(at.store, at.store.url, version))
    _card(at)


@st.cache_data(max_entries=4, ttl=600, show_spinner=False)
def _judged(_store: Store, url: str, version: int) -> tuple[Judged, ...]:
    return judged_by_issue(_store)


@st.cache_data(max_entries=4, ttl=600, show_spinner=False)
def _mistakes(_store: Store, url: str, version: int) -> tuple[Mistake, ...]:
    return mistakes(_store)


@st.cache_data(max_entries=4, ttl=60, show_spinner=False)
def _repeats(_store: Store, url: str, version: int) -> tuple[Repeat, ...]:
    return repeats(_store)


def _in_use(at: Here) -> None:
    models = list_models(at.store.files)
    chosen = next((m for m in models if m.chosen), models[0])
    here = sum(m.here for m in models)
    st.markdown(
        f":material/neurology: **{literal(short(chosen.name, 80))}** :gray[{literal(told(chosen.about))}] &nbsp; "
        + (f":green-badge[● {tr('in use')}]" if chosen.here else f":red-badge[▲ {tr('its file is missing')}]")
    )
    with st.expander(trn("{n} model on this machine", "{n} models on this machine", here)):
        st.dataframe(
            {
                tr("Name"): [m.name for m in models],
                tr("What it is"): [told(m.about) for m in models],
                tr("On this machine"): [m.here for m in models],
                tr("In use"): [m.chosen for m in models],
            },
            hide_index=True, alt=tr("Models that can be used"),
        )  # fmt: skip
        st.caption(tr("Another is chosen on the command line: `lamplighter models use NAME`."))


def _verdicts(judged: tuple[Judged, ...]) -> None:
    st.subheader(tr("As people judged it"), anchor=False)
    if not judged:
        st.caption(
            tr("Nobody has judged a finding yet. Resolving an order confirms its finding; dismissing one says why not.")
        )
        return
    right = sum(j.confirmed + j.needless for j in judged)
    total = sum(j.total for j in judged)
    with st.container(horizontal=True):
        st.metric(tr("Findings judged"), f"{total:,}", border=True)
        st.metric(tr("Really there"), share_text(right, total), border=True)
        st.metric(tr("False alarms"), f"{sum(j.wrong for j in judged):,}", border=True)
    st.dataframe(
        {
            tr("Issue"): [issue_title(j.issue) for j in judged],
            tr("Confirmed"): [j.confirmed for j in judged],
            tr("Needed no work"): [j.needless for j in judged],
            tr("Wrong"): [j.wrong for j in judged],
            tr("Precision"): [j.precision for j in judged],
            tr("95 % interval"): ["{:.0%} – {:.0%}".format(*j.interval) for j in judged],
        },
        hide_index=True,
        column_config={
            tr("Precision"): st.column_config.ProgressColumn(format="percent", min_value=0.0, max_value=1.0)
        },
        alt=tr("Verdicts and precision by issue"),
    )
    st.caption(
        tr(
            "Each order counts once, by its latest verdict. Precision is the share of judged findings that were really "
            "there; it says nothing of what was missed. Permitted works, temporary and known things were there."
        )
    )


def _scores(at: Here) -> None:
    st.subheader(tr("As it was measured"), anchor=False)
    chosen = next((m for m in list_models(at.store.files) if m.chosen), None)
    file = WEIGHTS / f"{BUNDLED}.json"
    if chosen is None or chosen.name != BUNDLED or not file.is_file():
        st.caption(tr("Nothing was measured here of this model; `lamplighter evaluate-detector` does."))
        return
    facts = json.loads(file.read_text(encoding="utf-8"))
    scores, thresholds = facts.get("held_back_map50", {}), facts.get("thresholds", {})
    names = sorted(scores, key=lambda name: -scores[name])
    st.dataframe(
        {
            tr("Class"): [class_title(name) for name in names],
            tr("mAP50"): [scores[name] for name in names],
            tr("Least score"): [thresholds.get(name) for name in names],
        },
        hide_index=True, height=300,
        column_config={tr("mAP50"): st.column_config.ProgressColumn(format="%.2f", min_value=0.0, max_value=1.0)},
        alt=tr("Scores of the detector by class"),
    )  # fmt: skip
    st.caption(
        tr(
            "On {n} held-back pictures, which also chose the epoch and the least scores: see the card for pictures "
            "that chose nothing.",
            n=facts.get("held_back_pictures", "?"),
        )
    )


def _wrong(at: Here, found: tuple[Mistake, ...]) -> None:
    st.subheader(tr("What it got wrong"), anchor=False)
    if not found:
        st.caption(tr("No finding was dismissed as a false alarm or a wrong asset."))
        return
    grid = st.grid("auto", min_column_width=210, gap="small")
    for mistake in found:
        with grid.cell(), st.container(border=True, gap="small"):
            shown = picture(mistake.picture)
            if shown:
                st.image(shown, alt=tr("Order {number}", number=mistake.order_id), width="stretch")
            else:
                st.caption(":material/hide_image: " + tr("No picture on this machine"))
            st.page_link(
                ORDER, label=f"{issue_title(mistake.issue)} · {mistake.score:.2f}",
                query_params={"id": str(mistake.order_id)},
            )  # fmt: skip
            st.caption(literal(f"{DISMISS_TITLES[mistake.reason]}, {ago(mistake.at, at.now)}"))
            if mistake.note:
                st.caption(literal(short(mistake.note, 120)))


def _again(at: Here, found: tuple[Repeat, ...]) -> None:
    if not found:
        return
    st.subheader(tr("Where it was wrong again and again"), anchor=False)
    st.dataframe(
        {
            tr("Issue"): [issue_title(r.issue) for r in found],
            tr("Place"): [short(subject_title(r.subject), 80) for r in found],
            tr("Wrong"): [r.wrong for r in found],
            tr("Right"): [r.right for r in found],
            tr("Last time"): [ago(r.at, at.now) for r in found],
            tr("Order"): [order_address(r.order_id) for r in found],
            tr("Kept quiet"): [r.quiet for r in found],
        },
        hide_index=True, alt=tr("Places told falsely more than once"),
        column_config={tr("Order"): st.column_config.LinkColumn(display_text=r"id=(\d+)")},
    )  # fmt: skip
    st.caption(
        tr(
            "Dismiss the next order of such a place with “while it looks like this”: it raises orders again only when "
            "the place looks otherwise."
        )
    )


def _card(at: Here) -> None:
    if not MODEL_CARD.is_file():
        return
    with st.expander(tr("The bundled detector's card"), icon=":material/description:"):
        st.markdown(MODEL_CARD.read_text(encoding="utf-8"))
