"""The whole project in a database that is attached, by dbt too, gives what it gives in a DuckDB file."""

import duckdb
import pytest

from rootly_assets.report.figures import figures
from rootly_assets_tests.warehouse.both import Both, Settings
from rootly_assets_tests.warehouse.guide import answers, blocks
from rootly_assets_tests.warehouse.same_refresh import *

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def elsewhere() -> Settings:
    return lambda folder: {
        "ROOTLY_DESTINATION": "motherduck",
        "ROOTLY_MOTHERDUCK_DATABASE": str(folder / "stand_in" / "warehouse.duckdb"),
    }


def test_the_guides_commands_do_what_it_says(both: Both) -> None:
    _, shown = blocks("motherduck.md", "sql")
    stand_in = both.environment["ROOTLY_MOTHERDUCK_DATABASE"]
    with duckdb.connect() as connection:
        *_, counted = answers(connection, shown.replace("md:warehouse", stand_in))
    assert counted == [(40,)]


def test_the_report_shows_the_same(both: Both) -> None:
    here, there = (figures(each, time_zone="UTC") for each in (both.duckdb, both.other))
    assert here.tiles == there.tiles
    assert here.attention == there.attention


def test_what_changes_then_changes_in_both(both: Both) -> None:
    both.change()
    both.refresh()
    assert both.differences() == {}
