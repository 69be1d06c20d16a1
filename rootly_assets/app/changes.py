"""A card of the tab Reliability: how often a change came just before an incident, and how often by chance."""

import pandas as pd

from rootly_assets.app.cards import Card
from rootly_assets.app.counts import share_of
from rootly_assets.app.filters import Filters
from rootly_assets.charts.panels import members
from rootly_assets.queries.medians import SMALL
from rootly_assets.queries.populations import INCIDENTS
from rootly_assets.queries.portable import count_where
from rootly_assets.reader import Dataset
from rootly_assets.settings import dbt_variables


def changes(dataset: Dataset, filters: Filters) -> Card:
    """Shares with a pulse before the start and a week earlier, as `marts.metrics_change_correlation` has them.

    Raises:
        DatasetError: the warehouse can't be read, or the models are not built.
    """
    where = f"{INCIDENTS} AND {filters.where('incidents', 'fct_incidents.incident_id')}"
    row = dataset.portable(f"""
        SELECT {count_where("is_eligible")} AS n, {count_where("is_eligible AND is_correlated")} AS changed,
            {count_where("is_week_before_eligible")} AS week_before_n,
            {count_where("is_week_before_eligible AND is_week_before_correlated")} AS week_before
        FROM (SELECT * FROM marts.fct_incidents WHERE {where}) AS facts
        INNER JOIN intermediate.int_rootly__incident_changes AS changes
            ON facts.incident_id = changes.incident_id
    """).records()[0]
    minutes = dbt_variables()["rootly_change_window_minutes"]
    windows = [
        (label, part, whole)
        for label, part, whole in (
            (f"{minutes} minutes before", row["changed"], row["n"]),
            ("the same a week earlier", row["week_before"], row["week_before_n"]),
        )
        if whole
    ]
    frame = pd.DataFrame(
        {
            "label": [label for label, _, _ in windows],
            "value": [100 * part / whole for _, part, whole in windows],
            "shown": [share_of(part, whole) for _, part, whole in windows],
        }
    )
    few = min((whole for _, _, whole in windows), default=0)
    return Card(
        "Incidents with a change before them",
        None if frame.empty else members(frame),
        "With a pulse (a deployment or another change that Rootly was told of) on one of their services, of "
        "incidents that name a service and began while pulses were read. A week earlier it is there by chance; "
        "a share well above that one is a correlation still, and no cause.",
        small=few < SMALL,
        nothing=filters.none_of("pulses"),
    )
