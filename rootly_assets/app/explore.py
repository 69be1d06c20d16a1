"""The tab Explore: every table with its state, and SQL of one's own with its answer to download."""

import marimo as mo
import pandas as pd

from rootly_assets.reader import Dataset, DatasetError

MOST_ROWS = 10_000

FIRST_QUERY = """SELECT title, severity_name, status, started_at, resolution_time_seconds
FROM marts.fct_incidents
WHERE is_response_incident
ORDER BY started_at DESC"""


def tables(dataset: Dataset) -> pd.DataFrame:
    """Every table and view: schema, name, when it was synced (raw tables), columns; marts first.

    Raises:
        DatasetError: the warehouse can't be read.
    """
    frame = dataset.sql("""
        WITH tables AS (
            -- Of files the same table may be seen in two databases.
            SELECT DISTINCT
                CAST(table_schema AS VARCHAR) AS table_schema, CAST(table_name AS VARCHAR) AS table_name,
                string_agg(CAST(column_name AS VARCHAR), ', ' ORDER BY ordinal_position) AS names
            FROM information_schema.columns
            WHERE table_schema IN ('rootly', 'staging', 'intermediate', 'marts', 'seeds')
            GROUP BY table_catalog, 1, 2
        )
        SELECT tables.table_schema AS "schema", tables.table_name AS "table", state.synced_at AS "synced (UTC)",
            tables.names AS "columns"
        FROM tables
        LEFT JOIN rootly._rootly_sync AS state
            ON tables.table_schema = 'rootly' AND tables.table_name = state.table_name
        ORDER BY tables.table_schema <> 'marts', tables.table_schema, tables.table_name
    """).df()
    synced = frame["synced (UTC)"]
    frame["synced (UTC)"] = ["" if pd.isna(at) else f"{at:%Y-%m-%d %H:%M}" for at in synced]
    return frame


def answer(dataset: Dataset, query: str) -> mo.Html:
    """The rows of a query as a table to sort, search and download; a refusal in the database's words."""
    try:
        frame = dataset.sql(query).df()
    except DatasetError as error:
        return mo.callout(mo.plain_text(str(error)), kind="warn")
    shown = f"{len(frame):,} rows"
    if len(frame) > MOST_ROWS:
        shown = f"the first {MOST_ROWS:,} of {shown}"
        frame = frame.head(MOST_ROWS)
    return mo.vstack([mo.md(shown), mo.ui.table(frame, selection=None, page_size=15)])
