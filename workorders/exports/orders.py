"""Orders as CSV, Excel, GeoJSON and Open311 JSON. Times are the site's, and say so."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from detectors.errors import LamplighterError
from detectors.issues import ISSUES
from workorders.clock import zone
from workorders.exports.tables import Cell, Say, csv_bytes, excel_bytes, local
from workorders.queries.orders import OrderFilter, Sort, order_ids, row_columns, to_row
from workorders.register.sites import current_site
from workorders.schema import WorkOrder
from workorders.store import Store
from workorders.words import OPEN_STATES

FORMATS = ("csv", "xlsx", "geojson", "open311")
_BATCH = 1_000

_TIMES = ("Opened", "First seen", "Last seen", "Response due", "Resolution due", "Acknowledged", "Assigned", "Started",
          "Resolved", "Verified", "Closed")  # fmt: skip
_HEADINGS = ("Order", "Issue", "Priority", "State", "Asset", "Asset kind", "Place", "Latitude", "Longitude", "Camera",
             "Assignee", "Team", "Sightings", "Score", "Re-opened", "Late", "Response met", "Resolution met",
             "Running minutes to resolution", "On hold minutes", "Dismiss reason", "Part of order")  # fmt: skip
TABLE_WORDS = (*_HEADINGS, *_TIMES, "Orders", "demo data", "yes", "no")
"""Every word of the CSV and Excel files that is neither a code nor kept in the store."""


def export_orders(
    store: Store,
    form: str,
    wanted: OrderFilter | None = None,
    say: Say = str,
    sort: Sort = Sort.NUMBER,
    descending: bool = False,
) -> bytes:
    """All orders that a filter chooses, in one of `FORMATS`, in the order in which a table shows them.

    Args:
        say: says `TABLE_WORDS` in the reader's language. Issues, states and reasons stay codes in every language, and
            so do all names of GeoJSON and Open311: programs read them.

    Raises:
        LamplighterError: no such format.
    """
    if form not in FORMATS:
        raise LamplighterError(f"Orders are exported as {', '.join(FORMATS)}; not as '{form}'.")
    with store.read() as session:
        site = current_site(session)
        name, local_zone = site.name + (f" ({say('demo data')})" if site.is_demo else ""), zone(site.time_zone)
    found = _orders(store, order_ids(store, wanted or OrderFilter(), sort, descending))
    if form == "geojson":
        features = [_feature(order, row, local_zone) for order, row in found]
        document = {"type": "FeatureCollection", "name": name, "time_zone": local_zone.key, "features": features}
        return json.dumps(document, ensure_ascii=False).encode()
    if form == "open311":
        return json.dumps([_request(order, row, name, local_zone) for order, row in found], ensure_ascii=False).encode()
    headings = (*map(say, _HEADINGS), *(f"{say(t)} ({local_zone.key})" for t in _TIMES))
    rows = (_cells(order, row, local_zone, say) for order, row in found)
    return csv_bytes(headings, rows) if form == "csv" else excel_bytes(f"{say('Orders')} {name}", headings, rows)


def _orders(store: Store, numbers: Sequence[int]) -> Iterator[tuple[WorkOrder, Any]]:
    """Orders with their row of the table, read in batches so that no read transaction stays open long."""
    now = store.now()
    for start in range(0, len(numbers), _BATCH):
        batch = numbers[start : start + _BATCH]
        with store.read() as session:
            found = session.execute(row_columns(now).where(WorkOrder.id.in_(batch)))
            rows = {row[0].id: (row[0], to_row(row)) for row in found}
        yield from (rows[number] for number in batch if number in rows)


def _times(order: WorkOrder) -> tuple[datetime | None, ...]:
    return (
        order.opened_at, order.first_seen, order.last_seen, order.response_due, order.resolution_due,
        order.acknowledged_at, order.assigned_at, order.started_at, order.resolved_at, order.verified_at,
        order.closed_at,
    )  # fmt: skip


def _cells(order: WorkOrder, row: Any, local_zone: ZoneInfo, say: Say) -> list[Cell]:
    yes = {None: "", True: say("yes"), False: say("no")}
    took = order.resolution_took_s
    return [
        order.id, order.issue, f"P{order.priority}", order.state.value, order.asset_id or row.asset_label,
        order.asset_kind, order.place, order.latitude, order.longitude, order.camera_id, row.assignee, row.team,
        order.sightings, round(order.score, 3), order.reopened, yes[row.is_late], yes[order.response_met],
        yes[order.resolution_met], None if took is None else round(took / 60, 2), round(order.paused_s / 60, 2),
        order.dismiss_reason.value if order.dismiss_reason else "", order.parent_id,
        *(local(at, local_zone) for at in _times(order)),
    ]  # fmt: skip


def _feature(order: WorkOrder, row: Any, local_zone: ZoneInfo) -> dict[str, Any]:
    place = order.latitude is not None and order.longitude is not None
    times = {
        t.lower().replace(" ", "_"): at.astimezone(local_zone).isoformat(timespec="seconds") if at else None
        for t, at in zip(_TIMES, _times(order), strict=True)
    }
    return {
        "type": "Feature",
        "id": order.id,
        "geometry": {"type": "Point", "coordinates": [order.longitude, order.latitude]} if place else None,
        "properties": {
            "issue": order.issue,
            "priority": order.priority,
            "state": order.state.value,
            "asset_id": order.asset_id,
            "asset_kind": order.asset_kind,
            "place": order.place,
            "camera": order.camera_id,
            "assignee": row.assignee,
            "team": row.team,
            "late": row.is_late,
            "resolution_met": order.resolution_met,
            **times,
        },
    }


def _request(order: WorkOrder, row: Any, agency: str, local_zone: ZoneInfo) -> dict[str, Any]:
    """An Open311 GeoReport v2 service request; our states collapse to its open and closed."""

    def said(at: datetime) -> str:
        return at.astimezone(local_zone).isoformat(timespec="seconds")

    issue = ISSUES.get(order.issue)
    title = issue.title if issue else order.issue
    changed = max(at for at in (*_times(order)[5:], order.opened_at) if at is not None)
    return {
        "service_request_id": str(order.id),
        "status": "open" if order.state in OPEN_STATES else "closed",
        "status_notes": order.state.value + (f": {order.dismiss_reason.value}" if order.dismiss_reason else ""),
        "service_code": order.issue,
        "service_name": title,
        "description": f"{title} at {row.asset_label}".strip(),
        "agency_responsible": row.team or agency,
        "requested_datetime": said(order.opened_at),
        "updated_datetime": said(changed),
        "expected_datetime": said(order.resolution_due),
        "address": order.place,
        "lat": order.latitude,
        "long": order.longitude,
        "media_url": None,
        "extended_attributes": {"asset_id": order.asset_id, "priority": order.priority},
    }
