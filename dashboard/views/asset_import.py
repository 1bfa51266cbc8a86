"""Taking a register file in: columns are matched, every row is checked, and nothing changes until it is asked for."""

from __future__ import annotations

import streamlit as st

from dashboard.edge import attempt
from dashboard.situation import Here, acting
from dashboard.words import literal, plain, short
from detectors.errors import LamplighterError
from workorders.register.importing import ImportReport, import_assets
from workorders.register.mapping import FIELDS, guess_mapping
from workorders.register.reading import read_table

FORMS = ("csv", "xlsx", "geojson", "json")
LARGEST_MB = 50
LEFT_ALONE = "—"
_REPORT, _TURN = "import_report", "import_turn"
_PROBLEMS_SHOWN = 200


def import_panel(at: Here) -> None:
    """File, columns, check, take in."""
    file = st.file_uploader(
        f"Register file: {', '.join(FORMS)}, up to {LARGEST_MB} MB", type=FORMS, max_upload_size=LARGEST_MB,
        key=f"import_file_{st.session_state.get(_TURN, 0)}", on_change=_forget,
    )  # fmt: skip
    if file is None:
        st.caption(
            "An asset is known by its external reference, else by its id: taking the same file in twice is safe."
        )
        return
    content = file.getvalue()
    try:
        columns = read_table(file.name, content).columns
        guessed = guess_mapping(columns)
    except LamplighterError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return
    with st.form("import", border=False):
        st.caption("Which column says what. Columns that are left over stay with the asset as they are.")
        choices = [LEFT_ALONE, *columns]
        with st.grid(4, min_column_width=160, gap="small"):
            for field in FIELDS:
                st.selectbox(
                    plain(field), choices, index=choices.index(guessed[field]) if field in guessed else 0,
                    key=f"map_{field}", format_func=lambda name: short(name, 60),
                )  # fmt: skip
        with st.container(horizontal=True):
            arguments = (at, file.name, content)
            st.form_submit_button("Check", icon=":material/rule:", on_click=_take, args=(*arguments, True))
            st.form_submit_button(
                "Take in", icon=":material/upload:", type="primary", on_click=_take, args=(*arguments, False)
            )
    report = st.session_state.get(_REPORT)
    if report is not None:
        _tell(report)


def _take(at: Here, name: str, content: bytes, dry_run: bool) -> None:
    said = st.session_state
    mapping = {field: "" if said[f"map_{field}"] == LEFT_ALONE else said[f"map_{field}"] for field in FIELDS}

    def act() -> str:
        report = import_assets(at.store, acting(at.store), name, content, mapping, dry_run)
        said[_REPORT] = report
        if report.done:
            return f"Taken in: {report.created} new, {report.updated} changed."
        return "Checked: nothing was changed." if dry_run else "Not taken in: some rows have problems."

    attempt(act)


def _forget() -> None:
    st.session_state.pop(_REPORT, None)


def _tell(report: ImportReport) -> None:
    did = "were" if report.done else "would be"
    st.markdown(
        f"**{report.rows:,} rows.** {report.created:,} {did} new, {report.updated:,} changed, "
        f"{report.unchanged:,} stay as they are."
    )
    if report.kept_as_attributes:
        st.caption(f"Kept as they are: {literal(short(', '.join(report.kept_as_attributes), 300))}")
    if not report.problems:
        return
    st.error(
        f"{len(report.problems):,} problems. Nothing is taken in until they are mended in the file.",
        icon=":material/error:",
    )
    shown = report.problems[:_PROBLEMS_SHOWN]
    st.dataframe(
        {
            "Row": [p.row for p in shown],
            "Column": [short(p.column, 60) for p in shown],
            "Problem": [short(p.message, 300) for p in shown],
        },
        hide_index=True,
        alt="Problems of the file, row by row",
    )
