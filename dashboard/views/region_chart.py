"""A camera's view with the regions of its assets drawn over its picture."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard.views.charts import colour
from dashboard.words import kind_title, short
from detectors.values import View

_TONES = {
    "street_light": "#E3B23C", "path": "#4FA3D1", "lawn": "#6FBF73", "tree": "#2E8B57", "bench": "#B07CC6",
    "bin": "#D9734E",
}  # fmt: skip
_OTHER = "#9AA7AD"


def regions(view: View, background: str | None) -> go.Figure:
    """Every region as an outline with its asset's name on hovering.

    Args:
        background: address of the picture under the regions; None to draw them alone.
    """
    figure = go.Figure()
    named: set[str] = set()
    for asset in view.assets:
        if asset.region is None:
            continue
        points = [*asset.region.as_list(), asset.region.as_list()[0]]
        tone = _TONES.get(asset.kind, _OTHER)
        figure.add_scatter(
            x=[p[0] for p in points], y=[p[1] for p in points], mode="lines", line={"color": tone, "width": 2},
            fill="toself", fillcolor=_faint(tone), legendgroup=asset.kind, showlegend=asset.kind not in named,
            name=kind_title(asset.kind), text=f"{asset.id} {short(asset.name, 60)}", hoverinfo="text", hoveron="fills",
        )  # fmt: skip
        named.add(asset.kind)
    if background:
        figure.add_layout_image(
            source=background,
            x=0,
            y=0,
            sizex=1,
            sizey=1,
            xref="x",
            yref="y",
            yanchor="top",
            sizing="stretch",
            layer="below",
        )
    axis = {"showgrid": False, "zeroline": False, "showticklabels": False, "fixedrange": True}
    figure.update_layout(
        height=470,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        xaxis={**axis, "range": [0, 1]},
        yaxis={**axis, "range": [1, 0]},
        legend={"orientation": "h", "y": -0.02, "font": {"color": colour("text")}},
        hovermode="closest",
    )
    return figure


def _faint(tone: str) -> str:
    red, green, blue = (int(tone[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.16)"
