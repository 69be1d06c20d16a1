"""Tables as files: all rows, with their types, and nothing that a spreadsheet carries out."""

import io
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from rootly_assets.app.downloads import as_csv, as_parquet

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_is_no_formula_to_a_spreadsheet(text: str) -> None:
    read = pd.read_csv(io.BytesIO(as_csv(pd.DataFrame({text: [text, f"a{text}"]}))))
    assert [*read.columns, *read.iloc[:, 0]] == [f"'{text}", f"'{text}", f"a{text}"]


def test_numbers_and_what_is_unknown_stay_as_they_are() -> None:
    frame = pd.DataFrame({"lag": [-1.5, None], "title": ["Ünïcode", None], "none": [None, None]})
    assert as_csv(frame).decode() == "lag,title,none\r\n-1.5,Ünïcode,\r\n,,\r\n"


def test_parquet_has_texts_and_types_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    moment = datetime(2026, 7, 15, 12, tzinfo=UTC)
    path.write_bytes(as_parquet(pd.DataFrame({"moment": [moment], "n": [3], "title": ["=1+1"]})))
    with duckdb.connect() as connection:
        rows = connection.sql(
            f"SELECT typeof(moment), epoch(moment), n, title FROM '{path}'"
        ).fetchall()
    assert rows == [("TIMESTAMP WITH TIME ZONE", moment.timestamp(), 3, "=1+1")]
