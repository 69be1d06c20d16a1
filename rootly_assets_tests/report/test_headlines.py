"""The headlines of the report are those of the mart."""

from pathlib import Path

import duckdb
import pytest

from rootly_assets.charts.durations import duration
from rootly_assets.sandbox.workspace import TIME_ZONE
from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.report.workspaces import drawn_from
from rootly_assets_tests.system.refreshed import Once


def are_those_of_the_mart(database: Path, time_zone: str) -> int:
    """Compare each; how many of the times to mitigate are inferred."""
    with duckdb.connect(str(database), read_only=True) as connection:
        marts = connection.execute("""
            SELECT * FROM marts.incident_metrics_last_90_days
            WHERE population = 'strict' AND is_total
        """).df()
    (mart,) = marts.to_dict(orient="records")
    tiles = {tile.label: tile for tile in drawn_from(database, time_zone).tiles}

    assert tiles["Incidents"].value == str(mart["incident_count"]) != "0"
    for label, time in (
        ("Median time to detect", "detection"),
        ("Median time to acknowledge", "acknowledge"),
        ("Median time to mitigate", "mitigation"),
        ("Median time to resolve", "resolution"),
    ):
        assert tiles[label].value == duration(mart[f"{time}_time_median_seconds"])
        assert tiles[label].note.startswith(f"of {mart[f'{time}_time_n']}, ")
        assert f"{mart[f'{time}_time_coverage']:.0%}" in tiles[label].note
    inferred = mart["mitigation_inferred_n"]
    if inferred:
        assert f"; {inferred} inferred" in tiles["Median time to mitigate"].note
    return int(inferred)


def test_they_are_those_of_the_mart_after_a_refresh(on_duckdb: Once) -> None:
    are_those_of_the_mart(on_duckdb.folder / "warehouse.duckdb", TIME_ZONE.key)


@pytest.mark.slow
def test_so_they_are_where_times_are_missing_or_in_no_order(build_of_hundreds: Build) -> None:
    assert are_those_of_the_mart(build_of_hundreds.database, "UTC") > 0
