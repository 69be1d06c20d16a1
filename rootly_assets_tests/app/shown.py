"""What a tab shows, as values that can be compared: one warehouse's with another's."""

from datetime import date, datetime
from typing import Any

import pandas as pd

from rootly_assets.app.cards import Card
from rootly_assets.app.filters import Filters, choices
from rootly_assets.app.tabs import TABS
from rootly_assets.queries.clocks import clocks
from rootly_assets.reader import Dataset


def every_tab(dataset: Dataset) -> dict[str, dict[str, Any]]:
    """Tiles and the rows behind each card of every tab: of everything, and narrowed by every filter."""
    with dataset.opened() as opened:
        return _every_tab(opened)


def _every_tab(dataset: Dataset) -> dict[str, dict[str, Any]]:
    synced = clocks(dataset)
    until = synced.of("incidents")
    members = choices(dataset)
    filters = {
        "all": Filters(until, None, "week", "UTC", clocks=synced),
        "narrowed": Filters(
            until,
            90,
            "month",
            "America/New_York",
            team=members["team"][0],
            service=members["service"][0],
            severity=members["severity"][0],
            clocks=synced,
        ),
    }
    return {
        f"{name}, {span}": _shown(dataset, name, narrowed)
        for name in TABS
        for span, narrowed in filters.items()
    }


def _shown(dataset: Dataset, name: str, filters: Filters) -> dict[str, Any]:
    tab = TABS[name](dataset, filters)
    cards = {card.title: _rows(card) for card in tab.cards}
    return {"tiles": [repr(tile) for tile in tab.tiles], **cards}


def _rows(card: Card) -> list[str] | None:
    """The rows of its table or chart, in the order in which records that tie may not stand alike."""
    if card.body is None:
        return None
    if isinstance(card.body, pd.DataFrame):
        rows: list[dict[str, Any]] = [
            {str(key): value for key, value in row.items()}
            for row in card.body.to_dict(orient="records")
        ]
    else:
        rows = [row for data in card.body.to_dict()["datasets"].values() for row in data]
    return sorted(repr({key: _plain(value) for key, value in row.items()}) for row in rows)


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return str(value)
    # Sums depend on their order in the last of sixteen digits.
    return float(f"{value:.9g}") if isinstance(value, float) else value
