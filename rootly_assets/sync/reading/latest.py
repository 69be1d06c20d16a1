"""Where reading a list from its latest change backwards may end, and whether it is in that order at all.

Rootly's document says that such a list takes `sort`, but not by what. A list that ignores it, or sorts by
something else, must not pass for one that has nothing new: its first page has to show the order of change, and
not that of creation too.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from rootly_assets.api import Page, created_at, instant

# So many different times in order are no accident.
ENOUGH = 5


class NotByChange(Exception):  # noqa: N818 - a signal to the reader, never seen outside
    """A list doesn't show that it is sorted by change; says how."""


class LatestChanges:
    """Looks at the pages of one list, which was asked for in the order of change, the latest first.

    Args:
        until: the time; what had changed before is known.
    """

    def __init__(self, until: datetime) -> None:
        self._until = until
        self._count: int | None = None

    def ends_with(self, page: Page) -> bool:
        """Whether all that comes after the next page had changed before the time.

        Raises:
            NotByChange: where it need not be in that order, or the list doesn't count its rows, or has others
                than when the first page came.
        """
        is_first = self._count is None
        if is_first and not page.goes_on:
            return False
        count = page.meta.total_count if page.meta else None
        if count is None:
            raise NotByChange("it does not count its rows")
        if not is_first and count != self._count:
            raise NotByChange("rows came or went while it was read")
        self._count = count
        changed = [instant(record, "updated_at") for record in page.records]
        times = [each for each in changed if each is not None]
        if len(times) < len(changed) or not _is_descending(times):
            raise NotByChange("it is not sorted by change")
        if is_first:
            if len({*times}) < ENOUGH:
                raise NotByChange("too few times show that it is sorted by change")
            created = [each for each in map(created_at, page.records) if each is not None]
            if _is_descending(created) or _is_descending(created[::-1]):
                raise NotByChange("it may be sorted by creation")
        return page.goes_on and bool(times) and times[-1] < self._until


def _is_descending(times: Sequence[datetime]) -> bool:
    return all(later >= earlier for later, earlier in pairwise(times))
