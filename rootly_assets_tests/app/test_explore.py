"""The tab Explore: how far each table is loaded, and answers of which a part is shown."""

import html
from pathlib import Path

import duckdb
import pandas as pd
import pytest

import rootly_assets
from rootly_assets.app.explore import MOST_ROWS, answer, listed, tables
from rootly_assets.reader import Dataset
from rootly_assets.warehouse.state_table import CREATE

NAMES = ("incidents", "alerts", "shifts", "pulses", "audits", "webhooks")


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """Raw tables in every state that there is, a mart, and a view."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA rootly; CREATE SCHEMA marts; USE rootly")
        connection.execute(CREATE)
        connection.execute("""
            INSERT INTO _rootly_sync BY NAME
            SELECT *, TIMESTAMPTZ '2026-07-15 12:00:00Z' AS loaded_at FROM (VALUES
                ('incidents', '2026-07-15 12:00:00Z', '2026-07-14 03:00:00Z', NULL, NULL),
                ('alerts', '2026-07-15 12:00:00Z', NULL, '2026-03-01 00:00:00Z', NULL),
                ('shifts', '2026-07-15 12:00:00Z', NULL, NULL, NULL),
                ('pulses', '2026-07-15 12:00:00Z', NULL, NULL, 'one two'),
                ('audits', NULL, NULL, NULL, NULL)
            ) AS given (table_name, synced_at, whole_at, back_to, unread)
        """)
        for rows, name in enumerate(NAMES):
            connection.execute(f"CREATE TABLE {name} AS SELECT range AS id FROM range({rows})")
        connection.execute("CREATE TABLE marts.facts AS SELECT 1 AS n UNION ALL SELECT 2")
        connection.execute('CREATE TABLE marts."Ein Name" AS SELECT 1 AS n')
        connection.execute("CREATE VIEW marts.bridge AS SELECT 1 AS n")
    return rootly_assets.dataset(path)


@pytest.fixture
def frame(dataset: Dataset) -> pd.DataFrame:
    return tables(dataset).set_index("table")


def test_each_list_says_how_far_it_has_been_read(frame: pd.DataFrame) -> None:
    assert frame.loc[[*NAMES], "state"].to_dict() == {
        "incidents": "read",
        "alerts": "first read under way, back to 2026-03-01",
        "shifts": "read",
        "pulses": "read; below 2 records Rootly fails",
        "audits": "never read but for spans of time",
        "webhooks": "never read",
    }
    times = frame[["synced (UTC)", "read whole (UTC)"]]
    assert [*times.loc["incidents"]] == ["2026-07-15 12:00", "2026-07-14 03:00"]
    assert [*times.loc["alerts"]] == ["2026-07-15 12:00", ""]
    assert [*times.loc["webhooks"]] == [*times.loc["facts"]] == ["", ""]


def test_tables_have_their_rows_and_views_say_that_they_are_none(frame: pd.DataFrame) -> None:
    assert [*frame.loc[[*NAMES], "rows"]] == [*range(len(NAMES))]
    assert frame.loc["facts", "rows"] == 2
    assert frame.loc["bridge", "state"] == "view, not counted"
    assert frame["rows"].isna().to_dict() == {
        name: name in ("bridge", "ein name") for name in frame.index
    }


def test_how_many_lists_are_in_which_state_is_said(dataset: Dataset) -> None:
    shown = listed(dataset).text
    assert "6 lists of Rootly: 2 read" in shown
    assert "1 never read" in shown
    assert "the key may not read it (403)" in shown


def test_what_is_not_shown_of_an_answer_is_in_the_download(dataset: Dataset) -> None:
    def said(count: int) -> str:
        return html.unescape(answer(dataset, f"SELECT * FROM range({count})").text)

    assert "The first 10,000 of 10,001 rows are shown; a download has all of them." in said(
        MOST_ROWS + 1
    )
    whole = said(MOST_ROWS)
    assert "10,000 rows." in whole
    assert "are shown" not in whole
    assert "1 row." in said(1)
