"""What is taken from the pages of a group's carrier: records into its file, what comes along into theirs."""

from collections.abc import Iterable, Mapping
from threading import Lock

from rootly_assets.api import BareAllowance, Meta, Page
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.landing import LandingArea
from rootly_assets.sync.planning.groups import Group
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.planning.plan import Plan, Read
from rootly_assets.sync.reading.linkage import Linkage
from rootly_assets.sync.reading.record_ids import ids
from rootly_assets.sync.reading.unanswered_parents import UnansweredParents, check_few


class TooLong(Exception):  # noqa: N818 - a signal to the reader, never seen outside
    """The list has more rows than are wanted at once; says how many."""

    def __init__(self, rows: int) -> None:
        super().__init__(rows)
        self.rows = rows


class Extract:
    """What comes of the pages of a group's carrier.

    Args:
        group: the lists.
        included: those of them that come along.
        area: takes the landing files.
        planned: what is read.
        most: has how much a list may be that is read at once; None for any length.

    Attributes:
        planned: what is read; once it was, less the parents that refused.
        included: the lists that come along.
        landings: the landing files, by table.
        linkage: what came along.
        unanswered: parents that did not give their children.
        allowance: how many pages may come without what was to come along.
        ended_early: whether reading ended before the list did, since the rest of it is known.
        cursor: where a feed goes on.
        total_count: how many rows the list says it has; None where it doesn't say.
        note: what there is to say beside the plan's own words.
        pages, rows: how many came of the carrier, whether it is loaded or not.
    """

    def __init__(
        self,
        group: Group,
        included: tuple[Endpoint, ...],
        area: LandingArea,
        planned: Plan,
        most: SyncOptions | None = None,
    ) -> None:
        self.planned = planned
        self.included = included
        coming = {each.table for each in included}
        self.landings = {
            each.table: area.file(each.table)
            for each in group.members
            if each.table in coming or each.table == group.carrier.table
        }
        self._own = self.landings.get(group.carrier.table)
        self.linkage = Linkage(included, self.landings)
        self._follows_cursor = any(each.after for each in planned.reads)
        self._most = most
        self._lock = Lock()
        self.ended_early = False
        self.cursor: str | None = None
        self.total_count: int | None = None
        self._counts: dict[
            int, tuple[Read, int | None]
        ] = {}  # of each read, kept so that its id stays its own
        self._counted = self._uncounted = 0  # rows, and reads that don't say how many they have
        known = frozenset(each.parent for each in planned.reads if each.again and each.parent)
        self.unanswered = UnansweredParents(group.carrier, known)
        self.allowance = BareAllowance()
        self._missing = set(planned.expected)
        self.note = ""
        self.pages = 0
        self.rows = 0

    def check_length(self, first: Page) -> None:
        """Look at the first page of all.

        Raises:
            TooLong: where it says that the list is longer than is wanted at once.
        """
        if not self.pages and self._most is not None:
            _check_length(first, self._most)

    def add(self, page: Page, read: Read) -> None:
        """Land a page.

        Raises:
            SyncError: where the disk takes no more.
        """
        self.land(page, read.parent)
        self.unanswered.note_answer()
        with self._lock:
            self.pages += 1
            self.rows += len(page.records)
            if self._missing:
                self._missing -= set(ids(page))
            if page.meta is not None:
                self._note(page.meta, read)

    def land(self, page: Page, parent: str | None = None) -> None:
        """Land a page without drawing any conclusion.

        Raises:
            SyncError: where the disk takes no more.
        """
        if self._own is not None:
            self._own.append(page.records, parent=parent)
        self.linkage.add(page)

    def _note(self, meta: Meta, read: Read) -> None:
        # A cursor belongs to the read that it is from: one with filters is not to go on from where there is
        # another, and never one that leads to the end of a window; of a nested list none is kept.
        goes_on = read.parent is None and "filter[created_at][lt]" not in read.params
        if goes_on and (read.after is not None or not self._follows_cursor):
            self.cursor = meta.next_cursor or self.cursor
        _, before = self._counts.get(id(read), (read, 0))
        self._counts[id(read)] = (read, meta.total_count)
        # Kept up to date by the difference: there may be a read for each of many thousand parents.
        self._counted += (meta.total_count or 0) - (before or 0)
        self._uncounted += (meta.total_count is None) - (before is None)
        self.total_count = None if self._uncounted else self._counted

    @property
    def missing(self) -> Mapping[str, str]:
        """Expected rows that have not come, with their parents, less those below one that did not give all."""
        unproven, parents = self.unanswered.unproven, self.planned.expected
        return {each: parents[each] for each in self._missing if parents[each] not in unproven}

    def doubtful(self, endpoint: Endpoint) -> Mapping[str, str]:
        """Records of whose rows in a list it is not certain that all came, with the reason."""
        return self.linkage.doubtful.get(endpoint.table, self.unanswered.doubtful)

    @property
    def include(self) -> str:
        """What is asked to come along, in the API's words."""
        return ",".join(dict.fromkeys(each.relationship or "" for each in self.included))

    def unread(self, endpoint: Endpoint, before: Iterable[str]) -> Iterable[str]:
        """Parents below which rows of a list are to be read again, in order.

        Args:
            endpoint: the list.
            before: those that were to be before these pages came.

        Raises:
            RootlyError: where they are more than a table remembers.
        """
        if endpoint in self.included:
            failing = self.linkage.failing[endpoint.table]
            answered = {*self.linkage.parents, *self.linkage.gone}
            withheld = self.linkage.doubtful[endpoint.table].keys()
        else:
            failing = self.unanswered.failing
            whole = (each.parent for each in self.planned.reads if not each.params)
            answered = {*whole, *(self.planned.parents or ())}
            withheld = self.unanswered.withheld.keys()
        left = {*before} - (answered - withheld)
        check_few(failing, left)
        return sorted(left | failing.keys())

    def close(self) -> None:
        """Write what is still buffered.

        Raises:
            SyncError: where the disk takes no more.
        """
        for landing in self.landings.values():
            landing.close()

    def discard(self) -> None:
        """Remove the files: they are worth nothing."""
        for landing in self.landings.values():
            landing.remove()


def _check_length(first: Page, most: SyncOptions) -> None:
    count = first.meta.total_count if first.meta else None
    if count is None:
        return
    size = first.bytes * count // max(1, len(first.records))
    if count > most.rows_at_once or size > most.bytes_at_once:
        raise TooLong(count)
