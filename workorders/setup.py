"""What every store holds from its first day: a site, service levels and somebody to act as."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workorders.schema.policy import SlaPolicy
from workorders.schema.register import Person, Site, Team
from workorders.words import Role

MINUTE, HOUR, DAY = 60, 3600, 86_400

DEFAULT_TARGETS = {
    1: (5 * MINUTE, 20 * MINUTE),
    2: (15 * MINUTE, 2 * HOUR),
    3: (HOUR, DAY),
    4: (DAY, 5 * DAY),
}
"""Priority -> (response, resolution) in seconds. P1 is the deployment's 20-minute loop; the others common practice."""

_PEOPLE = (
    ("viewer", "Viewer", Role.VIEWER, None),
    ("operator", "Operator", Role.OPERATOR, "control-room"),
    ("manager", "Manager", Role.MANAGER, "control-room"),
)
_TEAMS = (("control-room", "Control room"), ("lighting", "Lighting crew"), ("grounds", "Grounds crew"))


def prepare(session: Session, now: datetime) -> bool:
    """Add the first rows; False in a store that has them."""
    if session.scalar(select(func.count()).select_from(Site)):
        return False
    session.add(Site(name="My site", time_zone="UTC", is_demo=False, created_at=now))
    session.add_all(default_policies(now))
    session.add_all(Team(id=handle, name=name) for handle, name in _TEAMS)
    session.flush()
    session.add_all(Person(id=i, name=n, role=r, team_id=t) for i, n, r, t in _PEOPLE)
    return True


def default_policies(now: datetime) -> list[SlaPolicy]:
    """The service levels a store begins with."""
    return [
        SlaPolicy(
            priority=priority,
            response_s=response,
            resolution_s=resolution,
            calendar=None,
            valid_from=now,
            valid_to=None,
            set_by="system",
        )
        for priority, (response, resolution) in DEFAULT_TARGETS.items()
    ]
