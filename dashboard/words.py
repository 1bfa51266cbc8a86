"""Words and marks of the screen for what the store holds in codes. Every mark differs in shape, not only in colour."""

from __future__ import annotations

import re

from detectors.issues import ISSUES
from workorders.words import Action, CameraHealth, DismissReason, Event, OrderState, Role

PRIORITY_MARKS = {1: "◆", 2: "▲", 3: "■", 4: "○"}
PRIORITY_COLORS = {1: "red", 2: "orange", 3: "blue", 4: "gray"}

STATE_TITLES = {
    OrderState.NEW: "New",
    OrderState.ACKNOWLEDGED: "Acknowledged",
    OrderState.ASSIGNED: "Assigned",
    OrderState.IN_PROGRESS: "In progress",
    OrderState.ON_HOLD: "On hold",
    OrderState.RESOLVED: "Resolved",
    OrderState.VERIFIED: "Verified",
    OrderState.CLOSED: "Closed",
    OrderState.DISMISSED: "Dismissed",
    OrderState.DUPLICATE: "Duplicate",
    OrderState.NOT_OURS: "Not ours",
}
STATE_COLORS = {
    OrderState.NEW: "red",
    OrderState.ACKNOWLEDGED: "orange",
    OrderState.ASSIGNED: "blue",
    OrderState.IN_PROGRESS: "blue",
    OrderState.ON_HOLD: "violet",
    OrderState.RESOLVED: "green",
    OrderState.VERIFIED: "green",
}
ACTION_TITLES = {
    Action.ACKNOWLEDGE: "Acknowledge",
    Action.ASSIGN: "Assign",
    Action.START: "Start work",
    Action.HOLD: "Put on hold",
    Action.RESUME: "Resume",
    Action.RESOLVE: "Resolve",
    Action.VERIFY: "Verify",
    Action.CLOSE: "Close",
    Action.DISMISS: "Dismiss",
    Action.MARK_DUPLICATE: "Mark as duplicate",
    Action.MARK_NOT_OURS: "Not ours",
    Action.REOPEN: "Re-open",
}
ACTION_ICONS = {
    Action.ACKNOWLEDGE: ":material/visibility:",
    Action.ASSIGN: ":material/person_add:",
    Action.START: ":material/play_arrow:",
    Action.HOLD: ":material/pause:",
    Action.RESUME: ":material/play_arrow:",
    Action.RESOLVE: ":material/build:",
    Action.VERIFY: ":material/verified:",
    Action.CLOSE: ":material/check:",
    Action.DISMISS: ":material/close:",
    Action.MARK_DUPLICATE: ":material/content_copy:",
    Action.MARK_NOT_OURS: ":material/exit_to_app:",
    Action.REOPEN: ":material/undo:",
}
LOG_TITLES: dict[str, str] = {
    Action.ACKNOWLEDGE: "acknowledged it",
    Action.ASSIGN: "assigned it",
    Action.START: "started work",
    Action.HOLD: "put it on hold",
    Action.RESUME: "resumed work",
    Action.RESOLVE: "resolved it",
    Action.VERIFY: "verified the repair",
    Action.CLOSE: "closed it",
    Action.DISMISS: "dismissed it",
    Action.MARK_DUPLICATE: "marked it as a duplicate",
    Action.MARK_NOT_OURS: "marked it as not ours",
    Action.REOPEN: "re-opened it",
    Event.OPENED: "opened the order",
    Event.SEEN_AGAIN: "saw it again",
    Event.CLEARED: "no longer sees it",
    Event.CLOSING_PROPOSED: "proposes to close it",
    Event.PRIORITY_CHANGED: "changed the priority",
    Event.COMMENTED: "commented",
    Event.ATTACHED: "attached a file",
    Event.TAKEN_IN: "took in another order",
    Event.WATCH_ENDED: "stopped watching the repair",
}
DISMISS_TITLES = {
    DismissReason.FALSE_ALARM: "False alarm",
    DismissReason.PERMITTED_WORKS: "Permitted works",
    DismissReason.TEMPORARY: "Temporary",
    DismissReason.WRONG_ASSET: "Wrong asset",
    DismissReason.KNOWN: "Already known",
}
HEALTH_TITLES = {
    CameraHealth.UNKNOWN: "Not looked yet",
    CameraHealth.OK: "Working",
    CameraHealth.OFFLINE: "Offline",
    CameraHealth.FROZEN: "Frozen",
    CameraHealth.COVERED: "Covered",
    CameraHealth.BLURRED: "Blurred",
    CameraHealth.MOVED: "Moved",
}
ROLE_TITLES = {
    Role.VIEWER: "Viewer",
    Role.OPERATOR: "Operator",
    Role.MANAGER: "Administrator",
    Role.SYSTEM: "System",
}
LIGHT_TITLES = {"day": "Day", "twilight": "Twilight", "night": "Night"}

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=])")


def issue_title(code: str) -> str:
    """An issue as the screen names it; the code made readable for one that this version does not know."""
    known = ISSUES.get(code)
    return known.title if known else plain(code)


def kind_title(kind: str | None) -> str:
    """An asset kind as the screen names it."""
    return plain(kind or "unregistered place")


def plain(code: str) -> str:
    """A code as words: `street_light` becomes `Street light`."""
    text = code.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def priority_title(priority: int) -> str:
    """A priority with its mark: `◆ P1`."""
    return f"{PRIORITY_MARKS.get(priority, '·')} P{priority}"


def literal(text: str) -> str:
    """Text that Markdown shows as it is: names and notes come from outside and may hold anything."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def short(text: str, longest: int = 60) -> str:
    """Text cut to a length, with an ellipsis where something is missing."""
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
