"""How many false orders are left when operators answer them: `python -m tests.workorders.answered_rounds DIR`.

The clips of DIR that have a truth file are inspected into a store, camera by camera, each camera's a day apart in the
order of their names, rounds times over. After each clip whoever sits at the desk answers by the truth: what is true is
mended and closed, what is not is dismissed as a false alarm, kept quiet while it looks the same or not at all.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from detectors.evaluation import Found, score_clip
from detectors.ready import detector_in_use
from detectors.truth import SUFFIX, Truth, read_truth
from tests.workorders.conftest import OPERATOR
from tests.workorders.fakes import FrozenClock
from workorders.eyes import Eyes, worker_eyes
from workorders.inspection import run_inspection
from workorders.orders.desk import Request, perform
from workorders.orders.usual import LONGEST
from workorders.queries.order import order_detail
from workorders.store import Store, open_store
from workorders.words import Action, DismissReason

_MENDED = (Action.ASSIGN, Action.START, Action.RESOLVE, Action.VERIFY, Action.CLOSE)


@dataclass(slots=True)
class Tally:
    """Of one round: true issues, those that raised an order, and orders raised for nothing."""

    true: int = 0
    raised: int = 0
    false: int = 0


def answer(store: Store, number: int, right: bool, quiet: bool) -> None:
    """Close an order that was right; dismiss one that was not. One that a circuit's order took in is answered there."""
    detail = order_detail(store, number, OPERATOR)
    if detail.parent_id is not None:
        return
    if right:
        for action in _MENDED:
            perform(store, OPERATOR, number, Request(action, assignee="operator"))
        return
    alike = quiet and detail.comparable
    request = Request(
        Action.DISMISS, reason=DismissReason.FALSE_ALARM, while_alike=alike, suppress_for=LONGEST if alike else None
    )
    perform(store, OPERATOR, number, request)


def inspect(store: Store, eyes: Eyes, clip: Path, truth: Truth, start: datetime, quiet: bool, tally: Tally) -> None:
    """Inspect one clip, count what came of it, and answer it."""
    camera = truth.view.camera
    summary = run_inspection(store, str(clip), camera, eyes, start=start)
    orders = {}
    for number in summary.opened:
        detail = order_detail(store, number, OPERATOR)
        near = [f for f in summary.findings if f.issue == detail.row.issue and f.first_seen == detail.first_seen]
        orders[number] = [Found(finding, finding.start_s) for finding in near]
    score = score_clip(clip.name, summary.video_seconds, truth, [f for found in orders.values() for f in found])
    wrong = {id(found) for found in score.false_alarms}
    tally.true += len(truth.issues)
    tally.raised += len(score.matched)
    for number, found in orders.items():
        right = not found or any(id(one) not in wrong for one in found)
        tally.false += not right
        answer(store, number, right, quiet)


def rounds(folder: Path, count: int, quiet: bool) -> Iterator[Tally]:
    """Inspect and answer all clips of a folder some times over; a tally of each time."""
    cameras: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        cameras[read_truth(path).view.camera].append(path)
    with tempfile.TemporaryDirectory() as home:
        clock = FrozenClock(datetime(2027, 1, 1, tzinfo=UTC))
        store = open_store(f"sqlite:///{home}/site.db", Path(home), clock)
        eyes = worker_eyes(store, detector_in_use(Path(home)))
        for turn in range(count):
            tally = Tally()
            for paths in cameras.values():
                for number, path in enumerate(paths):
                    truth = read_truth(path)
                    clip = path.with_name(path.name.removesuffix(SUFFIX) + ".mp4")
                    day = timedelta(days=turn * len(paths) + number)
                    inspect(store, eyes, clip, truth, truth.start + day, quiet, tally)
            yield tally
        store.close()


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--rounds", type=int, default=2)
    given = asked.parse_args()
    for quiet in (False, True):
        for turn, tally in enumerate(rounds(given.folder, given.rounds, quiet), 1):
            print(f"{'quiet' if quiet else 'as before'}, round {turn}: {tally}", flush=True)  # noqa: T201
