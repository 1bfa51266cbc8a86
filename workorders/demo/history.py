"""Two made-up years of orders. Each went the way real ones go, with its log; the ratios are those of the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log
from random import Random
from typing import Any

from detectors.issues import ISSUES
from workorders.setup import DEFAULT_TARGETS
from workorders.words import DismissReason, OrderState

S = OrderState

_ISSUES = {
    "street_light": (("light_out", 60), ("light_on_by_day", 14), ("light_flickering", 18), ("light_damaged", 8)),
    "tree": (("tree_leaning", 45), ("tree_bare", 30), ("tree_fallen", 25)),
    "path": (("path_obstructed", 45), ("litter", 30), ("path_flooded", 15), ("path_damaged", 10)),
    "lawn": (("litter", 100),),
    "bench": (("asset_missing", 100),),
    "bin": (("bin_overflowing", 95), ("asset_missing", 5)),
}
_KIND_WEIGHT = {"street_light": 1.0, "tree": 0.35, "path": 6.0, "lawn": 5.0, "bench": 0.15, "bin": 3.0}
_CREWS = {"street_light": "lighting"}
_MEDIAN_S, _SPREAD, _SLOWEST_IN_TARGET_S = 430.0, 0.38, 1_150.0
_DISMISSED, _HELD = 0.035, 0.01


@dataclass(frozen=True, slots=True)
class Share:
    """What part of the orders goes which way.

    Attributes:
        in_target: share settled within 20 minutes of running clock.
    """

    in_target: float = 0.985


class History:
    """Makes rows of orders and of their log, one order after the other."""

    def __init__(
        self, assets: list[dict[str, Any]], cameras: dict[str, str], policies: dict[int, int], site_id: int,
        share: Share, rng: Random,
    ) -> None:  # fmt: skip
        self._assets = {a["id"]: a for a in assets}
        self._ids = list(self._assets)
        self._weights = [_KIND_WEIGHT[a["kind"]] for a in assets]
        self._cameras, self._policies, self._site_id = cameras, policies, site_id
        self._share, self._rng = share, rng
        self.orders: list[dict[str, Any]] = []
        self.log: list[dict[str, Any]] = []

    def choose(self, count: int) -> list[str]:
        """Assets that something happens to, the busy kinds more often."""
        return self._rng.choices(self._ids, self._weights, k=count)

    def ended(self, number: int, asset_id: str, opened: datetime) -> None:
        """An order that was settled, or dismissed."""
        order = self._born(number, asset_id, opened)
        acknowledged = opened + timedelta(seconds=self._rng.uniform(15, 200))
        self._say(order, "acknowledge", S.ACKNOWLEDGED, acknowledged)
        order["acknowledged_at"] = acknowledged
        order["response_met"] = acknowledged <= order["response_due"]
        if self._rng.random() < _DISMISSED:
            self._dismiss(order, acknowledged + timedelta(seconds=self._rng.uniform(20, 300)))
        else:
            self._settle(order, acknowledged)
        self.orders.append(order)

    def still_open(self, number: int, asset_id: str, opened: datetime, state: OrderState) -> None:
        """An order that people are at work on."""
        order = self._born(number, asset_id, opened)
        at = opened
        path = (S.ACKNOWLEDGED, S.ASSIGNED, S.IN_PROGRESS)
        for reached, action in zip(path, ("acknowledge", "assign", "start"), strict=True):
            if state is S.NEW or order["state"] == state:
                break
            at += timedelta(seconds=self._rng.uniform(20, 90))
            self._say(order, action, reached, at)
            order[{S.ACKNOWLEDGED: "acknowledged_at", S.ASSIGNED: "assigned_at"}.get(reached, "started_at")] = at
            if reached is S.ACKNOWLEDGED:
                order["response_met"] = at <= order["response_due"]
            if reached is S.ASSIGNED:
                order["team_id"], order["assignee_id"] = self._crew(order), "operator"
        if state is S.ON_HOLD:
            order["held_at"] = at + timedelta(seconds=60)
            self._say(order, "hold", S.ON_HOLD, order["held_at"], "waits for a spare part")
        self.orders.append(order)

    def _born(self, number: int, asset_id: str, opened: datetime) -> dict[str, Any]:
        asset, rng = self._assets[asset_id], self._rng
        choices = _ISSUES[asset["kind"]]
        issue = rng.choices([c for c, _ in choices], [w for _, w in choices])[0]
        priority = ISSUES[issue].priority
        response_s, resolution_s = DEFAULT_TARGETS[priority]
        x, y = rng.uniform(0.1, 0.8), rng.uniform(0.1, 0.7)
        order = dict.fromkeys(_EMPTY)
        order |= {
            "id": number, "version": 1, "site_id": self._site_id, "issue": issue, "priority": priority,
            "state": S.NEW, "subject": f"asset:{asset_id}", "camera_id": self._cameras.get(asset_id),
            "asset_id": asset_id, "asset_kind": asset["kind"], "place": asset["place"], "latitude": asset["latitude"],
            "longitude": asset["longitude"], "box": [x, y, x + 0.08, y + 0.15], "light": "day",
            "score": round(rng.uniform(0.55, 0.97), 3), "sightings": rng.randint(1, 40), "first_seen": opened,
            "last_seen": opened + timedelta(minutes=5), "policy_id": self._policies[priority], "opened_at": opened,
            "clock_started_at": opened, "response_due": opened + timedelta(seconds=response_s),
            "resolution_due": opened + timedelta(seconds=resolution_s), "paused_s": 0.0, "reopened": 0,
            "clean_looks": 0, "seen_after_repair": 0,
            "search_text": f"{ISSUES[issue].title} {issue} {asset_id} {asset['name']} {asset['external_ref']} "
            f"{asset['group_ref'] or ''} {self._cameras.get(asset_id, '')}".lower(),
        }  # fmt: skip
        self._log(order, "opened", S.NEW, S.NEW, opened, "", "system", "Lamplighter")
        return order

    def _settle(self, order: dict[str, Any], acknowledged: datetime) -> None:
        rng, opened = self._rng, order["opened_at"]
        if rng.random() < self._share.in_target:
            took = min(_SLOWEST_IN_TARGET_S, exp(log(_MEDIAN_S) + _SPREAD * rng.gauss(0, 1)))
        else:
            took = rng.uniform(1_260, 6_000)
        took = max(took, (acknowledged - opened).total_seconds() + 120)
        assigned = acknowledged + timedelta(seconds=20)
        self._say(order, "assign", S.ASSIGNED, assigned)
        self._say(order, "start", S.IN_PROGRESS, assigned + timedelta(seconds=40))
        order["assigned_at"], order["started_at"] = assigned, assigned + timedelta(seconds=40)
        paused = rng.uniform(300, 2_400) if rng.random() < _HELD else 0.0
        if paused:
            held = order["started_at"] + timedelta(seconds=10)
            self._say(order, "hold", S.ON_HOLD, held, "waits for a spare part")
            self._say(order, "resume", S.IN_PROGRESS, held + timedelta(seconds=paused))
            order["paused_s"], order["resolution_due"] = paused, order["resolution_due"] + timedelta(seconds=paused)
        resolved = opened + timedelta(seconds=took + paused)
        order["team_id"], order["assignee_id"] = self._crew(order), "operator"
        order["resolved_at"], order["resolution_took_s"] = resolved, took
        order["resolution_met"] = resolved <= order["resolution_due"]
        self._say(order, "resolve", S.RESOLVED, resolved)
        order["verified_at"] = resolved + timedelta(seconds=rng.uniform(120, 900))
        self._say(order, "verify", S.VERIFIED, order["verified_at"])
        order["closed_at"] = order["verified_at"] + timedelta(seconds=rng.uniform(60, 3_600))
        self._say(order, "close", S.CLOSED, order["closed_at"])

    def _dismiss(self, order: dict[str, Any], at: datetime) -> None:
        reason = self._rng.choices(list(DismissReason), (50, 20, 18, 4, 8))[0]
        order["dismiss_reason"], order["closed_at"] = reason, at
        self._say(order, "dismiss", S.DISMISSED, at)

    def _crew(self, order: dict[str, Any]) -> str:
        return _CREWS.get(order["asset_kind"], "grounds")

    def _say(self, order: dict[str, Any], action: str, state: OrderState, at: datetime, note: str = "") -> None:
        before, order["state"] = order["state"], state
        order["version"] += 1
        self._log(order, action, before, state, at, note, "operator", "Operator")

    def _log(
        self, order: dict[str, Any], action: str, before: OrderState, after: OrderState, at: datetime, note: str,
        actor_id: str, actor_name: str,
    ) -> None:  # fmt: skip
        self.log.append(
            {
                "order_id": order["id"],
                "at": at,
                "actor_id": actor_id,
                "actor_name": actor_name,
                "action": action,
                "from_state": before,
                "to_state": after,
                "note": note,
                "detail": {},
            }
        )


_EMPTY = (
    "response_met", "resolution_met", "resolution_took_s", "held_at", "assignee_id", "team_id", "acknowledged_at",
    "assigned_at", "started_at", "resolved_at", "verified_at", "closed_at", "dismiss_reason", "parent_id",
    "cleared_at", "close_proposed_at", "watch_until", "last_look_at",
)  # fmt: skip
