"""The committed training stills: each is whole, its labels are sound, and none shares a seed with a clip."""

import json
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from sample_media.studio.boxes import CLASSES
from sample_media.studio.gather import PARTS, REGISTERED, gather, holding
from sample_media.studio.plan import CLUTTER, OBSTACLES
from sample_media.studio.thin import thin

STILLS = Path(__file__).parents[2] / "sample_media" / "stills"
LEFT, MAKES, HARMED = (STILLS.with_name(name) for name in ("left", "makes", "harmed"))
MAKES_OF_BINS = {"under_roof", "open_drum", "basket", "box", "hood", "wheeled", "twin", "on_post", "slatted"}
NAMES = sorted(path.stem for path in (STILLS / "images").glob("*.jpg"))
# Seeds below have no masks: the first generator wrote none.
FIRST_WITH_MASKS = 200_000


def rows(name: str) -> list[list[float]]:
    return rows_of(STILLS, name)


def rows_of(stills: Path, name: str) -> list[list[float]]:
    lines = (stills / "labels" / f"{name}.txt").read_text().splitlines()
    return [[float(v) for v in line.split()] for line in lines]


def test_every_still_has_labels_and_a_plan_and_those_of_later_seeds_a_mask() -> None:
    for name in NAMES:
        seed = int(name[1:].split("_")[0])
        assert json.loads((STILLS / "json" / f"{name}.json").read_text())["plan"]["seed"] == seed
        assert (STILLS / "labels" / f"{name}.txt").is_file()
        assert (STILLS / "masks" / f"{name}.png").is_file() == (seed >= FIRST_WITH_MASKS)


def test_boxes_lie_in_the_picture_and_lamps_are_no_specks() -> None:
    for name in NAMES:
        for kind, x, y, w, h in rows(name):
            assert 0 <= kind < len(CLASSES)
            assert min(x - w / 2, y - h / 2) >= -1e-5
            assert max(x + w / 2, y + h / 2) <= 1 + 1e-5
            assert CLASSES[int(kind)] != "street_light" or h * 360 >= 17.9, name


def test_set_is_small_and_shows_every_site_and_light() -> None:
    found = holding(STILLS)
    assert found.megabytes <= 64
    assert set(found.sites) == {"riverside", "park", "plaza", "street"}
    assert set(found.lights) == {"day", "overcast", "dusk", "night"}
    assert min(found.seeds) >= 100_000


def test_every_scene_has_its_lamps_outlined_and_their_states_fit_its_light() -> None:
    scenes = json.loads((STILLS / "outlines.json").read_text())
    plans = {n.split("_")[0]: json.loads((STILLS / "json" / f"{n}.json").read_text())["plan"] for n in NAMES}
    assert scenes.keys() == plans.keys()
    for name, scene in scenes.items():
        assert scene["mode"] == plans[name].get("mode", plans[name].get("light", {}).get("mode"))
        assert all(0 <= v <= 1 for lamp in scene["things"] for point in lamp["outline"] for v in point)
        assert {lamp["state"] for lamp in scene["things"]} <= {0, 0.5, 1}


def test_stills_of_what_was_left_on_walks_show_it_and_share_no_scene() -> None:
    others = {name.split("_")[0] for name in NAMES}
    found = holding(LEFT)
    assert found.megabytes <= 25
    assert min(found.seeds) >= 460_000
    assert max(found.seeds) < 470_000
    shown: set[str] = set()
    for path in sorted((LEFT / "json").glob("s*.json")):
        assert path.stem.split("_")[0] not in others
        assert (LEFT / "masks" / f"{path.stem}.png").is_file()
        standing = json.loads(path.read_text())["standing"]
        assert standing == [] or not path.stem.endswith("_0"), "the clean picture of a scene"
        for one in standing:
            x0, y0, x1, y1 = one["box"]
            assert 0 <= x0 < x1 <= 1
            assert 0 <= y0 < y1 <= 1
        shown |= {one["kind"] for one in standing}
    assert shown == {*OBSTACLES, *CLUTTER, "suitcase"}


