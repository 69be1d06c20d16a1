"""Decides what to read of an endpoint this time, from how it is kept current and what is there already."""

from collections.abc import Mapping, Set
from datetime import UTC, datetime, timedelta

import msgspec

from rootly_assets.catalogue import Endpoint, Strategy
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.planning.parents import Parents
from rootly_assets.sync.state import TableState


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """One pass over the pages of a list.

    Attributes:
        params: query parameters beside paging and sort.
        after: the cursor to go on from.
        parent: id of the record whose list is read, for nested lists.
        again: whether that failed in the read before.
        until: of a list that is sorted by change, the latest first: what had changed before is known.
        cuts: how often it was cut to become so short.
    """

    params: Mapping[str, str] = {}
    after: str | None = None
    parent: str | None = None
    again: bool = False
    until: datetime | None = None
    cuts: int = 0


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A span of time of which every row was read: a row in it that was not seen is gone.

    Attributes:
        start, end: the first instant in it, and the first after it; None for no such bound.
        created: whether it is of rows that were created in it, and not of those that take place in it.
    """

    start: datetime | None
    end: datetime | None
    created: bool = False

    def bounds(self) -> list[tuple[str, str, datetime]]:
        """What is true of a row that lies wholly inside: column, comparison, instant.

        A shift on the edge may be listed by its other half alone.
        """
        first, last = ("created_at", "created_at") if self.created else ("starts_at", "ends_at")
        found = ((first, ">=", self.start), (last, "<" if self.created else "<=", self.end))
        return [(column, sign, moment) for column, sign, moment in found if moment is not None]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to read, and what may be concluded when it has been read.

    Attributes:
        reads: passes that together give the rows.
        sees_all: whether every row of the list is among them, so that an unseen row is gone.
        window: for window lists: the span of which every row is among them.
        parents: for nested lists: the records whose every child is among them.
        expected: ids of rows of nested lists, with their parents', that are asked for one by one where they
            don't come.
        unhurried: whether it may wait until others leave it some of the rate limit.
        moves_watermark: whether a complete pass says something about everything up to now.
        why: the plan in a few words, for the log and the asset's page.
    """

    reads: tuple[Read, ...]
    sees_all: bool = False
    window: Window | None = None
    parents: tuple[str, ...] | None = None
    expected: Mapping[str, str] = {}
    unhurried: bool = False
    moves_watermark: bool = True
    why: str


# Each answer may come from another of Rootly's machines, with another clock.
CLOCKS_APART = timedelta(minutes=1)

# Rootly is younger than that.
BEGINNING = datetime(2015, 1, 1, tzinfo=UTC)

# The API answers 422 to longer spans of shifts ("2 months").
LONGEST_WINDOW = timedelta(days=56)

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
        return _children(endpoint, state, options, now, parents)
    if endpoint.strategy is Strategy.WINDOW:
        return _windows(state, options, now)
    if endpoint.strategy is Strategy.LATEST:
        return _latest(state, options, now)
    attribute = CHANGE_FILTERS.get(endpoint.strategy)
    if attribute is None or attribute not in endpoint.time_filters:
        return whole("whole list")
    if options.asks_for_a_span:
        return _span(attribute, options)
    if options.full_refresh:
        return whole("full refresh")
    watermark = state.watermark
    if watermark is None:
        return whole("first read")
    if doubt := _doubt(watermark, state, now):
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
    if any(each.until for each in planned.reads):
        return whole(f"whole list: {why}")
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


def created_between(start: datetime | None, end: datetime | None) -> Read:
    """Rows created from `start` on and before `end`; None where there is no such bound."""
    bounds = (("gte", start), ("lt", end))
    return Read(
        params={f"filter[created_at][{name}]": _text(each) for name, each in bounds if each}
    )


def changed_since(attribute: str, start: datetime) -> Plan:
    """Rows whose `attribute` is not before `start`."""
    return Plan(
        reads=(Read(params={f"filter[{attribute}][gte]": _text(start)}),),
        why=f"{attribute} since {start:%Y-%m-%d %H:%M:%S} UTC",
    )


