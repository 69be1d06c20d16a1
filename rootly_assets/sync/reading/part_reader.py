"""Reads one part of what a group is to be read: pages into landing files, as planned, and what it took.

Between two parts it remembers what the lists have said: which includes are refused, where a feed goes on, and
how far each table has been read.
"""

import time
from collections.abc import Mapping
from functools import partial
from itertools import chain

import msgspec

from rootly_assets.api import BrokenBody, Unavailable, Usage
from rootly_assets.catalogue import Endpoint, Strategy
from rootly_assets.sync.batch import Batch
from rootly_assets.sync.landing import LandingArea
from rootly_assets.sync.part import Part, Reading, Run
from rootly_assets.sync.planning.groups import Group
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.planning.plan import BEGINNING, Plan
from rootly_assets.sync.planning.windows import Span
from rootly_assets.sync.reading.batches import batches_of
from rootly_assets.sync.reading.extract import Extract, TooLong
from rootly_assets.sync.reading.latest import NotByChange
from rootly_assets.sync.reading.own_paths import read_own_paths
from rootly_assets.sync.reading.paging import read_pages
from rootly_assets.sync.reading.refused_includes import REFUSALS, refused_includes, still_refused
from rootly_assets.sync.reading.requester import Requester
from rootly_assets.sync.reading.single_records import read_single_records
from rootly_assets.sync.state import TableState, common


class PartReader:
    """Reads parts of one group.

    Args:
        requester: makes the requests of this group.
        group: the lists.
        states: how far each table has been read.
        options: what the run asks for.
        area: takes the landing files.
        run: the run that this is part of.
        cursor: what a table remembers of it, where the state does not say.

    Attributes:
        state: how far all tables that come have been read.
        included: the lists that come along.
    """

    def __init__(
        self,
        requester: Requester,
        group: Group,
        states: Mapping[str, TableState],
        options: SyncOptions,
        area: LandingArea,
        run: Run,
        cursor: str | None,
    ) -> None:
        self._requester = requester
        self._group = group
        self._states = {
            each.table: states.get(each.table, TableState(table_name=each.table))
            for each in group.members
        }
        self.state = common(list(self._states.values()))
        self._options = options
        self._area = area
        self._run = run
        self.included = group.included
        self._cursor = cursor or self.state.cursor
        self._left: dict[str, Exception] = {}
        self._doubtful: set[str] = set()  # tables of which not all rows may have come in this run
        coming = (self._states[each.table].unread_parents for each in self.included)
        self._unread = sorted({*chain.from_iterable(coming)})

    def leave_behind(self) -> None:
        """Leave out what did not come along until now and still does not: the others don't wait for it.

        As soon as it comes, all of them go back to where it was left.
        """
        read = [each.watermark for each in self._states.values() if each.watermark is not None]
        behind = [
            each
            for each in self.included
            if read and (self._states[each.table].watermark or BEGINNING) < max(read)
        ]
        if not behind:
            return
        ask = partial(still_refused, self._requester, self._group.carrier, behind)
        self._leave(self._requester.pool.call(ask))
        coming = [state for table, state in self._states.items() if table not in self._left]
        self.state = common(coming) if coming else self.state

    def read(
        self,
        planned: Plan,
        *,
        span: Span | None = None,
        is_new: bool = True,
        alone: bool = False,
        at_once: bool = False,
        answers: bool = False,
    ) -> Part:
        """Read, and cut the includes down to what the server can give.

        Args:
            planned: what to read.
            span: which window of a long list this is, if it is one.
            is_new: whether nobody has read that window before.
            alone: whether nothing comes along this time.
            at_once: whether the list is to be left where it is long.
            answers: whether the list was given below other records: a refusal is then of this record alone.

        Raises:
            TooLong: where `at_once` is set, and the first page says that the list is long.
        """
        began = time.monotonic()
        while True:
            if not self.included and self._group.carrier not in self._group.members:
                # Nothing comes along of what the pages were to be read for.
                return Part(batches=(), rows=0, size=0, left=dict(self._left))
            most = self._options if at_once else None
            included = () if alone else self.included
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
            lambda endpoint: self._state_after(endpoint, extract, span, is_new=is_new),
            usage=self._requester.take_usage(),
            seconds=time.monotonic() - began,
            only_marks=alone,
            is_new=is_new and span is not None,
            is_counted=self.state.back_to is None,
        )
        return Part(
            batches=tuple(batches),
            left=dict(self._left),
            failed=failed,
            rows=extract.rows,
            size=sum(each.size for each in extract.landings.values()),
            sees_all=extract.planned.sees_all,
            back_to=span.start if span else None,
            is_new=is_new,
        )

    def of_those_gone(self) -> Part:
        """No rows: children and links of the records that the sweep found to be gone."""
        batches: list[tuple[Batch, Reading]] = []
        for endpoint in self.included:
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

    def _unread_below(self, table: str) -> tuple[str, ...]:
        return self._states[table].unread_parents

    def _leave(self, tables: Mapping[str, Exception]) -> None:
        self._left.update(tables)
        self.included = tuple(each for each in self.included if each.table not in self._left)

    def _state_after(
        self, endpoint: Endpoint, extract: Extract, span: Span | None, *, is_new: bool
    ) -> TableState:
        planned = extract.planned
        before, now = self._states[endpoint.table], self._run.began
        unread = " ".join(extract.unread(endpoint, self._unread_below(endpoint.table))) or None
        if extract.doubtful(endpoint):
            self._doubtful.add(endpoint.table)
        # With the last window of a list that is read again, all its rows are of this run.
        is_anew = planned.sees_all or (span is not None and span.start is None and not is_new)
        if endpoint.strategy is Strategy.WINDOW:
            is_anew = self._options.full_refresh
        is_all_anew = is_anew and planned.moves_watermark and not unread
        is_redacted = before.loaded_at is None or (
            is_all_anew and endpoint.table not in self._doubtful
        )
        redaction = self._requester.client.redaction if is_redacted else before.redaction
        if not planned.moves_watermark:
            self._states[endpoint.table] = msgspec.structs.replace(
                before,
                loaded_at=self._run.at,
                run_id=self._run.id,
                unread=unread,
                redaction=redaction,
            )
            return self._states[endpoint.table]
        in_pieces = span is not None or (self.state.back_to is not None and not planned.sees_all)
        back_to = span.start if span is not None else self.state.back_to
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
            redaction=redaction,
        )
        self._states[endpoint.table] = after
        return after
