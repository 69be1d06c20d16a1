"""Reading back in Python: what `rootly_assets.dataset()` promises."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

import rootly_assets
from rootly_assets.catalogue import endpoint_of
from rootly_assets.reader import DatasetError
from rootly_assets.warehouse.duckdb import DuckDBWarehouse


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA marts")
        connection.execute(
            """CREATE TABLE marts."a table" AS
            SELECT 1 AS n, TIMESTAMPTZ '2026-01-01 12:00:00-08' AS at UNION ALL SELECT NULL, NULL"""
        )
    return path


def test_a_table_is_a_pandas_frame_with_instants_in_utc(database: Path) -> None:
    frame = rootly_assets.dataset(database).table("marts.a table").df()

    assert len(frame) == 2
    assert frame["at"].iloc[0] == datetime(2026, 1, 1, 20, tzinfo=UTC)
    assert str(frame["at"].dt.tz) == "UTC"


def test_a_query_takes_parameters_and_gives_arrow(database: Path) -> None:
    query = 'SELECT n FROM marts."a table" WHERE n = $n'
    table = rootly_assets.dataset(database).sql(query, {"n": 1}).arrow()

    assert isinstance(table, pa.Table)
    assert table.to_pydict() == {"n": [1]}


def test_records_have_none_where_nothing_is_known(database: Path) -> None:
    rows = rootly_assets.dataset(database).sql('FROM marts."a table" WHERE n IS NULL').records()
    assert rows == [{"n": None, "at": None}]


def test_it_reads_the_warehouse_that_the_environment_names(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROOTLY_DUCKDB_PATH", str(database))
    assert len(rootly_assets.dataset().table("marts.a table").df()) == 2


@pytest.mark.parametrize("named", ["", "'warehouse.duckdb'"])
def test_who_reads_a_file_imports_neither_dagster_nor_dbt(database: Path, named: str) -> None:
    """Dagster takes as long as pandas and DuckDB together."""
    program = (
        "import rootly_assets, sys\n"
        f"print(*rootly_assets.dataset({named}).sql('SELECT 1').df().values)\n"
        "print(*sys.modules.keys() & {'dagster', 'dagster_duckdb', 'dbt', 'altair'})"
    )
    environment = {**os.environ, "ROOTLY_DUCKDB_PATH": database.name, "ROOTLY_DESTINATION": ""}
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=database.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.splitlines() == ["[1]", ""]


def test_it_never_writes(database: Path) -> None:
    with pytest.raises(DatasetError, match="refused"):
        rootly_assets.dataset(database).sql("CREATE TABLE marts.mine AS SELECT 1").records()


def test_a_missing_table_does_not_end_what_was_opened(database: Path) -> None:
    with rootly_assets.dataset(database).opened() as opened:
        with pytest.raises(DatasetError, match="fct_incidents"):
            opened.table("marts.fct_incidents").df()
        assert len(opened.table("marts.a table").df()) == 2


@pytest.mark.parametrize(
    "query", ["SELECT 1 FROM marts.fct_incidents", 'SELECT b FROM marts."a table"']
)
def test_where_our_own_queries_miss_a_model_or_a_column_of_one_they_say_what_builds_it(
    database: Path, query: str
) -> None:
    with pytest.raises(DatasetError, match=r"another version .* `make metrics` builds them"):
        rootly_assets.dataset(database).portable(query).df()
    with pytest.raises(DatasetError, match=r"^The query was refused"):
        rootly_assets.dataset(database).sql(query).df()  # of a user's, nobody knows


def test_what_was_opened_is_of_one_state_and_lets_writers_in_afterwards(database: Path) -> None:
    write = (
        "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('DELETE FROM marts.\"a table\"')"
    )

    def written() -> bool:
        command = [sys.executable, "-c", write, str(database)]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0

    with rootly_assets.dataset(database).opened() as opened:
        before = opened.table("marts.a table").records()
        assert not written()
        assert opened.table("marts.a table").records() == before
    assert written()
    assert rootly_assets.dataset(database).table("marts.a table").records() == []


def test_a_missing_file_says_what_makes_it(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="make refresh"):
        rootly_assets.dataset(tmp_path / "none.duckdb").table("marts.fct_incidents").df()


def test_what_is_no_duckdb_file_is_called_that(tmp_path: Path) -> None:
    """Nobody has it locked."""
    (tmp_path / "notes.duckdb").write_text("id,title\n" * 1000)
    with pytest.raises(DatasetError, match=r"notes.duckdb is not a DuckDB file"):
        rootly_assets.dataset(tmp_path / "notes.duckdb").table("marts.fct_incidents").df()
    with pytest.raises(DatasetError, match=r"can't be read or written: .*[Ii]s a directory"):
        rootly_assets.dataset(tmp_path).table("marts.fct_incidents").df()


def test_a_missing_table_is_named(database: Path) -> None:
    with pytest.raises(DatasetError, match="fct_incidents"):
        rootly_assets.dataset(database).table("marts.fct_incidents").df()


@pytest.mark.parametrize(
    ("name", "copy"),
    [("warehouse", "copy"), ("warehouse", 'it\'s a "copy"'), ("rootly", "copy"), ("a b", "rootly")],
)
def test_a_copy_may_be_called_otherwise(tmp_path: Path, name: str, copy: str) -> None:
    """The names of databases that dbt writes into views are of the file as it was called then."""
    path = tmp_path / f"{name}.duckdb"
    DuckDBWarehouse(database=str(path)).prepare([endpoint_of("incidents")])
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"""
            CREATE SCHEMA "{name}".staging; CREATE SCHEMA "{name}".marts;
            INSERT INTO "{name}".rootly.incidents (id) VALUES ('1');
            CREATE VIEW "{name}".staging.of_nothing AS SELECT ' AS ' AS said;
            CREATE VIEW "{name}".staging.stg_rootly__incidents AS
                WITH source AS (SELECT * FROM "{name}".rootly.incidents) SELECT id FROM source;
            CREATE TABLE "{name}".marts.fct_incidents AS FROM "{name}".staging.stg_rootly__incidents;
        """)
    copied = path.rename(tmp_path / f"{copy}.duckdb")

    dataset = rootly_assets.dataset(copied)
    tables = ["rootly.incidents", "staging.stg_rootly__incidents", "marts.fct_incidents"]
    with dataset.opened() as one, dataset.confined().opened() as other:
        for each in tables:
            assert one.table(each).records()[0]["id"] == "1"
            assert other.table(each).records()[0]["id"] == "1"
        with pytest.raises(DatasetError, match="read-only"):
            one.sql("CREATE TABLE marts.mine AS SELECT 1").records()
        with pytest.raises(DatasetError, match=r"asks read_text\(\) for rows"):
            other.sql(f"FROM read_text('{tmp_path}/*')").records()
    with duckdb.connect(str(copied)):
        pass  # nobody has it open any more


@pytest.mark.parametrize("schema", ["rootly", "marts"])
def test_a_file_may_be_named_like_a_schema(tmp_path: Path, schema: str) -> None:
    """DuckDB alone finds `rootly.incidents` ambiguous in a file named rootly.duckdb."""
    path = tmp_path / f"{schema}.duckdb"
    DuckDBWarehouse(database=str(path)).prepare([endpoint_of("incidents")])
    with duckdb.connect(str(path)) as connection:
        for each in ("marts", "staging"):
            connection.execute(f"CREATE SCHEMA {schema}.{each}")
        # As dbt writes them: with the name of the database.
        connection.execute(f"INSERT INTO {schema}.rootly.incidents (id, title) VALUES ('1', 'a.b')")
        connection.execute(
            f"CREATE VIEW {schema}.staging.incidents AS SELECT * FROM {schema}.rootly.incidents"
        )
    DuckDBWarehouse(database=str(path)).replace_table("marts.mine", {"id": "VARCHAR"}, [["1"]])

    dataset = rootly_assets.dataset(path)
    for name in ("rootly.incidents", "staging.incidents", "marts.mine"):
        assert dataset.table(name).records()[0]["id"] == "1"
    query = """
        WITH i AS (SELECT incidents.title, id FROM rootly.incidents WHERE title = ? OR title = ?)
        SELECT i.title || ' rootly.incidents' AS said, (SELECT count(*) FROM Rootly."incidents") AS n
        FROM i JOIN marts.mine ON i.id = mine.id AND mine.id IN (SELECT id FROM rootly.incidents)
        -- rootly.incidents
    """
    for asked in (query, query.replace("?", "$1", 1).replace("?", "$2")):
        rows = dataset.sql(asked, ["a.b", "c"]).records()
        assert rows == [{"said": "a.b rootly.incidents", "n": 1}]
    described = dataset.sql("DESCRIBE rootly.incidents").records()
    assert described[0]["column_name"] == "id"
    with pytest.raises(DatasetError, match=r"refused.*nothing"):
        dataset.sql("SELECT nothing FROM rootly.incidents").records()
