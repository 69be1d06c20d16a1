"""A sandbox whose records were read and whose panels' models were built, and dashboards of a test's own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from rootly_assets.catalogue import wired
from rootly_assets.panels.parity import Comparison
from rootly_assets.panels.stored import PANELS, compare_all
from rootly_assets.sandbox import Workspace, serve
from rootly_assets.sandbox.company.settings.dashboards import RANGE
from rootly_assets.sandbox.company.settings.entry import enter
from rootly_assets.sandbox.company.settings.panel_numbers import Range
from rootly_assets.sandbox.workspace import TIME_ZONE
from rootly_assets_tests.dbt.dbt_build import Build, dbt_build
from rootly_assets_tests.dbt.sources import lists_of
from rootly_assets_tests.sync.project import Project

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)

MODELS = [
    f"+int_rootly__panel_{name}" for name in ("measures", "attributes", "keyed_attributes")
] + ["stg_rootly__dashboards", "stg_rootly__dashboard_panels", "stg_rootly__syncs"]


class PanelWorkspace:
    """A sandbox with a warehouse that follows it, and models over its raw tables."""

    def __init__(self, project: Project, folder: Path) -> None:
        self.workspace: Workspace = project.workspace
        self.project = project
        self.database = folder / "warehouse.duckdb"
        self._read: set[str] | None = None
        self.sync()
        build = dbt_build(
            self.database, environment={"ROOTLY_TIME_ZONE": TIME_ZONE.key}, select=MODELS
        )
        assert set(build.statuses.values()) <= {"success", "pass", "warn"}, build.named("error")
        self._turn_tables_into_views(build)
        self._read = {
            name.split(".")[-1]
            for model in build.statuses
            for name in build.manifest["parent_map"].get(model, ())
            if name.startswith("source.")
        }

    def sync(self) -> None:
        """Read everything that the panels' models read."""
        assert self.project.sync(lists_of(self._read))

    def _turn_tables_into_views(self, build: Build) -> None:
        """Whatever is read later is in the models at once, without another build."""
        with duckdb.connect(str(self.database)) as connection:
            for name, node in build.manifest["nodes"].items():
                table = f"{node['schema']}.{node['name']}"
                materialized = dict(node["config"])["materialized"]  # type: ignore[call-overload]
                if name in build.statuses and materialized == "table":
                    connection.execute(f"DROP TABLE {table}")
                    connection.execute(f"CREATE VIEW {table} AS {node['compiled_code']}")

    @property
    def shown(self) -> Range:
        """The range that dashboards have now."""
        now = self.workspace.now
        return Range(now - RANGE, now, "week")

    def add_panel(self, title: str, params: dict[str, Any]) -> str:
        """Put a panel on the first dashboard, without numbers; its id."""
        (dashboard, *_) = self.workspace.records("dashboards")
        below = {"dashboard_id": dashboard.id}
        given = {**below, "name": title, "params": params, "position": None, "data": []}
        return enter(self.workspace, "dashboard_panels", given, parents=below).id

    @contextmanager
    def models(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The database, to read."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            yield connection

    def compared(self, panel: str) -> list[Comparison]:
        """Rootly's numbers of a panel beside ours, as the asset compares them."""
        with self.models() as connection:
            rows = connection.execute(PANELS).fetchall()
            those = [row for row in rows if row[0] == panel]
            return list(compare_all(those, connection, time_zone=TIME_ZONE.key))


@contextmanager
def panel_workspace(folder: Path) -> Iterator[PanelWorkspace]:
    """A workspace of 60 incidents, read and built."""
    with serve(Workspace.build(incidents=60, now=NOW), requests_per_minute=60_000) as server:
        kept = os.environ.get("ROOTLY_TIME_ZONE")
        os.environ["ROOTLY_TIME_ZONE"] = TIME_ZONE.key
        try:
            yield PanelWorkspace(Project(server, folder, wired()), folder)
        finally:
            if kept is None:
                del os.environ["ROOTLY_TIME_ZONE"]
            else:
                os.environ["ROOTLY_TIME_ZONE"] = kept
