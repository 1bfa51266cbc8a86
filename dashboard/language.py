"""The language of the screen. English texts are the names of messages; gettext catalogues hold the other languages.

`tr("Order {number} is raised.", number=4)` says it in the language of whoever is looking. Tables of words made when a
module is loaded are `Titles`, whose texts are marked there and translated when they are looked up.
"""

from __future__ import annotations

import functools
import gettext
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

K = TypeVar("K")
R = TypeVar("R")
P = ParamSpec("P")

DOMAIN = "lamplighter"
FOLDER = Path(__file__).with_name("locale")
ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "zh_CN": "中文"}
"""Codes of the languages there are, each with its own name for itself."""
ADDRESS = "lang"
"""Name of the query parameter that asks for a language."""
PICKER = "language_picker"
_CHOSEN, _SPOKEN = "language_chosen", "language_spoken"

_set: ContextVar[str | None] = ContextVar("language", default=None)


def tr(message: str, **values: object) -> str:
    """A text in the language of whoever is looking.

    Args:
        message: the English text, a literal so that it can be collected, with `{names}` for what is filled in.
        values: what is filled in. Without any, braces stand for themselves.
    """
    text = _catalogue(spoken()).gettext(message)
    return text.format(**values) if values else text


def trn(one: str, many: str, number: int, **values: object) -> str:
    """A text that depends on a number, which `{n}` stands for in both forms."""
    text = _catalogue(spoken()).ngettext(one, many, number)
    return text.format(n=f"{number:,}", **values)


def trc(context: str, message: str, **values: object) -> str:
    """A text whose English word means several things; the context says which."""
    text = _catalogue(spoken()).pgettext(context, message)
    return text.format(**values) if values else text


def listed(parts: Iterable[str]) -> str:
    """Several texts as the language lists them."""
    return tr(", ").join(parts)


def mark(message: str) -> str:
    """Mark a text for collection; it is translated later, when it is looked up in `Titles`."""
    return message


class Titles(Mapping[K, str]):
    """A table of marked English texts that answers in the language of whoever is looking."""

    def __init__(self, english: Mapping[K, str]) -> None:
        self._english = dict(english)

    def __getitem__(self, key: K) -> str:
        return tr(self._english[key])

    def __iter__(self) -> Iterator[K]:
        return iter(self._english)

    def __len__(self) -> int:
        return len(self._english)


def spoken() -> str:
    """Code of the language in use; English where nobody is looking."""
    fixed = _set.get()
    if fixed is not None:
        return fixed
    if get_script_run_ctx(suppress_warning=True) is None:
        return ENGLISH
    return str(st.session_state.get(_SPOKEN, ENGLISH))


def settle(site_default: str | None = None) -> None:
    """Decide the language of this session: the address, else what was picked, else the site's, else the browser's."""
    asked = known(st.query_params.get(ADDRESS))
    if asked:
        st.session_state[_CHOSEN] = asked
    chosen = st.session_state.get(_CHOSEN) or known(site_default) or known(st.context.locale) or ENGLISH
    st.session_state[_SPOKEN] = chosen


def picker() -> None:
    """The choice of a language, each by its own name."""
    st.session_state[PICKER] = spoken()
    st.segmented_control(
        tr("Language"), list(LANGUAGES), format_func=LANGUAGES.__getitem__, key=PICKER, required=True,
        label_visibility="collapsed", on_change=_pick,
    )  # fmt: skip


def known(name: str | None) -> str | None:
    """The language that a locale's name means: `zh-CN`, `zh_Hans` and `zh` are all Chinese; None for one we lack."""
    wanted = (name or "").replace("-", "_").split("_")[0].lower()
    return next((code for code in LANGUAGES if code.split("_")[0] == wanted), None)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language for a while, whoever is looking."""
    token = _set.set(code)
    try:
        yield
    finally:
        _set.reset(token)


def in_this_language(make: Callable[P, R]) -> Callable[P, R]:
    """A function that speaks today's language later too: downloads are made when nobody's session is at hand."""
    code = spoken()

    @functools.wraps(make)
    def later(*args: P.args, **kwargs: P.kwargs) -> R:
        with speaking(code):
            return make(*args, **kwargs)

    return later


def _pick() -> None:
    st.session_state[_CHOSEN] = st.query_params[ADDRESS] = st.session_state[PICKER]


@functools.cache
def _catalogue(code: str) -> gettext.NullTranslations:
    if code == ENGLISH:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, FOLDER, [code])
