"""A DuckDB file that follows a sandbox, watched: after every sync each table is held to its promise."""

from collections.abc import Generator, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from rootly_assets.api import ClientSettings, RootlyClient, RootlyError
from rootly_assets.api.limiter import Limiter
from rootly_assets.catalogue import Endpoint
from rootly_assets.sandbox import Workspace
from rootly_assets.sync.batch import Batch, Loaded
from rootly_assets.sync.errors import LoadError
from rootly_assets.sync.outcome import Outcome, Status
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.planning.parents import Parents
from rootly_assets.sync.run import sync
from rootly_assets.warehouse.duckdb import DuckDBWarehouse
from rootly_assets_tests.sync.sequences_promise import USUAL, Read, broken_promises
from rootly_assets_tests.sync.sequences_truth import (
    Rows,
    stored_rows,
    true_rows,
    versions,
)

# No list is read and loaded by a wall clock: pauses between retries pass at once.
REQUESTS_PER_MINUTE = 10_000_000


class Where(StrEnum):
    """Where a sync ends before its time."""

    BEFORE_COMMIT = "before a commit"
    AFTER_COMMIT = "after a commit"
    LOAD_FAILS = "nowhere: the warehouse refuses one list"


@dataclass(frozen=True)
class Stop:
    """A sync that does not come to its end: at which load, counted from 0, and where in it."""

    load: int
    where: Where


class Interrupted(BaseException):
    """The process was told to end."""


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class StoppingLoader:
    """A warehouse that stops where it is told to."""

    def __init__(self, warehouse: DuckDBWarehouse, stop: Stop | None) -> None:
        self.warehouse = warehouse
        self.stop = stop
        self.loads = 0

    def load(self, batch: Batch) -> Loaded:
        stop = self.stop if self.stop and self.stop.load == self.loads else None
        self.loads += 1
        if stop and stop.where is Where.BEFORE_COMMIT:
            raise Interrupted
        if stop and stop.where is Where.LOAD_FAILS:
            raise LoadError("The disk is full.")
        loaded = self.warehouse.load(batch)
        assert loaded.duplicate_ids == loaded.null_ids == 0, batch.endpoint.table
        if stop:
            raise Interrupted
        return loaded

    def kept_open(self) -> AbstractContextManager[None]:
        return self.warehouse.kept_open()

    def parents(self, table: str, since: datetime | None) -> Parents:
        return self.warehouse.parents(table, since)

    def within(
        self, table: str, column: str, since: datetime | None, until: datetime | None
    ) -> tuple[str, ...]:
        return self.warehouse.within(table, column, since, until)

    def children(self, endpoint: Endpoint, parents: Sequence[str]) -> Mapping[str, str]:
        return self.warehouse.children(endpoint, parents)

    def orphaned(self, endpoint: Endpoint) -> tuple[str, ...]:
        return self.warehouse.orphaned(endpoint)

    def childless(self, endpoint: Endpoint) -> tuple[str, ...]:
        return self.warehouse.childless(endpoint)


