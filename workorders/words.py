"""The words of work orders: every closed list of values that the database and the screen share."""

from __future__ import annotations

from enum import StrEnum


class OrderState(StrEnum):
    """Where an order stands. `reopened` is an action, not a state: it leads back to `new`."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    VERIFIED = "verified"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    DUPLICATE = "duplicate"
    NOT_OURS = "not_ours"


WAITING_STATES = frozenset(
    {OrderState.NEW, OrderState.ACKNOWLEDGED, OrderState.ASSIGNED, OrderState.IN_PROGRESS, OrderState.ON_HOLD}
)
"""States in which the repair is still owed: the resolution clock runs (or stands, on hold)."""

OPEN_STATES = WAITING_STATES | {OrderState.RESOLVED}
"""States in which an order holds its place: no second order for the same subject and issue."""

ENDED_STATES = frozenset(set(OrderState) - OPEN_STATES)


class Action(StrEnum):
    """What somebody does to an order."""

    ACKNOWLEDGE = "acknowledge"
    ASSIGN = "assign"
    START = "start"
    HOLD = "hold"
    RESUME = "resume"
    RESOLVE = "resolve"
    VERIFY = "verify"
    CLOSE = "close"
    DISMISS = "dismiss"
    MARK_DUPLICATE = "mark_duplicate"
    MARK_NOT_OURS = "mark_not_ours"
    REOPEN = "reopen"


class Event(StrEnum):
    """What the log records beside actions."""

    OPENED = "opened"
    SEEN_AGAIN = "seen_again"
    CLEARED = "cleared"
    CLOSING_PROPOSED = "closing_proposed"
    PRIORITY_CHANGED = "priority_changed"
    COMMENTED = "commented"
    ATTACHED = "attached"
    TAKEN_IN = "taken_in"
    WATCH_ENDED = "watch_ended"


class DismissReason(StrEnum):
    """Why a finding needs no work."""

    FALSE_ALARM = "false_alarm"
    PERMITTED_WORKS = "permitted_works"
    TEMPORARY = "temporary"
    WRONG_ASSET = "wrong_asset"
    KNOWN = "known"


class Role(StrEnum):
    """What a person may do. A viewer changes nothing; a manager also changes policies and the register."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    MANAGER = "manager"
    SYSTEM = "system"


class CameraHealth(StrEnum):
    """What the latest look said of the camera itself."""

    UNKNOWN = "unknown"
    OK = "ok"
    OFFLINE = "offline"
    FROZEN = "frozen"
    COVERED = "covered"
    BLURRED = "blurred"
    MOVED = "moved"


class CameraDesire(StrEnum):
    """What people want of a camera; the worker brings it about."""

    IDLE = "idle"
    WATCHED = "watched"


class Condition(StrEnum):
    """Condition of an asset, apart from whether it is powered."""

    UNKNOWN = "unknown"
    OK = "ok"
    FAULT = "fault"


class Power(StrEnum):
    """Power state of an asset as a camera last saw it."""

    UNKNOWN = "unknown"
    ON = "on"
    OFF = "off"


class FindingState(StrEnum):
    """Whether a finding still lasts. `ended`: its source ended before it was seen to clear."""

    ACTIVE = "active"
    CLEARED = "cleared"
    ENDED = "ended"


class EvidenceKind(StrEnum):
    """What an evidence file shows."""

    CLEAN = "clean"
    ANNOTATED = "annotated"
    CROP = "crop"
    CLIP = "clip"


class Moment(StrEnum):
    """Before or after the repair."""

    BEFORE = "before"
    AFTER = "after"


class JobKind(StrEnum):
    """What a worker can be asked to do."""

    INSPECT = "inspect"
    WATCH = "watch"
    PLAY = "play"
    PROBE = "probe"
    DISCOVER = "discover"


class PlayStep(StrEnum):
    """Where the guided play stands."""

    EVENING = "evening"
    DARK = "dark"
    ORDER = "order"
    MENDED = "mended"
    VERIFIED = "verified"
    MORNING = "morning"
    OVER = "over"


class JobState(StrEnum):
    """Where a job stands. A dead letter is `failed` after its last permitted attempt."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class SiteSetting(StrEnum):
    """Settings of a site whose changes are written down."""

    CONFIRMATION = "confirmation"
    RULES = "rules"


class VerdictKind(StrEnum):
    """What a person said of a finding."""

    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