def reads_all_parents(
    endpoint: Endpoint, state: TableState, options: SyncOptions, now: datetime
) -> bool:
    """Whether a nested list is read for every parent, and not just for those that changed."""
    return options.full_refresh or _begins(state, now) or not endpoint.follows_parent


def without(planned: Plan, refused: Set[str]) -> Plan:
    """The plan less some parents: nothing is concluded about their children."""
    if not refused or planned.parents is None:
        return planned
    left = tuple(each for each in planned.parents if each not in refused)
    return msgspec.structs.replace(planned, sees_all=False, parents=left)


def _children(
    endpoint: Endpoint,
    state: TableState,
    options: SyncOptions,
    now: datetime,
    parents: Parents,
) -> Plan:
    count = len(parents.present)
    if not reads_all_parents(endpoint, state, options, now):
        turn = ", or whose turn it was" if options.sweep else ""
        asked = ", or lie in the span that was asked for" if options.asks_for_a_span else ""
        created = _span("created_at", options).reads[0].params
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
        span = _span("created_at", options)
        reads = (Read(parent=each, params=span.reads[0].params) for each in parents.present)
        return msgspec.structs.replace(
            span, reads=tuple(reads), why=f"of all {count} parents, {span.why}"
        )
    watermark = None if options.full_refresh or _begins(state, now) else state.watermark
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
        why=f"of all {count} parents, {new.why}",
    )


def _begins(state: TableState, now: datetime) -> bool:
    """Whether nothing is known of what has been read."""
    return state.watermark is None or _doubt(state.watermark, state, now) is not None


def _doubt(watermark: datetime, state: TableState, now: datetime) -> str | None:
    """Why a watermark is not to be believed; None where it is."""
    said = f"watermark {watermark:%Y-%m-%d %H:%M}"
    if watermark > now + CLOCKS_APART:
        return f"{said} lies in the future: read again"
    if watermark != state.synced_at:
        # Both are written together: somebody has changed one of them.
        return f"{said} was not set by us: read again"
    return None


def _latest(state: TableState, options: SyncOptions, now: datetime) -> Plan:
    if state.watermark is None:
        return whole("first read")
    if options.full_refresh or options.asks_for_a_span:
        return whole("whole list")
    if options.sweep and state.back_to is None:
        return whole("whole list, for what changed or came without a sign")
    if doubt := _doubt(state.watermark, state, now):
        return whole(doubt)
    until = state.watermark - options.overlap
    return Plan(
        reads=(Read(params={"sort": "-updated_at"}, until=until),),
        why=f"latest changes, back to {until:%Y-%m-%d %H:%M:%S} UTC",
    )


def whole(why: str) -> Plan:
    """A list from end to end."""
    return Plan(reads=(Read(),), sees_all=True, why=why)


def _span(attribute: str, options: SyncOptions) -> Plan:
    params = {
        f"filter[{attribute}][{operator}]": _text(moment)
        for operator, moment in (("gte", options.since), ("lte", options.until))
        if moment is not None
    }
    said = " ".join(f"{key} {value}" for key, value in params.items())
    return Plan(reads=(Read(params=params),), moves_watermark=False, why=f"asked for: {said}")


def _windows(state: TableState, options: SyncOptions, now: datetime) -> Plan:
    watermark = None if options.full_refresh or _begins(state, now) else state.watermark
    if watermark is None or options.until is not None:
        # Up to a time means all that is before it, as far back as a first read goes.
        usual = min(now, options.until or now) - options.history
    else:
        # After a long pause the trailing window reaches back to where the last one ended.
        usual = watermark - options.trailing
    start = (options.since or usual).replace(microsecond=0)
    end = (options.until or max(now, start) + options.leading).replace(microsecond=0)
    reads: list[Read] = []
    left = start
    while left < end:
        right = min(left + LONGEST_WINDOW, end)
        reads.append(Read(params={"from": _text(left), "to": _text(right)}))
        left = right
    return Plan(
        reads=tuple(reads),
        window=Window(start=start, end=end),
        moves_watermark=not options.asks_for_a_span,
        why=f"shifts from {start:%Y-%m-%d} to {end:%Y-%m-%d}",
    )


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
