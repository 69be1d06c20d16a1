"""Decides which shifts to read this time: in pieces that the API allows."""

from datetime import datetime, timedelta

from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.planning.plan import Plan, Read, Window, as_text
from rootly_assets.sync.state import TableState

# The API answers 422 to longer spans of shifts ("2 months").
LONGEST_WINDOW = timedelta(days=56)


def shifts(state: TableState, options: SyncOptions, now: datetime) -> Plan:
    """Those of a trailing and a leading window, or the whole history, or the span that is asked for."""
    watermark = None if options.full_refresh or state.begins(now) else state.watermark
    if watermark is None or options.until is not None:
        # Up to a time means all that is before it, as far back as a first read goes.
        usual = min(now, options.until or now) - options.history
    else:
        # After a long pause the trailing window reaches back to where the last one ended.
        usual = watermark - options.trailing
    start = (options.since or usual).replace(microsecond=0)
    end = (options.until or max(now, start) + options.leading).replace(microsecond=0)
    reads: list[Read] = []
    left = start
    while left < end:
        right = min(left + LONGEST_WINDOW, end)
        reads.append(Read(params={"from": as_text(left), "to": as_text(right)}))
        left = right
    return Plan(
        reads=tuple(reads),
        window=Window(start=start, end=end),
        moves_watermark=not options.asks_for_a_span,
        why=f"shifts from {start:%Y-%m-%d} to {end:%Y-%m-%d}",
    )
