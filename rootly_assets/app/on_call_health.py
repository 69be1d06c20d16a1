"""The tab On-call health: what alerts and being on call ask of people."""

import pandas as pd

from rootly_assets.app.cards import Card, Tab
from rootly_assets.app.filters import Filters
from rootly_assets.app.heartbeats import heartbeats
from rootly_assets.app.on_call_load import on_call_cards
from rootly_assets.app.series import NOT_OVER, over_time
from rootly_assets.charts.durations import duration
from rootly_assets.charts.panels import stacked, trend
from rootly_assets.charts.theme import PRIMARY, SIGNAL_COLORS
from rootly_assets.queries.alerts import ACKNOWLEDGE_SECONDS, SHARE_FIGURES, alerts_tile
from rootly_assets.queries.medians import SMALL
from rootly_assets.queries.populations import ALERTS, SIGNAL
from rootly_assets.queries.portable import median
from rootly_assets.queries.tiles import Tile
from rootly_assets.reader import Dataset

MOST_PEOPLE = 100


def on_call_health(dataset: Dataset, filters: Filters) -> Tab:
    """Noise, acknowledgement, escalation, interruptions, time on call and who answers.

    Raises:
        DatasetError: the warehouse can't be read, or the models are not built.
    """
    filters = filters.by_clock_of("alerts")
    where = f"{ALERTS} AND {filters.where('alerts', 'fct_alerts.alert_id')}"
    whole = f"{ALERTS} AND {filters.where_whole('alerts', 'fct_alerts.alert_id')}"
    cards = [
        _noise(dataset, filters, whole),
        _acknowledged(dataset, filters, whole),
        *on_call_cards(dataset, filters),
        _responders(dataset, filters, where),
        heartbeats(dataset, filters),
    ]
    return Tab(
        intro="Alerts and the people whom they reach. Alerts have no severity and are not narrowed by it. "
        + NOT_OVER,
        tiles=_tiles(dataset, where, were_read=filters.were_read("alerts")),
        # Pairs first: what takes the whole width in between would leave a hole beside a single one.
        cards=sorted(cards, key=lambda card: card.wide),
    )


def _tiles(dataset: Dataset, where: str, *, were_read: bool) -> list[Tile]:
    row = dataset.portable(f"""
        SELECT count(*) AS n, {median(ACKNOWLEDGE_SECONDS)} AS acknowledge,
            count({ACKNOWLEDGE_SECONDS}) AS acknowledge_n, {SHARE_FIGURES}
        FROM marts.fct_alerts WHERE {where}
    """).records()[0]

    def share(label: str, name: str, of: str = "") -> Tile:
        part, whole = row[name], row[f"{name}_of"]
        return Tile(label, f"{part / whole:.0%}" if whole else "–", note=f"of {whole:,}{of}")

    return [
        alerts_tile(row["n"], were_read=were_read),
        Tile(
            "Acknowledged in",
            duration(row["acknowledge"]),
            note=f"median of {row['acknowledge_n']:,}",
            small=0 < row["acknowledge_n"] < SMALL,
        ),
        share("Acknowledged at all", "acknowledged", " that paged somebody"),
        share("Noise", "noisy", " that are marked"),
        share("Led to an incident", "converted", ", groups counted once"),
        share("Stayed at the first level", "first_level", " acknowledged at a known level"),
    ]


def _noise(dataset: Dataset, filters: Filters, where: str) -> Card:
    frame = dataset.portable(f"""
        SELECT {filters.period_of("started_on")} AS period_start, {SIGNAL} AS series,
            count(*) AS value, count(*) AS n
        FROM marts.fct_alerts WHERE {where} GROUP BY 1, 2
    """).df()
    found = set(frame["series"])
    colors = {name: color for name, color in SIGNAL_COLORS.items() if name in found}
    return over_time(
        "Alerts, signal and noise",
        frame,
        filters,
        draw=stacked,
        unit="count",
        colors=colors,
        note=f"All are {next(iter(colors))}."
        if len(colors) == 1
        else "",  # there is no legend then
        of="alerts",
    )


def _acknowledged(dataset: Dataset, filters: Filters, where: str) -> Card:
    frame = dataset.portable(f"""
        SELECT {filters.period_of("started_on")} AS period_start, 'median' AS series,
            {median(ACKNOWLEDGE_SECONDS)} AS value, count({ACKNOWLEDGE_SECONDS}) AS n
        FROM marts.fct_alerts WHERE {where} AND {ACKNOWLEDGE_SECONDS} IS NOT NULL GROUP BY 1, 2
    """).df()
    return over_time(
        "Median time to acknowledge",
        frame,
        filters,
        draw=trend,
        unit="seconds",
        colors={"median": PRIMARY},
        note="Members of another alert's group, which are acknowledged with it, are left out.",
        of="alerts",
    )


def _responders(dataset: Dataset, filters: Filters, where: str) -> Card:
    rows = dataset.portable(f"""
        SELECT links.member_name AS person, count(*) AS alerts, {median(ACKNOWLEDGE_SECONDS)} AS seconds
        FROM (SELECT * FROM marts.fct_alerts WHERE {where}) AS facts
        INNER JOIN marts.bridge_alert_dimensions AS links
            ON facts.alert_id = links.alert_id AND links.dimension = 'responder'
        GROUP BY 1 ORDER BY alerts DESC, person LIMIT {MOST_PEOPLE}
    """).records()
    table = pd.DataFrame(
        [
            {
                "person": row["person"],
                "alerts": row["alerts"],
                "median to acknowledge": row["seconds"],
            }
            for row in rows
        ]
    )
    return Card(
        "Responders",
        table,
        "Whom Rootly lists as responders of these alerts.",
        nothing=filters.none_of("alerts"),
        formats={"median to acknowledge": duration},
    )
