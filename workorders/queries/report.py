"""The figures of a report: orders of a time, added up from its days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from workorders.queries.days import OpenedDay, opened_days
from workorders.schema import Asset, Camera
from workorders.store import Store

Key = TypeVar("Key")

MOST_TIMES = 5_000
"""Distributions are of at most this many of the latest orders: enough for every share to be good to a point or two."""
_TOP = 10


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
    with store.read() as session:
        days = opened_days(session, since)
        return Report(
            opened=sum(day.opened for day in days),
            resolved=sum(day.resolved for day in days),
            dismissed=sum(day.dismissed for day in days),
            false_alarms=sum(day.false_alarms for day in days),
            by_issue=_most_first(_together(day.issues for day in days)),
            by_place=_places(session, days),
            by_hour=_together(day.hours for day in days),
            by_month=dict(sorted(_together(day.months for day in days).items())),
            response_s=_latest(day.responses_s for day in days),
            resolution_s=_latest(day.resolutions_s for day in days),
            offenders=_offenders(session, days),
        )


def _together(counts: Iterable[Mapping[Key, int]]) -> dict[Key, int]:
    # Not Counter's own addition: it makes a new counter for every day, ten times as slow for a year.
    total: dict[Key, int] = {}
    for one in counts:
        for key, number in one.items():
            total[key] = total.get(key, 0) + number
    return total


def _most_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _places(session: Session, days: Iterable[OpenedDay]) -> dict[str, int]:
    """Orders by place; one without a place of its own is where its camera is."""
    places = _together(day.places for day in days)
    names: dict[str | None, str] = dict(session.execute(select(Camera.id, Camera.name)).all())
    for camera, number in _together(day.places_of_cameras for day in days).items():
        place = names.get(camera, "")
        places[place] = places.get(place, 0) + number
    return _most_first(places)


def _latest(times: Iterable[Iterable[float | None]]) -> tuple[float, ...]:
    return tuple(took for took in islice(chain.from_iterable(times), MOST_TIMES) if took is not None)


def _offenders(session: Session, days: Iterable[OpenedDay]) -> tuple[Offender, ...]:
    counts = Counter(chain.from_iterable(day.assets for day in days))
    several = [(asset, number) for asset, number in counts.items() if number > 1]
    most = dict(sorted(several, key=lambda item: (-item[1], item[0]))[:_TOP])
    assets = session.execute(select(Asset.id, Asset.kind, Asset.name).where(Asset.id.in_(most)))
    named = {handle: (kind, name or handle) for handle, kind, name in assets}
    return tuple(Offender(asset, *named[asset], number) for asset, number in most.items() if asset in named)
