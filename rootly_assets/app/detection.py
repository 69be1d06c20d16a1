"""A card of the tab Reliability: who noticed incidents first, an alert or somebody."""

import pandas as pd

from rootly_assets.app.cards import Card
from rootly_assets.app.counts import cut_at, share_of
from rootly_assets.app.filters import Filters
from rootly_assets.charts.panels import members
from rootly_assets.queries.medians import SMALL
from rootly_assets.queries.populations import INCIDENTS
from rootly_assets.reader import Dataset

MOST_SOURCES = 12


def detection(dataset: Dataset, filters: Filters) -> Card:
    """Incidents by detection source, as `marts.metrics_detection_sources` has them.

    Raises:
        DatasetError: the warehouse can't be read, or the models are not built.
    """
    where = f"{INCIDENTS} AND {filters.where('incidents', 'fct_incidents.incident_id')}"
    frame = dataset.portable(f"""
        SELECT detections.detection_source AS source, count(*) AS value,
            count(CASE WHEN detections.is_alert_attached_later THEN 1 END) AS attached_later
        FROM (SELECT * FROM marts.fct_incidents WHERE {where}) AS facts
        INNER JOIN marts.fct_incident_detection AS detections ON facts.incident_id = detections.incident_id
        WHERE detections.detection_source IS NOT NULL
        GROUP BY 1 ORDER BY value DESC, source
    """).df()
    total = int(frame["value"].sum())
    frame["label"] = [_named(source) for source in frame["source"]]
    frame["shown"] = [share_of(n, total) for n in frame["value"]]
    note = (
        "The source of the alert, if one began before the incident was declared; else where it was declared. "
        "Backfilled incidents, which were written down afterwards, are left out.",
        cut_at(MOST_SOURCES, len(frame), "sources"),
        _attached_later(frame),
        _of_alerts(filters),
    )
    return Card(
        "Who noticed first",
        None if frame.empty else members(frame[["label", "value", "shown"]].head(MOST_SOURCES)),
        " ".join(filter(None, note)),
        small=total < SMALL,
        nothing=filters.none_of("incidents"),
    )


def _named(source: str) -> str:
    """A detection source in words."""
    if source.startswith("alert:"):
        return f"alert: {source.removeprefix('alert:').replace('_', ' ')}"
    words = {"manual": "declared: not said where", "unknown": "not known"}
    return words.get(source, f"declared: {source.replace('_', ' ')}")


def _attached_later(frame: pd.DataFrame) -> str:
    """Of how many it is open whether the alert was what somebody noticed."""
    of_alerts = frame[frame["source"].str.startswith("alert:")]
    later, total = int(of_alerts["attached_later"].sum()), int(of_alerts["value"].sum())
    if not later:
        return ""
    return (
        f"In {later} of the {total} with an alert it was attached more than a minute after the declaration: "
        "somebody may have noticed on their own."
    )


def _of_alerts(filters: Filters) -> str:
    """Without alerts nobody knows that none was first."""
    if filters.were_read("alerts"):
        return ""
    return "Alerts were never read: whether one was first is not known."
