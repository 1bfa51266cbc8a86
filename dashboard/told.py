"""What the lower floors say in English, in the language of whoever is looking: refusals, notes, progress.

Those floors know no screen and no language. Their lines are recognised here by their wording; a line that no wording
fits is shown as it is.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.language import ENGLISH, Titles, listed, spoken, tr
from dashboard.wordings import ALL
from dashboard.words import ACTION_TITLES, STATE_TITLES, issue_title
from detectors.issues import ISSUES
from workorders.actors import camera_actor
from workorders.play.crew import CREW

_NAMES: dict[str, tuple[Titles[Any], Any]] = {
    str(code.value).replace("_", " "): (table, code) for table in (ACTION_TITLES, STATE_TITLES) for code in table
}
"""States and actions as the lower floors write them, with where their titles stand."""
_FILLED = re.compile(r"\{(\d)\}")
# The longest line that a lower floor writes is a few sentences; anything longer was written by a person.
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class _Wording:
    """A wording, the longest piece of it that always stands there, and what recognises it."""

    text: str
    piece: str
    pattern: re.Pattern[str]

    def match(self, line: str) -> re.Match[str] | None:
        return self.pattern.fullmatch(line) if self.piece in line else None


def told(line: str) -> str:
    """A line of a lower floor in the language of whoever is looking."""
    if spoken() == ENGLISH or not line or len(line) > _LONGEST:
        return line
    if line in ISSUES:
        return issue_title(line)
    for wording in _wordings():
        if found := wording.match(line):
            return _filled(tr(wording.text), [_word(group) for group in found.groups()])
    return line


def told_actor(name: str) -> str:
    """Who did something: people keep their names, a camera that acts on its own is one in the reader's language."""
    camera = camera_actor("").name
    return tr("Camera {name}", name=name.removeprefix(camera)) if name.startswith(camera) else told_name(name)


def told_name(name: str) -> str:
    """A name of a person, camera or place: the guided play's in the reader's language, those that people gave as is."""
    return tr("Guided play") if name == CREW.name else name


def _filled(text: str, groups: Sequence[str]) -> str:
    # Not `format`: a wording may hold other braces.
    return _FILLED.sub(lambda mark: groups[int(mark[1])], text)


def _word(group: str) -> str:
    """What is filled in: states, actions and lines of their own in the reader's words, anything else as it is."""
    parts = group.split(", ")
    named = [_NAMES.get(part) for part in parts]
    if all(named):
        return listed(table[key] for table, key in named)  # type: ignore[misc]
    return told(group)


@functools.cache
def _wordings() -> tuple[_Wording, ...]:
    """What can be recognised, those with most words of their own first."""
    longest = sorted(ALL, key=lambda text: -len(_FILLED.sub("", text)))
    return tuple(
        _Wording(
            text,
            max(_FILLED.sub("\0", text).split("\0"), key=len),
            re.compile(re.sub(r"\\\{\d\\\}", "(.+?)", re.escape(text)), re.DOTALL),
        )
        for text in longest
    )
