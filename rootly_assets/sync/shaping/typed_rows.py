"""Shapes landed records into typed rows: one SELECT in DuckDB over the landing file.

Columns are declared by the catalogue. An attribute that nobody declared becomes a JSON column; a value that
does not fit its column is null there and kept in `_rescued`, a JSON object of column to text.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import duckdb
import msgspec

from rootly_assets.catalogue import ColumnType, Endpoint
from rootly_assets.sql import literal, quoted
from rootly_assets.sync.shaping.columns import (
    RELATIONSHIPS,
    RESCUED,
    RESERVED,
    always_fits,
    column_type,
    typed,
)
from rootly_assets.sync.shaping.pattern import patterned
from rootly_assets.sync.shaping.tidying import ODD, tidy

# More undeclared attributes than this are no new columns of the vendor's but keys that are data.
MOST_NEW_COLUMNS = 100
LONGEST_NAME = 120

NONE_KNOWN: Mapping[str, str] = MappingProxyType({})


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """Typed rows of a landing file, as a relation yet to be run.

    Attributes:
        columns: attribute columns and their types: the declared ones, then the undeclared.
        undeclared: names among them that the catalogue does not declare.
        select: SQL whose rows have `id`, the columns, `relationships` and `_rescued`.
    """

    columns: Mapping[str, ColumnType]
    undeclared: tuple[str, ...]
    select: str


def shape(
    connection: duckdb.DuckDBPyConnection,
    endpoint: Endpoint,
    path: Path,
    *,
    longest: int,
    known: Mapping[str, str] = NONE_KNOWN,
    unusable: Callable[[str], bool] = lambda _: False,
    patient: bool = False,
) -> Shape:
    """Say how to read a landing file; where patient, after a look at what it holds.

    Args:
        connection: any connection, with the time zone UTC.
        endpoint: whose records they are.
        path: the landing file; rewritten where columns can't hold all that it says.
        longest: the longest record, in bytes.
        known: the columns that the table has from earlier reads, with their SQL types; what the catalogue
            does not declare (any more) keeps the type that it has.
        unusable: whether an attribute's name can't be that of a column, for reasons of the destination's own.
        patient: look at every record first, so that attributes which have no column yet are found, and
            records which are not shaped like records (attributes that are a list, a member given twice) are
            kept too. Without it DuckDB refuses a file with either of them by an `InvalidInputException` when
            `select` runs.
    """
    parent = endpoint.parent.parameter if endpoint.parent else None
    own = {**({parent: ColumnType.TEXT} if parent else {}), **endpoint.columns}
    declared = {name.lower() for name in own} | RESERVED
    undeclared = {
        name.lower(): name
        for name in known
        if name.lower() not in declared and name not in endpoint.secrets
    }
    ignored = {*endpoint.secrets, "id"}
    # Without a column there is no struct of attributes that DuckDB could find them unfit for.
    patient = patient or not (own or undeclared)
    if patient:
        homeless = _attribute_names(connection, path, longest) - own.keys() - ignored
        for name in sorted(homeless - set(undeclared.values())):
            if (
                name.lower() not in declared
                and name.lower() not in undeclared
                and name.isprintable()
                and 0 < len(name) <= LONGEST_NAME
                and not unusable(name)
                and len(undeclared) < MOST_NEW_COLUMNS
            ):
                undeclared[name.lower()] = name
    kept = {name: column_type(known.get(name, "JSON")) for name in undeclared.values()}
    columns = {**own, **kept}
    if patient:
        tidy(path, columns=columns, ignored=ignored)
        source = _source(path, longest, columns)
    else:
        source = patterned(path, columns=columns, ignored=ignored, buffer=_buffer(longest))
    return Shape(
        columns=columns,
        undeclared=tuple(undeclared.values()),
        select=_select(columns, source, parent),
    )


def _lines(path: Path, longest: int) -> str:
    """SQL for the file's lines as one text column: char 1 can't stand raw in JSON."""
    return (
        f"read_csv({literal(str(path))}, columns={{'line': 'VARCHAR'}}, delim=chr(1), quote='', "
        f"escape='', header=false, auto_detect=false, max_line_size={_buffer(longest)})"
    )


def _buffer(longest: int) -> int:
    """Bytes to allow for a record: not many more than needed, since readers reserve a multiple of it."""
    return max(longest + longest // 4, 2_000_000)


def _attribute_names(
    connection: duckdb.DuckDBPyConnection, path: Path, longest: int
) -> frozenset[str]:
    rows = connection.execute(
        f"SELECT DISTINCT unnest(json_keys(line, '$.attributes')) FROM {_lines(path, longest)}"
    ).fetchall()
    return frozenset(str(row[0]) for row in rows)


def _source(path: Path, longest: int, columns: Mapping[str, ColumnType]) -> str:
    """SQL for what `patterned` gives, of a file that has been tidied."""
    attributes = ", ".join(f"{quoted(name)} {_read_as(kind)}" for name, kind in columns.items())
    attributes = f"STRUCT({attributes})" if attributes else "JSON"
    return (
        f"SELECT id, parent, attributes, relationships, {ODD} FROM read_json("
        f"{literal(str(path))}, format='newline_delimited', maximum_object_size={_buffer(longest)}, "
        f"columns={{'id': 'VARCHAR', 'parent': 'VARCHAR', 'attributes': {literal(attributes)}, "
        f"'relationships': 'JSON', '{ODD}': 'JSON'}})"
    )


def _read_as(kind: ColumnType) -> str:
    """Everything but JSON is read as text first, so that what doesn't fit can be told from nothing."""
    return "JSON" if kind is ColumnType.JSON else "VARCHAR"


