"""Downloads: made only when somebody asks for one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.language import in_this_language, tr

_TITLES = {"csv": "CSV", "xlsx": "Excel", "geojson": "GeoJSON", "open311": "Open311 JSON"}
_SUFFIXES = {"open311": "json"}


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


def _maker(make: Callable[[str], bytes], form: str) -> Callable[[], bytes]:
    return in_this_language(lambda: make(form))
