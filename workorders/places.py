"""Folders that come with Lamplighter."""

from __future__ import annotations

from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent / "sample_media" / "clips"
"""The sample clips, each with its truth file."""
