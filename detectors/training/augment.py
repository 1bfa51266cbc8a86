"""Training pictures: mosaics within one source, and the faults of real cameras."""

from __future__ import annotations

import random
from typing import Any

import cv2
import numpy as np
from ultralytics.data.augment import BaseTransform, Compose, Mosaic, RandomPerspective
from ultralytics.data.dataset import YOLODataset

from detectors.values import Image

WIDE = 0.6
"""Height of a training picture as a share of its width: cameras see 16:9, and a square would be two fifths grey."""


class SourceMosaic(Mosaic):
    """A mosaic of pictures of one source; what any of them leaves unlabelled, the mosaic leaves unlabelled.

    Pictures of different sources would mask nearly every class between them.
    """

    def get_indexes(self) -> list[int]:
        """Partners from the source of the picture being made."""
        return random.choices(self.dataset.peers, k=self.n - 1)

    def _cat_labels(self, mosaic_labels: list[dict[str, Any]]) -> dict[str, Any]:
        final = super()._cat_labels(mosaic_labels)
        if final:
            final["unlabelled"] = np.logical_or.reduce([m["unlabelled"] for m in mosaic_labels])
        return final


class CameraFaults(BaseTransform):
    """Make a clean photograph look like a cheap or old camera's: no colour, blur, blocks, noise, low contrast, dark."""

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.p = p

    def apply_image(self, labels: dict[str, Any], params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Degrade `labels["img"]`, a BGR picture."""
        if random.random() < self.p:
            labels["img"] = degraded(labels["img"])
        return labels


def degraded(image: Image) -> Image:
    """One to three faults of a camera, drawn from Python's random numbers."""
    faults = random.sample((_grey, _blur, _small, _blocks, _contrast, _noise), k=random.choice((1, 1, 2, 3)))
    for fault in faults:
        image = fault(image)
    return np.ascontiguousarray(image)


def _grey(image: Image) -> Image:
    return np.asarray(cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), np.uint8)


def _blur(image: Image) -> Image:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), random.uniform(0.5, 1.6)), np.uint8)


def _small(image: Image) -> Image:
    h, w = image.shape[:2]
    f = random.uniform(0.4, 0.8)
    small = cv2.resize(image, (max(8, int(w * f)), max(8, int(h * f))), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR), np.uint8)


def _blocks(image: Image) -> Image:
    _, code = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, random.randint(18, 60)])
    return np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), np.uint8)


def _contrast(image: Image) -> Image:
    gain, shift = random.uniform(0.45, 1.5), random.uniform(-35, 35)
    curve = 255 * (np.clip((np.arange(256) - 128) * gain + 128 + shift, 0, 255) / 255) ** random.uniform(0.6, 1.8)
    return np.asarray(cv2.LUT(image, curve.astype(np.uint8)), np.uint8)


def _noise(image: Image) -> Image:
    grain = np.random.default_rng(random.getrandbits(32)).normal(0, random.uniform(3, 14), image.shape)
    return np.clip(image + grain, 0, 255).astype(np.uint8)


class MaskedDataset(YOLODataset):
    """A detection set whose pictures say which classes their labels do not cover.

    `data["unlabelled"]` maps a picture's stem to a bool array of one value a class; `data["source_of"]` to its source.
    """

    def get_labels(self) -> list[dict[str, Any]]:
        """The labels, each with its `unlabelled` array."""
        labels: list[dict[str, Any]] = super().get_labels()
        by_source: dict[str, list[int]] = {}
        stems = [_stem(label["im_file"]) for label in labels]
        for i, (label, stem) in enumerate(zip(labels, stems, strict=True)):
            label["unlabelled"] = self.data["unlabelled"][stem]
            by_source.setdefault(self.data["source_of"][stem], []).append(i)
        self._peers = [by_source[self.data["source_of"][stem]] for stem in stems]
        self.peers: list[int] = list(range(len(labels)))
        return labels

    def __getitem__(self, index: int) -> dict[str, Any]:
        self.peers = self._peers[index]
        item: dict[str, Any] = super().__getitem__(index)
        return item

    def build_transforms(self, hyp: Any = None) -> Compose:
        """The usual training transforms, with mosaics within one source, wide pictures and camera faults."""
        transforms = super().build_transforms(hyp)
        if self.augment:
            _fit_to_cameras(transforms, self, self.imgsz, hyp.mosaic)
            transforms.insert(len(transforms.transforms) - 1, CameraFaults())
        return transforms


def _stem(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _fit_to_cameras(transforms: Compose, dataset: MaskedDataset, imgsz: int, p: float) -> None:
    """Put our mosaic where ultralytics' own one is, and cut wide pictures of whole strides."""
    for i, transform in enumerate(transforms.transforms):
        if isinstance(transform, Compose):
            _fit_to_cameras(transform, dataset, imgsz, p)
        elif isinstance(transform, RandomPerspective):
            transform.size = (imgsz, round(imgsz * WIDE / 32) * 32)
        elif type(transform) is Mosaic:
            transforms.transforms[i] = SourceMosaic(dataset, imgsz=imgsz, p=p)
