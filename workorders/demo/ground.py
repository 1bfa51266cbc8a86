"""The made-up district: a promenade along a river, with its lights, trees, benches, bins, paths and lawns."""

from __future__ import annotations

from datetime import datetime
from math import cos, pi, radians, sin
from random import Random
from typing import Any

from workorders.words import CameraDesire, CameraHealth, Condition, Power

CENTRE = (31.178, 121.462)
LENGTH_M = 8_400.0
_DEGREE_M = 111_195.0
_SHARES = (("street_light", 0.42), ("tree", 0.33), ("bin", 0.10), ("bench", 0.09), ("path", 0.04), ("lawn", 0.02))
_LETTERS = {"street_light": "L", "tree": "T", "bin": "W", "bench": "B", "path": "P", "lawn": "G"}
_SECTIONS = (
    "Pier walk",
    "Museum lawn",
    "Dock promenade",
    "Climbing park",
    "Skate plaza",
    "Poplar avenue",
    "Ferry steps",
)
LIGHTS_ON_CIRCUIT = 20
ASSETS_ON_CAMERA = 44


def assets(count: int, site_id: int, now: datetime, rng: Random) -> list[dict[str, Any]]:
    """Rows of the asset table, in the order in which they stand along the river."""
    rows: list[dict[str, Any]] = []
    left = count
    for kind, share in _SHARES:
        many = left if kind == _SHARES[-1][0] else round(count * share)
        left -= many
        for n in range(many):
            latitude, longitude, place = _spot((n + rng.random() * 0.4) / many, rng)
            rows.append(
                {
                    "id": f"{_LETTERS[kind]}-{n + 1:05d}",
                    "site_id": site_id,
                    "kind": kind,
                    "name": f"{place} {_LETTERS[kind]}{n + 1}",
                    "place": place,
                    "latitude": latitude,
                    "longitude": longitude,
                    "criticality": rng.choices((1, 2, 3), (1, 7, 2))[0],
                    "external_ref": f"DEMO-{_LETTERS[kind]}{n + 1:05d}",
                    "group_ref": f"circuit-{n // LIGHTS_ON_CIRCUIT + 1:03d}" if kind == "street_light" else None,
                    "condition": Condition.OK,
                    "power": Power.OFF if kind == "street_light" else Power.UNKNOWN,
                    "last_checked_at": now,
                    "attributes": {},
                    "retired_at": None,
                    "created_at": now,
                    "updated_at": now,
                }
            )
    return sorted(rows, key=lambda row: row["latitude"])


def cameras(
    along: list[dict[str, Any]], site_id: int, now: datetime, rng: Random
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of the camera table and of the regions: each camera sees the assets of its stretch."""
    rows, regions = [], []
    for n, start in enumerate(range(0, len(along), ASSETS_ON_CAMERA), start=1):
        seen = along[start : start + ASSETS_ON_CAMERA]
        middle = seen[len(seen) // 2]
        camera_id = f"demo-{n:03d}"
        rows.append(
            {
                "id": camera_id,
                "site_id": site_id,
                "name": f"{middle['place']} {n}",
                "source": "",
                "latitude": middle["latitude"],
                "longitude": middle["longitude"],
                # Along the river, one way or the other.
                "heading_deg": float(rng.choice((0, 180)) + rng.randint(-25, 25)) % 360,
                "angle_deg": 70.0,
                "time_zone": "Asia/Shanghai",
                "every_s": 1.0,
                "enabled": True,
                "desired": CameraDesire.IDLE,
                "health": rng.choices(
                    (CameraHealth.OK, CameraHealth.OFFLINE, CameraHealth.BLURRED), (0.97, 0.02, 0.01)
                )[0],
                "light": "day",
                "last_frame_at": now,
                "last_look_at": now,
                "last_error": "",
                "reference_path": None,
                "still_path": None,
                "created_at": now,
            }
        )
        regions += [{"camera_id": camera_id, "asset_id": a["id"], "polygon": _polygon(rng)} for a in seen]
    return rows, regions


def _spot(share: float, rng: Random) -> tuple[float, float, str]:
    """A place along the bent bank, a few metres to either side of the promenade."""
    along_m = share * LENGTH_M
    east_m = 320 * sin(share * 2.3 * pi) + rng.uniform(-45, 45)
    latitude = CENTRE[0] + (along_m - LENGTH_M / 2) / _DEGREE_M
    longitude = CENTRE[1] + east_m / (_DEGREE_M * cos(radians(CENTRE[0])))
    section = _SECTIONS[min(len(_SECTIONS) - 1, int(share * len(_SECTIONS)))]
    return round(latitude, 6), round(longitude, 6), section


def _polygon(rng: Random) -> list[list[float]]:
    x, y = rng.uniform(0.02, 0.85), rng.uniform(0.05, 0.6)
    w, h = rng.uniform(0.03, 0.1), rng.uniform(0.1, 0.3)
    return [[round(v, 4) for v in p] for p in ((x, y), (x + w, y), (x + w, y + h), (x, y + h))]
