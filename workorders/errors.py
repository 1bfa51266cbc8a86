"""Errors of this floor. Each is one clear line for the person at the screen."""

from __future__ import annotations

from detectors.errors import LamplighterError


class StoreError(LamplighterError):
    """The database cannot be opened, reached or used by this version."""


class NotFound(LamplighterError):
    """A thing was asked for by an id that nothing has."""


class NotAllowed(LamplighterError):
    """A change that the order's state or the person's role does not permit."""


class Conflict(LamplighterError):
    """Somebody else changed the same order first. The text says who, what and when."""


class ImportRefused(LamplighterError):
    """A register file that cannot be read at all, or whose rows have errors: nothing of it was taken in."""
