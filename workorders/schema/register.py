"""The register: sites, cameras, assets, where a camera sees an asset, teams and people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workorders.schema.base import Base, Handle, word
from workorders.words import CameraDesire, CameraHealth, Condition, Power, Role


class Site(Base):
    """A place under watch with one time zone, shown on the screen and in exports.

    Attributes:
        language: of whoever does not choose one; None for the browser's.
        confirmation: how its cameras confirm findings: see `workorders.register.tuning`.
        rules: when a finding raises an order, by issue: see `workorders.orders.rules`.
        evidence_days, evidence_gb: how long, and how much, evidence of ended orders is kept; None for no limit.
        tile_url, tile_credit: where the map's tiles come from and whose they are; None for none.
    """

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    time_zone: Mapped[str]
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    language: Mapped[str | None]
    confirmation: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    rules: Mapped[dict[str, Any] | None]
    evidence_days: Mapped[int | None]
    evidence_gb: Mapped[float | None]
    tile_url: Mapped[str | None]
    tile_credit: Mapped[str | None]


class Camera(Base):
    """One fixed view. Paths are relative to the store's folder of files.

    Attributes:
        heading_deg: where the middle of the view points, degrees clockwise from north.
        angle_deg: how wide the view is, degrees.
        hours: when it is watched, None for day and night: see `workorders.register.hours`.
    """

    __tablename__ = "camera"

    id: Mapped[str] = mapped_column(Handle, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    name: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    heading_deg: Mapped[float | None]
    angle_deg: Mapped[float | None]
    time_zone: Mapped[str]
    every_s: Mapped[float] = mapped_column(default=1.0)
    hours: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    enabled: Mapped[bool] = mapped_column(default=True)
    desired: Mapped[CameraDesire] = mapped_column(word(CameraDesire), default=CameraDesire.IDLE)
    health: Mapped[CameraHealth] = mapped_column(word(CameraHealth), default=CameraHealth.UNKNOWN)
    light: Mapped[str | None]
    last_frame_at: Mapped[datetime | None]
    last_look_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")
    reference_path: Mapped[str | None]
    still_path: Mapped[str | None]
    created_at: Mapped[datetime]


class Asset(Base):
    """A registered thing. Condition and observed power are apart: a light off by schedule is not a broken one."""

    __tablename__ = "asset"
    __table_args__ = (
        UniqueConstraint("site_id", "external_ref"),
        Index(None, "site_id", "kind"),
        Index(None, "group_ref"),
    )

    id: Mapped[str] = mapped_column(Handle, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[str] = mapped_column(Handle)
    name: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    criticality: Mapped[int] = mapped_column(default=2)
    external_ref: Mapped[str | None] = mapped_column(Handle)
    group_ref: Mapped[str | None] = mapped_column(Handle)
    condition: Mapped[Condition] = mapped_column(word(Condition), default=Condition.UNKNOWN)
    power: Mapped[Power] = mapped_column(word(Power), default=Power.UNKNOWN)
    last_checked_at: Mapped[datetime | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    retired_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CameraRegion(Base):
    """Where a camera sees an asset: a polygon in 0-1 image coordinates."""

    __tablename__ = "camera_region"

    camera_id: Mapped[str] = mapped_column(ForeignKey("camera.id", ondelete="CASCADE"), primary_key=True)
    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"), primary_key=True, index=True)
    polygon: Mapped[list[list[float]]]


class CameraReference(Base):
    """A clean picture of a camera's view in one light state (day, twilight, night)."""

    __tablename__ = "camera_reference"

    camera_id: Mapped[str] = mapped_column(ForeignKey("camera.id", ondelete="CASCADE"), primary_key=True)
    light: Mapped[str] = mapped_column(Handle, primary_key=True)
    path: Mapped[str]
    taken_at: Mapped[datetime]


class Team(Base):
    """A crew that orders are given to."""

    __tablename__ = "team"

    id: Mapped[str] = mapped_column(Handle, primary_key=True)
    name: Mapped[str]


class Person(Base):
    """Somebody who acts, with the role that says what they may do."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(Handle, primary_key=True)
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(word(Role))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"))
    active: Mapped[bool] = mapped_column(default=True)


class SavedView(Base):
    """Filters of the table of orders that a person gave a name."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str]
    query: Mapped[str]
    saved_at: Mapped[datetime]
