"""Which column of a file means which field of an asset, and which words mean which kind. Knows OSM and FIWARE names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detectors.issues import ASSET_KINDS
from workorders.errors import ImportRefused
from workorders.words import Condition, Power

FIELDS = (
    "id", "kind", "name", "place", "latitude", "longitude", "criticality", "external_ref", "group_ref", "condition",
    "power", "regions",
)  # fmt: skip

ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("id", "asset_id", "asset", "编号"),
    "kind": ("kind", "asset_kind", "asset_type", "type", "class", "category", "类型"),
    "name": ("name", "label", "title", "alternatename", "名称"),
    "place": ("place", "address", "street", "road_name", "road", "location_name", "addr:street", "areaserved", "地点"),
    "latitude": ("latitude", "lat", "y", "wgs84_lat", "纬度"),
    "longitude": ("longitude", "lon", "lng", "long", "x", "wgs84_lon", "经度"),
    "criticality": ("criticality", "importance", "重要度"),
    "external_ref": (
        "external_ref", "@id", "osm_id", "ref", "unitref", "unit_ref", "slid", "pole_", "pole", "pole_id", "number",
        "refstreetlight", "外部编号",
    ),
    "group_ref": (
        "group_ref", "group", "circuit", "circuit_id", "refstreetlightgroup", "refstreetlightcontrolcabinet", "cabinet",
        "feeder", "分组",
    ),
    "condition": ("condition", "status", "状况"),
    "power": ("power", "powerstate", "power_state", "供电"),
    "regions": ("regions", "区域"),
}  # fmt: skip
"""Field -> names of columns that mean it, the surest first; compared in lower case with spaces and hyphens as `_`."""

_KINDS: dict[str, str] = {
    **{kind: kind for kind in ASSET_KINDS},
    "streetlight": "street_light",
    "street_lamp": "street_light",
    "streetlamp": "street_light",
    "lamp": "street_light",
    "light": "street_light",
    "lighting_column": "street_light",
    "luminaire": "street_light",
    "footpath": "path",
    "footway": "path",
    "pavement": "path",
    "sidewalk": "path",
    "cycleway": "path",
    "pedestrian": "path",
    "road": "path",
    "grass": "lawn",
    "flowerbed": "lawn",
    "greenspace": "lawn",
    "seat": "bench",
    "waste_basket": "bin",
    "waste_bin": "bin",
    "litter_bin": "bin",
    "wastecontainer": "bin",
    "trash_can": "bin",
    "路灯": "street_light",
    "步道": "path",
    "草坪": "lawn",
    "树木": "tree",
    "长椅": "bench",
    "垃圾桶": "bin",
}

_OSM: dict[tuple[str, str], str] = {
    ("highway", "street_lamp"): "street_light",
    ("natural", "tree"): "tree",
    ("amenity", "bench"): "bench",
    ("amenity", "waste_basket"): "bin",
    ("amenity", "waste_disposal"): "bin",
    ("highway", "footway"): "path",
    ("highway", "path"): "path",
    ("highway", "pedestrian"): "path",
    ("highway", "cycleway"): "path",
    ("landuse", "grass"): "lawn",
    ("leisure", "park"): "lawn",
}

_CONDITIONS = {
    "ok": Condition.OK,
    "defectivelamp": Condition.FAULT,
    "columnissue": Condition.FAULT,
    "brokenlantern": Condition.FAULT,
    "fault": Condition.FAULT,
    "vandalized": Condition.FAULT,
    "unknown": Condition.UNKNOWN,
}
_POWERS = {"on": Power.ON, "off": Power.OFF, "low": Power.ON, "bootingup": Power.ON, "unknown": Power.UNKNOWN}


def plain(name: str) -> str:
    """A column's name as names are compared."""
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def guess_mapping(columns: Sequence[str], given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Field -> column, as people said and otherwise as the names suggest.

    Args:
        given: field -> column, as people said; "" for a field that shall be left alone.

    Raises:
        ImportRefused: a field that no asset has, or a column that the file has not.
    """
    by_name = {plain(c): c for c in reversed(columns)}
    mapping: dict[str, str] = {}
    for field, column in (given or {}).items():
        if field not in FIELDS:
            raise ImportRefused(f"Assets have no field '{field}'; map to one of {', '.join(FIELDS)}.")
        if column and column not in columns and plain(column) not in by_name:
            raise ImportRefused(f"The file has no column '{column}'; it has {', '.join(columns[:20])}.")
        mapping[field] = column if column in columns else by_name.get(plain(column), "")
    taken = set(mapping.values())
    for field in FIELDS:
        if field in mapping:
            continue
        match = next((by_name[a] for a in ALIASES[field] if a in by_name and by_name[a] not in taken), None)
        if match is not None:
            mapping[field] = match
            taken.add(match)
    return {field: column for field, column in mapping.items() if column}


def kind_of(text: str, values: Mapping[str, str]) -> str | None:
    """The kind that a row means: by its kind column, else by its OSM tags; None when neither says."""
    word = plain(text.removeprefix("urn:ngsi-ld:").split(":")[0])
    if word in _KINDS:
        return _KINDS[word]
    if word:
        return None
    tags = {plain(k): plain(v) for k, v in values.items()}
    return next((kind for (key, value), kind in _OSM.items() if tags.get(key) == value), None)


def is_osm_tag(column: str) -> bool:
    """Whether a column is one that only says the kind."""
    return plain(column) in {key for key, _ in _OSM}


def condition_of(text: str) -> Condition | None:
    return _CONDITIONS.get(plain(text).replace("_", ""))


def power_of(text: str) -> Power | None:
    return _POWERS.get(plain(text).replace("_", ""))
