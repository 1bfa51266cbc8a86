"""The fixed cameras of the sample clips; their seeds and views are apart from every training still's."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sample_media.studio.plan import Camera, Lamp, Light, Plan, Spot, Tree, TreeForm

SIZE, FPS = (960, 540), 10
Register = Literal["outlines", "boxes", "boxes_alone"]


@dataclass(frozen=True)
class Walk:
    """Somebody's way: from s0 to s1 at offset t, v metres a second, being at s0 at time t0 (seconds).

    ``looks`` is the seed of who it is, ``by`` how they go: "foot", "bicycle" or "car".
    """

    s0: float
    s1: float
    t: float
    v: float
    t0: float
    looks: int
    by: str = "foot"

    def at(self, time: float) -> float:
        """Returns the distance along the walk at a time."""
        return self.s0 + (1 if self.s1 > self.s0 else -1) * self.v * (time - self.t0)


@dataclass(frozen=True)
class Place:
    """A camera: its id, the name it stamps, its plan by day, who walks there, and how it takes its pictures.

    ``gain`` and ``grain`` are factors on brightness and noise, ``quality`` is the encoder's (more is coarser). After
    dark the shutter is slow: what moves is renewed every ``night_hold`` frames only. ``sway`` is how far the mast moves
    the picture, in pixels at 960 wide; ``register`` what its truth knows of the assets: outlines, plain boxes, or boxes
    and nothing of the ground.
    """

    camera: str
    stamp: str
    number: str
    plan: Plan
    walks: tuple[Walk, ...]
    latitude: float
    longitude: float
    size: tuple[int, int] = SIZE
    fps: int = FPS
    gain: float = 1.0
    grain: float = 1.0
    quality: int = 29
    night_hold: int = 1
    sway: float = 0.0
    register: Register = "outlines"

    def at_hour(self, mode: str) -> Plan:
        """Returns the plan in the light of a mode; "rain" is overcast over wet ground, "wet_night" a night over it."""
        light = replace(self.plan.light, mode={"rain": "overcast", "wet_night": "night"}.get(mode, mode))
        return replace(self.plan, light=light, wet=0.85 if mode in ("rain", "wet_night") else self.plan.wet)


def _row(first: float, spacing: float, count: int, t: float) -> tuple[Lamp, ...]:
    return tuple(Lamp(first + k * spacing, t) for k in range(count))


def _trees(seed: int, places: list[tuple[float, float]], scale: float = 1.0) -> tuple[Tree, ...]:
    rng = np.random.default_rng(seed)
    return tuple(
        Tree(s, t, k % 3, float(rng.uniform(0, 6.28)), scale * float(rng.uniform(0.92, 1.1)))
        for k, (s, t) in enumerate(places)
    )


RIVERSIDE = Place(
    "riverside-07",
    "CAM 07  RIVERSIDE WALK N",
    "07",
    Plan(
        seed=7,
        lamps=(Lamp(12.5, 2.25), Lamp(21.5, 2.25), Lamp(31.0, 2.25), Lamp(42.0, 2.25), Lamp(55.0, 2.25)),
        trees=_trees(7, [(13.0, -6.2), (20.5, -5.2), (28.5, -5.6), (37.5, -5.2), (47.0, -5.4), (58.0, -5.4)]),
        benches=(Spot(15.2, -3.45), Spot(25.0, -3.45), Spot(34.0, -3.45)),
        bins=(Spot(18.5, -3.2),),
    ),
    (
        Walk(9.2, 60, 0.55, 1.42, -1.0, 1),
        Walk(42.0, 5, -0.75, 1.30, -1.5, 2),
        Walk(33.0, 5, -1.45, 1.22, 1.5, 3),
    ),
    31.1702,
    121.4601,
)

PARK = Place(
    "park-12",
    "CAM 12  LAWN PATH E",
    "12",
    Plan(
        seed=12,
        site="park",
        curve=(-0.4, -0.035, 0.0019),
        surface="asphalt",
        tint=(1.18, 0.03),
        lamp_style="globe",
        lamp_height=1.05,
        lamp_warmth=0.55,
        lamps=_row(11.0, 8.5, 6, 3.1),
        trees=_trees(12, [(15, -6.4), (24, -5.8), (34, -6.2), (45, -5.8), (19.5, 6.6), (29.5, 6.2), (40, 6.6)]),
        forms=(TreeForm(311, 7.6, 2.4, 2.6), TreeForm(312, 8.4, 2.6, 2.5), TreeForm(313, 7.0, 2.2, 2.7)),
        benches=(Spot(13.6, -3.45), Spot(22.5, -3.45), Spot(31.5, -3.45)),
        bins=(Spot(17.0, -3.25),),
        hedge=13.0,
        fallen_leaves=700,
        leaf_hue=0.12,
        light=Light("day", 37.0, 118.0, 0.0, 31.0),
        camera=Camera(-1.5, 5.2, -2.5, 13.0, 25.0),
    ),
    (
        Walk(8.5, 60, 0.9, 1.35, -0.5, 4),
        Walk(38.0, 5, -0.6, 1.40, 0.0, 5),
        Walk(27.0, 5, 0.1, 1.25, 4.0, 6),
    ),
    31.1741,
    121.4568,
)

PLAZA = Place(
    "plaza-03",
    "CAM 03  WHARF PLAZA",
    "03",
    Plan(
        seed=3,
        site="plaza",
        half=7.5,
        curve=(0.6, 0.01, 0.0),
        slab=(0.9, 0.6),
        tint=(1.05, 0.05),
        lamp_style="blade",
        lamp_warmth=0.25,
        lamps=(*_row(13.0, 10.0, 4, 5.6), *_row(18.0, 10.0, 4, -5.6)),
        trees=_trees(3, [(16, -5.0), (26, -5.0), (36, -5.0), (19, 5.2), (29, 5.2), (39, 5.2)], 0.62),
        forms=(TreeForm(321, 8.0, 3.4, 2.6), TreeForm(322, 8.2, 3.3, 2.5), TreeForm(323, 7.8, 3.4, 2.6)),
        benches=(Spot(12.5, -4.2), Spot(21.0, -4.6), Spot(30.0, -4.6), Spot(23.5, 4.8)),
        bins=(Spot(15.6, 3.9), Spot(27.0, -4.4)),
        hedge=10.0,
        fallen_leaves=300,
        light=Light("overcast", 45.0, 60.0, 0.0, 12.0),
        camera=Camera(-0.8, 7.2, -1.0, 17.0, 23.0),
    ),
    (
        Walk(9.5, 60, 1.6, 1.45, -0.5, 7),
        Walk(36.0, 5, -1.7, 1.35, -1.0, 8),
        Walk(30.0, 5, 0.3, 1.50, 3.0, 9),
    ),
    31.1688,
    121.4632,
)

STREET = Place(
    "street-05",
    "CAM 05  MAPLE STREET",
    "05",
    Plan(
        seed=5,
        site="street",
        half=2.0,
        curve=(0.5, 0.012, 0.0006),
        slab=(0.5, 0.5),
        tint=(1.12, 0.02),
        lamp_style="bell",
        lamp_height=1.0,
        lamp_warmth=0.8,
        lamps=_row(11.0, 10.5, 5, 1.72),
        trees=_trees(5, [(17, -5.2), (26, -5.4), (35.5, -5.2), (46, -5.4), (20, 11.6), (33, 11.6)], 0.66),
        forms=(TreeForm(331, 8.4, 3.6, 2.5), TreeForm(332, 8.8, 3.7, 2.3), TreeForm(333, 8.0, 3.5, 2.4)),
        benches=(Spot(14.2, -2.85), Spot(24.0, -2.85)),
        bins=(Spot(12.2, -2.6), Spot(29.0, -2.6)),
        cars=(
            *(Spot(s, 3.35, look) for s, look in ((9.2, 11), (15.0, 12), (26.6, 14), (32.4, 15), (44.0, 17))),
            *(Spot(s, 9.3, look) for s, look in ((12.0, 21), (18.1, 22), (30.0, 24), (36.2, 25))),
        ),
        hedge=8.6,
        fallen_leaves=350,
        leaf_hue=0.05,
        light=Light("day", 48.0, -128.0, 0.0, 22.0),
        camera=Camera(-1.3, 6.2, -6.5, 15.5, 24.0),
    ),
    (
        Walk(8.5, 60, 0.6, 1.38, -1.0, 31),
        Walk(34.0, 5, -0.7, 1.32, -0.5, 32),
        Walk(24.0, 5, 0.2, 1.45, 5.0, 33),
        Walk(4.0, 60, 5.2, 4.6, 2.5, 34, "bicycle"),
        Walk(57.0, 0, 5.5, 7.5, 7.0, 35, "car"),
        Walk(1.5, 60, 7.4, 7.0, 0.5, 36, "car"),
    ),
    31.1719,
    121.4588,
    night_hold=2,
)

PLACES = {place.camera: place for place in (RIVERSIDE, PARK, PLAZA, STREET)}
