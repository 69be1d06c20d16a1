"""Errors between the API and the warehouse, in sentences that say what to do."""

import errno
from pathlib import Path


class SyncError(Exception):
    """Something on this machine kept rows from being loaded; what was there before still stands."""


class LoadError(Exception):
    """The warehouse could not do what was asked; what was there before still stands."""


class UnexpectedError(Exception):
    """A fault of this project's own in one list; the others must not suffer for it."""

    def __init__(self, error: Exception) -> None:
        first_line = (str(error).strip() or "no message").splitlines()[0][:200]
        super().__init__(
            f"An unexpected {type(error).__name__} stopped this list: {first_line}. This is a fault of "
            "rootly-assets: please report it with the log of this step."
        )


def landing_failed(folder: Path, error: Exception) -> SyncError:
    """The error for a landing folder that can't be written."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return SyncError(
            f"The disk that holds {folder} is full. Nothing was changed in the warehouse. "
            "Free some space, or name a folder on another disk in ROOTLY_LANDING_DIR, and run again."
        )
    return SyncError(
        f"Landing files can't be written to {folder}: {error}. Nothing was changed in the warehouse. "
        "Make the folder writable, or name another one in ROOTLY_LANDING_DIR."
    )


def landing_file_failed(file: Path, error: Exception) -> SyncError:
    """The same for a file that lies beside those of a step: names the folder that the user set."""
    return landing_failed(file.parents[1], error)
