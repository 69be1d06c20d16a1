"""What a browser asks of PostgreSQL is answered and does no more, for roles without power over the server."""

from contextlib import suppress

import pytest

import rootly_assets
from rootly_assets.app.explore import tables
from rootly_assets.reader import DatasetError
from rootly_assets.sql import quoted
from rootly_assets_tests.postgres_server import PASSWORD, Database
from rootly_assets_tests.warehouse.postgres.table import PostgresTable
from rootly_assets_tests.warehouse.table import thing

BREAKING_OUT = "SELECT 1) AS a; {}; SELECT * FROM (SELECT 1"


def reading(database: Database) -> str:
    """The role that only reads; roles are the server's, not a database's."""
    return f"reading {database.name}"


@pytest.fixture
def database(things: PostgresTable, monkeypatch: pytest.MonkeyPatch) -> Database:
    """One with a table of two things, and a role that only reads, as the guide has it."""
    things.load([thing("1", name="a"), thing("2")])
    role = quoted(reading(things.postgres))
    things.postgres.query(
        f"CREATE ROLE {role} LOGIN PASSWORD %s; GRANT USAGE ON SCHEMA rootly TO {role}; "
        f"GRANT SELECT ON ALL TABLES IN SCHEMA rootly TO {role}",
        [PASSWORD],
    )
    for name, value in things.postgres.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ROOTLY_POSTGRES_USER", reading(things.postgres))
    return things.postgres


@pytest.mark.usefixtures("database")
def test_a_role_that_only_reads_is_answered() -> None:
    confined = rootly_assets.dataset().confined()
    query = "SELECT id, name FROM rootly.things ORDER BY id"
    assert confined.sql(query).records() == [{"id": "1", "name": "a"}, {"id": "2", "name": None}]
    assert confined.sql("SELECT ';' AS text;").records() == [{"text": ";"}]
    assert "things" in set(tables(rootly_assets.dataset())["table"])


@pytest.mark.usefixtures("database")
def test_a_refusal_is_in_the_server_s_words_about_what_was_typed() -> None:
    with pytest.raises(DatasetError) as caught:
        rootly_assets.dataset().confined().sql("SELECT nam FROM rootly.things").records()
    said = str(caught.value)
    assert 'column "nam" does not exist' in said
    assert "LINE 2: SELECT nam FROM rootly.things" in said
    assert "QUERY" not in said
    assert "refcursor" not in said


@pytest.mark.parametrize(
    "statement",
    [
        "COPY (SELECT 1) TO PROGRAM 'touch {folder}/taken'",
        "COPY (SELECT 1) TO '{folder}/taken'",
        "CREATE TABLE rootly.taken (n int)",
        "SET TRANSACTION READ WRITE; CREATE TABLE rootly.taken (n int)",
        "COMMIT; CREATE TABLE rootly.taken (n int)",
    ],
)
@pytest.mark.parametrize("is_superuser", [False, True])
def test_nothing_runs_of_what_breaks_out_of_a_query(
    database: Database, monkeypatch: pytest.MonkeyPatch, is_superuser: bool, statement: str
) -> None:
    """Not even to find out whether it should run; in Python, neither, where a superuser asks."""
    if is_superuser:
        monkeypatch.setenv("ROOTLY_POSTGRES_USER", "tester")
    ((folder,),) = database.query("SHOW data_directory")
    query = BREAKING_OUT.format(statement.format(folder=folder))
    for dataset in (rootly_assets.dataset(), rootly_assets.dataset().confined()):
        with pytest.raises(DatasetError, match="refused"):
            dataset.sql(query).records()
    found = "SELECT to_regclass('rootly.taken') IS NULL, pg_stat_file('taken', true) IS NULL"
    assert database.query(found) == [(True, True)]


def test_what_a_select_makes_all_the_same_is_not_kept(database: Database) -> None:
    """Large objects, before PostgreSQL 16."""
    with suppress(DatasetError):
        rootly_assets.dataset().confined().sql("SELECT lo_create(0)").records()
    assert database.query("SELECT count(*) FROM pg_largeobject_metadata") == [(0,)]


@pytest.mark.parametrize(
    "power",
    [
        "ALTER ROLE {role} SUPERUSER",
        # It inherits nothing, and could set its role by a function.
        "ALTER ROLE {role} NOINHERIT; GRANT tester TO {role}",
        "GRANT pg_read_server_files TO {role}",
        "GRANT pg_write_server_files TO {role}",
        "GRANT pg_execute_server_program TO {role}",
        "ALTER ROLE {role} SUPERUSER; ALTER ROLE {role} SET role = pg_read_all_data",
    ],
)
def test_a_role_with_power_over_the_server_is_asked_in_python_alone(
    database: Database, power: str
) -> None:
    database.query(power.format(role=quoted(reading(database))))
    assert len(rootly_assets.dataset().table("rootly.things").records()) == 2
    with pytest.raises(
        DatasetError, match=r"role reading .* has power.*ROOTLY_POSTGRES_USER"
    ) as told:
        rootly_assets.dataset().confined().sql("SELECT pg_read_file('PG_VERSION')").records()
    assert PASSWORD not in str(told.value)
