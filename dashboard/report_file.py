"""A report as one HTML file: everything it needs lies in it, so that it can be sent, kept and printed."""

from __future__ import annotations

from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from plotly.io import to_html

from dashboard.language import spoken, tr
from dashboard.times import clock, zone_title
from dashboard.views.charts import on_paper
from dashboard.views.report_parts import Told, charts, cost_table, figures, offenders, tables

_STYLE = """
@page { size: A4; margin: 12mm }
body { font: 11pt/1.45 "Source Sans 3", "Noto Sans", "Noto Sans CJK SC", Helvetica, Arial, sans-serif;
  color: #16232b; max-width: 1080px; margin: 24px auto; padding: 0 16px }
h1 { font-size: 20pt; margin: 0 } h2 { font-size: 12.5pt; margin: 18px 0 4px; break-after: avoid }
.sub { color: #5e6e77; margin: 2px 0 14px }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 10px }
.figures div { border: 1px solid #d3dce0; border-radius: 5px; padding: 8px 12px }
.figures b { display: block; font-size: 17pt; font-variant-numeric: tabular-nums }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); gap: 4px 24px }
.charts section { break-inside: avoid; min-width: 0; overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: 10pt; font-variant-numeric: tabular-nums }
th { text-align: left; color: #5e6e77; font-weight: 600 } th, td { border-bottom: 1px solid #d3dce0; padding: 3px 8px }
"""

# As wide as half the page: a chart that asks for its room before the page is laid out gets the wrong answer.
_CHART_PX = 505


def report_file(of: Told, site: str, zone: ZoneInfo, now: datetime) -> bytes:
    """The file. Every text from outside is escaped; nothing is loaded from anywhere."""
    title = tr("Report of {site}", site=site)
    period = tr("The last {n} days, until {time}", n=of.days, time=clock(now, zone))
    parts = [
        f'<!doctype html><html lang="{spoken().replace("_", "-")}"><head><meta charset="utf-8">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>",
        f'<p class="sub">{escape(period)} · {escape(tr("Times in {zone}", zone=zone_title(zone, now)))}</p>',
        '<div class="figures">',
        *(f"<div>{escape(one.name)}<b>{escape(one.value)}</b></div>" for one in figures(of)),
        '</div><div class="charts">',
    ]
    with on_paper():
        for n, (_, heading, figure) in enumerate(charts(of, zone.key)):
            figure.update_layout(
                template="plotly_white", paper_bgcolor="#fff", font={"color": "#16232b"}, width=_CHART_PX
            )
            drawn = to_html(figure, include_plotlyjs=n == 0, full_html=False, config={"displayModeBar": False})
            parts.append(f"<section><h2>{escape(heading)}</h2>{drawn}</section>")
    parts.append("</div>")
    rows = [*tables(of), cost_table(of), (tr("What keeps coming back"), offenders(of))]
    for heading, frame in ((heading, frame) for heading, frame in rows if len(frame)):
        parts.append(f"<h2>{escape(heading)}</h2>{frame.to_html(index=False, border=0, escape=True)}")
    return "".join([*parts, "</body></html>"]).encode()
