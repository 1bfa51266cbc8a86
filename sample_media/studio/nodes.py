"""A terse way to write shader node trees."""

from typing import Any

import bpy

Colour = tuple[float, ...]


class NodeTree:
    """Wraps a node tree; inputs may be sockets, nodes or plain values."""

    def __init__(self, tree: bpy.types.NodeTree) -> None:
        self.tree = tree
        tree.nodes.clear()

    def node(self, kind: str, ins: dict[int | str, Any] | None = None, **properties: Any) -> Any:
        """Adds a node, sets its properties and connects its inputs."""
        node = self.tree.nodes.new("ShaderNode" + kind)
        for name, value in properties.items():
            setattr(node, name, value)
        for slot, value in (ins or {}).items():
            self.set(node, slot, value)
        return node

    def set(self, node: Any, slot: int | str, value: Any) -> None:
        """Connects or sets one input of a node."""
        socket = node.inputs[slot]
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        elif isinstance(value, bpy.types.Node):
            self.tree.links.new(value.outputs[0], socket)
        else:
            socket.default_value = value

    def math(self, op: str, a: Any, b: Any = 0.0, clamp: bool = False) -> Any:
        """Returns the result of a math operation."""
        return self.node("Math", {0: a, 1: b}, operation=op, use_clamp=clamp).outputs[0]

    def mix(self, factor: Any, a: Any, b: Any, blend: str = "MIX") -> Any:
        """Returns two colours mixed."""
        node = self.node("Mix", {0: factor, 6: a, 7: b}, data_type="RGBA", blend_type=blend)
        return node.outputs[2]

    def times(self, colour: Any, factor: Any) -> Any:
        """Returns a colour multiplied by a colour or grey."""
        return self.mix(1.0, colour, factor, "MULTIPLY")

    def ramp(self, factor: Any, stops: list[tuple[float, Any]]) -> Any:
        """Returns a colour ramp; stops are (position, grey or RGB)."""
        node = self.node("ValToRGB", {0: factor})
        ramp = node.color_ramp
        while len(ramp.elements) < len(stops):
            ramp.elements.new(0.5)
        for element, (position, colour) in zip(ramp.elements, stops, strict=True):
            element.position = position
            element.color = (colour, colour, colour, 1) if isinstance(colour, int | float) else (*colour, 1)
        return node.outputs[0]

    def noise(self, at: Any, scale: float, detail: float = 3.0, rough: float = 0.55, distortion: float = 0.0) -> Any:
        """Returns a noise value of about 0-1."""
        ins = {"Vector": at, "Scale": scale, "Detail": detail, "Roughness": rough, "Distortion": distortion}
        return self.node("TexNoise", ins).outputs[0]

    def mapped(self, value: Any, source: tuple[float, float], target: tuple[float, float]) -> Any:
        """Returns a value mapped linearly from one range to another, clamped."""
        ins = {0: value, 1: source[0], 2: source[1], 3: target[0], 4: target[1]}
        return self.node("MapRange", ins).outputs[0]

    def bump(self, height: Any, strength: float, distance: float) -> Any:
        """Returns a normal bumped by a height."""
        return self.node("Bump", {"Strength": strength, "Distance": distance, "Height": height})

    def position(self) -> Any:
        """Returns the world position."""
        return self.node("NewGeometry").outputs["Position"]

    def object_position(self) -> Any:
        """Returns the position in the object's own coordinates."""
        return self.node("TexCoord").outputs["Object"]

    def principled(self, colour: Any, rough: Any, **more: Any) -> Any:
        """Returns a principled surface; underscores in names stand for blanks."""
        ins = {"Base Color": colour, "Roughness": rough} | {k.replace("_", " "): v for k, v in more.items()}
        return self.node("BsdfPrincipled", ins)

    def surface(self, shader: Any) -> None:
        """Makes a shader the material's surface."""
        self.node("OutputMaterial", {0: shader})


def material(name: str) -> tuple[bpy.types.Material, NodeTree]:
    """Returns a new material and its empty node tree."""
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    return made, NodeTree(made.node_tree)


def plain(
    name: str,
    colour: Colour,
    rough: float = 0.6,
    metal: float = 0.0,
    vary: float = 0.0,
    bump: float = 0.0,
    bump_scale: float = 40.0,
) -> bpy.types.Material:
    """Returns a one-colour material, optionally stained and bumpy."""
    made, t = material(name)
    at = t.object_position()
    tone: Any = (*colour[:3], 1)
    if vary:
        stain = t.math("MULTIPLY", t.noise(at, 2.3, 4), t.noise(at, 19.0, 3))
        tone = t.times(tone, t.ramp(stain, [(0.12, 1 - vary), (0.42, 1 + vary * 0.5)]))
    shader = t.principled(tone, rough, Metallic=metal)
    if bump:
        t.set(shader, "Normal", t.bump(t.noise(at, bump_scale, 4), bump, 0.02))
    t.surface(shader)
    return made


def glow(name: str, colour: Colour, strength: float) -> bpy.types.Material:
    """Returns an emitting material that lights nothing by itself (lamps carry the light)."""
    made, t = material(name)
    t.surface(t.node("Emission", {0: (*colour[:3], 1), 1: strength}))
    made.cycles.emission_sampling = "NONE"
    return made
