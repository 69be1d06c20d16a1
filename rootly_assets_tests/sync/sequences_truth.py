"""Rows as the server has them and as the tables have them, in a form that can be compared."""

from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import msgspec

from rootly_assets.catalogue import ColumnType, Endpoint, Strategy, wired
from rootly_assets.sandbox import Workspace
from rootly_assets.sandbox.lists import ENDPOINTS
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.server.includes import related
from rootly_assets.sandbox.server.oncalls import oncalls
from rootly_assets.sandbox.server.query import Query

# Attributes that say most of a row. One of them is compared beside `updated_at`, which two changes
# within one second leave the same, and which some lists don't show at all.
TELLING = ("title", "name", "full_name", "summary", "event", "message", "label", "value", "kind")

# The type of rows of link tables.
LINK = "links"

Span = tuple[datetime | None, datetime | None]


@dataclass(frozen=True)
class Row:
    """What is compared of a row.

    Attributes:
        updated_at: when it last changed, None in lists that don't show it.
        says: its telling attribute.
        parent: id of the record whose list it is from, for nested lists.
        span: from when to when, for lists that are read by windows of time.
    """

    updated_at: datetime | None
    says: str | None
    parent: str | None
    span: Span | None = None


Rows = dict[str, Row]


def telling_column(endpoint: Endpoint) -> str | None:
    """The attribute that changes are written to, and found by; None where a list has no such."""
    if not endpoint.columns:
        return "name"  # the document leaves these lists undescribed
    # Override shifts are shifts too: what one list shows of them is below whom the other lists them.
    parents = {
        each.parent.parameter
        for each in (*wired(), endpoint)
        if each.parent and each.type == endpoint.type
    }
    own = [
        name
        for name, kind in endpoint.columns.items()
        # Telephone numbers are not stored.
        if kind is ColumnType.TEXT and name not in parents and "phone" not in name
    ]
    others = sorted(own, key=lambda name: name.endswith("_id"))
    return next((name for name in (*TELLING, *others) if name in own), None)


def records_of(workspace: Workspace, endpoint: Endpoint) -> list[Record]:
    """The sandbox's records of a list, in order of creation."""
    if endpoint.table == "oncalls":
        return oncalls(workspace, Query(""))
    if endpoint.table == "ip_ranges":
        return [Record("ip_ranges", "ip_ranges", {})]
    if endpoint.table == "meeting_recording_details":
        return [_details(each) for each in workspace.records("meeting_recordings")]
    path, _, relationship = endpoint.path.partition("?include=")
    listed = next(each for each in ENDPOINTS if each.path == path)
    records = workspace.records(listed.type)
    if relationship and endpoint.links_to is None:
        return [other for each in records for other in related(workspace, each, relationship)]
    if relationship:
        return [
            link for each in records for link in _links(workspace, endpoint, each, relationship)
        ]
    if listed.where:
        name, value = listed.where
        records = [each for each in records if each.attributes[name] == value]
    if endpoint.parent:
        parameter = endpoint.parent.parameter
        records = [each for each in records if parameter in each.parents]
    return records


def _details(record: Record) -> Record:
    """A record as the parent of its own details."""
    parents = {**record.parents, "meeting_recording_id": record.id}
    return Record(record.type, record.id, record.attributes, parents=parents)


def _links(
    workspace: Workspace, endpoint: Endpoint, record: Record, relationship: str
) -> list[Record]:
    """The rows of a link table that are one record's: not records of the sandbox's own."""
    assert endpoint.parent is not None
    (column,) = endpoint.columns
    return [
        Record(
            LINK,
            f"{record.id}/{other.id}",
            {column: other.id},
            parents={endpoint.parent.parameter: record.id},
        )
        for other in related(workspace, record, relationship)
    ]


def true_rows(workspace: Workspace, endpoint: Endpoint) -> Rows:
    """Rows as the server would list them now."""
    with workspace.lock:
        return {each.id: _row(each, endpoint) for each in records_of(workspace, endpoint)}


def _row(record: Record, endpoint: Endpoint) -> Row:
    shown = msgspec.json.decode(record.json())["attributes"]
    updated = shown.get("updated_at") if "updated_at" in endpoint.columns else None
    column = telling_column(endpoint)
    return Row(
        updated_at=datetime.fromisoformat(updated).astimezone(UTC) if updated else None,
        says=None if column is None else shown.get(column),
        parent=record.parents[endpoint.parent.parameter] if endpoint.parent else None,
        span=span_of(record) if endpoint.strategy is Strategy.WINDOW else None,
    )


def span_of(record: Record) -> Span:
    """From when to when."""
    return moment(record, "starts_at"), moment(record, "ends_at")


def stored_rows(connection: duckdb.DuckDBPyConnection, endpoint: Endpoint) -> Rows:
    """Rows as the table has them, those left out that are marked as deleted.

    AssertionError where an id is there twice, deleted or not.
    """
    said = _name(telling_column(endpoint))
    if not endpoint.columns:
        # Attributes of such a list become columns, as JSON, when they first come.
        described = connection.execute(f'DESCRIBE "{endpoint.table}"').fetchall()
        said = f"{said} ->> '$'" if any(row[0] == "name" for row in described) else "NULL"
    windowed = endpoint.strategy is Strategy.WINDOW
    columns = (
        "id",
        _instant("updated_at" if "updated_at" in endpoint.columns else None),
        said,
        _name(endpoint.parent.parameter if endpoint.parent else None) + "::VARCHAR",
        _instant("starts_at" if windowed else None),
        _instant("ends_at" if windowed else None),
        "_deleted_at IS NOT NULL",
    )
    found = connection.execute(f'SELECT {", ".join(columns)} FROM "{endpoint.table}"').fetchall()
    ids = [row[0] for row in found]
    assert None not in ids, f"{endpoint.table}: a row without id"
    assert len(ids) == len(set(ids)), f"{endpoint.table}: an id twice"
    return {
        id_: Row(
            updated_at=_datetime(at),
            says=says,
            parent=parent,
            span=(_datetime(start), _datetime(end)) if windowed else None,
        )
        for id_, at, says, parent, start, end, gone in found
        if not gone
    }


def versions(connection: duckdb.DuckDBPyConnection, endpoint: Endpoint) -> dict[str, int]:
    """A number for each row of a table, deleted ones included, that changes when the row does."""
    return dict(
        connection.execute(
            f'SELECT id, hash(t) FROM (SELECT * EXCLUDE (_synced_at) FROM "{endpoint.table}") AS t'
        ).fetchall()
    )


def _name(column: str | None) -> str:
    return "NULL" if column is None else f'"{column}"'


def _instant(column: str | None) -> str:
    return "NULL" if column is None else f'epoch_us("{column}"::TIMESTAMPTZ)'


def _datetime(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else datetime.fromtimestamp(microseconds / 1e6, UTC)


def moment(record: Record, name: str) -> datetime:
    """A time among a record's attributes."""
    return datetime.fromisoformat(record.attributes[name]).astimezone(UTC)


def follows_changes(endpoint: Endpoint) -> bool:
    """Whether a list tells what changed, so that it is not read whole each time."""
    attribute = {
        Strategy.SINCE: "updated_at",
        Strategy.STREAM: "created_at",
        Strategy.APPENDED: "created_at",
    }.get(endpoint.strategy)
    return attribute is not None and attribute in endpoint.time_filters
