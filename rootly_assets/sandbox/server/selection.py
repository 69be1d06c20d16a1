"""The rows that a request asks for, in order: chosen once, then cut into pages."""

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from rootly_assets.sandbox.lists import ListEndpoint, Paging
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.server.filters import Bound, Test, bounds, instant, tests
from rootly_assets.sandbox.server.query import Query
from rootly_assets.sandbox.workspace import Workspace

Key = tuple[int, Any, str]


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows in the order of the request.

    Attributes:
        sort: the attribute they are sorted by, with `-` before it for the latest first.
        rows: the rows, first page first.
        keys: ascending sort keys; rows run against them when `sort` begins with `-`.
    """

    sort: str
    rows: list[Record]
    keys: list[Key]

    def after(self, key: Key) -> int:
        """Where the row behind `key` is, whether or not the row with that key is still there."""
        if self.sort.startswith("-"):
            return len(self.rows) - bisect_left(self.keys, key)
        return bisect_right(self.keys, key)

    def key(self, position: int) -> Key:
        """The sort key of the row at a position."""
        if self.sort.startswith("-"):
            return self.keys[len(self.rows) - 1 - position]
        return self.keys[position]


# Choices of which the rows are kept.
REMEMBERED = 32


class Selector:
    """Chooses and sorts rows, and remembers the last few choices until their type changes.

    A list as a whole is put in order of a time once, so that a window of a long one is cut out of
    it and not looked for in it.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._kept: OrderedDict[tuple[object, ...], Selection] = OrderedDict()
        self._in_order: dict[tuple[str, str], tuple[int, Selection]] = {}

    def select(self, endpoint: ListEndpoint, parents: dict[str, str], query: Query) -> Selection:
        """The rows of a list below `parents` (ids by path parameter) that the request asks for."""
        filters = tuple(query.filters())
        sort = _sort(endpoint, query)
        version = self._workspace.version(endpoint.type)
        key = (endpoint.path, tuple(parents.values()), filters, sort, version)
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = self._chosen(endpoint, parents, query, sort)
            if len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return kept

    def _chosen(
        self, endpoint: ListEndpoint, parents: dict[str, str], query: Query, sort: str
    ) -> Selection:
        left: list[Test] = [*bounds(endpoint, query), *tests(endpoint, query)]
        times = [test for test in left if isinstance(test, Bound)]
        rows = None
        # A list below a parent is short.
        if times and not parents:
            name = times[0].name
            of_time = [each for each in times if each.name == name]
            found = within(self._by(endpoint, name), of_time)
            left = [test for test in left if test not in of_time]
            if not left and name == sort.removeprefix("-"):
                return found if name == sort else backwards(found)
            rows = found.rows
        if rows is None:
            rows = self._rows(endpoint, parents)
        for test in left:
            rows = [row for row in rows if test(row)]
        return ordered(rows, sort)

    def _by(self, endpoint: ListEndpoint, name: str) -> Selection:
        """A whole list in order of a time."""
        version = self._workspace.version(endpoint.type)
        kept = self._in_order.get((endpoint.path, name))
        if kept is None or kept[0] != version:
            kept = (version, ordered(self._rows(endpoint, {}), name))
            self._in_order[endpoint.path, name] = kept
        return kept[1]

    def _rows(self, endpoint: ListEndpoint, parents: dict[str, str]) -> list[Record]:
        if endpoint.path == "/v1/incidents/{incident_id}/alerts":
            incident = self._workspace.get("incidents", parents["incident_id"])
            refs = incident.links.get("alerts", []) if incident else []
            found = (self._workspace.get("alerts", ref["id"]) for ref in refs)
            return [alert for alert in found if alert]
        if parents:
            ((parameter, parent),) = parents.items()
            rows = self._workspace.nested(endpoint.type, parameter, parent)
        else:
            rows = self._workspace.records(endpoint.type)
        if endpoint.where:
            name, value = endpoint.where
            rows = [row for row in rows if row.attributes.get(name) == value]
        return rows


def ordered(rows: list[Record], sort: str) -> Selection:
    """Rows sorted by an attribute, nulls last when ascending, ties by id."""
    name = sort.removeprefix("-")
    keyed = sorted(((_key(row, name), row) for row in rows), key=lambda pair: pair[0])
    in_order = [row for _, row in keyed]
    if sort.startswith("-"):
        in_order.reverse()
    return Selection(sort, in_order, [key for key, _ in keyed])


def within(selection: Selection, times: Sequence[Bound]) -> Selection:
    """Those rows that have a time, and on the right side of the bounds.

    Args:
        selection: in order of that time.
        times: bounds of that time.
    """
    keys = selection.keys
    start, end = 0, bisect_left(keys, 1, key=itemgetter(0))
    for each in times:
        bisect = bisect_right if each.operator in ("gt", "lte") else bisect_left
        place = bisect(keys, each.when.timestamp(), 0, end, key=itemgetter(1))
        if each.operator in ("gt", "gte"):
            start = max(start, place)
        else:
            end = place
    return Selection(selection.sort, selection.rows[start:end], keys[start:end])


def backwards(selection: Selection) -> Selection:
    """The same rows, the latest first."""
    return Selection(f"-{selection.sort}", selection.rows[::-1], selection.keys)


def _key(row: Record, name: str) -> Key:
    if name.endswith("_at"):
        when = instant(row, name)
        return (1, 0.0, row.id) if when is None else (0, when.timestamp(), row.id)
    value = row.attributes.get(name)
    return (1, "", row.id) if value is None else (0, value, row.id)


def _sort(endpoint: ListEndpoint, query: Query) -> str:
    """The first sort key that the list knows, else the list's own order."""
    for word in query.words("sort"):
        if word.removeprefix("-") in endpoint.sorts:
            return word
    # As at Rootly, what is newest comes first where it matters most; other lists run forward.
    return "-created_at" if endpoint.paging is Paging.CURSOR else "created_at"
