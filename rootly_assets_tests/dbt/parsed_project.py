"""The dbt project, parsed for a `warehouse.duckdb` when this is imported: by what commands are forked from."""

import os
import tempfile
from pathlib import Path

import dbt_metricflow.cli.main  # noqa: F401 - so that commands need not
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

PROJECT = Path(__file__).parents[2] / "dbt_project"


def _parsed() -> Manifest:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ROOTLY_DUCKDB_PATH"] = f"{folder}/warehouse.duckdb"
        done = dbtRunner().invoke(
            [
                *("parse", "--quiet", "--target", "duckdb"),
                *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
                *("--target-path", folder, "--log-path", folder),
            ]
        )
    if not isinstance(done.result, Manifest):
        raise TypeError(f"dbt can't parse the project: {done.exception or done.result}")
    return done.result


MANIFEST = _parsed()
