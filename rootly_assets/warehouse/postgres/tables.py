"""Creates raw tables in PostgreSQL, and brings those of an older catalogue up to date; no value is lost."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - a class

from rootly_assets.catalogue import ColumnType, Endpoint
from rootly_assets.sql import literal, quoted
from rootly_assets.sync.shaping.columns import RESCUED, RESERVED, declared_columns, typed
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.postgres.csv_files import copy_out, csv_source, write_csv
from rootly_assets.warehouse.postgres.names import SQL_TYPES, column_type, folded
from rootly_assets.warehouse.postgres.state_table import CREATE, forget
from rootly_assets.warehouse.scratch import scratch
from rootly_assets.warehouse.state_table import STATE_COLUMNS, STATE_TABLE

SCHEMA = "rootly"

# Schemas of the dbt project: its views are made anew by every build.
DBT_SCHEMAS = frozenset({"staging", "intermediate", "marts"})

# Any number that nobody else uses: two runs that begin at once must not both create a table.
PREPARING = 7_006_658_579


class Column(msgspec.Struct, frozen=True):
    """A column of a raw table: its name, the attribute that it holds, its type."""

    name: str
    attribute: str
    kind: ColumnType


def qualified(table: str) -> str:
    """A raw table with its schema, quoted."""
    return f"{quoted(SCHEMA)}.{quoted(table)}"


def existing_tables(cursor: Cursor) -> dict[str, list[Column]]:
    """Columns of all raw tables, in order."""
    cursor.execute(
        "SELECT class.relname, attname, format_type(atttypid, atttypmod), col_description(class.oid, attnum) "
        "FROM pg_catalog.pg_attribute INNER JOIN pg_catalog.pg_class AS class ON class.oid = attrelid "
        "WHERE relnamespace = to_regnamespace(%s) AND relkind IN ('r', 'p') "
        "AND attnum > 0 AND NOT attisdropped ORDER BY class.relname, attnum",
        [quoted(SCHEMA)],
    )
    tables: dict[str, list[Column]] = {}
    for table, name, kind, comment in cursor.fetchall():
        # The comment has the attribute's name where folding has changed it.
        attribute = comment if comment and folded(comment) == name else name
        tables.setdefault(table, []).append(Column(name, attribute, column_type(kind)))
    return tables


def prepare_tables(cursor: Cursor, endpoints: Iterable[Endpoint], memory_limit: str) -> None:
    """Make every table exist with its declared columns; the caller commits."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PREPARING])
    cursor.execute("SELECT to_regnamespace(%s) IS NULL", [quoted(SCHEMA)])
    # Not IF NOT EXISTS: it asks for the right to create, even where there is nothing to create.
    if cursor.fetchone() == (True,):
        cursor.execute(f"CREATE SCHEMA {quoted(SCHEMA)}")
    cursor.execute("SELECT to_regclass('rootly._rootly_sync') IS NULL")
    if cursor.fetchone() == (True,):
        cursor.execute(CREATE)
    existing = existing_tables(cursor)
    present = {column.name for column in existing[STATE_TABLE]}
    for name in STATE_COLUMNS.keys() - present:  # of an older version
        add_column(cursor, STATE_TABLE, name, STATE_COLUMNS[name])
    new: list[str] = []
    for endpoint in endpoints:
        if endpoint.table not in existing:
            _create(cursor, endpoint)
            new.append(endpoint.table)
        else:
            _update(cursor, endpoint, existing[endpoint.table], memory_limit)
    if new:
        # Somebody may have dropped one that had been read.
        forget(cursor, new)


def add_column(cursor: Cursor, table: str, attribute: str, kind: ColumnType) -> None:
    """A new column for an attribute."""
    name = folded(attribute)
    cursor.execute(f"ALTER TABLE {qualified(table)} ADD COLUMN {quoted(name)} {SQL_TYPES[kind]}")
    if name != attribute:
        cursor.execute(
            f"COMMENT ON COLUMN {qualified(table)}.{quoted(name)} IS {literal(attribute)}"
        )


def _create(cursor: Cursor, endpoint: Endpoint) -> None:
    columns = declared_columns(endpoint)
    kinds = ", ".join(f"{quoted(folded(name))} {SQL_TYPES[kind]}" for name, kind in columns.items())
    table = qualified(endpoint.table)
    cursor.execute(f"CREATE TABLE {table} ({kinds}, PRIMARY KEY (id))")
    cursor.execute(f"COMMENT ON TABLE {table} IS {literal(endpoint.description)}")
    for name in columns:
        if folded(name) != name:
            cursor.execute(f"COMMENT ON COLUMN {table}.{quoted(folded(name))} IS {literal(name)}")


