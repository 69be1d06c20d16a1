"""Sub-statuses of generated incidents by a seed: many, few, repeated, unknown, without a time, or none."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from rootly_assets_tests.dbt.generated_incidents import Row

PARENTS = {
    "sub-triage": "in_triage",
    "sub-look": "started",
    "sub-fix": "started",
    "sub-resolved": "resolved",
    "sub-closed": "closed",
}
NOT_LISTED = "sub-gone"


def sub_statuses() -> list[Row]:
    """Raw rows of the table `sub_statuses`; `sub-gone` is only named by incidents."""
    return [
        {"id": key, "name": key.upper(), "parent_status": parent, "position": place}
        for place, (key, parent) in enumerate(PARENTS.items(), start=1)
    ]


def generated_statuses(incidents: Sequence[Row], seed: int) -> list[Row]:
    """Raw rows of the table `incident_sub_statuses`, for most of the incidents, shuffled."""
    dice = random.Random(seed)
    rows: list[Row] = []
    for incident in incidents:
        at = incident["started_at"]
        if not isinstance(at, datetime) or dice.random() < 0.3:
            continue
        for number in range(dice.choice([1, 2, 3, 4, 6])):
            at += timedelta(seconds=dice.uniform(1, 40_000))
            rows.append(
                {
                    "id": f"{incident['id']}/{number}",
                    "incident_id": incident["id"],
                    "sub_status_id": dice.choice([*PARENTS, NOT_LISTED]),
                    "assigned_at": None if dice.random() < 0.1 else at,
                }
            )
    dice.shuffle(rows)
    return rows
