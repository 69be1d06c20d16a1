"""How long to wait before asking again."""

import random
from collections.abc import Callable


def backoff(
    attempt: int, *, base: float, limit: float, jitter: Callable[[], float] = random.random
) -> float:
    """Return the seconds to wait before a retry: exponential, half of it jittered.

    Args:
        attempt: retries made so far.
        base: seconds before the first retry, at most.
        limit: the longest pause.
        jitter: a number in [0, 1), so that clients that failed together don't come back together.
    """
    whole = min(limit, base * 2 ** min(attempt, 30))
    return whole * (0.5 + jitter() / 2)
