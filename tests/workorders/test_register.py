"""The register: import with mapping and dry run, hostile files, export and back, groups of lights."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from detectors.errors import LamplighterError
from tests.workorders.conftest import MANAGER, OPERATOR
from tests.workorders.fakes import FrozenClock, add_camera, light, take
from workorders.errors import ImportRefused, NotAllowed
from workorders.exports.assets import export_assets
from workorders.queries.assets import AssetFilter, asset_detail, assets_page
from workorders.register.groups import follow_lines, group_lights
from workorders.register.importing import ImportReport, import_assets, import_file
from workorders.register.reading import read_table
from workorders.schema import Asset
from workorders.store import Store
from workorders.words import Condition, Power


def take_csv(store: Store, text: str, **kw: object) -> ImportReport:
    return import_assets(store, MANAGER, "assets.csv", text.encode(), **kw)


def ids(store: Store) -> list[str]:
    return [a.id for a in assets_page(store, limit=1000).rows]


def test_assets_of_a_table(store: Store) -> None:
    report = take_csv(
        store, "id,kind,name,lat,lon,circuit,maker\nL-1,street lamp,Pier 1,31.2,121.4,C7,Acme\nT-1,tree,,,,,\n"
    )
    assert (report.created, report.updated, report.problems, report.done) == (2, 0, (), True)
    detail = asset_detail(store, "L-1")
    assert (detail.row.kind, detail.row.latitude, detail.row.group_ref) == ("street_light", 31.2, "C7")
    assert detail.attributes == {"maker": "Acme"}


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        pytest.param({"highway": "street_lamp", "lamp_type": "led"}, "street_light", id="lamp"),
        pytest.param({"natural": "tree", "species": "Ginkgo"}, "tree", id="tree"),
        pytest.param({"amenity": "bench"}, "bench", id="bench"),
        pytest.param({"amenity": "waste_basket"}, "bin", id="bin"),
    ],
)
def test_osm_is_known(store: Store, tags: dict, kind: str) -> None:
    feature = {
        "type": "Feature", "id": "node/42", "properties": {**tags, "ref": "17"},
        "geometry": {"type": "Point", "coordinates": [121.4, 31.2]},
    }  # fmt: skip
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    assert import_assets(store, MANAGER, "osm.geojson", content).problems == ()
    row = assets_page(store).rows[0]
    assert (row.kind, row.external_ref, row.longitude, row.latitude) == (kind, "node/42", 121.4, 31.2)


def test_fiware_is_known(store: Store) -> None:
    entity = {
        "id": "urn:ngsi-ld:Streetlight:pier:1", "type": "Streetlight",
        "status": {"type": "Property", "value": "defectiveLamp"}, "powerState": "off", "refStreetlightGroup": "group:7",
        "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [121.4, 31.2]}},
    }  # fmt: skip
    assert import_assets(store, MANAGER, "lights.json", json.dumps([entity]).encode()).problems == ()
    row = assets_page(store).rows[0]
    assert (row.kind, row.condition, row.power) == ("street_light", Condition.FAULT, Power.OFF)
    assert (row.group_ref, row.longitude) == ("group:7", 121.4)


def test_columns_of_any_name_can_be_mapped(store: Store) -> None:
    text = "UNITREF;WHAT;ROAD_NAME\n0017;Streetlight;Quay\n"
    report = take_csv(store, text, mapping={"kind": "WHAT", "id": "UNITREF"})
    assert report.mapping == {"kind": "WHAT", "id": "UNITREF", "place": "ROAD_NAME"}
    assert ids(store) == ["0017"], "a number with zeros before it stays as it is"


def test_a_row_is_updated_by_its_external_ref(store: Store) -> None:
    take_csv(store, "id,kind,external_ref,name\nL-1,street_light,EXT-9,Old\n")
    report = take_csv(store, "external_ref,kind,place\nEXT-9,street_light,Quay\n")
    assert (report.created, report.updated) == (0, 1)
    row = asset_detail(store, "L-1").row
    assert row.place == "Quay"
    again = take_csv(store, "external_ref,kind,place\nEXT-9,street_light,Quay\n")
    assert (again.updated, again.unchanged) == (0, 1)


def test_a_dry_run_changes_nothing(store: Store) -> None:
    report = take_csv(store, "id,kind\nL-1,street_light\n", dry_run=True)
    assert (report.created, report.done) == (1, False)
    assert ids(store) == []


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        pytest.param("L 1,street_light,,,", "id", "cannot be an id", id="a space in an id"),
        pytest.param(",street_light,,,", "id", "neither an id", id="no id"),
        pytest.param("L-1,spaceship,,,", "kind", "not a kind of asset", id="unknown kind"),
        pytest.param("L-1,tree,95,121,", "lat", "not a latitude", id="latitude beyond the pole"),
        pytest.param("L-1,tree,nan,121,", "lat", "not a latitude", id="not a number"),
        pytest.param("L-1,tree,1e999,121,", "lat", "not a latitude", id="infinite"),
        pytest.param("L-1,tree,31,121;7,", "lon", "not a longitude", id="two numbers in one cell"),
        pytest.param("L-1,tree,,,9", "criticality", "not 1", id="criticality out of range"),
        pytest.param("L-0,tree,,,", "id", "already in row 2", id="the same asset twice"),
        pytest.param("'; DROP TABLE asset; --,tree,,,", "id", "cannot be an id", id="a statement for an id"),
    ],
)
def test_one_bad_row_is_named_and_nothing_is_half_imported(store: Store, row: str, column: str, message: str) -> None:
    report = take_csv(store, f"id,kind,lat,lon,criticality\nL-0,tree,,,\n{row}\n")
    assert [(p.row, p.column) for p in report.problems] == [(3, column)]
    assert message in report.problems[0].message
    assert not report.done
    assert ids(store) == []


def test_an_external_ref_cannot_move_to_another_asset(store: Store) -> None:
    take_csv(store, "id,kind,external_ref\nL-1,tree,E\n")
    report = take_csv(store, "id,kind,external_ref\nL-2,tree,E\n")
    assert "is the external ref of asset L-1" in report.problems[0].message


@cache
def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for n in range(9):
            file.writestr(f"xl/worksheets/sheet{n}.xml", b"0" * (60 << 20))
    return packed.getvalue()


def _entities() -> bytes:
    packed = io.BytesIO()
    book = Workbook()
    book.active.append(["id", "kind"])
    book.save(packed)
    evil = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(evil, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename.startswith("xl/worksheets/sheet"):
                laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
                content = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l11;</x>'.encode()
            new.writestr(item.filename, content)
    return evil.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        pytest.param("a.csv", b"", "is empty", id="empty"),
        pytest.param("a.exe", b"MZ", "not a register file", id="a program"),
        pytest.param("a.csv", b"\x00\x01\x02" * 50, "not a text file", id="binary named csv"),
        pytest.param("a.csv", b"id,id,kind\n1,2,tree\n", "twice", id="a heading twice"),
        pytest.param("a.csv", b"\n\n", "no heading", id="no heading"),
        pytest.param("a.csv", b"name\nx\n", "what its assets are", id="no kind"),
        pytest.param("a.csv", b"kind\ntree\n", "does not name its assets", id="no id"),
        pytest.param("a.csv", b"id,kind\n" + b'"' + b"x" * 200_000, "cannot be read as CSV", id="an endless cell"),
        pytest.param("a.csv", b"," * 500 + b"x\n1\n", "columns", id="five hundred columns"),
        pytest.param("a.xlsx", b"PK\x03\x04 not a zip", "cannot be read as an Excel", id="half a zip"),
        pytest.param("a.xlsx", b"id,kind\n", "cannot be read as an Excel", id="csv named xlsx"),
        pytest.param("a.geojson", b"{", "cannot be read as JSON", id="half a document"),
        pytest.param("a.geojson", b"[" * 100_000, "cannot be read as JSON", id="nested too deep"),
        pytest.param("a.geojson", b'{"type": "Point"}', "neither a GeoJSON", id="another kind of GeoJSON"),
        pytest.param("a.json", b"[1, null, \"x\"]", "what its assets are", id="a list of nothing"),
        pytest.param("a.xlsx", _bomb, "unpacks to", id="a zip bomb"),
        pytest.param("a.xlsx", _entities, "cannot be read as an Excel", id="entities that laugh"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_in_one_line(
    store: Store, name: str, content: bytes | Callable[[], bytes], line: str
) -> None:
    with pytest.raises(ImportRefused, match=line) as refused:
        import_assets(store, MANAGER, name, content() if callable(content) else content)
    assert "\n" not in str(refused.value)
    assert ids(store) == []


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(["a.csv", "a.xlsx", "a.geojson", "a.json"]),
    content=st.binary(max_size=400) | st.text(max_size=400).map(str.encode),
)
def test_whatever_bytes_come_there_is_a_table_or_one_line(name: str, content: bytes) -> None:
    try:
        table = read_table(name, content)
    except LamplighterError:
        return
    assert all(set(row.values) <= set(table.columns) for row in table.rows)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(geometry=json_values, properties=json_values, identity=json_values)
def test_whatever_a_feature_holds_there_is_a_row_of_text(
    geometry: object, properties: object, identity: object
) -> None:
    document = {
        "type": "FeatureCollection",
        "features": [{"geometry": {"coordinates": geometry}, "properties": properties, "id": identity}, geometry],
    }
    table = read_table("a.geojson", json.dumps(document).encode())
    assert len(table.rows) == 2
    assert all(isinstance(v, str) for row in table.rows for v in row.values.values())


def test_only_a_manager_imports(store: Store) -> None:
    with pytest.raises(NotAllowed):
        import_assets(store, OPERATOR, "a.csv", b"id,kind\n1,tree\n")


def test_a_file_that_is_not_there(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="cannot be read: No such file"):
        import_file(store, MANAGER, tmp_path / "nothing.csv")


@pytest.mark.parametrize(
    "encoded",
    [
        pytest.param("id,kind,place\nL-1,路灯,滨江大道\n".encode("utf-8-sig"), id="UTF-8 with a mark"),
        pytest.param("id,kind,place\nL-1,路灯,滨江大道\n".encode("gb18030"), id="GB 18030, as Chinese Excel saves it"),
        pytest.param("id,kind,place\nL-1,路灯,滨江大道\n".encode("utf-16"), id="UTF-16"),
    ],
)
def test_encodings(store: Store, encoded: bytes) -> None:
    import_assets(store, MANAGER, "assets.csv", encoded)
    row = asset_detail(store, "L-1").row
    assert (row.kind, row.place) == ("street_light", "滨江大道")


@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson"])
def test_what_is_exported_can_be_imported_and_is_the_same(store: Store, clock: FrozenClock, form: str) -> None:
    text = (
        "id,kind,name,place,lat,lon,criticality,external_ref,group_ref,maker\n"
        "L-1,street_light,=1+1,滨江大道,31.25,-121.5,1,EXT-1,C1,@acme\nB-1,bench,,,,,3,,,\n"
    )
    take_csv(store, text)
    before = [asset_detail(store, i) for i in ids(store)]
    exported = export_assets(store, form)
    with store.write() as work:
        for asset in work.session.query(Asset):
            work.session.delete(asset)
        work.commit()
    clock.forward(days=1)
    report = import_assets(store, MANAGER, f"again.{form}", exported)
    assert report.problems == ()
    assert [asset_detail(store, i) for i in ids(store)] == before


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_is_a_formula(store: Store, form: str) -> None:
    take_csv(store, 'id,kind,name,note\nL-1,tree,"=HYPERLINK(""http://evil"")",+cmd|calc\n')
    exported = export_assets(store, form)
    if form == "csv":
        assert "'=HYPERLINK" in exported.decode("utf-8-sig")
        assert "'+cmd" in exported.decode("utf-8-sig")
    else:
        cells = [c for row in load_workbook(io.BytesIO(exported)).active.iter_rows() for c in row]
        assert not [c for c in cells if c.data_type == "f"]


def test_regions_travel_with_geojson(store: Store) -> None:
    add_camera(store, assets=[light("L-1")])
    exported = json.loads(export_assets(store, "geojson"))
    assert list(exported["features"][0]["properties"]["regions"]) == ["cam-1"]
    exported["features"][0]["properties"]["regions"] = {"cam-9": [[0, 0], [1, 0], [1, 1]]}
    report = import_assets(store, MANAGER, "a.geojson", json.dumps(exported).encode())
    assert report.problems[0].message == "there is no camera 'cam-9'"


def test_assets_are_found(store: Store) -> None:
    add_camera(store, assets=[light("L-1"), light("L-2", 0.7)])
    take(store)
    assert [r.id for r in assets_page(store, AssetFilter(faulty=True)).rows] == ["L-1"]
    assert assets_page(store, AssetFilter(text="l-", camera="cam-1"), limit=1).total == 2
    assert assets_page(store, AssetFilter(kind="tree")).total == 0


def _line(count: int, step_m: float, north: float = 0.0, first: int = 0) -> list[Asset]:
    return [
        Asset(id=f"L-{first + n:04d}", latitude=31.0 + north / 111_195, longitude=121 + n * step_m / 95_300)
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("lights", "sizes"),
    [
        pytest.param(_line(10, 30), [10], id="one line"),
        pytest.param(_line(10, 30) + _line(10, 30, 500, 10), [10, 10], id="two lines, 500 m apart"),
        pytest.param(_line(50, 30), [2, 24, 24], id="a long line is several circuits"),
        pytest.param(_line(3, 200), [1, 1, 1], id="too far apart"),
    ],
)
def test_lines_of_lights(lights: list[Asset], sizes: list[int]) -> None:
    lines = follow_lines(lights, 60.0)
    assert sorted(len(line) for line in lines) == sizes
    assert sorted(a.id for line in lines for a in line) == sorted(a.id for a in lights)


def test_only_lights_without_a_group_get_one(store: Store) -> None:
    take_csv(
        store, "id,kind,lat,lon,circuit\nA,lamp,31,121,C1\nB,lamp,31,121.0003,\nC,lamp,31,121.0006,\nT,tree,31,121,\n"
    )
    assert group_lights(store, MANAGER) == 1
    groups = {a.id: a.group_ref for a in assets_page(store).rows}
    assert groups["A"] == "C1"
    assert groups["B"] == groups["C"] == "line:B"
    assert groups["T"] is None
