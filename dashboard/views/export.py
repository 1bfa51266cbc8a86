"""Downloads: made only when somebody asks for one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.language import ENGLISH, Titles, in_this_language, mark, spoken, tr
from dashboard.words import FIELD_TITLES

_TITLES = {"csv": "CSV", "xlsx": "Excel", "geojson": "GeoJSON", "open311": "Open311 JSON"}
_SUFFIXES = {"open311": "json"}
TABLE_TITLES: Titles[str] = Titles(
    {
        "Order": mark("Order"),
        "Issue": mark("Issue"),
        "Priority": mark("Priority"),
        "State": mark("State"),
        "Asset": mark("Asset"),
        "Asset kind": mark("Asset kind"),
        "Place": mark("Place"),
        "Latitude": mark("Latitude"),
        "Longitude": mark("Longitude"),
        "Camera": mark("Camera"),
        "Assignee": mark("Assignee"),
        "Team": mark("Team"),
        "Sightings": mark("Sightings"),
        "Score": mark("Score"),
        "Re-opened": mark("Re-opened"),
        "Late": mark("Late"),
        "Response met": mark("Response met"),
        "Resolution met": mark("Resolution met"),
        "Running minutes to resolution": mark("Running minutes to resolution"),
        "On hold minutes": mark("On hold minutes"),
        "Dismiss reason": mark("Dismiss reason"),
        "Part of order": mark("Part of order"),
        "Opened": mark("Opened"),
        "First seen": mark("First seen"),
        "Last seen": mark("Last seen"),
        "Response due": mark("Response due"),
        "Resolution due": mark("Resolution due"),
        "Acknowledged": mark("Acknowledged"),
        "Assigned": mark("Assigned"),
        "Started": mark("Started"),
        "Resolved": mark("Resolved"),
        "Verified": mark("Verified"),
        "Closed": mark("Closed"),
        "Orders": mark("Orders"),
        "demo data": mark("demo data"),
        "yes": mark("yes"),
        "no": mark("no"),
    }
)


def export_menu(name: str, forms: Sequence[str], make: Callable[[str], bytes], note: str) -> None:
    """A button that offers a download in several forms.

    Args:
        name: name of the file, without its suffix.
        make: makes the file of a form; called when that form is asked for.
        note: what the file holds.
    """
    with st.popover(tr("Export"), icon=":material/download:"):
        st.caption(note)
        for form in forms:
            st.download_button(
                _TITLES[form], _maker(make, form), file_name=f"{name}.{_SUFFIXES.get(form, form)}",
                key=f"export_{name}_{form}", on_click="ignore", width="stretch",
            )  # fmt: skip


def heading_word(word: str) -> str:
    """A heading or word of an exported table in the language of whoever asks for it."""
    return TABLE_TITLES.get(word, word)


def column_word(field: str) -> str:
    """A field of the register as an exported column: in English the name that programs know, else the reader's word."""
    return field if spoken() == ENGLISH else FIELD_TITLES.get(field, field)


def _maker(make: Callable[[str], bytes], form: str) -> Callable[[], bytes]:
    return in_this_language(lambda: make(form))
