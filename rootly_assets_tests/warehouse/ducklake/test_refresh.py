"""The whole project in a DuckLake gives what it gives in a DuckDB file: every raw table and mart."""

from pathlib import Path

import duckdb
import pytest

from rootly_assets.warehouse.extensions import load
from rootly_assets_tests.warehouse.both import Both, Settings
from rootly_assets_tests.warehouse.guide import answers, blocks, carry_out_python, where_data_is
from rootly_assets_tests.warehouse.same_refresh import *

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def elsewhere() -> Settings:
    return lambda _: {"ROOTLY_DESTINATION": "ducklake"}


def test_the_files_are_parquet_and_the_catalog_is_beside_them(both: Both) -> None:
    lake = both.running.folder / "lake"
    assert (lake / "catalog.ducklake").exists()
    assert list(lake.glob("files/rootly/incidents/*.parquet"))
    # dbt builds a table under another name first.
    assert list(lake.glob("files/marts/fct_incidents*/*.parquet"))


def test_what_changes_then_changes_in_both(both: Both) -> None:
    both.change()
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
        assert counted == [(len(both.duckdb.table("marts.fct_incidents").records()),)]
        answers(connection, keeping)
    with both.chosen():
        carry_out_python("ducklake.md")
    assert both.differences() == {}
