"""Cards of the tab Reliability: how often trouble comes, where it comes back, and in which status time went."""

from collections.abc import Iterator
from typing import cast

import pandas as pd

from rootly_assets.app.cards import Card
from rootly_assets.app.counts import share_of
from rootly_assets.app.filters import Filters
from rootly_assets.charts.drawn import Drawn
from rootly_assets.charts.durations import duration
from rootly_assets.charts.panels import members
from rootly_assets.queries.incidents import SERVICES_BY_NAME
from rootly_assets.queries.populations import INCIDENTS
from rootly_assets.queries.portable import median, seconds_since_previous
from rootly_assets.reader import Dataset
from rootly_assets.settings import dbt_variables
from rootly_assets.sql import instant

MOST_SERVICES = 12
FEWEST_GAPS = 3

_STATUSES = (
    *("in_triage", "started", "detected", "acknowledged", "mitigated", "resolved", "closed"),
    *("cancelled", "scheduled", "in_progress", "completed", "unknown"),
)


def failure_cards(dataset: Dataset, filters: Filters) -> Iterator[Card]:
    """Time between failures and recurrence by service, and time in status.

    Raises:
        DatasetError: the warehouse can't be read, or the models are not built.
    """
    yield _between_failures(dataset, filters)
    yield _recurrence(dataset, filters)
    yield _in_status(dataset, filters)


def _between_failures(dataset: Dataset, filters: Filters) -> Card:
    """As `marts.metrics_time_between_failures` has it, of all that is shown: a gap counts where it ends."""
    narrowed = filters.conditions("incidents", "fct_incidents.incident_id")
    counted = " AND ".join([INCIDENTS, "is_top_level", *narrowed])
    since = "true" if filters.since is None else f"started_at >= {instant(filters.since)}"
    gap = seconds_since_previous(
        "facts.started_at",
        "PARTITION BY links.member_name ORDER BY facts.started_at, facts.incident_id",
    )
    frame = dataset.portable(f"""
        WITH gaps AS (
            SELECT links.member_name AS label, facts.started_at, {gap} AS seconds
            FROM (SELECT * FROM marts.fct_incidents WHERE {counted}) AS facts
            INNER JOIN {SERVICES_BY_NAME} AS links ON facts.incident_id = links.incident_id
        )
        SELECT label, avg(seconds) AS value, count(seconds) AS n FROM gaps WHERE {since}
        GROUP BY 1 HAVING count(seconds) >= {FEWEST_GAPS} ORDER BY value, label LIMIT {MOST_SERVICES}
    """).df()
    narrower = " among those that are shown" if narrowed else ""
    return Card(
        "Mean time between incidents, by service",
        _bars(frame, _durations(frame)),
        f"The shortest first; from start to start, since the one before{narrower}, sub-incidents left out. "
        f"Services with {FEWEST_GAPS} gaps or more; n is how many.",
    )


