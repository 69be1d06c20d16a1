"""A table as a file to download: all of its rows, whatever part of them is shown."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import marimo as mo
import pandas as pd

# What a spreadsheet takes for the beginning of a formula, in a cell whose text comes from who wrote a title.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def downloads(frame: pd.DataFrame, name: str) -> mo.Html:
    """Buttons for all rows, as CSV for spreadsheets and as Parquet for programs.

    Args:
        frame: the rows.
        name: of the files, without their ending.
    """
    buttons = [_button(frame, name, "csv", as_csv), _button(frame, name, "parquet", as_parquet)]
    return mo.Html(f'<div class="downloads">{"".join(each.text for each in buttons)}</div>')


def as_csv(frame: pd.DataFrame) -> bytes:
    """Rows as CSV; an apostrophe before what a spreadsheet would carry out makes it a text there."""
    named = frame.rename(columns=_as_text)
    texts = named.select_dtypes(["object", "str"]).columns
    safe = named.assign(**{name: named[name].map(_as_text) for name in texts})
    # Lines that end as the standard has it: else a text with a single \r in it would not be quoted.
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8")


def as_parquet(frame: pd.DataFrame) -> bytes:
    """Rows as Parquet, with their types, and texts as they are."""
    with TemporaryDirectory() as folder, duckdb.connect(":memory:") as connection:
        path = Path(folder) / "rows.parquet"
        connection.from_df(frame).write_parquet(str(path))
        return path.read_bytes()


def _as_text(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value


def _button(
    frame: pd.DataFrame, name: str, ending: str, written: Callable[[pd.DataFrame], bytes]
) -> mo.Html:
    return mo.download(
        # Written once somebody asks for it.
        lambda: written(frame),
        filename=f"{name}.{ending}",
        mimetype="text/csv" if ending == "csv" else "application/vnd.apache.parquet",
        label=f"Download as {'CSV' if ending == 'csv' else 'Parquet'}",
    )
