"""Hours that people worked, and their cost: totals of the mart."""

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

import rootly_assets
from rootly_assets.app.effort import effort
from rootly_assets.app.filters import Filters, choices
from rootly_assets.reader import Dataset
from rootly_assets_tests.app.drawn import points_of
from rootly_assets_tests.system.refreshed import NOW, Once

ALL = Filters(NOW, None, "month", "UTC")


def test_hours_are_those_of_the_mart_in_each_month(dataset: Dataset) -> None:
    mart = dataset.sql("""
        SELECT period_start, sum(total) AS hours FROM marts.metrics_incident_handling
        WHERE population = 'strict' AND period = 'month' AND measure = 'worked_hours' AND severity_id = 'all'
        GROUP BY 1 HAVING sum(total) > 0
    """).records()
    shown = points_of(effort(dataset, ALL)).groupby("period_start")["value"].sum()
    assert shown[shown > 0].to_dict() == {
        row["period_start"]: pytest.approx(row["hours"]) for row in mart
    }
    assert len(mart) > 1


def test_a_severity_has_fewer_hours(dataset: Dataset) -> None:
    everything = points_of(effort(dataset, ALL))["value"].sum()
    found = [
        points_of(effort(dataset, replace(ALL, severity=each)))["value"].sum()
        for each in choices(dataset)["severity"]
    ]
    assert 0 < sum(found) <= everything
    assert max(found) < everything


def test_a_cost_is_said_where_an_hour_has_one(
    on_duckdb: Once, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copy(on_duckdb.folder / "warehouse.duckdb", tmp_path))
    with rootly_assets.dataset(path).opened() as opened:
        assert "not known without the variable rootly_hourly_cost" in effort(opened, ALL).note
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE marts.fct_incident_effort SET active_cost = 10 * worked_hours")
    monkeypatch.setenv("ROOTLY_DBT_VARS", '{"rootly_hourly_cost": 10}')
    with rootly_assets.dataset(path).opened() as opened:
        card = effort(opened, ALL)
        hours = points_of(card)["value"].sum()
    assert f"They cost {10 * hours:,.0f}, " in card.note
    assert not card.small


def test_where_hours_are_known_of_few_that_is_said(on_duckdb: Once, tmp_path: Path) -> None:
    path = Path(shutil.copy(on_duckdb.folder / "warehouse.duckdb", tmp_path))
    with duckdb.connect(str(path)) as connection:
        connection.execute("""
            UPDATE marts.fct_incident_effort SET worked_hours = NULL WHERE incident_id NOT IN (
                SELECT incident_id FROM marts.fct_incidents
                WHERE is_real_time AND has_plausible_start AND NOT is_deleted ORDER BY incident_id LIMIT 2)
        """)
    with rootly_assets.dataset(path).opened() as few:
        card = effort(few, ALL)
        assert card.small
        assert "known of 2 of " in card.note
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE marts.fct_incident_effort SET worked_hours = NULL")
    with rootly_assets.dataset(path).opened() as none:
        assert effort(none, ALL).body is None
