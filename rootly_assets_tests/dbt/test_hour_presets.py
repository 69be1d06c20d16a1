"""Working hours are those of a preset that there is, or of none."""

import csv
import json
import os
from pathlib import Path

import pytest

from rootly_assets_tests.dbt.commands import PROJECT, Ended, run

pytestmark = pytest.mark.slow


def compiled(folder: Path, **variables: object) -> Ended:
    """How the model of interruptions compiles with such variables; no table is looked at."""
    return run(
        "dbt",
        [
            *("compile", "--no-use-colors", "--no-introspect", "--no-populate-cache"),
            *("--select", "fct_interruptions", "--vars", json.dumps(variables)),
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
            *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs")),
        ],
        folder=folder,
        environment={**os.environ, "ROOTLY_DUCKDB_PATH": str(folder / "warehouse.duckdb")},
        log=folder / "dbt.log",
    )


def test_a_mistyped_preset_is_named_with_those_of_the_seed(tmp_path: Path) -> None:
    ended = compiled(tmp_path, rootly_hour_preset="pager_duty")
    with (PROJECT / "seeds" / "rootly_hour_bands.csv").open() as file:
        presets = dict.fromkeys(row["preset"] for row in csv.DictReader(file))

    assert ended.status != 0
    assert (
        "The variable rootly_hour_preset is 'pager_duty', which is no preset of the seed rootly_hour_bands."
        f" Choose one of: {', '.join(presets)}; or give hours of your own by the variable rootly_hour_bands."
    ) in ended.output


def test_a_preset_of_the_seed_is_taken(tmp_path: Path) -> None:
    ended = compiled(tmp_path, rootly_hour_preset="pagerduty")
    assert ended.status == 0, ended.output
    assert "bands.preset = 'pagerduty'" in ended.output
