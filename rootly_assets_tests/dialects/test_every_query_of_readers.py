"""What report and dashboard ask is said in each cloud's own words, and means the same.

None of the clouds can be asked here: the translation is translated back by sqlglot and asked of DuckDB.
Rows are compared with those of the query as it was written.
"""

import math
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from rootly_assets.app import explore
from rootly_assets.reader import Dataset
from rootly_assets.report.figures import figures
from rootly_assets.warehouse.cloud.translation import translated
from rootly_assets.warehouse.duckdb_reading import FileSource
from rootly_assets.warehouse.reading import Session, Source
from rootly_assets_tests.app.shown import every_tab
from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.dialects.redshift import percentiles_of_several_columns

pytestmark = pytest.mark.exhaustive

# What a dialect does not have, or what means something else there.
FOREIGN = {
    "snowflake": r"AT TIME ZONE|FILTER *\(|\bEPOCH,",
    "redshift": r"FILTER *\(",
    "bigquery": r"AT TIME ZONE|FILTER *\(|WITHIN GROUP|DOUBLE PRECISION|VARCHAR|TIMESTAMPTZ"
    r"|SPLIT_PART|EPOCH|, WEEK\b",
    "databricks": r"AT TIME ZONE|APPROX|TIMESTAMPTZ|\bEPOCH\b|DOUBLE PRECISION",
}


@dataclass(frozen=True)
class Listening(Source):
    """A DuckDB file that remembers what it is asked."""

    file: FileSource
    heard: list[str] = field(default_factory=list[str])

    def translated(self, query: str) -> str:
        self.heard.append(query)
        return query

    @contextmanager
    def open(self) -> Generator[Session]:
        with self.file.open() as session:
            yield session


@pytest.fixture(scope="module")
def asked(build_of_hundreds: Build) -> list[str]:
    """Every different query of the report, of all tabs with and without filters, and of Explore."""
    source = Listening(FileSource(build_of_hundreds.database))
    dataset = Dataset(source)
    figures(dataset, time_zone="America/New_York")
    every_tab(dataset)
    explore.tables(dataset)
    return sorted(set(source.heard))


@pytest.mark.parametrize("cloud", FOREIGN)
def test_every_query_is_said_in_words_of_the_warehouse(asked: list[str], cloud: str) -> None:
    assert len(asked) > 100
    said = [translated(query, cloud) for query in asked]
    assert [each for each in said if re.search(FOREIGN[cloud], each)] == []
    for each in said:
        sqlglot.parse_one(each, dialect=cloud)


def test_redshift_is_asked_for_percentiles_of_one_column_a_query(asked: list[str]) -> None:
    assert any(percentiles_of_several_columns(sqlglot.parse_one(each)) for each in asked)
    for query in asked:
        said = sqlglot.parse_one(translated(query, "redshift"), dialect="redshift")
        assert not percentiles_of_several_columns(said), query


def test_no_query_takes_seconds_of_a_difference_of_instants(asked: list[str]) -> None:
    # It comes back from the translation as it was, and yet two of the clouds refuse it.
    for query in asked:
        seconds = sqlglot.parse_one(query, dialect="postgres").find_all(exp.Extract)
        assert not [each for each in seconds if isinstance(each.expression, exp.Sub)], query


@pytest.mark.parametrize("cloud", FOREIGN)
def test_every_query_gives_the_rows_that_it_gave(
    asked: list[str], cloud: str, build_of_hundreds: Build
) -> None:
    with FileSource(build_of_hundreds.database).open() as session:
        for query in asked:
            if cloud == "bigquery" and "information_schema" in query:
                continue  # asked by region there: the guide says so
            (back,) = sqlglot.transpile(translated(query, cloud), read=cloud, write="duckdb")
            # Databricks' percentile lies between two values, which sqlglot forgets on the way back.
            back = re.sub(r"\bQUANTILE\(", "QUANTILE_CONT(", back)
            assert _rows(session, back) == _rows(session, query), back


def _rows(session: Session, query: str) -> list[str]:
    try:
        found = session.execute(query).fetchall()
    except duckdb.Error as error:
        raise AssertionError(query) from error
    return sorted(repr([_plain(value) for value in row]) for row in found)


def _plain(value: Any) -> Any:
    # A number is the same whichever type it has.
    if isinstance(value, (int, float, Decimal)) and math.isfinite(value):
        return float(f"{value:.9g}")
    return value
