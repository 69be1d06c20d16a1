"""The whole project in a database that is attached, by dbt too, gives what it gives in a DuckDB file."""

import random
from datetime import timedelta

import dagster as dg
import duckdb
import pandas as pd
import pytest

from rootly_assets.report.figures import figures
from rootly_assets_tests.warehouse.both import Both, Settings
from rootly_assets_tests.warehouse.guide import answers, blocks

pytestmark = [pytest.mark.exhaustive, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def elsewhere() -> Settings:
    return lambda folder: {
        "ROOTLY_DESTINATION": "motherduck",
        "ROOTLY_MOTHERDUCK_DATABASE": str(folder / "stand_in" / "warehouse.duckdb"),
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


def test_the_guides_commands_do_what_it_says(both: Both) -> None:
    _, shown = blocks("motherduck.md", "sql")
    stand_in = both.environment["ROOTLY_MOTHERDUCK_DATABASE"]
    with duckdb.connect() as connection:
        *_, counted = answers(connection, shown.replace("md:warehouse", stand_in))
    assert counted == [(40,)]


# What was never read there before does not know what has been deleted since.
@pytest.mark.parametrize("part", [None], ids=["everything"], indirect=True)
def test_the_report_shows_the_same(both: Both) -> None:
    here, there = figures(both.duckdb), figures(both.other)
    assert here.tiles == there.tiles
    assert here.attention == there.attention


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
