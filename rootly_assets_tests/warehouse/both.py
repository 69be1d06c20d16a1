"""The same workspace in a DuckDB file and in another warehouse: what is in them, compared row for row."""

import json
import shutil
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

import rootly_assets
from rootly_assets.catalogue import wired
from rootly_assets.reader import Dataset
from rootly_assets.sandbox import Workspace
from rootly_assets.warehouse.reading import Session
from rootly_assets_tests.system.running import Project, project

# What each run has of its own: when it wrote, by this machine's clock, and its name.
OF_THE_RUN = {"_synced_at", "_deleted_at", "loaded_at", "run_id"}

MARTS = (
    "SELECT lower(table_schema || '.' || table_name) AS name FROM information_schema.tables "
    "WHERE lower(table_schema) = 'marts' ORDER BY 1"
)


Settings = Callable[[Path], Mapping[str, str]]
"""What chooses a destination, which may lie in the folder that is given."""

# The workspace that is compared is the same in each test module: it is read into a DuckDB file once.
NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Outcome:
    """What a run made of assets, and of checks (whether each passed)."""

    success: bool
    assets: set[str]
    checks: dict[tuple[str, str], bool]

    @classmethod
    def of(cls, result: dg.ExecuteInProcessResult) -> "Outcome":
        events = result.get_asset_materialization_events()
        return cls(
            result.success,
            {event.asset_key.to_user_string() for event in events if event.asset_key},
            {
                (check.asset_key.to_user_string(), check.check_name): check.passed
                for check in result.get_asset_check_evaluations()
            },
        )


def workspace() -> Workspace:
    """The workspace that is compared, the same whenever it is built."""
    return Workspace.build(incidents=40, now=NOW)


def refreshed_duckdb(folder: Path, manifest: Path) -> Outcome:
    """Refresh that workspace into a DuckDB file in a folder."""
    with (
        pytest.MonkeyPatch.context() as patch,
        project(patch, folder, manifest, workspace=workspace()) as running,
    ):
        return Outcome.of(running.run("rootly_refresh"))


@contextmanager
def refreshed_both(
    folder: Path,
    manifest: Path,
    on_duckdb: tuple[Path, Outcome],
    environment: Settings,
) -> Generator["Both"]:
    """The same workspace in a copy of that DuckDB file and, refreshed here, in another destination.

    Args:
        folder: takes everything that is written.
        manifest: a prepared dbt folder.
        on_duckdb: the folder of the DuckDB file, and how its refresh went.
        environment: what chooses the other destination.
    """
    made, outcome = on_duckdb
    shutil.copy(made / "warehouse.duckdb", folder)
    with (
        pytest.MonkeyPatch.context() as patch,
        project(patch, folder, manifest, workspace=workspace()) as running,
    ):
        both = Both(running, environment(folder), patch, here=outcome)
        both.there = Outcome.of(both.run_on_other("rootly_refresh"))
        yield both


@dataclass
class Both:
    """The same workspace, refreshed into either destination, and how the first refresh went here and there."""

    running: Project
    environment: Mapping[str, str]
    patch: pytest.MonkeyPatch
    here: Outcome
    there: Outcome | None = None

    def refresh(self) -> None:
        """Run `rootly_refresh` on DuckDB, then on the other."""
        assert self.running.run("rootly_refresh").success
        assert self.run_on_other("rootly_refresh").success

    def sync(self) -> None:
        """Run `rootly_sync` on DuckDB, then on the other: the models stay as they are."""
        assert self.running.run("rootly_sync").success
        assert self.run_on_other("rootly_sync").success

    def run_on_other(self, job: str) -> dg.ExecuteInProcessResult:
        """Run a job on the other alone."""
        with self.patch.context() as patch:
            for name, value in self.environment.items():
                patch.setenv(name, value)
            return self.running.run(job)

    @property
    def duckdb(self) -> Dataset:
        return rootly_assets.dataset(self.running.database)

    @property
    def other(self) -> Dataset:
        with self.patch.context() as patch:
            for name, value in self.environment.items():
                patch.setenv(name, value)
            return rootly_assets.dataset()

    def differences(self) -> dict[str, str]:
        """Tables, raw ones and those of models, that are not the same in both, and in what."""
        # One session each: to open a lake, or files, takes longer than most of the tables.
        with self.duckdb.source.open() as here, self.other.source.open() as there:
            marts = [{str(row["name"]) for row in records(each, MARTS)} for each in (here, there)]
            assert marts[0] == marts[1]
            raw = {f"rootly.{each.table}" for each in wired()} | {"rootly._rootly_sync"}
            found: dict[str, str] = {}
            for name in sorted(raw | marts[0]):
                ours, theirs = (rows(each, name) for each in (here, there))
                if ours != theirs:
                    strange, missing = set(theirs) - set(ours), set(ours) - set(theirs)
                    found[name] = (
                        f"{len(strange)} too many, {len(missing)} missing, e.g. "
                        f"{min(strange, default='none')} and {min(missing, default='none')}"
                    )
            return found


def records(session: Session, query: str) -> list[dict[str, Any]]:
    """The answer to a query, as dicts."""
    found = session.execute(query)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def rows(session: Session, name: str) -> list[str]:
    """All rows of a table as text, in an order that is no warehouse's own."""

    def plain(column: str, value: Any) -> Any:
        if column == "_deleted_at":
            return value is not None
        if column in OF_THE_RUN:
            return None
        if isinstance(value, float):
            # Sums depend on their order in the last of sixteen digits, percentiles on how they are written.
            return float(f"{value:.12g}")
        if isinstance(value, str) and value[:1] in ("{", "["):
            try:
                return json.dumps(json.loads(value), sort_keys=True)
            except ValueError:
                return value
        return value

    return sorted(
        repr({column: plain(column, row[column]) for column in sorted(row)})
        for row in records(session, f"SELECT * FROM {name}")
    )
