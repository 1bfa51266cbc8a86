"""When a confirmed finding raises an order: how long it must have lasted, and how sure the machine must be.

The site sets both for each issue; without a rule a confirmed finding raises its order at once. A finding that does not
raise one yet is kept and judged again with every look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from detectors.errors import LamplighterError
from detectors.issues import issue_type
from workorders.actors import Actor
from workorders.register.sites import current_site
from workorders.register.tuning import note_change
from workorders.store import Store
from workorders.words import SiteSetting

LONGEST_DWELL_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Rule:
    """What a finding of one issue must have.

    Attributes:
        dwell_s: seconds from first to last sighting, 0 for none.
        score: least mean score, 0-1.
    """

    dwell_s: float = 0.0
    score: float = 0.0

    def raises(self, first_seen: datetime, last_seen: datetime, score: float) -> bool:
        """Whether a finding that lasted so long, seen with such a score, raises an order."""
        return (last_seen - first_seen).total_seconds() >= self.dwell_s and score >= self.score


AT_ONCE = Rule()
Rules = Mapping[str, Rule]
"""Rules by issue code; an issue without one raises at once."""


def rules_in_force(session: Session) -> dict[str, Rule]:
    """The site's rules."""
    return read_rules(current_site(session).rules)


def read_rules(kept: Mapping[str, Any] | None) -> dict[str, Rule]:
    """Rules as the site keeps them, as JSON."""
    return {issue: Rule(float(one["dwell_s"]), float(one["score"])) for issue, one in (kept or {}).items()}


def set_rules(store: Store, actor: Actor, rules: Rules) -> None:
    """Put rules in force from now on, instead of all there were.

    Raises:
        NotAllowed: the actor is no manager.
        LamplighterError: an issue that nobody knows, or a limit that cannot be.
    """
    actor.must_manage()
    for issue, rule in rules.items():
        issue_type(issue)
        if not 0 <= rule.dwell_s <= LONGEST_DWELL_S:
            raise LamplighterError("A finding can be asked to last between 0 seconds and a day.")
        if not 0 <= rule.score <= 1:
            raise LamplighterError("A least score lies between 0 and 1.")
    with store.write() as work:
        site = current_site(work.session)
        before = dict(site.rules or {})
        after = {i: {"dwell_s": r.dwell_s, "score": r.score} for i, r in rules.items() if r != AT_ONCE}
        for issue in sorted(before.keys() | after.keys()):
            if before.get(issue) != after.get(issue):
                note_change(work.session, store, actor, SiteSetting.RULES, issue, before.get(issue), after.get(issue))
        site.rules = after or None
        work.commit()
