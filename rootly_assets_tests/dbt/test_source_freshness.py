"""`dbt source freshness` goes by when Rootly was last asked for a list, not by when a row last changed."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rootly_assets_tests.dbt.commands import PROJECT, run
from rootly_assets_tests.dbt.raw_workspace import make_raw_workspace

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("hours", "status"), [(1, "pass"), (5, "warn"), (30, "error")])
def test_a_list_goes_stale_as_in_dagster(tmp_path: Path, hours: int, status: str) -> None:
    read_at = datetime.now(UTC) - timedelta(hours=hours)
    file = make_raw_workspace(tmp_path / "warehouse.duckdb", loaded_at=read_at)
    run(
        "dbt",
        [
            *("source", "freshness", "--output", str(tmp_path / "sources.json")),
            *("--select", "source:rootly.incidents", "source:rootly._rootly_sync"),
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
            *("--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")),
        ],
        folder=tmp_path,
        environment={**os.environ, "ROOTLY_DUCKDB_PATH": str(file)},
        log=tmp_path / "said",
    )
    found = json.loads((tmp_path / "sources.json").read_text())["results"]
    assert {each["unique_id"]: each["status"] for each in found} == {
        "source.rootly.rootly.incidents": status,
        "source.rootly.rootly._rootly_sync": status,
    }
