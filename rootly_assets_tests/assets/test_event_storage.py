"""The storage that `dagster.yaml` names: Dagster's own files, which Dagster reads without it too."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import dagster as dg
import pytest
import sqlalchemy
import sqlalchemy.event
from dagster._core.storage.event_log import EventLogStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

from rootly_assets.event_storage import EventLog

REPOSITORY = Path(__file__).parents[2]


@dg.asset(check_specs=[dg.AssetCheckSpec("is_there", asset="things")])
def things() -> Iterator[Any]:
    yield dg.MaterializeResult(
        metadata={"rows": 3},
        check_results=[dg.AssetCheckResult(check_name="is_there", passed=True)],
    )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(REPOSITORY / "dagster.yaml", tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    return tmp_path


def materialized(instance: dg.DagsterInstance) -> str:
    result = dg.materialize([things], instance=instance)
    assert result.success
    return result.run_id


def told(storage: EventLogStorage, run_id: str) -> list[str | None]:
    return [
        each.dagster_event_type.value if each.dagster_event_type else each.user_message
        for each in storage.get_logs_for_run(run_id)
    ]


def test_dagster_alone_reads_the_same_events(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        run_id = materialized(instance)
        assert isinstance(instance.event_log_storage, EventLog)
        events = told(instance.event_log_storage, run_id)
    assert "ASSET_MATERIALIZATION" in events
    assert "ASSET_CHECK_EVALUATION" in events
    assert told(DagsterSqliteStorage(str(home)).event_log_storage, run_id) == events


def test_what_dagster_alone_has_written_is_still_there(home: Path) -> None:
    (home / "dagster.yaml").unlink()
    with dg.DagsterInstance.get() as instance:
        before = materialized(instance)
    shutil.copy(REPOSITORY / "dagster.yaml", home)
    with dg.DagsterInstance.get() as instance:
        assert instance.get_run_by_id(before)
        latest = instance.get_latest_materialization_event(things.key)
        assert latest is not None
        assert latest.run_id == before
        run_id = materialized(instance)
        latest = instance.get_latest_materialization_event(things.key)
        assert latest is not None
        assert latest.run_id == run_id
        instance.delete_run(run_id)
        assert not instance.get_run_by_id(run_id)


@pytest.mark.slow
@pytest.mark.usefixtures("home")
def test_an_engine_is_made_once_for_a_file() -> None:
    with dg.DagsterInstance.get() as instance:
        materialized(instance)
        with mock.patch.object(
            sqlalchemy, "create_engine", wraps=sqlalchemy.create_engine
        ) as create_engine:
            materialized(instance)
    made = [call.args[0] for call in create_engine.call_args_list]
    assert len(made) == len(set(made)) == 1, "that of the run; the file of all runs has one"


@pytest.mark.slow
@pytest.mark.usefixtures("home")
def test_the_file_of_all_runs_is_not_opened_for_each_event() -> None:
    opened: list[str] = []

    def listening(connection: sqlite3.Connection, _record: object) -> None:
        ((_, _, file),) = connection.execute("PRAGMA database_list").fetchall()
        opened.append(Path(file).name)

    with dg.DagsterInstance.get() as instance:
        materialized(instance)
        materialized(instance)
        sqlalchemy.event.listen(sqlalchemy.Pool, "connect", listening)
        try:
            run_id = materialized(instance)
        finally:
            sqlalchemy.event.remove(sqlalchemy.Pool, "connect", listening)
    assert "index.db" not in opened
    # The UI is told by the tidying up that follows each closing of a run's own file.
    assert opened.count(f"{run_id}.db") > 5


def test_a_fork_has_connections_of_its_own(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        materialized(instance)
        child = os.fork()
        if child == 0:
            is_there = False
            with contextlib.suppress(BaseException):
                materialized(instance)
                is_there = True
            os._exit(0 if is_there else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        materialized(instance)
        assert len(told_of_all(home)) == 3


def told_of_all(home: Path) -> list[str]:
    """The runs whose materializations the file of all runs has, by Dagster's own reading."""
    storage = DagsterSqliteStorage(str(home)).event_log_storage
    found = storage.fetch_materializations(things.key, limit=10)
    return [each.run_id for each in found.records]
