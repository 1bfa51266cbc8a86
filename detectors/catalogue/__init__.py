"""The models that can be used: the bundled one, ultralytics families by name, a user's own file."""

from detectors.catalogue.entries import ModelEntry, ResolvedModel
from detectors.catalogue.store import chosen, list_models, resolve, use

__all__ = ["ModelEntry", "ResolvedModel", "chosen", "list_models", "resolve", "use"]
