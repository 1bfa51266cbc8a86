"""The issues Lamplighter knows: one row an issue. The code is the name in the database and in exports."""

from __future__ import annotations

from dataclasses import dataclass

from detectors.errors import LamplighterError

CAMERA_KIND = "camera"
ASSET_KINDS = ("street_light", "path", "lawn", "tree", "bench", "bin")


@dataclass(frozen=True, slots=True)
class IssueType:
    """What an issue is.

    Attributes:
        code: name in the database, in exports and in truth files.
        title: name on the screen, in English.
        asset_kinds: kinds of asset that can have it; empty means any.
        priority: default priority, 1 (most urgent) to 4.
        by_still: whether a still picture of its place looks otherwise with it than without it.
    """

    code: str
    title: str
    asset_kinds: tuple[str, ...]
    priority: int
    by_still: bool = True


_ROWS = (
    IssueType("light_out", "Light out", ("street_light",), 2),
    IssueType("light_on_by_day", "Light on by day", ("street_light",), 4, by_still=False),
    IssueType("light_flickering", "Light flickering", ("street_light",), 3, by_still=False),
    IssueType("light_damaged", "Light damaged", ("street_light",), 1),
    IssueType("path_obstructed", "Path obstructed", ("path",), 1),
    IssueType("path_damaged", "Path damaged", ("path",), 2),
    IssueType("path_flooded", "Path flooded", ("path",), 3),
    IssueType("litter", "Litter", ("path", "lawn"), 3),
    IssueType("bin_overflowing", "Bin overflowing", ("bin",), 3),
    IssueType("tree_fallen", "Tree fallen", ("tree",), 1),
    IssueType("tree_leaning", "Tree leaning", ("tree",), 2),
    IssueType("tree_bare", "Tree bare", ("tree",), 4),
    IssueType("asset_missing", "Asset missing", (), 2),
    IssueType("camera_offline", "Camera offline", (CAMERA_KIND,), 2, by_still=False),
    IssueType("camera_frozen", "Camera frozen", (CAMERA_KIND,), 2, by_still=False),
    IssueType("camera_covered", "Camera covered", (CAMERA_KIND,), 2, by_still=False),
    IssueType("camera_blurred", "Camera blurred", (CAMERA_KIND,), 2, by_still=False),
    IssueType("camera_moved", "Camera moved", (CAMERA_KIND,), 2, by_still=False),
)

ISSUES: dict[str, IssueType] = {row.code: row for row in _ROWS}
CAMERA_FAULTS = frozenset(row.code for row in _ROWS if CAMERA_KIND in row.asset_kinds)


def issue_type(code: str) -> IssueType:
    """Look an issue up by its code.

    Raises:
        LamplighterError: no issue has this code.
    """
    try:
        return ISSUES[code]
    except KeyError:
        raise LamplighterError(f"Unknown issue '{code}'; the issues are: {', '.join(ISSUES)}.") from None
