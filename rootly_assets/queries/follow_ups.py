"""Follow-ups that are overdue: what was promised, by whom, after which incident."""

from typing import Any

from rootly_assets.queries.populations import FOLLOW_UPS
from rootly_assets.queries.portable import total
from rootly_assets.queries.private import title, url
from rootly_assets.reader import Dataset


def overdue(dataset: Dataset, where: str = "true", *, most: int) -> list[dict[str, Any]]:
    """The most overdue ones first: `summary, priority, owner, incident, url, due_date, days_overdue, total`.

    Args:
        dataset: where to read.
        where: SQL condition on `marts.fct_action_items`.
        most: how many; `total` says of how many.

    Returns:
        `incident` is its title and `url` where Rootly shows it; None where there is none, as of an `owner`.
    """
    narrowed = f"{FOLLOW_UPS} AND is_overdue AND {where}"
    return dataset.portable(f"""
        SELECT CASE WHEN incidents.is_private THEN 'Follow-up of a private incident' ELSE items.summary
                END AS summary,
            items.priority, items.due_date, items.days_overdue,
            CASE WHEN items.assigned_to_user_id IS NOT NULL
                THEN coalesce(people.full_name, 'User ' || items.assigned_to_user_id) END AS owner,
            {title("incidents")} AS incident, {url("incidents")} AS url,
            {total("marts.fct_action_items", narrowed)} AS total
        FROM (SELECT * FROM marts.fct_action_items WHERE {narrowed}) AS items
        LEFT JOIN marts.fct_incidents AS incidents ON items.incident_id = incidents.incident_id
        LEFT JOIN staging.stg_rootly__users AS people ON items.assigned_to_user_id = people.user_id
        ORDER BY items.days_overdue DESC, items.summary, items.action_item_id LIMIT {most}
    """).records()
