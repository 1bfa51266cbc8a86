"""What a report is made of: figures, charts and tables of a time, for the page and for the file that is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import plotly.graph_objects as go

from dashboard.language import listed, tr
from dashboard.times import span
from dashboard.told import told_name
from dashboard.views.charts import bars, orders_a_week, share_text, spread
from dashboard.words import DISMISS_TITLES, issue_title, kind_title, priority_title, short
from workorders.queries.attainment import AttainmentRow, WeekRow, by_week, levels
from workorders.queries.costs import CameraCost, camera_costs
from workorders.queries.overview import TARGET
from workorders.queries.report import Report, report
from workorders.store import Store

_TOP = 10
_LEAST_DAYS = 1 / 24
"""Less than an hour of cameras' time gives no rate by the day."""


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that a report says, as the store has it.

    Attributes:
        levels: attainment by priority, issue and team.
    """

    days: int
    figures: Report
    weeks: tuple[WeekRow, ...]
    levels: tuple[tuple[AttainmentRow, ...], ...]
    costs: tuple[CameraCost, ...]

    @property
    def camera_days(self) -> float:
        """Days of cameras' time that were looked at."""
        return sum(cost.inspected_s for cost in self.costs) / 86_400


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its name, and what it means."""

    name: str
    value: str
    meaning: str = ""


def told(store: Store, since: datetime, days: int) -> Told:
    """Read a report's figures."""
    weeks = by_week(store, max(4, days // 7 + 1))
    return Told(days, report(store, since), weeks, levels(store, since), camera_costs(store, since))


def figures(of: Told) -> list[Figure]:
    """The numbers on top."""
    counted, times = of.figures, sorted(of.figures.resolution_s)
    alarms = f"{counted.false_alarms / of.camera_days:.2f}" if of.camera_days >= _LEAST_DAYS else "—"
    return [
        Figure(tr("Opened"), f"{counted.opened:,}"),
        Figure(tr("Resolved"), f"{counted.resolved:,}"),
        Figure(
            tr("50 % within"), _within(times, 0.5),
            tr("Running clock from opening to the report of the repair, time on hold left out."),
        ),
        Figure(tr("90 % within"), _within(times, 0.9)),
        Figure(
            tr("Dismissed"), share_text(counted.dismissed, counted.opened),
            tr(
                "Share of the orders that people dismissed ({reasons}).",
                reasons=listed(DISMISS_TITLES.values()).lower(),
            ),
        ),
        Figure(
            tr("False alarms a day"), alarms,
            tr(
                "Orders dismissed as a false alarm or a wrong asset, for each day of a camera's time that was "
                "looked at ({days} camera-days).",
                days=f"{of.camera_days:.1f}",
            ),
        ),
    ]  # fmt: skip


def charts(of: Told, zone: str) -> list[tuple[str, str, go.Figure]]:
    """Key, title and figure of every chart."""
    counted, target = of.figures, TARGET.total_seconds()
    months = [day.strftime(tr("%Y-%m")) for day in counted.by_month]
    hours = [counted.by_hour.get(hour, 0) for hour in range(24)]
    times = [
        ("responses", tr("Time to the first answer"), counted.response_s, None),
        ("resolutions", tr("Time to the repair, within 20 minutes marked"), counted.resolution_s, target),
    ]
    return [
        ("weeks", tr("Orders a week"), orders_a_week(of.weeks, 260)),
        ("months", tr("By month"), bars(months, list(counted.by_month.values()), 260)),
        ("hours", tr("By hour of the day, {zone}", zone=zone), bars([f"{h:02}" for h in range(24)], hours, 260)),
        ("issues", tr("By issue"), _counted(counted.by_issue, issue_title)),
        ("places", tr("By place"), _counted(counted.by_place, lambda place: short(told_name(place), 40) or "—")),
        *((key, title, spread(took, within, 240)) for key, title, took, within in times if took),
    ]


def tables(of: Told) -> list[tuple[str, pd.DataFrame]]:
    """Title and rows of the tables of service levels; none where nothing was repaired."""
    named: Sequence[tuple[str, Callable[[str], str]]] = (
        (tr("Priority"), lambda name: priority_title(int(name))),
        (tr("Issue"), issue_title),
        (tr("Team"), lambda name: name or tr("no team")),
    )
    return [
        (tr("Service levels by {what}", what=title.lower()), _levels(title, [name(row.name) for row in rows], rows))
        for (title, name), rows in zip(named, of.levels, strict=True)
        if rows
    ]


def cost_table(of: Told) -> tuple[str, pd.DataFrame]:
    """Title and rows of what each camera cost."""
    return tr("Cost by camera"), _costs(of.costs)


def offenders(of: Told) -> pd.DataFrame:
    """Assets with more than one order in the time."""
    rows = of.figures.offenders
    return pd.DataFrame(
        {
            tr("Asset"): [row.asset_id for row in rows],
            tr("Kind"): [kind_title(row.kind) for row in rows],
            tr("Name"): ["" if row.name == row.asset_id else short(row.name, 80) for row in rows],
            tr("Orders"): [row.orders for row in rows],
        }
    )


def _within(times: Sequence[float], share: float) -> str:
    return span(times[min(len(times) - 1, int(len(times) * share))]) if times else "—"


def _counted(counts: Mapping[str, int], title: Callable[[str], str]) -> go.Figure:
    top = Counter(counts).most_common(_TOP)
    names, values = [title(name) for name, _ in top], [count for _, count in top]
    if rest := sum(counts.values()) - sum(values):
        names, values = [*names, tr("others")], [*values, rest]
    return bars(names, values, 90 + 26 * len(names), across=True)


def _levels(title: str, names: Sequence[str], rows: Sequence[AttainmentRow]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            title: [short(name, 60) for name in names],
            tr("Resolved"): [row.resolved for row in rows],
            tr("In time"): [share_text(row.in_policy, row.resolved) for row in rows],
            tr("In 20 min"): [share_text(row.in_target, row.resolved) for row in rows],
            tr("Mean"): [span(row.mean_s) if row.mean_s is not None else "—" for row in rows],
        }
    )


def _costs(rows: Sequence[CameraCost]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            tr("Camera"): [short(row.camera_id, 60) for row in rows],
            tr("Hours inspected"): [round(row.inspected_s / 3_600, 2) for row in rows],
            tr("Of recordings"): [round(row.recorded_s / 3_600, 2) for row in rows],
            tr("Watched live"): [round(row.watched_s / 3_600, 2) for row in rows],
            tr("Computing, s"): [round(row.computed_s) for row in rows],
            tr("Computing for an hour, s"): [
                None if row.computing_an_hour is None else round(row.computing_an_hour) for row in rows
            ],
        }
    )
