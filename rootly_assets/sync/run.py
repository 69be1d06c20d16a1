"""Brings a set of tables up to date: lists are read side by side, each is committed as soon as it is complete.

A nested list is begun as soon as the table that names its parents is loaded, whatever else is still being read.

One list's failure stays its own: the others are loaded, and the failed one keeps the rows that it had.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from uuid import uuid4

import msgspec

from rootly_assets.api import RootlyClient
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.landing import LandingArea
from rootly_assets.sync.loader import Loader
from rootly_assets.sync.outcome import Outcome, Progress
from rootly_assets.sync.part import Part, Run
from rootly_assets.sync.planning.groups import Group, alone, grouped, ready
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.planning.parents import Parents
from rootly_assets.sync.planning.parents_to_read import parents_to_read
from rootly_assets.sync.progress import GroupProgress
from rootly_assets.sync.reading.group import GroupReader
from rootly_assets.sync.reading.request_pool import RequestPool
from rootly_assets.sync.reading.requester import Requester
from rootly_assets.sync.state import TableState

# Seconds. To open a DuckDB file of some hundred tables, and to close it, costs more than to load a short list:
# it stays open until nothing has come for a moment, but not for long, since nobody else can open it meanwhile.
PAUSE = 0.1
LONGEST = 2.0


def sync(
    *,
    endpoints: Iterable[Endpoint],
    client: RootlyClient,
    loader: Loader,
    states: Mapping[str, TableState],
    options: SyncOptions,
    landing_root: Path,
    run_id: str,
    concurrency: int,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Iterator[Outcome]:
    """Read and load the lists; yields each one's outcome as soon as it is known.

    Args:
        endpoints: the lists.
        client: where they are read.
        loader: where they are loaded; called from this thread only.
        states: how far each table has been read.
        options: what the run asks for.
        landing_root: folder for landing files; they are gone when this returns.
        run_id: names the run in the state.
        concurrency: how many requests are under way at a time, by all lists together.
        on_progress: hears of every part of a long list that was committed before the last.

    Raises:
        Unauthorized: where the token is wrong, which no list survives.
        SyncError: where the landing folder can't be used at all.
    """
    run = Run(id=run_id, began=client.server_now(), at=_later_than(states.values()))
    with (
        # A run's steps may live side by side: each has a folder of its own.
        LandingArea(landing_root, f"{run_id}-{uuid4().hex[:8]}") as area,
        ThreadPoolExecutor(concurrency, thread_name_prefix="rootly") as readers,
        RequestPool(concurrency) as request_pool,
    ):
        messages: SimpleQueue[_Message] = SimpleQueue()
        waiting, under_way = grouped(endpoints), list[Group]()

        def begin(waiting: Sequence[Group]) -> list[Group]:
            """Begin what needs not wait any longer; returns the others."""
            now, later = ready(waiting, under_way)
            for group, parents in _with_parents(now, states, options, loader, run):
                requester = Requester(client, request_pool)
                reader = GroupReader(requester, group, states, options, area, run, parents)
                progress = GroupProgress(group, states, loader, on_progress)
                readers.submit(_read_into, messages, reader, reader.parts(), progress)
                under_way.append(group)
            return later

        try:
            waiting = begin(waiting)
            while under_way:
                first = messages.get()
                with loader.kept_open():
                    for message in _soon(messages, first, under_way):
                        progress = message.progress
                        if message.part is not None:
                            progress.commit(message.part)
                            continue
                        reader = message.reader
                        if message.error is None and (parts := _wanting(reader, progress)):
                            readers.submit(_read_into, messages, reader, parts, progress)
                            continue
                        progress.end(message.error)
                        under_way.remove(progress.group)
                        waiting += map(alone, progress.to_read_alone())
                        waiting = begin(waiting)
                        yield from progress.outcomes()
        except BaseException:
            request_pool.end()
            readers.shutdown(wait=True, cancel_futures=True)
            raise


def _later_than(states: Iterable[TableState]) -> datetime:
    """Now; or, where this machine's clock was set back, the first instant after all runs before.

    Nested lists are read under the parents that are marked with a later time than their own last run.
    """
    before = [each.loaded_at for each in states if each.loaded_at is not None]
    return max([datetime.now(UTC), *(each + timedelta(microseconds=1) for each in before)])


class _Message(msgspec.Struct, frozen=True):
    """What a reading thread has to say: a part that can be committed, or how it ended."""

    reader: GroupReader
    progress: GroupProgress
    part: Part | None = None
    error: BaseException | None = None


def _read_into(
    messages: "SimpleQueue[_Message]",
    reader: GroupReader,
    parts: Iterator[Part],
    progress: GroupProgress,
) -> None:
    try:
        for part in parts:
            messages.put(_Message(reader, progress, part=part))
    except BaseException as error:
        messages.put(_Message(reader, progress, error=error))
    else:
        messages.put(_Message(reader, progress))


def _wanting(reader: GroupReader, progress: GroupProgress) -> Iterator[Part] | None:
    """What is still to be read, as loading has shown; None where nothing is."""
    if absent := progress.take_absent():
        return reader.appeared(absent)
    return reader.all_of_it() if progress.take_miscounted() else None


def _soon(
    messages: "SimpleQueue[_Message]", first: _Message, under_way: Sequence[Group]
) -> Iterator[_Message]:
    """What there is to be said, while something is under way and not long in coming."""
    yield first
    end = time.monotonic() + LONGEST
    with suppress(Empty):
        while under_way and (left := end - time.monotonic()) > 0:
            yield messages.get(timeout=min(left, PAUSE))


def _with_parents(
    groups: Sequence[Group],
    states: Mapping[str, TableState],
    options: SyncOptions,
    loader: Loader,
    run: Run,
) -> list[tuple[Group, Parents | None]]:
    """The groups, and for nested lists whose children to read."""
    found: list[tuple[Group, Parents | None]] = []
    are_nested = any(group.waits_for for group in groups)
    with loader.kept_open() if are_nested else nullcontext():
        for group in groups:
            parents = None
            if (table := group.waits_for) is not None:
                parents = parents_to_read(group.carrier, table, states, options, loader, run)
            found.append((group, parents))
    return found