class Project:
    """Some lists, their tables, and what is known of how far each has been read."""

    def __init__(
        self, url: str, token: str, workspace: Workspace, family: list[Endpoint], folder: Path
    ) -> None:
        self.workspace = workspace
        self.family = family
        self.url, self.token = url, token
        self.warehouse = DuckDBWarehouse(database=str(folder / "warehouse.duckdb"))
        self.warehouse.prepare(family)
        self.landing = folder / "landing"
        self.runs = 0
        self.read_at: dict[str, datetime] = {}
        self.changed_parents: dict[str, set[str]] = {each.table: set() for each in family}
        self.begun_with: dict[str, Rows] = {}
        self.seen = self._look()

    def client(self, page_size: int) -> RootlyClient:
        clock = Clock()
        settings = ClientSettings(
            token=self.token,
            base_url=self.url,
            page_size=page_size,
            requests_per_minute=REQUESTS_PER_MINUTE,
            retries=2,
        )
        limiter = Limiter(REQUESTS_PER_MINUTE, clock=clock.time, sleep=clock.sleep)
        return RootlyClient(settings, limiter=limiter, sleep=clock.sleep, now=clock.time)

    def sync(
        self,
        *,
        full: bool = False,
        sweep: bool = False,
        page_size: int = 1000,
        stop: Stop | None = None,
        at_rest: bool = True,
        rows_at_once: int = USUAL.rows_at_once,
        concurrency: int = 1,
    ) -> dict[str, Outcome]:
        """Sync the lists, and hold every table to its promise.

        Args:
            full: whether to ask for a full refresh.
            sweep: whether to look for what is gone.
            page_size: most rows in a page.
            stop: where the sync ends before its time.
            at_rest: whether nothing changes meanwhile; otherwise there is no truth to compare with.
            rows_at_once: how many rows the first read of a long list commits at a time.
            concurrency: lists read side by side.

        Returns:
            Outcomes by table, of those lists that came to an end.
        """
        self.runs += 1
        outcomes: dict[str, Outcome] = {}
        with (
            self.watched(full=full, sweep=sweep, at_rest=at_rest, outcomes=outcomes),
            suppress(Interrupted, RootlyError),
        ):
            for outcome in sync(
                endpoints=self.family,
                client=self.client(page_size),
                loader=StoppingLoader(self.warehouse, stop),
                states=dict(self.warehouse.states()),
                options=SyncOptions(full_refresh=full, sweep=sweep, rows_at_once=rows_at_once),
                landing_root=self.landing,
                run_id=f"run-{self.runs}",
                concurrency=concurrency,
            ):
                outcomes[outcome.endpoint.table] = outcome
        assert not list(self.landing.glob("*")), "landing files don't stay behind"
        return outcomes

    @contextmanager
    def watched(
        self,
        *,
        full: bool = False,
        sweep: bool = False,
        at_rest: bool = True,
        outcomes: Mapping[str, Outcome] | None = None,
    ) -> Generator[None]:
        """Hold every table to its promise after what is done to the file in this block.

        A table whose state is another afterwards was loaded; any other must be as it was.

        Args:
            full: whether a full refresh is asked for.
            sweep: whether it is looked for what is gone.
            at_rest: whether nothing changes meanwhile.
            outcomes: of the lists that came to an end in the block; None where nobody knows.
        """
        before, versions_before = self.seen
        states_before = dict(self.warehouse.states())
        began = self.workspace.now
        yield
        after, versions_after = self.seen = self._look()
        states_after = dict(self.warehouse.states())
        # What changed without a sign is seen by sweeps alone: a list that fails in one has it of the next.
        missed = {
            each.table
            for each in self.family
            if sweep and outcomes is not None and not _is_loaded(outcomes.get(each.table))
        }
        self._note_changed_parents(versions_before, versions_after, missed)
        for endpoint in self.family:
            table = endpoint.table
            if states_after.get(table) == states_before.get(table):
                assert after[table] == before[table], f"{table} was not loaded, yet it differs"
                continue
            # The server says its time to the second.
            moved_to = began.replace(microsecond=0)
            outcome = outcomes.get(table) if outcomes is not None else None
            is_unfinished = outcomes is not None and not _is_loaded(outcome)
            is_cut_short = full and (states_after[table].watermark != moved_to or is_unfinished)
            # What changed is committed before anything is swept.
            is_swept = sweep and not is_unfinished
            # Of a full refresh that was stopped some rows are as the server has them, the others as they were.
            is_done = states_after[table].back_to is None and not is_cut_short
            unread = frozenset(states_after[table].unread_parents)
            # Of these the table says that it may not have all.
            reading = outcome.reading if outcome else None
            doubtful = unread | (reading.doubtful.keys() if reading else set())
            truth = true_rows(self.workspace, endpoint)
            if at_rest:
                self._held(endpoint, full, sweep, is_swept, is_done, doubtful, before[table], after)
            if is_cut_short:
                continue
            self.read_at[table] = began
            if is_done:
                self.begun_with.pop(table, None)
                self.changed_parents[table] = set(unread)
            else:
                self.begun_with.setdefault(table, truth)
                self.changed_parents[table] &= parents_of_others(truth, after[table])

    def rows(self, endpoint: Endpoint) -> Rows:
        """Rows of a table as the last sync left them."""
        return self.seen[0][endpoint.table]

    def assert_true(self) -> None:
        """Every table in the file is as the server is, row by row."""
        tables, _ = self._look()
        for endpoint in self.family:
            if endpoint.table in self.read_at:
                truth = true_rows(self.workspace, endpoint)
                assert tables[endpoint.table] == truth, endpoint.table

    def _held(
        self,
        endpoint: Endpoint,
        full: bool,
        sweep: bool,
        is_swept: bool,
        is_done: bool,
        unread: Set[str],
        before: Rows,
        after: dict[str, Rows],
    ) -> None:
        above = endpoint.parent.table if endpoint.parent else None
        read = Read(
            full=full,
            sweep=sweep,
            # An interrupted first read comes to its end before anything is swept.
            is_swept=is_swept and endpoint.table not in self.begun_with,
            is_done=is_done,
            begun_with=self.begun_with.get(endpoint.table, {}),
            since=self.read_at.get(endpoint.table),
            parents=after[above].keys() if above else frozenset(),
            changed_parents=self.changed_parents[endpoint.table],
            unread=unread,
        )
        rows = after[endpoint.table]
        broken = broken_promises(endpoint, self.workspace, read, before, rows)
        assert not broken, "\n".join([f"{endpoint.table}: {read}", *broken[:10]])

    def _look(self) -> tuple[dict[str, Rows], dict[str, dict[str, int]]]:
        with self.warehouse.get_connection() as connection:
            return (
                {each.table: stored_rows(connection, each) for each in self.family},
                {each.table: versions(connection, each) for each in parents_among(self.family)},
            )

    def _note_changed_parents(
        self,
        before: dict[str, dict[str, int]],
        after: dict[str, dict[str, int]],
        missed: Set[str],
    ) -> None:
        for endpoint in self.family:
            table = endpoint.parent.table if endpoint.parent else None
            if table is not None and endpoint.table not in missed:
                old, new = before[table], after[table]
                changed = {id_ for id_ in {*old, *new} if old.get(id_) != new.get(id_)}
                self.changed_parents[endpoint.table] |= changed


def _is_loaded(outcome: Outcome | None) -> bool:
    return outcome is not None and outcome.status is Status.LOADED


def parents_of_others(truth: Rows, stored: Rows) -> set[str]:
    """Parents whose children are not all as they should be: these have not been read."""
    others = {*truth.items()} ^ {*stored.items()}
    return {row.parent for _, row in others if row.parent is not None}


def parents_among(family: Sequence[Endpoint]) -> Iterator[Endpoint]:
    """The lists whose rows are parents of others."""
    parents = {each.parent.table for each in family if each.parent}
    return (each for each in family if each.table in parents)


def failed(outcomes: dict[str, Outcome]) -> dict[str, str]:
    """Why lists could not be read or loaded, by table."""
    return {table: str(each.error) for table, each in outcomes.items() if each.status == "failed"}
