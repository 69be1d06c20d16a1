"""The tab Explore: every table with its state, and SQL of one's own with its answer to download."""

import html
from datetime import datetime

import marimo as mo
import pandas as pd

from rootly_assets.queries.clocks import clocks
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
    columns = dataset.portable("""
        SELECT DISTINCT lower(table_schema) AS table_schema, lower(table_name) AS table_name,
            lower(column_name) AS column_name, ordinal_position
        FROM information_schema.columns
        WHERE lower(table_schema) IN ('rootly', 'staging', 'intermediate', 'marts', 'seeds')
        ORDER BY table_schema, table_name, ordinal_position
    """).df()
    synced = clocks(dataset).synced_at
    # Of files the same table may be seen in two databases: its columns are told once.
    names = columns.drop_duplicates(["table_schema", "table_name", "column_name"])
    rows = [
        {
            "schema": schema,
            "table": table,
            "synced (UTC)": _minute(synced.get(str(table))) if schema == "rootly" else "",
            "columns": ", ".join(group["column_name"]),
        }
        for (schema, table), group in names.groupby(["table_schema", "table_name"], sort=False)
    ]
    # Marts first: they are what is asked for.
    rows.sort(key=lambda row: row["schema"] != "marts")
    return pd.DataFrame(rows, columns=["schema", "table", "synced (UTC)", "columns"])


def _minute(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def answer(dataset: Dataset, query: str) -> mo.Html:
    """The rows of a query as a table to sort, search and download; a refusal in the database's words."""
    try:
        frame = dataset.confined().sql(query).df()
    except DatasetError as error:
        # With its lines, of which one may point at a place in another, and long ones broken.
        text = f'<pre class="text-xs whitespace-pre-wrap">{html.escape(str(error))}</pre>'
        return mo.callout(mo.Html(text), kind="warn")
    shown = "1 row" if len(frame) == 1 else f"{len(frame):,} rows"
    if len(frame) > MOST_ROWS:
        shown = f"the first {MOST_ROWS:,} of {shown}"
        frame = frame.head(MOST_ROWS)
    return mo.vstack([mo.md(shown), mo.ui.table(frame, selection=None, page_size=15)])
