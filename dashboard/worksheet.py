"""The work sheet of an order: one HTML page with its pictures inside, to print or to send to a crew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from dashboard.language import ENGLISH, listed, spoken, tr
from dashboard.pictures import picture
from dashboard.times import clock, span, zone_title
from dashboard.told import told, told_actor, told_name
from dashboard.views.legend import words_in_picture
from dashboard.views.lines import about
from dashboard.words import LOG_TITLES, STATE_TITLES, issue_title, plain, priority_title
from workorders.queries.order import OrderDetail
from workorders.words import EvidenceKind

_STYLE = """
@page { size: A4; margin: 14mm }
body { font: 10.5pt/1.4 "Source Sans 3", "Noto Sans", "Noto Sans CJK SC", Helvetica, Arial, sans-serif; color: #16232b;
  max-width: 182mm; margin: 6mm auto }
header { display: flex; justify-content: space-between; align-items: baseline; border-bottom: 2px solid #0b6e7f }
h1 { font-size: 18pt; margin: 0 0 2mm } h2 { font-size: 11.5pt; margin: 5mm 0 1.5mm }
.mark { border: 1.5px solid #16232b; border-radius: 3px; padding: 0 2mm; font-weight: 700 }
dl { display: grid; grid-template-columns: 34mm 1fr 34mm 1fr; gap: 1mm 4mm; margin: 3mm 0 }
dt { color: #5e6e77 } dd { margin: 0; overflow-wrap: anywhere }
figure { margin: 0 } .pictures { display: grid; grid-template-columns: auto 1fr; gap: 4mm; align-items: start }
img { max-width: 100%; max-height: 68mm; border: 1px solid #d3dce0 }
  figcaption { color: #5e6e77; font-size: 9pt }
.line { border-bottom: 1px solid #93a4ac; height: 8mm }
.sign { display: grid; grid-template-columns: 1fr 1fr 1fr; gap: 6mm }
table { border-collapse: collapse; width: 100%; font-size: 9.5pt } td { padding: .6mm 2mm .6mm 0; vertical-align: top }
td:first-child { white-space: nowrap; color: #5e6e77 }
"""
_LINE = '<div class="line"></div>'


def worksheet(detail: OrderDetail, site: str, zone: ZoneInfo, now: datetime) -> str:
    """The page. Every text from outside is escaped; nothing is loaded from anywhere."""
    row = detail.row
    number = tr("Order {number}", number=row.id)
    title = f"{number}: {issue_title(row.issue)}, {row.asset_label}"
    return (
        f'<!doctype html><html lang="{spoken().replace("_", "-")}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>"
        f"<style>{_STYLE}</style></head><body>"
        f"<header><h1>{escape(issue_title(row.issue))} · {escape(row.asset_label)}</h1>"
        f'<div><span class="mark">{priority_title(row.priority)}</span> {escape(number)}</div></header>'
        f"{_facts(detail, zone)}{_pictures(detail, zone)}"
        f"<h2>{tr('What was done')}</h2>{_LINE * 4}<h2>{tr('Parts used')}</h2>{_LINE * 2}"
        f'<h2>{tr("Done by")}</h2><div class="sign">'
        + "".join(f"<div>{_LINE}{word}</div>" for word in (tr("name"), tr("date and time"), tr("signature")))
        + f"</div>{_history(detail, zone)}"
        f"<p><small>{escape(site)} · {escape(tr('Times in {zone}', zone=zone_title(zone, now)))} · "
        f"{tr('Printed {time}', time=clock(now, zone))}</small></p>"
        "</body></html>"
    )  # fmt: skip


def told_facts(detail: OrderDetail, zone: ZoneInfo) -> Sequence[tuple[str, str]]:
    """What the sheet says of the order: names and texts."""
    row = detail.row
    position = "—" if row.latitude is None or row.longitude is None else f"{row.latitude:.5f}, {row.longitude:.5f}"
    target = tr("Target {span}", span=span(detail.resolution.target))
    return (
        (tr("State"), STATE_TITLES[row.state]),
        (tr("Repair by"), f"{clock(row.resolution_due, zone)} ({target})"),
        (tr("Asset"), about(row)),
        (tr("Place"), told_name(row.place or "—")),
        (tr("Has it"), " · ".join(name for name in (row.assignee, row.team) if name) or tr("nobody")),
        (tr("Position"), position),
        (tr("First seen"), clock(detail.first_seen, zone)),
        (tr("Camera"), told_name(row.camera_name or "—")),
    )


def told_history(detail: OrderDetail, zone: ZoneInfo) -> list[tuple[str, str]]:
    """What happened, in order: moments and who did what."""
    happened = [
        (line.at, told_actor(line.actor), LOG_TITLES.get(line.action, plain(line.action)), told(line.note))
        for line in detail.log
    ]
    happened += [(item.at, item.author, tr("wrote"), item.text) for item in detail.comments]
    return [
        (clock(at, zone), f"{actor} {did}" + (f": {note}" if note else ""))
        for at, actor, did, note in sorted(happened, key=lambda entry: entry[0])
    ]


def told_pictures(detail: OrderDetail) -> list[tuple[str, str]]:
    """Titles and `data:` addresses of the pictures that can be shown."""
    marked = tr("As the camera saw it")
    if spoken() != ENGLISH:
        words = listed(
            f"{english} = {meaning}" for english, meaning in words_in_picture([detail.row.issue], detail.light)
        )
        marked = tr("{title} ({words})", title=marked, words=words)
    titles = ((EvidenceKind.ANNOTATED, marked), (EvidenceKind.CROP, tr("Close up")))
    found = ((title, picture(detail.file_of(kind))) for kind, title in titles)
    return [(title, address) for title, address in found if address is not None]


def _facts(detail: OrderDetail, zone: ZoneInfo) -> str:
    rows = (f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in told_facts(detail, zone))
    return f"<dl>{''.join(rows)}</dl>"


def _pictures(detail: OrderDetail, zone: ZoneInfo) -> str:
    when = clock(detail.first_seen, zone)
    shown = [
        f'<figure><img src="{address}" alt="{title}"><figcaption>{title}, {when}</figcaption></figure>'
        for title, address in told_pictures(detail)
    ]
    return f'<div class="pictures">{"".join(shown)}</div>' if shown else ""


def _history(detail: OrderDetail, zone: ZoneInfo) -> str:
    rows = (f"<tr><td>{at}</td><td>{escape(text)}</td></tr>" for at, text in told_history(detail, zone))
    return f"<h2>{tr('History')}</h2><table>{''.join(rows)}</table>"
