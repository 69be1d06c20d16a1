"""The storage that `dagster.yaml` names: Dagster's own files, which Dagster reads without it too."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import dagster as dg
import pytest
import sqlalchemy
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
