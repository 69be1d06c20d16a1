"""What the tables should hold: the sandbox's own records, list by list."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from rootly_assets.catalogue import Endpoint, PageStyle, wired
from rootly_assets.sandbox import Workspace
from rootly_assets_tests.sync import sequences_truth

RAW = "warehouse.rootly"

Rows = dict[str, datetime | None]

# Shifts are read by windows, on-call entries are of the moment, and the key may not read the last.
NOT_COMPARED = {"shifts", "override_shifts", "oncalls", "ip_ranges", "alert_routing_rules"}


def true_rows(workspace: Workspace, endpoint: Endpoint) -> Rows:
    """Ids of a list's rows, and when each was last updated."""
    rows = sequences_truth.true_rows(workspace, endpoint)
    return {id_: row.updated_at for id_, row in rows.items()}


def stored_rows(
    connection: duckdb.DuckDBPyConnection, endpoint: Endpoint
) -> list[tuple[str, datetime | None]]:
    """The same as the table has them, of rows that are not marked as deleted."""
    updated = "updated_at" if "updated_at" in endpoint.columns else "NULL"
    found = connection.execute(
        f"SELECT id, epoch_us({updated}::TIMESTAMPTZ) FROM {RAW}.{endpoint.table} "
        "WHERE _deleted_at IS NULL"
    ).fetchall()
    return [
        (id_, None if at is None else datetime.fromtimestamp(at / 1e6, UTC)) for id_, at in found
    ]


def differences(workspace: Workspace, database: Path) -> dict[str, str]:
    """Tables that are not as the workspace is, and in what; none where all is well."""
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = [(endpoint, stored_rows(connection, endpoint)) for endpoint in compared()]
    found: dict[str, str] = {}
    for endpoint, rows in tables:
        truth = true_rows(workspace, endpoint)
        mine = dict(rows)
        if len(mine) < len(rows):
            found[endpoint.table] = f"{len(rows) - len(mine)} ids twice"
        elif mine != truth:
            missing, strange = truth.keys() - mine.keys(), mine.keys() - truth.keys()
            stale = sum(mine[id_] != truth[id_] for id_ in truth.keys() & mine.keys())
            found[endpoint.table] = (
                f"{len(missing)} missing, {len(strange)} too many, {stale} stale"
            )
    return found


def stored(database: Path) -> int:
    """How many rows the tables have that are compared."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return sum(len(stored_rows(connection, endpoint)) for endpoint in compared())


def compared() -> list[Endpoint]:
    """The lists whose truth the workspace's records are."""
    return [
        each
        for each in wired()
        if each.table not in NOT_COMPARED and each.pages.style is not PageStyle.PAGE_PER_PAGE
    ]
