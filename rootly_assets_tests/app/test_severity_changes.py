"""Severities that were changed: shares of the mart."""

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb

import rootly_assets
from rootly_assets.app.filters import Filters, choices
from rootly_assets.app.severity_changes import severity_changes
from rootly_assets.queries.clocks import Clocks
from rootly_assets.reader import Dataset
from rootly_assets_tests.app.drawn import bars_of
from rootly_assets_tests.system.refreshed import NOW, Once

ALL = Filters(NOW, None, "week", "UTC")


def test_shares_are_those_of_the_mart(dataset: Dataset) -> None:
    mart = dataset.sql("""
        SELECT sum(n) AS n, sum(raised_count) AS raised, sum(lowered_count) AS lowered,
            sum(reclassified_count) AS changed
        FROM marts.metrics_severity_changes
        WHERE population = 'strict' AND period = 'quarter' AND severity_id = 'all'
    """).records()[0]
    assert [*bars_of(severity_changes(dataset, ALL)).values()] == [
        f"{mart[kind] / mart['n']:.0%} ({mart[kind]:.0f} of {mart['n']:.0f})"
        for kind in ("raised", "lowered", "changed")
    ]
    assert mart["changed"] > 0
    assert "Half of the first changes came within" in severity_changes(dataset, ALL).note


def test_a_severity_and_fewer_days_have_fewer(dataset: Dataset) -> None:
    def total(filters: Filters) -> int:
        (said,) = {
            each.split(" of ")[1] for each in bars_of(severity_changes(dataset, filters)).values()
        }
        return int(said.removesuffix(")"))

    everything = total(ALL)
    assert 0 < total(replace(ALL, days=30)) < everything
    severities = choices(dataset)["severity"]
    assert any(0 < total(replace(ALL, severity=each)) < everything for each in severities)


def test_of_whom_the_audits_tell_nothing_nobody_knows(on_duckdb: Once, tmp_path: Path) -> None:
    path = Path(shutil.copy(on_duckdb.folder / "warehouse.duckdb", tmp_path))
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "DELETE FROM rootly.audits WHERE item_type = 'Incident' AND item_id NOT IN ("
            "SELECT incident_id FROM marts.fct_incidents "
            "WHERE is_response_incident AND has_plausible_start AND NOT is_deleted "
            "ORDER BY incident_id LIMIT 3)"
        )
    with rootly_assets.dataset(path).opened() as few:
        card = severity_changes(few, ALL)
        assert card.small
        assert card.note.startswith("Of incidents that the audits tell of, 3 of ")
    with duckdb.connect(str(path)) as connection:
        connection.execute("DELETE FROM rootly.audits")
    with rootly_assets.dataset(path).opened() as none:
        card = severity_changes(none, replace(ALL, clocks=Clocks({"incidents": NOW})))
        assert (card.body, card.nothing) == (None, "Not known: audits were never read.")


def test_of_what_began_before_audits_were_read_back_to_nobody_knows(dataset: Dataset) -> None:
    started = dataset.sql("""
        SELECT started_at FROM marts.fct_incidents INNER JOIN (
            SELECT DISTINCT item_id FROM rootly.audits WHERE item_type = 'Incident'
        ) ON incident_id = item_id
        WHERE is_response_incident AND has_plausible_start AND NOT is_deleted ORDER BY 1
    """).records()
    middle = started[len(started) // 2]["started_at"]
    after = sum(row["started_at"] >= middle for row in started)

    def said(clocks: Clocks) -> set[str]:
        shown = bars_of(severity_changes(dataset, replace(ALL, clocks=clocks))).values()
        return {each.split(" of ")[1] for each in shown}

    assert said(Clocks({"audits": NOW})) == {f"{len(started)})"}
    assert said(Clocks({"audits": NOW}, {"audits": middle})) == {f"{after})"}
    before = sum(row["started_at"] <= middle for row in started)
    assert said(Clocks({"audits": middle})) == {f"{before})"}


def test_of_a_service_that_is_in_no_incident_there_is_nothing(dataset: Dataset) -> None:
    card = severity_changes(dataset, replace(ALL, service="Nobody's"))
    assert (card.body, card.nothing) == (None, "None.")
