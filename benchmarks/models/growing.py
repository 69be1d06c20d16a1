"""Repeats the marked tables until there are enough incidents and alerts, by SQL alone."""

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.models.template import (
    DIVISION,
    EACH_DIVISION,
    EACH_TIME,
    HALF_YEAR,
    PEOPLE,
    PERSON,
    SCHEMA,
    TIME,
)

STAGING = Path(__file__).parents[2] / "dbt_project" / "models" / "staging"
TURNS = 10  # half years: five years of history
# Copies that bring alerts alone have numbers of their own.
_QUIET = 500_000
_OF_ALERTS = tuple(name for name in EACH_TIME if name.startswith("alert"))
_ALWAYS = ("id", "_deleted_at", "_synced_at")


@dataclass(frozen=True, slots=True)
class Copies:
    """How often a table is repeated.

    Attributes:
        divisions: side by side.
        turns: of each of them, one after the other, back in time.
        first: number of the first copy.
    """

    divisions: int
    turns: int
    first: int = 0

    def select(self) -> str:
        """SQL for one row a copy: the half years it lies back, and what takes the place of marks."""
        return (
            f"SELECT copy % {self.turns} AS turn, copy // {self.turns} AS division, "
            f"printf('%06d', copy + {self.first}) AS time_text, "
            f"printf('%06d', copy // {self.turns}) AS division_text, "
            f"'1' || printf('%03d', copy // {self.turns}) AS person_text "
            f"FROM range({self.divisions * self.turns}) AS copies (copy)"
        )


def grow(database: Path, template: Path, *, incidents: int, alerts: int) -> None:
    """Write the raw tables of a large workspace.

    Args:
        database: the file, made anew.
        template: what is repeated.
        incidents: at least so many; whole divisions are added.
        alerts: at least so many; alerts without an incident are added to what comes with them.

    Raises:
        ValueError: there would be more divisions than there are numbers for.
    """
    with duckdb.connect(str(database)) as connection:
        connection.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false")
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"ATTACH '{template}' AS template (READ_ONLY)")
        connection.execute("CREATE SCHEMA rootly")
        each, alerts_each = (
            _count(connection, f"template.rootly.{name}") for name in ("incidents", "alerts")
        )
        divisions = -(-incidents // (each * TURNS))
        if divisions > 999:
            raise ValueError("More than 999 divisions: the template needs more incidents.")
        copies = Copies(divisions, TURNS)
        quiet = max(0, -(-alerts // (divisions * TURNS)) - alerts_each)
        for (table,) in connection.execute(
            "SELECT table_name FROM duckdb_tables() "
            "WHERE database_name = 'template' AND schema_name = 'rootly'"
        ).fetchall():
            if table in EACH_TIME:
                _repeat(connection, table, copies)
            elif table in (PEOPLE, *EACH_DIVISION):
                _repeat(connection, table, Copies(divisions, 1))
            else:
                connection.execute(
                    f'CREATE TABLE rootly."{table}" AS FROM template.rootly."{table}"'
                )
        while quiet > 0:
            _add_quiet_alerts(connection, min(quiet, alerts_each), copies, quiet)
            quiet -= alerts_each


def _add_quiet_alerts(
    connection: duckdb.DuckDBPyConnection, rows: int, copies: Copies, left: int
) -> None:
    """Let as many alerts of the template come once more in each copy, with no incident to them."""
    some = f"(SELECT id FROM template.{SCHEMA}.alerts ORDER BY id LIMIT {rows})"
    numbered = Copies(copies.divisions, copies.turns, _QUIET + left % 7 * 50_000)
    for table in _OF_ALERTS:
        of = "id" if table == "alerts" else "alert_id"
        _repeat(connection, table, numbered, where=f"{of} IN {some}")


def _repeat(
    connection: duckdb.DuckDBPyConnection, table: str, copies: Copies, where: str = "true"
) -> None:
    """Add the copies of a table; columns that no model reads stay empty."""
    read = _read_by_models(table)
    source = f"template.{SCHEMA}.{table}"
    connection.execute(
        f'CREATE TABLE IF NOT EXISTS rootly."{table}" AS FROM template.rootly."{table}" LIMIT 0'
    )
    columns = [
        (name, kind)
        for name, kind, *_ in connection.execute(f"DESCRIBE {source}").fetchall()
        if name in _ALWAYS or name in read
    ]
    values = ", ".join(
        f'{_value(connection, source, name, kind)} AS "{name}"' for name, kind in columns
    )
    connection.execute(
        f'INSERT INTO rootly."{table}" BY NAME '
        f"SELECT {values} FROM {source}, ({copies.select()}) WHERE {where}"
    )


def _value(connection: duckdb.DuckDBPyConnection, source: str, name: str, kind: str) -> str:
    """SQL for a column's value in a copy."""
    column = f'"{name}"'
    if kind == "VARCHAR":
        for sign, text in ((TIME, "time"), (DIVISION, "division"), (PERSON, "person")):
            # What is not there need not be looked for a million times.
            if _count(connection, f"{source} WHERE contains(\"{name}\", '{sign}')"):
                column = f"replace({column}, '{sign}', {text}_text)"
        return column
    if kind == "TIMESTAMP WITH TIME ZONE" and not name.startswith("_"):
        return f"{column} - turn * INTERVAL '{HALF_YEAR.days} days'"
    if kind == "BIGINT" and name.endswith("user_id"):
        return f"{column} + (1000 + division) * 100000"
    return column


def _read_by_models(table: str) -> set[str]:
    """Words of the staging model of a table, its columns among them."""
    (path,) = STAGING.rglob(f"stg_rootly__{table}.sql")
    return set(re.findall(r"\w+", path.read_text()))


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None, "an aggregate gives one row"
    return int(row[0])
