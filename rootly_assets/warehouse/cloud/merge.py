"""Finds out what a batch changes in a raw table, and changes it in one statement."""

from collections.abc import Mapping
from datetime import UTC

from rootly_assets.catalogue import ColumnType
from rootly_assets.sync.batch import Batch, Placed
from rootly_assets.sync.shaping.columns import DELETED_AT, SYNCED_AT
from rootly_assets.warehouse.cloud.dialect import Dialect
from rootly_assets.warehouse.cloud.session import Session
from rootly_assets.warehouse.cloud.stage import Staged

CHANGE = "_change"


def changes(session: Session, batch: Batch, staged: Staged) -> tuple[str, Mapping[str, int]] | None:
    """Rows as they are to be, of those alone that are not so yet.

    Returns:
        The table that they are in, and how many are new, changed and vanished; None where there can't be any.
    """
    parts = [
        *([_came(session.dialect, batch, staged)] if staged.table and not batch.only_marks else ()),
        *(
            [_vanished(session.dialect, batch, staged, inside)]
            if (inside := _inside(session.dialect, batch))
            else ()
        ),
    ]
    if not parts:
        return None
    table = session.scratch()
    session.run(f"CREATE TABLE {table} AS {' UNION ALL '.join(parts)}")
    kind = session.dialect.name(CHANGE)
    counted = session.rows(f"SELECT {kind}, count(*) FROM {table} GROUP BY {kind}")
    return table, {str(name): int(count) for name, count in counted}


def absent(session: Session, batch: Batch, staged: Staged) -> Placed:
    """When those rows of a batch were created that the table has not as they are."""
    if staged.table is None:
        return ()
    dialect = session.dialect
    created = f"stage.{staged.names['created_at']}"
    is_absent = _is_absent(dialect)
    if "updated_at" in staged.columns:
        is_absent += f" OR {_differs(dialect, staged, 'updated_at')}"
    rows = session.rows(
        f"SELECT created, min(place) FROM (SELECT {created} AS created, "
        f"CASE WHEN {is_absent} THEN 1 ELSE 0 END AS is_absent, "
        f"row_number() OVER (ORDER BY {created}) AS place "
        f"FROM {_beside_present(dialect, batch, staged)}) AS placed "
        "WHERE is_absent = 1 AND created IS NOT NULL GROUP BY created"
    )
    return tuple(sorted((row[0].astimezone(UTC), int(row[1])) for row in rows))


def apply(session: Session, batch: Batch, staged: Staged, changed: str) -> None:
    """Make rows what `changes` says; doing it twice makes no difference."""
    name = session.dialect.name
    table = session.dialect.table(batch.endpoint.table)
    columns = [name(each) for each in (*staged.columns, SYNCED_AT, DELETED_AT)]
    # Not with its schema: BigQuery knows it here by its own name alone.
    own = f"{name(batch.endpoint.table)}.{name('id')}"
    assigned = ", ".join(f"{each} = source.{each}" for each in columns if each != name("id"))
    session.run(
        f"MERGE INTO {table} USING {changed} AS source ON {own} = source.{name('id')} "
        f"WHEN MATCHED THEN UPDATE SET {assigned} "
        f"WHEN NOT MATCHED THEN INSERT ({', '.join(columns)}) "
        f"VALUES ({', '.join(f'source.{each}' for each in columns)})"
    )
    if not batch.endpoint.keeps_vanished:
        session.run(f"DELETE FROM {table} WHERE {name(DELETED_AT)} IS NOT NULL")


def _came(dialect: Dialect, batch: Batch, staged: Staged) -> str:
    """Staged rows that are new, or differ from those of the table."""
    name = dialect.name
    synced = dialect.constant(batch.state.loaded_at, ColumnType.TIMESTAMP)
    deleted = dialect.constant(None, ColumnType.TIMESTAMP)
    selected = [
        *(f"{_given(dialect, staged, each)} AS {name(each)}" for each in staged.columns),
        f"{synced} AS {name(SYNCED_AT)}",
        f"{deleted} AS {name(DELETED_AT)}",
        f"CASE WHEN present.{name('id')} IS NULL THEN 'new' ELSE 'changed' END AS {name(CHANGE)}",
    ]
    other = [_is_absent(dialect)]
    other += [_differs(dialect, staged, each) for each in staged.columns if each != "id"]
    joined = _beside_present(dialect, batch, staged)
    return f"SELECT {', '.join(selected)} FROM {joined} WHERE {' OR '.join(other)}"


def _beside_present(dialect: Dialect, batch: Batch, staged: Staged) -> str:
    return (
        f"{staged.table} AS stage LEFT JOIN {dialect.table(batch.endpoint.table)} AS present "
        f"ON present.{dialect.name('id')} = stage.{staged.names['id']}"
    )


def _is_absent(dialect: Dialect) -> str:
    """Condition in SQL: the table lacks the staged row, or has it marked as deleted."""
    name = dialect.name
    return f"present.{name('id')} IS NULL OR present.{name(DELETED_AT)} IS NOT NULL"


def _vanished(dialect: Dialect, batch: Batch, staged: Staged, inside: str) -> str:
    """Rows that should have been in the batch and were not are gone at the server."""
    name = dialect.name
    selected = [
        *(f"present.{name(each)} AS {name(each)}" for each in (*staged.columns, SYNCED_AT)),
        f"{dialect.constant(batch.state.loaded_at, ColumnType.TIMESTAMP)} AS {name(DELETED_AT)}",
        f"'vanished' AS {name(CHANGE)}",
    ]
    query = f"SELECT {', '.join(selected)} FROM {dialect.table(batch.endpoint.table)} AS present"
    unseen = f"present.{name(DELETED_AT)} IS NULL AND {inside}"
    if staged.table:
        identity = staged.names["id"]
        query += f" LEFT JOIN {staged.table} AS stage ON stage.{identity} = present.{name('id')}"
        unseen += f" AND stage.{identity} IS NULL"
    return f"{query} WHERE {unseen}"


def _inside(dialect: Dialect, batch: Batch) -> str | None:
    """The rows that should have been in the batch; None where it tells nothing of those that were not."""
    if batch.window is not None:
        bounds = batch.window.bounds()
        inside = (
            f"present.{dialect.name(column)} {sign} {dialect.constant(moment)}"
            for column, sign, moment in bounds
        )
        return " AND ".join(inside) or "1 = 1"
    if batch.parents is not None and batch.endpoint.parent is not None:
        column = dialect.as_text(f"present.{dialect.name(batch.endpoint.parent.parameter)}")
        return dialect.any_of(column, batch.parents)
    return "1 = 1" if batch.sees_all else None


def _given(dialect: Dialect, staged: Staged, attribute: str) -> str:
    """A value of the batch, as the table has it."""
    value = f"stage.{staged.names[attribute]}"
    is_json = staged.columns[attribute] is ColumnType.JSON
    return dialect.parsed.format(value) if is_json else value


def _differs(dialect: Dialect, staged: Staged, attribute: str) -> str:
    before, after = f"present.{dialect.name(attribute)}", _given(dialect, staged, attribute)
    if staged.columns[attribute] is ColumnType.JSON:
        before, after = dialect.said.format(before), dialect.said.format(after)
    # Without IS DISTINCT FROM, which Redshift lacks.
    return f"coalesce({before} <> {after}, {before} IS NOT NULL OR {after} IS NOT NULL)"
