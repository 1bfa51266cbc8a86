"""Elements that Streamlit does not have: the order table, the two clocks, before and after, findings under a clip.

Each is one module with its style and script beside it. Texts from outside are only ever set as text, never as HTML.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.language import Titles, mark
from dashboard.times import SPANS

_HERE = Path(__file__).parent
_SHARED_CSS = (_HERE / "shared.css").read_text(encoding="utf-8")
_SHARED_JS = (_HERE / "shared.js").read_text(encoding="utf-8")

_CLOCKS = Titles(
    {
        "met": mark("✓ in time"),
        "missed": mark("✕ late"),
        "took": mark("{verdict}, took {span}"),
        "heldLate": mark("‖ paused, late by {span}"),
        "heldLeft": mark("‖ paused, {span} left"),
        "answerLate": mark("! answer {span} late"),
        "late": mark("! late by {span}"),
        "answerLeft": mark("{span} to answer"),
        "left": mark("{span} left"),
    }
)


def words() -> dict[str, str]:
    """What every element says by itself as its times tick, in the language of whoever is looking."""
    return dict(SPANS) | dict(_CLOCKS)


def declare(name: str, html: str) -> Any:
    """Register the component of `name.css` and `name.js`, with the style and functions that all share.

    Args:
        html: what the script fills.
    """
    css = _SHARED_CSS + (_HERE / f"{name}.css").read_text(encoding="utf-8")
    js = _SHARED_JS + (_HERE / f"{name}.js").read_text(encoding="utf-8")
    return st.components.v2.component(f"lamplighter_{name}", html=html, css=css, js=js)


def ignore() -> None:
    """A callback for values that the page reads after the element, not before."""
