"""The tab Learning: what was promised after incidents, and whether it was done."""

import pandas as pd

from rootly_assets.app.cards import Card, Tab, link
from rootly_assets.app.counts import cut_at
from rootly_assets.app.filters import Filters
from rootly_assets.app.series import NOT_OVER, over_time
from rootly_assets.app.slas import slas
from rootly_assets.charts import panels
from rootly_assets.charts.theme import GREY, NOISE, ORANGE, PRIMARY, SECONDARY
from rootly_assets.queries.follow_ups import overdue
from rootly_assets.queries.populations import FOLLOW_UPS, INCIDENTS
from rootly_assets.queries.portable import count_where, median
from rootly_assets.queries.tiles import Tile
from rootly_assets.reader import Dataset

MOST_ROWS = 100

_STATES = {
    "completed": PRIMARY,
    "active": SECONDARY,
    "not started": ORANGE,
    "skipped": NOISE,
    "unknown": GREY,
}
_AGES = (
    ("up to a week", 7),
    ("up to a month", 30),
    ("up to a quarter", 91),
    ("longer", None),
)


def learning(dataset: Dataset, filters: Filters) -> Tab:
    """Follow-ups, their SLAs, and retrospectives.

    Raises:
        DatasetError: the warehouse can't be read, or the models are not built.
    """
    narrowed = filters.conditions("incidents", "fct_action_items.incident_id")
    items = " AND ".join([FOLLOW_UPS, *narrowed])
    return Tab(
        intro="Follow-ups as they stand now, whenever they were made; SLAs by their deadlines in these days; "
        "retrospectives of these days' incidents. " + NOT_OVER,
        tiles=_tiles(dataset, items),
        cards=[
            _ages(dataset, items),
            slas(dataset, filters),
            _retrospectives(dataset, filters),
            _lag(dataset, filters),
            _overdue(dataset, " AND ".join(narrowed) or "true"),
        ],
    )


def _tiles(dataset: Dataset, items: str) -> list[Tile]:
    row = dataset.portable(f"""
        SELECT count(*) AS n, {count_where("is_open")} AS opened,
            {count_where("is_overdue")} AS overdue,
            {count_where("is_open AND due_date IS NULL")} AS undated,
            {count_where("status = 'done'")} AS done
        FROM marts.fct_action_items WHERE {items}
    """).records()[0]
    share = f"{row['done'] / row['n']:.0%} of all" if row["n"] else ""
    return [
        Tile("Open follow-ups", f"{row['opened']:,}", note=f"of {row['n']:,}"),
        Tile("Overdue", f"{row['overdue']:,}", note="past their due date, and open"),
        Tile("Open without a due date", f"{row['undated']:,}", note="can never be overdue"),
        Tile("Done", f"{row['done']:,}", note=share),
    ]


def _ages(dataset: Dataset, items: str) -> Card:
    rows = dataset.portable(
        f"SELECT open_age_seconds FROM marts.fct_action_items WHERE {items} "
        "AND open_age_seconds IS NOT NULL"
    ).records()
    ages = [row["open_age_seconds"] / 86400 for row in rows]
    counts: list[int] = []
    least = -1.0
    for _, most in _AGES:
        counts.append(sum(1 for age in ages if age > least and (most is None or age <= most)))
        least = least if most is None else most
    frame = pd.DataFrame({"label": [name for name, _ in _AGES], "value": counts})
    frame["shown"] = [f"{count:,}" for count in counts]
    return Card("Age of open follow-ups", panels.members(frame) if ages else None)


def _retrospectives(dataset: Dataset, filters: Filters) -> Card:
    frame = dataset.portable(f"""
        SELECT {filters.period_of("started_on")} AS period_start,
            replace(retrospectives.status, '_', ' ') AS series, count(*) AS value, count(*) AS n
        FROM marts.fct_incidents
        INNER JOIN (
            SELECT incident_id, retrospective_status AS status FROM marts.fct_retrospectives
            WHERE retrospective_rule <> 'skip'
        ) AS retrospectives ON fct_incidents.incident_id = retrospectives.incident_id
        WHERE {INCIDENTS} AND NOT is_open
            AND {filters.where_whole("incidents", "fct_incidents.incident_id")}
        GROUP BY 1, 2
    """).df()
    found = set(frame["series"])
    colors = {name: color for name, color in _STATES.items() if name in found}
    colors |= dict.fromkeys(sorted(found - set(colors)), NOISE)
    return over_time(
        "Retrospectives of incidents that ended",
        frame,
        filters,
        draw=panels.stacked,
        unit="count",
        colors=colors,
        note="By when the incident started. Completed: published, or so called by Rootly. Incidents that a "
        "rule of the workspace exempts are left out.",
    )


def _lag(dataset: Dataset, filters: Filters) -> Card:
    frame = dataset.portable(f"""
        SELECT {filters.period_of("started_on")} AS period_start, 'median' AS series,
            {median("lag_seconds")} AS value, count(*) AS n,
            {count_where("published_at_source = 'last_change'")} AS bounded
        FROM marts.fct_incidents
        INNER JOIN (
            SELECT incident_id, lag_seconds, published_at_source FROM marts.fct_retrospectives
        ) AS retrospectives ON fct_incidents.incident_id = retrospectives.incident_id
        WHERE {INCIDENTS} AND NOT is_open AND lag_seconds IS NOT NULL
            AND {filters.where_whole("incidents", "fct_incidents.incident_id")}
        GROUP BY 1
    """).df()
    return over_time(
        "Median time from resolution to published retrospective",
        frame,
        filters,
        draw=panels.trend,
        unit="seconds",
        colors={"median": PRIMARY},
        note="By when the incident started; how many stand behind a point is in its tooltip."
        + _not_dated(int(frame["bounded"].sum()), int(frame["n"].sum())),
    )


def _not_dated(bounded: int, published: int) -> str:
    """A sentence on those of which Rootly does not say when they were published."""
    if not bounded:
        return ""
    return (
        f" Rootly has no date of publication for {bounded:,} of {published:,}: their last change is taken, "
        "and they may have been published sooner."
    )


def _overdue(dataset: Dataset, narrowed: str) -> Card:
    rows = overdue(dataset, narrowed, most=MOST_ROWS)
    table = pd.DataFrame(
        [
            {
                "follow-up": row["summary"],
                "owner": row["owner"] or "nobody",
                "priority": row["priority"],
                "due": pd.Timestamp(row["due_date"]),
                "days overdue": row["days_overdue"],
                "incident": row["incident"] or "none",
                "in Rootly": row["url"],
            }
            for row in rows
        ]
    )
    total = rows[0]["total"] if rows else 0
    return Card(
        "Overdue follow-ups",
        table,
        cut_at(MOST_ROWS, total),
        wide=True,
        formats={"due": "{:%d %b %Y}".format, "in Rootly": link},
    )
