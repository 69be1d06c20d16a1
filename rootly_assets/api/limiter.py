"""Keeps a process within the rate limit: free while plenty is left, paced by the server's count.

Rootly counts requests in a sliding window of 60 s. We keep our own log of the window and correct
it by the `remaining` of each answer, because other clients may use the same key. Counting from the
moment an answer is here (not from sending) puts our window a little behind the server's, never
ahead of it.
"""

import threading
import time
from collections import deque
from collections.abc import Callable

from rootly_assets.api.page import RateLimit
from rootly_assets.api.waiting import sleep as wait

# Others' answers may free us earlier than computed, so long waits look again every so often.
_LOOK_AGAIN = 0.5
_PROBE_INTERVAL = 0.02


class Limiter:
    """One for all threads that use a token.

    Args:
        requests_per_minute: upper bound of our own, for a window of 60 s.
        clock: monotonic seconds.
        sleep: waits for seconds.
    """

    def __init__(
        self,
        requests_per_minute: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = wait,
    ) -> None:
        self._per_minute = max(1, requests_per_minute)
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._window = 60.0
        self._ceiling = self._per_minute  # our own, for the window
        self._limit: int | None = None  # the server's
        self._answered: deque[float] = deque()  # when each request in the window was answered
        self._in_flight = 0
        self._by_others = 0  # requests in the window that are not ours
        self._reset_at = 0.0  # when the server's window begins anew, as it last said
        self._blocked_until = 0.0
        self._probing = False  # the window has reset: one request goes ahead and asks

    def acquire(self, share: float = 1.0) -> float:
        """Wait until a request may be sent; return the seconds waited. `release` must follow.

        Args:
            share: how much of the allowance may be used, others included, before this one waits. After a
                whole window it no longer counts: constant traffic delays a request, and can't starve it.
        """
        waited = 0.0
        while True:
            with self._lock:
                pause = self._pause(share if waited < self._window else 1.0)
                if pause <= 0:
                    self._in_flight += 1
                    return waited
            pause = min(pause, _LOOK_AGAIN)
            self._sleep(pause)
            waited += pause

    def release(self, said: RateLimit | None) -> None:
        """Record that a request is over.

        Args:
            said: the rate-limit headers of its answer; None where none came.
        """
        with self._lock:
            now = self._clock()
            self._in_flight -= 1
            self._probing = False
            self._answered.append(now)
            self._forget(now)
            if said is None or said.limit is None or said.remaining is None:
                return
            self._window = said.window
            # A limit per minute is a rate: in a window of another length it allows more or less.
            self._ceiling = max(1, int(self._per_minute * said.window / 60.0))
            self._limit = said.limit
            # Requests in flight may or may not be counted by the server yet: give it the benefit.
            self._by_others = max(
                0, said.limit - said.remaining - len(self._answered) - self._in_flight
            )
            self._reset_at = now + (said.window if said.reset is None else said.reset)

    def block(self, seconds: float) -> None:
        """Let nobody send for so many seconds: the server said 429."""
        with self._lock:
            self._blocked_until = max(self._blocked_until, self._clock() + seconds)

    def restrict(self, requests_per_minute: int) -> None:
        """Lower the upper bound, where somebody else who shares the limiter asks for less."""
        with self._lock:
            self._per_minute = max(1, min(self._per_minute, requests_per_minute))
            self._ceiling = min(self._ceiling, self._per_minute)

    def window_left(self) -> float:
        """Return the seconds until our oldest request leaves the window; else a whole window."""
        with self._lock:
            now = self._clock()
            self._forget(now)
            return self._answered[0] + self._window - now if self._answered else self._window

    def _pause(self, share: float) -> float:
        now = self._clock()
        if now < self._blocked_until:
            return self._blocked_until - now
        self._forget(now)
        used = len(self._answered) + self._in_flight
        within_ours = used < max(1, int(self._ceiling * share))
        limit = None if self._limit is None else max(1, int(self._limit * share))
        if within_ours and (limit is None or used + self._by_others < limit):
            return 0.0
        if self._probing:
            return _PROBE_INTERVAL
        soonest = self._answered[0] + self._window - now if self._answered else self._window
        if within_ours and self._by_others:
            if now >= self._reset_at:
                self._probing = True
                return 0.0
            soonest = min(soonest, self._reset_at - now)
        return max(soonest, _PROBE_INTERVAL)

    def _forget(self, now: float) -> None:
        while self._answered and self._answered[0] + self._window <= now:
            self._answered.popleft()


_limiters: dict[tuple[str, str], Limiter] = {}
_limiters_lock = threading.Lock()


def shared_limiter(base_url: str, requests_per_minute: int, token_digest: str) -> Limiter:
    """Return the process's one limiter for a token (named by its digest) at a server.

    Where several settings of `requests_per_minute` meet, the lowest counts.
    """
    with _limiters_lock:
        limiter = _limiters.setdefault((base_url, token_digest), Limiter(requests_per_minute))
        limiter.restrict(requests_per_minute)
        return limiter
