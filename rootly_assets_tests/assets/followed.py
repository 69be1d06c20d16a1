"""A project whose pulse follows a sandbox, by the tick."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from rootly_assets.api import RootlyResource
from rootly_assets.catalogue import endpoint_of
from rootly_assets.sandbox import Server
from rootly_assets.sensors import rootly_pulse
from rootly_assets.sync.planning.options import SyncOptions
from rootly_assets.sync.run import sync
from rootly_assets.warehouse.duckdb import DuckDBWarehouse

# What the sandbox holds depends on its clock: the same on every day that this runs.
NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
LISTS = [endpoint_of("incidents"), endpoint_of("alerts")]


class Project:
    """A warehouse and a sensor that follow a sandbox."""

    def __init__(
        self,
        server: Server,
        folder: Path,
        definitions: dg.Definitions,
        instance: dg.DagsterInstance,
    ) -> None:
        self.server = server
        self.workspace = server.workspace
        self.rootly = RootlyResource(base_url=server.url, token=server.token)
        self.warehouse = DuckDBWarehouse(database=str(folder / "warehouse.duckdb"))
        self.landing = folder / "landing"
        self.instance = instance
        self.repository = definitions.get_repository_def()
        self.cursor: str | None = None
        self.syncs = 0

    def sync(self, *tables: str) -> None:
        """A second later, read lists as a run does."""
        self.workspace.advance(timedelta(seconds=1))
        self.syncs += 1
        self.warehouse.prepare(LISTS)
        outcomes = sync(
            endpoints=[each for each in LISTS if not tables or each.table in tables],
            client=self.rootly.client(),
            loader=self.warehouse,
            states=dict(self.warehouse.states()),
            options=SyncOptions(),
            landing_root=self.landing,
            run_id=f"run-{self.syncs}",
            concurrency=1,
        )
        assert all(outcome.loaded is not None for outcome in outcomes)

    def tick(self) -> dg.SensorResult:
        """Let the sensor look once; it keeps what it remembers."""
        self.server.forget_requests()
        context = dg.build_sensor_context(
            instance=self.instance, cursor=self.cursor, repository_def=self.repository
        )
        result = rootly_pulse(context, rootly=self.rootly, warehouse=self.warehouse)
        assert isinstance(result, dg.SensorResult)
        self.cursor = result.cursor
        return result

    def change(self, kind: str, index: int = 0) -> None:
        """A second later somebody edits a record."""
        self.workspace.advance(timedelta(seconds=1))
        record = self.workspace.records(kind)[index]
        self.workspace.update(kind, record.id, summary=f"edited at {self.workspace.now}")

    @property
    def asked(self) -> list[str]:
        """Paths of the requests of the last tick."""
        return [request.path for request in self.server.requests]
