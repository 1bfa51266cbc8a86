"""Sites to look at: an empty one, one with orders in every state, and one whose every text is hostile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO

from PIL import Image

from detectors.geometry import Box, Region
from detectors.values import Asset
from tests.workorders.fakes import FrozenClock, ScriptedEyes, add_camera, failing_light, finding, light, take
from workorders.inspection import run_inspection
from workorders.orders.desk import Request, perform
from workorders.orders.remarks import attach, comment
from workorders.register.sites import actor_of, save_person, update_site
from workorders.store import Store, open_store
from workorders.words import Action, DismissReason, Role

HOSTILE = (
    "<script>alert('x')</script><img src=x onerror=alert(1)> :red[r] **b** $x$ [l](javascript:alert(1)) =1+1 שלום 🌉"
)
LONG = "Ω" * 10_000


def png() -> bytes:
    """A small picture."""
    buffer = BytesIO()
    Image.new("RGB", (64, 36), (40, 90, 110)).save(buffer, "PNG")
    return buffer.getvalue()


def hours_ago(hours: float) -> FrozenClock:
    """A clock that stands some hours before now, so that pages of the present show a past."""
    return FrozenClock(datetime.now(UTC).replace(microsecond=0) - timedelta(hours=hours))


def fill_nothing(store: Store, clock: FrozenClock) -> None:
    """A site on its first day."""


def fill_working_day(store: Store, clock: FrozenClock) -> None:
    """Two cameras, a dozen assets, and orders in every state: late, about to be late, held, mended, dismissed."""
    manager, operator = actor_of(store, "manager"), actor_of(store, "operator")
    update_site(store, manager, "Riverside", "Asia/Shanghai", is_demo=True)
    add_camera(store, "riverside-07", [light(f"L-{n}", 0.1 * n) for n in range(1, 6)], latitude=31.17, longitude=121.46)
    add_camera(store, "plaza-02", [_path("P-1"), _path("P-2")], source="rtsp://127.0.0.1:9/plaza")
    inspected = ScriptedEyes(lambda view: failing_light("L-1", camera="riverside-07"))
    run_inspection(store, "night.mp4", "riverside-07", inspected)
    for n, (issue, asset, camera, kind) in enumerate(_FINDINGS):
        clock.forward(minutes=3)
        box = Box(0.1 + 0.08 * n, 0.2, 0.16 + 0.08 * n, 0.4)
        take(store, what=finding(issue, asset, camera, first_seen=clock(), asset_kind=kind, box=box))
    clock.forward(minutes=2)
    for order, *requests in _DAY:
        for request in requests:
            clock.forward(seconds=40)
            perform(store, operator, order, request)
    comment(store, operator, 2, "Crew is on the way.")
    attach(store, operator, 2, "repair.png", png())
    # A quarter of an hour to answer: not late while the tests run, however slow the machine.
    clock.at = datetime.now(UTC) - timedelta(seconds=20)
    take(store, what=finding("path_damaged", "P-2", "plaza-02", first_seen=clock(), asset_kind="path"))


def fill_hostile(store: Store, clock: FrozenClock) -> None:
    """Names and notes with HTML, Markdown, formulas, emoji, right-to-left text and ten thousand characters."""
    manager = actor_of(store, "manager")
    update_site(store, manager, HOSTILE, "America/St_Johns")
    save_person(store, manager, "hostile", HOSTILE, Role.OPERATOR, "lighting")
    region = Region.rectangle(Box(0.1, 0.1, 0.3, 0.9))
    assets = [
        Asset("=cmd|' /C calc'!A0", "street_light", region, HOSTILE),
        Asset("<b>L-2</b>", "street_light", region, LONG),
        Asset("L|3 `x`", "tree", region, "‮evil‬\n\nline"),
    ]
    add_camera(store, "cam-1", assets, source="rtsp://user:<b>@host/x")
    add_camera(store, "cam-2", [])
    for n, asset in enumerate(assets):
        issue = "tree_leaning" if asset.kind == "tree" else "light_out"
        take(store, what=finding(issue, asset.id, "cam-1", first_seen=clock(), asset_kind=asset.kind, key=f"k{n}"))
    take(store, what=finding("litter", None, "cam-2", first_seen=clock(), asset_kind=None, key="somewhere"))
    operator = actor_of(store, "hostile")
    comment(store, operator, 1, HOSTILE * 20)
    attach(store, operator, 1, "<img src=x>'\"=1+1.png", png())
    attach(store, operator, 1, "broken.jpg", b"no picture at all")
    perform(store, operator, 1, Request(Action.ASSIGN, HOSTILE, assignee="hostile"))
    perform(store, operator, 2, Request(Action.DISMISS, LONG[:2000], reason=DismissReason.KNOWN))


SITES: dict[str, Callable[[Store, FrozenClock], None]] = {
    "empty": fill_nothing,
    "working day": fill_working_day,
    "hostile": fill_hostile,
}


def make_site(url: str, files: str, fill: Callable[[Store, FrozenClock], None]) -> None:
    """Make a database, with its files, as it looks some hours later."""
    clock = hours_ago(3)
    store = open_store(url, files, clock)
    fill(store, clock)
    store.close()


_FINDINGS = (
    ("light_out", "L-2", "riverside-07", "street_light"),
    ("light_flickering", "L-3", "riverside-07", "street_light"),
    ("path_damaged", "P-1", "plaza-02", "path"),
    ("light_damaged", "L-4", "riverside-07", "street_light"),
    ("litter", None, "plaza-02", None),
    ("camera_blurred", None, "plaza-02", "camera"),
    ("light_on_by_day", "L-5", "riverside-07", "street_light"),
)
_DAY = (
    (2, Request(Action.ASSIGN, "please", assignee="operator"), Request(Action.START)),
    (3, Request(Action.ACKNOWLEDGE),),
    (
        4, Request(Action.ASSIGN, team="grounds"), Request(Action.START), Request(Action.HOLD, "waits for asphalt"),
    ),
    (
        5, Request(Action.ASSIGN, assignee="operator"), Request(Action.START), Request(Action.RESOLVE, "straightened"),
    ),
    (6, Request(Action.DISMISS, "a market", reason=DismissReason.TEMPORARY, suppress_for=timedelta(days=1))),
    (
        7, Request(Action.ASSIGN, assignee="operator"), Request(Action.START), Request(Action.RESOLVE, "wiped"),
        Request(Action.VERIFY), Request(Action.CLOSE),
    ),
)  # fmt: skip


def _path(asset_id: str) -> Asset:
    return Asset(asset_id, "path", Region.rectangle(Box(0.2, 0.5, 0.8, 0.95)))