def _select(columns: Mapping[str, ColumnType], source: str, parent: str | None) -> str:
    values = {name: f"attributes.{quoted(name)}" for name in columns}
    typed_values = {name: typed(values[name], kind) for name, kind in columns.items()}
    misfits = {
        name: f"({typed_values[name]} IS NULL AND {values[name]} IS NOT NULL)"
        for name, kind in columns.items()
        if not always_fits(kind)
    }
    rescued = ODD
    if misfits:
        entries = ", ".join(
            f"CASE WHEN {misfit} THEN {{'key': {literal(name)}, 'value': to_json({values[name]})}} END"
            for name, misfit in misfits.items()
        )
        kept = (
            f"to_json(map_from_entries(list_filter([{entries}], lambda entry: entry IS NOT NULL)))"
        )
        rescued = (
            f"CASE WHEN {' OR '.join(misfits.values())} "
            f"THEN json_merge_patch(coalesce({ODD}, '{{}}'), {kept}) ELSE {ODD} END"
        )
    if parent is not None:
        # Most children say whose they are; for those that don't, the list does that they were read from.
        of_list = typed("parent", columns[parent])
        typed_values[parent] = f"coalesce({typed_values[parent]}, {of_list})"
    selected = [
        f"coalesce(id, {_identity(values, has_parent=parent is not None)}) AS id",
        *(f"{value} AS {quoted(name)}" for name, value in typed_values.items()),
        RELATIONSHIPS,
        f"({rescued})::JSON AS {RESCUED}",
    ]
    return f"SELECT {', '.join(selected)} FROM ({source})"


def _identity(values: Mapping[str, str], *, has_parent: bool) -> str:
    """SQL for the identity of a record without an id, which is kept too: its content, and whose it is."""
    attributes = ", ".join(f"{quoted(name)} := {value}" for name, value in values.items())
    attributes = (
        f"CASE WHEN attributes IS NOT NULL THEN to_json(struct_pack({attributes}))::VARCHAR END"
        if attributes
        else "attributes::VARCHAR"
    )
    content = f"coalesce({attributes}, {ODD}::VARCHAR, '')"
    return f"md5(concat_ws('/', parent, {content}))" if has_parent else f"md5({content})"
