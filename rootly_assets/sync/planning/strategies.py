"""Decides what to read of a list this time, from how it is kept current and what is there already."""

from datetime import datetime

from rootly_assets.catalogue import Endpoint, Strategy
from rootly_assets.sync.planning.asked_span import span_of
from rootly_assets.sync.planning.below_parents import children
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.planning.parents import Parents
from rootly_assets.sync.planning.plan import Plan, Read, changed_since, created_between, whole
from rootly_assets.sync.planning.shifts import shifts
from rootly_assets.sync.state import TableState

# The attribute by which a list tells what is new.
CHANGE_FILTERS = {
    Strategy.SINCE: "updated_at",
    Strategy.STREAM: "created_at",
    Strategy.APPENDED: "created_at",
}


def plan(
    endpoint: Endpoint,
    state: TableState,
    options: SyncOptions,
    now: datetime,
    parents: Parents | None = None,
    *,
    with_children: bool = False,
    with_links: bool = False,
) -> Plan:
    """The cheapest reading that brings the table up to date.

    Args:
        endpoint: the list.
        state: how far its table has been read.
        options: what the run asks for.
        now: the present by the server's clock.
        parents: for nested lists: the records that changed since the table was read, or all of them.
        with_children: whether records of other lists come along that may change without a sign from theirs.
        with_links: whether links to records come along that may.
    """
    if parents is not None:
        return children(endpoint, state, options, now, parents)
    if endpoint.strategy is Strategy.WINDOW:
        return shifts(state, options, now)
    if endpoint.strategy is Strategy.LATEST:
        return _latest(state, options, now)
    attribute = CHANGE_FILTERS.get(endpoint.strategy)
    if attribute is None or attribute not in endpoint.time_filters:
        return whole("whole list")
    if options.asks_for_a_span:
        return span_of(attribute, options)
    if options.full_refresh:
        return whole("full refresh")
    watermark = state.watermark
    if watermark is None:
        return whole("first read")
    if doubt := state.doubt(now):
        return whole(doubt)
    if state.cursor and endpoint.strategy is Strategy.STREAM:
        # Rows that the server commits late may sort before the cursor.
        late = changed_since(attribute, watermark - options.overlap).reads
        why = "from the cursor of the last read, and what came late"
        return Plan(reads=(Read(after=state.cursor), *late), why=why)
    back = options.lookback if endpoint.strategy is Strategy.APPENDED else options.overlap
    if with_children:
        back = max(back, options.child_lookback)
    elif with_links:
        back = max(back, options.link_lookback)
    return changed_since(attribute, watermark - back)


def instead(planned: Plan, state: TableState, options: SyncOptions, why: str) -> Plan | None:
    """What to read where a list does not give its changes as planned; None where nothing else helps.

    Args:
        planned: what was to be read.
        state: how far its table has been read.
        options: what the run asks for.
        why: it does not.
    """
    if planned.reads_latest:
        if state.back_to is None:
            return whole(f"whole list: {why}")
        # Of a first read that is not at its end: all that it has brought, once more, before it goes on.
        read = created_between(state.back_to, None)
        said = f"everything since {state.back_to:%Y-%m-%d}: {why}"
        return Plan(reads=(read,), moves_watermark=False, why=said)
    if state.watermark is not None and any(each.after for each in planned.reads):
        # The cursor is no longer accepted: the feed goes on from the time it stood for.
        return changed_since(CHANGE_FILTERS[Strategy.STREAM], state.watermark - options.overlap)
    return None


def can_go_backwards(endpoint: Endpoint) -> bool:
    """Whether the first read of a list can begin with what is newest, in windows of time."""
    return (
        endpoint.parent is None
        and endpoint.strategy
        in (Strategy.SINCE, Strategy.APPENDED, Strategy.STREAM, Strategy.LATEST)
        and "created_at" in endpoint.time_filters
    )


def _latest(state: TableState, options: SyncOptions, now: datetime) -> Plan:
    if state.watermark is None:
        return whole("first read")
    if options.full_refresh or options.asks_for_a_span:
        return whole("whole list")
    if options.sweep and state.back_to is None:
        return whole("whole list, for what changed or came without a sign")
    if doubt := state.doubt(now):
        return whole(doubt)
    until = state.watermark - options.overlap
    return Plan(
        reads=(Read(params={"sort": "-updated_at"}, until=until),),
        why=f"latest changes, back to {until:%Y-%m-%d %H:%M:%S} UTC",
    )
