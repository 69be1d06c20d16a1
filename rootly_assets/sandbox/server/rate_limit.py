"""The limit on requests: a sliding window, told in the headers of every answer."""

import math
import time
from collections import deque
from collections.abc import Callable

from rootly_assets.sandbox.server.settings import Settings


class RateLimit:
    """Counts requests over a sliding window.

    The window runs on real time, as clients wait in real time. `X-RateLimit-Reset` is told by the
    server's own clock, the one in its `Date` header: the workspace's, which may be any time.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        server_time: Callable[[], float],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = settings.requests_per_minute
        self._window = settings.rate_window
        self._retry_after = settings.retry_after
        self._server_time = server_time
        self._monotonic = monotonic
        self._taken: deque[float] = deque()

    def take(self) -> tuple[bool, dict[str, str]]:
        """Count a request: whether it is within the limit, and the headers for its answer."""
        now = self._monotonic()
        while self._taken and self._taken[0] <= now - self._window:
            self._taken.popleft()
        allowed = len(self._taken) < self._limit
        if allowed:
            self._taken.append(now)
        wait = self._taken[0] + self._window - now if self._taken else self._window
        headers = {
            "X-RateLimit-Limit": f"{self._limit}, {self._limit};window={math.ceil(self._window)}",
            "X-RateLimit-Remaining": str(self._limit - len(self._taken)),
            "X-RateLimit-Used": str(len(self._taken)),
            "X-RateLimit-Reset": str(math.ceil(self._server_time() + wait)),
        }
        if not allowed and self._retry_after:
            headers["Retry-After"] = str(math.ceil(wait))
        return allowed, headers
