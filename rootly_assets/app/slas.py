"""A card of the tab Learning: how often follow-ups miss the deadlines of their SLAs."""

from rootly_assets.app.cards import Card
from rootly_assets.app.counts import cut_at, share_of
from rootly_assets.app.filters import Filters
from rootly_assets.charts.panels import members
from rootly_assets.queries.medians import SMALL
from rootly_assets.reader import Dataset

MOST_SLAS = 12


def slas(dataset: Dataset, filters: Filters) -> Card:
    """Shares of deadlines that were missed, as `marts.metrics_action_item_slas` has them.

    Raises:
        DatasetError: the warehouse can't be read, or the models are not built.
    """
    within = filters.conditions("incidents", "deadlines.incident_id")
    if filters.since_day is not None:
        within.append(f"deadline_on >= DATE '{filters.since_day}'")
    # Of a deadline that is still to come, only what meets it is known.
    if filters.today is not None:
        within.append(f"deadline_on < DATE '{filters.today}'")
    frame = dataset.portable(f"""
        SELECT coalesce(sla_name, sla_id) AS sla, sla_target AS target,
            count(DISTINCT CASE WHEN sla_result = 'breached' THEN action_item_id END) AS breached,
            count(DISTINCT CASE WHEN sla_result IN ('breached', 'unknown') THEN action_item_id END) AS at_most,
            count(DISTINCT action_item_id) AS n
        FROM marts.fct_action_item_slas AS deadlines
        WHERE {" AND ".join(["is_in_population", "NOT is_deleted", "deadline_on IS NOT NULL", *within])}
            AND sla_result IN ('met', 'breached', 'unknown')
        GROUP BY 1, 2 ORDER BY min(sla_position), sla, target
    """).df()
    cut = cut_at(MOST_SLAS, len(frame))
    frame = frame.head(MOST_SLAS)
    frame = frame.assign(
        label=frame["target"] + ": " + frame["sla"],
        value=100 * frame["breached"] / frame["n"],
        shown=[
            _shown(*row)
            for row in zip(frame["breached"], frame["at_most"], frame["n"], strict=True)
        ],
    )
    return Card(
        "Follow-ups that missed their SLA",
        None if frame.empty else members(frame[["label", "value", "shown"]]),
        "Of those whose deadline was in this time. Rootly does not always say when one was assigned or done: "
        "a bar is of those that are known to have missed it, the range goes up to all that may have. Under "
        f"several SLAs it counts for each. {cut}".rstrip(),
        nothing=filters.none_of("slas"),
    )


def _shown(breached: int, at_most: int, n: int) -> str:
    """A share with how many stand behind it, or between what it lies where it is not known of all."""
    few = ", few" if n < SMALL else ""
    if breached == at_most:
        return share_of(breached, n, few)
    return f"{breached / n:.0%} to {at_most / n:.0%} ({breached:,} to {at_most:,} of {n:,}{few})"
