"""Who noticed first: sources and shares of the mart, and those of whatever is shown."""

from dataclasses import replace

from rootly_assets.app.detection import detection
from rootly_assets.app.filters import Filters, choices
from rootly_assets.queries.clocks import Clocks
from rootly_assets.reader import Dataset
from rootly_assets_tests.app.drawn import bars_of
from rootly_assets_tests.system.refreshed import NOW

ALL = Filters(NOW, None, "week", "UTC")


def test_sources_are_those_of_the_mart(dataset: Dataset) -> None:
    mart = dataset.sql("""
        SELECT detection_source AS source, sum(detected_count) AS detected
        FROM marts.metrics_detection_sources
        WHERE population = 'strict' AND period = 'week' AND severity_id = 'all'
        GROUP BY 1 ORDER BY detected DESC, source
    """).records()
    total = sum(row["detected"] for row in mart)
    said = [f"{row['detected'] / total:.0%} ({row['detected']} of {total})" for row in mart]
    shown = bars_of(detection(dataset, ALL))
    assert [*shown.values()] == said
    assert len(said) > 1
    alerts = [row["source"] for row in mart if row["source"].startswith("alert:")]
    assert [each for each in shown if each.startswith("alert: ")] == [
        each.replace(":", ": ").replace("_", " ") for each in alerts
    ]
    assert alerts


def test_a_severity_and_fewer_days_have_fewer(dataset: Dataset) -> None:
    def total(filters: Filters) -> int:
        (said,) = {each.split(" of ")[1] for each in bars_of(detection(dataset, filters)).values()}
        return int(said.removesuffix(")"))

    everything = total(ALL)
    assert 0 < total(replace(ALL, days=30)) < everything
    severities = choices(dataset)["severity"]
    found = [total(replace(ALL, severity=each)) for each in severities]
    assert sum(found) == everything
    assert len(found) > 1


def test_without_alerts_nobody_knows_whether_one_was_first(dataset: Dataset) -> None:
    read = Clocks({"incidents": NOW, "alerts": NOW})
    assert "never read" not in detection(dataset, replace(ALL, clocks=read)).note
    unread = Clocks({"incidents": NOW})
    assert "Alerts were never read" in detection(dataset, replace(ALL, clocks=unread)).note


def test_of_a_service_that_is_in_no_incident_there_is_nothing(dataset: Dataset) -> None:
    card = detection(dataset, replace(ALL, service="Nobody's"))
    assert (card.body, card.nothing) == (None, "None.")


def test_alerts_that_were_attached_afterwards_are_told_of(dataset: Dataset) -> None:
    mart = dataset.sql("""
        SELECT sum(attached_later_count) AS later, sum(detected_count) AS total
        FROM marts.metrics_detection_sources
        WHERE population = 'strict' AND period = 'week' AND severity_id = 'all'
            AND detection_source LIKE 'alert:%'
    """).records()[0]
    assert mart["later"] > 0
    said = f"In {mart['later']} of the {mart['total']} with an alert it was attached"
    assert said in detection(dataset, ALL).note
