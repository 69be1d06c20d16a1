"""Columns of raw tables, and SQL fragments that turn a JSON value, read as text, into a typed one."""

from rootly_assets.catalogue import ColumnType, Endpoint

# Columns of ours on every table, after the attributes.
RELATIONSHIPS = "relationships"
RESCUED = "_rescued"
SYNCED_AT = "_synced_at"
DELETED_AT = "_deleted_at"

# What DuckDB calls the place of a row, in every table: a column of that name would hide it.
ROW = "rowid"

RESERVED = frozenset({"id", RELATIONSHIPS, RESCUED, SYNCED_AT, DELETED_AT, ROW})

SQL_TYPES = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.TIMESTAMP: "TIMESTAMPTZ",
    ColumnType.DATE: "DATE",
    ColumnType.JSON: "JSON",
}


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


def table_columns(endpoint: Endpoint) -> dict[str, str]:
    """The same with the types of DuckDB."""
    return {name: SQL_TYPES[kind] for name, kind in declared_columns(endpoint).items()}


def column_type(sql_type: str) -> ColumnType:
    """The type of a column as the warehouse says it; what was declared as something else is JSON to us."""
    said = "TIMESTAMPTZ" if sql_type == "TIMESTAMP WITH TIME ZONE" else sql_type
    return next((kind for kind, name in SQL_TYPES.items() if name == said), ColumnType.JSON)


def always_fits(kind: ColumnType) -> bool:
    """Whether any JSON value can be kept in a column of this type as it is."""
    return kind in (ColumnType.TEXT, ColumnType.JSON)


def retyped(value: str, before: ColumnType, after: ColumnType) -> tuple[str, str]:
    """SQL for a typed value's text, and for the value as another type; null where it doesn't fit."""
    text = f"({value} ->> '$')" if before is ColumnType.JSON else f"{value}::VARCHAR"
    return text, f"to_json({value})" if after is ColumnType.JSON else typed(text, after)


def typed(value: str, kind: ColumnType) -> str:
    """SQL for `value` (SQL text) as `kind`; null where it doesn't fit without loss.

    DuckDB's own casts are kinder than that: they round 3.7 to 4, take 1 for true and 1e400 for infinity,
    and drop the time of day from a date.
    """
    match kind:
        case ColumnType.INTEGER:
            whole = f"try_cast({value} AS BIGINT)"
            return f"CASE WHEN {whole} = try_cast({value} AS DOUBLE) THEN {whole} END"
        case ColumnType.NUMBER:
            number = f"try_cast({value} AS DOUBLE)"
            return f"CASE WHEN isfinite({number}) THEN {number} END"
        case ColumnType.BOOLEAN:
            return f"CASE {value} WHEN 'true' THEN true WHEN 'false' THEN false END"
        case ColumnType.TIMESTAMP:
            # Later years are instants to DuckDB, but to hardly anything that reads it.
            moment = f"try_cast({value} AS TIMESTAMPTZ)"
            span = "TIMESTAMPTZ '0001-01-01 00:00:00+00' AND TIMESTAMPTZ '9999-12-31 23:59:59.999999+00'"
            return f"CASE WHEN {moment} BETWEEN {span} THEN {moment} END"
        case ColumnType.DATE:
            day = f"try_cast({value} AS DATE)"
            return (
                f"CASE WHEN {day} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' "
                f"AND try_cast({value} AS TIMESTAMP) = {day} THEN {day} END"
            )
        case ColumnType.TEXT | ColumnType.JSON:
            return value
