"""The sample clips: which camera, what goes wrong, when, and who walks by."""

from dataclasses import dataclass

from sample_media.studio.plan import Issue
from sample_media.studio.variants import Variant


@dataclass(frozen=True)
class Clip:
    """One clip; ``at`` is when the second plate, or the camera's fault, sets in (seconds), fog its reach in metres.

    ``beat`` is how often a second a flickering lamp goes on and off, and above which level of its wave (-1.7 to 1.7)
    it is dark; ``severity`` a factor on how far out of focus a lens goes, and on how light a cloth over it is.
    """

    name: str
    before: Variant
    start_utc: str
    after: Variant | None = None
    at: float | None = None
    seconds: float = 20.0
    walkers: tuple[int, ...] = (0, 1, 2)
    walkers_from: float = 0.0
    fault: str | None = None
    flicker: bool = False
    beat: tuple[float, float] = (1.3, 0.25)
    severity: float = 1.0
    fades: bool = False
    rain: bool = False
    fog: float = 0.0

    @property
    def weather(self) -> str:
        """What the picture shows of hour and weather, when nothing is wrong: day, night, rain or fog."""
        plain = "night" if self.before.mode == "night" else "day"
        return "rain" if self.rain else "fog" if self.fog else plain


R, P, Z, S = "riverside-07", "park-12", "plaza-03", "street-05"
R_DAY, R_NIGHT, P_DAY, P_NIGHT = Variant(R, "day"), Variant(R, "night"), Variant(P, "day"), Variant(P, "night")
Z_DAY = Variant(Z, "overcast")
S_DAY, S_NIGHT, S_RAIN = Variant(S, "day"), Variant(S, "night"), Variant(S, "rain")

PUDDLE = Variant(R, "day", "puddle", (Issue("puddle", 13.8, 0.35, 1.1, 4),))
R_LITTER = Variant(R, "day", "litter", (Issue("litter", 17.2, -1.6, 0.9, 12),))
TREE_DOWN = Variant(R, "day", "tree_down", tree_fallen=2)
ONE_OUT = Variant(R, "night", "one_out", lamps_dark=(2,))
THREE_OUT = Variant(R, "night", "three_out", lamps_dark=(1, 2, 3))
KNOCKED = Variant(R, "day", "knocked", knocked=(7.5, 2.6, 2.5))
LEANING_LAMP = Variant(R, "day", "leaning_lamp", lamp_leaning=(1, 13.0))
BROKEN = Variant(P, "day", "broken", (Issue("broken", 11.8, 0.5, 1.15, 11),))
BARE = Variant(P, "day", "bare", tree_bare=2)
LEANING_TREE = Variant(P, "day", "leaning_tree", tree_leaning=(5, 17.0))
NO_BENCH = Variant(P, "day", "no_bench", bench_missing=1)
P_ONE_OUT = Variant(P, "night", "one_out", lamps_dark=(2,))
OVERFLOW = Variant(Z, "overcast", "overflow", (Issue("overflow", 15.6, 3.9, 1.0, 6),))
CASE = Variant(Z, "overcast", "case", (Issue("suitcase", 14.5, 0.4, 1.0, 3),))
BIKE = Variant(Z, "overcast", "bike", (Issue("bicycle", 13.2, -1.2, 1.1, 8),))
BRANCH = Variant(S, "day", "branch", (Issue("branch", 12.5, -1.2, 1.0, 5),))
CAR_ON_WALK = Variant(S, "day", "car_on_walk", (Issue("car", 15.5, 0.85, 1.0, 19),))
S_OVERFLOW = Variant(S, "day", "overflow", (Issue("overflow", 12.2, -2.6, 1.0, 9),))
S_ONE_OUT = Variant(S, "night", "one_out", lamps_dark=(2,))
RAIN_PUDDLE = Variant(S, "rain", "puddle", (Issue("puddle", 12.8, -0.3, 0.95, 8),))
LIT_BY_DAY = Variant(Z, "overcast", "lit_by_day", lamps_lit=(1,))

