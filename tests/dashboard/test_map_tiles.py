"""Tiles under the map: none until a site names a server; then those that cover what is shown, where they belong."""

from __future__ import annotations

import json

import pytest

from dashboard.views.map_figure import metres
from dashboard.views.tiles import MOST_TILES, tile_images
from tests.dashboard.conftest import Opener, texts
from workorders.actors import Actor
from workorders.errors import NotAllowed
from workorders.queries.people import site as site_row
from workorders.register.sites import actor_of, set_tiles
from workorders.store import Store
from workorders.words import Role

URL = "https://tiles.example.org/{z}/{x}/{y}.png"
SHANGHAI = (31.17, 121.46)


def pictures(page: Opener) -> list[dict[str, object]]:
    return list(json.loads(page("site_map").get("plotly_chart")[0].proto.spec)["layout"].get("images", ()))


def test_without_a_server_nothing_is_asked_of_anybody(page: Opener) -> None:
    assert pictures(page) == []


def test_an_administrator_names_a_server_and_takes_it_away(page: Opener, site: Store) -> None:
    app = page("site_map", "manager")
    app.text_input(key="tiles_url").set_value(URL)
    app.text_input(key="tiles_credit").set_value("© <b>somebody</b>")
    app.button(key="tiles_save").click().run()
    assert not app.error
    assert all(str(one["source"]).startswith("https://tiles.example.org/") for one in pictures(page))
    assert pictures(page)
    assert r"\<b\>somebody" in texts(page("site_map"))

    app = page("site_map", "manager")
    app.text_input(key="tiles_url").set_value("")
    app.button(key="tiles_save").click().run()
    assert pictures(page) == []


@pytest.mark.parametrize(
    "url", ["tiles.example.org/{z}/{x}/{y}.png", "https://tiles.example.org/", "javascript:{z}{x}{y}"]
)
def test_an_address_of_no_tile_server_is_refused(site: Store, url: str) -> None:
    with pytest.raises(NotAllowed, match="tile address"):
        set_tiles(site, actor_of(site, "manager"), url, "")
    assert site_row(site).tile_url is None


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_others_name_none(page: Opener, site: Store, role: Role) -> None:
    with pytest.raises(NotAllowed):
        set_tiles(site, Actor("x", "X", role), URL, "")
    assert "tiles_url" not in {box.key for box in page("site_map", role.value).text_input}


@pytest.mark.parametrize(
    "reach_m",
    [pytest.param(100, id="a plaza"), pytest.param(5_000, id="a river bank"), pytest.param(2e6, id="a country")],
)
@pytest.mark.parametrize("middle", [SHANGHAI, (-33.9, 18.4), (64.1, -21.9)], ids=["Shanghai", "Cape Town", "Reykjavik"])
def test_tiles_cover_what_is_shown_without_a_gap(reach_m: float, middle: tuple[float, float]) -> None:
    found = tile_images(URL, (-reach_m, reach_m), (-reach_m, reach_m), middle, dark=False)

    assert 1 <= len(found) <= MOST_TILES
    assert min(one["x"] for one in found) <= -2 * reach_m, "wide paper shows more to the sides"
    assert max(one["x"] + one["sizex"] for one in found) >= 2 * reach_m
    assert min(one["y"] - one["sizey"] for one in found) <= -reach_m
    assert max(one["y"] for one in found) >= reach_m


def test_a_tile_lies_where_it_belongs() -> None:
    """Tile 10/486/332 reaches from 9.140625 to 8.7890625 degrees west, its northern edge lies at 53.33087298."""
    middle = (53.22, -8.96)
    found = {one["source"]: one for one in tile_images(URL, (-50e3, 50e3), (-25e3, 25e3), middle, dark=True)}
    tile = found["https://tiles.example.org/10/486/332.png"]

    assert (tile["x"], tile["y"]) == pytest.approx(metres(53.33087298, -9.140625, middle), abs=0.01)
    assert tile["x"] + tile["sizex"] == pytest.approx(metres(53.22, -8.7890625, middle)[0], abs=0.01)
