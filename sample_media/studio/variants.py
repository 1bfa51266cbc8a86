"""What is changed on a camera's view: the same place with something wrong, at some hour."""

from dataclasses import dataclass, replace

from sample_media.studio.cameras import Place
from sample_media.studio.drawn import find_place
from sample_media.studio.plan import OBSTACLES, Issue, Plan

# Which issue code of the product a made issue is, and the kind of asset it belongs to.
CODES = {
    "puddle": ("path_flooded", "path"),
    "crack": ("path_damaged", "path"),
    "broken": ("path_damaged", "path"),
    "litter": ("litter", "path"),
    "lawn_litter": ("litter", "lawn"),
    "overflow": ("bin_overflowing", "bin"),
    **dict.fromkeys(("bicycle", "branch", "car", "suitcase", *OBSTACLES), ("path_obstructed", "path")),
}


@dataclass(frozen=True)
class Variant:
    """A state of one camera's view; numbers count from 1, as asset names do."""

    camera: str
    mode: str
    name: str = "clean"
    issues: tuple[Issue, ...] = ()
    lamps_dark: tuple[int, ...] = ()
    lamps_lit: tuple[int, ...] = ()
    lamp_leaning: tuple[int, float] | None = None
    lamp_snapped: tuple[int, float] | None = None
    lamp_gone: int | None = None
    tree_bare: int | None = None
    tree_leaning: tuple[int, float] | None = None
    tree_fallen: int | None = None
    bench_missing: int | None = None
    bin_missing: int | None = None
    knocked: tuple[float, float, float] | None = None

    @property
    def key(self) -> str:
        """The name of its plate."""
        return f"{self.camera}_{self.mode}_{self.name}"

    @property
    def place(self) -> Place:
        """The camera it is seen from."""
        return find_place(self.camera)

    @property
    def whole_frame(self) -> bool:
        """Whether it changes the whole frame, so that no window will do."""
        return self.name == "clean" or self.knocked is not None

    def clean(self) -> "Variant":
        """Returns the same hour with nothing wrong."""
        return Variant(self.camera, self.mode)

    def changed_items(self) -> dict[str, tuple[str, str]]:
        """Returns the named things that are not as they should be, with (issue code, asset kind) of each."""
        found = {f"lamp_{k}": ("light_out", "street_light") for k in self.lamps_dark}
        found |= {f"lamp_{k}": ("light_on_by_day", "street_light") for k in self.lamps_lit}
        for number, kind, code, asset in (
            (self.lamp_leaning and self.lamp_leaning[0], "lamp", "light_damaged", "street_light"),
            (self.lamp_snapped and self.lamp_snapped[0], "lamp", "light_damaged", "street_light"),
            (self.lamp_gone, "lamp", "light_damaged", "street_light"),
            (self.tree_bare, "tree", "tree_bare", "tree"),
            (self.tree_leaning and self.tree_leaning[0], "tree", "tree_leaning", "tree"),
            (self.tree_fallen, "tree", "tree_fallen", "tree"),
            (self.bench_missing, "bench", "asset_missing", "bench"),
            (self.bin_missing, "bin", "asset_missing", "bin"),
        ):
            if number:
                found[f"{kind}_{number}"] = (code, asset)
        return found

    def darkened(self) -> list[int]:
        """Returns the numbers of the lamps that no longer light what is round them, where lamps burn at this hour."""
        broken = [self.lamp_snapped[0]] if self.lamp_snapped else []
        gone = [self.lamp_gone] if self.lamp_gone else []
        return [*self.lamps_dark, *(broken + gone if self.plan().light.lamps_lit else [])]

    def missing_items(self) -> list[str]:
        """Returns the names of the things that are gone; they are dropped after building, so that numbers hold."""
        return [name for name, (code, _) in self.changed_items().items() if code == "asset_missing"]

    def plan(self) -> Plan:
        """Returns the plan of this state."""
        plan = self.place.at_hour(self.mode)
        lamps, trees = list(plan.lamps), list(plan.trees)
        for k in self.lamps_dark:
            lamps[k - 1] = replace(lamps[k - 1], lit=False)
        for k in self.lamps_lit:
            lamps[k - 1] = replace(lamps[k - 1], lit=True)
        if self.lamp_leaning:
            k, lean = self.lamp_leaning
            lamps[k - 1] = replace(lamps[k - 1], lean=lean)
        if self.lamp_snapped:
            k, bent = self.lamp_snapped
            lamps[k - 1] = replace(lamps[k - 1], snapped=bent)
        if self.lamp_gone:
            lamps[self.lamp_gone - 1] = replace(lamps[self.lamp_gone - 1], gone=True)
        if self.tree_bare:
            trees[self.tree_bare - 1] = replace(trees[self.tree_bare - 1], bare=True)
        if self.tree_leaning:
            k, lean = self.tree_leaning
            trees[k - 1] = replace(trees[k - 1], lean=lean, turn=0.0)
        if self.tree_fallen:
            trees[self.tree_fallen - 1] = replace(trees[self.tree_fallen - 1], fallen=True)
        if self.knocked:
            yaw, pitch, roll = self.knocked
            c = plan.camera
            plan = replace(plan, camera=replace(c, yaw=c.yaw + yaw, pitch=c.pitch + pitch, roll=c.roll + roll))
        return replace(plan, lamps=tuple(lamps), trees=tuple(trees))
