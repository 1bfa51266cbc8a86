"""A change of the scene that makes something wrong, and how it is undone."""

from collections.abc import Callable
from dataclasses import dataclass, field

import bpy
import numpy as np
from mathutils import Matrix

from sample_media.walk.seen import Sight
from sample_media.walk.stage import Stage


@dataclass
class Change:
    """What a maker changed.

    Attributes:
        asset: Name of the asset that is wrong, if one is.
        added: What was put into the scene; what the issue is has the index ``ISSUE``.
        hidden: What is not there any more.
        moved: What stands otherwise: objects with the matrix they had.
        swapped: Glass that burns or went dark.
        place: s, t and radius in metres that nobody may walk through.
        whole: Whether the light of the whole picture changes.
        telling: What tells how far the change reaches, where not all that was changed does.
    """

    asset: str | None = None
    added: list[bpy.types.Object] = field(default_factory=list)
    hidden: list[bpy.types.Object] = field(default_factory=list)
    moved: list[tuple[bpy.types.Object, Matrix]] = field(default_factory=list)
    swapped: list[bpy.types.Object] = field(default_factory=list)
    place: tuple[float, float, float] | None = None
    whole: bool = False
    telling: list[bpy.types.Object] = field(default_factory=list)

    def undo(self) -> None:
        """Puts the scene back as it was."""
        for thing in self.added:
            bpy.data.objects.remove(thing)
        for thing in self.hidden:
            thing.hide_render = False
        for thing, matrix in self.moved:
            thing.matrix_world = matrix
        for glass in self.swapped:
            glass.material_slots[0].link = "DATA"


Sights = dict[str, Sight]
Maker = Callable[[Stage, np.random.Generator, Sights], Change | None]


def hide(things: list[bpy.types.Object]) -> list[bpy.types.Object]:
    """Hides things; returns them."""
    for thing in things:
        thing.hide_render = True
    return things
