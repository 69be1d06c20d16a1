"""Dagster's own storage in SQLite files, without making the same engines and statements anew for each event.

The files are the same, and Dagster without this class reads and writes them as well. It opens and closes them
several times an event, each time with a new engine of SQLAlchemy, which compiles every statement anew, and
waits for the disk: half of the time of a sync with nothing new. `dagster.yaml` names the class.
"""

import os
import sqlite3
import threading
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy
import sqlalchemy.event
from dagster import EventLogEntry
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
    INDEX_SHARD_NAME,
    SqliteEventLogStorage,
)
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage, SqliteStorageConfig
from dagster._serdes import ConfigurableClassData
from sqlalchemy.pool import NullPool, QueuePool

# A run plans its assets and checks in one transaction, which Dagster does where this variable says how many.
BATCH_SIZE = "DAGSTER_EVENT_BATCH_SIZE"


class EventLog(SqliteEventLogStorage):
    """The event log: a file for each run, and one that is looked into across runs."""

    def __init__(self, base_dir: str) -> None:
        # Of an event, or some, that are being stored: the transactions begun, by the name of the file.
        self._begun: dict[str, sqlalchemy.Connection] | None = None
        self._until_stored = ExitStack()
        super().__init__(base_dir)
        self._db_lock: Any = threading.RLock()  # files are opened while an event is stored

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event, in one transaction for each of the files that tell of it."""
        with self._at_once():
            super().store_event(event)
        self._tell_watchers(event.run_id)
        if event.step_key is None:
            self._let_go(event.run_id)

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store events, all of them in one transaction for each file."""
        with self._at_once():
            super().store_event_batch(events)
        for run_id in {event.run_id for event in events}:
            self._tell_watchers(run_id)
            self._let_go(run_id)

    def delete_events(self, run_id: str) -> None:
        """Delete the events of a run, its file, and what is noted of its checks beside them.

        Dagster deletes rows alone: a file would stay as large as it was, and checks be there for ever.
        """
        super().delete_events(run_id)
        with self.index_connection() as connection:
            checks = AssetCheckExecutionsTable
            connection.execute(checks.delete().where(checks.c.run_id == run_id))
        with self._db_lock:
            self._let_go(run_id)
            self._initialized_dbs.discard(run_id)
            for beside in ("", "-wal", "-shm"):
                Path(self.path_for_shard(run_id) + beside).unlink(missing_ok=True)

    @contextmanager
    def _at_once(self) -> Generator[None]:
        with self._db_lock:
            if self._begun is not None:
                yield
                return
            self._begun = {}
            try:
                with ExitStack() as self._until_stored:
                    yield
            finally:
                self._begun = None

    def _tell_watchers(self, run_id: str) -> None:
        # The UI watches the file of a run, and SQLite writes into the log beside it. Dagster closes the file
        # after each event, and SQLite then tidies up, which takes longer than the event.
        with suppress(FileNotFoundError):  # the run was deleted
            os.utime(self.path_for_shard(run_id))

    def _let_go(self, run_id: str) -> None:
        # A step tells many things in a row; what is no step's may be the last that is told of the run.
        self._engine(run_id, keeps_a_connection=True).dispose()

    @contextmanager
    def _connect(self, shard: str) -> Generator[sqlalchemy.Connection]:
        with self._db_lock:
            if self._begun is None:
                # The file of a run that is only read may be deleted.
                with self._transaction(shard, keeps_a_connection=shard == INDEX_SHARD_NAME) as one:
                    yield one
                return
            if shard not in self._begun:
                begun = self._transaction(shard, keeps_a_connection=True)
                self._begun[shard] = self._until_stored.enter_context(begun)
            yield self._begun[shard]

    @contextmanager
    def _transaction(
        self, shard: str, *, keeps_a_connection: bool
    ) -> Generator[sqlalchemy.Connection]:
        engine = self._engine(shard, keeps_a_connection=keeps_a_connection)
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        with engine.begin() as connection:
            yield connection

    def has_table(self, table_name: str) -> bool:
        """Whether the file of all runs has a table."""
        engine = self._engine(INDEX_SHARD_NAME, keeps_a_connection=True)
        with engine.connect() as connection:
            return connection.dialect.has_table(connection, table_name)

    def _engine(self, shard: str, *, keeps_a_connection: bool) -> sqlalchemy.Engine:
        return _engine(
            self.conn_string_for_shard(shard),
            keeps_a_connection=keeps_a_connection,
            # A fork must not use a connection of the process that it came from.
            _process=os.getpid(),
        )


class Storage(DagsterSqliteStorage):
    """Runs, events and schedules, in the files where Dagster keeps them by default."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        os.environ.setdefault(BATCH_SIZE, "1000")
        self._event_log_storage = EventLog(f"{base_dir}/history/runs/")

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: SqliteStorageConfig
    ) -> "Storage":
        """What `dagster.yaml` asks for."""
        return cls(inst_data=inst_data, **config_value)


@lru_cache(maxsize=16)
def _engine(address: str, *, keeps_a_connection: bool, _process: int) -> sqlalchemy.Engine:
    # Two: Dagster looks for a table while it holds a connection.
    kept = {"pool_size": 2, "max_overflow": -1}
    engine = sqlalchemy.create_engine(
        address,
        poolclass=QueuePool if keeps_a_connection else NullPool,
        connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS},
        **(kept if keeps_a_connection else {}),
    )
    sqlalchemy.event.listen(engine, "connect", _wait_for_no_disk)
    return engine


def _wait_for_no_disk(connection: sqlite3.Connection, _record: object) -> None:
    # With a log beside the file, which Dagster asks for, a process that is killed loses nothing, and a machine
    # that loses its power at most the last events of its history: the rows are safe elsewhere.
    connection.execute("PRAGMA synchronous = NORMAL")
