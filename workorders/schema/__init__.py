"""The tables, as typed SQLAlchemy classes. The order's own class carries its transitions."""

from workorders.schema.base import Base
from workorders.schema.jobs import CameraDay, Job, StoreVersion, Worker
from workorders.schema.orders import WorkOrder
from workorders.schema.policy import SlaPolicy
from workorders.schema.register import Asset, Camera, CameraReference, CameraRegion, Person, SavedView, Site, Team
from workorders.schema.trail import (
    AssetCheck,
    Attachment,
    Comment,
    Evidence,
    FindingRow,
    LogEntry,
    Suppression,
    Verdict,
)
from workorders.schema.tuning import SettingChange, Trace

__all__ = [
    "Asset",
    "AssetCheck",
    "Attachment",
    "Base",
    "Camera",
    "CameraDay",
    "CameraReference",
    "CameraRegion",
    "Comment",
    "Evidence",
    "FindingRow",
    "Job",
    "LogEntry",
    "Person",
    "SavedView",
    "SettingChange",
    "Site",
    "SlaPolicy",
    "StoreVersion",
    "Suppression",
    "Team",
    "Trace",
    "Verdict",
    "WorkOrder",
    "Worker",
]
