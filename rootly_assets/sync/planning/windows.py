"""Long lists in windows of time, newest rows first: their first read, committed window by window, and sweeps.

So the last weeks are there in a minute, and what is interrupted goes on where it was.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from rootly_assets.sync.batch import Placed
from rootly_assets.sync.planning.plan import BEGINNING, Plan, Window, created_between

FIRST_SPAN = timedelta(days=14)
MOST_GROWTH = 16.0
# The weeks of a history are in so many shares, one of which has its turn in a sweep. A prime: whether there is
# one each night or each week, in so many sweeps every share has had its turn.
SHARES = 29
WEEK = timedelta(days=7)
# So many records further on, a page that has those between too is cheaper than a request of its own.
READ_ON = 25


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Rows created in a span of time.

    Attributes:
        start: the first instant in it; None for "whatever is older".
        end: the first instant after it; None for the newest window, which has no end.
    """

    start: datetime | None
    end: datetime | None


class Backwards:
    """Chooses the windows: each as long as makes about so many rows, judging from the one before.

    Args:
        now: the present by the server's clock.
        back_to: where an interrupted first read goes on; None to begin.
        left: how many rows there are before that; None where the list doesn't say.
        oldest: when its first row was created, as far as it is known.
        rows_at_once, bytes_at_once: how much a window should have at most.
    """

    def __init__(
        self,
        now: datetime,
        back_to: datetime | None,
        left: int | None,
        *,
        rows_at_once: int,
        bytes_at_once: int,
        oldest: datetime | None = None,
    ) -> None:
        self._now = now
        self._edge = back_to
        self._left = left
        self._most_rows = rows_at_once
        self._most_bytes = bytes_at_once
        self._rows_at_once = rows_at_once  # until it is known how large a row is
        self._beginning = max(BEGINNING, oldest or BEGINNING)
        self._span = FIRST_SPAN

    def next(self) -> Span:
        """The window to read now; the one whose `start` is None is the last."""
        end = self._edge or self._now
        # Whole seconds: Rootly compares times in full, but shows them to the millisecond or second.
        start = (end - self._span).replace(microsecond=0)
        few_left = self._left is not None and self._left <= self._rows_at_once
        # A row that claims to be older than the beginning comes with the last window, which has no start.
        is_last = few_left or start < self._beginning
        return Span(start=None if is_last else start, end=self._edge)

    def advance(self, span: Span, rows: int, size: int) -> None:
        """Note how many rows of the list a span had, and how many bytes."""
        if rows and size:
            fitting = self._most_bytes * rows // size
            self._rows_at_once = max(1, min(self._most_rows, fitting))
        self._edge = span.start
        if self._left is not None:
            self._left -= rows
        growth = self._rows_at_once / max(rows, 1)
        self._span *= min(max(growth, 1 / MOST_GROWTH), MOST_GROWTH)


def of_span(span: Span) -> Plan:
    """What is read of a window of a first read."""
    return Plan(
        reads=(created_between(span.start, span.end),),
        why="first read, newest first",
    )


def again(planned: Plan, span: Span) -> Plan:
    """The part of what is read once more that lies in a window; with the oldest one all has been read."""
    within = created_between(span.start, span.end).params
    return msgspec.structs.replace(
        planned,
        reads=tuple(
            msgspec.structs.replace(read, params={**read.params, **within})
            for read in planned.reads
        ),
        sees_all=False,
        window=Window(start=span.start, end=span.end, created=True) if planned.sees_all else None,
        moves_watermark=planned.moves_watermark and span.start is None,
        why=f"{planned.why}, newest first",
    )


def swept(span: Span) -> Plan:
    """What a sweep reads of a window: a record that was created in it and does not come is gone."""
    return Plan(
        reads=(created_between(span.start, span.end),),
        window=Window(start=span.start, end=span.end, created=True),
        moves_watermark=False,
        unhurried=True,
        why="swept",
    )


def weeks_in_turn(oldest: datetime, edge: datetime, now: datetime) -> Iterator[Span]:
    """The weeks whose turn it is today, newest first.

    Args:
        oldest: when the first record was created, as far as it is known.
        edge: no week is later than that.
        now: the present by the server's clock.
    """
    turn = (now - BEGINNING) // timedelta(days=1) % SHARES
    for week in reversed(range((oldest - BEGINNING) // WEEK, (edge - BEGINNING) // WEEK + 1)):
        if week % SHARES == turn:
            start = BEGINNING + week * WEEK
            yield Span(start=start, end=min(start + WEEK, edge))


def in_turn(weeks: Sequence[Span]) -> Plan:
    """What a sweep reads of older weeks: their records with what comes along."""
    return Plan(
        reads=tuple(created_between(week.start, week.end) for week in weeks),
        moves_watermark=False,
        unhurried=True,
        why="swept, with what comes along",
    )


def around(created: Placed) -> Plan:
    """What is read of records that are known by when they were created, to the second or so."""
    second = timedelta(seconds=1)
    spans: list[tuple[datetime, datetime]] = []
    before = 0
    for moment, place in created:
        each = moment.replace(microsecond=0)
        start, end = each - second, each + 2 * second
        if spans and (start <= spans[-1][1] or place - before <= READ_ON):
            start, _ = spans.pop()
        spans.append((start, end))
        before = place
    return Plan(
        reads=tuple(created_between(start, end) for start, end in spans),
        moves_watermark=False,
        unhurried=True,
        why="those that appeared or had changed in a sweep",
    )
