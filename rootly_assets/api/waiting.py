"""Waits between requests, which a run that is ended from outside does not sit out."""

import threading
import time

_here = threading.local()


class Ended(Exception):  # noqa: N818 - a signal to the readers, never seen outside
    """The run was ended from outside: nothing more is asked for."""


def heed(ended: threading.Event) -> None:
    """From now on, let this thread wait no longer than until an event happens."""
    _here.ended = ended


def sleep(seconds: float) -> None:
    """Wait.

    Raises:
        Ended: what this thread heeds has happened.
    """
    ended: threading.Event | None = getattr(_here, "ended", None)
    if ended is None:
        time.sleep(seconds)
    elif ended.wait(seconds):
        raise Ended
