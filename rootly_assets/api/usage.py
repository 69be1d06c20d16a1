"""Counts of what reading has cost."""

import msgspec


class Usage(msgspec.Struct, kw_only=True):
    """What was spent, for one list or for a client.

    Attributes:
        requests: HTTP requests sent, retries included.
        bytes: bytes of bodies received, decompressed.
        retries: requests sent again after a failure or a 429.
        seconds_waited: seconds spent waiting for the rate limit or between retries.
        rate_limit_left: requests left in the window, as the server last said; None before that.
    """

    requests: int = 0
    bytes: int = 0
    retries: int = 0
    seconds_waited: float = 0.0
    rate_limit_left: int | None = None

    def add(self, other: "Usage") -> None:
        """Count what another reading has cost too."""
        self.requests += other.requests
        self.bytes += other.bytes
        self.retries += other.retries
        self.seconds_waited += other.seconds_waited
        if other.rate_limit_left is not None:
            self.rate_limit_left = other.rate_limit_left
