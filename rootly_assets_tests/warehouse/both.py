"""The same workspace in a DuckDB file and in another warehouse: what is in them, compared row for row."""

import json
import random
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

import rootly_assets
from rootly_assets.reader import Dataset
from rootly_assets.warehouse.reading import Session
from rootly_assets_tests.system.refreshed import Once, Refreshed, copied
from rootly_assets_tests.system.running import Project

# What each run has of its own: when it wrote, by this machine's clock, and its name.
OF_THE_RUN = {"_synced_at", "_deleted_at", "loaded_at", "run_id"}

# Views are tables to the standard; the stand-in for Snowflake lists them apart.
MARTS = (
    "SELECT lower(table_schema || '.' || table_name) AS name FROM information_schema.tables "
    "WHERE lower(table_schema) = 'marts' UNION "
    "SELECT lower(table_schema || '.' || table_name) AS name FROM information_schema.views "
    "WHERE lower(table_schema) = 'marts' ORDER BY 1"
)


Settings = Callable[[Path], Mapping[str, str]]
"""What chooses a destination, which may lie in the folder that is given."""


@dataclass(frozen=True)
class Outcome:
    """What a run made of assets, and of checks (whether each passed)."""

    success: bool
    assets: set[str]
    checks: dict[tuple[str, str], bool]

    @classmethod
    def of(cls, refreshed: Refreshed) -> "Outcome":
        return cls(
            refreshed.success,
            set(refreshed.materializations),
            {
                (check.asset_key.to_user_string(), check.check_name): check.passed
                for check in refreshed.checks
            },
        )


@contextmanager
def refreshed_both(
    folder: Path,
    on_duckdb: Once,
    environment: Settings,
) -> Generator["Both"]:
    """The same workspace in a copy of that DuckDB file and, refreshed here, in another destination.

    Args:
        folder: takes everything that is written.
        on_duckdb: the refresh into the DuckDB file.
        environment: what chooses the other destination.
    """
    with pytest.MonkeyPatch.context() as patch, copied(patch, folder, on_duckdb) as running:
        both = Both(running, environment(folder), patch, here=Outcome.of(on_duckdb.refreshed))
        result = both.run_on_other("rootly_refresh")
        both.there = Outcome.of(Refreshed.of(running, result))
        yield both


@dataclass
class Both:
    """The same workspace, refreshed into either destination, and how the first refresh went here and there."""

    running: Project
    environment: Mapping[str, str]
    patch: pytest.MonkeyPatch
    here: Outcome
    there: Outcome = field(init=False)

    def change(self) -> None:
        """Let three days pass in the workspace, delete two services, and change three incidents."""
        workspace, chance = self.running.workspace, random.Random(20260303)
        workspace.advance(timedelta(days=3))
        for record in chance.sample(workspace.records("services"), 2):
            workspace.delete("services", record.id)
        for record in chance.sample(workspace.records("incidents"), 3):
            workspace.update("incidents", record.id, title="Changed", surprise={"a": [1]})

    def refresh(self) -> None:
        """Run `rootly_refresh` on DuckDB, then on the other."""
        assert self.running.run("rootly_refresh").success
        assert self.run_on_other("rootly_refresh").success

    def sync(self, *domains: str) -> None:
        """Read some domains on DuckDB, then on the other: the models stay as they are."""
        part = dg.AssetSelection.groups(*domains)
        assert self.running.run("rootly_sync", selection=part).success
        assert self.run_on_other("rootly_sync", part).success

    def run_on_other(
        self, job: str, part: dg.AssetSelection | None = None
    ) -> dg.ExecuteInProcessResult:
        """Run a job, or a part of it, on the other alone."""
        with self.chosen():
            return self.running.run(job, selection=part)

    @contextmanager
    def chosen(self) -> Generator[None]:
        """Within the block, the environment is that of a user who has chosen the other."""
        with self.patch.context() as patch:
            for name, value in self.environment.items():
                patch.setenv(name, value)
            yield

    @property
    def duckdb(self) -> Dataset:
        return rootly_assets.dataset(self.running.database)

    @property
    def other(self) -> Dataset:
        with self.chosen():
            return rootly_assets.dataset()

    def differences(self) -> dict[str, str]:
        """Tables, raw ones and those of models, that the other has and that are not the same, and in what."""
        # One session each: to open a lake, or files, takes longer than most of the tables.
        with self.duckdb.source.open() as here, self.other.source.open() as there:
            marts = {str(row["name"]) for row in records(there, MARTS)}
            built = {name.replace("/", ".") for name in self.there.assets}
            lacking = {name for name in built if name.startswith("marts.")} - marts
            assert not lacking, lacking
            raw = {name for name in built if name.startswith("rootly.")}
            if self.there.assets == self.here.assets:
                raw.add("rootly._rootly_sync")
            found: dict[str, str] = {}
            for name in sorted(raw | marts):
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
