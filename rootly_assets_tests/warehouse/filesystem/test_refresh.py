"""The whole project in files gives what it gives in a DuckDB file: every raw table and mart."""

from pathlib import Path

import duckdb
import pytest

from rootly_assets.app.explore import tables
from rootly_assets_tests.warehouse.both import Both, Settings
from rootly_assets_tests.warehouse.guide import answers, blocks, carry_out_python, where_data_is
from rootly_assets_tests.warehouse.same_refresh import *

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module", params=["parquet", "delta", "iceberg"])
def table_format(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def elsewhere(table_format: str) -> Settings:
    return lambda folder: {
        "ROOTLY_DESTINATION": "filesystem",
        "ROOTLY_BUCKET_URL": str(folder / "files"),
        "ROOTLY_TABLE_FORMAT": table_format,
    }


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
    assert synced["synced (UTC)"].all()
    assert len(synced) == 1


def test_what_changes_then_changes_in_both(both: Both) -> None:
    both.change()
    both.refresh()
    assert both.differences() == {}
    assert (
        both.other.sql("SELECT count(*) AS n FROM rootly.services WHERE _deleted_at IS NOT NULL")
    ).records() == [{"n": 2}]
