"""Ctrl-C and SIGTERM: known to the command whoever handles them.

Dagster puts handlers of its own in place while it runs a job, and makes an ordinary failure of an interruption;
what is raised while something is imported may be lost altogether.
"""

import os
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

ASK_TO_STOP = (signal.SIGINT, signal.SIGTERM)

StoppedBy = Callable[[], signal.Signals | None]


@contextmanager
def listening() -> Generator[StoppedBy]:
    """A block that SIGTERM interrupts as Ctrl-C does; tells which of them has come, if any."""
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None  # Python tells only the main thread
        return
    heard, said = os.pipe()
    came: list[int] = []

    def stopped_by() -> signal.Signals | None:
        with suppress(BlockingIOError):
            came.extend(os.read(heard, 1024))
        return next((each for each in ASK_TO_STOP if each in came), None)

    for end in (heard, said):
        os.set_blocking(end, False)
    # Python writes each signal's number there before any handler is called.
    before = signal.set_wakeup_fd(said, warn_on_full_buffer=False)
    terminated = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield stopped_by
    finally:
        signal.signal(signal.SIGTERM, terminated)
        signal.set_wakeup_fd(before)
        os.close(heard)
        os.close(said)
