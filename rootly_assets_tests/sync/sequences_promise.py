"""What a table must hold once its list has been read: the promises of DECISIONS.md, as a check.

A list that is read whole is as the server has it. Of other lists some rows are owed: those must be as
the server has them. Any other row is as it was before or as the server has it, never anything else.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from rootly_assets.catalogue import Endpoint, Strategy
from rootly_assets.sandbox import Workspace
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets_tests.sync.sequences_truth import (
    Row,
    Rows,
    follows_changes,
    moment,
    records_of,
    span_of,
    true_rows,
)

USUAL = SyncOptions()


@dataclass(frozen=True)
class Read:
    """How a list was read.

    Attributes:
        full: whether a full refresh was asked for.
        sweep: whether it was asked to look for what is gone.
        is_swept: whether it did so to the end.
        is_done: whether it was read to its end: the first read of a long list may come in pieces.
        begun_with: where its first read was interrupted and went on: what the server had at first.
        since: the server's clock when the list was last read; None if this was the first time.
        parents: for nested lists: ids that the parent table has.
        changed_parents: for nested lists: those that changed or vanished since the list was read.
        unread: for nested lists: those that failed in it, and that are remembered to be read again.
    """

    full: bool
    sweep: bool
    is_swept: bool
    is_done: bool
    begun_with: Rows
    since: datetime | None
    parents: Set[str] = frozenset()
    changed_parents: Set[str] = frozenset()
    unread: Set[str] = frozenset()


def broken_promises(
    endpoint: Endpoint, workspace: Workspace, read: Read, before: Rows, after: Rows
) -> list[str]:
    """Rows that are not as promised, one sentence each.

    Args:
        endpoint: the list.
        workspace: the server's truth, at rest since the list was read.
        read: how it was read.
        before: the table before.
        after: the table now.
    """
    truth = true_rows(workspace, endpoint)
    # A parent that is not in its table yet can't be asked for its children; one that failed did not give them.
    unreachable = {
        id_
        for rows in (truth, before)
        for id_, row in rows.items()
        if endpoint.parent
        and (row.parent in read.unread or (rows is truth and row.parent not in read.parents))
    }
    is_owed = _owed(endpoint, workspace, read, before, truth)
    found: list[str] = []
    for id_ in sorted({*before, *after, *truth}):
        was, is_, should = before.get(id_), after.get(id_), truth.get(id_)
        if is_ == should or _waits(endpoint, read, was, is_, should):
            continue
        if id_ not in unreachable and is_owed(id_):
            found.append(f"{endpoint.table} {id_}: {is_}, at the server {should}, before {was}")
        elif (
            read.is_done
            and should is not None
            and should == read.begun_with.get(id_)
            and id_ not in unreachable
        ):
            found.append(f"{endpoint.table} {id_}: {is_}, at the server always {should}")
        elif is_ != was and not _moved_away(endpoint, read, before, after, id_):
            found.append(f"{endpoint.table} {id_}: {is_}, neither {should} nor {was}")
    return found


def _waits(
    endpoint: Endpoint, read: Read, was: Row | None, is_: Row | None, should: Row | None
) -> bool:
    """Whether a row may be otherwise until a parent that failed gives its children."""
    if should is not None:
        return is_ is None and should.parent in read.unread
    # Where all parents are read each time, nothing is concluded from some of them.
    return bool(read.unread) and is_ == was and not endpoint.follows_parent


def _owed(
    endpoint: Endpoint, workspace: Workspace, read: Read, before: Rows, truth: Rows
) -> Callable[[str], bool]:
    """Which ids must be as the server has them: there, or not there."""
    since = None if read.full else read.since
    if not read.is_done:
        return lambda _: False
    if endpoint.strategy is Strategy.WINDOW:
        return _in_window(endpoint, workspace, read, before)
    if endpoint.parent:
        return _below_parents(endpoint, workspace, read, before, truth)
    if since is None or not follows_changes(endpoint):
        return lambda _: True
    if endpoint.strategy is Strategy.SINCE and read.is_swept:
        return lambda _: True
    if endpoint.strategy is Strategy.SINCE:
        # Every change leaves its time, so that all of them have been seen; a deletion leaves none.
        return truth.__contains__
    if endpoint.strategy is Strategy.APPENDED:
        return _created_since(endpoint, workspace, since - USUAL.lookback).__contains__
    # A feed goes on behind its last row: what is entered late, or within that row's second, may be
    # missed until the list is read whole.
    return _created_since(endpoint, workspace, since + timedelta(seconds=1)).__contains__


def _created_since(endpoint: Endpoint, workspace: Workspace, start: datetime) -> set[str]:
    records = records_of(workspace, endpoint)
    return {each.id for each in records if moment(each, "created_at") >= start}


def _below_parents(
    endpoint: Endpoint, workspace: Workspace, read: Read, before: Rows, truth: Rows
) -> Callable[[str], bool]:
    if read.full or read.since is None:
        return lambda _: True
    if endpoint.follows_parent:
        if read.is_swept and endpoint.relationship is None:
            return lambda _: True  # there are so few parents that all of them have their turn
        finds_moved = _finds_moved(endpoint)
        return lambda id_: any(
            row is not None and row.parent in read.changed_parents
            for row in (
                truth.get(id_),
                before.get(id_) if finds_moved or id_ not in truth else None,
            )
        )
    if "created_at" in endpoint.time_filters:
        new = _created_since(endpoint, workspace, read.since - USUAL.lookback)
        return lambda id_: id_ in new and id_ in truth
    return lambda _: True


def _finds_moved(endpoint: Endpoint) -> bool:
    """Whether a row that vanished from its parent's list is asked for by its id."""
    return endpoint.single is not None and endpoint.relationship is None


def _moved_away(endpoint: Endpoint, read: Read, before: Rows, after: Rows, id_: str) -> bool:
    """Whether a row left a parent that was read, for one that gave no sign and so was not."""
    was = before.get(id_)
    return (
        endpoint.parent is not None
        and not _finds_moved(endpoint)
        and id_ not in after
        and was is not None
        and (read.sweep or was.parent in read.changed_parents)
    )


def _in_window(
    endpoint: Endpoint, workspace: Workspace, read: Read, before: Rows
) -> Callable[[str], bool]:
    now = workspace.now
    if read.full or read.since is None:
        first = now - USUAL.history
    else:
        first = min(read.since, now) - USUAL.trailing
    last = now + USUAL.leading
    spans = {each.id: span_of(each) for each in records_of(workspace, endpoint)}

    def is_owed(id_: str) -> bool:
        if id_ in spans:
            start, end = spans[id_]
            return start < last and end > first
        # It is nowhere any more. On the edge of the window that can't be told.
        was = before.get(id_)
        return was is None or (was.span[0] >= first and was.span[1] <= last)

    return is_owed
