"""What a view consists of: plain data, drawn from a seed, without Blender."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

SITES = ("riverside", "park", "plaza", "street")
LAMP_STYLES = ("lantern", "arm", "blade", "globe")
SURFACES = ("slabs", "asphalt", "gravel", "brick")
MODES = ("day", "overcast", "dusk", "night")
SPECIES = ("broadleaf", "plane", "birch", "conifer", "palm")
EVERGREEN = ("conifer", "palm")
OBSTACLES = ("cartons", "cones", "barrier", "pallets")
CLUTTER = ("crates", "posts", "boards", "slats")  # in stills alone
SEASONS = ("spring", "summer", "autumn", "winter")


@dataclass(frozen=True)
class Camera:
    """A fixed camera on a mast: position in metres, angles in degrees, lens in mm on a 36 mm sensor."""

    x: float = -0.55
    z: float = 5.6
    yaw: float = 1.2
    pitch: float = 13.2
    lens: float = 26.5
    roll: float = 0.0


@dataclass(frozen=True)
class Light:
    """Daylight: the mode, the sun in degrees (azimuth from +y towards +x) and exposure in stops."""

    mode: str = "day"
    sun_elevation: float = 42.0
    sun_azimuth: float = -62.0
    exposure: float = 0.0
    cloud_seed: float = 1.7

    @property
    def lamps_lit(self) -> bool:
        """Whether street lights should burn."""
        return self.mode in ("dusk", "night")


@dataclass(frozen=True)
class Lamp:
    """One street light; ``lit`` of None means as the hour asks.

    ``lean`` is in degrees; a snapped one has its upper half bent down by so many degrees, of one that is gone a stump
    of its column is left.
    """

    s: float
    t: float
    lit: bool | None = None
    lean: float = 0.0
    snapped: float = 0.0
    gone: bool = False

    def burns(self, lamps_lit: bool) -> bool:
        """Tells whether it shines, where street lights should burn or should not."""
        return not self.gone and not self.snapped and (lamps_lit if self.lit is None else self.lit)


@dataclass(frozen=True)
class Tree:
    """One tree: which of the plan's forms, its turn (radians), scale, whether bare, lean in degrees."""

    s: float
    t: float
    form: int = 0
    turn: float = 0.0
    scale: float = 1.0
    bare: bool = False
    lean: float = 0.0
    fallen: bool = False


@dataclass(frozen=True)
class TreeForm:
    """How a tree grows: its species, height, trunk height, crown radius (metres) and the seed of its branches."""

    seed: int
    height: float = 8.6
    trunk: float = 2.5
    crown: float = 3.1
    species: str = "broadleaf"

    @property
    def evergreen(self) -> bool:
        """Whether it keeps its leaves in winter."""
        return self.species in EVERGREEN


@dataclass(frozen=True)
class Spot:
    """Where a bench, a bin or a car stands, and which of several it is."""

    s: float
    t: float
    kind: int = 0


@dataclass(frozen=True)
class Issue:
    """Something wrong, placed on the walk; size is a factor, seed draws its shape."""

    kind: str
    s: float
    t: float
    size: float = 1.0
    seed: int = 1


@dataclass(frozen=True)
class Plan:
    """Everything that decides what one view looks like.

    In a bare season, which is winter, trees that shed their leaves stand bare: that is nothing wrong. Nor are marks,
    which are covers let into the walk and hairline cracks in it.
    """

    seed: int
    site: str = "riverside"
    curve: tuple[float, float, float] = (0.7, 0.012, -0.0026)
    half: float = 2.6
    surface: str = "slabs"
    tint: tuple[float, float] = (1.0, 0.0)
    slab: tuple[float, float] = (0.62, 0.42)
    wet: float = 0.0
    fog: float = 0.0
    lamp_style: str = "lantern"
    lamp_height: float = 1.0
    lamp_warmth: float = 0.9
    lamps: tuple[Lamp, ...] = ()
    trees: tuple[Tree, ...] = ()
    forms: tuple[TreeForm, ...] = (TreeForm(11), TreeForm(23, 7.8, 2.3, 2.7), TreeForm(37, 9.2, 2.7, 3.0))
    season: str = "summer"
    bare_season: bool = False
    leaf_hue: float = 0.0
    leaf_value: float = 1.0
    benches: tuple[Spot, ...] = ()
    bins: tuple[Spot, ...] = ()
    cars: tuple[Spot, ...] = ()
    marks: tuple[Issue, ...] = ()
    bin_colour: tuple[float, float, float] = (0.022, 0.045, 0.033)
    hedge: float = 14.6
    fallen_leaves: int = 1500
    light: Light = field(default_factory=Light)
    camera: Camera = field(default_factory=Camera)

    @property
    def raining(self) -> bool:
        """Whether rain falls: where the ground is wet enough and the sun does not shine."""
        return self.wet > 0.5 and self.light.mode != "day"


def read_plan(noted: dict[str, Any]) -> Plan:
    """Returns the plan that was noted as JSON; what was not thought of when it was noted is as it was then."""
    many: dict[str, Callable[..., Any]] = {
        "lamps": Lamp,
        "trees": Tree,
        "forms": TreeForm,
        "benches": Spot,
        "bins": Spot,
        "cars": Spot,
        "marks": Issue,
    }
    one: dict[str, Callable[..., Any]] = {"light": Light, "camera": Camera}
    parts: dict[str, Any] = {"season": "winter" if noted["bare_season"] else "summer"}
    for name, value in noted.items():
        if name in many:
            parts[name] = tuple(many[name](**part) for part in value)
        elif name in one:
            parts[name] = one[name](**value)
        else:
            parts[name] = tuple(value) if isinstance(value, list) else value
    return Plan(**parts)
