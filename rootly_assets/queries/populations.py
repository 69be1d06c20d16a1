"""Which incidents, alerts and follow-ups count, and since when a workspace has them all."""

from rootly_assets.reader import Dataset

INCIDENTS = "is_response_incident AND has_plausible_start AND NOT is_deleted"
"""Incidents that needed a response, as the strict population of the marts."""

OPEN_INCIDENTS = "is_open AND is_response_incident AND NOT is_deleted"
"""Those of them that are not over, with or without a start that can be: somebody waits all the same."""

ALERTS = "has_plausible_start AND NOT is_deleted"
"""All alerts that Rootly still has."""

FOLLOW_UPS = "kind = 'follow_up' AND NOT is_deleted AND is_in_population"
"""Follow-ups of incidents that count, and of none."""

SIGNALS = {"noise": "noise", "not_noise": "signal"}
"""What Rootly's marks of alerts are called."""

_MARKS = " ".join(f"WHEN '{mark}' THEN '{name}'" for mark, name in SIGNALS.items())
SIGNAL = f"CASE noise {_MARKS} ELSE 'not marked' END"
"""Whether an alert was marked as noise: what nobody marked is neither."""


def reaches_back_to(dataset: Dataset, since: str, *, records: str) -> bool:
    """Whether there are records from before an instant: else days after it may be none of the workspace's.

    A backfilled incident, written down afterwards, does not say that the others of its time were. Days of
    creation say less: those of an imported history are all the day of the import.

    Args:
        dataset: where to read.
        since: SQL of the instant.
        records: incidents or alerts.
    """
    counted = {"incidents": f"{INCIDENTS} AND is_real_time", "alerts": ALERTS}[records]
    query = f"SELECT min(started_at) <= {since} AS reaches FROM marts.fct_{records} WHERE {counted}"
    return bool(dataset.portable(query).records()[0]["reaches"])
