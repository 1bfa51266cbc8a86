"""The register as CSV, Excel and GeoJSON, in the columns that the import knows."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from sqlalchemy import select

from detectors.errors import LamplighterError
from workorders.exports.tables import Cell, Say, csv_bytes, excel_bytes
from workorders.schema import Asset, CameraRegion
from workorders.store import Store

FORMATS = ("csv", "xlsx", "geojson")
_COLUMNS = ("id", "kind", "name", "place", "latitude", "longitude", "criticality", "external_ref", "group_ref",
            "condition", "power")  # fmt: skip


def export_assets(store: Store, form: str, say: Say = str) -> bytes:
    """All assets in one of `FORMATS`, with their other attributes as further columns; GeoJSON carries regions too.

    Args:
        say: names the columns of CSV and Excel in the reader's language; the import must know these names. What stands
            in the columns stays codes.

    Raises:
        LamplighterError: no such format.
    """
    if form not in FORMATS:
        raise LamplighterError(f"Assets are exported as {', '.join(FORMATS)}; not as '{form}'.")
    with store.read() as session:
        assets = session.scalars(select(Asset).where(Asset.retired_at.is_(None)).order_by(Asset.id)).all()
        regions: dict[str, dict[str, Any]] = defaultdict(dict)
        for region in session.scalars(select(CameraRegion)):
            regions[region.asset_id][region.camera_id] = region.polygon
    if form == "geojson":
        features = [_feature(asset, regions.get(asset.id)) for asset in assets]
        return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
    others = sorted({key for asset in assets for key in asset.attributes} - set(_COLUMNS))
    headings = (*map(say, _COLUMNS), *others)
    rows = (_cells(asset) + [_text(asset.attributes.get(key)) for key in others] for asset in assets)
    return csv_bytes(headings, rows) if form == "csv" else excel_bytes("Assets", headings, rows)


def _cells(asset: Asset) -> list[Cell]:
    return [
        asset.id, asset.kind, asset.name, asset.place, asset.latitude, asset.longitude, asset.criticality,
        asset.external_ref, asset.group_ref, asset.condition.value, asset.power.value,
    ]  # fmt: skip


def _feature(asset: Asset, regions: dict[str, Any] | None) -> dict[str, Any]:
    place = asset.latitude is not None and asset.longitude is not None
    named = dict(zip(_COLUMNS, _cells(asset), strict=True))
    properties = {**asset.attributes, **{k: v for k, v in named.items() if k not in ("latitude", "longitude")}}
    if regions:
        properties["regions"] = regions
    geometry = {"type": "Point", "coordinates": [asset.longitude, asset.latitude]} if place else None
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _text(value: object) -> Cell:
    return value if value is None or isinstance(value, str | int | float | bool) else json.dumps(value)
