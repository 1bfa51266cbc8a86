"""Scores findings against truth files: event precision, recall and F1 per issue, time to detect, false alarms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

from detectors.confidence import intervals
from detectors.detector import Detector
from detectors.discover import discover, spread_frames, with_ground
from detectors.errors import LamplighterError
from detectors.pipeline import inspect_source
from detectors.settings import Settings
from detectors.sources import open_source
from detectors.surfaces import SurfaceModel
from detectors.truth import SUFFIX, TrueIssue, Truth, clip_beside, read_truth
from detectors.values import Change, Finding, Look, View

_MATCH_IOU = 0.3
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Found:
    """A finding and when it was confirmed, in seconds of its clip."""

    finding: Finding
    confirmed_s: float


@dataclass(frozen=True, slots=True)
class ClipScore:
    """One clip: which true issues were found, what was missed, and what was found for nothing."""

    clip: str
    video_seconds: float
    matched: tuple[tuple[TrueIssue, Found], ...]
    missed: tuple[TrueIssue, ...]
    false_alarms: tuple[Found, ...]


@dataclass(slots=True)
class Collector:
    """Gathers the findings of one clip from its looks."""

    found: dict[str, Found] = field(default_factory=dict)

    def take(self, look: Look) -> None:
        for change in look.changes:
            known = self.found.get(change.finding.key)
            if known is not None or change.change is Change.CONFIRMED:
                at_s = known.confirmed_s if known else look.frame.offset_s
                self.found[change.finding.key] = Found(change.finding, at_s)


def matches(found: Found, issue: TrueIssue) -> bool:
    """Whether a finding is this true issue: same code, times that meet, and the same asset or place."""
    finding = found.finding
    if finding.issue != issue.issue or finding.start_s > issue.end_s or finding.end_s < issue.start_s:
        return False
    if finding.asset_id is not None and finding.asset_id == issue.asset_id:
        return True
    if issue.box is None:
        return issue.asset_id is None or issue.issue.startswith("camera_")
    return finding.box.iou(issue.box) >= _MATCH_IOU or issue.box.contains(finding.box.centre)


def score_clip(clip: str, video_seconds: float, truth: Truth, found: Iterable[Found]) -> ClipScore:
    """Match findings to true issues, each at most once, earliest confirmed first."""
    open_issues = list(truth.issues)
    matched: list[tuple[TrueIssue, Found]] = []
    false_alarms: list[Found] = []
    for item in sorted(found, key=lambda f: f.confirmed_s):
        issue = next((i for i in open_issues if matches(item, i)), None)
        if issue is None:
            false_alarms.append(item)
        else:
            open_issues.remove(issue)
            matched.append((issue, item))
    return ClipScore(clip, video_seconds, tuple(matched), tuple(open_issues), tuple(false_alarms))


def evaluate_folder(
    folder: Path,
    detector: Detector,
    settings: Settings,
    progress: Callable[[str, int, int], None] | None = None,
    *,
    register: bool = True,
    surfaces: SurfaceModel | None = None,
) -> list[ClipScore]:
    """Inspect every clip that has a truth file beside it.

    Args:
        register: whether the assets of the view may be known.
        surfaces: says what the ground is made of, for clips whose view must be discovered.
        progress: called with the clip's name, its number from 1 and the count of clips.

    Raises:
        LamplighterError: no such folder, or no truth file in it.
    """
    if not folder.is_dir():
        raise LamplighterError(f"{folder}: no such folder.")
    truths = sorted(folder.glob(f"*{SUFFIX}"))
    if not truths:
        raise LamplighterError(f"{folder}: no *{SUFFIX} files in this folder, so there is nothing to score against.")
    scores = []
    for number, path in enumerate(truths, 1):
        name = path.name.removesuffix(SUFFIX)
        if progress:
            progress(name, number, len(truths))
        scores.append(evaluate_clip(clip_beside(path), read_truth(path), detector, settings, register, surfaces))
    return scores


def evaluate_clip(
    clip: Path,
    truth: Truth,
    detector: Detector,
    settings: Settings,
    register: bool = True,
    surfaces: SurfaceModel | None = None,
) -> ClipScore:
    """Inspect one clip with the register of its truth file, or discover the view where that is empty."""
    source = open_source(str(clip))
    view = truth.view if register else replace(truth.view, assets=())
    if register and not view.assets:
        proposals = discover(spread_frames(source, settings), detector, settings, view.camera, surfaces)
        assets = tuple(p.asset for p in proposals)
        view = View(view.camera, assets, view.latitude, view.longitude, view.time_zone, proposed=True)
    elif register:
        view = with_ground(view, source, detector, settings, surfaces)
    collector, last_s = Collector(), 0.0
    for look in inspect_source(source, view, detector, settings):
        collector.take(look)
        last_s = look.frame.offset_s
    return score_clip(clip.name, source.duration_s or last_s, truth, collector.found.values())


def summary(scores: list[ClipScore]) -> dict[str, object]:
    """The document that `evaluate --json` prints."""
    codes = sorted({i.issue for s in scores for i in (*s.missed, *(m[0] for m in s.matched))}
                   | {f.finding.issue for s in scores for f in s.false_alarms})  # fmt: skip
    issues = {code: _issue_row(code, scores) for code in codes}
    matched = sum(len(s.matched) for s in scores)
    found = matched + sum(len(s.false_alarms) for s in scores)
    true = matched + sum(len(s.missed) for s in scores)
    seconds = sum(s.video_seconds for s in scores)
    alarms = sum(len(s.false_alarms) for s in scores)
    return {
        "clips": len(scores),
        "overall": _rates(true, found, matched),
        "issues": issues,
        "false_alarms_per_camera_day": alarms * _DAY_S / seconds if seconds else 0.0,
        "clean": _clean(scores),
        "intervals": {
            "overall": intervals([_counts(s, None) for s in scores]),
            "issues": {code: intervals([_counts(s, code) for s in scores]) for code in codes},
        },
    }


def _clean(scores: list[ClipScore]) -> dict[str, float | int]:
    """False alarms where nothing is wrong at all: what an operator of a street in good order is bothered with."""
    clean = [s for s in scores if not s.matched and not s.missed]
    alarms, seconds = sum(len(s.false_alarms) for s in clean), sum(s.video_seconds for s in clean)
    per_day = alarms * _DAY_S / seconds if seconds else 0.0
    return {"clips": len(clean), "seconds": seconds, "false_alarms": alarms, "false_alarms_per_camera_day": per_day}


def _counts(score: ClipScore, code: str | None) -> tuple[int, int, int]:
    """How many issues of one code (None: of all) are true in a clip, were found and were matched."""
    matched = sum(code in (None, issue.issue) for issue, _ in score.matched)
    missed = sum(code in (None, issue.issue) for issue in score.missed)
    alarms = sum(code in (None, found.finding.issue) for found in score.false_alarms)
    return matched + missed, matched + alarms, matched


def _issue_row(code: str, scores: list[ClipScore]) -> dict[str, float | int | None]:
    pairs = [(i, f) for s in scores for i, f in s.matched if i.issue == code]
    true = len(pairs) + sum(i.issue == code for s in scores for i in s.missed)
    found = len(pairs) + sum(f.finding.issue == code for s in scores for f in s.false_alarms)
    waits = [max(0.0, f.confirmed_s - i.start_s) for i, f in pairs]
    rates: dict[str, float | int | None] = {**_rates(true, found, len(pairs))}
    return rates | {
        "true": true,
        "found": found,
        "matched": len(pairs),
        "median_seconds_to_detect": median(waits) if waits else None,
    }


def _rates(true: int, found: int, matched: int) -> dict[str, float]:
    precision = matched / found if found else (1.0 if not true else 0.0)
    recall = matched / true if true else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": precision, "recall": recall, "f1": f1}
