"""Dagster's own storage in SQLite files, without making the same engines and statements anew for each event.

The files are the same, and Dagster without this class reads and writes them as well. It opens and closes them
several times an event, each time with a new engine of SQLAlchemy, which compiles every statement anew: a fifth
of the CPU time of a sync with nothing new, and more. `dagster.yaml` names the class.
"""

import os
from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache

import sqlalchemy
from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
    INDEX_SHARD_NAME,
    SqliteEventLogStorage,
)
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage, SqliteStorageConfig
from dagster._serdes import ConfigurableClassData
from sqlalchemy.pool import NullPool, QueuePool


class EventLog(SqliteEventLogStorage):
    """The event log: a file for each run, and one that is looked into across runs."""

    @contextmanager
    def _connect(self, shard: str) -> Generator[sqlalchemy.Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def has_table(self, table_name: str) -> bool:
        """Whether the file of all runs has a table."""
        with self._engine(INDEX_SHARD_NAME).connect() as connection:
            return connection.dialect.has_table(connection, table_name)

    def _engine(self, shard: str) -> sqlalchemy.Engine:
        # Events of assets go into the file of all runs, in a connection each: when the last one is closed,
        # SQLite tidies up, which takes longer than the event. The file of a run is left as Dagster leaves it:
        # it may be deleted, and its being tidied up is what tells the UI that there is something new.
        return _engine(
            self.conn_string_for_shard(shard),
            keeps_a_connection=shard == INDEX_SHARD_NAME,
            # A fork must not use a connection of the process that it came from.
            _process=os.getpid(),
        )


class Storage(DagsterSqliteStorage):
    """Runs, events and schedules, in the files where Dagster keeps them by default."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
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
    return sqlalchemy.create_engine(
        address,
        poolclass=QueuePool if keeps_a_connection else NullPool,
        connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS},
        **(kept if keeps_a_connection else {}),
    )
