"""The storage that `dagster.yaml` names: Dagster's own files, which Dagster reads without it too."""

import contextlib
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import uuid4

import dagster as dg
import pytest
import sqlalchemy
import sqlalchemy.event
from dagster._core.storage.event_log import EventLogStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

from rootly_assets.event_storage import EventLog

REPOSITORY = Path(__file__).parents[2]
THINGS = dg.AssetKey("things")


def job_of(checks: int) -> dg.JobDefinition:
    """A job of one asset with some checks."""
    specs = [dg.AssetCheckSpec(f"is_right_{number}", asset=THINGS) for number in range(checks)]

    @dg.asset(check_specs=specs)
    def things() -> Iterator[Any]:
        yield dg.MaterializeResult(
            metadata={"rows": 3},
            check_results=[
                dg.AssetCheckResult(check_name=each.name, passed=True) for each in specs
            ],
        )

    return dg.Definitions(assets=[things]).resolve_implicit_global_asset_job_def()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(REPOSITORY / "dagster.yaml", tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    return tmp_path


def materialized(instance: dg.DagsterInstance, checks: int = 1) -> str:
    result = job_of(checks).execute_in_process(instance=instance)
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


def test_who_deletes_a_run_gets_its_place_back(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        deleted, kept = materialized(instance), materialized(instance)
        instance.delete_run(deleted)
        assert [*home.rglob(f"{deleted}*.db*")] == []
        assert "ASSET_CHECK_EVALUATION" in told(instance.event_log_storage, kept)
        (index,) = home.rglob("index.db")
        with contextlib.closing(sqlite3.connect(index)) as connection:
            for table in ("event_logs", "asset_check_executions"):
                runs = connection.execute(f"SELECT DISTINCT run_id FROM {table}").fetchall()
                assert runs == [(kept,)], table


def test_what_dagster_alone_has_written_is_still_there(home: Path) -> None:
    (home / "dagster.yaml").unlink()
    with dg.DagsterInstance.get() as instance:
        before = materialized(instance)
    shutil.copy(REPOSITORY / "dagster.yaml", home)
    with dg.DagsterInstance.get() as instance:
        assert instance.get_run_by_id(before)
        latest = instance.get_latest_materialization_event(THINGS)
        assert latest is not None
        assert latest.run_id == before
        run_id = materialized(instance)
        latest = instance.get_latest_materialization_event(THINGS)
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
            run_id = materialized(instance)
    made = [call.args[0] for call in create_engine.call_args_list]
    names = [path.rpartition("/")[2] for path in made]
    assert names == [f"{run_id}.db"], "the file of all runs has one"


@pytest.mark.usefixtures("home")
def test_files_are_not_opened_for_each_event() -> None:
    opened: list[str] = []

    def listening(connection: sqlite3.Connection, _record: object) -> None:
        ((_, _, file),) = connection.execute("PRAGMA database_list").fetchall()
        opened.append(Path(file).name)

    with dg.DagsterInstance.get() as instance:
        few = materialized(instance, checks=1)
        sqlalchemy.event.listen(sqlalchemy.Pool, "connect", listening)
        try:
            few = materialized(instance, checks=1)
            many = materialized(instance, checks=30)
        finally:
            sqlalchemy.event.remove(sqlalchemy.Pool, "connect", listening)
    assert "index.db" not in opened
    assert opened.count(f"{few}.db") == opened.count(f"{many}.db")


@pytest.mark.usefixtures("home")
def test_what_a_run_plans_is_stored_in_one_transaction() -> None:
    commits: list[sqlalchemy.Connection] = []

    def listening(connection: sqlalchemy.Connection) -> None:
        commits.append(connection)

    def planned(instance: dg.DagsterInstance, checks: int) -> int:
        before = len(commits)
        instance.create_run_for_job(job_of(checks))
        return len(commits) - before

    with dg.DagsterInstance.get() as instance:
        sqlalchemy.event.listen(sqlalchemy.Engine, "commit", listening)
        try:
            assert planned(instance, checks=30) == planned(instance, checks=2)
        finally:
            sqlalchemy.event.remove(sqlalchemy.Engine, "commit", listening)


def test_who_watches_a_run_hears_of_every_event_at_once(home: Path) -> None:
    run_id = str(uuid4())
    heard: list[str] = []
    # As the UI watches, which is another process.
    watching = DagsterSqliteStorage(str(home)).event_log_storage

    def hears(message: str) -> bool:
        patience = time.monotonic() + 20
        while message not in heard and time.monotonic() < patience:
            time.sleep(0.05)
        return message in heard

    @dg.op
    def talking(context: dg.OpExecutionContext) -> None:
        for number in range(3):
            context.log.info(f"number {number}")
            assert hears(f"number {number}")

    @dg.job
    def job() -> None:
        talking()

    with dg.DagsterInstance.get() as instance:
        watching.watch(run_id, None, lambda event, _cursor: heard.append(event.user_message))
        assert job.execute_in_process(instance=instance, run_id=run_id).success
        events = [each.user_message for each in instance.all_logs(run_id)]
        assert hears(events[-1])
    watching.dispose()
    assert heard == events


def test_nothing_lies_beside_the_file_of_a_run_that_has_ended(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        run_id = materialized(instance)
    assert [each.name for each in home.rglob(f"{run_id}.db*")] == [f"{run_id}.db"]


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
    found = storage.fetch_materializations(THINGS, limit=10)
    return [each.run_id for each in found.records]
