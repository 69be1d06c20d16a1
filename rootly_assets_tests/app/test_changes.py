"""Changes before incidents: shares of the mart, beside those of a week earlier."""

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

import rootly_assets
from rootly_assets.app.cards import Tab, render
from rootly_assets.app.changes import changes
from rootly_assets.app.filters import Filters, choices
from rootly_assets.queries.clocks import Clocks
from rootly_assets.reader import Dataset
from rootly_assets_tests.app.drawn import bars_of
from rootly_assets_tests.system.refreshed import NOW, Once

ALL = Filters(NOW, None, "week", "UTC")


def test_shares_are_those_of_the_mart(dataset: Dataset) -> None:
    mart = dataset.sql("""
        SELECT sum(n) AS n, sum(correlated_count) AS changed, sum(week_before_n) AS before_n,
            sum(week_before_n * coalesce(week_before_share, 0)) AS before
        FROM marts.metrics_change_correlation WHERE population = 'strict' AND period = 'quarter'
    """).records()[0]
    assert bars_of(changes(dataset, ALL)) == {
        "60 minutes before": f"{mart['changed'] / mart['n']:.0%} "
        f"({mart['changed']:.0f} of {mart['n']:.0f})",
        "the same a week earlier": f"{mart['before'] / mart['before_n']:.0%} "
        f"({mart['before']:.0f} of {mart['before_n']:.0f})",
    }
    assert mart["changed"] > 0


def counted(dataset: Dataset, filters: Filters) -> int:
    """How many incidents stand behind the share of those with a change."""
    said = bars_of(changes(dataset, filters))["60 minutes before"]
    return int(said.split(" of ")[1].removesuffix(")"))


def test_a_severity_and_fewer_days_have_fewer(dataset: Dataset) -> None:
    everything = counted(dataset, ALL)
    assert 0 < counted(dataset, replace(ALL, days=30)) < everything
    severity = choices(dataset)["severity"][0]
    assert 0 < counted(dataset, replace(ALL, severity=severity)) < everything


def test_where_few_stand_behind_a_share_that_is_said(on_duckdb: Once, tmp_path: Path) -> None:
    path = Path(shutil.copy(on_duckdb.folder / "warehouse.duckdb", tmp_path))
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "DELETE FROM intermediate.int_rootly__incident_changes WHERE incident_id NOT IN ("
            "SELECT incident_id FROM intermediate.int_rootly__incident_changes "
            "INNER JOIN marts.fct_incidents USING (incident_id) "
            "WHERE is_eligible AND is_response_incident ORDER BY incident_id LIMIT 4)"
        )
    with rootly_assets.dataset(path).opened() as few:
        shown = render(Tab("", cards=[changes(few, ALL)])).text
    assert "Too few to say much." in shown


def test_what_is_long_before_is_said_as_the_variable_has_it(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not changes(dataset, ALL).small
    monkeypatch.setenv("ROOTLY_DBT_VARS", '{"rootly_change_window_minutes": 240}')
    assert "240 minutes before" in bars_of(changes(dataset, ALL))


def test_where_pulses_were_not_read_nobody_knows_of_changes(
    on_duckdb: Once, tmp_path: Path
) -> None:
    path = Path(shutil.copy(on_duckdb.folder / "warehouse.duckdb", tmp_path))
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "UPDATE intermediate.int_rootly__incident_changes "
            "SET is_eligible = false, is_week_before_eligible = false"
        )
    with rootly_assets.dataset(path).opened() as unread:
        card = changes(unread, replace(ALL, clocks=Clocks({"incidents": NOW})))
    assert (card.body, card.nothing) == (None, "Not known: pulses were never read.")
