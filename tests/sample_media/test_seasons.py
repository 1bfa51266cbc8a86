"""Species and seasons of drawn places, and what can be wrong with their lamps, which need no Blender."""

from collections import Counter
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest

from sample_media.studio.cameras import PLACES
from sample_media.studio.draw import draw_issue, draw_plan
from sample_media.studio.drawn import MONTHS, SUNSETS, drawn_place, start_of
from sample_media.studio.evergreens import grow_conifer, grow_palm
from sample_media.studio.plan import EVERGREEN, SEASONS, SITES, SPECIES, Lamp, Plan, TreeForm, read_plan
from sample_media.studio.seasons import lawn_tint, leaf_tones
from sample_media.studio.skeleton import Habit
from sample_media.studio.variants import CODES, Variant

PLANS = [draw_plan(seed) for seed in range(560_000, 560_200)]


def test_drawn_places_cover_every_season_and_species() -> None:
    assert {plan.season for plan in PLANS} == set(SEASONS)
    assert {form.species for plan in PLANS for form in plan.forms} == set(SPECIES)


def test_trees_stand_bare_in_winter_and_evergreens_never() -> None:
    for plan in PLANS:
        assert plan.bare_season == (plan.season == "winter")
        for tree in plan.trees:
            if plan.forms[tree.form].evergreen:
                assert not tree.bare
            elif plan.bare_season:
                assert tree.bare


def test_rows_are_mostly_of_one_species() -> None:
    alike = sum(len({form.species for form in plan.forms}) == 1 for plan in PLANS)
    assert 0.5 < alike / len(PLANS) < 0.85


def test_no_conifer_stands_on_a_pavement() -> None:
    assert not [p for p in PLANS if p.site in ("street", "plaza") and "conifer" in {f.species for f in p.forms}]


@pytest.mark.parametrize("seed", range(560_000, 560_016))
def test_a_drawn_camera_starts_in_a_month_of_its_season(seed: int) -> None:
    month = int(start_of(seed)[5:7])
    assert month in MONTHS[drawn_place(seed).plan.season]
    assert month in SUNSETS


def _greenness(plan: Plan) -> float:
    red, green, _ = leaf_tones(plan, 0)[1]
    return green / red


def test_leaves_turn_in_autumn_needles_do_not_and_straw_is_paler_than_grass() -> None:
    summer = Plan(1)
    autumn = replace(summer, season="autumn")
    assert _greenness(autumn) < 0.7 < 1.3 < _greenness(summer)
    pine = (TreeForm(1, species="conifer"),)
    assert leaf_tones(replace(summer, forms=pine), 0) == leaf_tones(replace(autumn, forms=pine), 0)
    assert lawn_tint(summer) == (1.0, 1.0, 1.0)
    assert lawn_tint(replace(summer, season="winter"))[0] > 1.5


def test_clips_stay_in_summer_so_that_their_plates_come_again() -> None:
    assert {place.plan.season for place in PLACES.values()} == {"summer"}
    assert {form.species for place in PLACES.values() for form in place.plan.forms} == {"broadleaf"}


def test_conifer_is_a_cone_on_an_upright_stem() -> None:
    tree = grow_conifer(3, Habit(10.0, 1.0, 2.4, species="conifer"))
    out = np.hypot(tree.at[:, 0], tree.at[:, 1])
    low, high = out[(tree.at[:, 2] > 1) & (tree.at[:, 2] < 3)].max(), out[tree.at[:, 2] > 8].max()
    assert high < 0.5 * low
    assert tree.at[:, 2].max() == pytest.approx(10.0, abs=0.3)
    assert (tree.parent < np.arange(len(tree.parent))).all()


def test_palm_bears_leaves_only_at_its_head() -> None:
    palm = grow_palm(3, Habit(7.0, 2.5, 2.2, species="palm"))
    thin = palm.at[palm.radius < 0.022]
    assert thin[:, 2].min() > 3.0
    assert palm.radius[palm.at[:, 2] < 3.0].min() > 0.1