def test_stills_of_many_makes_name_their_bins_and_share_no_scene() -> None:
    others = {name.split("_")[0] for name in NAMES}
    found = holding(MAKES)
    assert found.megabytes <= 15
    assert min(found.seeds) >= 470_000
    shown: set[tuple[str, bool]] = set()
    for path in sorted((MAKES / "json").glob("s*.json")):
        assert path.stem.split("_")[0] not in others
        assert (MAKES / "masks" / f"{path.stem}.png").is_file()
        bins = json.loads(path.read_text())["bins"]
        assert not path.stem.endswith("_0") or all(one["name"].startswith("bin_") for one in bins), "the clean picture"
        for one in bins:
            x0, y0, x1, y1 = one["box"]
            assert 0 <= x0 < x1 <= 1
            assert 0 <= y0 < y1 <= 1
            assert one["full"] or one["waste"] == 0
            shown.add((one["name"].split()[0], one["full"]))
    assert {make for make, full in shown if full} == MAKES_OF_BINS
    assert {make for make, full in shown if not full} >= MAKES_OF_BINS


def test_a_full_bin_that_shows_nothing_of_what_it_holds_is_labelled_as_a_plain_one() -> None:
    for path in sorted((MAKES / "json").glob("s*.json")):
        full = [row for row in rows_of(MAKES, path.stem) if CLASSES[int(row[0])] == "bin_overflowing"]
        for one in json.loads(path.read_text())["bins"]:
            if one["full"] and one["waste"] < 0.05:
                assert not any(alike(one["box"], row) > 0.4 for row in full), path.stem


def alike(box: list[float], row: list[float]) -> float:
    """Intersection over union of a box (x0, y0, x1, y1) and a label's row (class, centre, size)."""
    _, x, y, w, h = row
    wide = min(box[2], x + w / 2) - max(box[0], x - w / 2)
    high = min(box[3], y + h / 2) - max(box[1], y - h / 2)
    shared = max(0.0, wide) * max(0.0, high)
    return shared / ((box[2] - box[0]) * (box[3] - box[1]) + w * h - shared)


