"""What cameras last said of each asset: the latest answers with counts, instead of every frame's observations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from detectors.values import Look, Observation, Presence
from workorders.schema import Asset, AssetCheck
from workorders.words import Condition, Power

_POWER = {
    ("light_out", Presence.PRESENT): Power.OFF,
    ("light_out", Presence.ABSENT): Power.ON,
    ("light_on_by_day", Presence.PRESENT): Power.ON,
    ("light_on_by_day", Presence.ABSENT): Power.OFF,
}
"""What an answer about a light tells of its power: out at night is off, not out at night is on, and so on."""


@dataclass(slots=True)
class _Tally:
    latest: Observation
    at: datetime
    counts: dict[Presence, int] = field(default_factory=lambda: dict.fromkeys(Presence, 0))


class Checks:
    """Gathers the answers of one camera between two writes."""

    def __init__(self, camera_id: str) -> None:
        self._camera_id = camera_id
        self._tallies: dict[tuple[str, str], _Tally] = {}

    def add(self, look: Look) -> None:
        """Take in a look; one that is suspended says nothing of any asset."""
        if look.suspended:
            return
        for seen in look.observations:
            if seen.asset_id is None or seen.asset_kind == "camera":
                continue
            tally = self._tallies.setdefault((seen.asset_id, seen.issue), _Tally(seen, look.frame.at))
            tally.latest, tally.at = seen, look.frame.at
            tally.counts[seen.presence] += 1

    def write(self, session: Session) -> None:
        """Add what was gathered to the rows of the assets that are registered, within a transaction."""
        ids = {asset_id for asset_id, _ in self._tallies}
        # Two questions for all: one for each asset and issue took three quarters of a look's time in the database.
        assets = {a.id: a for a in session.scalars(select(Asset).where(Asset.id.in_(ids)))}
        known = select(AssetCheck).where(AssetCheck.camera_id == self._camera_id, AssetCheck.asset_id.in_(ids))
        rows = {(r.asset_id, r.issue): r for r in session.scalars(known)}
        for (asset_id, issue), tally in self._tallies.items():
            asset = assets.get(asset_id)
            if asset is None:
                continue
            row = rows.get((asset_id, issue))
            if row is None:
                row = AssetCheck(asset_id=asset_id, camera_id=self._camera_id, issue=issue, present=0, absent=0)
                row.unknown = 0
                session.add(row)
            seen = tally.latest
            # A recording of yesterday may be inspected today: what was seen since then stands.
            if row.at is None or tally.at >= row.at:
                row.presence, row.score, row.reason, row.at = seen.presence.value, seen.score, seen.reason, tally.at
            row.present += tally.counts[Presence.PRESENT]
            row.absent += tally.counts[Presence.ABSENT]
            row.unknown += tally.counts[Presence.UNKNOWN]
            if asset.last_checked_at is None or tally.at >= asset.last_checked_at:
                asset.last_checked_at = tally.at
                asset.power = _POWER.get((issue, seen.presence), asset.power)
            if seen.presence is Presence.ABSENT and asset.condition is Condition.UNKNOWN:
                asset.condition = Condition.OK

    def clear(self) -> None:
        """Start anew, once what was gathered is committed."""
        self._tallies.clear()
