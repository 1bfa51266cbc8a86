"""Keeps what one camera's looks came to: findings to orders, pictures to evidence, answers to verification.

Looks come every second; the database is written to when a finding changes, else every few seconds.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from detectors.annotate import draw
from detectors.issues import CAMERA_FAULTS
from detectors.values import Change, Finding, FindingChange, Look, Presence, View
from workorders.evidence.clips import Clip, ClipRecorder
from workorders.evidence.writer import NewEvidence, has_evidence, write_pictures, write_still
from workorders.orders.intake import Taken, end_stale, take_in, wants_pictures
from workorders.orders.usual import UsualLooks, UsualRow, usual_rows
from workorders.orders.verification import CLEAN_LOOKS, Answers, Watched, count, judge, watched_orders
from workorders.register.cameras import load_camera
from workorders.register.checks import Checks
from workorders.register.references import ReferenceKeeper
from workorders.register.traces import Traces
from workorders.schema import Camera, Trace
from workorders.store import Store, UnitOfWork
from workorders.words import CameraHealth, EvidenceKind, Moment

FLUSH_S = 2.0
"""Wall seconds between two writes while nothing changes; what a kill can lose of "last seen"."""
STILL_S = 2.0
_LOOKS_JUDGED = 20  # latest looks that the status speaks of


class Keeper:
    """Takes in the looks of one camera, in order, and keeps them in a store."""

    def __init__(self, store: Store, view: View, every_s: float, wall: Callable[[], float] = time.monotonic) -> None:
        self._store, self._view, self._wall = store, view, wall
        self._clips = ClipRecorder(store.evidence, every_s)
        self._checks = Checks(view.camera)
        self._references = ReferenceKeeper(store, view.camera)
        self._traces = Traces(view.camera, store.now())
        self._usual = UsualLooks(store.evidence)
        self._open: dict[str, Finding] = {}
        self._nothing: set[str] = set()  # keys of findings that people called false alarms
        self._continued: dict[str, FindingChange] = {}
        self._watched: list[Watched] = []
        self._answers: dict[int, Answers] = {}
        self._verified: set[int] = set()
        self._last: Look | None = None
        self._skipped: deque[int] = deque(maxlen=_LOOKS_JUDGED)
        self._still_named = False
        self._flushed_at = self._still_at = float("-inf")
        self.orders: dict[int, bool] = {}
        """Orders these looks belong to -> whether they opened it."""
        self.findings: dict[tuple[str, datetime], Finding] = {}
        """Every finding confirmed, at its latest."""
        with store.write() as work:
            end_stale(work.session, view.camera)
            self._watched = watched_orders(work.session, view.camera)
            usual = usual_rows(work.session, view.camera, store.now())
            work.commit()
        self._usual.renew(usual)

    @property
    def open_findings(self) -> list[Finding]:
        return list(self._open.values())

    def take(self, look: Look) -> None:
        """Keep one look."""
        self._last = look
        self._skipped.append(look.frame.skipped)
        for change in look.changes:
            self._note(change)
        self._checks.add(look)
        self._traces.add(look)
        changed = self._usual.look(look, {finding.issue for finding in self._open.values()})
        for watched in self._watched:
            answer = judge(watched, look)
            if answer is not None:
                self._answers.setdefault(watched.order_id, Answers()).add(look, answer)
        pressing = [c for c in look.changes if c.change is not Change.CONTINUED]
        for change in pressing:
            self._take_change(change, look)
        self._keep_clips(self._clips.add(look))
        if pressing or changed or self._wall() - self._flushed_at >= FLUSH_S:
            self.flush()
        self._references.take(look, trouble=not self._open.keys() <= self._nothing)
        # What was kept of it is kept; the whole pictures of a hundred cameras would fill the memory.
        self._last = replace(look, frame=replace(look.frame, full=None))

    def flush(self, ending: bool = False) -> None:
        """Write what has gathered since the last time."""
        look = self._last
        if look is None:
            return
        after = self._after_pictures()
        traces = self._traces.ripe(None if ending else look.frame.at)
        written = self._store.transact(lambda work: self._write(work.session, look, after, traces))
        self._watched, bare, usual = written
        self._usual.renew(usual)
        self._traces.written(traces)
        self._drop_unused(after)
        self._prove(bare, look)
        self._checks.clear()
        self._continued.clear()
        self._answers.clear()
        self._flushed_at = self._wall()
        self._show(look)

    def finish(self) -> None:
        """The source has ended: write everything, and call its open findings ended."""
        self._keep_clips(self._clips.finish())
        self._still_at = float("-inf")
        self.flush(ending=True)
        with self._store.write() as work:
            end_stale(work.session, self._view.camera)
            work.commit()

    def _write(
        self, session: Session, look: Look, after: dict[int, list[NewEvidence]], traces: dict[str, Trace]
    ) -> tuple[list[Watched], list[tuple[Taken, Finding]], list[UsualRow]]:
        camera = load_camera(session, self._view.camera)
        bare = []
        for change in self._continued.values():
            taken = take_in(session, camera, change, self._store.now(), look.light.value, usual=self._usual.covering)
            self._note_verdict(change.finding.key, taken)
            if taken.needs_evidence:
                bare.append((taken, change.finding))
        self._checks.write(session)
        session.add_all(traces.values())
        self._count_answers(session, after)
        self._note_camera(camera, look)
        session.flush()
        return watched_orders(session, self._view.camera), bare, usual_rows(session, camera.id, self._store.now())

    def _prove(self, bare: list[tuple[Taken, Finding]], look: Look) -> None:
        """Pictures for findings that only now got their order, as when a suppression was lifted meanwhile."""
        for taken, finding in bare:
            if taken.order_id is None:
                continue
            self.orders[taken.order_id] = self.orders.get(taken.order_id, False) or taken.opened
            pictures = write_pictures(self._store.evidence, look, self._view, finding.box, self.open_findings)
            with self._store.write() as work:
                rows = (e.row(taken.order_id, taken.finding_id, self._view.camera) for e in pictures)
                work.session.add_all(rows)
                work.commit()

    def _note(self, change: FindingChange) -> None:
        finding = change.finding
        self.findings[finding.key, finding.first_seen] = finding
        if change.change is Change.CLEARED:
            self._open.pop(finding.key, None)
            self._nothing.discard(finding.key)
            self._continued.pop(finding.key, None)
        else:
            self._open[finding.key] = finding
        if change.change is Change.CONTINUED:
            self._continued[finding.key] = change

    def _note_verdict(self, key: str, taken: Taken) -> None:
        if taken.nothing_wrong:
            self._nothing.add(key)
        else:
            self._nothing.discard(key)

    def _take_change(self, change: FindingChange, look: Look) -> None:
        pictures: list[NewEvidence] = []
        with self._store.read() as session:
            wanted = wants_pictures(session, change, self._usual.covering)
        if wanted:
            box = change.finding.box
            pictures = write_pictures(self._store.evidence, look, self._view, box, self.open_findings)

        def take(work: UnitOfWork) -> tuple[Taken, bool]:
            camera = load_camera(work.session, self._view.camera)
            taken = take_in(
                work.session, camera, change, self._store.now(), look.light.value, pictures, self._usual.covering
            )
            clip = taken.order_id is not None and has_evidence(
                work.session, taken.order_id, taken.finding_id, EvidenceKind.CLIP
            )
            return taken, clip

        taken, has_clip = self._store.transact(take)
        self._note_verdict(change.finding.key, taken)
        if taken.order_id is not None:
            self.orders[taken.order_id] = self.orders.get(taken.order_id, False) or taken.opened
            if not has_clip and change.change is Change.CONFIRMED:
                self._clips.begin(taken.order_id, taken.finding_id, look.frame.at)

    def _keep_clips(self, clips: list[Clip]) -> None:
        if not clips:
            return
        with self._store.write() as work:
            for clip in clips:
                # Another inspection of the same clip may have been faster; its file is then the order's, ours nobody's.
                if has_evidence(work.session, clip.order_id, clip.finding_id, EvidenceKind.CLIP):
                    (self._store.evidence / clip.evidence.file.path).unlink(missing_ok=True)
                else:
                    work.session.add(clip.evidence.row(clip.order_id, clip.finding_id, self._view.camera))
            work.commit()

    def _after_pictures(self) -> dict[int, list[NewEvidence]]:
        boxes = {w.order_id: w.box for w in self._watched}
        return {
            order_id: write_pictures(
                self._store.evidence, answers.clean_look, self._view, boxes.get(order_id), (), Moment.AFTER
            )
            for order_id, answers in self._answers.items()
            if answers.clean_look is not None and self._may_verify(order_id, answers)
        }

    def _may_verify(self, order_id: int, answers: Answers) -> bool:
        before = next((w.clean_looks for w in self._watched if w.order_id == order_id), 0)
        return before + len(answers.given) >= CLEAN_LOOKS

    def _count_answers(self, session: Session, after: dict[int, list[NewEvidence]]) -> None:
        for order_id, answers in self._answers.items():
            if count(session, order_id, answers.given, self._view.camera, self._store.now()):
                session.add_all(e.row(order_id, None, self._view.camera) for e in after.get(order_id, ()))
                self._verified.add(order_id)

    def _drop_unused(self, after: dict[int, list[NewEvidence]]) -> None:
        """Pictures were written for repairs that might have been verified; those that were not need none."""
        for order_id, pictures in after.items():
            for picture in pictures if order_id not in self._verified else ():
                (self._store.evidence / picture.file.path).unlink(missing_ok=True)
        self._verified.clear()

    def _note_camera(self, camera: Camera, look: Look) -> None:
        camera.last_look_at = self._store.now()
        if camera.last_frame_at is not None and look.frame.at < camera.last_frame_at:
            return  # an old clip says nothing of how the camera is now
        camera.light, camera.last_frame_at = look.light.value, look.frame.at
        camera.health = _health(look)
        camera.last_error = look.suspended or overload(self._skipped)

    def _show(self, look: Look) -> None:
        if self._wall() - self._still_at < STILL_S:
            return
        relative = f"stills/{self._view.camera}.jpg"
        write_still(self._store.files / relative, draw(look, self._view, self.open_findings))
        if not self._still_named:
            with self._store.write() as work:
                load_camera(work.session, self._view.camera).still_path = relative
                work.commit()
            self._still_named = True
        self._still_at = self._wall()


def overload(skipped: Collection[int]) -> str:
    """What a camera's status says when the machine is too slow for it; "" when it keeps up.

    Args:
        skipped: looks passed over before each of the latest looks.
    """
    missed = sum(skipped)
    if missed == 0:
        return ""
    return f"overloaded: {missed} of the last {missed + len(skipped)} looks were passed over; this machine is too slow"


def _health(look: Look) -> CameraHealth:
    """What a look says of the camera itself; nothing, where its picture could not be judged at all."""
    for seen in look.observations:
        if seen.issue in CAMERA_FAULTS and seen.presence is Presence.PRESENT:
            return CameraHealth(seen.issue.removeprefix("camera_"))
    return CameraHealth.UNKNOWN if look.suspended and not look.observations else CameraHealth.OK
