"""The classes of the bundled detector, in the order of its outputs."""

from __future__ import annotations

CLASSES: tuple[str, ...] = (
    "street_light",
    "tree",
    "bench",
    "bin",
    "bin_overflowing",
    "litter",
    "pothole",
    "crack",
    "puddle",
    "fallen_tree",
    "person",
    "bicycle",
    "motorcycle",
    "car",
    "truck",
    "dog",
    "obstacle",
)

INDEX: dict[str, int] = {name: i for i, name in enumerate(CLASSES)}

COCO_TO_OURS: dict[int, str] = {
    0: "person",
    1: "bicycle",
    2: "car",
    3: "motorcycle",
    5: "truck",
    7: "truck",
    13: "bench",
    16: "dog",
}
"""COCO class number to our name: what a COCO checkpoint can label for us. Buses count as trucks."""

COCO_SEEDS: dict[str, int] = {
    "street_light": 9,
    "tree": 58,
    "bin": 12,
    "bin_overflowing": 24,
    "litter": 39,
    "pothole": 45,
    "crack": 34,
    "puddle": 45,
    "fallen_tree": 58,
    "person": 0,
    "bicycle": 1,
    "motorcycle": 3,
    "car": 2,
    "truck": 7,
    "bench": 13,
    "dog": 16,
    "obstacle": 28,
}
"""Our name to the COCO class whose output row starts it: the same thing where COCO has it, else the nearest in shape
(traffic light, potted plant, parking meter, backpack, bottle, bowl, bat, suitcase)."""
