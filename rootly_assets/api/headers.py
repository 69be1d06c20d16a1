"""Reads rate limits and times from the server's headers, in every spelling met so far."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from rootly_assets.api.page import RateLimit

_NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?)")
_WINDOW = re.compile(r"window=(\d+(?:\.\d+)?)")
# Seconds since 1970 are far above this, seconds from now far below; RFC drafts have meant either.
_SMALLEST_EPOCH = 1_000_000_000
_SMALLEST_EPOCH_IN_MILLISECONDS = 1_000_000_000_000


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """Return the `Date` header (UTC), None where there is none that can be read."""
    return _http_date(headers.get("Date", ""))


def rate_limit(headers: Mapping[str, str], *, now: float) -> RateLimit:
    """Return what `X-RateLimit-*` or `RateLimit-*` say.

    Args:
        headers: of the answer, whatever their case.
        now: our own time in seconds since 1970, used where the server does not tell its own.
    """
    limit_text = _either(headers, "Limit")
    limit, remaining, reset = (
        _number(limit_text),
        _number(_either(headers, "Remaining")),
        _number(_either(headers, "Reset")),
    )
    window = _WINDOW.search(limit_text)
    if reset is not None:
        reset = _seconds_from_now(reset, headers, now)
    return RateLimit(
        limit=None if limit is None else int(limit),
        remaining=None if remaining is None else int(remaining),
        reset=reset,
        window=max(float(window[1]), 0.001) if window else 60.0,
    )


def retry_after(headers: Mapping[str, str], *, now: float) -> float | None:
    """Return the seconds that `Retry-After` asks for (RFC 9110, section 10.2.3), if any."""
    text = headers.get("Retry-After", "")
    seconds = _number(text)
    if seconds is not None:
        return max(0.0, seconds)
    moment = _http_date(text)
    if moment is None:
        return None
    return max(0.0, moment.timestamp() - _servers_now(headers, now))


def _either(headers: Mapping[str, str], name: str) -> str:
    return headers.get(f"X-RateLimit-{name}") or headers.get(f"RateLimit-{name}") or ""


def _number(text: str) -> float | None:
    found = _NUMBER.match(text)
    return float(found[1]) if found else None


def _seconds_from_now(reset: float, headers: Mapping[str, str], now: float) -> float:
    if reset >= _SMALLEST_EPOCH_IN_MILLISECONDS:
        reset /= 1000
    if reset < _SMALLEST_EPOCH:
        return max(0.0, reset)
    return max(0.0, reset - _servers_now(headers, now))


def _servers_now(headers: Mapping[str, str], now: float) -> float:
    # The server's clock and ours may differ by minutes; its own answers fit together.
    moment = server_time(headers)
    return moment.timestamp() if moment else now


def _http_date(text: str) -> datetime | None:
    if not text or text.strip().isdigit():
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
