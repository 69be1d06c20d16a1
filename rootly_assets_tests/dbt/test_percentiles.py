"""The macro `percentile`, for models of one's own too: any fraction, interpolated as pandas does."""

import json
import os
from pathlib import Path

import pandas as pd
import pytest

from rootly_assets_tests.dbt.commands import PROJECT, run

pytestmark = pytest.mark.slow

VALUES = [3, 14, 15, 92, 65, 35, 89, 79, 32]
QUERY = """
    select {{ rootly.percentile('seconds', 0.5) }} as p50, {{ rootly.percentile('seconds', 0.95) }} as p95
    from (select unnest(%s) as seconds) as incidents
"""


def test_any_fraction_can_be_asked_for(tmp_path: Path) -> None:
    ended = run(
        "dbt",
        [
            *("show", "--inline", QUERY % VALUES, "--output", "json", "--quiet"),
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
            *("--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")),
        ],
        folder=tmp_path,
        environment={**os.environ, "ROOTLY_DUCKDB_PATH": str(tmp_path / "warehouse.duckdb")},
        log=tmp_path / "said",
    )
    (found,) = json.loads(ended.output)["show"]
    expected = pd.Series(VALUES).quantile([0.5, 0.95])
    assert [found["p50"], found["p95"]] == pytest.approx(list(expected))
