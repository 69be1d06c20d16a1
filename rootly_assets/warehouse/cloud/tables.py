"""Creates raw tables in a cloud warehouse, and brings older ones up to date; no value is lost."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from rootly_assets.catalogue import ColumnType, Endpoint
from rootly_assets.sync.columns import (
    DELETED_AT,
    RELATIONSHIPS,
    RESCUED,
    RESERVED,
    SYNCED_AT,
    literal,
    quoted,
    typed,
)
from rootly_assets.warehouse.cloud.dialect import SCHEMA
from rootly_assets.warehouse.cloud.session import Session
from rootly_assets.warehouse.cloud.stage import brought, scratch
from rootly_assets.warehouse.cloud.state_table import created

Columns = Mapping[str, ColumnType]


def declared_columns(endpoint: Endpoint) -> dict[str, ColumnType]:
    """Every declared attribute of a table with its type, in order, and our own columns."""
    parent = {endpoint.parent.parameter: ColumnType.TEXT} if endpoint.parent else {}
    return {
        "id": ColumnType.TEXT,
        **parent,
        **endpoint.columns,
        RELATIONSHIPS: ColumnType.JSON,
        RESCUED: ColumnType.JSON,
        SYNCED_AT: ColumnType.TIMESTAMP,
        DELETED_AT: ColumnType.TIMESTAMP,
    }


def existing_tables(session: Session) -> dict[str, dict[str, ColumnType]]:
    """Attributes of all raw tables with their types, in order."""
    tables: dict[str, dict[str, ColumnType]] = {}
    for table, column, kind in session.rows(session.dialect.columns):
        tables.setdefault(table.lower(), {})[column.lower()] = session.dialect.kind(kind)
    return tables


def prepare_tables(session: Session, endpoints: Iterable[Endpoint], memory_limit: str) -> None:
    """Make every table exist with its declared columns."""
    existing = existing_tables(session)
    if not existing:
        session.run(f"CREATE SCHEMA IF NOT EXISTS {session.dialect.name(SCHEMA)}")
        session.run(created(session.dialect))
    for endpoint in endpoints:
        if endpoint.table not in existing:
            _create(session, endpoint)
        else:
            _update(session, endpoint, existing[endpoint.table], memory_limit)


def add_column(session: Session, table: str, attribute: str, kind: ColumnType) -> None:
    """A new column for an attribute."""
    dialect = session.dialect
    column = dialect.declared(attribute, kind)
    session.run(f"ALTER TABLE {dialect.table(table)} ADD COLUMN {column}")


def put(session: Session, table: str, select: str) -> None:
    """Put the answer to a query in place of a table, in one step; it may read the table."""
    if session.dialect.replaces:
        session.run(f"CREATE OR REPLACE TABLE {table} AS {select}")
        return
    answer = session.scratch()
    session.run(f"CREATE TABLE {answer} AS {select}")
    with session.transaction():
        session.run(f"DROP TABLE IF EXISTS {table} CASCADE")
        session.run(f"CREATE TABLE {table} AS SELECT * FROM {answer}")


def _create(session: Session, endpoint: Endpoint) -> None:
    dialect = session.dialect
    columns = ", ".join(
        dialect.declared(name, kind) for name, kind in declared_columns(endpoint).items()
    )
    session.run(f"CREATE TABLE IF NOT EXISTS {dialect.table(endpoint.table)} ({columns})")
    _describe(session, endpoint)


def _describe(session: Session, endpoint: Endpoint) -> None:
    dialect = session.dialect
    table, text = dialect.table(endpoint.table), dialect.literal(endpoint.description)
    session.run(dialect.described.format(table=table, text=text))


def _update(session: Session, endpoint: Endpoint, present: Columns, memory_limit: str) -> None:
    declared = declared_columns(endpoint)
    for name, kind in declared.items():
        if name not in present:
            add_column(session, endpoint.table, name, kind)
    changed = {
        name: kind
        for name, kind in endpoint.columns.items()
        if name not in RESERVED and present.get(name, kind) is not kind
    }
    secret = present.keys() & set(endpoint.secrets)
    if changed or secret:
        columns = {
            name: kind for name, kind in {**present, **declared}.items() if name not in secret
        }
        _rebuild(
            session, endpoint, columns, {name: present[name] for name in changed}, memory_limit
        )


def _rebuild(
    session: Session, endpoint: Endpoint, columns: Columns, before: Columns, memory_limit: str
) -> None:
    """Put another edition of a table in its place.

    Args:
        session: the warehouse.
        endpoint: whose table it is.
        columns: the columns that it is to have, all of which it has but for some types.
        before: what those were until now.
        memory_limit: how much memory DuckDB may use.
    """
    dialect = session.dialect
    table = dialect.table(endpoint.table)
    values = {name: f"present.{dialect.name(name)}" for name in columns}
    source = f"{table} AS present"
    if before:
        staged, names = _converted(session, table, columns, before, memory_limit)
        source += (
            f" LEFT JOIN {staged} AS stage ON stage.{names['id']} = present.{dialect.name('id')}"
        )
        for name in (*before, RESCUED):
            value = f"stage.{names[name]}"
            values[name] = (
                dialect.parsed.format(value) if columns[name] is ColumnType.JSON else value
            )
    selected = ", ".join(
        # A column without a value has no type by itself.
        f"CAST({value} AS {dialect.types[columns[name]]}) AS {dialect.name(name)}"
        for name, value in values.items()
    )
    put(session, table, f"SELECT {selected} FROM {source}")
    for name, kind in columns.items():
        if mark := dialect.marks.get(kind):
            session.run(f"ALTER TABLE {table} ALTER COLUMN {dialect.name(name)} {mark}")
    _describe(session, endpoint)


def _converted(
    session: Session, table: str, columns: Columns, before: Columns, memory_limit: str
) -> tuple[str, dict[str, str]]:
    """Values of other types for every row: what fits moves over, what doesn't goes to `_rescued`.

    They pass through DuckDB, so that what fits is the same as when rows are read.
    """
    dialect = session.dialect

    def said(name: str, kind: ColumnType) -> str:
        column = dialect.name(name)
        return dialect.said.format(column) if kind is ColumnType.JSON else column

    read = {"id": ColumnType.TEXT, **before, RESCUED: ColumnType.JSON}
    names = {name: f"c{at}" for at, name in enumerate(read)}
    asked = ", ".join(f"{said(name, kind)} AS {names[name]}" for name, kind in read.items())
    answer = session.arrow(f"SELECT {asked} FROM {table}").rename_columns(list(names.values()))
    with (
        TemporaryDirectory(prefix="rootly-") as folder,
        scratch(memory_limit, Path(folder)) as duckdb,
    ):
        duckdb.register("answer", answer)
        kept = {name: _fitting(names[name], before[name], columns[name]) for name in before}
        misfits = [
            f"CASE WHEN {names[name]} IS NOT NULL AND {value} IS NULL "
            f"THEN json_object({literal(name)}, {_text(names[name], before[name])}) ELSE '{{}}' END"
            for name, value in kept.items()
        ]
        lost = " OR ".join(
            f"({names[name]} IS NOT NULL AND {value} IS NULL)" for name, value in kept.items()
        )
        merged = f"json_merge_patch(coalesce({names[RESCUED]}, '{{}}'), {', '.join(misfits)})"
        select = ", ".join(
            [
                f"{names['id']} AS id",
                *(f"{value} AS {quoted(name)}" for name, value in kept.items()),
                f"CASE WHEN {lost} THEN {merged} ELSE {names[RESCUED]} END AS {RESCUED}",
            ]
        )
        kinds = {name: columns[name] for name in read}
        return brought(session, duckdb, f"SELECT {select} FROM answer", kinds)


def _text(column: str, kind: ColumnType) -> str:
    return f"({column}::JSON ->> '$')" if kind is ColumnType.JSON else f"{column}::VARCHAR"


def _fitting(column: str, before: ColumnType, after: ColumnType) -> str:
    if after is ColumnType.JSON:
        return f"to_json({column})"
    return typed(_text(column, before), after)
