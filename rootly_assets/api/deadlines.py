"""Gives an answer's body up that is not whole in time, though each of its pieces may be."""

import threading
import time
from contextlib import suppress

import requests
import urllib3


class Deadlines:
    """Reads bodies, and hangs up on those that only drip in. Shared by threads.

    A body is read in one draught, and cut off from another thread: to read it in pieces, with a look at the
    clock after each, takes nearly twice the CPU time. No timer is set for each body, but one for the first of
    many, and the next when that one rings.

    Args:
        seconds: how long a body may take.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        # By the monotonic clock; in order, since all of them have the same time.
        self._ends: dict[requests.Response, float] = {}
        self._is_set = False

    def body(self, response: requests.Response) -> bytes:
        """Return a body when it has come in.

        Raises:
            requests.ReadTimeout: it did not in time.
            requests.RequestException: it broke off.
        """
        with self._lock:
            self._ends[response] = time.monotonic() + self._seconds
            if not self._is_set:
                self._set(self._seconds)
        content, broken = b"", None
        try:
            content = b"".join(response.iter_content(None))
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            broken = error
        finally:
            with self._lock:
                in_time = self._ends.pop(response, None) is not None
        if not in_time:
            response.close()
            raise requests.ReadTimeout("The answer comes in too slowly.") from broken
        if broken is not None:
            raise broken
        return content

    def _set(self, seconds: float) -> None:
        self._is_set = True
        timer = threading.Timer(seconds, self._ring)
        timer.daemon = True
        timer.start()

    def _ring(self) -> None:
        with self._lock:
            now = time.monotonic()
            for response in [each for each, end in self._ends.items() if end <= now]:
                del self._ends[response]
                # Where it ended in this moment, there is nothing to hang up on any more.
                with suppress(OSError, RuntimeError, ValueError):
                    response.raw.shutdown()
            if self._ends:
                self._set(next(iter(self._ends.values())) - now)
            else:
                self._is_set = False
