"""The record that DuckDB judges all others by, so that a landing file is looked through only once.

DuckDB takes the shape of what it reads from the first record of the first file, which is one of ours with every
member that there is a place for. A record that has another one is refused, instead of being cut down to the
known ones as happens where columns are named; so nobody has to look for unknown names beforehand.
"""

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from rootly_assets.catalogue import ColumnType
from rootly_assets.sql import literal, quoted
from rootly_assets.sync.errors import landing_file_failed
from rootly_assets.sync.shaping.columns import RELATIONSHIPS
from rootly_assets.sync.shaping.tidying import ODD

# The type of the record that is none. No resource of Rootly's has such a name.
TYPE = "_pattern"

# Members of a record that are kept nowhere; some lists have one of them.
UNKEPT = ("links", "meta", "source")

_TEXT = "x"  # makes a column of text
_JSON = None  # makes one of JSON


def patterned(
    path: Path, *, columns: Mapping[str, ColumnType], ignored: Collection[str], buffer: int
) -> str:
    """SQL for a landing file's `id`, `parent`, `attributes`, `relationships`, `_odd`; its rows can be refused.

    Args:
        path: the landing file; the pattern is written beside it.
        columns: attributes that have a column.
        ignored: attributes that are neither stored nor rescued.
        buffer: bytes to allow for a record.

    Raises:
        SyncError: where the disk takes no more.
    """
    pattern = path.with_suffix(".pattern")
    try:
        pattern.write_text(json.dumps(_record(columns, ignored)) + "\n")
    except OSError as error:
        raise landing_file_failed(path, error) from error
    # DuckDB refuses unknown members only while no column is left out: so all of them are asked for, in a
    # condition that the pattern alone does not meet.
    others = [f"{quoted(name)} IS NULL" for name in ("id", "parent", "attributes")]
    others += [f"{quoted(name)} IS NOT NULL" for name in (RELATIONSHIPS, ODD, *UNKEPT)]
    return (
        f"SELECT id, parent, attributes, {RELATIONSHIPS}, {ODD} FROM read_json("
        f"[{literal(str(pattern))}, {literal(str(path))}], format='newline_delimited', records=true, "
        f"sample_size=1, maximum_sample_files=1, map_inference_threshold=-1, maximum_object_size={buffer}) "
        f"WHERE type IS DISTINCT FROM {literal(TYPE)} OR {' OR '.join(others)}"
    )


def _record(columns: Mapping[str, ColumnType], ignored: Collection[str]) -> dict[str, object]:
    taken = {name.lower() for name in columns}
    return {
        "type": TYPE,
        "id": _TEXT,
        "parent": _TEXT,
        "attributes": {name: _JSON for name in ignored if name.lower() not in taken}
        | {name: _JSON if kind is ColumnType.JSON else _TEXT for name, kind in columns.items()},
        RELATIONSHIPS: _JSON,
        ODD: _JSON,
        **dict.fromkeys(UNKEPT, _JSON),
    }
