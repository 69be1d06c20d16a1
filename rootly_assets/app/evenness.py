"""How evenly on-call work is shared within each schedule, over several months together."""

from typing import Any

import pandas as pd

from rootly_assets.queries.medians import SMALL
from rootly_assets.reader import Dataset

# As in the mart `metrics_on_call_fairness`.
_FEW_PEOPLE = 3


def shared_evenly(dataset: Dataset, where: str) -> pd.DataFrame:
    """How evenly each schedule is shared, over what each person carried in several months together.

    Not the mean of the months' own figures: in one month there are few pages and few shifts for a person,
    so that it would tell of chance. Pages are those of months in which alert events were read.

    Args:
        dataset: where to read.
        where: SQL condition on `marts.metrics_on_call_load`.

    Returns:
        `schedule`, `people`, `hours` and `pages` of all of them, `time_gini` and `page_gini`,
        `most_over_median` (of the time), `remark` (why it says little; else empty); the least even first.
    """
    loads = dataset.portable(f"""
        SELECT schedule_id, max(schedule_name) AS schedule, user_id,
            CAST(sum(on_call_seconds) / 3600.0 AS DOUBLE PRECISION) AS hours,
            CAST(sum(interruption_count) AS DOUBLE PRECISION) AS pages
        FROM marts.metrics_on_call_load WHERE on_call_seconds > 0 AND {where}
        GROUP BY schedule_id, user_id
    """).df()
    rows: list[dict[str, Any]] = []
    for _, of_schedule in loads.groupby("schedule_id"):
        hours, pages = of_schedule["hours"], of_schedule["pages"].dropna()
        people, known = len(hours), len(pages) > 0
        few = [
            *(["few people"] if people < _FEW_PEOPLE else []),
            *(["few pages"] if known and pages.sum() < SMALL * len(pages) else []),
        ]
        rows.append(
            {
                "schedule": of_schedule["schedule"].max(),
                "people": people,
                "hours": hours.sum(),
                "pages": pages.sum() if known else None,
                "time_gini": gini(hours),
                "page_gini": gini(pages),
                "most_over_median": hours.max() / hours.median(),
                "remark": ", ".join(few),
            }
        )
    numbers = ["hours", "pages", "time_gini", "page_gini", "most_over_median"]
    frame = pd.DataFrame(rows, columns=["schedule", "people", *numbers, "remark"])
    frame = frame.astype(dict.fromkeys(numbers, "float64"))
    return frame.sort_values(["time_gini", "schedule"], ascending=[False, True]).reset_index(
        drop=True
    )


def gini(values: pd.Series) -> float | None:
    """0 where all carry the same, 1 - 1/n where one of n carries everything; None of one, or of nothing."""
    n, total = len(values), values.sum()
    if n < 2 or not total:
        return None
    places = pd.Series(range(1, n + 1))
    return float(((2 * places - n - 1) * values.sort_values(ignore_index=True)).sum() / (n * total))