CLIPS = (
    Clip("riverside_day_clean", R_DAY, "2026-06-14T07:42:10Z"),
    Clip("riverside_day_tree_falls", R_DAY, "2026-06-14T09:05:31Z", TREE_DOWN, 9.5, walkers=(0,)),
    Clip("riverside_day_puddle", PUDDLE, "2026-06-15T06:20:44Z"),
    Clip("riverside_day_puddle_gone", R_DAY, "2026-06-15T08:31:02Z", walkers=(0, 1), walkers_from=4),
    Clip("riverside_day_litter_appears", R_DAY, "2026-06-16T03:08:02Z", R_LITTER, 7.0, walkers=(0, 1, 2)),
    Clip("riverside_day_litter_cleared", R_DAY, "2026-06-16T03:26:40Z", walkers=(2,), walkers_from=4),
    Clip("riverside_day_lamp_leaning", LEANING_LAMP, "2026-06-16T08:14:27Z", walkers=(1, 2)),
    Clip("riverside_day_camera_covered", R_DAY, "2026-06-17T05:11:20Z", at=8.0, walkers=(0, 2), fault="covered"),
    Clip("riverside_day_camera_moved", R_DAY, "2026-06-17T05:48:09Z", KNOCKED, 9.0, walkers=(1,), fault="moved"),
    Clip("riverside_night_clean", R_NIGHT, "2026-11-22T13:14:07Z"),
    Clip("riverside_night_light_fails", R_NIGHT, "2026-11-22T13:20:30Z", ONE_OUT, 6.0, fades=True),
    Clip("riverside_night_light_repaired", R_NIGHT, "2026-11-22T13:41:12Z", walkers=(0, 2), walkers_from=5),
    Clip("riverside_night_circuit_out", THREE_OUT, "2026-11-23T12:02:51Z", walkers=(1, 2)),
    Clip("riverside_night_light_flickers", R_NIGHT, "2026-11-23T14:33:18Z", ONE_OUT, 0.0, flicker=True, seconds=24),
    Clip("park_day_clean", P_DAY, "2026-05-19T02:11:26Z"),
    Clip("park_day_path_broken", BROKEN, "2026-05-20T02:40:15Z"),
    Clip("park_day_path_mended", P_DAY, "2026-05-20T07:12:55Z", walkers=(0, 1), walkers_from=5),
    Clip("park_day_tree_bare", BARE, "2026-07-02T02:25:37Z", walkers=(0, 2)),
    Clip("park_day_tree_leaning", LEANING_TREE, "2026-07-03T02:51:08Z", walkers=(1,)),
    Clip("park_day_bench_missing", NO_BENCH, "2026-07-04T01:58:46Z", walkers=(1, 2)),
    Clip("park_day_camera_frozen", P_DAY, "2026-07-05T02:07:19Z", at=7.0, fault="frozen"),
    Clip("park_night_clean", P_NIGHT, "2026-10-08T12:32:44Z"),
    Clip("park_night_light_out", P_ONE_OUT, "2026-10-09T12:47:03Z", walkers=(0, 1)),
    Clip("plaza_day_clean", Z_DAY, "2026-04-11T04:16:52Z"),
    Clip("plaza_day_bin_overflows", OVERFLOW, "2026-04-12T08:44:29Z", walkers=(1, 2)),
    Clip("plaza_day_bag_left", Z_DAY, "2026-04-13T03:39:10Z", CASE, 6.6),
    Clip("plaza_day_bicycle_lying", BIKE, "2026-04-13T09:22:51Z", walkers=(0, 1)),
    Clip("plaza_day_light_on", LIT_BY_DAY, "2026-04-14T03:02:33Z", walkers=(0, 2)),
    Clip("plaza_day_camera_blurred", Z_DAY, "2026-04-14T06:29:57Z", at=8.0, fault="blurred"),
    Clip("street_day_clean", S_DAY, "2026-06-21T01:12:33Z", walkers=(0, 1, 2, 3, 5)),
    Clip("street_day_branch_falls", S_DAY, "2026-06-21T04:48:20Z", BRANCH, 7.0, walkers=(0, 3)),
    Clip("street_day_car_on_walk", CAR_ON_WALK, "2026-06-22T02:31:06Z", walkers=(1, 3, 5)),
    Clip("street_day_bin_overflows", S_OVERFLOW, "2026-06-23T05:09:41Z", walkers=(1, 2)),
    Clip("street_night_clean", S_NIGHT, "2026-11-18T12:26:15Z", walkers=(0, 1, 4), walkers_from=5),
    Clip("street_night_light_out", S_ONE_OUT, "2026-11-19T13:07:52Z", walkers=(1, 4), walkers_from=5),
    Clip("street_rain_clean", S_RAIN, "2026-06-25T03:20:08Z", walkers=(0, 1, 5), rain=True, fog=210.0),
    Clip("street_rain_puddle", RAIN_PUDDLE, "2026-06-25T06:14:37Z", walkers=(1, 5), rain=True, fog=210.0),
    Clip("street_fog_clean", S_RAIN, "2026-11-20T00:41:29Z", walkers=(0, 1), fog=48.0),
)
