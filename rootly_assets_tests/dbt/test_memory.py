"""Models are built in a bounded memory, which a setting raises or lowers."""

import os
from pathlib import Path

import pytest

from rootly_assets_tests.dbt.commands import PROJECT, run

pytestmark = pytest.mark.exhaustive

QUERY = "select current_setting('memory_limit') as memory_limit"


@pytest.mark.parametrize(
    ("given", "limit"), [({}, "1.8 GiB"), ({"ROOTLY_DBT_MEMORY": "1GiB"}, "1.0 GiB")]
)
def test_dbt_keeps_to_the_limit(tmp_path: Path, given: dict[str, str], limit: str) -> None:
    ended = run(
        "dbt",
        [
            *("show", "--inline", QUERY, "--output", "json", "--no-use-colors"),
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
            *("--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")),
        ],
        folder=tmp_path,
        environment={
            **os.environ,
            "ROOTLY_DUCKDB_PATH": str(tmp_path / "warehouse.duckdb"),
            **given,
        },
        log=tmp_path / "said",
    )
    assert limit in ended.output
