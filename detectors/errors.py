"""Errors that are shown to a user as one clear line."""


class LamplighterError(Exception):
    """Something a user can mend. Its text is one line that says what is wrong and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


class SourceError(LamplighterError):
    """A source that cannot be opened or read."""


class ModelError(LamplighterError):
    """A detector model that cannot be found, read or used."""


class RegisterError(LamplighterError):
    """An asset, region or camera that is not registered, or registered wrongly."""
