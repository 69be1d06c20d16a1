"""One Rootly list endpoint as data: where it is, how its pages run, how it is kept current, its columns.

Everything else in the package asks these objects; nothing here knows HTTP, SQL or Dagster.
"""

from enum import StrEnum

import msgspec


class PageStyle(StrEnum):
    """How a list hands out its rows."""

    NUMBERED = "numbered"  # page[number], page[size]; meta.next_page
    CURSOR = "cursor"  # page[after], page[size]; meta.next_cursor
    NONE = "none"  # everything in one answer
    PAGE_PER_PAGE = "page_per_page"  # page, per_page: /v1/edge_connectors only


class Strategy(StrEnum):
    """How a table is kept current (DECISIONS.md, "How an endpoint is kept current")."""

    WHOLE = "whole"  # read all, swap atomically; vanished rows are marked
    LATEST = "latest"  # sorted by change, the latest first, down to what is known; the count proves the rest
    SINCE = "since"  # filter[updated_at] from the watermark less an overlap; upsert
    STREAM = "stream"  # an append-only feed followed by its cursor
    APPENDED = "appended"  # rows never change: filter[created_at] from the watermark
    WINDOW = "window"  # a trailing and a leading window of time is re-read
    CHILDREN = "children"  # rows of one parent each


class ColumnType(StrEnum):
    """A column's type, in words of no particular warehouse."""

    TEXT = "text"
    INTEGER = "integer"  # 64 bits
    NUMBER = "number"  # double precision
    BOOLEAN = "boolean"
    TIMESTAMP = "timestamp"  # an instant, with time zone
    DATE = "date"
    JSON = "json"


class Parent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whose rows a nested list gives: `path` has `{parameter}`, filled with ids of `table`.

    A table of None means that the API lists no such parents, so that the rows can't be found.
    """

    table: str | None
    parameter: str


class Pages(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How to page through a list, with the largest page that the API accepts (rows)."""

    style: PageStyle
    max_size: int = 100


class Endpoint(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A list endpoint of the API and the table that it becomes.

    Attributes:
        table: snake case, plural; the table's name in schema `rootly`.
        path: path below the base URL, e.g. `/v1/incidents`; with `?include=` where the rows have none of their
            own and come only along with those of the parent.
        domain: the group of assets that it belongs to, e.g. `incidents`.
        type: JSON:API resource type of its rows, e.g. `incidents`; empty where the document gives none (the
            linkage of their parents does, for rows that come along).
        strategy: how the table is kept current.
        pages: page style and size limit.
        parent: the table whose ids fill the path, for nested lists.
        sort: the value to send as `sort` for a stable order; none where the list takes none.
        time_filters: attributes that `filter[<attribute>][gt|gte|lt|lte]` accepts.
        includes: relationship names that `include=` accepts.
        has_meta: whether every answer carries `meta` (and so `total_count`): one without it is broken.
        description: one sentence in our words: what a row is.
        columns: attribute name to type, in the document's order; `id` and `relationships` are implied.
        secrets: attributes that hold credentials; never stored, not even as a column.
        same_rows_as: path of the flat list that gives the same rows more cheaply; this one is not read then.
        relationship: the relationship of the parent whose `include=` brings the rows along with its pages.
        links_to: for link tables: the column with the id of the linked record; their rows come from the
            parent's linkage alone.
        follows_parent: whether a nested list changes with its parents, so that those alone need asking that
            changed.
        single: for nested lists: path (`…/{id}`) of a single row whose attributes say whose it is; none where
            there is no such path, or its answer doesn't say.
        keeps_vanished: whether a row that is no longer listed stays, marked with `_deleted_at`.
        deprecated: whether the vendor has deprecated the list.
        values: attribute to the values that the document lists for it, sorted; the server may give others, and
            they are stored as they are.
        optional: whether the list is read only where somebody asks for it by name.
    """

    table: str
    path: str
    domain: str
    type: str
    strategy: Strategy
    pages: Pages
    parent: Parent | None = None
    sort: str | None = None
    time_filters: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    has_meta: bool = True
    description: str = ""
    secrets: tuple[str, ...] = ()
    same_rows_as: str | None = None
    relationship: str | None = None
    links_to: str | None = None
    follows_parent: bool = True
    single: str | None = None
    keeps_vanished: bool = True
    deprecated: bool = False
    optional: bool = False
    columns: dict[str, ColumnType] = {}
    values: dict[str, tuple[str, ...]] = {}

    @property
    def has_own_path(self) -> bool:
        """Whether the rows can be listed by themselves, and not only along with those of the parent."""
        return "?" not in self.path

    @property
    def asset_key(self) -> tuple[str, str]:
        """Path of the Dagster asset key: `("rootly", table)`."""
        return ("rootly", self.table)
