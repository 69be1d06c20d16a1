"""What `rootly_assets.dataset()` promises, where the warehouse is PostgreSQL."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

import rootly_assets
from rootly_assets.reader import DatasetError
from rootly_assets_tests.postgres_server import Database, PostgresServer

MANY = """
SELECT 1::bigint AS whole, 2::smallint AS small, 0.1::float8 AS number, 1.5::numeric AS exact, true AS flag,
    date '2026-01-02' AS day, timestamptz '2026-01-01 12:00:00-08' AS moment, 'a "b", c'::text AS words,
    ''::varchar AS nothing, '{"a": [1]}'::jsonb AS document, NULL::text AS missing, 1 AS whole
"""


@pytest.fixture
def database(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Database:
    made = postgres.database()
    made.query("CREATE SCHEMA marts; CREATE SEQUENCE marts.n")
    made.query(
        """CREATE TABLE marts."a table" AS
        SELECT 1 AS n, timestamptz '2026-01-01 12:00:00-08' AS at UNION ALL SELECT NULL, NULL"""
    )
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    return made


@pytest.mark.usefixtures("database")
def test_a_table_is_a_pandas_frame_with_instants_in_utc() -> None:
    frame = rootly_assets.dataset().table("marts.a table").df()
    assert frame["at"].iloc[0] == datetime(2026, 1, 1, 20, tzinfo=UTC)
    assert str(frame["at"].dt.tz) == "UTC"
    assert len(frame) == 2


@pytest.mark.usefixtures("database")
def test_a_query_takes_parameters_and_gives_arrow() -> None:
    query = 'SELECT n FROM marts."a table" WHERE n = %(n)s -- a comment;'
    table = rootly_assets.dataset().sql(query, {"n": 1}).arrow()
    assert isinstance(table, pa.Table)
    assert table.to_pydict() == {"n": [1]}


def test_what_was_opened_is_of_one_moment_whatever_is_written_meanwhile(database: Database) -> None:
    with rootly_assets.dataset().opened() as opened:
        before = opened.table("marts.a table").records()
        database.query('DELETE FROM marts."a table"')
        assert opened.table("marts.a table").records() == before
        with pytest.raises(DatasetError, match="refused"):
            opened.table("marts.none").df()
        assert opened.table("marts.a table").records() == []
        with pytest.raises(DatasetError, match="read-only"):
            opened.sql("SELECT setval('marts.n', 2)").records()


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "query",
    ["SELECT 1 FROM marts.none", "SELECT 1 FROM none.none", 'SELECT b FROM marts."a table"'],
)
def test_where_our_own_queries_miss_a_model_or_a_column_of_one_they_say_what_builds_it(
    query: str,
) -> None:
    with pytest.raises(DatasetError, match=r"another version .* `make metrics` builds them"):
        rootly_assets.dataset().portable(query).df()


@pytest.mark.usefixtures("database")
def test_values_have_the_types_of_python() -> None:
    (row,) = rootly_assets.dataset().sql(MANY.replace(", 1 AS whole\n", "") + ";").records()
    assert row == {
        "whole": 1,
        "small": 2,
        "number": 0.1,
        "exact": 1.5,
        "flag": True,
        "day": date(2026, 1, 2),
        "moment": datetime(2026, 1, 1, 20, tzinfo=UTC),
        "words": 'a "b", c',
        "nothing": "",
        "document": '{"a": [1]}',
        "missing": None,
    }
    assert len(rootly_assets.dataset().sql(MANY).df().columns) == 12


@pytest.mark.usefixtures("database")
def test_rows_stay_in_the_order_that_was_asked_for_and_long_ones_are_whole() -> None:
    query = (
        "SELECT n, repeat('é', 10 * n) AS long FROM generate_series(1, 5000) AS n ORDER BY n DESC"
    )
    frame = rootly_assets.dataset().sql(query).df()
    assert frame["n"].tolist() == list(range(5000, 0, -1))
    assert frame["long"].str.len().tolist() == [10 * n for n in range(5000, 0, -1)]
    (long,) = rootly_assets.dataset().sql("SELECT repeat('long', 3000000) AS text").records()
    assert len(long["text"]) == 12_000_000


def test_it_never_writes(database: Database) -> None:
    for query in (
        "CREATE TABLE marts.mine AS SELECT 1",
        'DELETE FROM marts."a table" RETURNING n',
        # What is asked stands in parentheses; this closes them, and the transaction that only reads.
        'SELECT 1) AS a; COMMIT; DELETE FROM marts."a table"; SELECT * FROM (SELECT 1',
    ):
        with pytest.raises(DatasetError, match="refused"):
            rootly_assets.dataset().sql(query).records()
    assert database.query('SELECT count(*) FROM marts."a table"') == [(2,)]


@pytest.mark.usefixtures("database")
def test_a_semicolon_in_a_text_is_a_semicolon() -> None:
    (row,) = rootly_assets.dataset().sql("SELECT 'it''s; COMMIT;' AS text;").records()
    assert row == {"text": "it's; COMMIT;"}


@pytest.mark.usefixtures("database")
def test_a_missing_table_is_named() -> None:
    with pytest.raises(DatasetError, match="fct_incidents"):
        rootly_assets.dataset().table("marts.fct_incidents").df()


@pytest.mark.usefixtures("database")
def test_a_server_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOTLY_POSTGRES_PORT", "1")
    monkeypatch.setattr("time.sleep", lambda _: None)
    with pytest.raises(DatasetError, match="ROOTLY_POSTGRES_PORT"):
        rootly_assets.dataset().table("marts.a table").df()
