"""The whole project in files gives what it gives in a DuckDB file: every raw table and mart."""

import random
from datetime import timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pandas as pd
import pytest

from rootly_assets.app.explore import tables
from rootly_assets_tests.warehouse.both import Both, Settings
from rootly_assets_tests.warehouse.guide import answers, blocks, carry_out_python, where_data_is

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(
    scope="module",
    params=[
        "parquet",
        pytest.param("delta", marks=pytest.mark.exhaustive),
        pytest.param("iceberg", marks=pytest.mark.exhaustive),
    ],
)
def table_format(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def elsewhere(table_format: str) -> Settings:
    return lambda folder: {
        "ROOTLY_DESTINATION": "filesystem",
        "ROOTLY_BUCKET_URL": str(folder / "files"),
        "ROOTLY_TABLE_FORMAT": table_format,
    }


def test_both_runs_succeed_with_the_same_assets_and_checks(
    both: Both, part: dg.AssetSelection | None
) -> None:
    assert both.here.success
    assert both.there.success
    assert len(both.there.assets) > 80
    if part is None:
        assert both.there == both.here


def test_every_table_and_mart_is_the_same_row_for_row(both: Both) -> None:
    assert both.differences() == {}
    assert len(both.other.table("marts.fct_incidents").records()) == 40


def test_frames_have_the_same_types(both: Both) -> None:
    here, there = (each.table("marts.fct_incidents") for each in (both.duckdb, both.other))
    pd.testing.assert_frame_equal(
        here.df().sort_values("incident_id", ignore_index=True),
        there.df().sort_values("incident_id", ignore_index=True),
    )
    assert here.arrow().schema == there.arrow().schema


def test_the_guides_commands_do_what_it_says(both: Both, table_format: str, tmp_path: Path) -> None:
    if table_format == "parquet":  # which needs no extension
        (shown,) = blocks("filesystem.md", "sql")
        with (
            where_data_is(both.running.folder, tmp_path),
            duckdb.connect("data/models.duckdb", read_only=True) as connection,
        ):
            incidents, statuses = answers(connection, shown)
        assert 0 < len(incidents) <= 40
        assert sum(count for _, count in statuses) == 40
    with both.chosen():
        carry_out_python("filesystem.md")


def test_the_tab_explore_lists_every_table_once(both: Both) -> None:
    frame = tables(both.other)
    assert not frame.duplicated(["schema", "table"]).any()
    synced = frame[(frame["schema"] == "rootly") & (frame["table"] == "incidents")]
    assert all(synced["synced (UTC)"])


# What was never read there before does not know what has been deleted since.
@pytest.mark.parametrize("part", [None], ids=["everything"], indirect=True)
@pytest.mark.exhaustive
def test_what_changes_then_changes_in_both(both: Both) -> None:
    workspace = both.running.workspace
    chance = random.Random(20260303)
    workspace.advance(timedelta(days=3))
    for record in chance.sample(workspace.records("services"), 2):
        workspace.delete("services", record.id)
    for record in chance.sample(workspace.records("incidents"), 3):
        workspace.update("incidents", record.id, title="Changed", surprise={"a": [1]})
    both.refresh()
    assert both.differences() == {}
    assert (
        both.other.sql("SELECT count(*) AS n FROM rootly.services WHERE _deleted_at IS NOT NULL")
    ).records() == [{"n": 2}]
