"""One sync of every list without Dagster around it: a process that starts fast enough to be killed often."""

import sys
from uuid import uuid4

from rootly_assets.catalogue import wired
from rootly_assets.settings import database_path, landing_folder, outside_of_runs, rootly_resource
from rootly_assets.sync.outcome import Status
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.run import sync
from rootly_assets.warehouse.duckdb import DuckDBWarehouse


def main() -> int:
    """Sync what the environment names; 1 where a list failed."""
    warehouse = DuckDBWarehouse(database=str(database_path()))
    warehouse.prepare(wired())
    outcomes = sync(
        endpoints=wired(),
        client=outside_of_runs(rootly_resource()).client(),
        loader=warehouse,
        states=dict(warehouse.states()),
        options=SyncOptions(),
        landing_root=landing_folder(),
        run_id=str(uuid4()),
        concurrency=2,
    )
    return int(any(outcome.status is Status.FAILED for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
