"""Brings a set of tables up to date: lists are read side by side, each is committed as soon as it is complete.

One list's failure stays its own: the others are loaded, and the failed one keeps the rows that it had.
"""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import msgspec

from rootly_assets.api import Forbidden, RootlyClient, RootlyError, Unauthorized
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.batch import Batch, Loaded
from rootly_assets.sync.errors import LoadError, SyncError, UnexpectedError
from rootly_assets.sync.landing import LandingArea
from rootly_assets.sync.parents import Parents
from rootly_assets.sync.plan import SyncOptions, reads_all_parents
from rootly_assets.sync.reading import Reading, Run, read
from rootly_assets.sync.state import TableState


class Loader(Protocol):
    """The part of a warehouse that a sync needs."""

    def load(self, batch: Batch) -> Loaded:
        """Commit a batch and its state in one transaction: all of it, or nothing."""
        ...

    def kept_open(self) -> AbstractContextManager[None]:
        """A block that does several of these things in one go, without waiting for the network."""
        ...

    def parents(self, table: str, since: datetime | None) -> Parents:
        """Records of a table that came, changed or vanished after a time; all present ones for None."""
        ...


class Status(StrEnum):
    """How reading one list ended."""

    LOADED = "loaded"
    NOT_PERMITTED = (
        "not permitted"  # the key may not read it: no failure, its table stays as it was
    )
    FAILED = "failed"


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one list in this run.

    Attributes:
        endpoint: the list.
        status: how it ended.
        before: the table's state before the run.
        after: its state now; the same as before unless loaded.
        reading, loaded: what it took and what it did; None unless loaded.
        error: what went wrong; None when loaded.
    """

    endpoint: Endpoint
    status: Status
    before: TableState
    after: TableState
    reading: Reading | None = None
    loaded: Loaded | None = None
    error: Exception | None = None


def sync(
    *,
    endpoints: Iterable[Endpoint],
    client: RootlyClient,
    loader: Loader,
    states: dict[str, TableState],
    options: SyncOptions,
    landing_root: Path,
    run_id: str,
    concurrency: int,
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
        concurrency: how many lists are read at a time.

    Raises:
        Unauthorized: where the token is wrong, which no list survives.
        SyncError: where the landing folder can't be used at all.
    """
    run = Run(id=run_id, began=client.server_now(), at=datetime.now(UTC))
    with (
        # A run's steps may live side by side: each has a folder of its own.
        LandingArea(landing_root, f"{run_id}-{uuid4().hex[:8]}") as area,
        ThreadPoolExecutor(concurrency, thread_name_prefix="rootly") as pool,
    ):
        for generation in generations(endpoints):
            before: dict[Future[tuple[Batch, Reading]], tuple[Endpoint, TableState]] = {}
            parents = _parents(generation, states, options, loader)
            for endpoint in generation:
                state = _state(endpoint, states)
                landing = area.file(endpoint.table)
                future = pool.submit(
                    read,
                    client,
                    endpoint,
                    state,
                    options,
                    landing,
                    run,
                    parents.get(endpoint.table),
                )
                before[future] = (endpoint, state)
            try:
                pending = set(before)
                while pending:
                    done, pending = wait(pending, return_when=FIRST_COMPLETED)
                    with loader.kept_open():
                        for future in done:
                            endpoint, state = before[future]
                            yield _outcome(future, endpoint, state, loader)
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise


def _state(endpoint: Endpoint, states: Mapping[str, TableState]) -> TableState:
    return states.get(endpoint.table, TableState(table_name=endpoint.table))


def generations(endpoints: Iterable[Endpoint]) -> Iterator[list[Endpoint]]:
    """Sort lists so that parents come before their children: whose ids they need are then in the table."""
    left = list(endpoints)
    while left:
        waiting = {each.table for each in left}
        ready = [each for each in left if each.parent is None or each.parent.table not in waiting]
        yield ready
        left = [each for each in left if each not in ready]


def _parents(
    generation: Iterable[Endpoint],
    states: Mapping[str, TableState],
    options: SyncOptions,
    loader: Loader,
) -> dict[str, Parents]:
    """Whose children to read, for the nested lists among these, by table."""
    nested = [(each, each.parent.table) for each in generation if each.parent and each.parent.table]
    if not nested:
        return {}
    found: dict[str, Parents] = {}
    with loader.kept_open():
        for endpoint, parent_table in nested:
            state = _state(endpoint, states)
            since = None if reads_all_parents(endpoint, state, options) else state.loaded_at
            found[endpoint.table] = loader.parents(parent_table, since)
    return found


def _outcome(
    future: Future[tuple[Batch, Reading]], endpoint: Endpoint, state: TableState, loader: Loader
) -> Outcome:
    try:
        batch, reading = future.result()
        loaded = loader.load(batch)
        batch.landing.remove()
    except Unauthorized:
        raise
    except Forbidden as error:
        return Outcome(
            endpoint=endpoint,
            status=Status.NOT_PERMITTED,
            before=state,
            after=state,
            error=error,
        )
    except (RootlyError, SyncError, LoadError) as error:
        return Outcome(
            endpoint=endpoint, status=Status.FAILED, before=state, after=state, error=error
        )
    except Exception as error:
        unexpected = UnexpectedError(error)
        unexpected.__cause__ = error
        return Outcome(
            endpoint=endpoint, status=Status.FAILED, before=state, after=state, error=unexpected
        )
    return Outcome(
        endpoint=endpoint,
        status=Status.LOADED,
        before=state,
        after=batch.state,
        reading=reading,
        loaded=loaded,
    )
