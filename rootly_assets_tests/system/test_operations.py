"""What the page about operations shows does what it says."""

import ast
import importlib
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from dagster._core.events import DagsterEvent, DagsterEventType, StepMaterializationData
from dagster._core.storage.compute_log_manager import ComputeIOType

from rootly_assets_tests.system.refreshed import Once
from rootly_assets_tests.warehouse.guide import answers, blocks

REPOSITORY = Path(__file__).parents[2]
PAGE = REPOSITORY / "docs" / "operations.md"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(REPOSITORY / "dagster.yaml", tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    return tmp_path


def materialized(event: dg.AssetMaterialization) -> DagsterEvent:
    """As a step tells it."""
    return DagsterEvent(
        DagsterEventType.ASSET_MATERIALIZATION.value,
        "rootly_sync",
        event_specific_data=StepMaterializationData(event),
    )


def test_of_the_history_of_runs_only_what_ended_long_ago_is_deleted(home: Path) -> None:
    ended, failed = dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE
    runs = {
        "old": ("rootly_sync", ended, timedelta(days=31)),
        "old, failed": ("rootly_refresh", failed, timedelta(days=31)),
        "old, the last to materialize": ("rootly_sync", ended, timedelta(days=31)),
        "old, of others": ("job", ended, timedelta(days=31)),
        "recent": ("rootly_sync", ended, timedelta(days=29)),
        "under way": ("rootly_sync", dg.DagsterRunStatus.STARTED, timedelta(days=31)),
    }
    ids: dict[str, str] = {}
    with dg.DagsterInstance.get() as instance:
        for name, (job, status, _) in runs.items():
            run = instance.add_run(dg.DagsterRun(job_name=job, status=status))
            ids[name] = run.run_id
            instance.report_engine_event("it happened", run)
            if "materialize" in name or name == "old":
                # The last to materialize comes after the first of these.
                event = dg.AssetMaterialization(["rootly", "incidents"])
                instance.report_dagster_event(materialized(event), run.run_id)
            with instance.compute_log_manager.open_log_stream(
                [run.run_id, "compute_logs", "step"], ComputeIOType.STDOUT
            ) as log:
                assert log is not None
                log.write("it was printed")
    (file,) = home.rglob("runs.db")
    with sqlite3.connect(file) as connection:
        for name, (_, _, ago) in runs.items():
            connection.execute(
                "UPDATE runs SET create_timestamp = ? WHERE run_id = ?",
                [f"{datetime.now(UTC) - ago:%Y-%m-%d %H:%M:%S}", ids[name]],
            )
    connection.close()
    (shown,) = (block for block in blocks(PAGE, "console") if "rootly_forget_runs" in block)
    said = subprocess.run(
        shown.split(), cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stderr
    assert "Forgot 2 runs of before" in said
    with dg.DagsterInstance.get() as instance:
        left = {run.run_id for run in instance.get_runs()}
    assert left & {*ids.values()} == {*ids.values()} - {ids["old"], ids["old, failed"]}
    for name, id_ in ids.items():
        assert bool([*home.rglob(f"{id_}*")]) == (id_ in left), f"the files of the run: {name}"


def test_lists_that_were_not_read_for_a_day_are_those_that_the_page_s_sql_finds(
    on_duckdb: Once, tmp_path: Path
) -> None:
    (shown,) = (block for block in blocks(PAGE, "sql") if "_rootly_sync" in block)
    path = shutil.copy(on_duckdb.folder / "warehouse.duckdb", tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE rootly._rootly_sync SET synced_at = now() - INTERVAL 25 HOUR")
        assert answers(connection, shown) == [[]]
        connection.execute(
            "UPDATE rootly._rootly_sync SET synced_at = now() - INTERVAL 27 HOUR "
            "WHERE table_name = 'incidents'"
        )
        ((found,),) = answers(connection, shown)
    assert found[0] == "incidents"


def test_assets_of_one_s_own_read_the_marts_beside_ours_or_in_one_location_with_them(
    on_duckdb: Once, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for block in blocks(PAGE, "python"):
        if (named := re.match(r"# (weekly|everything)\.py\n", block)) is not None:
            (tmp_path / f"{named[1]}.py").write_text(block)
    shutil.copytree(on_duckdb.folder / "dbt", tmp_path / "dbt")
    shutil.copy(on_duckdb.folder / "warehouse.duckdb", tmp_path)
    monkeypatch.setenv("ROOTLY_DUCKDB_PATH", str(tmp_path / "warehouse.duckdb"))
    monkeypatch.syspath_prepend(tmp_path)
    weekly = importlib.import_module("weekly").defs
    key = dg.AssetKey("incidents_a_week")
    with dg.DagsterInstance.ephemeral() as instance:
        done = weekly.resolve_implicit_global_asset_job_def().execute_in_process(instance=instance)
    (made,) = done.get_asset_materialization_events()
    assert made.materialization.metadata["weeks"].value.count("-W") > 3
    merged = importlib.import_module("everything").defs
    dg.Definitions.validate_loadable(merged)
    graph = merged.resolve_asset_graph()
    assert {"incidents_a_week"} < {each.to_user_string() for each in graph.executable_asset_keys}
    assert dg.AssetKey(["rootly", "incidents"]) in graph.get_ancestor_asset_keys(key)


def sentences() -> Iterator[str]:
    """Every text of the program, with a sign in place of what is filled in."""
    for path in (REPOSITORY / "rootly_assets").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                yield "".join(
                    str(part.value) if isinstance(part, ast.Constant) else "…"
                    for part in node.values
                )
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_every_error_that_is_explained_is_said_in_these_words() -> None:
    table = PAGE.read_text().split("## What an error means")[1].split("\n## ")[0]
    explained = re.findall(r"^\| (.+?) \|", table, re.MULTILINE)[2:]
    assert len(explained) > 10
    said = "\n".join(text.replace("\n", " ") for text in sentences())
    for text in (each for cell in explained for each in cell.split("; or ")):
        words = [re.escape(part.strip()) for part in text.split("…") if part.strip()]
        assert re.search(".*?".join(words), said), text
