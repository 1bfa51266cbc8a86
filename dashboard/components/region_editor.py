"""A camera's view with the regions of its assets over it; one of them can be moved, shaped and saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from dashboard.components import declare, ignore
from dashboard.language import tr

_EDITOR = declare("region_editor", '<div class="lm"></div>')


@dataclass(frozen=True, slots=True)
class Shape:
    """One region.

    Attributes:
        tone: colour of its kind, as CSS writes it.
        points: corners in 0-1, x to the right and y down.
        proposed: whether it is a proposal, drawn in dashes.
    """

    id: str
    label: str
    tone: str
    points: list[list[float]]
    proposed: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody did in this run: a region clicked, or the chosen one saved in a new shape."""

    picked: str | None
    saved: tuple[str, list[list[float]]] | None


def region_editor(
    shapes: Sequence[Shape], background: str | None, size: tuple[int, int], editing: str | None, key: str
) -> Edit:
    """Show the regions.

    Args:
        background: address of the picture under them; None to draw them alone.
        size: width and height of the picture in pixels, for its shape.
        editing: id of the region that has handles; None to look only.
    """
    result = _EDITOR(
        data={
            "shapes": [asdict(shape) for shape in shapes],
            "background": background,
            "ratio": size[0] / max(1, size[1]),
            "editing": editing,
            "texts": {
                "save": tr("Save the shape"),
                "undo": tr("Undo"),
                "hint": tr("Drag corners or the shape. Double-click an edge for a new corner, a corner to remove it."),
                "label": tr("Regions over the picture"),
            },
        },
        key=key,
        on_picked_change=ignore,
        on_saved_change=ignore,
    )
    saved = result.saved
    return Edit(result.picked, (str(saved["id"]), saved["points"]) if saved else None)
