"""Reads the lists of a group into landing files, as planned, and says what it took.

What belongs together comes as one part: most lists in a single one, long lists at their first read in several.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import chain

import msgspec

from rootly_assets.api import (
    BrokenBody,
    Extent,
    NotFound,
    Rejected,
    Unavailable,
    Usage,
)
from rootly_assets.catalogue import Endpoint, Strategy
from rootly_assets.sync.batch import Batch, Placed
from rootly_assets.sync.landing import LandingArea
from rootly_assets.sync.part import Part, Reading, Run
from rootly_assets.sync.planning.groups import Group
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.planning.parents import Parents
from rootly_assets.sync.planning.plan import (
    BEGINNING,
    CHANGE_FILTERS,
    Plan,
    Read,
    can_go_backwards,
    changed_since,
    created_between,
    plan,
    whole,
)
from rootly_assets.sync.planning.windows import FIRST_SPAN, Backwards, Span, around, of_span, swept
from rootly_assets.sync.reading.batches import batches_of
from rootly_assets.sync.reading.extract import Extract, TooLong
from rootly_assets.sync.reading.latest import NotByChange
from rootly_assets.sync.reading.own_paths import read_own_paths
from rootly_assets.sync.reading.paging import read_pages
from rootly_assets.sync.reading.refused_includes import REFUSALS, refused_includes, still_refused
from rootly_assets.sync.reading.requester import Requester
from rootly_assets.sync.reading.single_records import read_single_records
from rootly_assets.sync.state import TableState, common


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
        self._group = group
        self._states = {
            each.table: states.get(each.table, TableState(table_name=each.table))
            for each in group.members
        }
        self._state = common(list(self._states.values()))
        self._options = options
        self._area = area
        self._run = run
        self._parents = parents
        self._included = group.included
        self._cursor = (parents.swept_to if parents else None) or self._state.cursor
        self._left: dict[str, Exception] = {}
        coming = (self._states[each.table].unread_parents for each in self._included)
        self._unread = sorted({*chain.from_iterable(coming)})

    def parts(self) -> Iterator[Part]:
        """Read everything that the plan asks for; each part still has to be loaded.

        Raises:
            RootlyError: where a list can't be read completely; what was not given yet is worth nothing then.
            SyncError: where a landing file can't be written.
        """
        carrier = self._group.carrier
        if not self._asks_for_something_special():
            self._leave_behind()
        state = self._state
        if self._parents is not None and self._parents.pieces:
            yield from self._below_pieces(self._parents)
        elif not can_go_backwards(carrier) or self._asks_for_something_special():
            usual = self._since()
            yield usual
            if usual.sees_all and any(reading.doubtful for _, reading in usual.batches):
                # Of what is in doubt nothing was marked; what is below deleted records still is.
                yield self._of_those_gone()
        elif state.watermark is None:
            yield from self._first()
        else:
            usual = self._since()
            yield usual
            if state.back_to is not None and not usual.sees_all:
                older = created_between(None, state.back_to).params
                yield from self._backwards(self._requester.extent(carrier, older))
            elif self._options.sweep and not usual.sees_all and self._can_be_swept():
                yield from self._sweep()

    def _below_pieces(self, parents: Parents) -> Iterator[Part]:
        """The first read of a list below many records, or what is left of it, after what changed."""
        if self._state.loaded_at is not None:
            yield self._since()
        answers = self._state.loaded_at is not None
        for piece in parents.pieces:
            planned = Plan(
                reads=tuple(Read(parent=each) for each in piece.ids),
                parents=piece.ids,
                why=f"first read, newest parents first: below {len(piece.ids)}",
            )
            yield self._part(planned, span=Span(start=piece.back_to, end=None), answers=answers)
            answers = True

    def _leave_behind(self) -> None:
        """Leave out what did not come along until now and still does not: the others don't wait for it.

        As soon as it comes, all of them go back to where it was left.
        """
        read = [each.watermark for each in self._states.values() if each.watermark is not None]
        behind = [
            each
            for each in self._included
            if read and (self._states[each.table].watermark or BEGINNING) < max(read)
        ]
        if not behind:
            return
        ask = partial(still_refused, self._requester, self._group.carrier, behind)
        self._leave(self._requester.pool.call(ask))
        coming = [state for table, state in self._states.items() if table not in self._left]
        self._state = common(coming) if coming else self._state

    def _first(self) -> Iterator[Part]:
        """All of a list that was never read, in pieces where it is long."""
        if self._group.carrier.strategy is Strategy.STREAM:
            # A feed does not count its rows: it is judged by its age, which takes a request.
            extent = self._requester.extent(self._group.carrier, {})
            if extent.oldest is not None and extent.oldest < self._run.began - FIRST_SPAN:
                yield from self._backwards(extent)
            else:
                yield self._since()
            return
        try:
            everything = self._since(at_once=True)
        except TooLong as too:
            yield from self._backwards(Extent(count=too.rows, oldest=None))
        else:
            yield everything

    def _asks_for_something_special(self) -> bool:
        return self._options.full_refresh or self._options.asks_for_a_span

    def _can_be_swept(self) -> bool:
        carrier = self._group.carrier
        return carrier.strategy is Strategy.SINCE and carrier in self._group.members

    def _since(self, *, at_once: bool = False) -> Part:
        """What the plan asks for.

        Raises:
            TooLong: where `at_once` is meant, and there is more than that.
        """
        planned = plan(
            self._group.carrier,
            self._state,
            self._options,
            self._run.began,
            self._parents,
            with_children=any(each.links_to is None for each in self._included),
            with_links=bool(self._included),
        )
        cursor = self._state.cursor
        try:
            return self._part(planned, at_once=at_once)
        except NotByChange as why:
            return self._part(whole(f"whole list: {why}"))
        except (Rejected, NotFound):
            if any(each.until for each in planned.reads):
                return self._part(whole("whole list: it can't be sorted by change"))
            if cursor is None or not any(each.after for each in planned.reads):
                raise
            watermark = self._state.watermark
            if watermark is None:
                raise
        # The cursor is no longer accepted: the feed goes on from the time it stood for.
        attribute = CHANGE_FILTERS[Strategy.STREAM]
        return self._part(changed_since(attribute, watermark - self._options.overlap))

    def _backwards(self, extent: Extent) -> Iterator[Part]:
        """The first read of a long list, or what is left of it."""
        began = self._state.watermark or self._run.began
        spans = self._spans(began, self._state.back_to, extent)
        while True:
            span = spans.next()
            part = self._part(of_span(span), span=span)
            spans.advance(span, part.rows, part.size)
            yield part
            if span.start is None:
                return

    def _sweep(self) -> Iterator[Part]:
        """Every record from end to end: what does not come is gone.

        Children come along with the newer ones. The older ones come alone, which is cheap, and are read once
        more where they are not in the table, or had changed without anybody having seen it.
        """
        edge = self._run.began - self._options.sweep_children
        yield self._part(swept(Span(start=edge, end=None)))
        older = self._requester.extent(self._group.carrier, created_between(None, edge).params)
        spans = self._spans(self._run.began, edge, older)
        span = Span(start=edge, end=None)
        while span.start is not None:
            span = spans.next()
            part = self._part(swept(span), alone=True)
            spans.advance(span, part.rows, part.size)
            yield part
        yield self._of_those_gone()

    def appeared(self, created: Iterable[Placed]) -> Iterator[Part]:
        """Records that came alone in a sweep, and that the table has not as they are: with what comes along.

        Args:
            created: when they were created, for each part of the sweep that had any.

        Raises:
            RootlyError: where they can't be read completely.
            SyncError: where a landing file can't be written.
        """
        for each in created:
            part = self._part(around(each))
            yield msgspec.structs.replace(part, batches=part.batches[::-1], together=True)

    def all_of_it(self) -> Iterator[Part]:
        """The whole list, since what changed does not account for the rows that it has.

        Raises:
            RootlyError: where it can't be read completely.
            SyncError: where a landing file can't be written.
        """
        yield self._part(whole("the whole list, which had another number of rows than the table"))

    def _spans(self, now: datetime, back_to: datetime | None, extent: Extent) -> Backwards:
        return Backwards(
            now,
            back_to,
            extent.count,
            rows_at_once=self._options.rows_at_once,
            bytes_at_once=self._options.bytes_at_once,
            oldest=extent.oldest,
        )

    def _of_those_gone(self) -> Part:
        """No rows: children and links of the records that the sweep found to be gone."""
        batches: list[tuple[Batch, Reading]] = []
        for endpoint in self._included:
            landing = self._area.file(endpoint.table)
            landing.close()
            batch = Batch(
                endpoint=endpoint,
                landing=landing,
                sees_all=False,
                state=self._states[endpoint.table],
            )
            reading = Reading(why="", usage=Usage(), seconds=0, total_count=0)
            batches.append((batch, reading))
        return Part(batches=tuple(batches), rows=0, size=0, left={}, of_those_gone=True)

    def _part(
        self,
        planned: Plan,
        *,
        span: Span | None = None,
        alone: bool = False,
        at_once: bool = False,
        answers: bool = False,
    ) -> Part:
        """Read, and cut the includes down to what the server can give.

        Args:
            planned: what to read.
            span: which window of a first read this is, if it is one.
            alone: whether nothing comes along this time.
            at_once: whether the list is to be left where it is long.
            answers: whether the list was given below other records: a refusal is then of this record alone.

        Raises:
            TooLong: where `at_once` is set, and the first page says that the list is long.
        """
        began = time.monotonic()
        while True:
            if not self._included and self._group.carrier not in self._group.members:
                # Nothing comes along of what the pages were to be read for.
                return Part(batches=(), rows=0, size=0, left=dict(self._left))
            most = self._options if at_once else None
            included = () if alone else self._included
            extract = Extract(self._group, included, self._area, planned, most)
            if answers:
                extract.unanswered.note_answer()
            try:
                read_pages(self._requester, self._group.carrier, extract, self._run.began)
                if extract.included:
                    read_single_records(self._requester, self._group.carrier, extract, self._unread)
                break
            except (TooLong, NotByChange):
                extract.discard()
                raise
            except (*REFUSALS, Unavailable, BrokenBody) as error:
                extract.discard()
                find = partial(
                    refused_includes, self._requester, self._group.carrier, error, extract
                )
                refused = self._requester.pool.call(find)
                if not refused:
                    raise
                self._leave(refused)
        if extract.included:
            self._unread = []
        failed = read_own_paths(self._requester, extract, self._unread_below)
        extract.close()
        self._cursor = extract.cursor or self._cursor
        batches = batches_of(
            self._group,
            extract,
            failed,
            lambda endpoint: self._state_after(endpoint, extract, span),
            usage=self._requester.take_usage(),
            seconds=time.monotonic() - began,
            only_marks=alone,
            is_new=span is not None,
            is_counted=self._state.back_to is None,
        )
        return Part(
            batches=tuple(batches),
            left=dict(self._left),
            failed=failed,
            rows=extract.rows,
            size=sum(each.size for each in extract.landings.values()),
            sees_all=extract.planned.sees_all,
            back_to=span.start if span else None,
        )

    def _unread_below(self, table: str) -> tuple[str, ...]:
        return self._states[table].unread_parents

    def _leave(self, tables: Mapping[str, Exception]) -> None:
        self._left.update(tables)
        self._included = tuple(each for each in self._included if each.table not in self._left)

    def _state_after(self, endpoint: Endpoint, extract: Extract, span: Span | None) -> TableState:
        planned = extract.planned
        before, now = self._states[endpoint.table], self._run.began
        unread = " ".join(extract.unread(endpoint, self._unread_below(endpoint.table))) or None
        if not planned.moves_watermark:
            self._states[endpoint.table] = msgspec.structs.replace(
                before, loaded_at=self._run.at, run_id=self._run.id, unread=unread
            )
            return self._states[endpoint.table]
        in_pieces = span is not None or (self._state.back_to is not None and not planned.sees_all)
        back_to = span.start if span is not None else self._state.back_to
        is_whole = planned.sees_all or (span is not None and span.start is None)
        after = TableState(
            table_name=before.table_name,
            watermark=now,
            cursor=self._cursor or before.cursor,
            back_to=back_to if in_pieces else None,
            synced_at=now,
            whole_at=now if is_whole else before.whole_at,
            loaded_at=self._run.at,
            run_id=self._run.id,
            unread=unread,
        )
        self._states[endpoint.table] = after
        return after
