"""A card of the tab Reliability: how often an incident was given another severity after the first."""

import pandas as pd

from rootly_assets.app.cards import Card
from rootly_assets.app.counts import share_of
from rootly_assets.app.filters import Filters
from rootly_assets.charts.durations import duration
from rootly_assets.charts.panels import members
from rootly_assets.queries.medians import SMALL
from rootly_assets.queries.populations import INCIDENTS
from rootly_assets.queries.portable import count_where, median
from rootly_assets.reader import Dataset
from rootly_assets.sql import instant


def severity_changes(dataset: Dataset, filters: Filters) -> Card:
    """Shares of incidents that were raised and lowered, as `marts.metrics_severity_changes` has them.

    Raises:
        DatasetError: the warehouse can't be read, or the models are not built.
    """
    where = f"{INCIDENTS} AND {filters.where('incidents', 'fct_incidents.incident_id')}"
    row = dataset.portable(f"""
        WITH audited AS (
            SELECT DISTINCT item_id AS incident_id FROM staging.stg_rootly__audits WHERE item_type = 'Incident'
        ),
        changes AS (
            SELECT incident_id, max(CASE WHEN direction = 'raised' THEN 1 ELSE 0 END) AS raised,
                max(CASE WHEN direction = 'lowered' THEN 1 ELSE 0 END) AS lowered,
                min(seconds_after_start) AS seconds
            FROM marts.fct_severity_changes WHERE is_reclassification GROUP BY 1
        )
        SELECT count(*) AS shown, count(audited.incident_id) AS n, count(changes.incident_id) AS changed,
            {count_where("changes.raised = 1")} AS raised, {count_where("changes.lowered = 1")} AS lowered,
            {median("changes.seconds")} AS seconds
        FROM (SELECT * FROM marts.fct_incidents WHERE {where}) AS facts
        LEFT JOIN audited ON facts.incident_id = audited.incident_id{_read_from_the_start(filters)}
        LEFT JOIN changes ON audited.incident_id = changes.incident_id
    """).records()[0]
    n = row["n"]
    kinds = {
        "raised to a graver one": row["raised"],
        "lowered to a lesser one": row["lowered"],
        "changed at all": row["changed"],
    }
    frame = pd.DataFrame({"label": [*kinds], "value": [*kinds.values()]})
    if n:
        frame = frame.assign(
            value=100 * frame["value"] / n, shown=[share_of(count, n) for count in kinds.values()]
        )
    note = [
        "Of incidents that the audits tell of"
        + (f", {n:,} of {row['shown']:,}." if n < row["shown"] else "."),
        "One that was raised and lowered again is in both.",
    ]
    if row["seconds"] is not None:
        note.append(
            f"Half of the first changes came within {duration(row['seconds'])} of the start."
        )
    return Card(
        "Incidents whose severity was changed",
        members(frame) if n else None,
        " ".join(note),
        small=n < SMALL,
        nothing=filters.none_of("audits") if row["shown"] else filters.none_of("incidents"),
    )


def _read_from_the_start(filters: Filters) -> str:
    """More conditions: audits were read as they were when the incident began; a first read goes backwards."""
    if filters.clocks is None:
        return ""
    bounds = {">=": filters.clocks.back_to, "<=": filters.clocks.synced_at}
    return "".join(
        f" AND facts.started_at {side} {instant(of['audits'])}"
        for side, of in bounds.items()
        if "audits" in of
    )
