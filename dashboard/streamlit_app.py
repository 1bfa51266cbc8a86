"""Entry of the dashboard: navigation, the site's name, who is looking, whether a worker runs."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    # Streamlit puts this script's folder on the path; the three floors lie one above it.
    sys.path.insert(0, str(ROOT))

from dashboard import identity, language  # noqa: E402
from dashboard.edge import guarded, show_outcome  # noqa: E402
from dashboard.pages import pages  # noqa: E402
from dashboard.situation import site_language  # noqa: E402
from dashboard.views.frame import sidebar  # noqa: E402
from dashboard.widget_words import widget_words  # noqa: E402


@guarded
def show() -> None:
    """The sidebar, what the last action came to, and the page."""
    sidebar()
    show_outcome()
    page.run()


st.set_page_config(page_title="Lamplighter", page_icon=str(Path(__file__).with_name("favicon.svg")), layout="wide")
st.logo(Path(__file__).with_name("mark.svg").read_text(encoding="utf-8"), size="medium")
language.settle(site_language())
widget_words()
if identity.login_configured() and not identity.signed_in():
    identity.door()
    st.stop()
page = st.navigation(pages())
show()
