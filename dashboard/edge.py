"""The edge of a page: whatever goes wrong ends here as one clear line, and what was done is said once."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec

import streamlit as st

from dashboard.language import tr
from dashboard.told import told
from dashboard.words import literal
from detectors.errors import LamplighterError

P = ParamSpec("P")
_FLASH = "flash"
_log = logging.getLogger("lamplighter.dashboard")


def guarded(show: Callable[P, None]) -> Callable[P, None]:
    """Turn what a page raises into one line on it. Details of what nobody foresaw go to the log."""

    @functools.wraps(show)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            show(*args, **kwargs)
        except LamplighterError as error:
            st.error(literal(told(str(error))), icon=":material/error:")
        except Exception:  # noqa: BLE001 - the page's edge
            _log.exception("a page could not be shown")
            st.error(
                tr(
                    "This part of the page could not be shown; the dashboard's log says why. "
                    "Everything kept is untouched."
                ),
                icon=":material/error:",
            )

    return run


def attempt(act: Callable[[], str]) -> bool:
    """Do what somebody asked for in a callback; its line, or why it was refused, is shown by the next run."""
    try:
        st.session_state[_FLASH] = ("done", act())
        return True
    except LamplighterError as error:
        st.session_state[_FLASH] = ("refused", told(str(error)))
        return False


def show_outcome() -> None:
    """Show what the last action came to."""
    outcome = st.session_state.pop(_FLASH, None)
    if outcome is None:
        return
    kind, line = outcome
    if kind == "refused":
        st.error(literal(line), icon=":material/block:")
    else:
        st.toast(literal(line), icon=":material/check_circle:")
