"""Words and marks of the screen for what the store holds in codes. Every mark differs in shape, not only in colour."""

from __future__ import annotations

import re

from dashboard.language import Titles, mark, tr
from detectors.issues import ISSUES
from workorders.actors import SYSTEM
from workorders.words import Action, CameraHealth, Condition, DismissReason, Event, OrderState, Power, Role

PRIORITY_MARKS = {1: "◆", 2: "▲", 3: "■", 4: "○"}
PRIORITY_COLORS = {1: "red", 2: "orange", 3: "blue", 4: "gray"}

STATE_TITLES = Titles(
    {
        OrderState.NEW: mark("New"),
        OrderState.ACKNOWLEDGED: mark("Acknowledged"),
        OrderState.ASSIGNED: mark("Assigned"),
        OrderState.IN_PROGRESS: mark("In progress"),
        OrderState.ON_HOLD: mark("On hold"),
        OrderState.RESOLVED: mark("Resolved"),
        OrderState.VERIFIED: mark("Verified"),
        OrderState.CLOSED: mark("Closed"),
        OrderState.DISMISSED: mark("Dismissed"),
        OrderState.DUPLICATE: mark("Duplicate"),
        OrderState.NOT_OURS: mark("Not ours"),
    }
)
STATE_COLORS = {
    OrderState.NEW: "red",
    OrderState.ACKNOWLEDGED: "orange",
    OrderState.ASSIGNED: "blue",
    OrderState.IN_PROGRESS: "blue",
    OrderState.ON_HOLD: "violet",
    OrderState.RESOLVED: "green",
    OrderState.VERIFIED: "green",
}
ACTION_TITLES = Titles(
    {
        Action.ACKNOWLEDGE: mark("Acknowledge"),
        Action.ASSIGN: mark("Assign"),
        Action.START: mark("Start work"),
        Action.HOLD: mark("Put on hold"),
        Action.RESUME: mark("Resume"),
        Action.RESOLVE: mark("Resolve"),
        Action.VERIFY: mark("Verify"),
        Action.CLOSE: mark("Close"),
        Action.DISMISS: mark("Dismiss"),
        Action.MARK_DUPLICATE: mark("Mark as duplicate"),
        Action.MARK_NOT_OURS: mark("Not ours"),
        Action.REOPEN: mark("Re-open"),
    }
)
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
LOG_TITLES: Titles[str] = Titles(
    {
        Action.ACKNOWLEDGE: mark("acknowledged it"),
        Action.ASSIGN: mark("assigned it"),
        Action.START: mark("started work"),
        Action.HOLD: mark("put it on hold"),
        Action.RESUME: mark("resumed work"),
        Action.RESOLVE: mark("resolved it"),
        Action.VERIFY: mark("verified the repair"),
        Action.CLOSE: mark("closed it"),
        Action.DISMISS: mark("dismissed it"),
        Action.MARK_DUPLICATE: mark("marked it as a duplicate"),
        Action.MARK_NOT_OURS: mark("marked it as not ours"),
        Action.REOPEN: mark("re-opened it"),
        Event.OPENED: mark("opened the order"),
        Event.SEEN_AGAIN: mark("saw it again"),
        Event.CLEARED: mark("no longer sees it"),
        Event.CLOSING_PROPOSED: mark("proposes to close it"),
        Event.PRIORITY_CHANGED: mark("changed the priority"),
        Event.COMMENTED: mark("commented"),
        Event.ATTACHED: mark("attached a file"),
        Event.TAKEN_IN: mark("took in another order"),
        Event.WATCH_ENDED: mark("stopped watching the repair"),
    }
)
DISMISS_TITLES = Titles(
    {
        DismissReason.FALSE_ALARM: mark("False alarm"),
        DismissReason.PERMITTED_WORKS: mark("Permitted works"),
        DismissReason.TEMPORARY: mark("Temporary"),
        DismissReason.WRONG_ASSET: mark("Wrong asset"),
        DismissReason.KNOWN: mark("Already known"),
    }
)
HEALTH_TITLES = Titles(
    {
        CameraHealth.UNKNOWN: mark("Not looked yet"),
        CameraHealth.OK: mark("Working"),
        CameraHealth.OFFLINE: mark("Offline"),
        CameraHealth.FROZEN: mark("Frozen"),
        CameraHealth.COVERED: mark("Covered"),
        CameraHealth.BLURRED: mark("Blurred"),
        CameraHealth.MOVED: mark("Moved"),
    }
)
ROLE_TITLES = Titles(
    {
        Role.VIEWER: mark("Viewer"),
        Role.OPERATOR: mark("Operator"),
        Role.MANAGER: mark("Administrator"),
        Role.SYSTEM: mark("System"),
    }
)
LIGHT_TITLES = Titles({"day": mark("Day"), "twilight": mark("Twilight"), "night": mark("Night")})
FIELD_TITLES = Titles(
    {
        "id": mark("Id"),
        "kind": mark("Kind"),
        "name": mark("Name"),
        "place": mark("Place"),
        "latitude": mark("Latitude"),
        "longitude": mark("Longitude"),
        "criticality": mark("Criticality"),
        "external_ref": mark("External ref"),
        "group_ref": mark("Group"),
        "condition": mark("Condition"),
        "power": mark("Power"),
        "regions": mark("Regions"),
    }
)
CONDITION_TITLES = Titles(
    {Condition.OK: mark("OK"), Condition.FAULT: mark("Fault"), Condition.UNKNOWN: mark("Not judged yet")}
)
CONDITION_MARKS = {Condition.OK: "●", Condition.FAULT: "▲", Condition.UNKNOWN: "○"}
POWER_TITLES = Titles({Power.ON: mark("On"), Power.OFF: mark("Off"), Power.UNKNOWN: mark("Unknown")})
PRESENCE_TITLES = Titles({"present": mark("present"), "absent": mark("absent"), "unknown": mark("unknown")})
KIND_TITLES = Titles(
    {
        "street_light": mark("Street light"),
        "path": mark("Path"),
        "lawn": mark("Lawn"),
        "tree": mark("Tree"),
        "bench": mark("Bench"),
        "bin": mark("Bin"),
        "camera": mark("Camera"),
    }
)

