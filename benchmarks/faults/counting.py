"""What a contender has, beside what the server has."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.contenders import Contender
from benchmarks.faults.fault import TABLES
from benchmarks.verification import opened
from rootly_assets.sandbox import Workspace

Versions = Mapping[tuple[str, str], datetime]
"""When each record was last changed, by table and id."""


@dataclass(frozen=True, slots=True)
class Found:
    """How what was loaded differs from what is served.

    Attributes:
        missing: records that were there all the time and were not loaded.
        twice: rows beyond the first with the same id.
        stale: rows of an older version than the server has.
        left: rows of records that the server has no more, and that are not marked as deleted.
    """

    missing: int = 0
    twice: int = 0
    stale: int = 0
    left: int = 0


def served(workspace: Workspace) -> Versions:
    """What the server has at this moment."""
    with workspace.lock:
        return {
            (table, record.id): datetime.fromisoformat(record.attributes["updated_at"])
            for table in TABLES
            for record in workspace.records(table)
        }


def compared(contender: Contender, output: Path, before: Versions, now: Versions) -> Found:
    """Compare.

    Args:
        contender: whose output it is.
        output: what it has loaded so far; may not be there.
        before: what the server had when the contender began.
        now: what it has.
    """
    rows = loaded(contender, output)
    counts = Counter((table, id_) for table, id_, _ in rows)
    # Messages are meant to be merged by their ids wherever they go.
    repeated = 0 if contender.layout == "messages" else sum(counts.values()) - len(counts)
    newest: dict[tuple[str, str], datetime] = {}
    for table, id_, updated in rows:
        key = (table, id_)
        newest[key] = max(updated, newest.get(key, updated))
    return Found(
        missing=sum(key in before and key not in newest for key in now),
        twice=repeated,
        stale=sum(newest[key] < updated for key, updated in now.items() if key in newest),
        left=sum(key not in now for key in newest),
    )


def loaded(contender: Contender, output: Path) -> list[tuple[str, str, datetime]]:
    """Table, id and time of the last change of every row that is there and not marked as deleted."""
    if not output.exists():
        return []
    updated = {"messages": "attributes ->> 'updated_at'", "document": "attributes ->> 'updated_at'"}
    present = " WHERE _deleted_at IS NULL" if contender.layout == "ours" else ""
    with opened(output, contender.layout) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        names = "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'rootly'"
        existing = {row[0] for row in connection.execute(names).fetchall()}
        return [
            (table, row[0], datetime.fromisoformat(row[1]))
            for table in TABLES
            if table in existing
            for row in connection.execute(
                f"SELECT id, strftime(CAST({updated.get(contender.layout, 'updated_at')} AS TIMESTAMPTZ), "
                f"'%Y-%m-%dT%H:%M:%S.%g+00:00') FROM rootly.{table}{present}"
            ).fetchall()
        ]
