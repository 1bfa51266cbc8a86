"""How a site's cameras confirm findings: settings for all issues and for single ones, set by its administrators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from detectors.errors import LamplighterError
from detectors.issues import issue_type
from detectors.settings import ConfirmationSettings
from workorders.actors import Actor
from workorders.register.sites import current_site
from workorders.schema import SettingChange
from workorders.store import Store
from workorders.words import SiteSetting

BY_OUTAGE = "camera_offline"
"""An issue that no look confirms: it is the absence of looks."""
_ALL, _ISSUES = "all", "issues"


@dataclass(frozen=True, slots=True)
class Tuning:
    """How findings are confirmed.

    Attributes:
        usual: of every issue that has no settings of its own.
        issues: settings by issue code.
    """

    usual: ConfirmationSettings = field(default_factory=ConfirmationSettings)
    issues: Mapping[str, ConfirmationSettings] = field(default_factory=dict)

    def of(self, issue: str) -> ConfirmationSettings:
        """The settings of one issue."""
        return self.issues.get(issue, self.usual)


def read_tuning(kept: Mapping[str, Any] | None) -> Tuning:
    """Settings as the site keeps them, as JSON."""
    usual = ConfirmationSettings.model_validate((kept or {}).get(_ALL) or {})
    issues = {code: ConfirmationSettings.model_validate(one) for code, one in (kept or {}).get(_ISSUES, {}).items()}
    return Tuning(usual, issues)


def tuning(store: Store) -> Tuning:
    """The settings in force."""
    with store.read() as session:
        return read_tuning(current_site(session).confirmation)


def checked(values: Mapping[str, float]) -> ConfirmationSettings:
    """Settings made of what somebody typed.

    Raises:
        LamplighterError: one line that says which of them cannot be, or which do not go together.
    """
    try:
        return ConfirmationSettings.model_validate(dict(values))
    except ValidationError as error:
        raise LamplighterError(_line(values, error)) from None


def set_confirmation(store: Store, actor: Actor, issue: str | None, values: Mapping[str, float] | None) -> None:
    """Put settings in force. Watches take them within seconds; recordings with their next inspection.

    Args:
        issue: code of the one they hold for; None for every issue that has none of its own.
        values: fields of `ConfirmationSettings`; None for the usual ones.

    Raises:
        NotAllowed: the actor is no manager.
        LamplighterError: no such issue, one that no look confirms, or settings that cannot work.
    """
    actor.must_manage()
    if issue is not None:
        issue_type(issue)
    if issue == BY_OUTAGE:
        raise LamplighterError("No look confirms that a camera is offline; it is what is said when no picture comes.")
    after = checked(values).model_dump() if values is not None else None
    with store.write() as work:
        site = current_site(work.session)
        kept = dict(site.confirmation or {})
        issues = dict(kept.get(_ISSUES, {}))
        before = kept.get(_ALL) if issue is None else issues.get(issue)
        if before == after:
            return
        if issue is None:
            kept[_ALL] = after
        elif after is None:
            issues.pop(issue, None)
        else:
            issues[issue] = after
        site.confirmation = {_ALL: kept.get(_ALL), _ISSUES: issues} if issues or kept.get(_ALL) else None
        note_change(work.session, store, actor, SiteSetting.CONFIRMATION, issue, before, after)
        work.commit()


def note_change(
    session: Session,
    store: Store,
    actor: Actor,
    setting: SiteSetting,
    issue: str | None,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    """Write down who changed a setting, within the transaction that does it."""
    session.add(
        SettingChange(
            at=store.now(), actor_id=actor.id, actor_name=actor.name, setting=setting, issue=issue, before=before,
            after=after,
        )
    )  # fmt: skip


def _line(values: Mapping[str, float], error: ValidationError) -> str:
    first = error.errors()[0]
    if first["loc"]:
        return f"The setting {first['loc'][0]} cannot be {first['input']}: {first['msg']}."
    window, needed, keep = (values.get(name, 0) for name in ("window", "needed", "keep"))
    if needed > window:
        return f"{needed} looks cannot be needed of the last {window}; look at more, or ask for fewer."
    if keep > needed:
        return f"A finding cannot take {keep} looks to stay and {needed} to begin; ask for fewer to stay."
    enter, leave = values.get("enter_score", 0), values.get("exit_score", 0)
    return f"The score that keeps a finding ({leave:g}) cannot be higher than the one that begins it ({enter:g})."
