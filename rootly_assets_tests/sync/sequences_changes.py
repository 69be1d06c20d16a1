"""What people and machines do to a workspace between two syncs, list by list."""

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from rootly_assets.catalogue import Endpoint, Strategy, wired
from rootly_assets.sandbox import Workspace
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.server.includes import related
from rootly_assets_tests.sync.sequences_truth import LINK, moment, records_of, telling_column


class Kind(StrEnum):
    """One kind of change."""

    CREATE = "create"
    CREATE_LATE = "create, with a created_at of days ago"
    UPDATE = "update"
    UPDATE_TWICE = "update twice within one second"
    BACKDATE = "set created_at back"
    DELETE = "delete"
    MOVE = "move below another parent"
    MOVE_AWAY = "move below another parent, and update the one that it leaves"
    MERGE = "merge the parent into another"
    TOUCH_PARENT = "update the parent"


@dataclass(frozen=True)
class Change:
    """A change of one row of one list.

    Attributes:
        kind: what is done.
        table: to which list: a number, counted round.
        row: to which row of it: a number, counted round.
    """

    kind: Kind
    table: int = 0
    row: int = 0


def apply(workspace: Workspace, family: list[Endpoint], change: Change, number: int) -> None:
    """Change a record; nothing happens where the list has no row, or the row no parent.

    Args:
        workspace: whose record.
        family: the lists that `change.table` counts.
        change: what is to happen.
        number: different for each change: becomes part of what is written.
    """
    endpoint = family[change.table % len(family)]
    with workspace.lock:
        rows = records_of(workspace, endpoint)
        if rows and rows[0].type == LINK:
            _relink(workspace, endpoint, rows[change.row % len(rows)], change.kind, number)
        elif rows and workspace.get(rows[0].type, rows[0].id) is not None:
            _DOING[change.kind](workspace, endpoint, rows[change.row % len(rows)], number)


def _create(workspace: Workspace, _: Endpoint, like: Record, number: int) -> None:
    attributes = copy.deepcopy(like.attributes)
    stamp = workspace.timestamp(workspace.now)
    attributes.update(created_at=stamp, updated_at=stamp)
    taken = [record.id for record in workspace.records(like.type)]
    if all(each.isdigit() for each in taken):
        id_ = str(max(map(int, taken)) + 1)
    else:
        # By chance: a new id may sort before or behind the others of its second.
        id_ = str(UUID(int=random.Random(f"{like.id} {number}").getrandbits(128)))
    workspace.add(
        Record(
            like.type,
            id_,
            attributes,
            relationships=copy.deepcopy(like.relationships),
            parents=dict(like.parents),
            links=copy.deepcopy(like.links),
        )
    )


def _create_late(workspace: Workspace, endpoint: Endpoint, like: Record, number: int) -> None:
    _create(workspace, endpoint, like, number)
    created = workspace.records(like.type)[-1]
    _backdate(workspace, endpoint, created, number)


def _backdate(workspace: Workspace, _: Endpoint, record: Record, number: int) -> None:
    earlier = workspace.now - timedelta(days=number % 11, hours=3)
    workspace.update(record.type, record.id, created_at=workspace.timestamp(earlier))


def _update(workspace: Workspace, endpoint: Endpoint, record: Record, number: int) -> None:
    column = telling_column(endpoint)
    changed = {} if column is None else {column: f"Change {number}"}
    if endpoint.strategy is Strategy.WINDOW:
        ends = moment(record, "ends_at") + timedelta(minutes=1)
        changed["ends_at"] = workspace.timestamp(ends)
    workspace.update(record.type, record.id, **changed)


def _update_twice(workspace: Workspace, endpoint: Endpoint, record: Record, number: int) -> None:
    _update(workspace, endpoint, record, 1000 + number)
    _update(workspace, endpoint, record, number)


def _delete(workspace: Workspace, _: Endpoint, record: Record, __: int) -> None:
    workspace.delete(record.type, record.id)