@pytest.mark.parametrize(("species", "sheds"), [(name, name not in EVERGREEN) for name in SPECIES])
def test_species_that_shed_their_leaves_are_told_from_evergreens(species: str, sheds: bool) -> None:
    assert TreeForm(1, species=species).evergreen is not sheds


def test_now_and_then_a_drawn_lamp_is_snapped_or_gone_but_none_at_a_proving_camera() -> None:
    lamps = [lamp for plan in PLANS for lamp in plan.lamps]
    for harmed in (sum(bool(lamp.snapped) for lamp in lamps), sum(lamp.gone for lamp in lamps)):
        assert 0.01 < harmed / len(lamps) < 0.06
    assert all(lamp == Lamp(lamp.s, lamp.t) for seed in range(8) for lamp in drawn_place(560_000 + seed).plan.lamps)


@pytest.mark.parametrize(
    ("lamp", "lamps_lit", "burns"),
    [
        pytest.param(Lamp(1, 1), True, True, id="as the hour asks"),
        pytest.param(Lamp(1, 1), False, False, id="dark by day"),
        pytest.param(Lamp(1, 1, lit=True), False, True, id="on by day"),
        pytest.param(Lamp(1, 1, lit=False), True, False, id="out by night"),
        pytest.param(Lamp(1, 1, lit=True, snapped=90), True, False, id="a snapped one never"),
        pytest.param(Lamp(1, 1, lit=True, gone=True), True, False, id="nor one that is gone"),
    ],
)
def test_lamp_burns(lamp: Lamp, lamps_lit: bool, burns: bool) -> None:
    assert lamp.burns(lamps_lit) is burns


@pytest.mark.parametrize(
    "change", [pytest.param({"lamp_snapped": (2, 100.0)}, id="snapped"), pytest.param({"lamp_gone": 2}, id="gone")]
)
@pytest.mark.parametrize(("hour", "darkened"), [("day", []), ("night", [2])])
def test_harmed_lamp_is_damaged_and_takes_its_light_with_it(
    change: dict[str, Any], hour: str, darkened: list[int]
) -> None:
    variant = Variant("riverside-07", hour, "harmed", **change)
    assert variant.changed_items() == {"lamp_2": ("light_damaged", "street_light")}
    assert variant.darkened() == darkened
    assert variant.plan().lamps[1].burns(True) is False
    assert [k for k, lamp in enumerate(variant.plan().lamps) if lamp.snapped or lamp.gone] == [1]


@pytest.mark.parametrize("site", SITES)
def test_a_drawn_car_stands_on_the_walk_and_lawn_litter_beside_it(site: str) -> None:
    plan = draw_plan(560_001, site)
    for seed in range(40):
        car, litter = (draw_issue(np.random.default_rng(seed), plan, kind) for kind in ("car", "lawn_litter"))
        assert abs(car.t) + 0.9 <= plan.half
        assert litter.t < -plan.half - 0.4
    assert CODES["car"] == ("path_obstructed", "path")
    assert CODES["lawn_litter"] == ("litter", "lawn")


def test_severity_of_what_is_wrong_is_drawn() -> None:
    drawn = Counter(round(draw_issue(np.random.default_rng(seed), PLANS[0], "puddle").size, 1) for seed in range(60))
    assert {0.7, 1.4} <= set(drawn)


@pytest.mark.parametrize("seed", [560_000, 560_003])
def test_plan_that_was_noted_is_read_again(seed: int) -> None:
    plan = draw_plan(seed)
    assert read_plan(asdict(plan)) == plan


def test_plan_noted_before_seasons_were_drawn_keeps_its_leaves_as_they_were() -> None:
    noted = asdict(draw_plan(560_000)) | {"bare_season": True}
    del noted["season"]
    noted["forms"] = [{k: v for k, v in form.items() if k != "species"} for form in noted["forms"]]
    plan = read_plan(noted)
    assert plan.season == "winter"
    assert {form.species for form in plan.forms} == {"broadleaf"}
