"""Before and after the repair, one over the other, with an edge that is dragged or moved by the arrow keys."""

from __future__ import annotations

from dashboard.components import declare
from dashboard.language import tr

_COMPARE = declare("compare", '<div class="lm"></div>')


def compare(before: str, after: str, before_title: str, after_title: str, key: str) -> None:
    """Show two pictures of the same view.

    Args:
        before, after: addresses of the pictures, `data:` ones included.
    """
    _COMPARE(
        data={
            "before": before,
            "after": after,
            "beforeTitle": before_title,
            "afterTitle": after_title,
            "label": tr("{before} on the left, {after} on the right", before=before_title, after=after_title),
        },
        key=key,
    )
