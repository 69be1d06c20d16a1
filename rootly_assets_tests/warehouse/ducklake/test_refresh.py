"""The whole project in a DuckLake gives what it gives in a DuckDB file: every raw table and mart."""

import random
from datetime import timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pandas as pd
import pytest

from rootly_assets.warehouse.extensions import load
from rootly_assets_tests.warehouse.both import Both, Settings
from rootly_assets_tests.warehouse.guide import answers, blocks, carry_out_python, where_data_is

pytestmark = [pytest.mark.exhaustive, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def elsewhere() -> Settings:
    return lambda _: {"ROOTLY_DESTINATION": "ducklake"}


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


def test_the_files_are_parquet_and_the_catalog_is_beside_them(both: Both) -> None:
    lake = both.running.folder / "lake"
    assert (lake / "catalog.ducklake").exists()
    assert list(lake.glob("files/rootly/incidents/*.parquet"))
    # dbt builds a table under another name first.
    assert list(lake.glob("files/marts/fct_incidents*/*.parquet"))


# What was never read there before does not know what has been deleted since.
@pytest.mark.parametrize("part", [None], ids=["everything"], indirect=True)
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


def test_the_guides_commands_do_what_it_says(both: Both, tmp_path: Path) -> None:
    """Last, since it gives up old versions."""
    reading, keeping = blocks("ducklake.md", "sql")
    with where_data_is(both.running.folder, tmp_path), duckdb.connect() as connection:
        load(
            connection, "ducklake", "ducklake"
        )  # from its package: DuckDB would look in its own folder
        *_, counted = answers(connection, reading)
        assert counted == [(40,)]
        answers(connection, keeping)
    with both.chosen():
        carry_out_python("ducklake.md")
    assert both.differences() == {}
