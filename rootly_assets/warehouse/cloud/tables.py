"""Creates raw tables in a cloud warehouse, and brings older ones up to date; no value is lost."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from rootly_assets.catalogue import ColumnType, Endpoint
from rootly_assets.sql import literal, quoted
from rootly_assets.sync.shaping.columns import RESCUED, RESERVED, declared_columns, retyped
from rootly_assets.warehouse.cloud.dialect import SCHEMA
from rootly_assets.warehouse.cloud.session import Session
from rootly_assets.warehouse.cloud.stage import brought
from rootly_assets.warehouse.cloud.state_table import created, forget
from rootly_assets.warehouse.scratch import scratch
from rootly_assets.warehouse.state_table import STATE_COLUMNS, STATE_TABLE

Columns = Mapping[str, ColumnType]


def existing_tables(session: Session) -> dict[str, dict[str, ColumnType]]:
    """Attributes of all raw tables with their types, in order."""
    tables: dict[str, dict[str, ColumnType]] = {}
    for table, column, kind in session.rows(session.dialect.columns):
        tables.setdefault(table.lower(), {})[column.lower()] = session.dialect.kind(kind)
    return tables


def prepare_tables(session: Session, endpoints: Iterable[Endpoint], memory_limit: str) -> None:
    """Make every table exist with its declared columns."""
    endpoints = list(endpoints)
    existing = existing_tables(session)
    new = [each.table for each in endpoints if each.table not in existing]
    if not existing:
        session.run(f"CREATE SCHEMA IF NOT EXISTS {session.dialect.name(SCHEMA)}")
        session.run(created(session.dialect))
    for name in STATE_COLUMNS.keys() - existing.get(STATE_TABLE, STATE_COLUMNS).keys():
        add_column(session, STATE_TABLE, name, STATE_COLUMNS[name])  # of an older version
    if existing and new:
        # Somebody may have dropped one that had been read. Before any is made, while no other step that makes
        # them too can have filled one.
        forget(session, new)
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
        kept: dict[str, str] = {}
        misfits: dict[str, str] = {}
        for name, kind in before.items():
            # JSON came as text.
            value = f"{names[name]}::JSON" if kind is ColumnType.JSON else names[name]
            text, kept[name] = retyped(value, kind, columns[name])
            lost = f"{names[name]} IS NOT NULL AND {kept[name]} IS NULL"
            misfits[lost] = (
                f"CASE WHEN {lost} THEN json_object({literal(name)}, {text}) ELSE '{{}}' END"
            )
        merged = ", ".join((f"coalesce({names[RESCUED]}, '{{}}')", *misfits.values()))
        any_lost = " OR ".join(f"({lost})" for lost in misfits)
        select = ", ".join(
            [
                f"{names['id']} AS id",
                *(f"{value} AS {quoted(name)}" for name, value in kept.items()),
                f"CASE WHEN {any_lost} THEN json_merge_patch({merged}) ELSE {names[RESCUED]} END "
                f"AS {RESCUED}",
            ]
        )
        kinds = {name: columns[name] for name in read}
        return brought(session, duckdb, f"SELECT {select} FROM answer", kinds)
