"""The few words that Streamlit's own widgets carry in English alone, said by a style sheet in the reader's language.

Streamlit has no catalogue of its own. What is left in English: the menu at the upper right, `Stop` beside a running
page, the tools over tables and pictures, and what a list says while somebody types in it. Dates and times follow the
browser's language.
"""

from __future__ import annotations

import json

import streamlit as st

from dashboard.language import ENGLISH, spoken, tr

_UPLOADER = '[data-testid="stFileUploaderDropzone"]'
_BUTTON = f'{_UPLOADER} [data-testid="stBaseButton-secondary"] [data-testid="stMarkdownContainer"] p'


def widget_words() -> None:
    """Put our words where Streamlit's stand; its largest sizes and kinds of files stand in our labels and hints."""
    if spoken() == ENGLISH:
        return
    st.html(
        f"<style>{_BUTTON} {{ font-size: 0 }} "
        f"{_BUTTON}::after {{ content: {json.dumps(tr('Choose a file'), ensure_ascii=False)}; font-size: 1rem }} "
        f'{_UPLOADER} [data-testid="stFileUploaderDropzoneInstructions"], [data-testid="InputInstructions"] '
        "{ display: none }</style>"
    )