@pytest.fixture
def rendered(tmp_path: Path) -> Path:
    root = tmp_path / "rendered"
    noise = np.random.default_rng(1).integers(0, 255, (90, 160, 3), np.uint8)
    for name in ("s1_0", "s1_1"):
        for part, _ in PARTS:
            (root / part).mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(root / "images" / f"{name}.jpg"), noise, [cv2.IMWRITE_JPEG_QUALITY, 98])
        cv2.imwrite(str(root / "masks" / f"{name}.png"), noise[..., 0] // 200)
        (root / "labels" / f"{name}.txt").write_text("0 0.5 0.5 0.1 0.4\n1 0.5 0.5 0.1 0.4\n")
        about = {"plan": {"seed": 1, "site": "park", "light": {"mode": "night"}}}
        (root / "json" / f"{name}.json").write_text(json.dumps(about))
    return root


def test_gathered_stills_are_smaller_and_their_masks_and_labels_the_same(rendered: Path, tmp_path: Path) -> None:
    assert gather(rendered, tmp_path / "set", 80) == 2
    before, after = (root / "images" / "s1_0.jpg" for root in (rendered, tmp_path / "set"))
    assert after.stat().st_size < 0.9 * before.stat().st_size
    masks = [cv2.imread(str(root / "masks" / "s1_1.png"), -1) for root in (rendered, tmp_path / "set")]
    assert np.array_equal(*masks)
    found = holding(tmp_path / "set")
    assert (found.sites["park"], found.lights["night"], found.boxes["street_light"], found.seeds) == (2, 2, 2, {1})


def test_what_was_registered_before_harm_comes_along(rendered: Path, tmp_path: Path) -> None:
    (rendered / REGISTERED).mkdir()
    (rendered / REGISTERED / "s1.json").write_text("{}")
    gather(rendered, tmp_path / "set", 80)
    assert [path.name for path in (tmp_path / "set" / REGISTERED).iterdir()] == ["s1.json"]


def test_a_still_that_is_there_is_left_and_one_still_being_written_waits(rendered: Path, tmp_path: Path) -> None:
    (rendered / "labels" / "s1_1.txt").unlink()
    assert gather(rendered, tmp_path / "set", 80) == 1
    (tmp_path / "set" / "labels" / "s1_0.txt").write_text("as it was")
    assert gather(rendered, tmp_path / "set", 80) == 0
    assert (tmp_path / "set" / "labels" / "s1_0.txt").read_text() == "as it was"


def a_set(root: Path, views: dict[int, list[str]]) -> Path:
    """Stills of 1000 bytes each, by seed the labels of its views."""
    for part, _ in PARTS:
        (root / part).mkdir(parents=True)
    for seed, labels in views.items():
        for k, lines in enumerate(labels):
            about = json.dumps({"plan": {"seed": seed, "site": "park", "light": {"mode": "day"}}})
            (root / "json" / f"s{seed}_{k}.json").write_text(about)
            (root / "labels" / f"s{seed}_{k}.txt").write_text(lines)
            (root / "images" / f"s{seed}_{k}.jpg").write_bytes(bytes(1000 - len(about) - len(lines)))
    return root


LAMP, PUDDLE = (f"{CLASSES.index(name)} 0.5 0.5 0.1 0.4\n" for name in ("street_light", "puddle"))


# By `split_of_still` the first scene is one to learn from, the second one to score on.
TAUGHT, SCORED = 100_000, 100_003


@pytest.mark.parametrize(
    ("kilobytes", "gone"),
    [
        pytest.param(10, [], id="small enough as it is"),
        pytest.param(9, [f"s{TAUGHT}_1"], id="a view with common things goes before one with rare ones"),
        pytest.param(8, [f"s{TAUGHT}_1", f"s{TAUGHT}_3"], id="one after the other"),
        pytest.param(1, [f"s{TAUGHT}_1", f"s{TAUGHT}_3"], id="the clean plate and one other stay"),
    ],
)
def test_set_is_thinned_to_a_size_and_what_is_scored_on_stays_whole(
    kilobytes: float, gone: list[str], tmp_path: Path
) -> None:
    views = {TAUGHT: ["", LAMP, LAMP + PUDDLE, LAMP * 2], SCORED: [LAMP] * 6}
    stills = a_set(tmp_path / "set", views)
    names = {path.stem for path in (stills / "images").iterdir()}
    assert list(thin(stills, kilobytes / 1000)) == gone
    for part, suffix in PARTS[0], PARTS[2], PARTS[3]:
        assert {path.stem for path in (stills / part).glob(f"*.{suffix}")} == names - set(gone)


def test_of_each_harmed_still_the_lamps_and_trees_are_told_as_they_were() -> None:
    names = sorted(path.stem for path in (HARMED / "images").glob("*.jpg"))
    assert [f"{path.stem}_0" for path in sorted((HARMED / REGISTERED).glob("*.json"))] == names
    became = Counter[str]()
    for name in names:
        plan = json.loads((HARMED / "json" / f"{name}.json").read_text())["plan"]
        told = json.loads((HARMED / REGISTERED / f"{name.split('_')[0]}.json").read_text())
        assert told["mode"] == plan["light"]["mode"]
        leans = {(kind, lean) for kind in ("lamps", "trees") for lean in (one["lean"] for one in plan[kind])}
        for thing in told["things"]:
            assert len(thing["outline"]) >= 3
            assert all(0 <= v <= 1 for point in thing["outline"] for v in point)
            kind = "lamps" if thing["kind"] == "street_light" else "trees"
            assert (kind, thing["lean"]) in leans
            became.update(f"{kind} {harm}" for harm in ("lean", "snapped", "gone", "bare", "fallen") if thing.get(harm))
    assert min(became[f"lamps {harm}"] for harm in ("lean", "snapped", "gone")) >= 20
    assert min(became[f"trees {harm}"] for harm in ("lean", "bare", "fallen")) >= 20
