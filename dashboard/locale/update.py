"""Collects the dashboard's texts into every catalogue and compiles them: `python -m dashboard.locale.update`.

Needs Babel. Texts that are no longer used go, new ones come in empty; the number still to be translated is printed.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from dashboard.language import DOMAIN, ENGLISH, FOLDER, LANGUAGES
from detectors.issues import ISSUES

Text = str | tuple[str, str]
"""A message, or its two forms for one and for many."""

_ROOT = Path(__file__).resolve().parents[2]
# Dates in a compiled catalogue would make it another file each time.
_ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)


def collect() -> Catalog:
    """Every text of the dashboard, and the titles of the issues, which stand on a lower floor."""
    found = Catalog(domain=DOMAIN, fuzzy=False)
    for file in sorted((_ROOT / "dashboard").rglob("*.py")):
        for context, text in texts_of(file.read_text(encoding="utf-8")):
            found.add(text, locations=[(str(file.relative_to(_ROOT)), 0)], context=context)
    for issue in ISSUES.values():
        found.add(issue.title, locations=[("detectors/issues.py", 0)])
    return found


def texts_of(source: str) -> Iterator[tuple[str | None, Text]]:
    """Context and text of every `tr`, `trn`, `trc` and `mark` of a module, those inside f-strings too."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        said = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if node.func.id in ("tr", "mark") and said:
            yield None, said[0]
        elif node.func.id == "trn":
            yield None, (said[0], said[1])
        elif node.func.id == "trc":
            yield said[0], said[1]


def merged(code: str) -> Catalog:
    """The catalogue of a language as it is kept, with the texts that the code has now."""
    file = catalogue_file(code)
    catalogue = Catalog(locale=code, domain=DOMAIN)
    if file.exists():
        with file.open("rb") as kept:
            catalogue = read_po(kept, locale=code, domain=DOMAIN)
    # A guess from a similar text would pass for a translation; an empty one is seen to be missing.
    catalogue.update(collect(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def catalogue_file(code: str) -> Path:
    """Where the texts of a language are kept."""
    return FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def compiled(catalogue: Catalog) -> bytes:
    """A catalogue as gettext reads it."""
    buffer = io.BytesIO()
    catalogue.creation_date = catalogue.revision_date = _ALWAYS
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def untranslated(catalogue: Catalog) -> list[Text]:
    """Texts of a catalogue that have no translation yet."""
    return [m.id for m in catalogue if m.id and not all(m.string if isinstance(m.string, tuple) else (m.string,))]


def update(code: str) -> int:
    """Write the catalogue of a language and its compiled form; returns how many texts are not translated yet."""
    catalogue, file = merged(code), catalogue_file(code)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as kept:
        # No line numbers and in order of the texts: an unrelated change of the code leaves the file alone.
        write_po(kept, catalogue, width=120, sort_output=True, omit_header=True, include_lineno=False)
    file.with_suffix(".mo").write_bytes(compiled(catalogue))
    return len(untranslated(catalogue))


if __name__ == "__main__":
    for language in LANGUAGES:
        if language != ENGLISH:
            print(f"{language}: {update(language)} texts to translate")  # noqa: T201
