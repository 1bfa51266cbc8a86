"""Reads register files as rows of text, whatever is in them: CSV, Excel, GeoJSON and lists of FIWARE entities."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from workorders.errors import ImportRefused
from workorders.exports.tables import FORMULA_STARTS

LARGEST_FILE = 64 * 2**20
LARGEST_UNPACKED = 512 * 2**20
"""An Excel file is a zip: one that unpacks to more than this is not a register but an attack."""
MOST_ROWS = 200_000
MOST_COLUMNS = 200
LONGEST_CELL = 4_000
_ENCODINGS = ("utf-8-sig", "gb18030", "cp1252")


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row of a file: its number as people count (the first line of data is 2 in a table, 1 in GeoJSON)."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class RawTable:
    columns: tuple[str, ...]
    rows: tuple[RawRow, ...]


def read_table(name: str, content: bytes) -> RawTable:
    """Read a file by the ending of its name.

    Raises:
        ImportRefused: too large, of no known kind, or not what its ending says.
    """
    if not content:
        raise ImportRefused(f"{name} is empty.")
    if len(content) > LARGEST_FILE:
        raise ImportRefused(f"{name} has {len(content) / 2**20:.0f} MiB; a register may have {LARGEST_FILE >> 20}.")
    suffix = PurePath(name).suffix.lower()
    if suffix in (".csv", ".txt", ".tsv"):
        return _csv(name, content)
    if suffix == ".xlsx":
        return _excel(name, content)
    if suffix in (".geojson", ".json"):
        return _json(name, content)
    raise ImportRefused(f"{name} is not a register file; use .csv, .xlsx, .geojson or .json.")


def _table(name: str, header: list[str], lines: Iterator[tuple[int, list[str]]]) -> RawTable:
    if not any(header):
        raise ImportRefused(f"{name} has no heading; its first line must name the columns.")
    if len(header) > MOST_COLUMNS:
        raise ImportRefused(f"{name} has {len(header)} columns; at most {MOST_COLUMNS} are read.")
    doubled = {h for h in header if h and header.count(h) > 1}
    if doubled:
        raise ImportRefused(f"{name} has the column '{min(doubled)}' twice; rename one of them.")
    rows = []
    for number, cells in lines:
        values = {h: _clean(c) for h, c in zip(header, cells, strict=False) if h}
        if any(values.values()):
            rows.append(RawRow(number, values))
        if len(rows) > MOST_ROWS:
            raise ImportRefused(f"{name} has more than {MOST_ROWS:,} rows; split it.")
    return RawTable(tuple(h for h in header if h), tuple(rows))


def _csv(name: str, content: bytes) -> RawTable:
    text = _decode(name, content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [h.strip() for h in next(reader)]
        return _table(name, header, ((reader.line_num, row) for row in reader))
    except (csv.Error, StopIteration) as error:
        raise ImportRefused(f"{name} cannot be read as CSV: {error or 'it has no lines'}.") from None


def _decode(name: str, content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    if b"\0" in content:
        raise ImportRefused(f"{name} is not a text file.")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ImportRefused(f"{name} is in no known encoding; save it as UTF-8.")


def _excel(name: str, content: bytes) -> RawTable:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise ImportRefused(f"{name} unpacks to {unpacked >> 20} MiB; that is no register.")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        lines = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)
        header = [_cell(c).strip() for c in next(lines, ())]
        while header and not header[-1]:
            header.pop()
        return _table(name, header, ((n, [_cell(c) for c in row]) for n, row in enumerate(lines, start=2)))
    except ImportRefused:
        raise
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        IndexError,
        OSError,
        SyntaxError,
        TypeError,
    ):
        raise ImportRefused(f"{name} cannot be read as an Excel file; save it again as .xlsx.") from None


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _json(name: str, content: bytes) -> RawTable:
    try:
        data = json.loads(_decode(name, content), parse_constant=str)
    except (ValueError, RecursionError):
        raise ImportRefused(f"{name} cannot be read as JSON.") from None
    if isinstance(data, dict) and data.get("type") == "FeatureCollection" and isinstance(data.get("features"), list):
        items = [_feature(f) for f in data["features"]]
    elif isinstance(data, list):
        items = [_entity(e) for e in data]
    else:
        raise ImportRefused(f"{name} is neither a GeoJSON FeatureCollection nor a list of entities.")
    if len(items) > MOST_ROWS:
        raise ImportRefused(f"{name} has more than {MOST_ROWS:,} features; split it.")
    columns = tuple(dict.fromkeys(key for item in items for key in item))
    return RawTable(columns, tuple(RawRow(n, item) for n, item in enumerate(items, start=1)))


def _feature(feature: Any) -> dict[str, str]:
    if not isinstance(feature, Mapping):
        return {}
    properties = feature.get("properties")
    values = _flat(properties if isinstance(properties, Mapping) else {})
    if feature.get("id") is not None and "@id" not in values:
        values["@id"] = _clean(str(feature["id"]))
    return values | _place(feature.get("geometry"))


def _entity(entity: Any) -> dict[str, str]:
    """A FIWARE entity: values may be wrapped as NGSI-LD properties; its URN is the external ref."""
    if not isinstance(entity, Mapping):
        return {}
    flat = {k: _unwrap(v) for k, v in entity.items()}
    location = flat.pop("location", None)
    values = _flat(flat)
    if "id" in values:
        values["@id"] = values.pop("id")
    return values | _place(location)


def _unwrap(value: Any) -> Any:
    if isinstance(value, Mapping) and value.get("type") in ("Property", "GeoProperty", "Relationship"):
        return value.get("value", value.get("object"))
    return value


def _flat(properties: Mapping[str, Any]) -> dict[str, str]:
    values = {}
    for key, value in list(properties.items())[:MOST_COLUMNS]:
        if value is None:
            continue
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
        values[str(key).strip()] = _clean(text) if key != "regions" else text
    return values


def _place(geometry: Any) -> dict[str, str]:
    """A point as it is; the middle of the vertices of anything larger. Empty when there is no sound geometry."""
    points = _vertices(geometry.get("coordinates")) if isinstance(geometry, Mapping) else []
    if not points:
        return {}
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return {"longitude": repr(sum(xs) / len(xs)), "latitude": repr(sum(ys) / len(ys))}


def _vertices(coordinates: Any) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    waiting = [coordinates]
    while waiting:
        here = waiting.pop()
        if not isinstance(here, list):
            continue
        if len(here) >= 2 and all(isinstance(v, int | float) for v in here[:2]):
            found.append((float(here[0]), float(here[1])))
        else:
            waiting.extend(here)
    return found


def _clean(text: str) -> str:
    """Text without control characters, no longer than a cell may be, and without the mark that made a formula inert."""
    clean = "".join(c for c in text.strip() if c.isprintable() or c in "\n\t")[:LONGEST_CELL]
    return clean[1:] if clean[:1] == "'" and clean[1:2] in FORMULA_STARTS else clean
