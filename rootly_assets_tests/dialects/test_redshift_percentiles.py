"""Redshift takes percentiles of one column a query: those of several become queries within it, in one row."""

import duckdb
import pytest
import sqlglot

from rootly_assets.warehouse.cloud.translation import translated

LOW = "percentile_cont(0.25) WITHIN GROUP (ORDER BY a)"
HIGH = "percentile_cont(0.75) WITHIN GROUP (ORDER BY b)"


@pytest.mark.parametrize("others", ["", ", count(*) AS n", ", max(a) AS most"])
def test_there_is_one_row_whatever_else_is_asked(others: str) -> None:
    query = f"SELECT {LOW} AS low, {HIGH} AS high{others} FROM things WHERE a < 4"
    said = sqlglot.transpile(translated(query, "redshift"), read="redshift", write="duckdb")[0]
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE things AS SELECT i AS a, 2.0 * i AS b FROM range(9) t(i)")
        rows = connection.execute(query).fetchall()
        assert len(rows) == 1
        assert connection.execute(said).fetchall() == rows
