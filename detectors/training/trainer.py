"""Training: ultralytics' loop with our data, our start and the masked loss."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from ultralytics.data.utils import check_det_dataset
from ultralytics.models.yolo.detect import DetectionTrainer
from ultralytics.utils.torch_utils import unwrap_model

from detectors.training.augment import MaskedDataset
from detectors.training.classes import CLASSES, COCO_TO_OURS, INDEX
from detectors.training.masked_loss import masked_criterion
from detectors.training.scoring import Truth, mean_map50, score_model, truths_of_recipe
from detectors.training.sources import RENDERED
from detectors.training.speed import in_bfloat16, keep_norms
from detectors.training.widen import start_of

NOT_SCORED = -1.0
"""Fitness of an epoch whose weights were not scored: never the best."""
STRIDES = (8, 16, 32)
"""Of the three levels that a detection head looks at."""


class LamplighterTrainer(DetectionTrainer):
    """Ultralytics' detection trainer on a set written by the recipe.

    Differences: classes unlabelled in a picture are masked in the loss; the start keeps a COCO checkpoint's head;
    each epoch is scored on the held-back pictures, class by class where it is labelled; on a CPU it computes in
    channels-last order.
    """

    best_fitness: float | None
    on_epoch: Callable[[int, int, dict[str, float]], None] | None = None
    bf16: bool = False
    small: bool = False
    score_every: int = 1
    teacher: Any = None
    """A COCO model with the same anchors, in evaluation mode: keeps what the start knew of movers and benches."""

    def get_dataset(self) -> dict[str, Any]:
        """The data file with each picture's source and unlabelled classes."""
        data: dict[str, Any] = check_det_dataset(self.args.data)
        manifest = json.loads((Path(data["path"]) / "manifest.json").read_text(encoding="utf-8"))
        data["unlabelled"], data["source_of"] = {}, {}
        for name, entry in manifest.items():
            mask = np.zeros(len(CLASSES), bool)
            mask[[INDEX[c] for c in entry["unlabelled"]]] = True
            data["unlabelled"][name], data["source_of"][name] = mask, entry["source"]
        self.held_back: list[Truth] = truths_of_recipe(Path(data["path"]), "hold")
        return data

    def build_dataset(self, img_path: str, mode: str = "train", batch: int | None = None) -> MaskedDataset:
        """A masked set of pictures."""
        stride = max(int(unwrap_model(self.model).stride.max()), 32)
        return MaskedDataset(
            img_path=img_path,
            imgsz=self.args.imgsz,
            batch_size=batch,
            augment=mode == "train",
            hyp=self.args,
            rect=mode != "train",
            cache=self.args.cache if mode == "train" else None,
            stride=stride,
            pad=0.0 if mode == "train" else 0.5,
            data=self.data,
            task="detect",
        )

    def get_model(self, cfg: Any = None, weights: Any = None, verbose: bool = True) -> Any:
        """The start: a COCO checkpoint's head cut to our classes, or our own checkpoint as it is."""
        model = start_of(weights, small=self.small)
        for parameter in model.parameters():
            parameter.requires_grad_(True)
        return model.to(memory_format=torch.channels_last)

    def _setup_train(self) -> None:
        super()._setup_train()
        model = unwrap_model(self.model)
        model.criterion = masked_criterion(model)
        # Only the live model is changed here and below: the averaged copy that is scored and saved was made before.
        keep_norms(model)
        if self.bf16:
            in_bfloat16(model, self.device)
        if self.teacher is not None:
            self.teacher = self.teacher.to(self.device)

    def preprocess_batch(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Pictures to 0-1 in channels-last order, unlabelled classes to one tensor."""
        batch["unlabelled"] = torch.from_numpy(np.stack(batch["unlabelled"])).to(self.device)
        batch = super().preprocess_batch(batch)
        batch["img"] = batch["img"].to(memory_format=torch.channels_last)
        if self.teacher is not None:
            batch["teacher"] = self._taught(
                batch["img"], [self.data["source_of"][Path(f).stem] for f in batch["im_file"]]
            )
        return batch

    def _taught(self, images: torch.Tensor, sources: list[str]) -> torch.Tensor:
        """The COCO teacher's scores under our classes: (batch, anchors, classes), -1 where it says nothing.

        It is not asked about rendered pictures, where movers are labelled to the last.
        """
        anchors = sum((images.shape[2] // s) * (images.shape[3] // s) for s in STRIDES)
        taught = torch.full((len(images), anchors, len(CLASSES)), -1.0, device=images.device)
        asked = [i for i, source in enumerate(sources) if source not in RENDERED]
        if not asked:
            return taught
        with torch.no_grad(), torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.bf16):
            raw = self.teacher(images[asked])[1]
        scores = raw.get("one2many", raw)["scores"].float().sigmoid().permute(0, 2, 1)
        for number, name in COCO_TO_OURS.items():
            taught[asked, :, INDEX[name]] = torch.maximum(taught[asked, :, INDEX[name]], scores[..., number])
        return taught

    def validate(self) -> tuple[dict[str, float], float]:
        """Score the averaged weights on the held-back pictures; fitness is the mean mAP50 over classes they show.

        Between the epochs that `score_every` names nothing is scored.
        """
        assert self.ema is not None
        done = self.epoch + 1
        if not (self.stop or done >= self.epochs or done % self.score_every == 0):
            return {}, NOT_SCORED
        scores = score_model(self.ema.ema, self.held_back, imgsz=self.args.imgsz)
        fitness = mean_map50(scores)
        metrics = {f"hold/{name}": round(s["map50"], 4) for name, s in scores.items()}
        if self.best_fitness is None or self.best_fitness < fitness:
            self.best_fitness = fitness
        if self.on_epoch is not None:
            self.on_epoch(done, self.epochs, {"mean": fitness, **metrics})
        return metrics, fitness

    def save_metrics(self, metrics: dict[str, float]) -> None:
        """Append a scored epoch to results.csv with one column for every class, shown or not."""
        if self.fitness == NOT_SCORED:
            return
        row = {f"hold/{name}": 0.0 for name in CLASSES} | metrics
        super().save_metrics({k: v for k, v in row.items() if not k.startswith(("metrics/", "val/"))})

    def final_eval(self) -> None:
        """Nothing: the best epoch was chosen on held-back pictures, and the validation split is scored apart."""
