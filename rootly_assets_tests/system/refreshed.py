"""One refresh of one workspace into a DuckDB file, which many tests look at: made once, then copied."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from rootly_assets.sandbox import Workspace
from rootly_assets_tests.system.running import Project, project

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Refreshed:
    """What a run left behind in Dagster.

    Attributes:
        success: of the run.
        materializations: by the asset's key.
        checks: as they were evaluated.
        log: all that was logged.
    """

    success: bool
    materializations: dict[str, dg.AssetMaterialization]
    checks: Sequence[dg.AssetCheckEvaluation]
    log: str

    @classmethod
    def of(cls, running: Project, result: dg.ExecuteInProcessResult) -> "Refreshed":
        return cls(
            result.success,
            materializations(result),
            result.get_asset_check_evaluations(),
            "\n".join(str(entry) for entry in running.instance.all_logs(result.run_id)),
        )


@dataclass(frozen=True)
class Once:
    """The folder of that refresh, into which nobody writes, and what it left behind."""

    folder: Path
    refreshed: Refreshed


def materializations(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetMaterialization]:
    """What a run materialized, by the asset's key."""
    return {
        event.asset_key.to_user_string(): event.step_materialization_data.materialization
        for event in result.get_asset_materialization_events()
        if event.asset_key
    }


def workspace() -> Workspace:
    """The workspace, the same whenever it is built."""
    return Workspace.build(incidents=40, now=NOW)


def refreshed_duckdb(folder: Path) -> Refreshed:
    """Refresh the workspace into a DuckDB file in a folder, for which dbt has parsed the project."""
    with (
        pytest.MonkeyPatch.context() as patch,
        project(patch, folder, None, workspace=workspace()) as running,
    ):
        return Refreshed.of(running, running.run("rootly_refresh"))


@contextmanager
def copied(patch: pytest.MonkeyPatch, folder: Path, once: Once) -> Iterator[Project]:
    """A project that goes on from there, in a folder of its own."""
    shutil.copytree(once.folder, folder, dirs_exist_ok=True)
    with project(patch, folder, None, workspace=workspace()) as running:
        yield running
