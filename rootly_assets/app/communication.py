"""A card of the tab Reliability: how long it took until those outside were told of an incident."""

from rootly_assets.app.cards import Card
from rootly_assets.app.filters import Filters
from rootly_assets.charts.durations import duration
from rootly_assets.charts.panels import members
from rootly_assets.queries.medians import SMALL
from rootly_assets.queries.populations import INCIDENTS
from rootly_assets.queries.portable import count_where, median
from rootly_assets.queries.severities import severity_colors
from rootly_assets.reader import Dataset


def communication(dataset: Dataset, filters: Filters) -> Card:
    """Medians by severity of `communication_lag`, as `marts.metrics_incident_handling` has it.

    Raises:
        DatasetError: the warehouse can't be read, or the models are not built.
    """
    where = f"{INCIDENTS} AND is_real_time AND {filters.where('incidents', 'fct_incidents.incident_id')}"
    frame = dataset.portable(f"""
        SELECT coalesce(facts.severity_name, 'No severity') AS label,
            {median("communications.communication_lag_seconds")} AS value,
            count(communications.communication_lag_seconds) AS n, count(*) AS eligible,
            {count_where("communications.first_published_at < facts.started_at")} AS before_start
        FROM (SELECT * FROM marts.fct_incidents WHERE {where}) AS facts
        LEFT JOIN intermediate.int_rootly__incident_communications AS communications
            ON facts.incident_id = communications.incident_id
        GROUP BY 1
    """).df()
    known, before_start = int(frame["n"].sum()), int(frame["before_start"].sum())
    # The most severe first: of them people have to be told soonest.
    order = list(severity_colors(dataset, frame["label"]))
    frame = frame.sort_values("label", key=lambda names: names.map(order.index))
    counts = zip(frame["value"], frame["n"], frame["eligible"], strict=True)
    shown = [_shown(seconds, n, eligible) for seconds, n, eligible in counts]
    bars = frame[["label"]].assign(value=frame["value"].astype(float).fillna(0.0), shown=shown)
    return Card(
        "Median time until people outside were told",
        members(bars) if known else None,
        "From the start of an incident to its first event on a status page, of incidents that have one: most "
        "need none. Backfilled incidents, which were written down afterwards, are left out."
        + _of_earlier(before_start),
        small=known < SMALL,
        nothing=_nothing(filters),
    )


def _shown(seconds: float, n: int, eligible: int) -> str:
    """A median with of how many it is, and of how many incidents those are."""
    if not n:
        return f"none of {eligible:,}"
    few = ", few" if n < SMALL else ""
    return f"{duration(seconds)} ({n:,} of {eligible:,}{few})"


def _of_earlier(count: int) -> str:
    """How many were announced before they began, of which there is no time."""
    return f" So are those that were announced before they began: {count:,}." if count else ""


def _nothing(filters: Filters) -> str:
    """None was announced; or nobody knows whether one was."""
    table = "incident_status_page_events"
    return filters.none_of(table if filters.were_read("incidents") else "incidents")
