"""The rows that a request asks for, in order: chosen once, then cut into pages."""

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from rootly_assets.sandbox.lists import ListEndpoint, Paging
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.server.filters import instant, tests
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


class Selector:
    """Chooses and sorts rows, and remembers the last few choices until their type changes."""

    def __init__(self, workspace: Workspace, *, remembered: int = 32) -> None:
        self._workspace = workspace
        self._remembered = remembered
        self._kept: OrderedDict[tuple[object, ...], Selection] = OrderedDict()

    def select(self, endpoint: ListEndpoint, parents: dict[str, str], query: Query) -> Selection:
        """The rows of a list below `parents` (ids by path parameter) that the request asks for."""
        filters = tuple(query.filters())
        sort = _sort(endpoint, query)
        version = self._workspace.version(endpoint.type)
        key = (endpoint.path, tuple(parents.values()), filters, sort, version)
        kept = self._kept.get(key)
        if kept is None:
            rows = self._rows(endpoint, parents)
            for test in tests(endpoint, query):
                rows = [row for row in rows if test(row)]
            kept = self._kept[key] = ordered(rows, sort)
            if len(self._kept) > self._remembered:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return kept

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
