"""A contender: our sync of incidents and alerts without Dagster's machinery around it."""

import argparse
import os
from pathlib import Path

from benchmarks.stopwatch import measured_block
from rootly_assets.api import ClientSettings, RootlyClient
from rootly_assets.catalogue import readable
from rootly_assets.sync.outcome import Status
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.run import sync
from rootly_assets.warehouse.destination import warehouse


def main() -> None:
    """Sync into `<folder>/warehouse.duckdb`, or where `ROOTLY_DESTINATION` says, with default settings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--requests-per-minute", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    settings = ClientSettings(
        token=options.token,
        base_url=options.url,
        requests_per_minute=options.requests_per_minute,
    )
    os.environ["ROOTLY_DUCKDB_PATH"] = str(options.folder / "warehouse.duckdb")
    with measured_block(options.folder):
        endpoints = [each for each in readable() if each.table in {"incidents", "alerts"}]
        into = warehouse()
        into.prepare(endpoints)
        outcomes = list(
            sync(
                endpoints=endpoints,
                client=RootlyClient(settings),
                loader=into,
                states=dict(into.states()),
                options=SyncOptions(),
                landing_root=options.folder / "landing",
                run_id="bench",
                concurrency=settings.concurrency,
            )
        )
    for outcome in outcomes:
        if outcome.status is not Status.LOADED:
            raise RuntimeError(f"{outcome.endpoint.table}: {outcome.status}") from outcome.error


if __name__ == "__main__":
    main()
