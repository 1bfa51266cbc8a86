"""The figures of a report: orders of a time, counted by the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, case, cast, extract, func, select
from sqlalchemy.orm import Session

from workorders.clock import zone
from workorders.register.sites import current_site
from workorders.schema import Asset, Camera, WorkOrder
from workorders.store import Store
from workorders.words import DismissReason, OrderState

MOST_TIMES = 5_000
"""Distributions are of at most this many of the latest orders: enough for every share to be good to a point or two."""
_TOP = 10
_HOUR_S, _QUARTER_S = 3_600, 900
_WHOLE_HOURS = frozenset(timedelta(hours=hours) for hours in range(-23, 24))


@dataclass(frozen=True, slots=True)
class Offender:
    """An asset with several orders in the time."""

    asset_id: str
    kind: str | None
    name: str
    orders: int


@dataclass(frozen=True, slots=True)
class Report:
    """Orders opened since a moment.

    Attributes:
        by_hour: hour of the day on the site's wall clock -> orders opened in it.
        by_month: first day of each month that had orders -> orders opened in it.
        by_place: the places with most orders; "" for orders without a place.
        response_s, resolution_s: seconds to the first answer and to the repair, of the latest orders that had one.
        false_alarms: dismissed as a false alarm or as the wrong asset.
    """

    opened: int
    resolved: int
    dismissed: int
    false_alarms: int
    by_issue: Mapping[str, int]
    by_place: Mapping[str, int]
    by_hour: Mapping[int, int]
    by_month: Mapping[date, int]
    response_s: tuple[float, ...]
    resolution_s: tuple[float, ...]
    offenders: tuple[Offender, ...]


def report(store: Store, since: datetime) -> Report:
    """All figures, read at one moment."""
    inside = WorkOrder.opened_at >= since
    with store.read() as session:
        hours, months = _by_time(session, since)
        issues, places = _by_issue_and_place(session, inside)
        responses, resolutions = _times(session, inside)
        opened, resolved, dismissed, false_alarms = session.execute(_COUNTS.where(inside)).one()
        return Report(
            opened=opened,
            resolved=resolved,
            dismissed=dismissed,
            false_alarms=false_alarms,
            by_issue=issues,
            by_place=places,
            by_hour=hours,
            by_month=months,
            response_s=responses,
            resolution_s=resolutions,
            offenders=_offenders(session, inside),
        )


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


_COUNTS = select(
    func.count(),
    _how_many(WorkOrder.resolved_at.is_not(None)),
    _how_many(WorkOrder.state == OrderState.DISMISSED),
    _how_many(WorkOrder.dismiss_reason.in_((DismissReason.FALSE_ALARM, DismissReason.WRONG_ASSET))),
).select_from(WorkOrder)


def _by_issue_and_place(session: Session, inside: ColumnElement[bool]) -> tuple[dict[str, int], dict[str, int]]:
    """Orders by issue and by place, those with most first; counted in one pass, added up here."""
    place = func.coalesce(func.nullif(WorkOrder.place, ""), Camera.name, "")
    issues: Counter[str] = Counter()
    places: Counter[str] = Counter()
    counted = (
        select(WorkOrder.issue, place, func.count())
        .outerjoin(Camera, Camera.id == WorkOrder.camera_id)
        .where(inside)
        .group_by(WorkOrder.issue, place)
    )
    for issue, where, number in session.execute(counted):
        issues[issue] += number
        places[where] += number
    return _most_first(issues), _most_first(places)


def _most_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _by_time(session: Session, since: datetime) -> tuple[dict[int, int], dict[date, int]]:
    """Orders by local hour and month. Counted in hours, or in the quarters of one where the zone's offset cuts them."""
    local = zone(current_site(session).time_zone)
    # Zones whose offset is whole hours now were not always so; a report reaches back a year.
    whole = all((since + timedelta(days=n)).astimezone(local).utcoffset() in _WHOLE_HOURS for n in range(0, 400, 25))
    step = _HOUR_S if whole else _QUARTER_S
    sqlite = session.get_bind().dialect.name == "sqlite"
    # SQLite keeps times as text and cannot extract an epoch from them.
    epoch = func.strftime("%s", WorkOrder.opened_at) if sqlite else func.floor(extract("epoch", WorkOrder.opened_at))
    period = cast(epoch, BigInteger) // step
    hours: Counter[int] = Counter()
    months: Counter[date] = Counter()
    counted = select(period, func.count()).where(WorkOrder.opened_at >= since).group_by(period)
    for number, count in session.execute(counted):
        at = datetime.fromtimestamp(int(number) * step, UTC).astimezone(local)
        hours[at.hour] += count
        months[at.date().replace(day=1)] += count
    return dict(hours), dict(sorted(months.items()))


def _times(session: Session, inside: ColumnElement[bool]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    answered = func.coalesce(
        WorkOrder.acknowledged_at, WorkOrder.assigned_at, WorkOrder.started_at, WorkOrder.resolved_at,
        type_=WorkOrder.opened_at.type,
    )  # fmt: skip
    rows = session.execute(
        select(WorkOrder.opened_at, answered, WorkOrder.resolution_took_s)
        .where(inside)
        .order_by(WorkOrder.opened_at.desc())
        .limit(MOST_TIMES)
    ).all()
    responses = (max(timedelta(), at - opened).total_seconds() for opened, at, _ in rows if at is not None)
    return tuple(responses), tuple(took for _, _, took in rows if took is not None)


def _offenders(session: Session, inside: ColumnElement[bool]) -> tuple[Offender, ...]:
    # By an expression: by the bare column SQLite goes through its index and all orders, 170 ms for a year and not 21.
    asset, counted = func.coalesce(WorkOrder.asset_id, "").label("asset"), func.count().label("counted")
    most = (
        select(asset, counted)
        .where(inside, WorkOrder.asset_id.is_not(None))
        .group_by(asset)
        .having(counted > 1)
        .order_by(counted.desc(), asset)
        .limit(_TOP)
        .subquery()
    )
    rows = session.execute(
        select(Asset.id, Asset.kind, func.coalesce(func.nullif(Asset.name, ""), Asset.id), most.c.counted)
        .join(most, most.c.asset == Asset.id)
        .order_by(most.c.counted.desc(), Asset.id)
    )
    return tuple(Offender(handle, kind, name, count) for handle, kind, name, count in rows)