def _move(workspace: Workspace, endpoint: Endpoint, record: Record, number: int) -> None:
    others = _parents(workspace, endpoint)
    if endpoint.parent is None or not others or _has_children(endpoint):
        return
    _move_to(workspace, endpoint, record, others[number % len(others)].id)


def _move_away(workspace: Workspace, endpoint: Endpoint, record: Record, number: int) -> None:
    _move(workspace, endpoint, record, number)
    _touch_parent(workspace, endpoint, record, number)


def _move_to(workspace: Workspace, endpoint: Endpoint, record: Record, new: str) -> None:
    assert endpoint.parent is not None
    old = record.parents[endpoint.parent.parameter]
    workspace.delete(record.type, record.id)
    moved = {
        name: type(value)(new) if str(value) == old else value
        for name, value in record.attributes.items()
    }
    moved["updated_at"] = workspace.timestamp(workspace.now)
    parents = {**record.parents, endpoint.parent.parameter: new}
    workspace.add(
        Record(record.type, record.id, moved, record.relationships, parents, record.links)
    )


def _merge(workspace: Workspace, endpoint: Endpoint, record: Record, number: int) -> None:
    """All rows of the parent go to another one, which shows it; the parent goes too."""
    if endpoint.parent is None or _has_children(endpoint):
        return
    parameter = endpoint.parent.parameter
    old = record.parents[parameter]
    others = [each for each in _parents(workspace, endpoint) if each.id != old]
    theirs = [each for each in records_of(workspace, endpoint) if each.parents[parameter] == old]
    if (
        not others
        or old == record.id
        or any(workspace.get(each.type, each.id) is None for each in theirs)
    ):
        return
    into = others[number % len(others)]
    for each in theirs:
        _move_to(workspace, endpoint, each, into.id)
    (merged,) = (each for each in _parents(workspace, endpoint) if each.id == old)
    workspace.delete(merged.type, merged.id)
    workspace.update(into.type, into.id)


def _touch_parent(workspace: Workspace, endpoint: Endpoint, record: Record, number: int) -> None:
    if endpoint.parent is None:
        return
    above = next(each for each in wired() if each.table == endpoint.parent.table)
    wanted = record.parents[endpoint.parent.parameter]
    for parent in _parents(workspace, endpoint):
        if parent.id == wanted:
            _update(workspace, above, parent, number)


def _relink(
    workspace: Workspace, endpoint: Endpoint, link: Record, kind: Kind, number: int
) -> None:
    """Link a record to one more, or to one less; only some kinds of change leave a time."""
    relationship = endpoint.path.partition("?include=")[2]
    (parent_id,) = link.parents.values()
    parent = next(each for each in _parents(workspace, endpoint) if each.id == parent_id)
    linked = related(workspace, parent, relationship)
    everyone = workspace.records(linked[0].type)
    if kind is Kind.DELETE:
        others = [each for each in linked if not link.id.endswith(f"/{each.id}")]
    else:
        others = [*linked, everyone[number % len(everyone)]]
    parent.links[relationship] = []
    workspace.link(parent.type, parent.id, relationship, others)
    if kind is not Kind.CREATE_LATE:
        workspace.update(parent.type, parent.id)


def _parents(workspace: Workspace, endpoint: Endpoint) -> list[Record]:
    if endpoint.parent is None:
        return []
    above = next(each for each in wired() if each.table == endpoint.parent.table)
    return records_of(workspace, above)


def _has_children(endpoint: Endpoint) -> bool:
    return any(each.parent and each.parent.table == endpoint.table for each in wired())


_DOING: dict[Kind, Callable[[Workspace, Endpoint, Record, int], None]] = {
    Kind.CREATE: _create,
    Kind.CREATE_LATE: _create_late,
    Kind.UPDATE: _update,
    Kind.UPDATE_TWICE: _update_twice,
    Kind.BACKDATE: _backdate,
    Kind.DELETE: _delete,
    Kind.MOVE: _move,
    Kind.MOVE_AWAY: _move_away,
    Kind.MERGE: _merge,
    Kind.TOUCH_PARENT: _touch_parent,
}