def _recurrence(dataset: Dataset, filters: Filters) -> Card:
    where = f"{INCIDENTS} AND {filters.where('incidents', 'fct_incidents.incident_id')}"
    frame = dataset.portable(f"""
        WITH shares AS (
            SELECT coalesce(links.member_name, recurrences.service_id) AS label, facts.incident_id,
                max(CASE WHEN recurrences.is_recurring THEN 1 ELSE 0 END) AS recurring,
                max(recurrences.expected_resolutions) AS expected
            FROM (SELECT * FROM marts.fct_incidents WHERE {where}) AS facts
            INNER JOIN intermediate.int_rootly__service_recurrences AS recurrences
                ON facts.incident_id = recurrences.incident_id
            LEFT JOIN marts.bridge_incident_dimensions AS links
                ON links.incident_id = recurrences.incident_id AND links.member_id = recurrences.service_id
                AND links.dimension = 'service'
            WHERE recurrences.has_whole_history
            GROUP BY 1, 2
        )
        SELECT label, 100.0 * sum(recurring) / count(*) AS value, sum(recurring) AS recurring, count(*) AS n,
            100.0 * avg(1 - exp(-CASE WHEN expected > 100 THEN 100 ELSE expected END)) AS by_chance
        FROM shares
        GROUP BY 1 ORDER BY n DESC, label LIMIT {MOST_SERVICES}
    """).df()
    days = dbt_variables()["rootly_recurrence_days"]
    counts = zip(frame["recurring"].astype(int), frame["n"], frame["by_chance"], strict=True)
    shown = [
        share_of(recurring, n) + ("" if pd.isna(by_chance) else f", {by_chance:.0f}% by chance")
        for recurring, n, by_chance in counts
    ]
    return Card(
        "Incidents that are recurrences, by service",
        _bars(frame.assign(value=frame["value"].astype(float)), shown),
        f"A recurrence began within {days} days of the resolution of another incident on the service; those of "
        "the first such days of the data are left out. By chance: the share if its incidents had nothing to do "
        "with each other; only one well above it says that the same trouble comes back.",
    )


def _in_status(dataset: Dataset, filters: Filters) -> Card:
    """As `marts.metrics_time_in_status` has it: all stays of an incident in a status are one time."""
    where = f"{INCIDENTS} AND {filters.where('incidents', 'fct_incidents.incident_id')}"
    frame = dataset.portable(f"""
        WITH totals AS (
            SELECT stays.incident_id, stays.status, sum(stays.seconds) AS seconds,
                min(CASE WHEN facts.kind = 'backfilled' AND stays.status_source = 'timestamps' THEN 1 ELSE 0
                    END) AS is_backfilled
            FROM (SELECT * FROM marts.fct_incidents WHERE {where}) AS facts
            INNER JOIN marts.fct_incident_statuses AS stays ON facts.incident_id = stays.incident_id
            GROUP BY 1, 2 HAVING count(stays.seconds) = count(*)
        )
        SELECT status AS label, {median("seconds")} AS value, count(*) AS n, min(is_backfilled) AS backfilled
        FROM totals GROUP BY 1
    """).df()
    # What nobody works on any more stays so for weeks, beside which the rest could not be seen.
    ended = frame[frame["label"].isin(dbt_variables()["rootly_ended_statuses"])]
    frame = frame.drop(ended.index)
    places = {status: place for place, status in enumerate(_STATUSES)}
    frame = frame.sort_values("label", key=lambda names: names.map(places), kind="stable")
    return Card(
        "Median time in status",
        _bars(frame.assign(label=frame["label"].str.replace("_", " ")), _durations(frame)),
        "Until it is resolved, in the order of an incident's life. A stay that is not over, or has no time, is "
        f"left out; n is how many incidents.{_of_ended(ended)}{_of_backfilled(frame)}",
    )


def _of_ended(frame: pd.DataFrame) -> str:
    """How long incidents stay in statuses that nobody works in."""
    names = frame["label"].str.replace("_", " ")
    stays = [f"{name} {time}" for name, time in zip(names, _durations(frame), strict=True)]
    return f" Then they stay {', '.join(stays)}." if stays else ""


def _of_backfilled(frame: pd.DataFrame) -> str:
    """Which statuses only backfilled incidents have times of: those were written down afterwards."""
    found = [str(each).replace("_", " ") for each in frame[frame["backfilled"] == 1]["label"]]
    if not found:
        return ""
    return f" Times of {', '.join(found)} come only from the stamps of backfilled incidents."


def _durations(frame: pd.DataFrame) -> list[str]:
    seconds, counts = cast("list[float]", frame["value"].tolist()), frame["n"].tolist()
    return [f"{duration(each)} (n {n:,})" for each, n in zip(seconds, counts, strict=True)]


def _bars(frame: pd.DataFrame, shown: list[str]) -> Drawn | None:
    return None if frame.empty else members(frame[["label", "value"]].assign(shown=shown))
