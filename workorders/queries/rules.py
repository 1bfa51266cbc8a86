"""What other rules would have changed: the stored findings of the last days, judged again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from workorders.orders.rules import AT_ONCE, Rules, rules_in_force
from workorders.schema import FindingRow, WorkOrder
from workorders.store import Store
from workorders.words import OrderState

LOOK_BACK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class RulePreview:
    """One issue in the time that was looked at.

    Attributes:
        orders: orders that its findings raised.
        fewer: of these, orders that no finding would have raised under the new rules; `fewer_dismissed` of them were
            dismissed by people, so they would hardly be missed.
        more: findings that raised nothing and would have.
    """

    issue: str
    orders: int
    fewer: int
    fewer_dismissed: int
    more: int


def rules(store: Store) -> Rules:
    """The rules in force."""
    with store.read() as session:
        return rules_in_force(session)


def preview(store: Store, wanted: Rules, back: timedelta = LOOK_BACK) -> tuple[RulePreview, ...]:
    """What rules would have changed, for every issue that had findings, the most changed first.

    It rests on the findings that were confirmed, each as long as it lasted and with its mean score in the end. What
    was never confirmed is not stored and cannot come back; a finding that was suppressed stays so.
    """
    since = store.now() - back
    columns = (
        FindingRow.issue, FindingRow.order_id, FindingRow.first_seen, FindingRow.last_seen, FindingRow.score,
        WorkOrder.state,
    )  # fmt: skip
    chosen = (
        select(*columns)
        .outerjoin(WorkOrder, WorkOrder.id == FindingRow.order_id)
        .where(FindingRow.first_seen >= since, FindingRow.suppression_id.is_(None))
    )
    by_issue: dict[str, list[Any]] = defaultdict(list)
    with store.read() as session:
        for row in session.execute(chosen):
            by_issue[row.issue].append(row)
    told = [_judged(issue, rows, wanted) for issue, rows in by_issue.items()]
    return tuple(sorted(told, key=lambda one: (-one.fewer - one.more, one.issue)))


def _judged(issue: str, rows: Iterable[Any], wanted: Rules) -> RulePreview:
    rule = wanted.get(issue, AT_ONCE)
    states: dict[int, OrderState] = {}
    raised: dict[int, bool] = defaultdict(bool)
    more = 0
    for row in rows:
        passes = rule.raises(row.first_seen, row.last_seen, row.score)
        if row.order_id is None:
            more += passes
        else:
            states[row.order_id] = row.state
            raised[row.order_id] |= passes
    fewer = [order for order, still in raised.items() if not still]
    dismissed = sum(states[order] is OrderState.DISMISSED for order in fewer)
    return RulePreview(issue, len(raised), len(fewer), dismissed, more)


def newest_finding(store: Store) -> datetime | None:
    """When the latest finding was first seen; None when there never was one."""
    with store.read() as session:
        return session.scalar(select(FindingRow.first_seen).order_by(FindingRow.first_seen.desc()).limit(1))
