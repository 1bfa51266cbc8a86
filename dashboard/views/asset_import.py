"""Taking a register file in: columns are matched, every row is checked, and nothing changes until it is asked for."""

from __future__ import annotations

import streamlit as st

from dashboard.edge import attempt
from dashboard.language import tr, trn
from dashboard.situation import Here, acting
from dashboard.told import told
from dashboard.words import FIELD_TITLES, literal, short
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
        tr("Register file: {forms}, up to {mb} MB", forms=", ".join(FORMS), mb=LARGEST_MB), type=FORMS,
        max_upload_size=LARGEST_MB,
        key=f"import_file_{st.session_state.get(_TURN, 0)}", on_change=_forget,
    )  # fmt: skip
    if file is None:
        st.caption(
            tr("An asset is known by its external reference, else by its id: taking the same file in twice is safe.")
        )
        return
    content = file.getvalue()
    try:
        columns = read_table(file.name, content).columns
        guessed = guess_mapping(columns)
    except LamplighterError as error:
        st.error(literal(told(str(error))), icon=":material/error:")
        return
    with st.form("import", border=False):
        st.caption(tr("Which column says what. Columns that are left over stay with the asset as they are."))
        choices = [LEFT_ALONE, *columns]
        with st.grid(4, min_column_width=160, gap="small"):
            for field in FIELDS:
                st.selectbox(
                    FIELD_TITLES[field], choices, index=choices.index(guessed[field]) if field in guessed else 0,
                    key=f"map_{field}", format_func=lambda name: short(name, 60),
                )  # fmt: skip
        with st.container(horizontal=True):
            arguments = (at, file.name, content)
            st.form_submit_button(tr("Check"), icon=":material/rule:", on_click=_take, args=(*arguments, True))
            st.form_submit_button(
                tr("Take in"), icon=":material/upload:", type="primary", on_click=_take, args=(*arguments, False)
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
            return tr("Taken in: {created} new, {updated} changed.", created=report.created, updated=report.updated)
        return tr("Checked: nothing was changed.") if dry_run else tr("Not taken in: some rows have problems.")

    attempt(act)


def _forget() -> None:
    st.session_state.pop(_REPORT, None)


def _tell(report: ImportReport) -> None:
    counts = {name: f"{getattr(report, name):,}" for name in ("created", "updated", "unchanged")}
    rows = trn("**{n} row.**", "**{n} rows.**", report.rows)
    summary = (
        tr("{created} were new, {updated} changed, {unchanged} stay as they are.", **counts)
        if report.done
        else tr("{created} would be new, {updated} changed, {unchanged} stay as they are.", **counts)
    )
    st.markdown(f"{rows} {summary}")
    if report.kept_as_attributes:
        st.caption(tr("Kept as they are: {names}", names=literal(short(", ".join(report.kept_as_attributes), 300))))
    if not report.problems:
        return
    st.error(
        trn(
            "{n} problem. Nothing is taken in until it is mended in the file.",
            "{n} problems. Nothing is taken in until they are mended in the file.",
            len(report.problems),
        ),
        icon=":material/error:",
    )
    shown = report.problems[:_PROBLEMS_SHOWN]
    st.dataframe(
        {
            tr("Row"): [p.row for p in shown],
            tr("Column"): [short(p.column, 60) for p in shown],
            tr("Problem"): [short(told(p.message), 300) for p in shown],
        },
        hide_index=True,
        alt=tr("Problems of the file, row by row"),
    )
