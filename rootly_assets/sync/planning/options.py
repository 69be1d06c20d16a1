"""What a run asks for, and the settings by which it decides how much to read."""

from datetime import datetime, timedelta

import msgspec


class SyncOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a run may ask for instead of the usual.

    Attributes:
        full_refresh: read every list from end to end, whatever is there.
        sweep: look for what is gone without a sign: after the usual read, lists that are read by what changed
            are paged through from end to end, and children of parents that did not change are asked for again.
        since, until: read what changed (or was created, or takes place) in this span again, from the beginning
            or up to now where one is missing; a span is a repair: it moves no watermark
            but that of lists that are read whole for it.
        overlap: how far behind the watermark an incremental read begins, for rows that the server commits
            late and for clocks that differ.
        lookback: how far back rows of an append-only list are read again, for rows that are entered late.
        child_lookback: how far back records are read again whose children come along with them, for children
            that came or changed without a sign from their record.
        link_lookback: the same where only links come along: who is paged by an alert, or answers it, joins it
            within minutes.
        rows_at_once: how many rows of a list are committed at most at a time where it is read from end to end;
            a longer list is read newest first.
        bytes_at_once: the same in bytes, since they decide how much memory a load needs.
        parents_at_once: below how many records the first read of a nested list goes at most before it commits.
        trailing, leading: how much of the past and the future of a window list changes by overrides and swaps.
        history: how far back the first read of a window list goes, and one up to a time.
        sweep_children: how far back a sweep brings along the children of records; older records come alone.
        parents_a_night: most parents that did not change, of one nested list, whose children a sweep asks for.
        most_nights: in how many sweeps it is each parent's turn, even if that makes more of them a night.
    """

    full_refresh: bool = False
    sweep: bool = False
    since: datetime | None = None
    until: datetime | None = None
    overlap: timedelta = timedelta(minutes=10)
    lookback: timedelta = timedelta(days=7)
    child_lookback: timedelta = timedelta(days=1)
    link_lookback: timedelta = timedelta(hours=1)
    rows_at_once: int = 50_000
    bytes_at_once: int = 200_000_000
    parents_at_once: int = 1_000
    trailing: timedelta = timedelta(days=35)
    leading: timedelta = timedelta(days=92)
    history: timedelta = timedelta(days=400)
    sweep_children: timedelta = timedelta(days=35)
    parents_a_night: int = 500
    most_nights: int = 28

    @property
    def asks_for_a_span(self) -> bool:
        """Whether a span of time is to be read again."""
        return self.since is not None or self.until is not None