def _update(
    cursor: Cursor, endpoint: Endpoint, existing: Iterable[Column], memory_limit: str
) -> None:
    present = {column.attribute.lower(): column for column in existing}
    for name, kind in declared_columns(endpoint).items():
        if name.lower() not in present:
            add_column(cursor, endpoint.table, name, kind)
    changed = {
        present[name.lower()]: kind
        for name, kind in endpoint.columns.items()
        if name.lower() not in RESERVED
        and present.get(name.lower(), Column("", "", kind)).kind is not kind
    }
    secret = [column for column in present.values() if column.attribute in endpoint.secrets]
    if changed or secret:
        _drop_dependents(cursor, endpoint.table)
    for column, kind in changed.items():
        _convert(cursor, endpoint.table, column, kind, memory_limit)
    for column in secret:  # it was stored before anybody knew what it is
        cursor.execute(f"ALTER TABLE {qualified(endpoint.table)} DROP COLUMN {quoted(column.name)}")


def _drop_dependents(cursor: Cursor, table: str) -> None:
    """Drop dbt's views on a table, since no column under a view can be changed.

    Raises:
        WarehouseError: others than dbt have views on it, which it is not ours to drop.
    """
    cursor.execute(
        "WITH RECURSIVE dependents AS ("
        " SELECT to_regclass(%s)::oid AS relation"
        " UNION SELECT rule.ev_class FROM dependents INNER JOIN pg_catalog.pg_depend AS depends"
        " ON depends.refobjid = dependents.relation AND depends.classid = 'pg_rewrite'::regclass"
        " INNER JOIN pg_catalog.pg_rewrite AS rule ON rule.oid = depends.objid"
        ") SELECT namespace.nspname, class.relname FROM dependents"
        " INNER JOIN pg_catalog.pg_class AS class ON class.oid = dependents.relation"
        " INNER JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace"
        " WHERE class.relkind IN ('v', 'm') ORDER BY 1, 2",
        [qualified(table)],
    )
    views: list[tuple[str, str]] = cursor.fetchall()
    foreign = [f"{schema}.{view}" for schema, view in views if schema not in DBT_SCHEMAS]
    if foreign:
        raise WarehouseError(
            f"A column of rootly.{table} gets another type, which PostgreSQL does not allow while views use "
            f"the table: {', '.join(foreign)}. Drop them, run again, and create them again afterwards."
        )
    for schema, view in views:
        cursor.execute(f"DROP VIEW IF EXISTS {quoted(schema)}.{quoted(view)} CASCADE")


def _convert(
    cursor: Cursor, table: str, column: Column, after: ColumnType, memory_limit: str
) -> None:
    """Give a column another type: what fits moves over, what doesn't goes to `_rescued`.

    The values pass through DuckDB, so that what fits is the same as when rows are read.
    """
    name = quoted(column.name)
    before = column.kind
    # Of JSON, a string's own text, and the text of everything else.
    text = f"({name} #>> '{{}}')" if before is ColumnType.JSON else f"{name}::text"
    value = "to_json(value)" if after is ColumnType.JSON else typed("value", after)
    if after is ColumnType.JSON and before in (
        ColumnType.INTEGER,
        ColumnType.NUMBER,
        ColumnType.BOOLEAN,
    ):
        value = "value::JSON"
    target = qualified(table)
    with (
        TemporaryDirectory(prefix="rootly-") as folder,
        scratch(memory_limit, Path(folder)) as duckdb,
    ):
        old, new = Path(folder) / "old.csv", Path(folder) / "new.csv"
        query = f"SELECT id, {text} FROM {target} WHERE {name} IS NOT NULL"
        longest = copy_out(cursor, query, old)
        source = csv_source(old, {"id": "VARCHAR", "value": "VARCHAR"}, longest)
        select = (
            f"SELECT id, fitting, CASE WHEN fitting IS NULL THEN value END AS misfit "
            f"FROM (SELECT id, value, {value} AS fitting FROM {source})"
        )
        write_csv(duckdb, select, ["id", "misfit", *_if_text("fitting", after)], new)
        cursor.execute(
            f"CREATE TEMP TABLE rootly_converted (id text, fitting {SQL_TYPES[after]}, misfit text) "
            "ON COMMIT DROP"
        )
        with new.open("rb") as file:
            cursor.copy_expert("COPY rootly_converted FROM STDIN (FORMAT csv)", file)
    cursor.execute(
        f"ALTER TABLE {target} ALTER COLUMN {name} SET DATA TYPE {SQL_TYPES[after]} USING NULL"
    )
    cursor.execute(
        f"UPDATE {target} AS present SET {name} = converted.fitting, {RESCUED} = CASE "
        f"WHEN converted.misfit IS NULL THEN present.{RESCUED} ELSE coalesce(present.{RESCUED}, '{{}}') "
        "|| jsonb_build_object(%s, converted.misfit) END "
        "FROM rootly_converted AS converted WHERE converted.id = present.id",
        [column.attribute],
    )
    cursor.execute("DROP TABLE rootly_converted")


def _if_text(name: str, kind: ColumnType) -> list[str]:
    return [name] if kind in (ColumnType.TEXT, ColumnType.JSON) else []
