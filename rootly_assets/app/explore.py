"""The tab Explore: every table with its load state, and SQL of one's own with its answer to download."""

import html
from collections.abc import Mapping
from datetime import datetime

import marimo as mo
import pandas as pd

from rootly_assets.app.downloads import downloads
from rootly_assets.app.load_states import NEVER, LoadState, load_states
from rootly_assets.app.row_counts import row_counts
from rootly_assets.reader import Dataset, DatasetError

MOST_ROWS = 10_000

_COLUMNS = ["schema", "table", "rows", "state", "synced (UTC)", "read whole (UTC)", "columns"]

FIRST_QUERY = """SELECT title, severity_name, status, started_at, resolution_time_seconds
FROM marts.fct_incidents
WHERE is_response_incident
ORDER BY started_at DESC"""


def listed(dataset: Dataset) -> mo.Html:
    """All tables to look through, and how far the raw ones have been loaded.

    Raises:
        DatasetError: the warehouse can't be read.
    """
    frame = tables(dataset)
    table = mo.ui.table(
        frame,
        selection=None,
        page_size=8,
        label="Tables",
        show_data_types=False,
        show_column_summaries=False,
        show_download=False,
        format_mapping={"rows": _count},
    )
    return mo.vstack([table, mo.Html(f'<p class="intro">{_about(frame)}</p>')])


def _count(rows: int | None) -> str:
    return "–" if rows is None or pd.isna(rows) else f"{rows:,}"


def _about(frame: pd.DataFrame) -> str:
    """How many lists are in which state, and what the columns mean."""
    states = frame[frame["schema"] == "rootly"]["state"].replace("", pd.NA).dropna()
    by_state = ", ".join(f"{n:,} {words}" for words, n in states.value_counts().items())
    never = (
        " What was never read was not asked for yet, or the key may not read it (403): the warehouse does not "
        "know which, the asset's page in Dagster says so."
        if (states == NEVER).any()
        else ""
    )
    return (
        f"{len(states):,} lists of Rootly: {by_state}.{never} Rows of raw tables include those that are gone "
        "from Rootly (_deleted_at). Shifts are read in windows of time, and never whole."
    )


def tables(dataset: Dataset) -> pd.DataFrame:
    """Every table and view, marts first: schema, name, rows, how far a raw table has been loaded, columns.

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
    states = load_states(dataset)
    # Of files the same table may be seen in two databases: its columns are told once.
    names = columns.drop_duplicates(["table_schema", "table_name", "column_name"])
    groups = {
        (str(schema), str(table)): group
        for (schema, table), group in names.groupby(["table_schema", "table_name"], sort=False)
    }
    views = _views(dataset)
    counts = row_counts(dataset, [each for each in groups if each not in views])
    rows = [
        {
            "schema": schema,
            "table": table,
            "rows": counts.get((schema, table)),
            **_of_state(schema, table, states, is_view=(schema, table) in views),
            "columns": ", ".join(group["column_name"]),
        }
        for (schema, table), group in groups.items()
    ]
    # Marts first: they are what is asked for.
    rows.sort(key=lambda row: row["schema"] != "marts")
    return pd.DataFrame(rows, columns=_COLUMNS).astype({"rows": "Int64"})


def _views(dataset: Dataset) -> set[tuple[str, str]]:
    """What is computed anew whenever it is asked, and so is not counted; what lies in files is no such view."""
    rows = dataset.portable("""
        SELECT lower(table_schema) AS table_schema, lower(table_name) AS table_name
        FROM information_schema.tables
        WHERE table_type LIKE '%VIEW%' AND lower(table_schema) IN ('staging', 'intermediate', 'marts')
    """).records()
    return {(row["table_schema"], row["table_name"]) for row in rows}


def _of_state(
    schema: str, table: str, states: Mapping[str, LoadState], *, is_view: bool
) -> dict[str, str]:
    """What there is to say of how far a raw table is loaded; a model is as far as the tables that it reads."""
    is_raw = schema == "rootly" and table != "_rootly_sync"
    words = "view, not counted" if is_view else ""
    state = states.get(table, LoadState()) if is_raw else LoadState(words)
    return {
        "state": state.words,
        "synced (UTC)": _minute(state.synced_at),
        "read whole (UTC)": _minute(state.whole_at),
    }


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
    count = len(frame)
    shown = "1 row" if count == 1 else f"{count:,} rows"
    if count > MOST_ROWS:
        shown = f"The first {MOST_ROWS:,} of {shown} are shown; a download has all of them"
    return mo.vstack(
        [
            mo.hstack(
                [mo.md(f"{shown}."), downloads(frame, "answer")], justify="start", gap=2, wrap=True
            ),
            mo.ui.table(frame.head(MOST_ROWS), selection=None, page_size=15, show_download=False),
        ]
    )