CLASS_TITLES = Titles(
    {
        "street_light": mark("Street light"),
        "tree": mark("Tree"),
        "bench": mark("Bench"),
        "bin": mark("Bin"),
        "bin_overflowing": mark("Bin overflowing"),
        "litter": mark("Litter"),
        "pothole": mark("Pothole"),
        "crack": mark("Crack"),
        "puddle": mark("Puddle"),
        "fallen_tree": mark("Fallen tree"),
        "person": mark("Person"),
        "bicycle": mark("Bicycle"),
        "motorcycle": mark("Motorcycle"),
        "car": mark("Car"),
        "truck": mark("Truck"),
        "dog": mark("Dog"),
        "obstacle": mark("Obstacle"),
    }
)
"""Classes of the bundled detector."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=])")


def issue_title(code: str) -> str:
    """An issue as the screen names it; the code made readable for one that this version does not know."""
    known = ISSUES.get(code)
    return tr(known.title) if known else plain(code)


def kind_title(kind: str | None) -> str:
    """An asset kind as the screen names it."""
    if not kind:
        return tr("Unregistered place")
    return KIND_TITLES.get(kind) or plain(kind)


def class_title(name: str) -> str:
    """A class of a detector as the screen names it; the code made readable for one of somebody's own."""
    return CLASS_TITLES.get(name) or plain(name)


def subject_title(subject: str) -> str:
    """What an order or a quiet place is about, from its code: an asset, a camera, a circuit, or a place in a view."""
    what, _, handle = subject.partition(":")
    if what == "cell":
        return tr("a place that {camera} sees", camera=handle.rsplit(":", 2)[0])
    if what == "group":
        return tr("circuit {name}", name=handle.removeprefix("near:"))
    return handle or subject


def setter(handle: str) -> str:
    """Who set something; what came with the store was set by the system."""
    return ROLE_TITLES[Role.SYSTEM].lower() if handle == SYSTEM.id else short(handle, 40)


def condition_text(condition: Condition) -> str:
    """A condition with its mark: `▲ Fault`."""
    return f"{CONDITION_MARKS[condition]} {CONDITION_TITLES[condition]}"


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
