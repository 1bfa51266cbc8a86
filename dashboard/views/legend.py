"""What the English words in marked pictures mean, in the language of whoever looks.

The words are drawn into the pictures once, by the worker, in letters that every machine has; readers of several
languages look at the same picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import streamlit as st

from dashboard.language import ENGLISH, spoken, tr
from dashboard.told import told
from dashboard.wordings import REASONS
from dashboard.words import LIGHT_TITLES, issue_title, literal
from detectors.issues import ISSUES


def legend(issues: Iterable[str] = (), light: str | None = None) -> None:
    """What stands in a picture beside it; nothing for readers of English.

    Args:
        issues: codes of the issues that are marked in the picture.
        light: the light it was taken in, if that is known.
    """
    if spoken() == ENGLISH:
        return
    here = list(words_in_picture(issues, light))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if here:
            st.caption(tr("In the picture: {words}", words=" · ".join(f"{literal(e)} = {t}" for e, t in here)))
        with st.popover(tr("Words in pictures"), icon=":material/translate:", type="tertiary"):
            st.dataframe(
                [{tr("In the picture"): english, tr("Meaning"): meaning} for english, meaning in glossary()],
                hide_index=True, height=420, alt=tr("What the words in marked pictures mean"),
            )  # fmt: skip


def words_in_picture(issues: Iterable[str], light: str | None) -> Iterator[tuple[str, str]]:
    """Words as they are drawn, with what they mean: titles of issues, and the light at the lower edge."""
    for code in dict.fromkeys(issues):
        if code in ISSUES:
            yield ISSUES[code].title, issue_title(code)
    if light and light in LIGHT_TITLES:
        yield light, LIGHT_TITLES[light]


def glossary() -> Iterator[tuple[str, str]]:
    """Everything that may be drawn: issues by title and, before they are confirmed, by code; light; why nothing can be
    told.
    """
    yield from words_in_picture(ISSUES, None)
    yield from ((code, tr("{issue}, not confirmed yet", issue=issue_title(code))) for code in ISSUES)
    yield from ((light, title) for light, title in LIGHT_TITLES.items())
    yield "suspended", tr("nothing else is judged because of a camera fault")
    yield from ((reason.replace("{0}x{1}", "…").replace("{2}x{3}", "…"), told(reason)) for reason in REASONS)
