"""Until people outside were told: medians of the mart, by severity."""

from dataclasses import replace

from rootly_assets.app.communication import communication
from rootly_assets.app.filters import Filters, choices
from rootly_assets.charts.durations import duration
from rootly_assets.queries.clocks import Clocks
from rootly_assets.reader import Dataset
from rootly_assets_tests.app.drawn import bars_of
from rootly_assets_tests.system.refreshed import NOW

ALL = Filters(NOW, None, "week", "UTC")


def test_medians_are_of_those_whom_the_mart_counts(dataset: Dataset) -> None:
    mart = dataset.sql("""
        SELECT severity_name AS name, sum(n) AS n, sum(eligible_count) AS eligible
        FROM marts.metrics_incident_handling
        WHERE population = 'strict' AND period = 'quarter' AND measure = 'communication_lag'
            AND severity_id <> 'all'
        GROUP BY 1
    """).records()
    shown = bars_of(communication(dataset, ALL))
    assert len(shown) == len(mart) > 1
    for row in mart:
        said = shown[row["name"] or "No severity"]
        if row["n"]:
            assert f"({row['n']:.0f} of {row['eligible']:.0f}" in said
            assert (", few" in said) == (row["n"] < 5)
        else:
            assert said == f"none of {row['eligible']:.0f}"
    assert sum(row["n"] for row in mart) > 0


def test_of_one_severity_it_is_the_median_of_the_mart(dataset: Dataset) -> None:
    """Taken from a period that has all of them."""
    rows = dataset.sql("""
        SELECT severity_name AS name, median, n FROM marts.metrics_incident_handling
        WHERE population = 'strict' AND period = 'quarter' AND measure = 'communication_lag'
            AND severity_id NOT IN ('all', 'none')
        QUALIFY sum(n) OVER (PARTITION BY severity_id) = n AND n > 0
    """).records()
    shown = bars_of(communication(dataset, ALL))
    for row in rows:
        assert shown[row["name"]].startswith(f"{duration(row['median'])} ({row['n']} of")
    assert rows


def test_the_most_severe_come_first_and_a_severity_is_alone(dataset: Dataset) -> None:
    severities = dataset.sql(
        "SELECT severity_name FROM marts.dim_severities ORDER BY severity_position"
    ).records()
    shown = [name for name in bars_of(communication(dataset, ALL)) if name != "No severity"]
    places = [row["severity_name"] for row in severities]
    assert shown == sorted(shown, key=places.index)
    told = communication(dataset, ALL)
    severity = next(
        each for each in choices(dataset)["severity"] if not bars_of(told)[each].startswith("none")
    )
    assert [*bars_of(communication(dataset, replace(ALL, severity=severity)))] == [severity]


def test_where_nobody_was_told_there_is_nothing(dataset: Dataset) -> None:
    card = communication(dataset, replace(ALL, service="Nobody's"))
    assert (card.body, card.nothing) == (None, "None.")
    unread = Clocks({"incidents": NOW})
    card = communication(dataset, replace(ALL, service="Nobody's", clocks=unread))
    assert card.nothing == "Not known: incident status page events were never read."
