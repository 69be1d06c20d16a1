"""Cards of the tab On-call health: when people were interrupted, how long they were on call, how evenly."""

from collections.abc import Callable, Iterator
from itertools import cycle

import pandas as pd

from rootly_assets.app.cards import Card
from rootly_assets.app.evenness import shared_evenly
from rootly_assets.app.filters import Filters
from rootly_assets.app.series import over_time
from rootly_assets.charts import on_call
from rootly_assets.charts.panels import stacked
from rootly_assets.charts.theme import ORANGE, PLUM, PRIMARY, SECONDARY
from rootly_assets.queries.medians import SMALL
from rootly_assets.queries.on_call import hours_of_the_week, people_on_call
from rootly_assets.reader import Dataset
from rootly_assets.settings import dbt_variables
from rootly_assets.sql import instant

NOT_NARROWED = "Not narrowed by team, service or severity."
"""Shifts have none of these."""

MOST_PEOPLE = 100
MOST_BARS = 12

# Rootly's word for what it does to a person, and people's.
_ACTIONS = {"called": "calls", "texted": "texts", "notified": "push notifications"}

# Working hours fade, so that what lies outside of them stands out.
_AFTER_HOURS = (PRIMARY, ORANGE, PLUM)


def on_call_cards(dataset: Dataset, filters: Filters) -> Iterator[Card]:
    """Interruptions by hour and by period, hours on call, fairness by schedule, and everybody in a table.

    Raises:
        DatasetError: the warehouse can't be read, or the models are not built.
    """
    pages, shifts = filters.by_clock_of("alert_events"), filters.by_clock_of("shifts")
    yield _hours(dataset, pages)
    yield _bands(dataset, pages)
    yield _load(dataset, shifts)
    yield _fairness(dataset, shifts)
    yield _people(dataset, shifts)


def _interrupted(filters: Filters) -> str:
    """SQL condition on `marts.fct_interruptions`: the alerts and the days that are shown."""
    narrowed = filters.conditions("alerts", "fct_interruptions.alert_id")
    if filters.since is not None:
        narrowed.append(f"interrupted_at >= {instant(filters.since)}")
    return " AND ".join(narrowed) or "true"


def _day(filters: Filters) -> str | None:
    """SQL of the first day that is shown."""
    return None if filters.since_day is None else f"DATE '{filters.since_day}'"


def _what_interrupts() -> str:
    """What `marts.fct_interruptions` counts, in words, as dbt's variables have it."""
    variables = dbt_variables()
    actions = variables["rootly_interrupting_actions"]
    *words, last = (_ACTIONS.get(each, f"“{each}”") for each in actions)
    all_of_them = f"{', '.join(words)} and {last}" if words else last
    seconds = variables["rootly_interruption_seconds"]
    return f"{all_of_them.capitalize()}; those within {seconds} seconds of each other are one."


def _hours(dataset: Dataset, filters: Filters) -> Card:
    frame = hours_of_the_week(dataset, _interrupted(filters))
    return Card(
        "When people were interrupted",
        None if frame.empty else on_call.hours_of_the_week(frame),
        _what_interrupts(),
        nothing=filters.none_of("alert_events"),
    )


def _bands(dataset: Dataset, filters: Filters) -> Card:
    whole = filters.where_whole("alerts", "fct_interruptions.alert_id", day="local_date")
    frame = dataset.portable(f"""
        SELECT {filters.period_of("local_date")} AS period_start, coalesce(hour_band, 'unknown') AS series,
            count(*) AS value, count(*) AS n
        FROM marts.fct_interruptions WHERE {whole} GROUP BY 1, 2
    """).df()
    bands = dataset.portable("""
        SELECT hour_band AS band, max(hour_preset) AS preset, bool_or(is_after_hours) AS is_after_hours
        FROM marts.fct_interruptions GROUP BY 1 ORDER BY 1
    """).records()
    after_hours = [each["band"] or "unknown" for each in bands if each["is_after_hours"]]
    colors = {each["band"] or "unknown": SECONDARY for each in bands if not each["is_after_hours"]}
    colors.update(zip(after_hours, cycle(_AFTER_HOURS), strict=False))
    preset = next((each["preset"] for each in bands), None)
    chosen = (
        "Hours of your own, by the variable rootly_hour_bands."
        if preset == "own"
        else f"Hours as in the preset {preset}; the variable rootly_hour_preset chooses."
    )
    return over_time(
        "Interruptions, by the person's own hours",
        frame,
        filters,
        draw=stacked,
        unit="count",
        colors={name: color for name, color in colors.items() if name in set(frame["series"])},
        note=chosen,
        of="alert_events",
    )


def _load(dataset: Dataset, filters: Filters) -> Card:
    frame = people_on_call(dataset, since_day=_day(filters), most=MOST_BARS)
    return Card(
        "Hours on call",
        None if frame.empty else on_call.by_person(frame),
        f"Shadow shifts left out, overlaps counted once. {NOT_NARROWED}",
        nothing=filters.none_of("shifts"),
    )


def _fairness(dataset: Dataset, filters: Filters) -> Card:
    # A month that is not known as a whole says little of who carries how much; nor one of which half is shown.
    whole = ["schedule_id <> 'all'", "is_whole_month"]
    if filters.since_day is not None:
        whole.append(f"month_start >= DATE '{filters.since_day}'")
    frame = shared_evenly(dataset, " AND ".join(whole))
    table = frame.rename(
        columns={
            "time_gini": "unevenness of hours",
            "page_gini": "unevenness of pages",
            "most_over_median": "most ÷ median",
            "remark": "little data",
        }
    )
    return Card(
        "How evenly it is shared",
        table,
        "What each person carried in all months together that are over and wholly in this time. "
        "Unevenness (the Gini coefficient) is 0 where all carry the same, and nearly 1 where one of many "
        "carries everything; most ÷ median: the hours of the busiest, divided by those of the median person. "
        f"Of fewer than {SMALL} pages a person it shows mostly chance. {NOT_NARROWED}",
        wide=True,
        nothing=filters.none_of("shifts"),
        formats={
            **dict.fromkeys(("hours", "pages"), _with("{:,.0f}")),
            **dict.fromkeys(
                ("unevenness of hours", "unevenness of pages", "most ÷ median"), _with("{:.2f}")
            ),
        },
    )


def _people(dataset: Dataset, filters: Filters) -> Card:
    frame = people_on_call(dataset, since_day=_day(filters), most=MOST_PEOPLE)
    table = frame.rename(
        columns={
            "weekday": "weekday hours",
            "night": "night hours",
            "weekend": "weekend hours",
            "after_hours": "after hours",
            "off_call": "off call",
            "per_day": "a day on call",
        }
    )
    return Card(
        "People on call",
        table,
        "Interruptions, those after hours, and those off call: outside of any shift of theirs, as of a lead "
        "to whom an alert was escalated. A day (24 hours) on call counts those within a shift. Unknown where "
        f"alert events were not read. {NOT_NARROWED}",
        wide=True,
        nothing=filters.none_of("shifts"),
        formats={
            **dict.fromkeys(("weekday hours", "night hours", "weekend hours"), _with("{:,.0f}")),
            **dict.fromkeys(("interruptions", "after hours", "off call"), _with("{:,.0f}")),
            "a day on call": _with("{:.1f}"),
        },
    )


def _with(pattern: str) -> Callable[[float | None], str]:
    """How a number is written: by a pattern, or as a dash where it is not known."""
    return lambda value: "–" if value is None or pd.isna(value) else pattern.format(value)
