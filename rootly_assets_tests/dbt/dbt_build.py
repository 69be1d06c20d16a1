"""`dbt build` on a DuckDB file, as a user's shell would run it."""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import duckdb
import pandas as pd

from rootly_assets_tests.dbt.commands import PROJECT, run


@dataclass(frozen=True)
class Build:
    """What a `dbt build` left behind: the state of each node, the manifest, and the tables."""

    database: Path
    statuses: dict[str, str]
    manifest: dict[str, dict[str, dict[str, object]]]

    def named(self, status: str) -> set[str]:
        """Short names of the nodes that ended in this status."""
        return {name.split(".")[2] for name, found in self.statuses.items() if found == status}

    def copied(self, folder: Path) -> Path:
        """The database in another folder, for a test to write into, with what is not checkpointed yet."""
        for file in self.database.parent.glob(f"{self.database.name}*"):
            shutil.copy(file, folder)
        return folder / self.database.name

    def query(self, sql: str) -> pd.DataFrame:
        """The answer to a query, times in UTC."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            found = connection.execute(sql)
            names = [column[0] for column in found.description or []]
            return pd.DataFrame(found.fetchall(), columns=names)

    def rows_of_marts(self) -> dict[str, int]:
        """How many rows each mart has, by its name; every model of that layer has to be a table."""
        marts = [
            str(node["name"])
            for node in self.manifest["nodes"].values()
            if node["resource_type"] == "model" and node["schema"] == "marts"
        ]
        counts = ", ".join(f"(SELECT count(*) FROM marts.{name}) AS {name}" for name in marts)
        return {
            str(name): int(count) for name, count in self.query(f"SELECT {counts}").iloc[0].items()
        }

    def mart(self, name: str) -> pd.DataFrame:
        """All rows of a mart."""
        return self.query(f"SELECT * FROM marts.{name}")


def dbt_build(
    database: Path,
    *,
    variables: dict[str, object] | None = None,
    environment: Mapping[str, str] = MappingProxyType({}),
    select: Sequence[str] = (),
    unit_tests: bool = False,
) -> Build:
    """Run the models and tests, all or selected, and return how each ended; dbt's own failure to run raises.

    Args:
        database: the DuckDB file, or where it would be; what dbt writes goes beside it.
        variables: of the dbt project.
        environment: of dbt, beside what is there.
        select: selectors of dbt; all for none.
        unit_tests: run those too; they take as long as the rest, and say nothing of the rows that are there.
    """
    target = database.parent / "target"
    arguments = [
        *("build", "--no-use-colors", "--log-level-file", "none"),
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(target), "--log-path", str(database.parent / "logs")),
        *("--vars", json.dumps(variables or {})),
        *(() if unit_tests else ("--exclude-resource-type", "unit_test")),
        # A test of a selected model that also reads another is left out.
        *(("--select", *select, "--indirect-selection", "cautious") if select else ()),
    ]
    ended = run(
        "dbt",
        arguments,
        folder=database.parent,
        environment={**os.environ, "ROOTLY_DUCKDB_PATH": str(database), **environment},
        log=database.parent / "dbt.log",
    )
    results = target / "run_results.json"
    assert results.exists(), ended.output
    if database.exists():
        # dbt leaves megabytes in the log beside the file, which every test that opens it would read again.
        with duckdb.connect(str(database)) as connection:
            connection.execute("CHECKPOINT")
    return Build(
        database=database,
        statuses={
            result["unique_id"]: result["status"]
            for result in json.loads(results.read_text())["results"]
            # Exposures are listed too, though nothing is run for them.
            if not result["unique_id"].startswith("exposure.")
        },
        manifest=json.loads((target / "manifest.json").read_text()),
    )
