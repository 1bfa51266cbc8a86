"""Filters in the page's address, as codes that mean the same in every language.

The address is the truth: each run sets the widgets from it, and what somebody chooses is written to it. A view can so
be sent to somebody who reads another language, and the browser's way back works.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import streamlit as st

Keeper = Callable[[], None]
"""What a widget calls when it was changed."""


def one(key: str, known: Collection[str], default: str) -> str:
    """Set the widget of a key to what the address says, one of the known codes; returns it."""
    asked = st.query_params.get(key, default)
    st.session_state[key] = asked if asked in known else default
    return str(st.session_state[key])


def several(key: str, known: Collection[str]) -> list[str]:
    """Set the widget of a key to the known codes that the address says; returns them."""
    found = [code for code in dict.fromkeys(st.query_params.get_all(key)) if code in known]
    st.session_state[key] = found
    return found


def text(key: str, longest: int) -> str:
    """Set the text field of a key to what the address says; returns it."""
    st.session_state[key] = st.query_params.get(key, "")[:longest]
    return str(st.session_state[key])


def flag(key: str) -> bool:
    """Set the switch of a key to what the address says; returns it."""
    st.session_state[key] = st.query_params.get(key) == "1"
    return bool(st.session_state[key])


def page_number(key: str) -> int:
    """The page, from 1, that the pagination of a key stands at: in its first run only the address knows."""
    asked = st.session_state.get(key) or st.query_params.get(key, "")
    return max(1, int(asked)) if str(asked).isdecimal() and len(str(asked)) < 7 else 1


def hold(key: str, shown: str | None) -> None:
    """Write what is shown into the browser's address, or that it is none.

    A link to the very page that is open leaves the address as it was; without this the next run would show what the
    address still says.
    """
    st.query_params[key] = shown or ""
    if shown is None:
        del st.query_params[key]


def keeper(key: str, default: object = "", forget: Sequence[str] = ()) -> Keeper:
    """A callback that writes what the widget of a key says into the address.

    Args:
        default: what is left out of the address.
        forget: other parameters that no longer hold, as the number of a page.
    """

    def keep() -> None:
        said = st.session_state.get(key)
        for name in forget:
            st.session_state.pop(name, None)
        if not said or said == default:
            st.query_params.pop(key, None)
        else:
            st.query_params[key] = list(said) if isinstance(said, list | tuple) else "1" if said is True else str(said)

    return keep
