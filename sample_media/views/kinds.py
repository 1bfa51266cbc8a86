"""The kinds of view, by name."""

from __future__ import annotations

from detectors.errors import LamplighterError
from sample_media.views import optics, stream, weather
from sample_media.views.film import LAID_OVER, Kind, coded

KINDS = {
    "mirrored": Kind(optics.mirror, optics.mirrored_place),
    "lens": Kind(optics.bend, optics.bent_place, bends=True),
    "small": Kind(optics.resized(480)),
    "large": Kind(optics.resized(1280)),
    "sway": Kind(optics.sway, spoils=frozenset({"camera_frozen", "camera_moved"})),
    "exposure": Kind(weather.expose, spoils=frozenset({"camera_frozen"})),
    "rain": Kind(weather.rain, spoils=LAID_OVER),
    "fog": Kind(weather.fog, spoils=LAID_OVER),
    "drops": Kind(weather.drops, spoils=LAID_OVER),
    "bits": Kind(coding=coded(40)),
    "stalls": Kind(stream.stall, spoils=frozenset({"camera_frozen"})),
    "grey": Kind(stream.without_colours),
    "clock": Kind(stream.with_clock),
    "bars": Kind(optics.add_bars, optics.barred_place),
}


def kinds_of(names: str) -> dict[str, Kind]:
    """The kinds named, with commas between them; all of them for "".

    Raises:
        LamplighterError: no such kind.
    """
    chosen = [name.strip() for name in names.split(",")] if names else list(KINDS)
    for name in chosen:
        if name not in KINDS:
            raise LamplighterError(f"No kind of view is called '{name}'; there are {', '.join(KINDS)}.")
    return {name: KINDS[name] for name in chosen}
