"""Where reading a list from its latest change backwards may end, and whether it is in that order at all.

Rootly's document says that such a list takes `sort`, but not by what. A list that ignores it, or sorts by
something else, must not pass for one that has nothing new: its first page has to show the order of change, and
not that of creation too.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from rootly_assets.api import Page, created_at, instant


class NotByChange(Exception):  # noqa: N818 - a signal to the reader, never seen outside
    """A list doesn't show that it is sorted by change; says how."""


def reaches(until: datetime, page: Page, *, is_first: bool) -> bool:
    """Whether all that comes after a page had changed before a time.

    Args:
        until: the time.
        page: one of a list that was asked for in the order of change, the latest first.
        is_first: whether it is the first one.

    Raises:
        NotByChange: where it need not be in that order, or the list doesn't count its rows.
    """
    if not page.goes_on:
        return False
    if page.meta is None or page.meta.total_count is None:
        raise NotByChange("it does not count its rows")
    changed = [instant(record, "updated_at") for record in page.records]
    times = [each for each in changed if each is not None]
    if len(times) < len(changed) or not _is_descending(times):
        raise NotByChange("it is not sorted by change")
    if is_first:
        created = [each for each in map(created_at, page.records) if each is not None]
        if _is_descending(created) or _is_descending(created[::-1]):
            raise NotByChange("it may be sorted by creation")
    return bool(times) and times[-1] < until


def _is_descending(times: Sequence[datetime]) -> bool:
    return all(later >= earlier for later, earlier in pairwise(times))
