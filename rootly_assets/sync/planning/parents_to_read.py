"""Finds out under which parents a nested list is to be read this time."""

from collections.abc import Mapping

import msgspec

from rootly_assets.catalogue import ColumnType, Endpoint, endpoint_of
from rootly_assets.sync.loader import Loader
from rootly_assets.sync.part import Run
from rootly_assets.sync.planning.below_parents import reads_all_parents
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.planning.parents import Parents, Piece
from rootly_assets.sync.planning.windows import Backwards
from rootly_assets.sync.state import TableState

# By which of its times a record lies in a span: the first that it has.
TIMES = ("updated_at", "created_at")


def parents_to_read(
    nested: Endpoint,
    table: str,
    states: Mapping[str, TableState],
    options: SyncOptions,
    loader: Loader,
    run: Run,
) -> Parents:
    """The records whose children are to be read.

    Args:
        nested: the list.
        table: the table that names its parents.
        states: how far each table had been read before the run.
        options: what the run asks for.
        loader: knows the records.
        run: the run.
    """
    state = states.get(nested.table, TableState(table_name=nested.table))
    unread = frozenset(state.unread_parents)
    if reads_all_parents(nested, state, options, run.began):
        parents = msgspec.structs.replace(loader.parents(table, None), unread=unread)
        if state.loaded_at is None:
            return _in_pieces(parents, parents, nested, table, state, options, loader, run)
        # Where not every row is read, those that are gone have to be known by their ids.
        gone = {*loader.orphaned(nested), *unread.difference(parents.present)}
        parents = msgspec.structs.replace(parents, gone=tuple(sorted(gone)))
        if "created_at" in nested.time_filters:
            parents = msgspec.structs.replace(parents, childless=loader.childless(nested))
            if options.sweep:
                turns = options.most_nights
                parents = parents.with_a_share_in_turn(state.cursor, most_turns=turns)
        return parents
    parents = loader.parents(table, state.loaded_at)
    unread -= {*parents.gone}
    parents = msgspec.structs.replace(parents.and_those(unread), unread=unread)
    if state.back_to is not None:
        everyone = loader.parents(table, None)
        parents = _in_pieces(parents, everyone, nested, table, state, options, loader, run)
    if options.sweep:
        parents = parents.and_whose_turn_it_is(
            loader.parents(table, None),
            state.cursor,
            at_once=options.parents_a_night,
            most_turns=options.most_nights,
        )
    if options.asks_for_a_span:
        parents = _and_of_the_span(parents, nested, table, options, loader)
    if nested.single is not None:
        theirs = loader.children(nested, (*parents.present, *parents.gone))
        parents = msgspec.structs.replace(parents, children=theirs)
    return parents


def _in_pieces(
    parents: Parents,
    everyone: Parents,
    nested: Endpoint,
    table: str,
    state: TableState,
    options: SyncOptions,
    loader: Loader,
    run: Run,
) -> Parents:
    """These, and in pieces those below which nothing was read before: all of them in a first read.

    Where these are few, or have no time by which one is newer than another, all come at once.
    """
    asks_for_something_special = options.full_refresh or options.asks_for_a_span
    has_time = endpoint_of(table).columns.get("created_at") is ColumnType.TIMESTAMP
    if asks_for_something_special or not (nested.follows_parent and has_time):
        return parents
    left = {*everyone.present}
    if state.back_to is not None:
        left -= {*loader.within(table, "created_at", state.back_to, None)}
    elif len(left) <= options.parents_at_once:
        return parents
    spans = Backwards(
        run.began,
        state.back_to,
        len(left),
        rows_at_once=options.parents_at_once,
        bytes_at_once=options.bytes_at_once,
    )
    pieces: list[Piece] = []
    while left:
        span = spans.next()
        ids = left & {*loader.within(table, "created_at", span.start, None)} if span.start else left
        if ids:
            pieces.append(Piece(ids=tuple(sorted(ids)), back_to=span.start))
        left = left - ids
        spans.advance(span, len(ids), 0)
    # Nothing is older than the last piece, which notes that everything has been read, even if nothing was left.
    oldest = pieces.pop().ids if pieces else ()
    pieces.append(Piece(ids=oldest, back_to=None))
    present = () if state.loaded_at is None else parents.present
    return msgspec.structs.replace(parents, present=present, pieces=tuple(pieces))


def _and_of_the_span(
    parents: Parents, nested: Endpoint, table: str, options: SyncOptions, loader: Loader
) -> Parents:
    """These, and those whose children a span of time asks for.

    What changed is read all the same: the next run looks for parents that changed after this one.
    """
    if "created_at" in nested.time_filters:
        others = {*loader.parents(table, None).present} - {*parents.present}
        return msgspec.structs.replace(parents, others=tuple(sorted(others)))
    columns = endpoint_of(table).columns
    time = next((each for each in TIMES if columns.get(each) is ColumnType.TIMESTAMP), None)
    if time is None:
        return parents.and_those(loader.parents(table, None).present)
    return parents.and_those(loader.within(table, time, options.since, options.until))
