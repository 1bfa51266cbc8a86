"""Folders that come with Lamplighter."""

from __future__ import annotations

from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent / "sample_media" / "clips"
"""The sample clips, each with its truth file."""
MODEL_CARD = Path(__file__).resolve().parent.parent / "docs" / "model_card.md"
"""The bundled detector's card; not there in an installation without the documents."""
