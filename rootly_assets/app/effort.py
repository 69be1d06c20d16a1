"""A card of the tab Reliability: how many hours people worked on incidents, and what that cost."""

from dataclasses import replace

from rootly_assets.app.cards import Card
from rootly_assets.app.filters import Filters
from rootly_assets.app.series import over_time
from rootly_assets.charts.panels import stacked
from rootly_assets.queries.medians import SMALL
from rootly_assets.queries.populations import INCIDENTS
from rootly_assets.queries.severities import severity_colors
from rootly_assets.reader import Dataset
from rootly_assets.settings import dbt_variables


def effort(dataset: Dataset, filters: Filters) -> Card:
    """Totals of `worked_hours` and their cost, as `marts.metrics_incident_handling` has them.

    Raises:
        DatasetError: the warehouse can't be read, or the models are not built.
    """
    where = f"{INCIDENTS} AND is_real_time AND {filters.where_whole('incidents', 'fct_incidents.incident_id')}"
    frame = dataset.portable(f"""
        SELECT {filters.period_of("facts.started_on")} AS period_start,
            coalesce(facts.severity_name, 'No severity') AS series, sum(efforts.worked_hours) AS value,
            count(efforts.worked_hours) AS n, count(*) AS eligible, sum(efforts.active_cost) AS cost
        FROM (SELECT * FROM marts.fct_incidents WHERE {where}) AS facts
        INNER JOIN marts.fct_incident_effort AS efforts ON facts.incident_id = efforts.incident_id
        GROUP BY 1, 2 ORDER BY 1, 2
    """).df()
    known, eligible = int(frame["n"].sum()), int(frame["eligible"].sum())
    hours, cost = float(frame["value"].sum()), float(frame["cost"].sum())
    card = over_time(
        "Hours that people worked on incidents",
        frame[frame["n"] > 0],
        filters,
        draw=stacked,
        unit="hours",
        colors=severity_colors(dataset, sorted(set(frame[frame["n"] > 0]["series"]))),
        note=f"In all {hours:,.0f} hours, {_of_known(known, eligible)}{_of_cost(cost, known)} {_counted()} "
        "Who is in two incidents at once counts in both; backfilled incidents are left out.",
    )
    return replace(card, small=known < SMALL, wide=True)


def _of_known(known: int, eligible: int) -> str:
    """Of how many incidents they are."""
    return (
        f"of {known:,} incidents"
        if known == eligible
        else f"known of {known:,} of {eligible:,} incidents"
    )


def _of_cost(cost: float, known: int) -> str:
    """What they cost, where somebody says what an hour does."""
    if dbt_variables()["rootly_hourly_cost"] is None:
        return "; what they cost is not known without the variable rootly_hourly_cost."
    each = f", {cost / known:,.0f} an incident" if known else ""
    return f". They cost {cost:,.0f}{each}, in the currency of the variable rootly_hourly_cost."


def _counted() -> str:
    """How hours are measured, as dbt's variables have it."""
    variables = dbt_variables()
    minutes, gap = variables["rootly_activity_minutes"], variables["rootly_activity_gap_minutes"]
    return (
        f"By what is seen: {minutes} minutes for each deed of a person, gaps of less than {gap} minutes "
        "between two filled, and recorded meetings for everybody who spoke."
    )
