"""Decides what to read of a nested list this time: under which parents, and how much of each."""

from collections.abc import Set
from datetime import datetime

import msgspec

from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.planning.asked_span import span_of
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.planning.parents import Parents
from rootly_assets.sync.planning.plan import Plan, Read, changed_since
from rootly_assets.sync.state import TableState


def children(
    endpoint: Endpoint,
    state: TableState,
    options: SyncOptions,
    now: datetime,
    parents: Parents,
) -> Plan:
    """Below those that changed, or below all of them, each whole or what is new of it.

    Args:
        endpoint: the nested list.
        state: how far its table has been read.
        options: what the run asks for.
        now: the present by the server's clock.
        parents: the records that changed since the table was read, or all of them.
    """
    count = len(parents.present)
    if not reads_all_parents(endpoint, state, options, now):
        turn = ", or whose turn it was" if options.sweep else ""
        asked = ", or lie in the span that was asked for" if options.asks_for_a_span else ""
        created = span_of("created_at", options).reads[0].params
        return Plan(
            reads=(
                *(Read(parent=each, again=each in parents.unread) for each in parents.present),
                *(Read(parent=each, params=created) for each in parents.others),
            ),
            parents=(*parents.present, *parents.gone),
            expected=parents.children,
            unhurried=options.sweep,
            moves_watermark=not options.asks_for_a_span,
            why=f"of {count} parents that changed{turn}{asked}",
        )
    if options.asks_for_a_span and "created_at" in endpoint.time_filters:
        span = span_of("created_at", options)
        reads = (Read(parent=each, params=span.reads[0].params) for each in parents.present)
        return msgspec.structs.replace(
            span, reads=tuple(reads), why=f"of all {count} parents, {span.why}"
        )
    watermark = None if options.full_refresh or state.begins(now) else state.watermark
    if watermark is None or "created_at" not in endpoint.time_filters:
        return Plan(
            reads=tuple(
                Read(parent=each, again=each in parents.unread) for each in parents.present
            ),
            sees_all=True,
            parents=(*parents.present, *parents.gone),
            why=f"of all {count} parents",
        )
    new = changed_since("created_at", watermark - options.lookback)
    # A parent that appeared, or came back, may have been there for long.
    entire = {*parents.childless, *parents.unread, *parents.in_turn}
    return Plan(
        reads=tuple(
            Read(
                parent=each,
                params={} if each in entire else new.reads[0].params,
                again=each in parents.unread,
            )
            for each in parents.present
        ),
        parents=(*parents.gone, *parents.in_turn),
        unhurried=options.sweep,
        why=f"of all {count} parents, {new.why}",
    )


def reads_all_parents(
    endpoint: Endpoint, state: TableState, options: SyncOptions, now: datetime
) -> bool:
    """Whether a nested list is read for every parent, and not just for those that changed."""
    return options.full_refresh or state.begins(now) or not endpoint.follows_parent


def without(planned: Plan, refused: Set[str]) -> Plan:
    """The plan less some parents: nothing is concluded about their children."""
    if not refused or planned.parents is None:
        return planned
    left = tuple(each for each in planned.parents if each not in refused)
    return msgspec.structs.replace(planned, sees_all=False, parents=left)
