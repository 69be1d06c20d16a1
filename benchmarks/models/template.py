"""Half a year of one division as raw tables whose ids are marked: `python -m benchmarks.models.template`.

An id in a table, in a link or within a document reads the same everywhere, so that a replacement of
its mark gives the next copy's id everywhere.
"""

import argparse
import re
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from rootly_assets.api import ClientSettings, RootlyClient
from rootly_assets.catalogue import wired
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sync.outcome import Status
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.run import sync
from rootly_assets.warehouse.duckdb import DuckDBWarehouse

SCHEMA = "marked"
HALF_YEAR = timedelta(days=180)
NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
SEED = 7

EACH_DIVISION = (
    *("escalation_policies", "functionalities", "heartbeats", "schedule_rotations", "schedules"),
    *("services", "teams"),
)
EACH_TIME = (
    *("action_items", "alert_escalation_policies", "alert_events", "alert_responders"),
    *("alert_services", "alert_teams", "alerts", "audits", "incident_action_items"),
    *("incident_alerts", "incident_causes", "incident_form_field_selections"),
    *("incident_post_mortems", "incident_status_page_events", "incident_sub_statuses"),
    *("incidents", "meeting_recording_details", "meeting_recordings", "post_mortems", "pulses"),
    "shifts",
)
# Lists that are numbered; nothing points to a row of the second and third.
PEOPLE, NUMBERED = "users", ("audits", "shifts")

DIVISION, TIME, PERSON = "@d@", "@t@", "@u@"
"""Marks that a copy's number takes the place of: six digits, and `1` with three for people."""

TEXT = ("JSON", "VARCHAR")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def main() -> None:
    """Write the tables into a DuckDB file: as they came in schema `rootly`, marked in `marked`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, required=True)
    parser.add_argument("--database", type=Path, required=True)
    options = parser.parse_args()
    read(options.incidents, options.database)
    with duckdb.connect(str(options.database)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("USE rootly")
        mark(connection)


def read(incidents: int, database: Path) -> None:
    """Sync a sandbox's every list into the file."""
    workspace = Workspace.build(seed=SEED, incidents=incidents, now=NOW, history=HALF_YEAR)
    warehouse = DuckDBWarehouse(database=str(database))
    warehouse.prepare(wired())
    with (
        serve(workspace, requests_per_minute=1_000_000) as server,
        tempfile.TemporaryDirectory() as landing,
    ):
        settings = ClientSettings(
            token=server.token, base_url=server.url, requests_per_minute=1_000_000
        )
        outcomes = sync(
            endpoints=wired(),
            client=RootlyClient(settings),
            loader=warehouse,
            states={},
            options=SyncOptions(),
            landing_root=Path(landing),
            run_id="bench",
            concurrency=2,
        )
        failed = [each for each in outcomes if each.status is Status.FAILED]
    if failed:
        raise RuntimeError(f"{failed[0].endpoint.table} failed") from failed[0].error


def mark(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the tables once more into a schema of their own, with marks in ids wherever they stand."""
    marked = {
        id_: f"{id_[:-6]}{sign}"
        for sign, tables in ((DIVISION, EACH_DIVISION), (TIME, EACH_TIME))
        for table in tables
        for (id_,) in connection.execute(f'SELECT id FROM "{table}"').fetchall()
        if _UUID.fullmatch(id_)
    }
    people = "|".join(id_ for (id_,) in connection.execute("SELECT id FROM users").fetchall())
    person = re.compile(rf"(?<![\w.-])({people})(?![\w.-])")

    def text(value: str) -> str:
        found = _UUID.sub(lambda match: marked.get(match[0], match[0]), value)
        return person.sub(lambda match: PERSON + match[1], found)

    connection.execute(f"CREATE SCHEMA {SCHEMA}")
    connection.create_function("marked", text, ["VARCHAR"], "VARCHAR")  # pyright: ignore
    for table in (PEOPLE, *EACH_DIVISION, *EACH_TIME):
        kinds = connection.execute(f'DESCRIBE "{table}"').fetchall()
        # A mark before a number is no JSON: documents are text until it is gone.
        texts = [
            f'marked("{name}"::VARCHAR) AS "{name}"' for name, kind, *_ in kinds if kind in TEXT
        ]
        connection.execute(
            f'CREATE TABLE {SCHEMA}.{table} AS SELECT * REPLACE ({", ".join(texts)}) FROM "{table}"'
        )
    for table in NUMBERED:
        connection.execute(f"UPDATE {SCHEMA}.{table} SET id = '{TIME}' || id")


if __name__ == "__main__":
    main()
