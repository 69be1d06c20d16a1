"""What being on call asked of people: interruptions by the hour of their own day, and time on call."""

from datetime import timedelta
from itertools import product

import pandas as pd

from rootly_assets.queries.clocks import clocks
from rootly_assets.queries.portable import count_where
from rootly_assets.reader import Dataset

# Lists of one sync are not read in the same second.
_AS_FRESH = timedelta(days=1)

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def hours_of_the_week(dataset: Dataset, where: str) -> pd.DataFrame:
    """Interruptions in each hour of the week: `weekday, hour, interruptions`, zeros included.

    Args:
        dataset: where to read.
        where: SQL condition on `marts.fct_interruptions`.

    Returns:
        168 rows; none at all where nobody was interrupted.
    """
    rows = dataset.portable(f"""
        SELECT local_weekday AS weekday, local_hour AS hour, count(*) AS interruptions
        FROM marts.fct_interruptions WHERE {where} GROUP BY 1, 2
    """).records()
    counts = {(row["weekday"], row["hour"]): row["interruptions"] for row in rows}
    places = product(range(1, 8), range(24)) if counts else ()
    return pd.DataFrame(
        [(WEEKDAYS[day - 1], hour, counts.get((day, hour), 0)) for day, hour in places],
        columns=["weekday", "hour", "interruptions"],
    )


def people_on_call(dataset: Dataset, *, since_day: str | None, most: int) -> pd.DataFrame:
    """Who carried how much, the most first.

    Args:
        dataset: where to read.
        since_day: SQL of the first day that counts, whole and by each person's own clock; None for all time.
        most: how many people.

    Returns:
        `person`; hours on call at `weekday`, at `night` (of weekdays) and at the `weekend`;
        `interruptions`, those `after_hours` and those `off_call` (outside of any shift of theirs), unknown
        where alert events were not read all that time; `per_day`, those within a shift for each 24 hours on
        call (null with less than a day).
    """
    days = "true" if since_day is None else f"local_date >= {since_day}"
    known = "true" if _pages_were_read(dataset, days) else "false"
    return dataset.portable(f"""
        WITH loads AS (
            SELECT user_id,
                sum(CASE WHEN is_weekend THEN 0 ELSE on_call_seconds - night_seconds END) / 3600.0 AS weekday,
                sum(CASE WHEN is_weekend THEN 0 ELSE night_seconds END) / 3600.0 AS night,
                sum(CASE WHEN is_weekend THEN on_call_seconds ELSE 0 END) / 3600.0 AS weekend,
                sum(on_call_seconds) / 3600.0 AS hours
            FROM intermediate.int_rootly__on_call_days WHERE schedule_id = 'all' AND {days} GROUP BY 1
        ), interrupted AS (
            SELECT user_id, count(*) AS interruptions, {count_where("is_after_hours")} AS after_hours,
                {count_where("is_on_call")} AS on_call, {count_where("NOT is_on_call")} AS off_call
            FROM marts.fct_interruptions WHERE {days} GROUP BY 1
        ), carried AS (
            SELECT loads.*, people.full_name,
                CASE WHEN {known} THEN coalesce(interrupted.interruptions, 0) END AS interruptions,
                CASE WHEN {known} THEN coalesce(interrupted.after_hours, 0) END AS after_hours,
                CASE WHEN {known} THEN coalesce(interrupted.on_call, 0) END AS on_call,
                CASE WHEN {known} THEN coalesce(interrupted.off_call, 0) END AS off_call
            FROM loads
            LEFT JOIN interrupted ON loads.user_id = interrupted.user_id
            LEFT JOIN staging.stg_rootly__users AS people ON loads.user_id = people.user_id
        )
        SELECT coalesce(full_name, 'User ' || user_id) AS person,
            CAST(weekday AS DOUBLE PRECISION) AS weekday, CAST(night AS DOUBLE PRECISION) AS night,
            CAST(weekend AS DOUBLE PRECISION) AS weekend, interruptions, after_hours, off_call,
            CAST(CASE WHEN hours >= 24 THEN 24.0 * on_call / hours END AS DOUBLE PRECISION) AS per_day
        FROM carried ORDER BY hours DESC, person LIMIT {most}
    """).df()


def _pages_were_read(dataset: Dataset, days: str) -> bool:
    """Whether alert events were read of all days on call, as the mart `metrics_on_call_load` asks of months.

    Args:
        dataset: where to read.
        days: SQL condition on `int_rootly__on_call_days`.
    """
    known = clocks(dataset)
    pages, shifts = known.synced_at.get("alert_events"), known.synced_at.get("shifts")
    if pages is None:
        # Rows that somebody else loaded.
        events = "SELECT count(*) AS n FROM staging.stg_rootly__alert_events"
        return bool(dataset.portable(events).records()[0]["n"])
    if shifts is not None and pages < shifts - _AS_FRESH:
        return False
    back_to = known.back_to.get("alert_events")
    if back_to is None:
        return True
    first = f"SELECT min(local_date) AS day FROM intermediate.int_rootly__on_call_days WHERE {days}"
    day = dataset.portable(first).records()[0]["day"]
    return day is None or back_to.date() < day
