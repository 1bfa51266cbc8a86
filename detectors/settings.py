"""Settings of an inspection, each with the reason for its default."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, model_validator


class ConfirmationSettings(BaseModel):
    """When observations become a finding, and when a finding stops.

    An issue is confirmed when `needed` of the last `window` counted observations of one place saw it with a mean score
    of at least `enter_score`. It lasts until fewer than `keep` of the last `window` saw it with at least `exit_score`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    window: int = Field(4, ge=1, le=100, description="how many of the latest counted observations are looked at")
    needed: int = Field(3, ge=1, description="how many of them must have seen the issue to confirm it")
    keep: int = Field(1, ge=1, description="a finding clears when fewer than this many saw it")
    enter_score: float = Field(0.5, gt=0, le=1, description="mean score that confirms")
    exit_score: float = Field(0.3, gt=0, le=1, description="score that still counts as seen once confirmed")
    rejoin_s: float = Field(
        600.0, ge=0, description="an issue back in the same place within this time is the same finding, not a new one"
    )
    place_iou: float = Field(0.2, gt=0, lt=1, description="overlap from which two boxes are the same place")

    @model_validator(mode="after")
    def _ordered(self) -> ConfirmationSettings:
        if not self.keep <= self.needed <= self.window:
            raise ValueError("keep <= needed <= window must hold")
        if self.exit_score > self.enter_score:
            raise ValueError("exit_score must not exceed enter_score, else findings flicker")
        return self


class Settings(BaseModel):
    """Everything an inspection can be tuned with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    every_s: float = Field(1.0, gt=0, le=86_400, description="seconds of source time between two looks")
    min_score: float = Field(0.15, gt=0, lt=1, description="detections below this are not even considered")
    image_size: int = Field(640, ge=160, le=1920, multiple_of=32, description="longer side given to the detector, px")
    detector_every_s: float = Field(
        30.0,
        ge=0,
        le=86_400,
        description="the detector sees a frame at least this often even where nothing changed, for what comes too "
        "slowly to be noticed (water that gathers, dusk); 0 shows it every frame",
    )
    confirmation: ConfirmationSettings = ConfirmationSettings()
    confirmation_of: Mapping[str, ConfirmationSettings] = Field(
        {}, description="by issue code: issues that are confirmed otherwise than all others"
    )
    guards: bool = Field(
        True,
        description="camera faults, sudden changes and a settled light state hold findings back; off to measure it",
    )
    discovery_looks: int = Field(7, ge=1, description="frames looked at to register a view")
    discovery_image_size: int = Field(
        960,
        ge=160,
        le=1920,
        multiple_of=32,
        description="longer side given to the detector to find thin and small assets when a view is registered, px",
    )
