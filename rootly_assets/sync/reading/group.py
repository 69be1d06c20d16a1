"""Reads the lists of a group, as planned, in parts that can be committed one by one.

What belongs together comes as one part: most lists in a single one, long lists in windows of time, the newest
first, when they are read for the first time, or once more from end to end.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from rootly_assets.api import BrokenBody, Extent, IncompleteRead, NotFound, Rejected, Unavailable
from rootly_assets.catalogue import Strategy
from rootly_assets.sync.batch import Placed
from rootly_assets.sync.landing import LandingArea
from rootly_assets.sync.part import Part, Run
from rootly_assets.sync.planning.groups import Group
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.planning.parents import Parents
from rootly_assets.sync.planning.plan import BEGINNING, EPOCH, Plan, Read, created_between, whole
from rootly_assets.sync.planning.strategies import can_go_backwards, instead, plan
from rootly_assets.sync.planning.windows import (
    FIRST_SPAN,
    Backwards,
    Span,
    again,
    around,
    in_turn,
    of_span,
    swept,
    weeks_in_turn,
)
from rootly_assets.sync.reading.extract import TooLong
from rootly_assets.sync.reading.latest import NotByChange
from rootly_assets.sync.reading.part_reader import PartReader
from rootly_assets.sync.reading.requester import Requester
from rootly_assets.sync.state import TableState

# What a list says, or does not, of which the same rows may be had in another way.
WITHOUT_ANSWER = (Rejected, NotFound, Unavailable, BrokenBody, IncompleteRead)

_Windows = Callable[[Plan, Extent], Iterator[Part]]


class GroupReader:
    """Reads one group.

    Args:
        requester: makes the requests of this group.
        group: the lists.
        states: how far each table has been read.
        options: what the run asks for.
        area: takes the landing files.
        run: the run that this is part of.
        parents: for nested lists: the records whose lists are read.
    """

    def __init__(
        self,
        requester: Requester,
        group: Group,
        states: Mapping[str, TableState],
        options: SyncOptions,
        area: LandingArea,
        run: Run,
        parents: Parents | None = None,
    ) -> None:
        self._requester = requester
        self._carrier = group.carrier
        self._members = group.members
        self._options = options
        self._run = run
        self._parents = parents
        cursor = parents.swept_to if parents else None
        self._part = PartReader(requester, group, states, options, area, run, cursor)

    def parts(self) -> Iterator[Part]:
        """Read everything that the plan asks for; each part still has to be loaded.

        Raises:
            RootlyError: where a list can't be read completely; what was not given yet is worth nothing then.
            SyncError: where a landing file can't be written.
        """
        asks_for_a_span = self._options.asks_for_a_span
        if not (self._options.full_refresh or asks_for_a_span):
            self._part.leave_behind()
        planned = self._planned()
        if self._parents is not None and self._parents.pieces:
            yield from self._below_pieces(planned, self._parents)
        elif not can_go_backwards(self._carrier):
            yield from self._in_one(self._part.read(planned))
        elif self._part.state.watermark is None and not asks_for_a_span:
            yield from self._in_windows(planned, self._first)
        elif planned.sees_all or asks_for_a_span:
            yield from self._in_windows(planned, self._again)
        else:
            yield from self._changes(planned)

    def appeared(self, created: Iterable[Placed]) -> Iterator[Part]:
        """Records that came alone in a sweep, and that the table has not as they are: with what comes along.

        Args:
            created: when they were created, for each part of the sweep that had any.

        Raises:
            RootlyError: where they can't be read completely.
            SyncError: where a landing file can't be written.
        """
        for each in created:
            part = self._part.read(around(each))
            yield msgspec.structs.replace(part, batches=part.batches[::-1], together=True)

    def all_of_it(self) -> Iterator[Part]:
        """The whole list, since what changed does not account for the rows that it has.

        Raises:
            RootlyError: where it can't be read completely.
            SyncError: where a landing file can't be written.
        """
        planned = whole("the whole list, which had another number of rows than the table")
        yield from self._in_windows(planned, self._again)

    def _planned(self) -> Plan:
        included = self._part.included
        return plan(
            self._carrier,
            self._part.state,
            self._options,
            self._run.began,
            self._parents,
            with_children=any(each.links_to is None for each in included),
            with_links=bool(included),
        )

    def _below_pieces(self, planned: Plan, parents: Parents) -> Iterator[Part]:
        """The first read of a list below many records, or what is left of it, after what changed."""
        answers = self._part.state.loaded_at is not None
        if answers:
            yield self._part.read(planned)
        for piece in parents.pieces:
            below = Plan(
                reads=tuple(Read(parent=each) for each in piece.ids),
                parents=piece.ids,
                why="first read, newest parents first",
            )
            span = Span(start=piece.back_to, end=None)
            yield self._part.read(below, span=span, answers=answers)
            answers = True

    def _changes(self, planned: Plan) -> Iterator[Part]:
        """What changed since; then what is left of a first read, or a sweep where one is asked for."""
        state = self._part.state
        try:
            usual = self._part.read(planned)
        except (NotByChange, *WITHOUT_ANSWER) as error:
            other = self._instead(planned, state, error)
            if other is None:
                raise
            if planned.reads_latest:
                yield from self._in_windows(other, self._again)
            else:
                yield self._part.read(other)
            sees_all = other.sees_all
        else:
            yield usual
            sees_all = usual.sees_all
        if sees_all:
            return
        if state.back_to is not None:
            older = created_between(None, state.back_to).params
            yield from self._first(planned, self._requester.extent(self._carrier, older))
        elif self._options.sweep and self._can_be_swept():
            yield from self._sweep()

    def _instead(self, planned: Plan, state: TableState, error: Exception) -> Plan | None:
        """What to read where what changed was not to be had."""
        refuses = isinstance(error, Rejected | NotFound)
        if isinstance(error, NotByChange):
            why = str(error)
        elif refuses or planned.reads_latest:
            why = "it refuses such a request" if refuses else "it does not answer such a request"
        else:
            return None
        return instead(planned, state, self._options, why)

    def _in_one(self, everything: Part) -> Iterator[Part]:
        """Everything that was asked for."""
        yield everything
        if everything.sees_all and any(reading.doubtful for _, reading in everything.batches):
            # Of what is in doubt nothing was marked; what is below deleted records still is.
            yield self._part.of_those_gone()

    def _in_windows(self, planned: Plan, windows: _Windows) -> Iterator[Part]:
        """Everything that was asked for: at once, or in windows where it is long."""
        if self._carrier.strategy is Strategy.STREAM:
            # A feed does not count its rows: it is judged by its age, which takes a request.
            extent = self._requester.extent(self._carrier, planned.reads[0].params)
            is_long = extent.oldest is not None and extent.oldest < self._run.began - FIRST_SPAN
            yield from windows(planned, extent) if is_long else [self._part.read(planned)]
            return
        try:
            everything = self._part.read(planned, at_once=True)
        except TooLong as too:
            if self._all_have_a_time(planned, too.rows):
                yield from windows(planned, Extent(count=too.rows, oldest=None))
                return
            everything = self._part.read(planned)
        yield from self._in_one(everything)

    def _all_have_a_time(self, planned: Plan, rows: int) -> bool:
        """Whether every row says when it was created, and so lies in one of the windows."""
        params = planned.reads[0].params
        at_any_time = created_between(EPOCH, None).params
        with_a_time = self._requester.extent(self._carrier, {**at_any_time, **params}).count
        if with_a_time is None or with_a_time >= rows:
            return True
        # Some may be gone since the first page came.
        left = self._requester.extent(self._carrier, params).count
        return left is not None and with_a_time >= left

    def _first(self, _: Plan, extent: Extent) -> Iterator[Part]:
        """The first read of a long list, or what is left of it."""
        state = self._part.state
        spans = self._spans(state.watermark or self._run.began, state.back_to, extent)
        while True:
            span = spans.next()
            part = self._part.read(of_span(span), span=span)
            spans.advance(span, part.rows, part.size)
            yield part
            if span.start is None:
                return

    def _again(self, planned: Plan, extent: Extent) -> Iterator[Part]:
        """A long list that has been read before, or the span of it that was asked for."""
        began, options = self._run.began, self._options
        if (
            options.since is not None
            and not planned.sees_all
            and self._carrier.strategy is not Strategy.SINCE
        ):
            # What changed in a span may be older than it; what was created in it is not.
            extent = Extent(count=extent.count, oldest=extent.oldest or options.since)
        newest = began if planned.sees_all else min(options.until or began, began)
        spans = self._spans(newest, None, extent)
        while True:
            span = spans.next()
            part = self._part.read(again(planned, span), span=span, is_new=False)
            spans.advance(span, part.rows, part.size)
            yield part
            if span.start is None:
                break
        if planned.sees_all:
            yield self._part.of_those_gone()

    def _can_be_swept(self) -> bool:
        return self._carrier.strategy is Strategy.SINCE and self._carrier in self._members

    def _sweep(self) -> Iterator[Part]:
        """Every record from end to end: what does not come is gone.

        Children come along with the newer ones. The older ones come alone, which is cheap, and are read once
        more where they are not in the table, or had changed without anybody having seen it, or it is the turn
        of the week in which they were created.
        """
        edge = self._run.began - self._options.sweep_children
        yield self._part.read(swept(Span(start=edge, end=None)))
        older = self._requester.extent(self._carrier, created_between(None, edge).params)
        spans = self._spans(self._run.began, edge, older)
        span = Span(start=edge, end=None)
        while span.start is not None:
            span = spans.next()
            part = self._part.read(swept(span), alone=True)
            spans.advance(span, part.rows, part.size)
            yield part
        if self._part.included and older.count != 0:
            weeks = tuple(weeks_in_turn(older.oldest or BEGINNING, edge, self._run.began))
            # What would fit at once as a whole does so in its share.
            is_short = older.count is not None and older.count <= self._options.rows_at_once
            for some in [weeks] if is_short else [(week,) for week in weeks]:
                yield self._part.read(in_turn(some))
        yield self._part.of_those_gone()

    def _spans(self, now: datetime, back_to: datetime | None, extent: Extent) -> Backwards:
        return Backwards(
            now,
            back_to,
            extent.count,
            rows_at_once=self._options.rows_at_once,
            bytes_at_once=self._options.bytes_at_once,
            oldest=extent.oldest,
        )
